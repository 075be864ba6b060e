//! From an experiment file to run records.
//!
//! | stage | module | result |
//! |---|---|---|
//! | parse | [`spec::parse`] | a tree of values with their places in the file; nothing filled in |
//! | check | [`spec::check`] | an [`Experiment`](spec::Experiment): complete and valid; the only way to get one |
//! | expand | [`plan`] | a [`Plan`](plan::Plan): the run specifications, with the data they need |
//! | execute | [`execute`] | run records, in parallel |
//! | store | [`store`] | records durable on disk; stored runs are not run again |
//!
//! [`file`](mod@file) reads untrusted files. [`weights`] writes and reads files of trained weights, and [`evaluate`]
//! runs the forward pass of such a file.
//!
//! [`memory`] estimates the memory of a plan and determines the available memory.
//!
//! [`reference`](mod@reference) generates the documentation of the experiment language from the tables that check it.

pub mod data;
pub mod evaluate;
pub mod execute;
pub mod file;
pub mod memory;
pub mod plan;
pub mod provenance;
pub mod reference;
pub mod spec;
pub mod store;
pub mod weights;
