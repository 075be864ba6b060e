//! The eigenvalues of the Hessian, sorted, before and after training.

use super::moments::{Line, Moments};
use super::{Axis, Ink, Mark, Markers, Plot, Scale, Stroke, Ticks, words};
use crate::analysis::{Analysis, Spectrum, SpectrumLine};

const CAPTION: &str = "In how many directions the cost is steep, flat or curved downwards: all eigenvalues of its Hessian, sorted. A few large ones and many near 0 mean a narrow valley with a flat floor. Along directions with negative eigenvalues the cost curves downwards.";

/// With more eigenvalues than this, they have no markers.
const MAX_MARKERS: usize = 60;

/// A line for each compared value.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let found = Spectrum::new(analysis)?;
    let [start, end] =
        [&found.start, &found.end].map(|lines| lines.iter().map(|one| line(analysis, one)).collect());
    let found = Moments { start, end, along: "rank", metric: "eigenvalue" };
    let x = Axis::new("rank (1 is the largest)", Scale::exactly(0.0, found.last() as f64 + 1.0));
    let y = Axis::new("eigenvalue", Scale::symmetric(&found.values()));
    let zero = || Some(Mark::level(Ink::Muted, 0.0, Stroke::solid(1.5)));
    let markers = |line: &Line| match line.points.len() {
        ..=MAX_MARKERS => Markers::All(6.0),
        _ => Markers::None,
    };
    let panels = found.panels((x.with(Ticks::Counts), y), zero, markers);
    let steps = "equal steps are equal factors, except for the smallest values around 0".to_owned();
    let notes = [Some(steps), words::left_out(analysis)];
    Some(Plot {
        title: format!("Eigenvalues of the Hessian, sorted{}", words::each(analysis)),
        notes: found.notes(analysis).into_iter().chain(notes).flatten().collect(),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        columns: panels.len(),
        panels,
        legend: found.legend(analysis, |compared| below_zero(&found, compared)),
        tables: vec![found.table(analysis)],
        ..Plot::default()
    })
}

fn line<'a>(analysis: &Analysis, line: &'a SpectrumLine) -> Line<'a> {
    Line {
        compared: line.compared,
        configuration: analysis.compared[line.compared].best.unwrap_or(analysis.configurations.len()),
        points: (1..).zip(&line.values).collect(),
        expected: None,
    }
}

/// The number of eigenvalues below 0, before and after training.
fn below_zero(found: &Moments, compared: usize) -> Option<String> {
    let below = |lines: &[Line]| {
        let line = lines.iter().find(|line| line.compared == compared)?;
        let medians = line.points.iter().filter_map(|(_, value)| value.median);
        Some(medians.filter(|median| *median < 0.0).count().to_string())
    };
    let below: Vec<String> = [below(&found.start), below(&found.end)].into_iter().flatten().collect();
    (!below.is_empty()).then(|| format!("below 0: {}", below.join(", then ")))
}
