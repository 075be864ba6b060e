//! Training with each fault, beside training without.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, FAINT, GREY, HEIGHT, WIDTH};
use super::font::text_width;
use super::page::{Frame, heading};
use super::palette::cross;
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use super::wrap::shortened;
use crate::analysis::{Analysis, FaultPanel, FaultVerdict};
use chainrule_record::{RunRecord, StopReason};
use plotters::style::RGBColor;

const RIGHT: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
const WRONG: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
/// Text of the names of panels, and of what is below them and at the axes.
const NAME: f64 = 17.0;
const SMALL: f64 = 15.0;
/// Above each panel two lines of its name, and one of its network.
const ABOVE: f64 = 62.0;
const MARGIN: f64 = 36.0;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, panels: &[FaultPanel]) -> Drawn {
    let how = [
        "orange: with the fault",
        "black: without",
        "a line: a seed",
        "cross: it diverged",
        "missed: the check has passed",
        "at the upper edge: beyond it",
    ];
    let mut fixed = wording::of_checks(analysis);
    fixed.retain(|part| !part.is_empty());
    let title = "Does training still work? Training loss over the epochs, with each fault";
    let top = heading(canvas, title, &[how.map(str::to_owned).to_vec(), fixed])?;
    let columns = columns(panels.len());
    let rows = panels.len().div_ceil(columns).max(1);
    let width = (f64::from(WIDTH) - 2.0 * MARGIN - 40.0) / columns as f64;
    let height = (f64::from(HEIGHT) - top - 34.0) / rows as f64;
    let runs = || panels.iter().flat_map(|panel| panel.wrong.iter().chain(&panel.right));
    let last = runs().filter_map(|run| run.curve.epoch.last()).max().copied().unwrap_or(1);
    let losses =
        || panels.iter().flat_map(|panel| &panel.right).flat_map(|run| points(run)).map(|(_, loss)| loss);
    // What the wrong ones need beyond ten times that of the right ones is no training any more.
    let most = 10.0 * losses().fold(0.0, f64::max);
    let wrong = runs().flat_map(|run| points(run)).map(|(_, loss)| loss.min(most));
    let y = Scale::decades(losses().chain(wrong));
    for (index, panel) in panels.iter().enumerate() {
        let (left, top) =
            (MARGIN + 40.0 + (index % columns) as f64 * width, top + (index / columns) as f64 * height);
        let x = Scale::exactly(0.0, last as f64);
        let (right, bottom) = (left + width - 18.0, top + height - 12.0);
        let frame = Frame { left, top: top + ABOVE, right, bottom, x, y };
        draw_axes(canvas, &frame, index % columns == 0, index + columns >= panels.len())?;
        draw_name(canvas, panel, (left, top), width - 18.0)?;
        panel.right.iter().try_for_each(|run| draw_run(canvas, &frame, run, RIGHT, 2.0))?;
        panel.wrong.iter().try_for_each(|run| draw_run(canvas, &frame, run, WRONG, 2.6))?;
    }
    Ok(())
}

/// Panels a line: a little wider than high.
fn columns(panels: usize) -> usize {
    (1..=7).find(|columns| panels <= columns * (columns + 1) / 2).unwrap_or(7)
}

fn points(run: &RunRecord) -> Vec<(f64, f64)> {
    let pairs = run.curve.epoch.iter().zip(&run.curve.train_loss);
    pairs.filter_map(|(epoch, loss)| Some((*epoch as f64, (*loss)?))).collect()
}

fn draw_axes(canvas: &mut Canvas, frame: &Frame, is_first: bool, is_last: bool) -> Drawn {
    for tick in frame.y.ticks(4).iter().filter(|tick| !tick.label.is_empty()) {
        let y = frame.bottom - tick.position * (frame.bottom - frame.top);
        canvas.hairline((frame.left, y), (frame.right, y), FAINT)?;
        if is_first {
            canvas.text(&tick.label, (frame.left - 6.0, y), SMALL, GREY, Anchor::Right)?;
        }
    }
    for tick in frame.x.counting_ticks(3).iter().filter(|tick| is_last && !tick.label.is_empty()) {
        let x = frame.left + tick.position * (frame.right - frame.left);
        canvas.text(&tick.label, (x, frame.bottom + 14.0), SMALL, GREY, Anchor::Center)?;
    }
    frame.draw_border(canvas)
}

fn draw_name(canvas: &mut Canvas, panel: &FaultPanel, (left, top): (f64, f64), width: f64) -> Drawn {
    let verdict = if panel.verdict == FaultVerdict::Missed { panel.verdict.name() } else { "" };
    let network = shortened(&panel.network, SMALL, width - text_width(verdict, SMALL) - 8.0);
    let [first, second] = two_lines(&panel.fault, width);
    canvas.text(&first, (left, top + 8.0), NAME, BLACK, Anchor::Left)?;
    canvas.text(&second, (left, top + 27.0), NAME, BLACK, Anchor::Left)?;
    canvas.text(&network, (left, top + 46.0), SMALL, GREY, Anchor::Left)?;
    canvas.text(verdict, (left + width, top + 46.0), SMALL, WRONG, Anchor::Right)
}

/// Broken at an underscore, the lower line no shorter than it must be.
fn two_lines(name: &str, width: f64) -> [String; 2] {
    let mut breaks = name.match_indices('_').map(|(at, _)| name.split_at(at + 1));
    let fitting = breaks.rfind(|(first, _)| text_width(first, NAME) <= width);
    match fitting {
        _ if text_width(name, NAME) <= width => [String::new(), name.to_owned()],
        Some((first, second)) => [first.to_owned(), shortened(second, NAME, width)],
        None => [String::new(), shortened(name, NAME, width)],
    }
}

fn draw_run(canvas: &mut Canvas, frame: &Frame, run: &RunRecord, color: RGBColor, width: f64) -> Drawn {
    let points: Vec<_> = points(run).into_iter().map(|(epoch, loss)| frame.at(epoch, loss)).collect();
    canvas.line(&points, Stroke::solid(width), color)?;
    match points.last() {
        Some(&at) if run.stop == StopReason::Diverged => cross(canvas, at, 6.0, color),
        _ => Ok(()),
    }
}
