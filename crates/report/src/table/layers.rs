//! `layers.csv`: a row per run and layer.

use super::{Row, Table};
use crate::analysis::Analysis;
use chainrule_record::LayerRow;

/// After `run_id`, the settings that vary, and `seed`.
const MEASURED: [&str; 6] =
    ["layer", "n_in", "n_out", "largest_singular_value", "smallest_singular_value", "condition_number"];

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let factors = &analysis.grid.factors;
    let names = factors.iter().map(|factor| factor.setting.as_str());
    Row::titles(["run_id"].into_iter().chain(names).chain(["seed"]).chain(MEASURED)).write(table)?;
    for run in analysis.records {
        let levels = analysis.grid.locate(&run.spec);
        let labels = levels.iter().enumerate().map(|(factor, level)| analysis.grid.label(factor, *level));
        let labels: Vec<&str> = labels.collect();
        for layer in &run.layers {
            let mut row = Row::default();
            row.text(&run.run_id.to_string()).texts(labels.iter().copied()).count(run.spec.seed());
            measured(&mut row, layer).write(table)?;
        }
    }
    Ok(())
}

fn measured<'a>(row: &'a mut Row, layer: &LayerRow) -> &'a mut Row {
    let values = &layer.singular_values;
    row.count(layer.layer).count(layer.n_in).count(layer.n_out);
    row.number(values.first().copied()).number(values.last().copied()).number(layer.condition_number())
}
