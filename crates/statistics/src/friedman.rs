//! Ranks over problems.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// With fewer problems χ² is a poor approximation.
pub const MIN_PROBLEMS: usize = 11;

/// Fewer than three values are compared by a sign test instead.
pub const MIN_RANKED: usize = 3;

/// The rank of each value, 1 for the smallest. Equal values share the mean of their ranks; infinite values are equal.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + (equal as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// The mean rank of each column over the rows. All rows have the same length.
pub fn mean_ranks(rows: &[Vec<f64>]) -> Vec<f64> {
    let columns = rows.iter().map(Vec::len).min().unwrap_or(0);
    let ranked: Vec<Vec<f64>> = rows.iter().map(|row| ranks(row)).collect();
    let mean = |column: usize| ranked.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
    (0..columns).map(mean).collect()
}

/// Friedman's p of the hypothesis that in every row each order of the k columns is equally likely.
///
/// The statistic is `12/(n·k·(k+1)) · Σ Rⱼ² − 3n(k+1)`, where Rⱼ is the sum of the ranks of column j over the n rows. It is
/// divided by `1 − Σ (t³ − t)/(n·k·(k² − 1))` for groups of t equal values, and compared with χ² of k − 1 degrees of freedom.
/// `None` for fewer than [`MIN_PROBLEMS`] rows or [`MIN_RANKED`] columns, and if all values of each row are equal.
///
/// Assumes independent rows. Sources: Friedman, *The use of ranks to avoid the assumption of normality* (1937); Demšar,
/// *Statistical comparisons of classifiers over multiple data sets* (2006), who asks for more than ten data sets, and better for
/// more than five columns.
pub fn friedman_p(rows: &[Vec<f64>]) -> Option<f64> {
    let (n, k) = (rows.len(), rows.first()?.len());
    if n < MIN_PROBLEMS || k < MIN_RANKED {
        return None;
    }
    let ties: f64 = rows.iter().map(|row| ties(row)).sum();
    let (n, k) = (n as f64, k as f64);
    let correction = 1.0 - ties / (n * k * (k * k - 1.0));
    let squares: f64 = mean_ranks(rows).iter().map(|mean| (n * mean) * (n * mean)).sum();
    let statistic = (12.0 / (n * k * (k + 1.0)) * squares - 3.0 * n * (k + 1.0)) / correction;
    (correction > 0.0).then(|| ChiSquared::new(k - 1.0).ok().map(|chi| chi.sf(statistic.max(0.0)))).flatten()
}

/// `Σ (t³ − t)` over the groups of t equal values: each value in a group of t adds t² − 1.
fn ties(row: &[f64]) -> f64 {
    let group = |value: &f64| row.iter().filter(|other| *other == value).count() as f64;
    row.iter().map(|value| group(value) * group(value) - 1.0).sum()
}
