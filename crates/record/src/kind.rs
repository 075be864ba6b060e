//! The kinds of experiments.

use crate::named::named;

named! {
    /// What the runs of an experiment do.
    pub enum ExperimentKind {
        /// They train a network.
        Train = "train",
        /// They compare gradients with finite differences.
        GradientCheck = "gradient_check",
        /// They follow a function and its derivative: there is no network.
        Function = "function",
    }
}
