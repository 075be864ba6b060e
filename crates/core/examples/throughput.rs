//! Training steps per second of the engine on one thread, for the project's benchmark shapes.
//!
//! `cargo run --release -p chainrule-core --example throughput`

#![expect(clippy::print_stdout, reason = "a program of its own, which prints what it measures")]

use chainrule_core::activation::Activation;
use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{DataSettings, Parts, Samples, Targets, TestPart, prepare};
use chainrule_core::initializer::Initializer;
use chainrule_core::loss::Loss;
use chainrule_core::network::Network;
use chainrule_core::optimizer::Optimizer;
use chainrule_core::output::Output;
use chainrule_core::train::{BatchSize, TrainSettings};
use chainrule_core::{simd, train};
use ndarray::Array2;
use std::time::Instant;

/// name, widths, batch size, samples, activation, optimizer
type Case = (&'static str, &'static [usize], usize, usize, &'static str, &'static str);

const CASES: [Case; 6] = [
    ("784-50×6-10 sigmoid sgd, batch 10", &[784, 50, 50, 50, 50, 50, 50, 10], 10, 6000, "sigmoid", "sgd"),
    ("64-32-10 relu sgd, batch 32", &[64, 32, 10], 32, 1437, "relu", "sgd"),
    ("64-64-32-10 tanh adam, batch 32", &[64, 64, 32, 10], 32, 1437, "tanh", "adam"),
    ("784-128-10 relu adam, batch 64", &[784, 128, 10], 64, 6000, "relu", "adam"),
    ("784-1024-1024-10 relu adam, batch 128", &[784, 1024, 1024, 10], 128, 1280, "relu", "adam"),
    ("2-2-2 sigmoid sgd, batch 4", &[2, 2, 2], 4, 400, "sigmoid", "sgd"),
];

fn main() {
    println!("vector instructions: {}", simd::instructions());
    println!("{:40} {:>12} {:>12} {:>10}", "one thread, f32", "steps/s", "samples/s", "GFLOP/s");
    let wanted = std::env::args_os().nth(1).and_then(|text| text.into_string().ok()).unwrap_or_default();
    for case in CASES.into_iter().filter(|case| case.0.contains(&wanted)) {
        let (steps, seconds, flop) = measure(case);
        let steps_per_second = steps as f64 / seconds;
        let samples = steps_per_second * case.2 as f64;
        println!(
            "{:40} {steps_per_second:12.0} {samples:12.0} {:10.1}",
            case.0,
            flop * steps_per_second / 1e9
        );
    }
}

/// Trains for at least a second after a first epoch; returns steps, seconds and floating-point operations per step.
fn measure((_, widths, batch, samples, activation, optimizer): Case) -> (u64, f64, f64) {
    let (n_in, n_out) = (widths[0], widths[widths.len() - 1]);
    let parts = random_parts(samples, n_in, n_out);
    let mut network = Network::<f32>::new(
        widths,
        true,
        Activation::from_name(activation).expect("a known activation"),
        Output::from_name("softmax").expect("a known output"),
    );
    to_the_end(|cancel| network.initialize(&Initializer::default(), 0, cancel));
    let mut settings = TrainSettings {
        epochs: 1,
        batch_size: BatchSize::Samples(batch),
        loss: Loss::from_name("cross_entropy").expect("a known loss"),
        optimizer: Optimizer::from_name(optimizer).expect("a known optimizer"),
        learning_rate: 0.001,
        evaluate_every: u64::MAX,
        ..Default::default()
    };
    let run = |settings: &TrainSettings| {
        let begin = Instant::now();
        let mut steps = Steps(0);
        to_the_end(|cancel| Ok(train::train(network.clone(), &parts, settings, 0, &mut steps, cancel)));
        (steps.0, begin.elapsed().as_secs_f64())
    };
    let first = run(&settings).1;
    settings.epochs = (1.0 / first).ceil() as u64 + 1;
    let (steps, seconds) = run(&settings);
    let products: usize = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let flop = 2 * batch * (3 * products - widths[0] * widths[1]);
    (steps, seconds, flop as f64)
}

struct Steps(u64);

impl train::Observer for Steps {
    fn after_step(&mut self) {
        self.0 += 1;
    }
}

fn random_parts(n: usize, n_in: usize, n_out: usize) -> Parts<f32> {
    let features = Array2::from_shape_fn((n, n_in), |(i, j)| ((i * 31 + j * 17) % 101) as f64 / 50.0 - 1.0);
    let labels = (0..n).map(|i| (i * 7 % n_out) as u32).collect();
    let samples = Samples::new(features, Targets::Classes { labels, count: n_out });
    let settings = DataSettings {
        validation: 0.0,
        test: TestPart::Fraction(0.0),
        standardize: false,
        ..Default::default()
    };
    let softmax = Output::from_name("softmax").expect("a known output");
    to_the_end(|cancel| Ok(prepare(&samples, &settings, 0, &softmax, cancel))).expect("parts")
}
