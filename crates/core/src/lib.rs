//! The engine of chainrule: dense networks trained by handwritten backpropagation.
//!
//! The stages of a training step, each in a module:
//!
//! | module | purpose |
//! |---|---|
//! | [`dataset`] | makes the training, validation and test sets |
//! | [`network`] | parameters, forward pass, backward pass |
//! | [`activation`], [`output`], [`loss`] | the functions that these passes apply |
//! | [`cost`] | the quantity that training minimises: losses, their reduction, the penalty |
//! | [`initializer`], [`optimizer`], [`schedule`], [`penalty`] | the initial parameters and their updates |
//! | [`train`](mod@train) | the training loop; there is one |
//! | [`probe`], [`hessian`] | measurements during training; the curvature of the cost |
//! | [`propagation`] | the predictions of theory before the first step |
//! | [`function`] | an activation or a loss at given points, for plots |
//! | [`gradient_check`] | compares a gradient with finite differences of the cost |
//! | [`reference`](mod@reference) | a second engine, slow and obvious, for tests of the first |
//! | [`fault`](mod@fault) | deliberate errors in its backward pass |
//!
//! The settings of each stage are in its module: [`dataset::DataSettings`], [`network::ModelSettings`],
//! [`train::TrainSettings`], [`gradient_check::CheckSettings`].
//!
//! The stages use: [`product`] (matrix products), [`decomposition`] (orthogonal factors, eigenvectors), [`math`]
//! (elementary functions), [`dual`] (numbers with a derivative), [`simd`] (vectorised loops), [`seed`] (random
//! streams), [`cancel`] (early end of long work), [`registry`] (names, documentation and tests of a family of items).
//!
//! The feature `lapack`, on by default, adds the probes that LAPACK measures. Without it, no system library is linked.
//!
//! **Architecture invariant.** Pure mathematics on typed settings: no files, no clock, no printing, and every random
//! generator is an argument. This crate does not depend on any other crate of the project. A module depends only on
//! earlier modules in the order of `tests/structure/order.rs`.

pub mod activation;
pub mod cancel;
pub mod cost;
pub mod dataset;
pub mod decomposition;
pub mod dual;
pub mod error;
pub mod fault;
pub mod function;
pub mod gradient_check;
pub mod hessian;
pub mod initializer;
#[cfg_attr(not(feature = "lapack"), path = "linalg_missing.rs")]
pub mod linalg;
pub mod loss;
pub mod math;
pub mod network;
pub mod optimizer;
pub mod output;
pub mod penalty;
pub mod probe;
pub mod product;
pub mod propagation;
pub mod real;
pub mod reference;
pub mod registry;
pub mod schedule;
pub mod seed;
pub mod simd;
pub mod train;
mod word;

/// Version of the engine's results. Any change that can alter a single bit of a result increases it.
pub const RESULTS_VERSION: u32 = 4;
