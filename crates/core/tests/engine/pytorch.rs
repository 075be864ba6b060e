//! Ten updates of whole networks, against PyTorch in double precision.
//!
//! `tests/oracle/updates.json` holds the networks, the data and the parameters after each step as literals; the script
//! that made it is kept beside it.

use crate::numeric::worst;
use crate::watch::{activation, loss, output};
use chainrule_core::network::{Network, Pass};
use chainrule_core::optimizer::Optimizer;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn name(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn network(case: &Value) -> Network<f64> {
    let widths: Vec<usize> = numbers(&case["widths"]).iter().map(|&width| width as usize).collect();
    let mut network =
        Network::new(&widths, true, activation(name(&case["activation"])), output(name(&case["output"])));
    network.parameters.copy_from_slice(&numbers(&case["start"]));
    network
}

/// The largest error after any of the steps, relative to the larger number, or to 1 if both are smaller.
fn worst_of_run(case: &Value, optimizer: &str, run: &Value) -> f64 {
    let mut network = network(case);
    let (features, targets) = (numbers(&case["features"]), numbers(&case["targets"]));
    let (loss, samples) = (loss(name(&case["loss"])), features.len() / network.n_in());
    let mut pass = Pass::new(&network, samples);
    let mut gradient = vec![0.0; network.parameters.len()];
    let mut state =
        Optimizer::from_name(optimizer).unwrap().kernel().start(gradient.len()).gradient().unwrap();
    let rate = run["learning_rate"].as_f64().unwrap();
    let steps = run["parameters"].as_array().unwrap().iter().map(|expected| {
        network.forward(&features, &mut pass);
        network.backward(&features, &targets, &loss, 1.0 / samples as f64, &mut pass, &mut gradient);
        state.step(&mut network.parameters, &gradient, rate);
        worst(&network.parameters, &numbers(expected), 1.0)
    });
    let errors: Vec<f64> = steps.collect();
    assert_eq!(errors.len(), 10);
    errors.into_iter().fold(0.0, |worst, x| if x <= worst { worst } else { x })
}

#[test]
fn ten_updates_equal_those_of_pytorch() {
    let updates: Value = serde_json::from_str(include_str!("../oracle/updates.json")).unwrap();
    let cases = updates["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let runs = case["runs"].as_object().unwrap();
        assert!(runs.len() >= 6);
        for (optimizer, run) in runs {
            let worst = worst_of_run(case, optimizer, run);
            println!("{} {optimizer}: {worst:e}", case["loss"]);
            assert!(worst <= 1e-12, "{optimizer} with {}: {worst:e}", case["loss"]);
        }
    }
}
