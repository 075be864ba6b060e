//! Performance profiles over problems.

use super::time_to_target::stairs;
use super::{Figure, look};
use crate::analysis::{Analysis, PerformanceLine, Profiles, SCORED_TO};
use crate::chart::performance_profile::measure;
use crate::number::count;
use plotly::common::Mode;
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// A line a compared value.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let profiles =
        Profiles::new(analysis).filter(|found| found.lines.iter().any(|line| !line.steps.is_empty()));
    let Some(profiles) = profiles else { return Vec::new() };
    let mut plot = Plot::new();
    let end = 1.05 * profiles.largest().max(SCORED_TO);
    profiles.lines.iter().for_each(|line| plot.add_trace(profile(analysis, line, end)));
    let x = Axis::new().title(format!("{} over that of the best on the problem", measure(profiles.measure)));
    let y = Axis::new().title("share of problems solved within the ratio").range(vec![-0.03, 1.05]);
    plot.set_layout(Layout::new().x_axis(x.type_(AxisType::Log)).y_axis(y));
    let mut signs = vec![
        format!("a problem: {}", profiles.problems.name(&analysis.grid)),
        "at the left: how often it is best".to_owned(),
        "at the right: how much it solves at all".to_owned(),
    ];
    if profiles.fresh {
        signs.push("runs on fresh seeds".to_owned());
    }
    let title = format!("Performance profile over {}", count(profiles.common.len(), "problem"));
    vec![Figure { signs, ..Figure::new("performance_profile", title, plot) }]
}

/// From a ratio of 1 to the end of the figure.
fn profile(analysis: &Analysis, line: &PerformanceLine, end: f64) -> Box<Scatter<f64, f64>> {
    let last = line.steps.last().map_or(0.0, |(_, share)| *share);
    let (x, y) = [(1.0, 0.0)].into_iter().chain(line.steps.iter().copied()).chain([(end, last)]).unzip();
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(stairs(line.compared))
        .marker(look::marker(line.compared).size(5))
        .name(look::label(&analysis.compared[line.compared].label))
        .hover_template("%{y:.3g} of the problems within %{x:.3g} times the best")
        .legend_group(look::group(line.compared))
}
