//! Shifts and factors of features, fitted on the training part.

use crate::dataset::Features;

/// The mean of each feature over `rows`; of a feature that is constant there, its very value.
pub(super) fn means(features: &Features, rows: &[usize]) -> Vec<f64> {
    let (mut means, mut room) = (vec![0.0; features.ncols()], Vec::new());
    for &row in rows {
        means.iter_mut().zip(features.row(row, &mut room)).for_each(|(mean, x)| *mean += x);
    }
    means.iter_mut().for_each(|mean| *mean /= rows.len() as f64);
    // Rounding gives the mean of equal numbers an error, which would pass for variance.
    for (column, mean) in means.iter_mut().enumerate() {
        let first = features.at(rows[0], column);
        if rows.iter().all(|&row| features.at(row, column) == first) {
            *mean = first;
        }
    }
    means
}

/// The least value of each feature over `rows` and 1/(greatest − least): what brings it to [0, 1]. The factor of a feature
/// that is constant there is 1.
pub(super) fn ranges(features: &Features, rows: &[usize]) -> (Vec<f64>, Vec<f64>) {
    let mut room = Vec::new();
    let mut least = features.row(rows[0], &mut room).to_vec();
    let mut greatest = least.clone();
    for &row in rows {
        for ((least, greatest), &x) in least.iter_mut().zip(&mut greatest).zip(features.row(row, &mut room)) {
            (*least, *greatest) = (least.min(x), greatest.max(x));
        }
    }
    // A range of which the reciprocal is no number is too small to be one.
    let factor = |(least, greatest): (&f64, f64)| Some(1.0 / (greatest - least)).filter(|x| x.is_finite());
    let factors = least.iter().zip(greatest).map(|pair| factor(pair).unwrap_or(1.0)).collect();
    (least, factors)
}

/// 1/σ of each feature over `rows`, with the variance `σ² = 1/n · Σ (x − mean)²`; 1 where σ is 0.
pub(super) fn inverse_deviations(features: &Features, rows: &[usize], means: &[f64]) -> Vec<f64> {
    let (mut squares, mut room) = (vec![0.0; features.ncols()], Vec::new());
    for &row in rows {
        let pairs = squares.iter_mut().zip(means).zip(features.row(row, &mut room));
        pairs.for_each(|((squares, mean), x)| *squares += (x - mean) * (x - mean));
    }
    let n = rows.len() as f64;
    let inverse = |squares: f64| if squares == 0.0 { 1.0 } else { 1.0 / (squares / n).sqrt() };
    squares.into_iter().map(inverse).collect()
}
