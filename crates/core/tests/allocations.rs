//! A step of training takes no memory, and neither does an evaluation or the beginning of an epoch: after the first step
//! nothing is allocated until the run has ended.

#![expect(clippy::unwrap_used, reason = "where a test cannot go on, it panics")]

use chainrule_core::activation::Activation;
use chainrule_core::dataset::{Parts, Samples, Targets, prepare};
use chainrule_core::loss::Loss;
use chainrule_core::network::Network;
use chainrule_core::optimizer::Optimizer;
use chainrule_core::output::Output;
use chainrule_core::real::Element;
use chainrule_core::settings::{
    BatchSize, DataSettings, LastBatch, Reduction, Target, TestPart, TrainSettings, Whitening,
};
use chainrule_core::train::{Flow, Observer, Stop, train};
use ndarray::Array2;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// Allocations of this thread; the test harness has threads of its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, counting.
struct Counting;

// SAFETY: every call is handed to the system's allocator unchanged; counting allocates nothing, since the counter is a
// thread-local constant without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

/// Writes down the counter after every step.
struct Counter(Vec<u64>);

impl Observer for Counter {
    fn after_step(&mut self) -> Flow {
        self.0.push(ALLOCATIONS.get());
        Flow::Continue
    }
}

/// 300 samples divided 60 : 20 : 20, so that batches of 32 leave a last one of 20 of 180.
fn parts<F: Element>(n_in: usize, n_out: usize, output: &Output) -> Parts<F> {
    let features = Array2::from_shape_fn((300, n_in), |(i, j)| ((i * 31 + j * 17) % 101) as f64 / 50.0 - 1.0);
    let labels = (0..300).map(|i| (i * 7 % n_out.max(2)) as u32).collect();
    let samples =
        Samples { features, targets: Targets::Classes { labels, count: n_out.max(2) }, official_test: 0 };
    let settings = DataSettings {
        dataset: Default::default(),
        validation: 0.2,
        test: TestPart::Share(0.2),
        standardize: true,
        min_max: false,
        whitening: Whitening::None,
        label_noise: 0.0,
        feature_noise: 0.0,
        split_seed: 0,
    };
    prepare(&samples, &settings, output).unwrap()
}

fn settings(loss: Loss, optimizer: Optimizer, batch_size: BatchSize) -> TrainSettings {
    TrainSettings {
        epochs: EPOCHS,
        batch_size,
        last_batch: LastBatch::Keep,
        loss,
        reduction: Reduction::Mean,
        optimizer,
        learning_rate: 0.01,
        schedule: Default::default(),
        evaluate_every: 1,
        target: Target::None,
    }
}

const EPOCHS: u64 = 3;

fn assert_quiet<F: Element>(
    widths: &[usize],
    activation: &str,
    (loss, output): (&str, &str),
    batch_size: BatchSize,
) {
    let output = Output::from_name(output).unwrap();
    let parts = parts::<F>(widths[0], widths[widths.len() - 1], &output);
    for optimizer in Optimizer::entries().iter().map(|entry| Optimizer::from_name(entry.name).unwrap()) {
        let settings = settings(Loss::from_name(loss).unwrap(), optimizer, batch_size);
        let mut network = Network::<F>::new(widths, true, Activation::from_name(activation).unwrap(), output);
        network.initialize(&Default::default(), 0);
        let mut counter = Counter(Vec::with_capacity(1000));
        let trained = train(network, &parts, &settings, 0, &mut counter);
        let after_first_step = ALLOCATIONS.get() - counter.0[0];
        assert_eq!(trained.stop, Stop::MaxEpochs);
        assert_eq!(after_first_step, 0, "{widths:?} {activation} {optimizer:?} {batch_size:?}");
    }
}

fn every_shape<F: Element>() {
    let cross = ("cross_entropy", "softmax");
    let (some, full) = (BatchSize::Samples(32), BatchSize::Full);
    for batch_size in [some, full, BatchSize::Samples(1)] {
        assert_quiet::<F>(&[4, 8, 3], "tanh", cross, batch_size);
    }
    assert_quiet::<F>(&[2, 1], "identity", ("binary_cross_entropy", "sigmoid"), some);
    assert_quiet::<F>(&[64, 64, 32, 10], "sigmoid", ("half_squared_error", "softmax"), some);
    for batch_size in [some, full] {
        assert_quiet::<F>(&[784, 128, 10], "relu", cross, batch_size);
    }
}

#[test]
#[cfg_attr(
    not(target_arch = "x86_64"),
    ignore = "the library of matrix products allocates on other processors"
)]
fn no_step_allocates_in_single_precision() {
    every_shape::<f32>();
}

#[test]
#[cfg_attr(
    not(target_arch = "x86_64"),
    ignore = "the library of matrix products allocates on other processors"
)]
fn no_step_allocates_in_double_precision() {
    every_shape::<f64>();
}

/// The counter counts: a vector is one allocation.
#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1u8; 100]))), 1);
}
