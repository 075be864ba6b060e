//! Gradients of whole networks, compared with differences of the cost.

use crate::random_nets::cases;
use chainrule_core::cost::{CostFunction, Reduction};
use chainrule_core::gradient_check::{Objective, assert_passes};
use chainrule_core::penalty::Penalty;

/// Every activation × loss × output × architecture × biases × reduction, every parameter and every input, to 1e-7.
///
/// Samples with a unit or an error within 0.05 of a kink are left out, so that every compared entry is meaningful.
#[test]
fn gradients_are_slopes() {
    let (mut worst, mut compared, mut kinks) = (0.0f64, 0, 0);
    for case in cases(0.05) {
        let objective = Objective {
            features: &case.features,
            targets: &case.targets,
            cost: CostFunction {
                loss: case.loss,
                reduction: if case.scale == 1.0 { Reduction::Sum } else { Reduction::Mean },
                penalty: Penalty::default(),
            },
            seed: 0,
            step: 0,
        };
        let check = assert_passes(&case.network, &objective);
        worst = worst.max(check.largest_relative().unwrap());
        (compared, kinks) = (compared + check.checked(), kinks + check.kinks());
    }
    assert!(compared > 200_000, "{compared}");
    println!("{compared} entries, {kinks} at kinks, worst {worst:e}");
}
