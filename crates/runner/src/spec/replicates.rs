//! Settings that make replicates: `folds` and `split_seed`.

use super::check::Checker;
use super::diagnostic::Diagnostic;
use super::experiment::{Axis, Grid, Point};
use super::label::label;
use super::language::setting;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

impl Checker<'_> {
    /// The seeds, and with folds the fraction in the test set.
    ///
    /// Each fold is the test set of one replicate, so `test` is 1/k, and without `seeds` there are k replicates.
    pub(super) fn replicates(
        &mut self,
        grids: &[Grid],
        fixed: &mut BTreeMap<&'static str, Point>,
        seeds: Vec<u64>,
    ) -> Vec<u64> {
        self.axes_of_replicates(grids);
        let Some(folds) = fixed.get("folds").and_then(|point| point.value.as_u64()) else { return seeds };
        let axis = grids.iter().find_map(|grid| axis(grid, "test")).map(|axis| axis.span.clone());
        if let Some(span) = fixed.get("test").and_then(|point| point.span.clone()).or(axis) {
            let message = "`folds` and `test` exclude each other: each fold is the test set of one replicate";
            self.error(Diagnostic::new(message, &span, "not used").help("remove `test` or `folds`"));
        }
        if let Some(test) = setting("test") {
            let value = json!(1.0 / folds as f64);
            fixed.insert("test", Point { label: label(&test.kind, &value), value, span: None });
        }
        self.whole_folds(folds, "confirm_seeds");
        match self.root_entry("seeds") {
            None => (0..folds).collect(),
            Some(entry) if !covers(&seeds, folds) => {
                let message = format!("`seeds` must cover every fold: `folds = {folds}`");
                let error = Diagnostic::new(message, &entry.value.span, "leaves out folds");
                self.error(error.help(format!("use seeds = {folds}, or a multiple of {folds}")));
                seeds
            }
            Some(_) => seeds,
        }
    }

    /// Checks that a number of seeds in [analysis] is a multiple of the folds.
    fn whole_folds(&mut self, folds: u64, key: &str) {
        let Some(analysis) = self.root_entry("analysis") else { return };
        let Some(entry) = analysis.value.entries().iter().find(|entry| entry.key == key) else { return };
        if matches!(entry.value.value, super::parse::NodeValue::Integer(n) if n % i128::from(folds) != 0) {
            let message = format!("`{key}` must cover every fold: `folds = {folds}`");
            let error = Diagnostic::new(message, &entry.value.span, "leaves out folds");
            self.error(error.help(format!("use a multiple of {folds}")));
        }
    }

    /// Axes that would change the meaning of a replicate within one experiment.
    fn axes_of_replicates(&mut self, grids: &[Grid]) {
        for grid in grids {
            if let Some(axis) = axis(grid, "folds") {
                let error = Diagnostic::new("`folds` cannot be an axis", &axis.span, "one value only");
                self.error(error.help("set it in [data]: every configuration is trained on all folds"));
            }
            let Some(splits) = axis(grid, "split_seed") else { continue };
            let is_word = |point: &&Point| point.value.is_string();
            if let Some(span) = splits.points.iter().find(is_word).and_then(|point| point.span.as_ref()) {
                let message = "an axis of `split_seed` has numbers only";
                let error = Diagnostic::new(message, span, "not a number");
                self.error(error.help("\"replicate\" is the default: each replicate has its own split"));
            }
        }
    }
}

fn axis<'a>(grid: &'a Grid, name: &str) -> Option<&'a Axis> {
    grid.axes.iter().find(|axis| axis.setting.name == name)
}

/// Whether the replicates make whole sets of folds: if one from m·k to m·k + k − 1 is there, all are.
fn covers(seeds: &[u64], folds: u64) -> bool {
    let mut sets: HashMap<u64, u64> = HashMap::new();
    seeds.iter().for_each(|seed| *sets.entry(seed / folds).or_default() += 1);
    sets.values().all(|count| *count == folds)
}
