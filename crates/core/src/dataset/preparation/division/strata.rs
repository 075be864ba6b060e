//! Splits of single samples, class by class.

use super::{Set, Task};
use std::cmp::Reverse;

/// The set of each sample.
pub(super) fn assign(task: &Task<'_>) -> Vec<Set> {
    let mut sets = vec![Set::Train; task.order.len()];
    match task.fold {
        None => take(task, task.counts.test, Set::Test, &mut sets),
        Some((folds, tested)) => take_fold(task, folds, tested, &mut sets),
    }
    take(task, task.counts.validation, Set::Validation, &mut sets);
    sets
}

/// Moves `wanted` samples from the training set to another, of each class in proportion.
fn take(task: &Task<'_>, wanted: usize, into: Set, sets: &mut [Set]) {
    let mut available = vec![0; task.classes];
    let is_free = |sets: &[Set], row: usize| sets[row] == Set::Train;
    task.order.iter().filter(|row| is_free(sets, **row)).for_each(|row| available[task.class(*row)] += 1);
    let mut missing = by_largest_remainder(&available, wanted);
    for &row in &task.order {
        let missing = &mut missing[task.class(row)];
        if *missing > 0 && is_free(sets, row) {
            *missing -= 1;
            sets[row] = into;
        }
    }
}

/// The samples of each class for a set of `wanted` samples: `available_c · wanted / Σ available`, rounded by largest
/// remainder. The last sample of a class is taken only if no class has another to spare.
fn by_largest_remainder(available: &[usize], wanted: usize) -> Vec<usize> {
    let total = available.iter().sum::<usize>().max(1);
    // Products of two counts of samples: far below 2¹²⁸.
    let exact = |count: usize| count as u128 * wanted as u128;
    let mut taken: Vec<usize> =
        available.iter().map(|&count| (exact(count) / total as u128) as usize).collect();
    let mut classes: Vec<usize> = (0..available.len()).collect();
    classes.sort_by_key(|&class| (Reverse(exact(available[class]) % total as u128), class));
    let mut missing = wanted.saturating_sub(taken.iter().sum());
    for kept in [1, 0] {
        let mut is_stuck = false;
        while missing > 0 && !is_stuck {
            is_stuck = true;
            for &class in &classes {
                if missing > 0 && taken[class] + kept < available[class] {
                    taken[class] += 1;
                    (missing, is_stuck) = (missing - 1, false);
                }
            }
        }
    }
    taken
}

/// Moves a fold to the test set.
fn take_fold(task: &Task<'_>, folds: usize, tested: usize, sets: &mut [Set]) {
    let n = sets.len();
    if task.in_order {
        let start = |fold: usize| fold * (n / folds) + fold.min(n % folds);
        return sets[start(tested)..start(tested + 1)].fill(Set::Test);
    }
    // The place of the next sample of each class in the list of all samples, sorted by class.
    let mut places = vec![0; task.classes + 1];
    task.order.iter().for_each(|&row| places[task.class(row) + 1] += 1);
    (0..task.classes).for_each(|class| places[class + 1] += places[class]);
    for &row in &task.order {
        let place = &mut places[task.class(row)];
        if *place % folds == tested {
            sets[row] = Set::Test;
        }
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::by_largest_remainder;

    /// By hand: quotas 4.5, 2.7 and 1.8 of 9; 1.5 of 5 · 3 / 10, with the tie for the lowest class.
    #[test]
    fn remainders_are_given_to_the_largest() {
        assert_eq!(by_largest_remainder(&[50, 30, 20], 9), [4, 3, 2]);
        assert_eq!(by_largest_remainder(&[5, 5], 3), [2, 1]);
        assert_eq!(by_largest_remainder(&[], 0), [0; 0]);
    }

    #[test]
    fn the_last_sample_of_a_class_is_kept_if_another_can_spare_one() {
        // Quotas 1.2, 0.9, 0.9.
        assert_eq!(by_largest_remainder(&[4, 3, 3], 3), [1, 1, 1]);
        // Quotas 2.5, 0.5, 0.5, 0.5: the first class gives all but one, so that the others keep their only sample.
        assert_eq!(by_largest_remainder(&[5, 1, 1, 1], 4), [4, 0, 0, 0]);
        // No class can spare one: the larger remainder decides.
        assert_eq!(by_largest_remainder(&[2, 1, 1], 2), [1, 1, 0]);
    }
}
