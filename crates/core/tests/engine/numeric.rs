//! Numeric comparisons.

/// f'(0) from four values of `f` around 0: `(8(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h`, central differences of the
/// fourth order, whose error is h⁴ f⁗'/30.
pub(crate) fn slope(h: f64, f: impl Fn(f64) -> f64) -> f64 {
    (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h)
}

pub(crate) fn max_abs(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |max, x| x.abs().max(max))
}

/// The largest difference between two lists, relative to `max(scale, the larger of the two)`.
pub(crate) fn worst(a: &[f64], b: &[f64], scale: f64) -> f64 {
    assert_eq!(a.len(), b.len());
    let one = |(a, b): (&f64, &f64)| {
        let size = scale.max(a.abs()).max(b.abs());
        if a == b { 0.0 } else { (a - b).abs() / size }
    };
    // `f64::max` would lose a NaN.
    a.iter().zip(b).map(one).fold(0.0, |worst, x| if x <= worst { worst } else { x })
}

pub(crate) fn bits64(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}
