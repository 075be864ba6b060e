//! `layers.csv`: a row per run, measurement and layer.

use super::{Row, Table};
use crate::analysis::{Analysis, probe_names};
use chainrule_record::RunRecord;

/// After `run_id`, the settings that vary, and `seed`. Then a column for each number that a probe measured of layers, and one
/// for each that theory expects, with `expected_` before its name.
const WHERE: [&str; 5] = ["epoch", "step", "layer", "n_in", "n_out"];

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let names = analysis.grid.all_factors().map(|factor| factor.setting.as_str());
    let probes = probe_names(analysis, true);
    let is_expected = |name: &&str| {
        let mut predicted = analysis.records.iter().flat_map(|run| &run.probes.predicted);
        predicted.any(|known| known.probe == **name)
    };
    let expected: Vec<&str> = probes.iter().copied().filter(is_expected).collect();
    let titles = expected.iter().map(|name| format!("expected_{name}")).collect::<Vec<_>>();
    let first = ["run_id"].into_iter().chain(names).chain(["seed"]).chain(WHERE);
    let all = first.chain(probes.iter().copied()).chain(titles.iter().map(String::as_str));
    Row::titles(all).write(table)?;
    for run in analysis.records {
        let labels = analysis.grid.labels(&run.spec);
        for measurement in 0..run.probes.len() {
            for layer in 1..=run.probes.layers.len() {
                let mut row = Row::default();
                row.text(&run.run_id.to_string()).texts(labels.iter().copied()).count(run.spec.seed());
                measured(&mut row, run, (measurement, layer as u64), &probes);
                for name in &expected {
                    let known = run.probes.predicted(name, layer as u64);
                    row.number(known.filter(|_| run.probes.step[measurement] == 0));
                }
                row.write(table)?;
            }
        }
    }
    Ok(())
}

fn measured(row: &mut Row, run: &RunRecord, (measurement, layer): (usize, u64), probes: &[&str]) {
    let shape = run.probes.layers[layer as usize - 1];
    row.count(run.probes.epoch[measurement]).count(run.probes.step[measurement]);
    row.count(layer).count(shape.n_in).count(shape.n_out);
    for name in probes {
        row.measured(run.probes.value(name, layer, measurement));
    }
}
