//! Several tests at once.

/// Holm's adjusted p: in ascending order the i-th of m is `max over j ≤ i of (m − j + 1) · p_j`, at most 1. Rejecting those
/// that are at most 5 % makes any false rejection among them at most 5 % probable, however the tests depend on each other.
///
/// Source: Holm, *A simple sequentially rejective multiple test procedure* (1979).
pub(crate) fn holm(p: &[f64]) -> Vec<f64> {
    holm_among(p, p.len())
}

/// The same of those p out of `tests`, at least as many, that are at hand: `max over j ≤ i of (tests − j + 1) · p_j`. That is
/// at least what the method gives to them among all, where each stands no earlier in the order.
pub(crate) fn holm_among(p: &[f64], tests: usize) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let (mut adjusted, mut largest) = (vec![0.0; p.len()], 0.0f64);
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max(tests.saturating_sub(rank).max(1) as f64 * p[index]).min(1.0);
        adjusted[index] = largest;
    }
    adjusted
}
