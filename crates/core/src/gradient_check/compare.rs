//! The errors of a tensor.

use super::outcome::{Errors, Worst, max_or_nan};

/// The floor of relative errors is at least this fraction of the tensor's largest difference.
const SHARE_OF_LARGEST: f64 = 0.01;

/// An entry as computed in two ways.
pub(super) struct Compared {
    /// Its index in the tensor.
    pub(super) index: usize,
    /// a, from the gradient.
    pub(super) analytic: f64,
    /// n, the difference.
    pub(super) numeric: f64,
    /// The possible effect of rounding on the difference.
    pub(super) noise: f64,
    /// A smaller entry is judged as if it had this size.
    pub(super) floor: f64,
}

impl Compared {
    /// Whether the difference may be only rounding. If the cost did not change at all, nothing was rounded.
    pub(super) fn is_below_noise(&self) -> bool {
        self.numeric != 0.0 && self.analytic.abs().max(self.numeric.abs()) < self.noise
    }
}

/// The errors of the compared entries, if any; `columns` is the width of a row of a matrix.
pub(super) fn errors(compared: &[Compared], columns: Option<usize>) -> Option<Errors> {
    let largest = compared.iter().fold(0.0, |largest: f64, entry| largest.max(entry.numeric.abs()));
    let floor = |entry: &Compared| (SHARE_OF_LARGEST * largest).max(entry.floor);
    let relative: Vec<f64> = compared.iter().map(|entry| relative_error(entry, floor(entry))).collect();
    let worst = (0..compared.len()).reduce(|worst, index| larger(&relative, worst, index))?;
    let disagree = compared.iter().filter(|entry| signs_disagree(entry, floor(entry))).count();
    Some(Errors {
        largest_absolute: compared.iter().map(absolute_error).fold(0.0, max_or_nan),
        largest_relative: relative[worst],
        median_relative: median(&relative),
        sign_disagreements: disagree as f64 / compared.len() as f64,
        worst: Worst {
            at: coordinates(compared[worst].index, columns),
            analytic: compared[worst].analytic,
            numeric: compared[worst].numeric,
        },
    })
}

fn absolute_error(entry: &Compared) -> f64 {
    (entry.analytic - entry.numeric).abs()
}

/// `|a − n| / max(|a|, |n|, floor)`; 0 if a equals n.
fn relative_error(entry: &Compared, floor: f64) -> f64 {
    if entry.analytic == entry.numeric {
        return 0.0;
    }
    absolute_error(entry) / entry.analytic.abs().max(entry.numeric.abs()).max(floor)
}

/// Whether an entry is large enough to have a reliable sign, and the difference has the other sign.
fn signs_disagree(entry: &Compared, floor: f64) -> bool {
    let is_large = entry.analytic.abs().max(entry.numeric.abs()) > floor;
    let sign = |x: f64| x.partial_cmp(&0.0);
    is_large && sign(entry.analytic) != sign(entry.numeric)
}

/// The index of the larger number; NaN counts as the largest.
fn larger(values: &[f64], a: usize, b: usize) -> usize {
    if values[b] > values[a] || (values[b].is_nan() && !values[a].is_nan()) { b } else { a }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { 0.5 * (sorted[middle - 1] + sorted[middle]) }
}

/// Row and column of an entry of a matrix; otherwise only the index. Counted from 0.
fn coordinates(index: usize, columns: Option<usize>) -> Vec<usize> {
    match columns {
        Some(columns) => vec![index / columns, index % columns],
        None => vec![index],
    }
}
