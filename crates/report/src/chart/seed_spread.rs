//! The final metric of each seed.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, FAINT, GREY, HEIGHT, WIDTH};
use super::font::text_width;
use super::page::{Frame, REMARK, TEXT, heading, nothing};
use super::palette::{cross, look};
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use super::wrap::{shortened, wrap};
use crate::analysis::{Analysis, SeedRow, SeedSpread};
use chainrule_record::Better;
use plotters::style::RGBColor;

const BOX: RGBColor = RGBColor(0xe4, 0xe4, 0xe4);

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &SeedSpread) -> Drawn {
    let metric = analysis.info.metric;
    let title = format!("Final {} of each seed{}", metric.label(), wording::each(analysis));
    let top = heading(canvas, &title, &subtitle(analysis, plot))? + 14.0;
    if plot.rows.iter().all(|row| row.seeds.iter().all(|seed| seed.value.is_none() && !seed.lost)) {
        return nothing(canvas, &format!("No run measured {metric}."));
    }
    let frame = frame(analysis, plot, top);
    frame.draw_x_axis(canvas, &wording::metric(analysis.info, metric))?;
    let height = (frame.bottom - frame.top) / plot.rows.len() as f64;
    for (index, row) in plot.rows.iter().enumerate() {
        let middle = frame.top + (index as f64 + 0.5) * height;
        draw_labels(canvas, analysis, row, (frame.left, middle), height)?;
        draw_row(canvas, analysis, &frame, row, middle, height.min(150.0))?;
        let y = middle + height / 2.0;
        canvas.hairline((frame.left, y), (frame.right, y), FAINT)?;
    }
    frame.draw_border(canvas)
}

fn subtitle(analysis: &Analysis, plot: &SeedSpread) -> Vec<Vec<String>> {
    let mut how = vec![
        wording::a_dot(analysis).to_owned(),
        "long bar: median, diverged runs taken as worst".to_owned(),
    ];
    if plot.rows.iter().any(|row| row.quartiles.is_some()) {
        how.push("box: quartiles (5 seeds or more)".to_owned());
    }
    if plot.rows.iter().any(|row| row.seeds.iter().any(|seed| seed.lost)) {
        how.push("× diverged or failed".to_owned());
    }
    if scale(analysis, plot).leaves_out(&values(plot)) {
        how.push(wording::EDGE.to_owned());
    }
    how.extend(wording::kept(analysis));
    how.extend(wording::left_out(analysis));
    vec![how, wording::fixed(analysis.info)]
}

fn values(plot: &SeedSpread) -> Vec<f64> {
    plot.rows.iter().flat_map(|row| row.seeds.iter().filter_map(|seed| seed.value)).collect()
}

fn scale(analysis: &Analysis, plot: &SeedSpread) -> Scale {
    match analysis.info.metric.is_loss() {
        true => Scale::logarithmic_if_wide(&values(plot)),
        false => Scale::linear(values(plot)),
    }
}

fn frame(analysis: &Analysis, plot: &SeedSpread, top: f64) -> Frame {
    let x = scale(analysis, plot);
    let label = |row: &SeedRow| text_width(&analysis.compared[row.compared].short, TEXT);
    let widest = plot.rows.iter().map(label).fold(0.0, f64::max);
    let left = (widest + 60.0).clamp(380.0, 620.0);
    // To the right there is room for the crosses of what diverged.
    Frame {
        left,
        top,
        right: f64::from(WIDTH) - 110.0,
        bottom: f64::from(HEIGHT) - 90.0,
        x,
        y: Scale::exactly(0.0, 1.0),
    }
}

fn draw_labels(
    canvas: &mut Canvas,
    analysis: &Analysis,
    row: &SeedRow,
    (left, middle): (f64, f64),
    height: f64,
) -> Drawn {
    let width = left - 50.0;
    let best = analysis.shown(row.compared);
    let settings = best.map(|best| wording::details(analysis, best)).unwrap_or_default();
    let note: Vec<String> = best.and_then(wording::lost).into_iter().collect();
    let full = [wrap(&settings, ", ", REMARK, width), note.clone()].concat();
    // What diverged is said as long as there is room for a line.
    let fits = |lines: &Vec<String>| 28.0 * (lines.len() + 1) as f64 <= height;
    let details = [full, note].into_iter().find(fits).unwrap_or_default();
    let mut y = middle - 13.5 * details.len() as f64;
    let label = shortened(&analysis.compared[row.compared].short, TEXT, width);
    canvas.text(&label, (left - 20.0, y), TEXT, BLACK, Anchor::Right)?;
    for line in &details {
        y += 28.0;
        canvas.text(line, (left - 20.0, y), REMARK, GREY, Anchor::Right)?;
    }
    Ok(())
}

/// Seeds lie one below the other in plan order, so that equal values do not hide one another.
fn draw_row(
    canvas: &mut Canvas,
    analysis: &Analysis,
    frame: &Frame,
    row: &SeedRow,
    middle: f64,
    height: f64,
) -> Drawn {
    let look = look(row.compared);
    let reach = 0.38 * height;
    if let Some((lower, upper)) = row.quartiles {
        canvas.rectangle((frame.x(lower), middle - reach), (frame.x(upper), middle + reach), BOX)?;
    }
    if let Some(median) = row.spread.median {
        let x = frame.x(median);
        canvas.line(&[(x, middle - reach - 4.0), (x, middle + reach + 4.0)], Stroke::solid(4.0), BLACK)?;
    }
    let worst = match analysis.info.metric.better() {
        Better::Lower => frame.right + 40.0,
        Better::Higher => frame.left + 16.0,
    };
    let size = (0.8 * height / row.seeds.len() as f64).clamp(3.5, 10.0);
    for (index, seed) in row.seeds.iter().enumerate() {
        let share = (index as f64 + 0.5) / row.seeds.len() as f64;
        let y = middle + (2.0 * share - 1.0) * 0.9 * reach;
        match seed.value {
            Some(value) => look.mark(canvas, (frame.x(value), y), size)?,
            None if seed.lost => cross(canvas, (worst, y), size, look.color)?,
            None => {}
        }
    }
    Ok(())
}
