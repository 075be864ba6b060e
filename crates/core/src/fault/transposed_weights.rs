use crate::reference::BackwardSteps;

crate::item! {
    /// The backward pass reads the weights as the transposed matrix: it takes the numbers of W, in memory order, as a
    /// matrix of shape `[n_out, n_in]`.
    ///
    /// - Formula: `eᵢ = Σⱼ wᵢⱼ·δⱼ` becomes `eᵢ = Σⱼ vⱼᵢ·δⱼ` with V the numbers of W in the shape `[n_out, n_in]`; of a
    ///   square matrix, `eᵢ = Σⱼ wⱼᵢ·δⱼ`
    /// - No effect: layers with one input or one unit, where both readings are the same; symmetric matrices; `step`,
    ///   below which every gradient is 0. The gradients of the last layer's parameters are always right
    /// - Gradient check: finds it in all layers below the last, and in the inputs
    /// - Source: `W @ delta` for `W.T @ delta`, which a square matrix lets pass, and `reshape` for `transpose`
    TransposedWeights = "transposed_weights" {}
}

impl BackwardSteps for TransposedWeights {
    fn weight_on_the_way_back(&self, weights: &[Vec<f64>], i: usize, j: usize) -> f64 {
        let (n_in, n_out) = (weights.len(), weights[i].len());
        let place = j * n_in + i;
        weights[place / n_out][place % n_out]
    }
}
