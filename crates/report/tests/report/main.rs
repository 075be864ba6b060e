//! Whole reports of made-up experiments.

// Every item here is a test or supports one; `cfg(test)` makes this known to the lints.
#[cfg(test)]
mod checks;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod html;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod plots;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod speed;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod written;
