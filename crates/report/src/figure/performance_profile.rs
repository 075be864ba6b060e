//! Performance profiles over problems.

use super::{Figure, look};
use crate::analysis::{Analysis, PerformanceLine, Profiles, SCORED_TO};
use crate::chart::performance_profile::measure;
use crate::number::{count, rounded};
use plotly::common::{LineShape, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// Ratios beyond this are reached by moving the axis.
const FARTHEST: f64 = 1000.0;

/// A line a compared value, best by score first.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let Some(profiles) = Profiles::new(analysis) else { return Vec::new() };
    if profiles.lines.iter().all(|line| line.steps.is_empty()) {
        return Vec::new();
    }
    let farthest = profiles.largest().clamp(1.2 * SCORED_TO, FARTHEST);
    let mut plot = Plot::new();
    for index in profiles.by_score() {
        plot.add_trace(share(analysis, &profiles, &profiles.lines[index]));
    }
    let x = format!("{} over that of the best on the problem", measure(profiles.measure));
    plot.set_layout(
        Layout::new()
            .x_axis(
                Axis::new().title(x).type_(AxisType::Log).range(vec![-0.01, 1.03 * libm::log10(farthest)]),
            )
            .y_axis(Axis::new().title("share of problems").range(vec![-0.03, 1.04])),
    );
    let mut signs = vec![
        format!("a problem: {}", profiles.problems.name(&analysis.grid)),
        format!("score: the area below, up to a ratio of {SCORED_TO}"),
    ];
    if profiles.fresh {
        signs.push("runs on fresh seeds".to_owned());
    }
    let title = format!("Performance profile over {}", count(profiles.common.len(), "problem"));
    vec![Figure { signs, ..Figure::new("performance_profile", title, plot) }]
}

/// Level until the next problem is solved, and on to the largest ratio of all.
fn share(analysis: &Analysis, profiles: &Profiles, line: &PerformanceLine) -> Box<Scatter<f64, f64>> {
    let label = &analysis.compared[line.compared].label;
    let end = (profiles.largest().max(SCORED_TO), line.steps.last().map_or(0.0, |(_, share)| *share));
    let points = std::iter::once((1.0, 0.0)).chain(line.steps.iter().copied()).chain([end]);
    let (x, y): (Vec<f64>, Vec<f64>) = points.unzip();
    let told =
        format!("score {}, solves {} of {}", rounded(line.score, 3), line.solved, profiles.common.len());
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::line(line.compared).shape(LineShape::Hv))
        .name(look::label(label))
        .hover_template(format!("%{{y:.3g}} within %{{x:.4g}} times the best<br>{told}"))
        .legend_group(look::group(line.compared))
}
