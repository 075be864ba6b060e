//! Performance profiles over problems.

use super::canvas::{Anchor, Canvas, Drawn, GREY, HEIGHT, Point};
use super::page::{Entry, Frame, LEGEND, REMARK, heading, legend, nothing};
use super::palette::look;
use super::scale::Scale;
use super::wording;
use crate::analysis::{Analysis, Measure, PerformanceLine, Profiles, SCORED_TO};
use crate::number::{count, rounded};

/// Ratios beyond this are drawn at the edge.
const FARTHEST: f64 = 1000.0;

/// How far lines that run together are put apart, in pixels.
const APART: f64 = 3.0;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &Profiles) -> Drawn {
    let title = format!("Performance profile over {}", count(plot.common.len(), "problem"));
    let top = heading(canvas, &title, &subtitle(analysis, plot))? + 14.0;
    if plot.lines.iter().all(|line| line.steps.is_empty()) {
        return nothing(canvas, "No problem was solved.");
    }
    let frame = frame(plot, top);
    frame.draw_y_axis(canvas, "share of problems solved within the ratio")?;
    frame.draw_x_axis(canvas, &format!("{} over that of the best on the problem", measure(plot.measure)))?;
    frame.draw_border(canvas)?;
    draw_limit(canvas, &frame)?;
    let middle = (plot.lines.len() as f64 - 1.0) / 2.0;
    for (order, line) in plot.lines.iter().enumerate() {
        draw_line(canvas, &frame, line, APART * (middle - order as f64))?;
    }
    legend(canvas, top, f64::from(HEIGHT) - 20.0, analysis.compared_name(), &entries(analysis, plot))
}

fn subtitle(analysis: &Analysis, plot: &Profiles) -> Vec<Vec<String>> {
    let name = plot.problems.name(&analysis.grid);
    let mut how = vec![
        format!("a problem: {name}"),
        "at the left: how often it is best".to_owned(),
        "at the right: how much it solves at all".to_owned(),
    ];
    if plot.fresh {
        how.push("runs on fresh seeds".to_owned());
    }
    if plot.largest() > FARTHEST {
        how.push(wording::EDGE.to_owned());
    }
    vec![how, wording::fixed(analysis.info)]
}

/// What is compared, for people.
pub(crate) fn measure(measure: Measure) -> String {
    match measure {
        Measure::Time(clock) => format!("median {} to the target", wording::clock(clock)),
        Measure::Final(metric) if metric.is_loss() => format!("median final {}", metric.label()),
        Measure::Final(metric) => format!("1 − median final {}", metric.label()),
    }
}

fn frame(plot: &Profiles, top: f64) -> Frame {
    let farthest = plot.largest().clamp(1.2 * SCORED_TO, FARTHEST);
    let x = Scale::Logarithmic { low: -0.012, high: 1.03 * farthest.log10() };
    let y = Scale::exactly(-0.03, 1.04);
    Frame { left: 190.0, top, right: LEGEND - 45.0, bottom: f64::from(HEIGHT) - 90.0, x, y }
}

/// Up to where the profile is scored.
fn draw_limit(canvas: &mut Canvas, frame: &Frame) -> Drawn {
    let x = frame.x(SCORED_TO);
    canvas.hairline((x, frame.top), (x, frame.bottom), GREY)?;
    let text = format!("scored up to {SCORED_TO}");
    canvas.text(&text, (x - 10.0, frame.bottom - 20.0), REMARK, GREY, Anchor::Right)
}

fn draw_line(canvas: &mut Canvas, frame: &Frame, line: &PerformanceLine, shift: f64) -> Drawn {
    let look = look(line.compared);
    let at = |ratio: f64, share: f64| -> Point { (frame.x(ratio), frame.y(share) - shift) };
    let (mut corners, mut last) = (vec![at(1.0, 0.0)], 0.0);
    for (ratio, share) in &line.steps {
        corners.extend([at(*ratio, last), at(*ratio, *share)]);
        last = *share;
    }
    corners.push((frame.right, frame.y(last) - shift));
    canvas.line(&corners, look.stroke, look.color)?;
    line.steps.iter().try_for_each(|(ratio, share)| look.mark(canvas, at(*ratio, *share), 8.0))
}

/// Best by score first.
fn entries(analysis: &Analysis, plot: &Profiles) -> Vec<Entry> {
    let entry = |index: usize| {
        let line = &plot.lines[index];
        let solved = format!("solves {} of {}", line.solved, plot.common.len());
        Entry {
            look: look(line.compared),
            label: analysis.compared[line.compared].short.clone(),
            details: Vec::new(),
            notes: vec![format!("score {}, {solved}", rounded(line.score, 3))],
        }
    };
    plot.by_score().into_iter().map(entry).collect()
}
