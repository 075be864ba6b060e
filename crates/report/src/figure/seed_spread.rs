//! The final metric of each seed.

use super::{Figure, look};
use crate::analysis::{Analysis, SeedRow, SeedSpread};
use crate::chart::wording;
use crate::number::rounded;
use plotly::common::{HoverInfo, Line, Marker, MarkerSymbol, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// Dots of a row stand in so many lanes, so that equal numbers do not hide one another.
const LANES: usize = 5;
/// The distance of lanes, as a share of the distance of rows.
const LANE: f64 = 0.1;

/// A row a compared value, a dot a run.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    if analysis.is_all_lost() {
        return Vec::new();
    }
    let seeds = SeedSpread::new(analysis);
    let metric = analysis.info.metric;
    let mut plot = Plot::new();
    for (row, seeds) in seeds.rows.iter().enumerate() {
        plot.add_trace(range(seeds, row));
        plot.add_trace(dots(analysis, seeds, row));
        plot.add_trace(median(analysis, seeds, row));
    }
    let names = seeds.rows.iter().map(|row| look::label(&name(analysis, row)));
    let scale = if metric.is_loss() { AxisType::Log } else { AxisType::Linear };
    let x = Axis::new().title(wording::metric(analysis.info, metric)).type_(scale);
    let y = Axis::new()
        .tick_values((0..seeds.rows.len()).map(|row| row as f64).collect())
        .tick_text(names.collect())
        .range(vec![seeds.rows.len() as f64 - 0.5, -0.5])
        .zero_line(false);
    plot.set_layout(Layout::new().x_axis(x).y_axis(y));
    let mut signs = vec![wording::a_dot(analysis).to_owned(), "bar: the median".to_owned()];
    if seeds.rows.iter().any(|row| row.quartiles.is_some()) {
        signs.push("shade: quartiles".to_owned());
    }
    let title = format!("Final {} of each seed{}", metric.label(), wording::each(analysis));
    vec![Figure {
        signs,
        height: 130 + (44 * seeds.rows.len()).clamp(110, 900),
        ..Figure::new("seed_spread", title, plot)
    }]
}

/// The name of the row, with how many of its runs have no dot.
fn name(analysis: &Analysis, row: &SeedRow) -> String {
    let label = &analysis.compared[row.compared].label;
    match row.seeds.iter().filter(|seed| seed.lost).count() {
        0 => label.clone(),
        lost => format!("{label} ({lost} lost)"),
    }
}

fn range(row: &SeedRow, place: usize) -> Box<Scatter<f64, f64>> {
    let (low, high) = row.quartiles.unzip();
    let x: Vec<f64> = low.into_iter().chain(high).collect();
    Scatter::new(x.clone(), vec![place as f64; x.len()])
        .mode(Mode::Lines)
        .line(Line::new().color(look::shade(row.compared)).width(24.0))
        .hover_info(HoverInfo::Skip)
        .legend_group(look::group(row.compared))
}

fn dots(analysis: &Analysis, row: &SeedRow, place: usize) -> Box<Scatter<f64, f64>> {
    let found = row.seeds.iter().filter_map(|seed| Some((seed, seed.value?)));
    let lane = |index: usize| LANE * ((index % LANES) as f64 - (LANES / 2) as f64);
    let told =
        |(seed, value): (&crate::analysis::Seed, f64)| format!("seed {}: {}", seed.seed, rounded(value, 5));
    let x: Vec<f64> = found.clone().map(|(_, value)| value).collect();
    Scatter::new(x.clone(), (0..x.len()).map(|index| place as f64 + lane(index)).collect())
        .mode(Mode::Markers)
        .marker(Marker::new().color(look::color(row.compared)).size(7).opacity(0.8))
        .name(look::label(&analysis.compared[row.compared].label))
        .hover_info(HoverInfo::Text)
        .hover_text_array(found.map(told).collect())
        .legend_group(look::group(row.compared))
}

fn median(analysis: &Analysis, row: &SeedRow, place: usize) -> Box<Scatter<f64, f64>> {
    let x: Vec<f64> = row.spread.median.into_iter().collect();
    let sign = Marker::new().symbol(MarkerSymbol::LineNSOpen).size(26);
    let line = Line::new().color(look::color(row.compared)).width(3.0);
    Scatter::new(x.clone(), vec![place as f64; x.len()])
        .mode(Mode::Markers)
        .marker(sign.color(look::color(row.compared)).line(line))
        .hover_info(HoverInfo::Text)
        .hover_text_array(x.iter().map(|value| format!("median {}", rounded(*value, 5))).collect())
        .name(look::label(&analysis.compared[row.compared].label))
        .legend_group(look::group(row.compared))
}
