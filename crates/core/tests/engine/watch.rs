//! Small training runs and an observer that records them.

use crate::uncancelled::{initialize, prepare, train};
use chainrule_core::activation::Activation;
use chainrule_core::dataset::{DataSettings, Dataset, Parts, Samples, Targets, TestPart};
use chainrule_core::initializer::Initializer;
use chainrule_core::loss::Loss;
use chainrule_core::network::Network;
use chainrule_core::output::Output;
use chainrule_core::real::Element;
use chainrule_core::train::{BatchSize, EpochMetrics, Observer, TrainSettings, Trained};
use ndarray::Array2;

/// Records the metrics and counts the steps.
#[derive(Default)]
pub(crate) struct Watch {
    pub(crate) metrics: Vec<EpochMetrics>,
    pub(crate) steps: u64,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self::default()
    }
}

impl Observer for Watch {
    fn after_step(&mut self) {
        self.steps += 1;
    }

    fn after_epoch(&mut self, metrics: &EpochMetrics) {
        self.metrics.push(*metrics);
    }
}

/// Stochastic gradient descent on half the squared error, five epochs in batches of 32.
pub(crate) fn settings() -> TrainSettings {
    TrainSettings {
        epochs: 5,
        batch_size: BatchSize::Samples(32),
        loss: loss("half_squared_error"),
        learning_rate: 0.1,
        ..Default::default()
    }
}

pub(crate) fn loss(name: &str) -> Loss {
    Loss::from_name(name).unwrap()
}

pub(crate) fn output(name: &str) -> Output {
    Output::from_name(name).unwrap()
}

pub(crate) fn activation(name: &str) -> Activation {
    Activation::from_name(name).unwrap()
}

/// No validation and no test set, features unchanged.
pub(crate) fn whole() -> DataSettings {
    DataSettings { validation: 0.0, test: TestPart::Fraction(0.0), standardize: false, ..Default::default() }
}

pub(crate) fn samples(dataset: &str) -> Samples {
    Dataset::from_name(dataset).unwrap().kernel().samples(&[]).unwrap()
}

/// A data set split 60 : 20 : 20 and standardised.
pub(crate) fn divided<F: Element>(dataset: &str, output: &Output) -> Parts<F> {
    let data = DataSettings { validation: 0.2, test: TestPart::Fraction(0.2), standardize: true, ..whole() };
    prepare(&samples(dataset), &data, output).unwrap()
}

/// A training set of rows `x = row number`, `y = 0`, so that a row is recognised by its effect.
pub(crate) fn numbered<F: Element>(n: usize) -> Parts<F> {
    from_columns((0..n).map(|i| i as f64).collect(), vec![0.0; n])
}

/// A regression from one number to one, with all samples in the training set, in the order of `split_seed` 0.
pub(crate) fn from_columns<F: Element>(x: Vec<f64>, y: Vec<f64>) -> Parts<F> {
    let column = |values: Vec<f64>| Array2::from_shape_vec((values.len(), 1), values).unwrap();
    let samples = Samples::new(column(x), Targets::Values(column(y)));
    prepare(&samples, &whole(), &output("identity")).unwrap()
}

/// A network with He's initialisation from `seed`.
pub(crate) fn network<F: Element>(
    widths: &[usize],
    activation: Activation,
    output: Output,
    seed: u64,
) -> Network<F> {
    let mut network = Network::new(widths, true, activation, output);
    initialize(&mut network, &Initializer::default(), seed);
    network
}

/// Iris with one hidden layer of tanh units and cross-entropy: (the result of training, the records).
pub(crate) fn iris<F: Element>(settings: &TrainSettings, seed: u64) -> (Trained<F>, Watch) {
    let softmax = output("softmax");
    let settings = TrainSettings { loss: loss("cross_entropy"), ..settings.clone() };
    let mut watch = Watch::new();
    let network = network(&[4, 8, 3], activation("tanh"), softmax, seed);
    let trained = train(network, &divided("iris", &softmax), &settings, seed, &mut watch);
    (trained, watch)
}

pub(crate) fn bytes<F: Element>(network: &Network<F>) -> Vec<u8> {
    let mut all = Vec::new();
    network.visit_bytes(|_, bytes| all.extend(bytes));
    all
}
