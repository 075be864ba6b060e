//! Training with each fault, beside training without.

use super::{Figure, look};
use crate::analysis::{Analysis, Checks, FaultPanel, fault_curves};
use chainrule_record::RunRecord;
use plotly::common::{DashType, Mode, Visible};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// So many faults are shown to begin with.
const SHOWN: usize = 3;

/// Two lines a seed: with the fault and without.
pub(super) fn figures(analysis: &Analysis, checks: &Checks) -> Vec<Figure> {
    let panels = fault_curves(analysis, checks);
    if panels.is_empty() {
        return Vec::new();
    }
    let mut plot = Plot::new();
    for (index, panel) in panels.iter().enumerate() {
        panel.right.iter().for_each(|run| plot.add_trace(line(panel, index, run, false)));
        panel.wrong.iter().for_each(|run| plot.add_trace(line(panel, index, run, true)));
    }
    plot.set_layout(
        Layout::new()
            .x_axis(Axis::new().title("epochs"))
            .y_axis(Axis::new().title("training loss").type_(AxisType::Log)),
    );
    let signs = [
        "solid: with the fault",
        "dotted: the same network without it",
        "a line: a seed",
        "choose faults in the legend",
    ];
    vec![Figure {
        signs: signs.map(str::to_owned).to_vec(),
        caption: "Why one needs the check: many networks learn with a wrong gradient, only worse, and their curves alone would not tell. Each line with a fault stands beside the same run without it.",
        height: 520,
        logarithmic: Some(true),
        ..Figure::new("fault_curves", "Does training still work? Training loss with each fault", plot)
    }]
}

fn line(panel: &FaultPanel, index: usize, run: &RunRecord, wrong: bool) -> Box<Scatter<f64, Option<f64>>> {
    let x = run.curve.epoch.iter().map(|epoch| *epoch as f64).collect();
    let (dash, width) = if wrong { (DashType::Solid, 2.0) } else { (DashType::Dot, 1.3) };
    let visible = if index < SHOWN { Visible::True } else { Visible::LegendOnly };
    let with = if wrong { "" } else { "without " };
    Scatter::new(x, run.curve.train_loss.clone())
        .mode(Mode::Lines)
        .line(look::line(index).dash(dash).width(width))
        .visible(visible)
        .name(look::label(&panel.fault))
        .hover_template(format!("{with}%{{fullData.name}}<br>%{{y:.4g}} at epoch %{{x}}<extra></extra>"))
        .legend_group(look::group(index))
}
