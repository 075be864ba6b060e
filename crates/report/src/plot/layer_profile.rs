//! A quantity measured in each layer, against the layer, before and after training.

use super::moments::{Line, Moments};
use super::{Axis, Markers, Plot, Scale, Ticks, probe, words};
use crate::analysis::{Analysis, LayerProfile, ProfileLine};

/// The plot of a quantity, if it was measured in several layers.
pub(super) fn plot(analysis: &Analysis, probe: &str) -> Option<Plot> {
    let found = LayerProfile::new(analysis, probe)?;
    let [start, end] = [&found.start, &found.end].map(|lines| lines.iter().map(line).collect());
    let found = Moments { start, end, along: "layer", metric: found.probe };
    let (last, values) = (found.last(), found.values());
    let x = Axis::new("layer (1 is next to the input)", Scale::exactly(0.7, last as f64 + 0.3));
    let x = x.with(Ticks::At((1..=last).map(|layer| layer as f64).collect()));
    let y = Axis::new(probe::label(probe), probe::scale(probe, &values));
    let is_predicted =
        found.start.iter().any(|line| line.expected.is_some_and(|expected| !expected.is_empty()));
    let notes = [
        is_predicted.then_some("dotted: expected by variance propagation".into()),
        probe::deepest(analysis),
        words::edge(&y.scale, &values),
        words::left_out(analysis),
    ];
    let panels = found.panels((x, y), || None, |_| Markers::All(9.0));
    Some(Plot {
        title: format!("{} by layer", probe::title(probe)),
        notes: found.notes(analysis).into_iter().chain(notes).flatten().collect(),
        settings: words::fixed(analysis.info),
        caption: probe::by_layer(probe),
        columns: panels.len(),
        panels,
        legend: found.legend(analysis, |_| None),
        can_switch: true,
        tables: vec![found.table(analysis)],
        ..Plot::default()
    })
}

fn line(line: &ProfileLine) -> Line<'_> {
    Line {
        compared: line.compared,
        configuration: line.configuration,
        points: line.points.iter().map(|(layer, spread)| (*layer, spread)).collect(),
        expected: Some(&line.expected),
    }
}
