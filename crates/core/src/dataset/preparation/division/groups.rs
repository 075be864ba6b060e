//! Splits of whole groups.

use super::{Set, Task, strata};
use crate::error::DataError;
use std::collections::BTreeMap;

/// The set of each sample, with every group in one set.
///
/// # Errors
/// If there are too few groups for the requested sets.
pub(super) fn assign(task: &Task<'_>, of: &[u32]) -> Result<Vec<Set>, DataError> {
    let groups = Groups::new(task, of);
    let sets =
        if task.in_order { groups.by_last_sample(&strata::assign(task)) } else { groups.draw(task)? };
    let mut of_samples = vec![Set::Train; task.order.len()];
    for (rows, set) in groups.rows.iter().zip(sets) {
        rows.iter().for_each(|&row| of_samples[row] = set);
    }
    groups.check(task, &of_samples)?;
    Ok(of_samples)
}

/// The samples of each group and their numbers by class. Groups and samples are in the order of the split.
struct Groups {
    rows: Vec<Vec<usize>>,
    counts: Vec<BTreeMap<usize, usize>>,
}

impl Groups {
    fn new(task: &Task<'_>, of: &[u32]) -> Self {
        let (mut places, mut rows) = (BTreeMap::new(), Vec::<Vec<usize>>::new());
        for &row in &task.order {
            let place = *places.entry(of[row]).or_insert(rows.len());
            if place == rows.len() {
                rows.push(Vec::new());
            }
            rows[place].push(row);
        }
        let count = |rows: &Vec<usize>| {
            let mut counts = BTreeMap::new();
            rows.iter().for_each(|&row| *counts.entry(task.class(row)).or_default() += 1);
            counts
        };
        Self { counts: rows.iter().map(count).collect(), rows }
    }

    /// The set of each group's last sample, which comes first in this order.
    fn by_last_sample(&self, sets: &[Set]) -> Vec<Set> {
        self.rows.iter().map(|rows| sets[rows[0]]).collect()
    }

    fn draw(&self, task: &Task<'_>) -> Result<Vec<Set>, DataError> {
        let (counts, n) = (task.counts, task.order.len() as f64);
        let all: Vec<usize> = (0..self.rows.len()).collect();
        let mut sets = vec![Set::Train; all.len()];
        let fractions =
            [(Set::Train, counts.train), (Set::Validation, counts.validation), (Set::Test, counts.test)];
        let wanted = |sets: &[(Set, usize)], n: f64| {
            let wanted = sets.iter().filter(|(_, count)| *count > 0);
            wanted.map(|(set, count)| (*set, *count as f64 / n)).collect::<Vec<_>>()
        };
        let Some((folds, tested)) = task.fold else {
            let chosen = self.spread(task, &all, &wanted(&fractions, n))?;
            return Ok(chosen);
        };
        let equal: Vec<(usize, f64)> = (0..folds).map(|fold| (fold, 1.0 / folds as f64)).collect();
        let folds = self.spread(task, &all, &equal)?;
        let (test, rest): (Vec<usize>, Vec<usize>) =
            all.into_iter().partition(|group| folds[*group] == tested);
        test.iter().for_each(|&group| sets[group] = Set::Test);
        let left = (counts.train + counts.validation) as f64;
        let chosen = self.spread(task, &rest, &wanted(&fractions[..2], left))?;
        rest.iter().zip(chosen).for_each(|(&group, set)| sets[group] = set);
        Ok(sets)
    }

    /// Spreads some groups over sets with these fractions; see [`divide`](super::divide).
    fn spread<S: Copy>(
        &self,
        task: &Task<'_>,
        groups: &[usize],
        sets: &[(S, f64)],
    ) -> Result<Vec<S>, DataError> {
        if groups.len() < sets.len() {
            return Err(DataError::FewGroups { groups: groups.len(), sets: sets.len() });
        }
        let mut totals = vec![0.0; task.classes];
        let counts = |group: usize| self.counts[group].iter().map(|(&class, &count)| (class, count as f64));
        groups.iter().flat_map(|&group| counts(group)).for_each(|(class, count)| totals[class] += count);
        let mut shares = vec![vec![0.0; task.classes]; sets.len()];
        let mut is_empty = vec![true; sets.len()];
        let mut chosen = Vec::with_capacity(groups.len());
        for (place, &group) in groups.iter().enumerate() {
            let must_fill = groups.len() - place <= is_empty.iter().filter(|empty| **empty).count();
            // The change of Σ (share − p)² if the group goes to the set.
            let change = |set: usize| -> f64 {
                let term = |(class, count): (usize, f64)| {
                    let share = count / totals[class];
                    share * (2.0 * (shares[set][class] - sets[set].1) + share)
                };
                counts(group).map(term).sum()
            };
            let open = (0..sets.len()).filter(|set| !must_fill || is_empty[*set]);
            let best = open.min_by(|a, b| change(*a).total_cmp(&change(*b))).unwrap_or_default();
            counts(group).for_each(|(class, count)| shares[best][class] += count / totals[class]);
            is_empty[best] = false;
            chosen.push(sets[best].0);
        }
        Ok(chosen)
    }

    /// Whether every requested set has samples.
    fn check(&self, task: &Task<'_>, sets: &[Set]) -> Result<(), DataError> {
        let wanted = [
            (Set::Train, task.counts.train),
            (Set::Validation, task.counts.validation),
            (Set::Test, task.counts.test),
        ];
        let requested = wanted.iter().filter(|(_, count)| *count > 0);
        if requested.clone().all(|(set, _)| sets.contains(set)) {
            return Ok(());
        }
        Err(DataError::FewGroups { groups: self.rows.len(), sets: requested.count() })
    }
}
