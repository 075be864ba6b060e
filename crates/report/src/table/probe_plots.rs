//! The tables beside the plots of probes: exactly what each draws.

use super::plots::{SPREAD, first_cells_of, first_titles, spread};
use super::{Row, save};
use crate::ReportError;
use crate::analysis::{Analysis, LayerMap, LayerProfile, Sharpness, Spectrum};
use crate::output::Output;

/// The table of a plot of a number by layer: `when` is `start` or `end`, `expected` what theory expects.
pub(crate) fn layer_profile(
    analysis: &Analysis,
    profile: &LayerProfile,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, &format!("plots/layers_{}.csv", profile.probe), |table| {
        let middle = ["when", "layer", "metric"];
        let titles = first_titles(analysis).into_iter().chain(middle).chain(SPREAD).chain(["expected"]);
        Row::titles(titles).write(table)?;
        for (when, lines) in [("start", &profile.start), ("end", &profile.end)] {
            for line in lines {
                for (layer, values) in &line.points {
                    let mut row = first_cells_of(analysis, line.compared, line.configuration);
                    row.text(when).count(*layer).text(profile.probe);
                    spread(&mut row, values);
                    let expected = line.expected.iter().find(|(expected, _)| expected == layer);
                    row.number(expected.map(|(_, value)| *value)).write(table)?;
                }
            }
        }
        Ok(())
    })
}

/// The table of a map of a number by layer and time.
pub(crate) fn layer_map(analysis: &Analysis, map: &LayerMap, output: &mut Output) -> Result<(), ReportError> {
    save(output, &format!("plots/map_{}.csv", map.probe), |table| {
        let middle = ["epoch", "step", "layer", "metric"];
        Row::titles(first_titles(analysis).into_iter().chain(middle).chain(SPREAD)).write(table)?;
        for panel in &map.panels {
            for ((epoch, step), layers) in panel.when.iter().zip(&panel.cells) {
                for (layer, values) in (1u64..).zip(layers) {
                    let mut row = first_cells_of(analysis, panel.compared, panel.configuration);
                    row.count(*epoch).count(*step).count(layer).text(map.probe);
                    spread(&mut row, values).write(table)?;
                }
            }
        }
        Ok(())
    })
}

/// The table of the plot of the eigenvalues.
pub(crate) fn spectrum(analysis: &Analysis, plot: &Spectrum, output: &mut Output) -> Result<(), ReportError> {
    save(output, "plots/hessian_spectrum.csv", |table| {
        let middle = ["when", "rank", "metric"];
        Row::titles(first_titles(analysis).into_iter().chain(middle).chain(SPREAD)).write(table)?;
        for (when, lines) in [("start", &plot.start), ("end", &plot.end)] {
            for line in lines {
                for (rank, values) in (1u64..).zip(&line.values) {
                    let mut row = super::plots::first_cells(analysis, line.compared);
                    row.text(when).count(rank).text("eigenvalue");
                    spread(&mut row, values).write(table)?;
                }
            }
        }
        Ok(())
    })
}

/// The table of the plot of the sharpness: `stability_limit` is 2/η.
pub(crate) fn sharpness(
    analysis: &Analysis,
    plot: &Sharpness,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, "plots/sharpness.csv", |table| {
        let middle = ["epoch", "step", "metric"];
        let titles = first_titles(analysis).into_iter().chain(middle).chain(SPREAD);
        Row::titles(titles.chain(["stability_limit"])).write(table)?;
        for line in &plot.lines {
            for (epoch, step, values) in &line.points {
                let mut row = super::plots::first_cells(analysis, line.compared);
                row.count(*epoch).count(*step).text("sharpness");
                spread(&mut row, values).number(line.limit).write(table)?;
            }
        }
        Ok(())
    })
}
