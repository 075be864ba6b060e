//! The engine of chainrule: dense networks trained by backpropagation written by hand.
//!
//! The path of a training step, each stage a module:
//!
//! | module | what it does |
//! |---|---|
//! | [`dataset`] | makes the parts a network is trained, validated and tested on |
//! | [`network`] | parameters, forward pass, backward pass |
//! | [`activation`], [`output`], [`loss`] | the functions those passes apply |
//! | [`cost`] | what training minimises: losses, their reduction, the penalty |
//! | [`initializer`], [`optimizer`], [`schedule`], [`penalty`] | where parameters begin and how they move |
//! | [`train`](mod@train) | the training loop; there is one |
//! | [`probe`], [`hessian`] | what is measured meanwhile; the curvature of the cost |
//! | [`propagation`] | what theory expects before the first step |
//! | [`function`] | an activation or a loss by itself, point by point |
//! | [`gradient_check`] | holds a gradient against finite differences of the cost |
//! | [`reference`](mod@reference) | a second engine, slow and obvious, that the first is tested against |
//! | [`fault`](mod@fault) | errors in its backward pass, made on purpose |
//!
//! Each stage has its settings beside it: [`dataset::DataSettings`], [`network::ModelSettings`], [`train::TrainSettings`],
//! [`gradient_check::CheckSettings`].
//!
//! Below them: [`product`] (matrix products), [`decomposition`] (orthogonal factors, eigenvectors), [`math`] (elementary
//! functions), [`dual`] (numbers with a derivative), [`simd`] (vectorised loops), [`seed`] (random streams), [`cancel`]
//! (how long work ends early), [`registry`] (how a family of items becomes names, documentation and tests).
//!
//! The feature `lapack`, on by default, brings the probes that LAPACK measures. Without it nothing of the system is linked.
//!
//! **Architecture invariant.** Pure mathematics on typed settings: no files, no clock, no printing, every random
//! generator an argument. Nothing here knows another crate of the project, and a module knows only those before it in the
//! order of `tests/structure/order.rs`.

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

/// Version of the engine's results. A change that can move a single bit of a result raises it.
pub const RESULTS_VERSION: u32 = 3;
