//! The eigenvalues of the Hessian, sorted, before and after training.

use super::rows::{SPREAD, first_cells, first_titles, spread};
use super::spreads::{MAX_BANDS, band, drawn, median_over, medians};
use super::{Axis, Ink, Legend, Mark, Markers, Panel, Plot, Scale, Stroke, Table, Ticks, probe, words};
use crate::analysis::{Analysis, Spectrum, SpectrumLine, Spread};

const CAPTION: &str = "In how many directions the cost is steep, flat or curved downwards: all eigenvalues of its Hessian, sorted. A few large ones and many near 0 mean a narrow valley with a flat floor. Along directions with negative eigenvalues the cost curves downwards.";

/// With more eigenvalues than this, they have no markers.
const MAX_MARKERS: usize = 60;

/// A line for each compared value.
pub(super) fn plots(analysis: &Analysis) -> Vec<Plot> {
    let Some(found) = Spectrum::new(analysis) else { return Vec::new() };
    let panels: Vec<Panel> = probe::moments(&found.start, &found.end)
        .map(|(when, lines)| Panel { title: when.to_owned(), ..panel(&found, lines) })
        .collect();
    vec![Plot {
        notes: notes(analysis, &found),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        columns: panels.len(),
        panels,
        legend: legend(analysis, &found),
        tables: vec![table(analysis, &found)],
        ..Plot::new(
            "hessian_spectrum",
            format!("Eigenvalues of the Hessian, sorted{}", words::each(analysis)),
        )
    }]
}

fn panel(found: &Spectrum, lines: &[SpectrumLine]) -> Panel {
    let longest = found.lines().map(|line| line.values.len()).max().unwrap_or(1);
    let x =
        Axis::new("rank (1 is the largest)", Scale::exactly(0.0, longest as f64 + 1.0)).with(Ticks::Counts);
    let values: Vec<f64> = found.lines().flat_map(|line| &line.values).flat_map(drawn).collect();
    let y = Axis::new("eigenvalue", Scale::symmetric(&values));
    let bands = lines.iter().filter(|_| lines.len() <= MAX_BANDS);
    let bands = bands.map(|line| band(line.compared, points(line)));
    let zero = Mark::level(Ink::Muted, 0.0, Stroke::solid(1.5));
    Panel::new(x, y, bands.chain([zero]).chain(lines.iter().map(line)).collect())
}

fn points(line: &SpectrumLine) -> impl Iterator<Item = (f64, &Spread)> {
    (1u32..).zip(&line.values).map(|(rank, spread)| (f64::from(rank), spread))
}

fn line(line: &SpectrumLine) -> Mark {
    let markers = if line.values.len() <= MAX_MARKERS { Markers::All(6.0) } else { Markers::None };
    let points = medians(points(line), |rank, spread| format!("rank {rank}: {}", median_over(spread)));
    Mark::series(line.compared, markers, points)
}

fn notes(analysis: &Analysis, found: &Spectrum) -> Vec<String> {
    let mut notes = vec![format!("line: {}", words::over_seeds(analysis))];
    if found.end.len() <= MAX_BANDS && analysis.info.seeds.len() > 1 {
        notes.push(words::band(analysis));
    }
    notes.push("equal steps are equal factors, but for the smallest values around 0".to_owned());
    notes.extend(words::left_out(analysis));
    notes
}

/// The number of eigenvalues below 0, before and after training.
fn legend(analysis: &Analysis, found: &Spectrum) -> Legend {
    let mut compared: Vec<usize> = found.lines().map(|line| line.compared).collect();
    compared.sort_unstable();
    compared.dedup();
    let below = |lines: &[SpectrumLine], compared: usize| {
        let line = lines.iter().find(|line| line.compared == compared)?;
        Some(line.values.iter().filter(|value| value.median.is_some_and(|median| median < 0.0)).count())
    };
    let shown = compared.into_iter().filter_map(|compared| {
        let said = match (below(&found.start, compared), below(&found.end, compared)) {
            (Some(start), Some(end)) => format!("below 0: {start}, then {end}"),
            (Some(only), None) | (None, Some(only)) => format!("below 0: {only}"),
            (None, None) => return None,
        };
        Some((compared, analysis.best_of(compared)?, vec![said]))
    });
    Legend::of_compared(analysis, shown)
}

fn table(analysis: &Analysis, found: &Spectrum) -> Table {
    let titles = first_titles(analysis).into_iter().chain(["when", "rank", "metric"]);
    let mut table = Table::new("hessian_spectrum", titles.chain(SPREAD));
    for (when, lines) in [("start", &found.start), ("end", &found.end)] {
        for line in lines {
            for (rank, values) in (1u64..).zip(&line.values) {
                let mut row = first_cells(analysis, line.compared);
                row.text(when).count(rank).text("eigenvalue");
                table.push(spread(&mut row, values));
            }
        }
    }
    table
}
