//! Settings that define the task.

use crate::Metric;

/// The setting that splits the samples into training, validation and test set.
pub const SPLIT_SEED: &str = "split_seed";

/// The setting with the number of folds.
pub const FOLDS: &str = "folds";

/// The settings that define the task and its samples.
const OF_TASK: [&str; 8] =
    ["dataset", "validation", "test", "split", FOLDS, SPLIT_SEED, "label_noise", "feature_noise"];

/// Whether a setting changes the task or the data instead of the solution. Its values are problems. The program never
/// chooses among them, because the best value would only be the easiest problem.
pub fn makes_task(setting: &str) -> bool {
    OF_TASK.contains(&setting)
}

/// Whether values of `metric` have no common scale for different values of a setting.
pub fn changes_scale(setting: &str, metric: Metric) -> bool {
    setting == "dataset" || (setting == "loss" && metric.is_loss())
}
