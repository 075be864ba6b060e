//! The final metric by setting.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, GREY, HEIGHT, Point, WHITE};
use super::font::text_width;
use super::page::{REMARK, TEXT, heading, nothing};
use super::palette::{readable_on, viridis};
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use super::wrap::{shortened, wrap};
use crate::analysis::{Analysis, Cell, FURTHEST, HeatMap};
use crate::number::rounded;
use chainrule_record::Better;
use plotters::style::RGBColor;

const LOST: RGBColor = RGBColor(0xc8, 0xc8, 0xc8);
const HATCH: RGBColor = RGBColor(0x9a, 0x9a, 0x9a);
/// The left edge of the colour bar; the cells fill the page up to there.
const BAR: f64 = 1430.0;
/// The height of a single row.
const TALLEST: f64 = 340.0;
/// Columns narrower than this have no room for a name of their own; names take no more room than the second.
const NARROW: f64 = 64.0;
const WIDEST: f64 = 200.0;
/// The largest numbers in cells.
const LARGEST: f64 = 34.0;

/// Where the cells lie.
struct Layout {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    /// Text of row labels and of numbers in cells.
    row_text: f64,
    cell_text: f64,
    color: Scale,
}

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &HeatMap) -> Drawn {
    let names = |factors: &[usize]| -> Vec<&str> {
        factors.iter().map(|factor| analysis.grid.factors[*factor].setting.as_str()).collect()
    };
    let by: Vec<&str> = names(&[plot.row_factors.as_slice(), &[plot.column_factor]].concat());
    let title = format!("Final {} by {}", analysis.info.metric.label(), by.join(", "));
    let top = heading(canvas, &title, &subtitle(analysis, plot, &names(&plot.reduced)))?;
    if !plot.cells.iter().any(|cell| spread(analysis, cell).is_measured() || lost(analysis, cell)) {
        return nothing(canvas, &format!("No run measured {}.", analysis.info.metric));
    }
    let layout = layout(analysis, plot, top);
    draw_labels(canvas, analysis, plot, &layout, &names(&plot.row_factors).join(" · "))?;
    plot.cells.iter().try_for_each(|cell| draw_cell(canvas, analysis, &layout, cell))?;
    draw_groups(canvas, plot, &layout)?;
    draw_bar(canvas, analysis, plot, &layout)
}

fn spread<'a>(analysis: &'a Analysis, cell: &Cell) -> &'a crate::analysis::Spread {
    analysis.configurations[cell.configuration].final_metric(analysis.info.metric)
}

fn lost(analysis: &Analysis, cell: &Cell) -> bool {
    let outcomes = analysis.configurations[cell.configuration].outcomes;
    outcomes.diverged + outcomes.failed > 0
}

fn subtitle(analysis: &Analysis, plot: &HeatMap, reduced: &[&str]) -> Vec<Vec<String>> {
    let mut how = vec![format!("a cell: {}", wording::over_seeds(analysis))];
    if !reduced.is_empty() {
        how.push(format!("the best over {}", reduced.join(", ")));
    }
    let partly = |cell: &Cell| spread(analysis, cell).median.is_some() && lost(analysis, cell);
    if plot.cells.iter().any(partly) {
        how.push("* some seeds diverged or failed".to_owned());
    }
    if plot.cells.iter().any(|cell| spread(analysis, cell).median.is_none() && lost(analysis, cell)) {
        how.push("div: half or more of the seeds diverged or failed".to_owned());
    }
    let medians = medians(analysis, plot);
    if color(analysis, &medians).leaves_out(&medians) {
        how.push("darkest: more than 1000 times the best".to_owned());
    }
    how.extend(wording::kept(analysis));
    how.extend(wording::left_out(analysis));
    vec![how, wording::fixed(analysis.info)]
}

fn medians(analysis: &Analysis, plot: &HeatMap) -> Vec<f64> {
    plot.cells.iter().filter_map(|cell| spread(analysis, cell).median).collect()
}

