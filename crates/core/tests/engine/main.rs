//! The engine, compared with formulas, a slower engine, PyTorch, and its own documentation.
//!
//! | module | subject |
//! |---|---|
//! | `registry`, `documentation` | every item of every family can be named, written, read and looked up |
//! | `activations`, `outputs`, `losses`, `initializers`, `optimizers`, `schedules`, `datasets` | every item keeps its family's contract |
//! | `activation_numbers` | activations: hand calculations, limits, and known properties |
//! | `precise` | activations and fused losses in the tails, compared with a table in arbitrary precision |
//! | `decompositions` | orthogonal factors and eigenvectors |
//! | `two_engines`, `differences`, `precisions` | gradients of whole networks |
//! | `faults`, `fault_numbers` | deliberate errors in the backward pass: their effects, and where they have none |
//! | `gradient_check` | the gradient check finds each error, in the right place, and nothing else |
//! | `pytorch` | activations, losses, initial weights, and ten updates of whole networks, compared with PyTorch |
//! | `steps`, `penalties`, `searches` | the parts of a step besides the gradient, and optimizers without one |
//! | `hessians`, `probes` | products with the Hessian, and measurements during training |
//! | `properties` | properties of every network, for any numbers |
//! | `training`, `traces`, `stopping`, `cancelling`, `targets`, `divergence`, `batches`, `lessons` | the training loop, and how it ends |
//! | `splits`, `preparation`, `tables`, `whitening`, `noise`, `settings` | from samples to sets; settings as written |
//!
//! Items come from the registries: a new one is tested without a line here.

#![expect(clippy::unwrap_used, reason = "where a test cannot go on, it panics")]

mod activation_numbers;
mod activations;
mod batches;
mod cancelling;
mod datasets;
mod decompositions;
mod differences;
mod divergence;
mod documentation;
mod draws;
mod fault_numbers;
mod faults;
mod gradient_check;
mod hessians;
mod initializers;
mod items;
mod lessons;
mod losses;
mod noise;
mod numeric;
mod optimizers;
mod outcomes;
mod outputs;
mod penalties;
mod precise;
mod precisions;
mod preparation;
mod probes;
mod properties;
mod pytorch;
mod random_nets;
mod registry;
mod schedules;
mod searches;
mod settings;
mod splits;
mod steps;
mod stopping;
mod tables;
mod targets;
mod traces;
mod training;
mod two_engines;
mod uncancelled;
mod watch;
mod whitening;
