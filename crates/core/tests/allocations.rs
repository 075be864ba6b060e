//! Training steps, evaluations and the start of an epoch allocate no memory: after the first step, nothing is allocated
//! until the run ends. The memory of a run matches its estimate.

#![expect(clippy::unwrap_used, reason = "where a test cannot go on, it panics")]

use chainrule_core::activation::Activation;
use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{DataSettings, PartSizes, Parts, Samples, Targets, TestPart, prepare};
use chainrule_core::fault::Fault;
use chainrule_core::gradient_check::{
    self, CheckSettings, Entries, Objective, Scheme, backpropagation, check,
};
use chainrule_core::initializer::Initializer;
use chainrule_core::loss::Loss;
use chainrule_core::network::{ModelSettings, Network};
use chainrule_core::optimizer::Optimizer;
use chainrule_core::output::Output;
use chainrule_core::penalty::Penalty;
use chainrule_core::probe::{Every, Probe, Scope};
use chainrule_core::real::Element;
use chainrule_core::train::{
    BatchSize, EarlyStopping, Limit, Observer, Patience, Stop, TargetMetric, TrainSettings, memory, train,
};
use ndarray::Array2;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// Allocations of this thread; the test harness has other threads.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    /// Bytes that this thread holds, and their maximum. Memory that another thread frees still counts.
    static HELD: Cell<i64> = const { Cell::new(0) };
    static MOST: Cell<i64> = const { Cell::new(0) };
}

/// The system's allocator, with counters.
struct Counting;

fn hold(bytes: i64) {
    HELD.set(HELD.get() + bytes);
    MOST.set(MOST.get().max(HELD.get()));
}

// SAFETY: every call is passed to the system's allocator unchanged. Counting allocates nothing, because the counter is
// a thread-local constant without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        hold(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-(layout.size() as i64));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        hold(size as i64 - layout.size() as i64);
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

/// Records the counter after every step.
struct Counter(Vec<u64>);

impl Observer for Counter {
    fn after_step(&mut self) {
        self.0.push(ALLOCATIONS.get());
    }
}

/// 300 samples split 60 : 20 : 20, so that 180 training samples in batches of 32 leave a last one of 20.
fn parts<F: Element>(n_in: usize, n_out: usize, output: &Output) -> Parts<F> {
    let features = Array2::from_shape_fn((300, n_in), |(i, j)| ((i * 31 + j * 17) % 101) as f64 / 50.0 - 1.0);
    let labels = (0..300).map(|i| (i * 7 % n_out.max(2)) as u32).collect();
    let samples = Samples::new(features, Targets::Classes { labels, count: n_out.max(2) });
    let settings = DataSettings {
        validation: 0.2,
        test: TestPart::Fraction(0.2),
        standardize: true,
        ..Default::default()
    };
    to_the_end(|cancel| Ok(prepare(&samples, &settings, 0, output, cancel))).unwrap()
}

fn settings(loss: Loss, optimizer: Optimizer, batch_size: BatchSize) -> TrainSettings {
    TrainSettings { epochs: EPOCHS, batch_size, loss, optimizer, learning_rate: 0.01, ..Default::default() }
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
        to_the_end(|cancel| network.initialize(&Default::default(), 0, cancel));
        let mut counter = Counter(Vec::with_capacity(1000));
        let trained = to_the_end(|cancel| Ok(train(network, &parts, &settings, 0, &mut counter, cancel)));
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
    assert_quiet::<F>(&[4, 8, 3], "tanh", ("huber", "identity"), some);
    assert_quiet::<F>(&[4, 8, 3], "tanh", ("binary_cross_entropy", "softmax"), some);
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

/// Allocations of a run after its first step, with these probes.
fn measuring<F: Element>(measure: Vec<Probe>, every: Every) -> u64 {
    let softmax = Output::from_name("softmax").unwrap();
    let parts = parts::<F>(4, 3, &softmax);
    let settings = TrainSettings {
        measure,
        every,
        ..settings(Loss::from_name("cross_entropy").unwrap(), Optimizer::default(), BatchSize::Samples(32))
    };
    let mut network =
        Network::<F>::new(&[4, 8, 8, 3], true, Activation::from_name("prelu").unwrap(), softmax);
    to_the_end(|cancel| network.initialize(&Default::default(), 0, cancel));
    let mut counter = Counter(Vec::with_capacity(1000));
    to_the_end(|cancel| Ok(train(network, &parts, &settings, 0, &mut counter, cancel)));
    counter.0[counter.0.len() - 1] - counter.0[0]
}

/// The memory of probes is allocated when a run begins. Measurements allocate nothing, except for LAPACK and small
/// matrices; for those probes, steps between measurements allocate nothing.
#[test]
#[cfg_attr(
    not(target_arch = "x86_64"),
    ignore = "the library of matrix products allocates on other processors"
)]
fn probes_take_their_memory_at_the_start() {
    let all: Vec<Probe> =
        Probe::entries().iter().map(|entry| Probe::from_name(entry.name).unwrap()).collect();
    let small = |probe: &Probe| {
        probe.kernel::<f64>().scope() == Scope::Curvature || probe.name() == "singular_values"
    };
    let plain: Vec<Probe> = all.iter().copied().filter(|probe| !small(probe)).collect();
    assert_eq!(plain.len(), 9);
    assert_eq!(measuring::<f32>(plain.clone(), Every::Steps(1)), 0);
    assert_eq!(measuring::<f64>(plain, Every::Epoch), 0);
    assert_eq!(measuring::<f32>(all.clone(), Every::Steps(1000)), 0);
    assert!(measuring::<f32>(all, Every::Steps(1)) > 0, "the counter sees what a measurement takes");
}

