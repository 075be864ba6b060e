//! The share of runs that have reached the target, over time.

use super::{Figure, look, panels};
use crate::analysis::{Analysis, ReachingLine, ReachingPanel, TimeToTarget};
use crate::chart::wording;
use plotly::common::{Line, LineShape, Mode};
use plotly::layout::Axis;
use plotly::{Plot, Scatter};

/// A panel a problem, a line a compared value.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let Some(times) = TimeToTarget::new(analysis) else { return Vec::new() };
    let shown: Vec<ReachingPanel> = times.panels(analysis).into_iter().take(panels::MOST).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let mut plot = Plot::new();
    for (index, panel) in shown.iter().enumerate() {
        panel.lines.iter().for_each(|line| plot.add_trace(share(analysis, line, index)));
    }
    let axes = shown.iter().enumerate().map(|(index, panel)| {
        let name =
            panel.problem.map_or(String::new(), |problem| times.problems.label(&analysis.grid, problem));
        let x = if index + 1 == shown.len() { wording::clock(analysis.clock()) } else { "" };
        let y = Axis::new().title("share of runs").range(vec![-0.03, 1.05]);
        (look::label(&name), Axis::new().title(x), y)
    });
    plot.set_layout(panels::apart(axes.collect()));
    let mut signs = vec![format!("target: {}", analysis.target())];
    if times.fresh {
        signs.push("runs on fresh seeds".to_owned());
    }
    let title = format!("Share of runs that have reached the target{}", wording::each(analysis));
    vec![Figure { signs, height: 160 + 260 * shown.len(), ..Figure::new("time_to_target", title, plot) }]
}

fn share(analysis: &Analysis, line: &ReachingLine, panel: usize) -> Box<Scatter<f64, f64>> {
    let compared = line.cell.compared;
    let (x, y) = line.points.iter().copied().unzip();
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(stairs(compared))
        .name(look::label(&analysis.compared[compared].label))
        .hover_template("%{y:.3g} of the runs by %{x:,}")
        .legend_group(look::group(compared))
        .x_axis(panels::axis('x', panel))
        .y_axis(panels::axis('y', panel))
}

/// A line that rises where something happens, and nowhere between.
pub(super) fn stairs(compared: usize) -> Line {
    look::line(compared).shape(LineShape::Hv)
}
