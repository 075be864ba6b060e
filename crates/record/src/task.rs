//! Settings that make the task.

use crate::Metric;

/// The setting that divides the samples into training, validation and test set.
pub const SPLIT_SEED: &str = "split_seed";

/// The settings that define what is learnt from which samples.
const OF_TASK: [&str; 6] = ["dataset", "validation", "test", SPLIT_SEED, "label_noise", "feature_noise"];

/// Whether a setting changes the task or the data instead of the way to solve it. Its values are problems: the best of them
/// would be the easiest, so none is ever chosen.
pub fn makes_task(setting: &str) -> bool {
    OF_TASK.contains(&setting)
}

/// Whether values of `metric` under different values of a setting have no common scale.
pub fn changes_scale(setting: &str, metric: Metric) -> bool {
    setting == "dataset" || (setting == "loss" && metric.is_loss())
}
