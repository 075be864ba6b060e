use super::{LayerState, ProbeKernel, Scope, Sums, Values, one};
use crate::real::Element;

crate::item! {
    /// The difference between the units of a layer in their incoming weights and biases. It is exactly 0 if all units are
    /// equal, and then they stay equal; it is 1 if their mean is 0. There is no number for a layer of one unit.
    ///
    /// - Formula: `√(Σⱼ ‖wⱼ − w̄‖² / Σⱼ ‖wⱼ‖²)`, with wⱼ the weights and the bias of unit j and w̄ their mean; 0 where all
    ///   are 0
    /// - Source: Rumelhart, Hinton, Williams, *Learning representations by back-propagating errors* (1986), on the need to
    ///   break symmetry
    UnitDiversity = "unit_diversity" {}
}

impl<F: Element> ProbeKernel<F> for UnitDiversity {
    fn scope(&self) -> Scope {
        Scope::Parameters
    }

    fn columns(&self) -> &'static [&'static str] {
        &["unit_diversity"]
    }

    fn of_layer(&self, layer: &LayerState<'_, F>, _sums: &Sums) -> Values {
        let units = layer.layer.n_out;
        if units < 2 {
            return Values::default();
        }
        let rows = layer.weights.chunks_exact(units).chain(layer.biases.chunks_exact(units));
        let (apart, size) = rows.map(deviations).fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
        one(if apart == 0.0 { 0.0 } else { (apart / size).sqrt() })
    }
}

/// `Σ (xⱼ − x̄)²` and `Σ xⱼ²`. The first number is subtracted before the mean is taken. Deviations of equal numbers are
/// then exactly 0, although their mean would be rounded.
fn deviations<F: Element>(row: &[F]) -> (f64, f64) {
    let first = row[0].to_f64();
    let apart = || row.iter().map(|x| x.to_f64() - first);
    let mean = apart().sum::<f64>() / row.len() as f64;
    (apart().map(|x| (x - mean) * (x - mean)).sum(), row.iter().map(|x| x.to_f64() * x.to_f64()).sum())
}
