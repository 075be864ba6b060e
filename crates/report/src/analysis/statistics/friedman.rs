//! Ranks over problems.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Of fewer problems χ² is no fair approximation.
pub(crate) const LEAST_PROBLEMS: usize = 11;
/// Two are compared by a sign test.
pub(crate) const LEAST_RANKED: usize = 3;

/// The rank of each value, 1 for the smallest; equal values share the mean of their ranks. Infinite values are equal.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + (equal as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// The mean rank of each column over the rows, which are all of one length.
pub(crate) fn mean_ranks(rows: &[Vec<f64>]) -> Vec<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    let ranked: Vec<Vec<f64>> = rows.iter().map(|row| ranks(row)).collect();
    let mean = |column: usize| ranked.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
    (0..columns).map(mean).collect()
}

/// p of the hypothesis that in every row each order of the k columns is equally likely, by Friedman's statistic
/// `12/(n·k·(k+1)) · Σ Rⱼ² − 3n(k+1)`, Rⱼ the sum of the ranks of a column over the n rows, divided by
/// `1 − Σ (t³ − t)/(n·k·(k² − 1))` for groups of t equal values, against χ² with k − 1 degrees of freedom. `None` of fewer than
/// [`LEAST_PROBLEMS`] rows or [`LEAST_RANKED`] columns, and where all values are equal.
///
/// Source: Friedman, *The use of ranks to avoid the assumption of normality* (1937); Demšar, *Statistical comparisons of
/// classifiers over multiple data sets* (2006), who asks for more than ten data sets, and better for more than five columns.
pub(crate) fn friedman_p(rows: &[Vec<f64>]) -> Option<f64> {
    let (n, k) = (rows.len(), rows.first()?.len());
    if n < LEAST_PROBLEMS || k < LEAST_RANKED {
        return None;
    }
    let ties: f64 = rows.iter().map(|row| ties(row)).sum();
    let (n, k) = (n as f64, k as f64);
    let correction = 1.0 - ties / (n * k * (k * k - 1.0));
    let squares: f64 = mean_ranks(rows).iter().map(|mean| (n * mean) * (n * mean)).sum();
    let statistic = (12.0 / (n * k * (k + 1.0)) * squares - 3.0 * n * (k + 1.0)) / correction;
    (correction > 0.0).then(|| ChiSquared::new(k - 1.0).ok().map(|chi| chi.sf(statistic.max(0.0)))).flatten()
}

/// `Σ (t³ − t)` over the groups of t equal values: a value in a group of t adds t² − 1.
fn ties(row: &[f64]) -> f64 {
    let group = |value: &f64| row.iter().filter(|other| *other == value).count() as f64;
    row.iter().map(|value| group(value) * group(value) - 1.0).sum()
}
