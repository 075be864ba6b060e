//! The tables beside the plots: exactly what each draws.

use super::{Row, save};
use crate::ReportError;
use crate::analysis::{Analysis, Convergence, HeatMap, LayerSpread, Rates, SeedSpread, Sensitivity, Spread};
use crate::output::Output;
use chainrule_record::XAxis;

/// `values`: seeds with a value; `lost`: seeds that diverged or failed.
pub(super) const SPREAD: [&str; 7] =
    ["values", "lost", "median", "min", "lower_quartile", "upper_quartile", "max"];

/// The table of the convergence plot. Epochs are a column whatever the curves are drawn over.
pub(crate) fn convergence(
    analysis: &Analysis,
    plot: &Convergence,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, "plots/convergence.csv", |table| {
        let x = Some(plot.x_axis.name()).filter(|_| plot.x_axis != XAxis::Epochs);
        let middle = ["epoch"].into_iter().chain(x).chain(["metric"]);
        Row::titles(first_titles(analysis).into_iter().chain(middle).chain(SPREAD)).write(table)?;
        for panel in &plot.panels {
            for line in &panel.lines {
                for point in &line.points {
                    let mut row = first_cells(analysis, line.compared);
                    row.count(point.epoch);
                    if x.is_some() {
                        row.number(Some(point.x));
                    }
                    row.text(panel.metric.name());
                    spread(&mut row, &point.spread).write(table)?;
                }
            }
        }
        Ok(())
    })
}

/// The table of the convergence figure of the page, whose x can be chosen: what the plot has, at every x.
pub(crate) fn convergence_axes(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    let curves = Convergence::over_all(analysis);
    save(output, "plots/convergence_axes.csv", |table| {
        let axes = curves.iter().map(|curves| curves.x_axis).filter(|axis| *axis != XAxis::Epochs);
        let middle = ["epoch"].into_iter().chain(axes.map(|axis| axis.name())).chain(["metric"]);
        Row::titles(first_titles(analysis).into_iter().chain(middle).chain(SPREAD)).write(table)?;
        let Some(first) = curves.first() else { return Ok(()) };
        for (panel, here) in first.panels.iter().enumerate() {
            for (line, known) in here.lines.iter().enumerate() {
                for (index, point) in known.points.iter().enumerate() {
                    let mut row = first_cells(analysis, known.compared);
                    row.count(point.epoch);
                    for other in curves.iter().filter(|other| other.x_axis != XAxis::Epochs) {
                        row.number(Some(other.panels[panel].lines[line].points[index].x));
                    }
                    row.text(here.metric.name());
                    spread(&mut row, &point.spread).write(table)?;
                }
            }
        }
        Ok(())
    })
}

/// The table of the heat map.
pub(crate) fn heat_map(analysis: &Analysis, plot: &HeatMap, output: &mut Output) -> Result<(), ReportError> {
    save(output, "plots/final_metric.csv", |table| {
        let names = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
        let titles = ["row", "column"].into_iter().chain(names).chain(["metric"]).chain(SPREAD);
        Row::titles(titles).write(table)?;
        for cell in &plot.cells {
            let configuration = &analysis.configurations[cell.configuration];
            let mut row = Row::default();
            row.count(cell.row as u64).count(cell.column as u64);
            row.texts(analysis.settings(configuration, &[]).into_iter().map(|(_, label)| label));
            row.text(analysis.info.metric.name());
            spread(&mut row, configuration.final_metric(analysis.info.metric)).write(table)?;
        }
        Ok(())
    })
}

/// The table of the learning rate plot: a row a point, with the range of good rates of its line.
pub(crate) fn sensitivity(
    analysis: &Analysis,
    plot: &Sensitivity,
    rates: Option<&Rates>,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, "plots/learning_rate_sensitivity.csv", |table| {
        let names = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
        let range = ["near_best_lower", "near_best_upper"];
        Row::titles(names.chain(["metric"]).chain(SPREAD).chain(range)).write(table)?;
        let points =
            plot.lines.iter().flat_map(|(line, points)| points.iter().map(move |point| (line, point)));
        for (line, point) in points {
            let configuration = &analysis.configurations[point.configuration];
            let mut row = Row::default();
            row.texts(analysis.settings(configuration, &[]).into_iter().map(|(_, label)| label));
            row.text(analysis.info.metric.name());
            spread(&mut row, configuration.final_metric(analysis.info.metric));
            let range = rates.and_then(|rates| rates.range_of(*line));
            row.number(range.map(|(lower, _)| lower)).number(range.map(|(_, upper)| upper)).write(table)?;
        }
        Ok(())
    })
}

/// The table of the plot of the seeds: a row a seed, with what all seeds of its configuration sum up to.
pub(crate) fn seed_spread(
    analysis: &Analysis,
    plot: &SeedSpread,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, "plots/seed_spread.csv", |table| {
        let last = ["seed", "metric", "value", "lost", "median", "lower_quartile", "upper_quartile"];
        Row::titles(first_titles(analysis).into_iter().chain(last)).write(table)?;
        for line in &plot.rows {
            for seed in &line.seeds {
                let mut row = first_cells(analysis, line.compared);
                row.count(seed.seed).text(analysis.info.metric.name());
                row.number(seed.value).count(u64::from(seed.lost)).number(line.spread.median);
                row.number(line.quartiles.map(|(lower, _)| lower))
                    .number(line.quartiles.map(|(_, upper)| upper));
                row.write(table)?;
            }
        }
        Ok(())
    })
}

/// The table of the plot of the singular values: a row for the largest and one for the smallest of each layer.
pub(crate) fn singular_values(
    analysis: &Analysis,
    layers: &[LayerSpread],
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, "plots/singular_values.csv", |table| {
        let middle = ["layer", "n_in", "n_out", "metric", "values"];
        // Runs that were lost are no part of this table.
        let spread = SPREAD.into_iter().filter(|title| !["values", "lost"].contains(title));
        Row::titles(first_titles(analysis).into_iter().chain(middle).chain(spread)).write(table)?;
        for layer in layers {
            let measured =
                [("largest_singular_value", &layer.largest), ("smallest_singular_value", &layer.smallest)];
            for (name, spread) in measured {
                let mut row = first_cells(analysis, layer.compared);
                row.count(layer.layer).count(layer.n_in).count(layer.n_out).text(name);
                row.count(spread.values as u64).spread(spread).write(table)?;
            }
        }
        Ok(())
    })
}

/// The titles of [`first_cells`].
pub(super) fn first_titles<'a>(analysis: &'a Analysis) -> [&'a str; 2] {
    [analysis.compared_name(), "configuration"]
}

/// The compared value and the other settings of its best configuration.
pub(super) fn first_cells(analysis: &Analysis, compared: usize) -> Row {
    let best = analysis.compared[compared].best;
    first_cells_of(analysis, compared, best.unwrap_or(analysis.configurations.len()))
}

/// The compared value and the other settings of one of its configurations.
pub(super) fn first_cells_of(analysis: &Analysis, compared: usize, configuration: usize) -> Row {
    let known = analysis.configurations.get(configuration);
    let settings = known.map(|known| analysis.other_settings(known)).unwrap_or_default();
    let text: Vec<String> = settings.iter().map(|(name, label)| format!("{name} {label}")).collect();
    let mut row = Row::default();
    row.text(&analysis.compared[compared].label).text(&text.join("; "));
    row
}

pub(super) fn spread<'a>(row: &'a mut Row, spread: &Spread) -> &'a mut Row {
    row.count(spread.values as u64).count(spread.worst as u64).spread(spread)
}
