//! The positions of panels and their strips, and their axes.

use super::look::label;
use crate::analysis::thinned;
use crate::plot::{Axis, Panel, Plot, Scale, Side, Strip, Ticks};
use plotly::common::Anchor;
use plotly::layout::{Annotation, Axis as PlotlyAxis, AxisType, HAlign};

/// The largest number of panels in a row of the page.
const MAX_COLUMNS: usize = 4;
/// The space between panels with the same axis, and between others, as a fraction of the figure.
const NEAR: f64 = 0.05;
const FAR: f64 = 0.1;

/// The axes of a figure.
pub(super) struct Axes {
    pub(super) rows: usize,
    pub(super) columns: usize,
    panels: Vec<PanelAxes>,
    all: Vec<(String, PlotlyAxis)>,
}

/// The names that the traces of a panel use for its axes.
#[derive(Debug, Clone)]
pub(super) struct PanelAxes {
    pub(super) x: String,
    pub(super) y: String,
    /// The names for its strips: x and y of each.
    pub(super) strips: Vec<(String, String)>,
    /// The upper left corner, as fractions of the figure.
    corner: (f64, f64),
}

/// A range of the figure from left to right or from bottom to top.
type Part = [f64; 2];

impl Axes {
    /// The axes of a plot. Panels in a row share y if they have the same y axis; panels in a column share x likewise.
    pub(super) fn new(plot: &Plot) -> Self {
        let panels = &plot.panels;
        let columns = plot.columns.clamp(1, MAX_COLUMNS).min(panels.len());
        let rows = panels.len().div_ceil(columns);
        let same_x = panels.iter().all(|panel| panel.x == panels[0].x);
        let same_y = panels.iter().all(|panel| panel.y == panels[0].y);
        let mut axes = Self { rows, columns, panels: Vec::new(), all: Vec::new() };
        let has_titles = panels.iter().any(|panel| !panel.title.is_empty());
        let gaps = (
            if same_y { NEAR } else { FAR },
            if has_titles || !same_x { (0.3 / rows as f64).min(0.16) } else { NEAR },
        );
        for (at, panel) in panels.iter().enumerate() {
            let (row, column) = (at / columns, at % columns);
            // Leaves room for a second line above the upper row.
            let top = if panel.subtitle.is_empty() { 1.0 } else { 0.95 };
            let along = part(rows - 1 - row, rows, gaps.1).map(|end| top * end);
            let place = (part(column, columns, gaps.0), along);
            let is_last = at + columns >= panels.len();
            let x = axis_name('x', if same_x { column } else { at });
            let y = axis_name('y', if same_y { row } else { at });
            let titled = (is_last || !same_x, column == 0 || !same_y);
            axes.add(plot, panel, (x, y), place, titled);
        }
        axes
    }

    fn add(
        &mut self,
        plot: &Plot,
        panel: &Panel,
        names: (String, String),
        parts: (Part, Part),
        titled: (bool, bool),
    ) {
        let (x, y) = names;
        let inner = inside(panel, parts.0, parts.1);
        let before: usize = self.panels.iter().map(|panel| panel.strips.len()).sum();
        let mut strips = Vec::new();
        let mut below = y.clone();
        for (at, strip) in panel.strips.iter().enumerate() {
            let number = plot.panels.len() + before + at;
            let own = strip_axis(strip, beside(strip, parts, inner));
            let (name, own, traces) = match strip.side {
                Side::Top | Side::Bottom => {
                    let name = axis_name('y', number);
                    (name.clone(), own.anchor(x.clone()), (x.clone(), name))
                }
                Side::Left | Side::Right => {
                    let name = axis_name('x', number);
                    (name.clone(), own.anchor(y.clone()), (name, y.clone()))
                }
            };
            if strip.side == Side::Bottom {
                below.clone_from(&name);
            }
            self.keep(name, own);
            strips.push(traces);
        }
        let x_axis = with_title(axis(&panel.x, !plot.x_choices.is_empty()), &panel.x.label, titled.0);
        let y_axis = with_title(axis(&panel.y, false), &panel.y.label, titled.1);
        self.replace(x.clone(), x_axis.domain(&inner.0).anchor(below));
        self.keep(y.clone(), y_axis.domain(&inner.1).anchor(x.clone()));
        self.panels.push(PanelAxes { x, y, strips, corner: (parts.0[0], parts.1[1]) });
    }

