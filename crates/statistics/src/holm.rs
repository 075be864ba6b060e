//! Several tests at once.

/// Holm's adjusted p. In ascending order the i-th of m is `max over j ≤ i of (m − j + 1) · p_j`, at most 1. The result is in the
/// order of `p`.
///
/// Reject the hypotheses with an adjusted p of at most 5 %. Then the probability of any false rejection is at most 5 %,
/// even if the tests depend on each other.
///
/// Source: Holm, *A simple sequentially rejective multiple test procedure* (1979).
pub fn holm(p: &[f64]) -> Vec<f64> {
    holm_among(p, p.len())
}

/// Holm's adjusted p for the tests whose p is known, out of `tests` tests: `max over j ≤ i of (tests − j + 1) · p_j`.
///
/// `tests` is at least the length of `p`. Each result is at least as large as [`holm`] would give among all tests. The
/// unknown tests could only move a known one back in the order.
pub fn holm_among(p: &[f64], tests: usize) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let (mut adjusted, mut largest) = (vec![0.0; p.len()], 0.0f64);
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max(tests.saturating_sub(rank).max(1) as f64 * p[index]).min(1.0);
        adjusted[index] = largest;
    }
    adjusted
}