/// Losses cover a factor of [`FURTHEST`] at most.
fn color(analysis: &Analysis, medians: &[f64]) -> Scale {
    if !analysis.info.metric.is_loss() {
        return Scale::linear(medians.iter().copied());
    }
    let best = medians.iter().copied().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
    let shown: Vec<f64> = medians.iter().map(|value| value.min(FURTHEST * best)).collect();
    Scale::logarithmic_if_wide(&shown)
}

fn layout(analysis: &Analysis, plot: &HeatMap, top: f64) -> Layout {
    let (rows, columns) = (plot.rows.len().max(1) as f64, plot.columns.len().max(1) as f64);
    let top = top + 40.0;
    let height = ((f64::from(HEIGHT) - 120.0 - top) / rows).min(TALLEST);
    let row_text = TEXT.min(0.8 * height);
    let label = |row: usize| text_width(&plot.row_labels(&analysis.grid, row).join(" · "), row_text);
    let widest = (0..plot.rows.len()).map(label).fold(0.0, f64::max);
    let left = (widest + 56.0).clamp(150.0, 620.0);
    let width = (BAR - 60.0 - left) / columns;
    let color = color(analysis, &medians(analysis, plot));
    let cell_text = (0.2 * height).clamp(TEXT.min(0.8 * height), LARGEST).min(width / 3.4);
    Layout { left, top, width, height, row_text, cell_text, color }
}

impl Layout {
    fn corner(&self, row: usize, column: usize) -> Point {
        (self.left + column as f64 * self.width, self.top + row as f64 * self.height)
    }
}

fn draw_labels(
    canvas: &mut Canvas,
    analysis: &Analysis,
    plot: &HeatMap,
    layout: &Layout,
    rows: &str,
) -> Drawn {
    let room = layout.left - 50.0;
    let name = shortened(rows, REMARK, layout.left + 200.0);
    canvas.text(&name, (36.0, layout.top - 22.0), REMARK, GREY, Anchor::Left)?;
    for row in 0..plot.rows.len() {
        let label = shortened(&plot.row_labels(&analysis.grid, row).join(" · "), layout.row_text, room);
        let at = (layout.left - 14.0, layout.corner(row, 0).1 + layout.height / 2.0);
        canvas.text(&label, at, layout.row_text, BLACK, Anchor::Right)?;
    }
    let bottom = layout.corner(plot.rows.len(), 0).1;
    // Narrow columns are not all named: letters of each would tell nobody anything.
    let label = |level: &usize| analysis.grid.short_label(plot.column_factor, *level);
    let widest = plot.columns.iter().map(|level| text_width(&label(level), TEXT)).fold(0.0, f64::max);
    let named = if layout.width < NARROW { (widest + 24.0).min(WIDEST) } else { layout.width };
    let every = (named / layout.width).ceil() as usize;
    for (column, level) in plot.columns.iter().enumerate().step_by(every) {
        let label = &label(level);
        let middle = layout.corner(0, column).0 + layout.width / 2.0;
        let room = every as f64 * layout.width - 8.0;
        let words = wrap(&[label.to_owned()], " ", TEXT, room);
        let line = words.first().filter(|_| words.len() == 1).cloned();
        let line = line.unwrap_or_else(|| shortened(label, TEXT, room));
        canvas.text(&line, (middle, bottom + 26.0), TEXT, BLACK, Anchor::Center)?;
    }
    let middle = layout.left + layout.width * plot.columns.len() as f64 / 2.0;
    let name = &analysis.grid.factors[plot.column_factor].setting;
    canvas.text(name, (middle, bottom + 64.0), TEXT, BLACK, Anchor::Center)
}

fn draw_cell(canvas: &mut Canvas, analysis: &Analysis, layout: &Layout, cell: &Cell) -> Drawn {
    let (x, y) = layout.corner(cell.row, cell.column);
    let (from, to) = ((x, y), (x + layout.width - 2.0, y + layout.height - 2.0));
    let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
    let partly = if lost(analysis, cell) { "*" } else { "" };
    match spread(analysis, cell).median {
        Some(value) => {
            let color = viridis(brightness(analysis, layout, value));
            canvas.rectangle(from, to, color)?;
            let text = format!("{}{partly}", rounded(value, 3));
            // A number that does not fit is better looked up in the table than read half.
            let fits = text_width(&text, layout.cell_text) <= layout.width - 4.0;
            let text = if fits { text } else { format!("{}{partly}", rounded(value, 1)) };
            match text_width(&text, layout.cell_text) <= layout.width - 4.0 && layout.cell_text >= 9.0 {
                true => canvas.text(&text, middle, layout.cell_text, readable_on(color), Anchor::Center),
                false => Ok(()),
            }
        }
        None if lost(analysis, cell) => draw_lost(canvas, layout, from, to),
        None => Ok(()),
    }
}

