//! Figures of `report.html`, for Plotly.

mod axes;
mod look;
mod traces;

use crate::plot::{Plot, Scale, Shape, Ticks};
use axes::Axes;
use plotly::layout::Annotation;
use serde_json::{Value, json};
use traces::Traces;

/// An interactive figure.
pub(crate) struct Figure {
    /// Its name; unique on the page.
    pub(crate) name: String,
    /// The title.
    pub(crate) title: String,
    /// The meaning of lines, bands and symbols.
    pub(crate) signs: Vec<String>,
    /// Explains how to read it.
    pub(crate) caption: &'static str,
    /// The path of the table with exactly its data, relative to the folder of the report.
    pub(crate) table: String,
    /// `data` and `layout` for Plotly, without the colours and fonts of the page.
    pub(crate) plot: Value,
    /// Its height in pixels.
    pub(crate) height: usize,
    /// The smallest readable width; on narrower screens, the figure scrolls sideways.
    pub(crate) least_width: usize,
    /// Whether y is logarithmic; `None` if readers cannot switch it.
    pub(crate) logarithmic: Option<bool>,
    /// The choices of x, the first shown initially; empty if there is no choice.
    pub(crate) axes: Vec<Axis>,
}

/// A choice of x.
pub(crate) struct Axis {
    /// Its name in the list of choices.
    pub(crate) name: &'static str,
    /// Its label on the axis, with its unit.
    pub(crate) title: &'static str,
    /// The x of each trace.
    pub(crate) x: Vec<Vec<f64>>,
}

/// The figures of plots; plots without a panel are omitted.
pub(crate) fn figures(plots: &[Plot]) -> Vec<Figure> {
    plots.iter().filter(|plot| !plot.panels.is_empty()).map(figure).collect()
}

fn figure(plot: &Plot) -> Figure {
    let axes = Axes::new(plot);
    let mut traces = Traces::new(plot);
    plot.panels.iter().enumerate().for_each(|(at, panel)| traces.panel(panel, &axes.of_panel(at)));
    let x_choices = plot.x_choices.iter().enumerate();
    let choice = |(at, choice): (usize, &crate::plot::Choice)| Axis {
        name: choice.name,
        title: choice.label,
        x: traces.x.iter().map(|choices| choices.get(at).cloned().unwrap_or_default()).collect(),
    };
    let y = plot.panels[0].y.scale;
    Figure {
        name: plot.name.clone(),
        title: plot.title.clone(),
        signs: plot.notes.clone(),
        caption: plot.caption,
        table: plot.tables.last().map(|table| plot.file(table)).unwrap_or_default(),
        height: height(plot, axes.rows),
        least_width: least_width(plot, axes.columns),
        logarithmic: plot.can_switch.then_some(matches!(y, Scale::Logarithmic { .. })),
        axes: x_choices.map(choice).collect(),
        plot: json!({"data": traces.data, "layout": layout(plot, &axes, traces.notes)}),
    }
}

fn layout(plot: &Plot, axes: &Axes, mut notes: Vec<Annotation>) -> Value {
    notes.extend(axes.titles(plot));
    let mut layout = json!({"annotations": notes});
    for (name, axis) in axes.all() {
        layout[name] = json!(axis);
    }
    if plot.can_switch {
        layout["meta"] = json!({"ranges": ranges(plot.panels[0].y.scale)});
    }
    layout
}

/// The range of y for each type of axis; `null` if Plotly finds it.
fn ranges(scale: Scale) -> Value {
    match scale {
        Scale::Logarithmic { low, high } => json!({"log": [low, high], "linear": [0.0, scale.ends().1]}),
        Scale::Linear { low, high } => json!({"linear": [low, high], "log": null}),
        Scale::Symmetric { .. } | Scale::Empty => json!({"linear": null, "log": null}),
    }
}

fn height(plot: &Plot, rows: usize) -> usize {
    match (&plot.panels[0].y.ticks, rows) {
        (Ticks::Names(names), 1) => 150 + (34 * names.len()).clamp(140, 900),
        (_, 1) => 480,
        _ => 120 + 230 * rows,
    }
}

fn least_width(plot: &Plot, columns: usize) -> usize {
    let has_cells = plot.panels[0].marks.iter().any(|mark| matches!(mark.shape, Shape::Cells(_)));
    match &plot.panels[0].x.ticks {
        _ if has_cells => 620,
        Ticks::Above(names) => 120 * names.len(),
        _ if columns > 2 => 210 * columns,
        _ => 0,
    }
}
