//! Curves with fewer points, for limited space.

/// The indices of at most `most` and at least two of `rows` rows, evenly spaced, including the first and the last. No
/// number is changed or interpolated.
pub(crate) fn thinned(rows: usize, most: usize) -> Vec<usize> {
    let most = most.max(2);
    if rows <= most {
        return (0..rows).collect();
    }
    (0..most).map(|index| (index * (rows - 1) + (most - 1) / 2) / (most - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinned_rows_are_evenly_spaced_from_first_to_last() {
        assert_eq!(thinned(4, 10), [0, 1, 2, 3]);
        // 0 2.5 5 7.5 10 to the nearest, halves up.
        assert_eq!(thinned(11, 5), [0, 3, 5, 8, 10]);
        assert_eq!(thinned(100, 0), [0, 99]);
        assert_eq!(thinned(0, 5), [0; 0]);
    }
}
