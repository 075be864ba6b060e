//! The share of runs that have reached the target, over time.

use super::{Figure, look, panels};
use crate::analysis::{Analysis, ReachingLine, ReachingPanel, TimeToTarget};
use crate::chart::wording;
use crate::number::count;
use plotly::common::{LineShape, Mode};
use plotly::layout::Axis;
use plotly::{Plot, Scatter};

/// A panel a problem, or one of the best configurations.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let Some(times) = TimeToTarget::new(analysis) else { return Vec::new() };
    let shown = times.panels(analysis);
    if shown.is_empty() {
        return Vec::new();
    }
    let mut plot = Plot::new();
    for (index, panel) in shown.iter().enumerate() {
        panel.lines.iter().for_each(|line| plot.add_trace(share(analysis, &times, line, index)));
    }
    let axes = |panel: &ReachingPanel| {
        let name = panel.problem.map(|problem| times.problems.label(&analysis.grid, problem));
        let y = Axis::new().title("share of runs").range(vec![-0.03, 1.03]);
        let x = Axis::new().title(wording::clock(analysis.clock()));
        (look::label(&name.unwrap_or_default()), x, y)
    };
    plot.set_layout(panels::apart(shown.iter().map(axes).collect()));
    let mut signs = vec![format!("target: {}", analysis.target())];
    if times.fresh {
        signs.push("runs on fresh seeds".to_owned());
    }
    signs.push("missed: not there by its end; lost: never".to_owned());
    let title = format!("Share of runs that have reached the target{}", wording::each(analysis));
    vec![Figure { signs, height: 180 + 280 * shown.len(), ..Figure::new("time_to_target", title, plot) }]
}

/// Level until the next run reaches it.
fn share(
    analysis: &Analysis,
    times: &TimeToTarget,
    line: &ReachingLine,
    panel: usize,
) -> Box<Scatter<f64, f64>> {
    let compared = line.cell.compared;
    let runs = line.cell.deciding(times.fresh);
    let told = format!("{} of {} reach it", runs.reached, count(runs.runs, "run"));
    let (x, y): (Vec<f64>, Vec<f64>) = line.points.iter().copied().unzip();
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::line(compared).shape(LineShape::Hv))
        .name(look::label(&analysis.compared[compared].label))
        .hover_template(format!("%{{y:.3g}} at %{{x:,}}<br>{told}"))
        .legend_group(look::group(compared))
        .show_legend(panel == 0)
        .x_axis(panels::axis('x', panel))
        .y_axis(panels::axis('y', panel))
}
