//! The eigenvalues of the Hessian.

use super::{Figure, look, panels};
use crate::analysis::{Analysis, Spectrum, SpectrumLine};
use crate::chart::wording;
use crate::number::rounded_or;
use plotly::common::{HoverInfo, Mode};
use plotly::layout::Axis;
use plotly::{Plot, Scatter};

/// A line a compared value, before training and after.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let Some(spectrum) = Spectrum::new(analysis) else { return Vec::new() };
    let moments = [("before training", &spectrum.start), ("after training", &spectrum.end)];
    let moments: Vec<_> = moments.into_iter().filter(|(_, lines)| !lines.is_empty()).collect();
    let mut plot = Plot::new();
    for (panel, (_, lines)) in moments.iter().enumerate() {
        lines.iter().for_each(|line| plot.add_trace(eigenvalues(analysis, line, panel)));
    }
    let x = moments.iter().map(|(when, _)| Axis::new().title(*when));
    plot.set_layout(panels::side_by_side(x.collect(), Axis::new().title("eigenvalue")));
    vec![Figure {
        signs: vec![format!("a dot: an eigenvalue, {}", wording::over_seeds(analysis))],
        logarithmic: Some(false),
        ..Figure::new("hessian_spectrum", "Eigenvalues of the Hessian", plot)
    }]
}

fn eigenvalues(analysis: &Analysis, line: &SpectrumLine, panel: usize) -> Box<Scatter<f64, Option<f64>>> {
    let ranked = || (1u64..).zip(&line.values);
    let (x, y) = ranked().map(|(rank, spread)| (rank as f64, spread.median)).unzip();
    let told = ranked().map(|(rank, spread)| format!("rank {rank}: {}", rounded_or(spread.median, 4, "–")));
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(look::line(line.compared).width(1.0))
        .marker(look::marker(line.compared).size(4))
        .name(look::label(&analysis.compared[line.compared].label))
        .hover_info(HoverInfo::Text)
        .hover_text_array(told.collect())
        .legend_group(look::group(line.compared))
        .x_axis(panels::axis('x', panel))
}
