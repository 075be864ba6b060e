//! The share of runs that have reached the target, over time.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, HEIGHT, Point};
use super::page::{Entry, Frame, LEGEND, REMARK, heading, legend, nothing};
use super::palette::look;
use super::scale::Scale;
use super::wording;
use super::wrap::shortened;
use crate::analysis::{Analysis, Clock, ReachingLine, ReachingPanel, TargetCell, TimeToTarget};

/// Where the longest time is more than this many times the shortest, equal steps are equal factors.
const WIDE: f64 = 30.0;

/// How far lines that run together are put apart, in pixels.
const APART: f64 = 3.0;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &TimeToTarget) -> Drawn {
    let panels = plot.panels(analysis);
    let title = format!("Share of runs that have reached the target{}", wording::each(analysis));
    let top = heading(canvas, &title, &subtitle(analysis, plot))? + 14.0;
    if panels.is_empty() {
        return nothing(canvas, "No run was timed.");
    }
    let frames = frames(&panels, top + if panels.len() > 1 { 30.0 } else { 0.0 });
    for (panel, frame) in panels.iter().zip(&frames) {
        draw_panel(canvas, analysis, plot, panel, frame)?;
    }
    legend(canvas, top, f64::from(HEIGHT) - 20.0, analysis.compared_name(), &entries(analysis, plot, &panels))
}

fn subtitle(analysis: &Analysis, plot: &TimeToTarget) -> Vec<Vec<String>> {
    let mut how = vec![format!("target: {}", analysis.target()), "mark: half of the runs have".to_owned()];
    if plot.fresh {
        how.push("runs on fresh seeds".to_owned());
    }
    how.push("missed: not there by its end; lost: never".to_owned());
    vec![how, wording::fixed(analysis.info)]
}

/// One panel alone, or two or three in a row.
fn frames(panels: &[ReachingPanel], top: f64) -> Vec<Frame> {
    let columns = match panels.len() {
        1 => 1,
        2..=4 => 2,
        _ => 3,
    };
    let is_wide = is_wide(panels);
    let rows = panels.len().div_ceil(columns);
    let (left, right, bottom) = (150.0, LEGEND - 45.0, f64::from(HEIGHT) - 90.0);
    let (gap, between) = (46.0, 104.0);
    let width = (right - left - gap * (columns - 1) as f64) / columns as f64;
    let height = (bottom - top - between * (rows - 1) as f64) / rows as f64;
    let frame = |(index, panel): (usize, &ReachingPanel)| {
        let (row, column) = (index / columns, index % columns);
        let (left, top) = (left + column as f64 * (width + gap), top + row as f64 * (height + between));
        Frame {
            left,
            top,
            right: left + width,
            bottom: top + height,
            x: scale(panel, is_wide),
            y: Scale::exactly(-0.03, 1.03),
        }
    };
    panels.iter().enumerate().map(frame).collect()
}

/// Whether equal steps are equal factors: in all panels or in none, so that they read alike.
fn is_wide(panels: &[ReachingPanel]) -> bool {
    panels.iter().any(|panel| {
        let (shortest, longest) = range(panel);
        longest > WIDE * shortest
    })
}

/// The shortest time after the start, and the longest.
fn range(panel: &ReachingPanel) -> (f64, f64) {
    let times = || panel.lines.iter().flat_map(|line| &line.points).map(|(time, _)| *time);
    let shortest = times().filter(|time| *time > 0.0).fold(f64::INFINITY, f64::min);
    (shortest, times().fold(0.0, f64::max))
}

fn scale(panel: &ReachingPanel, is_wide: bool) -> Scale {
    match range(panel) {
        (_, 0.0) => Scale::exactly(0.0, 1.0),
        (shortest, longest) if is_wide => Scale::logarithmic([shortest, longest]),
        (_, longest) => Scale::exactly(0.0, 1.02 * longest),
    }
}

fn draw_panel(
    canvas: &mut Canvas,
    analysis: &Analysis,
    plot: &TimeToTarget,
    panel: &ReachingPanel,
    frame: &Frame,
) -> Drawn {
    let is_first = frame.left < 200.0;
    if is_first {
        frame.draw_y_axis(canvas, "share of runs")?;
    } else {
        frame.draw_y_grid(canvas)?;
    }
    let x_name =
        if frame.bottom > f64::from(HEIGHT) - 100.0 { wording::clock(analysis.clock()) } else { " " };
    match analysis.clock() {
        Clock::Seconds => frame.draw_x_axis(canvas, x_name)?,
        _ => frame.draw_counting_axis(canvas, x_name)?,
    }
    frame.draw_border(canvas)?;
    if let Some(problem) = panel.problem {
        let label = plot.problems.label(&analysis.grid, problem);
        let label = shortened(&label, REMARK, frame.right - frame.left);
        canvas.text(&label, (frame.left, frame.top - 18.0), REMARK, BLACK, Anchor::Left)?;
    }
    let middle = (panel.lines.len() as f64 - 1.0) / 2.0;
    panel
        .lines
        .iter()
        .enumerate()
        .try_for_each(|(order, line)| draw_line(canvas, frame, line, APART * (middle - order as f64)))
}

fn draw_line(canvas: &mut Canvas, frame: &Frame, line: &ReachingLine, shift: f64) -> Drawn {
    let look = look(line.cell.compared);
    let at = |time: f64, share: f64| -> Point { (frame.x(time), frame.y(share) - shift) };
    let mut corners: Vec<Point> = Vec::new();
    for pair in line.points.windows(2) {
        let [(from, share), (to, next)] = *pair else { continue };
        corners.extend([at(from, share), at(to, share), at(to, next)]);
    }
    canvas.line(&corners, look.stroke, look.color)?;
    let half = line.points.iter().find(|(_, share)| *share >= 0.5 - 1e-12);
    half.map_or(Ok(()), |(time, share)| look.mark(canvas, at(*time, *share), 10.0))
}

/// The lines of the first panel, or what is compared in all of them.
fn entries(analysis: &Analysis, plot: &TimeToTarget, panels: &[ReachingPanel]) -> Vec<Entry> {
    let mut compared: Vec<usize> =
        panels.iter().flat_map(|panel| &panel.lines).map(|line| line.cell.compared).collect();
    compared.sort_unstable();
    compared.dedup();
    let alone = panels.len() == 1;
    let cells = |compared: usize| -> Vec<&TargetCell> {
        let lines = panels.iter().flat_map(|panel| &panel.lines);
        lines.map(|line| line.cell).filter(|cell| cell.compared == compared).collect()
    };
    let entry = |compared: usize| {
        let cells = cells(compared);
        let sum = |count: fn(&crate::analysis::Reaching) -> usize| -> usize {
            cells.iter().map(|cell| count(cell.deciding(plot.fresh))).sum()
        };
        let best = cells.first().filter(|_| alone).map(|cell| &analysis.configurations[cell.configuration]);
        Entry {
            look: look(compared),
            label: analysis.compared[compared].short.clone(),
            details: best.map(|best| wording::details(analysis, best)).unwrap_or_default(),
            notes: vec![format!("{} of {} runs", sum(|one| one.reached), sum(|one| one.runs))],
        }
    };
    compared.into_iter().map(entry).collect()
}
