//! A quantity measured in each layer, against the layer, before and after training.

use super::rows::{SPREAD, first_cells_of, first_titles, spread};
use super::spreads::{MAX_BANDS, band, drawn, median_over, medians};
use super::{Axis, Ink, Mark, Markers, Panel, Plot, Point, Scale, Stroke, Table, Ticks, probe, words};
use crate::analysis::{Analysis, LayerProfile, ProfileLine};
use crate::number::rounded;

/// The plot of a quantity, if it was measured in several layers.
pub(super) fn plot(analysis: &Analysis, probe: &str) -> Option<Plot> {
    LayerProfile::new(analysis, probe).map(|profile| drawn_profile(analysis, &profile))
}

fn drawn_profile(analysis: &Analysis, profile: &LayerProfile) -> Plot {
    let panels: Vec<Panel> = probe::moments(&profile.start, &profile.end)
        .map(|(when, lines)| Panel { title: when.to_owned(), ..panel(profile, lines) })
        .collect();
    Plot {
        notes: notes(analysis, profile),
        settings: words::fixed(analysis.info),
        caption: probe::by_layer(profile.probe),
        columns: panels.len(),
        panels,
        legend: probe::legend(analysis, profile.lines().map(|line| (line.compared, line.configuration))),
        can_switch: true,
        tables: vec![table(analysis, profile)],
        ..Plot::new(format!("layers_{}", profile.probe), format!("{} by layer", probe::title(profile.probe)))
    }
}

fn panel(profile: &LayerProfile, lines: &[ProfileLine]) -> Panel {
    let deepest = profile.lines().flat_map(|line| &line.points).map(|(layer, _)| *layer).max().unwrap_or(1);
    let layers = (1..=deepest).map(|layer| layer as f64).collect();
    let x = Axis::new("layer (1 is next to the input)", Scale::exactly(0.7, deepest as f64 + 0.3));
    let y = Axis::new(probe::label(profile.probe), probe::scale(profile.probe, &values(profile)));
    let bands = lines.iter().filter(|_| lines.len() <= MAX_BANDS);
    let bands = bands.map(|line| band(line.compared, points(line)));
    Panel::new(x.with(Ticks::At(layers)), y, bands.chain(lines.iter().flat_map(marks)).collect())
}

fn points(line: &ProfileLine) -> impl Iterator<Item = (f64, &crate::analysis::Spread)> {
    line.points.iter().map(|(layer, spread)| (*layer as f64, spread))
}

fn marks(line: &ProfileLine) -> [Mark; 2] {
    let expected = line.expected.iter().map(|(layer, value)| {
        let hover = format!("layer {layer}: {} expected", rounded(*value, 4));
        Point::new(*layer as f64, *value).saying(hover)
    });
    let expected = Mark::line(Ink::Series(line.compared), Stroke::dotted(2.2), expected.collect());
    let medians = medians(points(line), |layer, spread| format!("layer {layer}: {}", median_over(spread)));
    [expected, Mark::series(line.compared, Markers::All(9.0), medians)]
}

/// All drawn values.
fn values(profile: &LayerProfile) -> Vec<f64> {
    let spreads = profile.lines().flat_map(|line| &line.points).flat_map(|(_, spread)| drawn(spread));
    let expected = profile.lines().flat_map(|line| &line.expected).map(|(_, value)| *value);
    spreads.chain(expected).collect()
}

fn notes(analysis: &Analysis, profile: &LayerProfile) -> Vec<String> {
    let mut notes = vec![format!("line: {}", words::over_seeds(analysis))];
    if profile.end.len() <= MAX_BANDS && analysis.info.seeds.len() > 1 {
        notes.push(words::band(analysis));
    }
    if profile.start.iter().any(|line| !line.expected.is_empty()) {
        notes.push("dotted: expected by variance propagation".to_owned());
    }
    notes.extend(probe::deepest(analysis));
    let values = values(profile);
    if probe::scale(profile.probe, &values).leaves_out(&values) {
        notes.push(words::EDGE.to_owned());
    }
    notes.extend(words::left_out(analysis));
    notes
}

/// `when` is `start` or `end`; `expected` is the value that theory predicts.
fn table(analysis: &Analysis, profile: &LayerProfile) -> Table {
    let titles = first_titles(analysis).into_iter().chain(["when", "layer", "metric"]);
    let mut table =
        Table::new(&format!("layers_{}", profile.probe), titles.chain(SPREAD).chain(["expected"]));
    for (when, lines) in [("start", &profile.start), ("end", &profile.end)] {
        for line in lines {
            for (layer, values) in &line.points {
                let mut row = first_cells_of(analysis, line.compared, line.configuration);
                row.text(when).count(*layer).text(profile.probe);
                let expected = line.expected.iter().find(|(expected, _)| expected == layer);
                table.push(spread(&mut row, values).number(expected.map(|(_, value)| *value)));
            }
        }
    }
    table
}