    /// Adds an axis; the first axis of a name wins.
    fn keep(&mut self, name: String, axis: PlotlyAxis) {
        if !self.all.iter().any(|(known, _)| *known == name) {
            self.all.push((name, axis));
        }
    }

    /// Adds an axis; the last axis of a name wins: the x axis of a column belongs to its lowest panel.
    fn replace(&mut self, name: String, axis: PlotlyAxis) {
        self.all.retain(|(known, _)| *known != name);
        self.all.push((name, axis));
    }

    /// The axes of a panel.
    pub(super) fn of_panel(&self, at: usize) -> PanelAxes {
        self.panels[at].clone()
    }

    /// All axes by their names in a layout, for example `yaxis2`.
    pub(super) fn all(&self) -> impl Iterator<Item = (String, &PlotlyAxis)> {
        let name = |name: &str| format!("{}axis{}", &name[..1], &name[1..]);
        self.all.iter().map(move |(known, axis)| (name(known), axis))
    }

    /// The titles of panels.
    pub(super) fn titles(&self, plot: &Plot) -> Vec<Annotation> {
        let titled = plot.panels.iter().zip(&self.panels).filter(|(panel, _)| !panel.title.is_empty());
        titled.map(|(panel, axes)| title(panel, axes.corner)).collect()
    }
}

fn with_title(axis: PlotlyAxis, title: &str, is_shown: bool) -> PlotlyAxis {
    if is_shown { axis.title(label(title)) } else { axis }
}

fn title(panel: &Panel, (left, top): (f64, f64)) -> Annotation {
    let text = match panel.subtitle.as_str() {
        "" => label(&panel.title),
        subtitle => format!("{}<br><sub>{}</sub>", label(&panel.title), label(subtitle)),
    };
    let place = Annotation::new().x_ref("paper").y_ref("paper").x(left).y(top);
    place.x_anchor(Anchor::Left).y_anchor(Anchor::Bottom).show_arrow(false).align(HAlign::Left).text(text)
}

/// The name that traces use for an axis: `y`, `y2`, `y3`.
fn axis_name(letter: char, index: usize) -> String {
    if index == 0 { letter.to_string() } else { format!("{letter}{}", index + 1) }
}

/// The range of the part at `index` (from 0) of `count` equal parts, with `gap` between them.
fn part(index: usize, count: usize, gap: f64) -> Part {
    let size = (1.0 - gap * (count.max(1) - 1) as f64) / count.max(1) as f64;
    let from = index as f64 * (size + gap);
    [from, (from + size).min(1.0)]
}

fn axis(axis: &Axis, is_free: bool) -> PlotlyAxis {
    let plain = PlotlyAxis::new().zero_line(false);
    let scaled = match axis.scale {
        Scale::Linear { .. } if is_free => plain,
        Scale::Linear { low, high } => plain.range(vec![low, high]),
        Scale::Logarithmic { low, high } => plain.type_(AxisType::Log).range(vec![low, high]),
        Scale::Symmetric { .. } => plain.range(vec![0.0, 1.0]),
        Scale::Empty => plain.visible(false),
    };
    let at = |values: Vec<f64>, texts: Vec<String>| scaled.clone().tick_values(values).tick_text(texts);
    match &axis.ticks {
        Ticks::Names(names) | Ticks::Above(names) => {
            let shown = thinned(names.len(), MAX_NAMES);
            let texts = shown.iter().map(|index| label(&names[*index].short)).collect();
            let named = at(shown.iter().map(|index| *index as f64).collect(), texts).show_grid(false);
            if matches!(axis.ticks, Ticks::Above(_)) {
                named.side(plotly::common::AxisSide::Top)
            } else {
                named
            }
        }
        Ticks::Hidden => scaled.visible(false),
        Ticks::Numbers | Ticks::Counts | Ticks::At(_) if matches!(axis.scale, Scale::Symmetric { .. }) => {
            let ticks = axis.scale.ticks(10).into_iter();
            let (values, texts) = ticks.map(|tick| (tick.position, tick.label)).unzip();
            at(values, texts)
        }
        Ticks::At(values) if values.len() <= MAX_TICKS => {
            at(values.clone(), values.iter().map(|value| crate::number::rounded(*value, 3)).collect())
        }
        Ticks::Numbers | Ticks::Counts | Ticks::At(_) => scaled,
    }
}

