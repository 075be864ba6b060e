use super::{Fan, Initialize, fill_with};
use crate::cancel::{Cancel, Cancelled};
use crate::decomposition::{Qr, qr};
use crate::registry::Range;
use crate::seed::Stream;
use ndarray::Array2;

crate::item! {
    /// Orthonormal rows or columns, whichever are fewer, drawn uniformly from all such matrices. A layer then keeps the
    /// length of its input, and so does a chain of square linear layers of any depth.
    ///
    /// - Formula: `W = gain · Q·sign(diag R)` where `Q·R` is a matrix of standard normal draws with `max(fan_in, fan_out)`
    ///   rows and `min(fan_in, fan_out)` columns; transposed where `fan_in < fan_out`
    /// - Source: Saxe, McClelland, Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear neural
    ///   networks* (2014); the sign after Mezzadri, *How to generate random matrices from the classical compact groups*
    ///   (2007)
    Orthogonal = "orthogonal" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Initialize for Orthogonal {
    fn fill(
        &self,
        fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        let Fan { fan_in, fan_out } = fan;
        let mut columns = orthonormal_columns(fan_in.max(fan_out), fan_in.min(fan_out), stream, cancel)?;
        if fan_in < fan_out {
            columns = columns.reversed_axes();
        }
        weights.iter_mut().zip(&columns).for_each(|(weight, entry)| *weight = self.gain * entry);
        Ok(())
    }

    fn draws_each_alone(&self) -> bool {
        false
    }

    fn mean(&self, _fan: Fan) -> f64 {
        0.0
    }

    /// The draws, Q, R, and the decomposed matrix with its copies.
    fn numbers_per_weight(&self) -> f64 {
        6.0
    }

    /// The squares of a unit vector of n entries sum to 1, so that their mean is 1/n.
    fn standard_deviation(&self, fan: Fan) -> f64 {
        self.gain / (fan.fan_in.max(fan.fan_out) as f64).sqrt()
    }
}

/// `[n, m]`. Without the sign, the distribution would depend on the algorithm of the decomposition. With it, the
/// diagonal of R is positive, and Q is unique.
fn orthonormal_columns(
    n: usize,
    m: usize,
    stream: &mut Stream,
    cancel: &Cancel<'_>,
) -> Result<Array2<f64>, Cancelled> {
    let mut draws = vec![0.0; n * m];
    fill_with(&mut draws, cancel, || stream.normal())?;
    let draws = Array2::from_shape_vec((n, m), draws).expect("n · m draws");
    let Qr { mut q, r } = qr(draws.view(), cancel)?;
    for (mut column, diagonal) in q.columns_mut().into_iter().zip(r.diag()) {
        column *= diagonal.signum();
    }
    Ok(q)
}
