//! Gradients of whole networks against central differences of the loss.

use crate::numeric::{max_abs, slope};
use crate::random_nets::{Case, cases};
use chainrule_core::loss::Rows;
use chainrule_core::network::{Network, Pass};

const H: f64 = 3e-4;

/// scale · Σ L with one parameter moved.
fn loss(case: &Case, pass: &mut Pass<f64>, network: &mut Network<f64>, parameter: usize, step: f64) -> f64 {
    let start = network.parameters[parameter];
    network.parameters[parameter] = start + step;
    network.forward(&case.features, pass);
    network.parameters[parameter] = start;
    let size = case.targets.len();
    let (logits, outputs) = (&pass.last().pre_activation[..size], &pass.last().activation[..size]);
    let rows = Rows { n_out: network.n_out(), logits, outputs, targets: &case.targets };
    let mut losses = vec![0.0; case.samples()];
    case.loss.kernel().sample_losses(&network.output, rows, &mut losses);
    case.scale * losses.iter().sum::<f64>()
}

/// Every parameter to 1e-7 of its slope, with a floor of a hundredth of the layer's largest entry and of 1e-3.
///
/// Samples with a unit or an error within 0.05 of a kink are left out: moving a parameter by 6e-4 must not carry one across.
/// Of a network whose activation has no informative derivative, the last layer alone is compared.
#[test]
fn gradients_are_slopes() {
    let mut worst = 0.0f64;
    let mut compared = 0;
    for case in cases(0.05) {
        let (_, gradient) = case.fast();
        let (mut network, mut pass) = (case.network.clone(), Pass::new(&case.network, case.samples()));
        let is_informative = network.activation.kernel::<f64>().is_informative();
        let first = if is_informative { 0 } else { network.layers.len() - 1 };
        for layer in case.network.layers.iter().skip(first) {
            let range = layer.weights.start..layer.learnt.end;
            let floor = (0.01 * max_abs(&gradient[range.clone()])).max(1e-3);
            for parameter in range {
                let by_layers = std::cell::RefCell::new((&mut pass, &mut network));
                let expected = slope(H, |step| {
                    let (pass, network) = &mut *by_layers.borrow_mut();
                    loss(&case, pass, network, parameter, step)
                });
                let error = (gradient[parameter] - expected).abs() / expected.abs().max(floor);
                assert!(error <= 1e-7, "{}: {} instead of {expected}", case.name(), gradient[parameter]);
                worst = worst.max(error);
                compared += 1;
            }
        }
    }
    assert!(compared > 20_000, "{compared}");
    println!("{compared} parameters, worst {worst:e}");
}
