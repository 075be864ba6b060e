//! Shifts and factors of features, fitted on the training part.

use ndarray::ArrayView2;

/// The mean of each feature over `rows`; of a feature that is constant there, its very value.
pub(super) fn means(features: ArrayView2<'_, f64>, rows: &[usize]) -> Vec<f64> {
    let mut means = vec![0.0; features.ncols()];
    for &row in rows {
        means.iter_mut().zip(features.row(row)).for_each(|(mean, x)| *mean += x);
    }
    means.iter_mut().for_each(|mean| *mean /= rows.len() as f64);
    // Rounding gives the mean of equal numbers an error, which would pass for variance.
    for (column, mean) in means.iter_mut().enumerate() {
        let first = features[[rows[0], column]];
        if rows.iter().all(|&row| features[[row, column]] == first) {
            *mean = first;
        }
    }
    means
}

/// The least value of each feature over `rows` and 1/(greatest − least): what brings it to [0, 1]. The factor of a feature
/// that is constant there is 1.
pub(super) fn ranges(features: ArrayView2<'_, f64>, rows: &[usize]) -> (Vec<f64>, Vec<f64>) {
    let mut least = features.row(rows[0]).to_vec();
    let mut greatest = least.clone();
    for &row in rows {
        for ((least, greatest), &x) in least.iter_mut().zip(&mut greatest).zip(features.row(row)) {
            (*least, *greatest) = (least.min(x), greatest.max(x));
        }
    }
    // A range of which the reciprocal is no number is too small to be one.
    let factor = |(least, greatest): (&f64, f64)| Some(1.0 / (greatest - least)).filter(|x| x.is_finite());
    let factors = least.iter().zip(greatest).map(|pair| factor(pair).unwrap_or(1.0)).collect();
    (least, factors)
}

/// 1/σ of each feature over `rows`, with the variance `σ² = 1/n · Σ (x − mean)²`; 1 where σ is 0.
pub(super) fn inverse_deviations(features: ArrayView2<'_, f64>, rows: &[usize], means: &[f64]) -> Vec<f64> {
    let mut squares = vec![0.0; features.ncols()];
    for &row in rows {
        let pairs = squares.iter_mut().zip(means).zip(features.row(row));
        pairs.for_each(|((squares, mean), x)| *squares += (x - mean) * (x - mean));
    }
    let n = rows.len() as f64;
    let inverse = |squares: f64| if squares == 0.0 { 1.0 } else { 1.0 / (squares / n).sqrt() };
    squares.into_iter().map(inverse).collect()
}