/// More names are not readable, and thousands of them stop a browser: Plotly compares each with all others.
const MAX_NAMES: usize = 60;

/// With more ticks than this, Plotly chooses the ticks.
const MAX_TICKS: usize = 12;

/// The fraction of a panel that a strip takes.
fn share(strip: &Strip) -> f64 {
    (0.05 + 0.02 * strip.rows as f64).min(0.25)
}

/// The ranges of a panel without its strips.
fn inside(panel: &Panel, mut across: Part, mut along: Part) -> (Part, Part) {
    let (width, height) = (across[1] - across[0], along[1] - along[0]);
    for strip in &panel.strips {
        match strip.side {
            Side::Top => along[1] -= height * share(strip),
            Side::Bottom => along[0] += height * share(strip),
            Side::Left => across[0] += width * share(strip),
            Side::Right => across[1] -= width * share(strip),
        }
    }
    (across, along)
}

/// The range of a strip, across itself.
fn beside(strip: &Strip, (across, along): (Part, Part), inner: (Part, Part)) -> Part {
    match strip.side {
        Side::Top => [inner.1[1], along[1]],
        Side::Bottom => [along[0], inner.1[0]],
        Side::Left => [across[0], inner.0[0]],
        Side::Right => [inner.0[1], across[1]],
    }
}

/// Rows from the top or from the left; the name of the strip is the only tick label.
fn strip_axis(strip: &Strip, part: Part) -> PlotlyAxis {
    let rows = strip.rows as f64;
    let is_level = matches!(strip.side, Side::Top | Side::Bottom);
    let range = if is_level { vec![rows, -1.0] } else { vec![-1.0, rows] };
    let axis = PlotlyAxis::new().range(range).domain(&part).zero_line(false).show_grid(false);
    axis.tick_values(vec![(rows - 1.0) / 2.0]).tick_text(vec![label(&strip.label)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Name;

    #[test]
    fn panels_fill_the_whole() {
        assert_eq!(part(0, 1, 0.06), [0.0, 1.0]);
        // (1 − 0.06) / 2 = 0.47 each.
        assert_eq!((part(0, 2, 0.06), part(1, 2, 0.06)), ([0.0, 0.47], [0.53, 1.0]));
        assert_eq!((axis_name('x', 0), axis_name('y', 1)), ("x".to_owned(), "y2".to_owned()));
    }

    #[test]
    fn thousands_of_names_do_not_stop_a_browser() {
        let names = |count: usize| (0..count).map(|epoch| Name::new(epoch.to_string())).collect();
        let texts = |count| {
            let axis = axis(&Axis::names("epoch", names(count)), false);
            let axis = serde_json::to_value(axis).unwrap();
            let texts = axis["ticktext"].as_array().unwrap().clone();
            assert_eq!(axis["tickvals"].as_array().unwrap().len(), texts.len());
            (texts.len(), texts.last().unwrap().clone())
        };
        assert_eq!(texts(27), (27, "26".into()));
        assert_eq!(texts(3001), (MAX_NAMES, "3000".into()));
    }
}
