//! The kinds of experiments.

use crate::named::named;

named! {
    /// The kind of work that the runs of an experiment do.
    pub enum ExperimentKind {
        /// They train a network.
        Train = "train",
        /// They compare gradients with finite differences.
        GradientCheck = "gradient_check",
        /// They evaluate a function and its derivative, without a network.
        Function = "function",
    }
}
