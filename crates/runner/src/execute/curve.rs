//! The curve of a running run.

use super::thinned::Thinned;
use chainrule_core::train::EpochMetrics;
use chainrule_record::{Curve, EpochRow};

/// The columns whose smallest and largest values are kept. Wall time is not a result and is left out.
const COLUMNS: [fn(&EpochRow) -> Option<f64>; EpochRow::MEASURED.len()] = EpochRow::MEASURED;

/// The first mark after the marks of each column's smallest and largest value.
const FIRST_TRAINED: usize = 2 * COLUMNS.len();
const TARGET: usize = FIRST_TRAINED + 1;
const BEST: usize = TARGET + 1;
const MARKS: usize = BEST + 1;

/// Evaluated epochs in bounded memory, as [`Curve`] describes it.
pub(super) struct LongCurve {
    rows: Thinned<EpochRow>,
    /// The smallest and the largest value of each column so far.
    extremes: [Option<(f64, f64)>; COLUMNS.len()],
}

impl LongCurve {
    pub(super) fn new() -> Self {
        Self { rows: Thinned::new(MARKS), extremes: [None; COLUMNS.len()] }
    }

    /// Adds an evaluated epoch; `seconds` is the wall time of training so far.
    pub(super) fn add(&mut self, metrics: &EpochMetrics, seconds: f64) {
        let row = row(metrics, seconds);
        let follows_epoch_0 = self.rows.last().is_some_and(|last| last.epoch == 0);
        self.rows.push(row);
        if follows_epoch_0 {
            self.rows.mark(FIRST_TRAINED);
        }
        if metrics.reaches_target {
            self.rows.mark(TARGET);
        }
        if metrics.is_best {
            self.rows.mark(BEST);
        }
        self.mark_extremes(&row);
    }

    /// Among equal values, the first is kept.
    fn mark_extremes(&mut self, row: &EpochRow) {
        for (index, (column, extremes)) in COLUMNS.iter().zip(&mut self.extremes).enumerate() {
            let Some(value) = column(row) else { continue };
            let (least, most) = extremes.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
            if value < least {
                self.rows.mark(2 * index);
            }
            if value > most {
                self.rows.mark(2 * index + 1);
            }
            *extremes = Some((least.min(value), most.max(value)));
        }
    }

    /// The curve of a completed run.
    pub(super) fn finish(self) -> Curve {
        let mut curve = Curve::default();
        self.rows.into_rows().for_each(|row| curve.push(row));
        curve
    }
}

fn row(metrics: &EpochMetrics, seconds: f64) -> EpochRow {
    EpochRow {
        epoch: metrics.epoch,
        steps: metrics.progress.steps,
        samples: metrics.progress.samples,
        cost_units: metrics.progress.cost_units,
        learning_rate: metrics.learning_rate,
        train_loss: Some(metrics.train.loss),
        train_accuracy: metrics.train.accuracy,
        validation_loss: metrics.validation.map(|score| score.loss),
        validation_accuracy: metrics.validation.and_then(|score| score.accuracy),
        gradient_norm: metrics.gradient_norm,
        weight_norm: Some(metrics.weight_norm),
        penalty_value: metrics.penalty_value,
        seconds: Some(seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainrule_core::train::{Progress, Score};
    use chainrule_record::MAX_POINTS;

    /// A pseudorandom number between 0 and 1.
    fn noise(seed: u64) -> f64 {
        let mixed = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn metrics(epoch: u64, target: u64, best: &[u64]) -> EpochMetrics {
        let score =
            |salt: u64| Score { loss: noise(8 * epoch + salt), accuracy: Some(noise(8 * epoch + salt + 1)) };
        EpochMetrics {
            epoch,
            progress: Progress { steps: 3 * epoch, samples: 9 * epoch, cost_units: 27 * epoch },
            learning_rate: (epoch > 0).then(|| noise(8 * epoch + 4)),
            train: score(0),
            validation: Some(score(2)),
            gradient_norm: (epoch > 0).then(|| noise(8 * epoch + 5)),
            weight_norm: noise(8 * epoch + 6),
            penalty_value: Some(noise(8 * epoch + 7)),
            is_best: best.contains(&epoch),
            reaches_target: epoch == target,
        }
    }

    /// Compares every row that an analysis may need with a search among all rows.
    #[test]
    fn what_may_be_asked_for_stays() {
        let (epochs, target, best) = (60_001, 12_345, [0, 4_321, 54_321]);
        let (mut curve, mut all) = (LongCurve::new(), Vec::new());
        for epoch in 0..epochs {
            let metrics = metrics(epoch, target, &best);
            curve.add(&metrics, 0.5);
            all.push(row(&metrics, 0.5));
        }
        let curve = curve.finish();
        assert!(curve.len() <= MAX_POINTS && curve.len() > MAX_POINTS / 3, "{}", curve.len());
        assert!(curve.epoch.is_sorted_by(|a, b| a < b));
        assert!(curve.rows().all(|row| row == all[row.epoch as usize]));
        for epoch in [0, 1, target, best[2], epochs - 1] {
            assert!(curve.epoch.binary_search(&epoch).is_ok(), "{epoch}");
        }
        for (index, column) in COLUMNS.iter().enumerate() {
            let ends = |rows: &mut dyn Iterator<Item = EpochRow>| {
                let values: Vec<f64> = rows.filter_map(|row| column(&row)).collect();
                let fold = |pick: fn(f64, f64) -> f64| values.iter().copied().reduce(pick).unwrap();
                (fold(f64::min), fold(f64::max))
            };
            assert_eq!(ends(&mut curve.rows()), ends(&mut all.iter().copied()), "column {index}");
        }
    }

    #[test]
    fn a_short_curve_has_every_epoch() {
        let mut curve = LongCurve::new();
        (0..MAX_POINTS as u64).for_each(|epoch| curve.add(&metrics(epoch, 7, &[9]), 0.0));
        assert_eq!(curve.finish().epoch, (0..MAX_POINTS as u64).collect::<Vec<_>>());
    }
}