fn draw_lost(canvas: &mut Canvas, layout: &Layout, from: Point, to: Point) -> Drawn {
    canvas.rectangle(from, to, LOST)?;
    // The ends of the lines are round and must not stick out.
    let (from, to) = ((from.0 + 1.0, from.1 + 1.0), (to.0 - 2.0, to.1 - 2.0));
    let (width, height) = (to.0 - from.0, to.1 - from.1);
    let mut start = 12.0;
    while start < width + height {
        let low = (from.0 + (start - height).max(0.0), from.1 + start.min(height));
        let high = (from.0 + start.min(width), from.1 + (start - width).max(0.0));
        canvas.line(&[low, high], Stroke::solid(1.5), HATCH)?;
        start += 16.0;
    }
    let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
    let half = text_width("div", layout.cell_text) / 2.0 + 6.0;
    let tall = layout.cell_text * 0.5;
    canvas.rectangle((middle.0 - half, middle.1 - tall), (middle.0 + half, middle.1 + tall), LOST)?;
    canvas.text("div", middle, layout.cell_text, BLACK, Anchor::Center)
}

/// Better is brighter.
fn brightness(analysis: &Analysis, layout: &Layout, value: f64) -> f64 {
    match analysis.info.metric.better() {
        Better::Lower => 1.0 - layout.color.position(value),
        Better::Higher => layout.color.position(value),
    }
}

/// A white line between the values of the first row factor.
fn draw_groups(canvas: &mut Canvas, plot: &HeatMap, layout: &Layout) -> Drawn {
    let right = layout.left + layout.width * plot.columns.len() as f64;
    for row in 1..plot.rows.len() {
        if plot.row_factors.len() > 1 && plot.rows[row].first() != plot.rows[row - 1].first() {
            let y = layout.corner(row, 0).1;
            canvas.rectangle((layout.left, y - 5.0), (right, y + 2.0), WHITE)?;
            canvas.hairline((36.0, y - 2.0), (right, y - 2.0), GREY)?;
        }
    }
    Ok(())
}

fn draw_bar(canvas: &mut Canvas, analysis: &Analysis, plot: &HeatMap, layout: &Layout) -> Drawn {
    if layout.color == Scale::Empty {
        return Ok(());
    }
    let (left, top) = (BAR, layout.top);
    let bottom = layout.corner(plot.rows.len(), 0).1.max(top + 560.0).min(f64::from(HEIGHT) - 110.0);
    let steps = (bottom - top) as usize;
    for step in 0..steps {
        let share = 1.0 - step as f64 / steps as f64;
        let bright = if analysis.info.metric.better() == Better::Lower { 1.0 - share } else { share };
        let y = top + step as f64;
        canvas.rectangle((left, y), (left + 30.0, y + 1.0), viridis(bright))?;
    }
    let mut free = f64::INFINITY;
    for tick in layout.color.ticks(8).iter().filter(|tick| !tick.label.is_empty()) {
        let y = bottom - tick.position * (bottom - top);
        if y + 14.0 < free {
            canvas.hairline((left + 30.0, y), (left + 38.0, y), BLACK)?;
            canvas.text(&tick.label, (left + 44.0, y), REMARK, BLACK, Anchor::Left)?;
            free = y - 14.0;
        }
    }
    let name = format!("{}, brighter is better", wording::metric(analysis.info, analysis.info.metric));
    let name = shortened(&name, REMARK, f64::from(HEIGHT) - top - 20.0);
    canvas.upward_text(&name, (left + 140.0, (top + bottom) / 2.0), REMARK, BLACK)
}
