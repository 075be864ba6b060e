//! The engine held against formulas, against a slower engine, against PyTorch, and against what it says of itself.
//!
//! | module | what is proven |
//! |---|---|
//! | `registry`, `documentation` | every item of every family can be named, written, read and looked up |
//! | `activations`, `outputs`, `losses`, `initializers`, `optimizers`, `schedules`, `datasets` | every item keeps its family's contract |
//! | `activation_numbers` | activations against hand calculations, at their limits, and by what they are known for |
//! | `precise` | activations and fused losses in the tails, against a table in arbitrary precision |
//! | `decompositions` | orthogonal factors and eigenvectors |
//! | `two_engines`, `differences`, `precisions` | gradients of whole networks |
//! | `faults`, `fault_numbers` | errors in the backward pass, made on purpose: where they have an effect, and which |
//! | `gradient_check` | that the check of gradients finds what is wrong, where it is, and nothing else |
//! | `pytorch` | activations, losses, initial weights, and ten updates of whole networks, against PyTorch |
//! | `steps`, `penalties`, `searches` | what a step does besides the gradient, and optimizers without one |
//! | `hessians`, `probes` | products with the Hessian, and what is measured while a network is trained |
//! | `properties` | what must hold of any network, whatever its numbers |
//! | `training`, `traces`, `stopping`, `cancelling`, `targets`, `divergence`, `batches`, `lessons` | what the training loop does, and how it ends |
//! | `preparation`, `whitening`, `noise`, `settings` | from samples to parts; settings as they are written |
//!
//! Items are taken from the registries: a new one is tested without a line here.

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
mod steps;
mod stopping;
mod targets;
mod traces;
mod training;
mod two_engines;
mod uncancelled;
mod watch;
mod whitening;
