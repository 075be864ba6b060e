//! What the check says of each fault, by activation.

use super::{Figure, look};
use crate::analysis::{Analysis, Checks, FaultRow, FaultVerdict, faults_by_activation};
use crate::number::rounded_or;
use plotly::common::{HoverInfo, Line, Marker, MarkerSymbol, Mode};
use plotly::layout::Axis;
use plotly::{HeatMap, Layout, Plot, Scatter};

/// A cell a fault and activation.
pub(super) fn figures(analysis: &Analysis, checks: &Checks) -> Vec<Figure> {
    let rows = faults_by_activation(analysis, checks);
    if rows.is_empty() {
        return Vec::new();
    }
    let faults = distinct(rows.iter().map(|row| row.labels[0].as_str()));
    let activations = distinct(rows.iter().map(|row| row.labels[1].as_str()));
    let place = |row: &FaultRow| {
        let at =
            |names: &[&str], name: &str| names.iter().position(|known| *known == name).unwrap_or_default();
        (at(&activations, &row.labels[1]), at(&faults, &row.labels[0]))
    };
    let mut plot = Plot::new();
    plot.add_trace(cells(&rows, place, (activations.len(), faults.len())));
    plot.add_trace(missed(&rows, place));
    let axis = |labels: &[&str]| {
        Axis::new()
            .tick_values((0..labels.len()).map(|index| index as f64).collect())
            .tick_text(labels.iter().map(|name| look::label(name)).collect())
            .show_grid(false)
            .zero_line(false)
    };
    let y = axis(&faults).range(vec![faults.len() as f64 - 0.5, -0.5]);
    plot.set_layout(Layout::new().x_axis(axis(&activations)).y_axis(y));
    let signs = [
        "a cell: the largest relative error, median over the checks that found the fault, whatever the loss",
        "no colour: the check has passed",
        "an orange frame: it passed although something is wrong",
    ];
    vec![Figure {
        signs: signs.map(str::to_owned).to_vec(),
        least_width: 620,
        height: 150 + 30 * faults.len(),
        ..Figure::new("faults", "What the gradient check finds: fault by activation", plot)
    }]
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.fold(Vec::new(), |mut distinct, name| {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
        distinct
    })
}

fn is_found(row: &FaultRow) -> bool {
    matches!(row.verdict(), FaultVerdict::Caught | FaultVerdict::FalseAlarm)
}

fn cells(
    rows: &[FaultRow],
    place: impl Fn(&FaultRow) -> (usize, usize),
    (columns, lines): (usize, usize),
) -> Box<HeatMap<f64, f64, Vec<Option<f64>>>> {
    let mut z = vec![vec![None; columns]; lines];
    let mut texts = vec![vec![String::new(); columns]; lines];
    let found =
        || rows.iter().filter(|row| is_found(row)).filter_map(|row| row.error.filter(|error| *error > 0.0));
    for row in rows {
        let (column, line) = place(row);
        z[line][column] = row.error.filter(|error| is_found(row) && *error > 0.0).map(libm::log10);
        texts[line][column] = told(row);
    }
    let (least, most) = (found().fold(f64::INFINITY, f64::min), found().fold(0.0, f64::max));
    let places = |count: usize| (0..count).map(|index| index as f64).collect();
    HeatMap::new(places(columns), places(lines), z)
        .color_scale(look::color_scale(false))
        .color_bar(look::decades(look::color_bar("error"), least, most))
        .hover_info(HoverInfo::Text)
        .hover_text_matrix(texts)
        .x_gap(2)
        .y_gap(2)
}

/// Frames where something is wrong that the check does not see.
fn missed(rows: &[FaultRow], place: impl Fn(&FaultRow) -> (usize, usize)) -> Box<Scatter<f64, f64>> {
    let missed: Vec<&FaultRow> = rows.iter().filter(|row| row.verdict() == FaultVerdict::Missed).collect();
    let places = missed.iter().map(|row| place(row));
    let (x, y) = places.map(|(column, line)| (column as f64, line as f64)).unzip();
    let orange = look::color(1);
    let frame = Marker::new().symbol(MarkerSymbol::SquareOpen).size(18).color(orange.clone());
    Scatter::new(x, y)
        .mode(Mode::Markers)
        .marker(frame.line(Line::new().width(2.5).color(orange)))
        .hover_info(HoverInfo::Text)
        .hover_text_array(missed.iter().map(|row| told(row)).collect())
}

fn told(row: &FaultRow) -> String {
    let [fault, activation, _] = &row.labels;
    let verdict = row.verdict();
    let by = row.by.first().map_or_else(String::new, |(by, _)| format!(" by the {by}"));
    format!(
        "{} with {}<br>{}{by}, {} of {}<br>largest relative error {}",
        look::label(fault),
        look::label(activation),
        verdict.name(),
        row.count(verdict),
        row.checks(),
        rounded_or(row.error, 3, "–")
    )
}
