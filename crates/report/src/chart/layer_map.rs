//! A number of layers by layer and time: a map for each compared value.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, GREY, HEIGHT, WIDTH};
use super::font::text_width;
use super::page::{Frame, REMARK, TEXT, heading};
use super::palette::viridis;
use super::probe;
use super::scale::Scale;
use super::wording;
use super::wrap::shortened;
use crate::analysis::{Analysis, LayerMap, MapPanel, is_by_epoch};

/// The left edge of the colour bar; the maps fill the page up to there.
const BAR: f64 = 1450.0;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, map: &LayerMap) -> Drawn {
    let title = format!("{} by layer over training", probe::title(map.probe));
    let top = heading(canvas, &title, &subtitle(analysis, map))? + 46.0;
    let color = color(map);
    let columns = if map.panels.len() > 3 { 2 } else { 1 };
    let rows = map.panels.len().div_ceil(columns);
    let (left, gap) = (110.0, 96.0);
    let width = (BAR - 50.0 - left - gap * (columns - 1) as f64) / columns as f64;
    let height = (f64::from(HEIGHT) - 80.0 - top - 90.0 * (rows - 1) as f64) / rows as f64;
    for (index, panel) in map.panels.iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let (left, top) = (left + column as f64 * (width + gap), top + row as f64 * (height + 90.0));
        let x = Scale::exactly(0.0, panel.when.len() as f64);
        let y = Scale::exactly(0.5, panel.layers as f64 + 0.5);
        let frame = Frame { left, top, right: left + width, bottom: top + height, x, y };
        let is_last = index + columns >= map.panels.len();
        draw_panel(canvas, analysis, panel, &frame, color, is_last)?;
    }
    draw_bar(canvas, map, top, color)
}

fn subtitle(analysis: &Analysis, map: &LayerMap) -> Vec<Vec<String>> {
    let mut how = vec![format!("a cell: {}", wording::over_seeds(analysis))];
    how.extend(probe::deepest(analysis));
    if map.panels.len() < analysis.compared_ranking.len() {
        how.push(format!("the best {} of {}", map.panels.len(), analysis.compared_ranking.len()));
    }
    if color(map).leaves_out(&medians(map).collect::<Vec<_>>()) {
        how.push("darkest: 0, or below the scale".to_owned());
    }
    vec![how, wording::fixed(analysis.info)]
}

fn medians(map: &LayerMap) -> impl Iterator<Item = f64> {
    let cells = map.panels.iter().flat_map(|panel| panel.cells.iter().flatten());
    cells.filter_map(|cell| cell.median)
}

fn color(map: &LayerMap) -> Scale {
    probe::scale(map.probe, &medians(map).collect::<Vec<_>>())
}

fn draw_panel(
    canvas: &mut Canvas,
    analysis: &Analysis,
    panel: &MapPanel,
    frame: &Frame,
    color: Scale,
    is_last: bool,
) -> Drawn {
    let details = wording::details(analysis, &analysis.configurations[panel.configuration]).join(", ");
    let name = [analysis.compared[panel.compared].short.as_str(), &details].join("   ");
    let name = shortened(&name, TEXT, frame.right - frame.left);
    canvas.text(&name, (frame.left, frame.top - 20.0), TEXT, BLACK, Anchor::Left)?;
    for (column, layers) in panel.cells.iter().enumerate() {
        for (layer, cell) in (1..).zip(layers) {
            let Some(value) = cell.median else { continue };
            let y = |edge: f64| frame.y(f64::from(layer) + edge);
            let (from, to) = ((frame.x(column as f64), y(0.5)), (frame.x(column as f64 + 1.0), y(-0.5)));
            canvas.rectangle(from, (to.0, to.1 - 1.0), viridis(color.position(value)))?;
        }
    }
    let mut free = f64::INFINITY;
    for layer in 1..=panel.layers {
        let y = frame.y(layer as f64);
        if y + TEXT / 2.0 < free {
            canvas.text(&layer.to_string(), (frame.left - 14.0, y), TEXT, BLACK, Anchor::Right)?;
            free = y - TEXT / 2.0;
        }
    }
    canvas.upward_text("layer", (frame.left - 62.0, (frame.top + frame.bottom) / 2.0), TEXT, BLACK)?;
    draw_times(canvas, analysis, panel, frame, is_last)
}

/// The epoch or step of the columns, as many as have room.
fn draw_times(
    canvas: &mut Canvas,
    analysis: &Analysis,
    panel: &MapPanel,
    frame: &Frame,
    is_last: bool,
) -> Drawn {
    let by_epoch = is_by_epoch(analysis);
    let label = |(epoch, step): &(u64, u64)| if by_epoch { epoch.to_string() } else { step.to_string() };
    let widest = panel.when.iter().map(|when| text_width(&label(when), TEXT)).fold(0.0, f64::max);
    let width = frame.x(1.0) - frame.x(0.0);
    let every = ((widest + 24.0) / width).ceil().max(1.0) as usize;
    // Round distances, where columns are epochs.
    let every = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().find(|step| *step >= every).unwrap_or(every);
    for (column, when) in panel.when.iter().enumerate().step_by(every) {
        let x = frame.x(column as f64 + 0.5);
        canvas.hairline((x, frame.bottom), (x, frame.bottom + 6.0), BLACK)?;
        canvas.text(&label(when), (x, frame.bottom + 22.0), TEXT, BLACK, Anchor::Center)?;
    }
    let name = if by_epoch { "epoch" } else { "step (not to scale)" };
    let at = ((frame.left + frame.right) / 2.0, frame.bottom + 54.0);
    if is_last { canvas.text(name, at, TEXT, BLACK, Anchor::Center) } else { Ok(()) }
}

fn draw_bar(canvas: &mut Canvas, map: &LayerMap, top: f64, color: Scale) -> Drawn {
    let bottom = f64::from(HEIGHT) - 80.0;
    let steps = (bottom - top) as usize;
    for step in 0..steps {
        let y = top + step as f64;
        canvas.rectangle((BAR, y), (BAR + 26.0, y + 1.0), viridis(1.0 - step as f64 / steps as f64))?;
    }
    let mut free = f64::INFINITY;
    for tick in color.ticks(10).iter().filter(|tick| !tick.label.is_empty()) {
        let y = bottom - tick.position * (bottom - top);
        if y + 14.0 < free {
            canvas.hairline((BAR + 26.0, y), (BAR + 33.0, y), BLACK)?;
            canvas.text(&tick.label, (BAR + 38.0, y), REMARK, BLACK, Anchor::Left)?;
            free = y - 14.0;
        }
    }
    let name = shortened(probe::label(map.probe), REMARK, bottom - top);
    canvas.upward_text(&name, (f64::from(WIDTH) - 22.0, (top + bottom) / 2.0), REMARK, GREY)
}
