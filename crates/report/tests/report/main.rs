//! Whole reports of made-up experiments.

mod pages;
mod plots;
#[path = "../support/mod.rs"]
mod support;
mod written;
