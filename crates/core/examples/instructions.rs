//! A small training run of 100 steps per epoch, for counting instructions. The difference between twelve epochs and two
//! is the count for 1000 steps. One-time work and the linker's look-ups in the first step cancel.
//!
//! ```sh
//! cargo build --release -p chainrule-core --example instructions
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/examples/instructions 2
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/examples/instructions 12
//! ```

#![expect(clippy::print_stdout, reason = "a program of its own, which prints what it did")]

use chainrule_core::activation::Activation;
use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{DataSettings, Parts, Samples, Targets, TestPart, prepare};
use chainrule_core::initializer::Initializer;
use chainrule_core::loss::Loss;
use chainrule_core::network::Network;
use chainrule_core::output::Output;
use chainrule_core::train::{BatchSize, TrainSettings};
use chainrule_core::{simd, train};
use ndarray::Array2;

fn main() {
    let epochs = std::env::args_os().nth(1).and_then(|text| text.to_str()?.parse().ok()).unwrap_or(1);
    let softmax = Output::from_name("softmax").expect("a known output");
    let mut network = Network::<f32>::new(
        &[64, 32, 10],
        true,
        Activation::from_name("relu").expect("a known activation"),
        softmax,
    );
    to_the_end(|cancel| network.initialize(&Initializer::default(), 0, cancel));
    let settings = TrainSettings {
        epochs,
        batch_size: BatchSize::Samples(32),
        loss: Loss::from_name("cross_entropy").expect("a known loss"),
        learning_rate: 0.001,
        evaluate_every: u64::MAX,
        ..Default::default()
    };
    let mut steps = Steps(0);
    let parts = parts(3200, &softmax);
    to_the_end(|cancel| Ok(train::train(network, &parts, &settings, 0, &mut steps, cancel)));
    println!("{}: {} steps", simd::instructions(), steps.0);
}

struct Steps(u64);

impl train::Observer for Steps {
    fn after_step(&mut self) {
        self.0 += 1;
    }
}

fn parts(n: usize, output: &Output) -> Parts<f32> {
    let features = Array2::from_shape_fn((n, 64), |(i, j)| ((i * 31 + j * 17) % 101) as f64 / 50.0 - 1.0);
    let labels = (0..n).map(|i| (i * 7 % 10) as u32).collect();
    let samples = Samples::new(features, Targets::Classes { labels, count: 10 });
    let settings = DataSettings {
        validation: 0.0,
        test: TestPart::Fraction(0.0),
        standardize: false,
        ..Default::default()
    };
    to_the_end(|cancel| Ok(prepare(&samples, &settings, 0, output, cancel))).expect("parts")
}