/// The maximum bytes that `work` holds. It runs twice, because the library of matrix products makes one buffer per
/// thread.
fn most_held(work: impl Fn()) -> f64 {
    work();
    let before = HELD.get();
    MOST.set(before);
    work();
    (MOST.get() - before) as f64
}

/// The estimate is at least the memory of a run, and at most 1.5 times as much.
fn check_estimate<F: Element>(
    wrong: &mut Vec<String>,
    architecture: &[usize],
    change: impl Fn(&mut ModelSettings, &mut TrainSettings),
) {
    let output = Output::from_name("softmax").unwrap();
    let (n_in, n_out) = (200, 10);
    let parts = parts::<F>(n_in, n_out, &output);
    let cross = Loss::from_name("cross_entropy").unwrap();
    let mut settings = settings(cross, Optimizer::default(), BatchSize::Samples(32));
    let architecture = architecture.to_vec();
    let mut model = ModelSettings { architecture, output, ..Default::default() };
    change(&mut model, &mut settings);
    let (features, classes, class_counts) = (n_in, Some(n_out), Vec::new());
    let sizes = PartSizes { train: 180, validation: 60, test: 60, features, classes, class_counts };
    let estimate = memory::<F>(&model, &settings, &sizes, n_out) as f64;
    let most = most_held(|| {
        let network = to_the_end(|cancel| Network::<F>::from_settings(&model, n_in, n_out, 0, cancel));
        drop(to_the_end(|cancel| Ok(train(network, &parts, &settings, 0, &mut (), cancel))));
    });
    if !(1.0..1.5).contains(&(estimate / most)) {
        wrong.push(format!("{} of {most}: {model:?} {settings:?}", estimate / most));
    }
}

#[test]
fn the_memory_of_a_run_is_estimated() {
    let mut wrong = Vec::new();
    for optimizer in Optimizer::entries().iter().map(|entry| Optimizer::from_name(entry.name).unwrap()) {
        check_estimate::<f32>(&mut wrong, &[300, 200], |_, settings| settings.optimizer = optimizer);
        check_estimate::<f64>(&mut wrong, &[300], |_, settings| settings.optimizer = optimizer);
    }
    for name in ["orthogonal", "he_normal"] {
        let drawn = Initializer::from_name(name).unwrap();
        check_estimate::<f32>(&mut wrong, &[500, 500], |model, _| model.initialization = drawn);
    }
    check_estimate::<f64>(&mut wrong, &[2000], |_, settings| settings.batch_size = BatchSize::Full);
    check_estimate::<f32>(&mut wrong, &[300, 200], |model, settings| {
        model.dropout = 0.5;
        settings.gradient_tolerance = Limit::At(1e-9);
        settings.early_stopping = EarlyStopping::After(Patience {
            metric: TargetMetric::TrainLoss,
            patience: 9,
            min_delta: 0.0,
            restore_best: true,
        });
    });
    let fault = Fault::from_name("missing_factor_two").unwrap();
    check_estimate::<f64>(&mut wrong, &[300, 200], |_, settings| settings.fault = fault);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_memory_of_probes_is_estimated() {
    let mut wrong = Vec::new();
    for entry in Probe::entries() {
        let probe = Probe::from_name(entry.name).unwrap();
        // Products with the Hessian take long.
        let architecture: &[usize] = match probe.kernel::<f64>().scope() {
            Scope::Curvature => &[4],
            _ => &[200, 100],
        };
        check_estimate::<f32>(&mut wrong, architecture, |_, settings| {
            (settings.epochs, settings.measure) = (1, vec![probe]);
        });
        check_estimate::<f64>(&mut wrong, architecture, |_, settings| {
            (settings.epochs, settings.measure) = (1, vec![probe]);
            settings.penalty = Penalty::from_name("l2").unwrap();
        });
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A gradient check holds one more copy of the batch than is counted here: training passes it a copy.
#[test]
fn the_memory_of_a_gradient_check_is_estimated() {
    let output = Output::from_name("softmax").unwrap();
    let parts = parts::<f64>(200, 10, &output);
    for (width, entries) in [(300, Entries::Some(3)), (3, Entries::Some(3)), (60, Entries::All)] {
        let model = ModelSettings { architecture: vec![width], output, ..Default::default() };
        let settings =
            settings(Loss::from_name("cross_entropy").unwrap(), Optimizer::default(), BatchSize::Full);
        let network = to_the_end(|cancel| Network::<f64>::from_settings(&model, 200, 10, 0, cancel));
        // Two samples are enough if every entry is checked.
        let samples = if entries == Entries::All { 2 } else { 180 };
        let objective = Objective {
            features: &parts.train.features[..samples * 200],
            targets: &parts.train.targets[..samples * 10],
            cost: settings.cost(),
            seed: 0,
            step: 0,
        };
        let how = CheckSettings { entries, scheme: Scheme::Forward, ..Default::default() };
        let (features, classes, class_counts) = (200, Some(10), Vec::new());
        let sizes = PartSizes { train: samples, validation: 0, test: 0, features, classes, class_counts };
        let estimate = gradient_check::memory::<f64>(&model, &settings, &sizes, 10, entries) as f64;
        let most = most_held(|| {
            to_the_end(|cancel| {
                check(
                    &network,
                    &objective,
                    &how,
                    0,
                    |network, objective| backpropagation(network, objective, cancel),
                    cancel,
                )
                .map(drop)
            });
        });
        assert!(
            (1.0..2.0).contains(&(estimate / most)),
            "{} of {most}: {width} {entries:?}",
            estimate / most
        );
    }
}

/// The counter works: a vector is one allocation.
#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1u8; 100]))), 1);
}
