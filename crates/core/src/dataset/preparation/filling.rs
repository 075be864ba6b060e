//! Missing numbers, and the numbers that replace them.

use crate::dataset::Features;

/// Features whose missing numbers are replaced.
#[derive(Clone, Copy)]
pub(super) struct Filled<'a> {
    pub(super) features: &'a Features,
    /// The replacement of each feature, `[n_in]`; empty if nothing is missing.
    pub(super) fill: &'a [f64],
}

impl<'a> Filled<'a> {
    pub(super) fn ncols(&self) -> usize {
        self.features.ncols()
    }

    /// The numbers of a sample. `room` is memory for them, which calls may reuse.
    pub(super) fn row(&self, row: usize, room: &'a mut Vec<f64>) -> &'a [f64] {
        row_of(self.features, self.fill, row, room)
    }
}

/// The numbers of a sample, with replacements for the missing ones.
pub(super) fn row_of<'a>(
    features: &'a Features,
    fill: &[f64],
    row: usize,
    room: &'a mut Vec<f64>,
) -> &'a [f64] {
    if fill.is_empty() {
        return features.row(row, room);
    }
    features.copy_row(row, room);
    for (x, fill) in room.iter_mut().zip(fill).filter(|(x, _)| x.is_nan()) {
        *x = *fill;
    }
    room
}

/// The median of the given numbers of each feature over some rows, `[n_in]`; 0 if all are missing. For an even count it
/// is the mean of the two in the middle.
pub(super) fn medians(features: &Features, rows: &[usize]) -> Vec<f64> {
    let mut given = Vec::with_capacity(rows.len());
    let median_of = |column: usize| {
        given.clear();
        given.extend(rows.iter().map(|&row| features.at(row, column)).filter(|x| !x.is_nan()));
        median(&mut given)
    };
    (0..features.ncols()).map(median_of).collect()
}

fn median(numbers: &mut [f64]) -> f64 {
    if numbers.is_empty() {
        return 0.0;
    }
    let middle = numbers.len() / 2;
    let is_odd = numbers.len() % 2 == 1;
    let (below, &mut upper, _) = numbers.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = if is_odd { upper } else { below.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
    // Halves first: the sum of two large numbers may overflow.
    if is_odd { upper } else { 0.5 * lower + 0.5 * upper }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_median_is_the_middle_of_the_given_numbers() {
        let nan = f64::NAN;
        let features =
            Features::from(array![[3.0, nan, nan], [1.0, 5.0, nan], [2.0, 0.5, nan], [9.0, nan, nan]]);
        assert_eq!(medians(&features, &[0, 1, 2, 3]), [2.5, 2.75, 0.0]);
        assert_eq!(medians(&features, &[0, 1, 2]), [2.0, 2.75, 0.0]);
        let fill = [2.0, 2.75, 0.0];
        assert_eq!(row_of(&features, &fill, 0, &mut Vec::new()), [3.0, 2.75, 0.0]);
        assert_eq!(median(&mut [f64::MAX, f64::MAX]), f64::MAX);
    }
}
