//! Compares two results folders, configuration by configuration. Nothing is chosen, so the planned seeds may judge.

use super::comparisons::{Pairs, standing};
use super::configuration::Configuration;
use super::{Analysis, Standing};
use chainrule_statistics::{LEVEL, Paired, fewest_pairs, holm, paired};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Every configuration that both folders have.
pub(crate) struct Matched {
    /// The factors that distinguish the runs within a folder, without the folder and the settings that depend on it.
    pub(crate) factors: Vec<usize>,
    /// Sorted by p, then by the difference of the medians relative to their size, largest first.
    pub(crate) rows: Vec<MatchedRow>,
    /// The number of configurations that only one folder has.
    pub(crate) single: usize,
}

/// A configuration in both folders.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MatchedRow {
    /// The index of the configuration from the first folder, and from the second.
    pub(crate) both: [usize; 2],
    /// The differences in the metric, positive if the second folder is better.
    pub(crate) paired: Paired,
    /// p, by Holm's method over all rows.
    pub(crate) adjusted: Option<f64>,
    /// How the second compares with the first.
    pub(crate) standing: Standing,
}

impl Matched {
    /// `None` unless two folders are compared and at least one has several configurations.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        let folder = analysis.grid.compare.filter(|_| analysis.compares_folders)?;
        if analysis.spans_datasets() || analysis.compared.iter().all(|one| one.configurations.len() <= 1) {
            return None;
        }
        let factors: Vec<usize> =
            analysis.grid.others(&[folder]).filter(|factor| !analysis.follows_compared(*factor)).collect();
        let mut found: BTreeMap<Vec<usize>, [Option<usize>; 2]> = BTreeMap::new();
        for (index, one) in analysis.configurations.iter().enumerate() {
            let key =
                factors.iter().map(|factor| analysis.grid.place(*factor, one.levels[*factor])).collect();
            if let Some(place) = found.entry(key).or_default().get_mut(one.levels[folder]) {
                *place = Some(index);
            }
        }
        let in_both = found.values().filter_map(|[first, second]| Some([(*first)?, (*second)?]));
        let mut rows: Vec<MatchedRow> = in_both.map(|both| row(analysis, both)).collect();
        decide(analysis, &mut rows);
        let single = found.len() - rows.len();
        Some(Self { factors, rows, single })
    }

    /// The number of configurations in which the second has the better median, and the worse median. A missing median
    /// ranks worst.
    pub(crate) fn sides(&self, analysis: &Analysis) -> (usize, usize) {
        let metric = analysis.info.metric;
        let sides = || {
            let of = |row: &MatchedRow| {
                let [first, second] = row.both.map(|index| &analysis.configurations[index]);
                second.compare(first, metric)
            };
            self.rows.iter().map(of)
        };
        let count = |side| sides().filter(|found| *found == side).count();
        (count(Ordering::Less), count(Ordering::Greater))
    }

    /// The smallest number of seeds that can decide a single configuration.
    pub(crate) fn fewest_seeds(&self) -> usize {
        fewest_pairs((1.0 - LEVEL) / self.rows.len().max(1) as f64)
    }

    /// The number of configurations with this result.
    pub(crate) fn count(&self, standing: Standing) -> usize {
        self.rows.iter().filter(|row| row.standing == standing).count()
    }
}

fn row(analysis: &Analysis, both: [usize; 2]) -> MatchedRow {
    let metric = analysis.info.metric;
    let [first, second]: [&Configuration; 2] = both.map(|index| &analysis.configurations[index]);
    let pairs = Pairs::of(&analysis.grid, metric, second, first);
    MatchedRow {
        both,
        paired: paired(&pairs.differences, pairs.lost > 0),
        adjusted: None,
        standing: Standing::Undecided,
    }
}

/// Adjusts p over all rows, decides, and sorts.
fn decide(analysis: &Analysis, rows: &mut [MatchedRow]) {
    let p: Vec<f64> = rows.iter().filter_map(|row| row.paired.p).collect();
    let tested = rows.iter_mut().filter(|row| row.paired.p.is_some());
    tested.zip(holm(&p)).for_each(|(row, adjusted)| row.adjusted = Some(adjusted));
    rows.iter_mut().for_each(|row| row.standing = standing(&row.paired, row.adjusted, analysis.info.margin));
    let p = |row: &MatchedRow| row.paired.p.unwrap_or(f64::INFINITY);
    let change = |row: &MatchedRow| {
        let median = |index: usize| analysis.configurations[index].final_metric(analysis.info.metric).median;
        let [Some(first), Some(second)] = row.both.map(median) else { return f64::INFINITY };
        (second - first).abs() / first.abs().max(second.abs()).max(f64::MIN_POSITIVE)
    };
    rows.sort_by(|a, b| p(a).total_cmp(&p(b)).then(change(b).total_cmp(&change(a))));
}
