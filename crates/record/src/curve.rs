//! The evaluated epochs of a run.

use crate::Metric;
use serde::{Deserialize, Serialize};

/// Defines a row and a table of such rows from one list of columns.
macro_rules! columns {
    (
        $(#[$row_doc:meta])* row: $Row:ident,
        $(#[$table_doc:meta])* table: $Table:ident,
        counts: { $($(#[$count_doc:meta])* $count:ident,)+ }
        measured: { $($(#[$measured_doc:meta])* $measured:ident,)+ }
        clock: { $(#[$clock_doc:meta])* $clock:ident, }
    ) => {
        $(#[$row_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct $Row {
            $($(#[$count_doc])* pub $count: u64,)+
            $($(#[$measured_doc])* pub $measured: Option<f64>,)+
            $(#[$clock_doc])* pub $clock: Option<f64>,
        }

        impl $Row {
            /// The measured columns, without wall time.
            pub const MEASURED: [fn(&Self) -> Option<f64>; [$(stringify!($measured)),+].len()] =
                [$(|row| row.$measured),+];
        }

        $(#[$table_doc])*
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        pub struct $Table {
            $($(#[$count_doc])* pub $count: Vec<u64>,)+
            $($(#[$measured_doc])* #[serde(with = "crate::exact")] pub $measured: Vec<Option<f64>>,)+
            $(#[$clock_doc])* #[serde(with = "crate::exact")] pub $clock: Vec<Option<f64>>,
        }

        impl $Table {
            /// Adds a row.
            pub fn push(&mut self, row: $Row) {
                $(self.$count.push(row.$count);)+
                $(self.$measured.push(row.$measured);)+
                self.$clock.push(row.$clock);
            }

            /// A row.
            ///
            /// # Panics
            /// If `index >= self.len()`.
            pub fn row(&self, index: usize) -> $Row {
                $Row {
                    $($count: self.$count[index],)+
                    $($measured: self.$measured[index],)+
                    $clock: self.$clock[index],
                }
            }

            /// The length of each column.
            pub(crate) fn lengths(&self) -> impl Iterator<Item = usize> {
                [$(self.$count.len(),)+ $(self.$measured.len(),)+ self.$clock.len()].into_iter()
            }
        }
    };
}

/// The maximum number of rows of a [`Curve`], and of measurements in a [`ProbeTable`](crate::ProbeTable).
pub const MAX_POINTS: usize = 5_000;

columns! {
    /// One evaluated epoch.
    row: EpochRow,
    /// The evaluated epochs of a run, one list per column. `null` marks a value that was not measured.
    ///
    /// A run of up to [`MAX_POINTS`] evaluated epochs has a row for each. A longer run keeps every 2^k-th row, counted
    /// from epoch 0, with the smallest k that fits. It also keeps these rows:
    ///
    /// - epoch 0, the first evaluated epoch after it, and the last one;
    /// - the smallest and the largest value of each measured column (the first among equals);
    /// - the epoch that first reached the target;
    /// - the best epoch of early stopping.
    ///
    /// The kept rows depend only on the epochs and their values. No value is averaged.
    table: Curve,
    counts: {
        /// Epoch; 0 is before training.
        epoch,
        /// Parameter updates so far.
        steps,
        /// Training samples seen so far.
        samples,
        /// Cost so far: the forward pass of one sample is 1 unit, forward and backward are 3.
        cost_units,
    }
    measured: {
        /// Learning rate of the epoch's last step; `None` at epoch 0.
        learning_rate,
        /// Mean loss per training sample.
        train_loss,
        /// Fraction of training samples classified correctly; `None` for regression.
        train_accuracy,
        /// Mean loss per validation sample; `None` without a validation set.
        validation_loss,
        /// Fraction of validation samples classified correctly.
        validation_accuracy,
        /// Euclidean norm of the gradient of the epoch's last batch, before clipping; `None` at epoch 0.
        gradient_norm,
        /// Euclidean norm of all weights, without biases.
        weight_norm,
        /// The penalty's contribution to the loss in the cost; `None` without a penalty.
        penalty_value,
    }
    clock: {
        /// Wall time of training so far in seconds, without evaluations and probes. Like `wall_seconds`, it is not
        /// part of the result.
        seconds,
    }
}

impl Curve {
    /// Number of evaluated epochs, epoch 0 included.
    pub fn len(&self) -> usize {
        self.epoch.len()
    }

    /// Whether no epoch was evaluated.
    pub fn is_empty(&self) -> bool {
        self.epoch.is_empty()
    }

    /// The evaluated epochs in order.
    pub fn rows(&self) -> impl Iterator<Item = EpochRow> + '_ {
        (0..self.len()).map(|index| self.row(index))
    }

    /// One metric over the evaluated epochs.
    pub fn column(&self, metric: Metric) -> &[Option<f64>] {
        match metric {
            Metric::TrainLoss => &self.train_loss,
            Metric::TrainAccuracy => &self.train_accuracy,
            Metric::ValidationLoss => &self.validation_loss,
            Metric::ValidationAccuracy => &self.validation_accuracy,
        }
    }
}
