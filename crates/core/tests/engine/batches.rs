//! The samples of each batch, inferred from the effect of a step.

use crate::items::every;
use crate::optimizers::uses_gradient;
use crate::uncancelled::train;
use crate::watch::{Watch, activation, bytes, from_columns, iris, network, numbered, output, settings};
use chainrule_core::cost::Reduction;
use chainrule_core::network::Network;
use chainrule_core::optimizer::Optimizer;
use chainrule_core::train::{BatchSize, LastBatch, TrainSettings};
use std::collections::HashSet;

/// The second half of an epoch's order over features 0, 1, … n − 1, from its end.
///
/// The network is ŷ = w·x + b with w = 0, b = 1, y = 0 and a learning rate of 0. Over a batch the summed gradient is
/// (Σx, number of samples), and its norm determines Σx. In batches of `size` > n/2, the last batch of an epoch is the
/// rest of the order. The sums over the last 1, 2, … samples differ by one sample each.
fn order(n: usize, epoch: u64, optimizer: Optimizer, seed: u64) -> Vec<usize> {
    let parts = numbered::<f64>(n);
    let mut network = Network::new(&[1, 1], true, activation("identity"), output("identity"));
    network.parameters[1] = 1.0;
    let last_of = |size: usize| {
        let settings = TrainSettings {
            epochs: epoch,
            batch_size: BatchSize::Samples(size),
            reduction: Reduction::Sum,
            learning_rate: 0.0,
            optimizer,
            ..settings()
        };
        let mut watch = Watch::new();
        train(network.clone(), &parts, &settings, seed, &mut watch);
        let norm = watch.metrics.last().unwrap().gradient_norm.unwrap();
        let count = (n - size) as f64;
        (norm * norm - count * count).sqrt().round() as usize
    };
    let sums: Vec<usize> = (n.div_ceil(2)..n).rev().map(last_of).collect();
    let before = std::iter::once(&0).chain(&sums);
    sums.iter().zip(before).map(|(sum, before)| sum - before).collect()
}

/// No sample occurs twice. The order differs between epochs and seeds, and is the same for all optimizers.
#[test]
fn orders_depend_on_seed_and_epoch_alone() {
    let sgd = Optimizer::default();
    let first = order(20, 1, sgd, 0);
    assert_eq!(first.len(), 10);
    assert_eq!(first.iter().collect::<HashSet<_>>().len(), 10, "{first:?}");
    assert!(first.iter().all(|&x| x < 20));
    assert_ne!(first, order(20, 2, sgd, 0));
    assert_ne!(first, order(20, 1, sgd, 1));
    for optimizer in every::<Optimizer>(&Optimizer::entries()).into_iter().filter(uses_gradient) {
        assert_eq!(order(20, 1, optimizer, 0), first, "{optimizer:?}");
        assert_eq!(order(20, 2, optimizer, 0), order(20, 2, sgd, 0));
    }
}

/// Feature i is 2^i, so that a sum of features identifies its samples in binary. With ŷ = w·x + b, y = 0, b = 1 and a
/// rate too small to move ŷ, each step adds −η·Σx of its batch to w.
#[test]
fn every_sample_is_seen_once_an_epoch() {
    let parts = from_columns::<f64>((0..30).map(|i| f64::from(1u32 << i)).collect(), vec![0.0; 30]);
    let mut network = Network::new(&[1, 1], true, activation("identity"), output("identity"));
    network.parameters[1] = 1.0;
    for size in [1, 7, 29, 30] {
        let settings = TrainSettings {
            epochs: 3,
            batch_size: BatchSize::Samples(size),
            reduction: Reduction::Sum,
            learning_rate: f64::powi(2.0, -100),
            ..settings()
        };
        let trained = train(network.clone(), &parts, &settings, 9, &mut ());
        // Three times 2^30 − 1; the residual ŷ stays 1 to 2^−39, so the error of the sum is below 2^−8.
        let seen = -trained.network.parameters[0] * f64::powi(2.0, 100);
        assert_eq!(seen.round(), 3.0 * (f64::powi(2.0, 30) - 1.0), "batches of {size}");
    }
}

/// A batch of all samples has the order of the data, whether it is set as `"full"` or as a number.
#[test]
fn a_full_batch_is_a_batch_of_all() {
    let run = |batch_size| iris::<f64>(&TrainSettings { batch_size, epochs: 20, ..settings() }, 0).0.network;
    let (full, all) = (run(BatchSize::Full), run(BatchSize::Samples(90)));
    assert_eq!(bytes(&full), bytes(&all));
}

/// mean = sum / (samples of the actual batch). A batch of four moves equally at η for the mean and η/4 for the sum. Of
/// four samples in batches of three, the last one is a batch by itself.
#[test]
fn the_mean_is_over_the_actual_batch() {
    let (parts, identity) = (numbered::<f64>(4), output("identity"));
    let start = network::<f64>(&[1, 1], activation("identity"), identity, 0);
    let run = |reduction, learning_rate, size| {
        let batch_size = BatchSize::Samples(size);
        let settings = TrainSettings { reduction, learning_rate, batch_size, epochs: 1, ..settings() };
        train(start.clone(), &parts, &settings, 0, &mut ()).network.parameters
    };
    let close = |a: Vec<f64>, b: Vec<f64>| a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-15);
    assert!(close(run(Reduction::Mean, 0.5, 1), run(Reduction::Sum, 0.5, 1)));
    assert!(close(run(Reduction::Mean, 0.04, 4), run(Reduction::Sum, 0.01, 4)));
    // 3 + 1 samples, by hand: the order of the epoch is found by trying each of the four samples as the last.
    let got = run(Reduction::Mean, 0.05, 3);
    let by_hand = |last: usize| {
        let (mut w, mut b) = (start.parameters[0], start.parameters[1]);
        let xs: Vec<f64> = parts.train.features.clone();
        let rest: Vec<f64> = (0..4).filter(|&i| i != last).map(|i| xs[i]).collect();
        for batch in [rest, vec![xs[last]]] {
            let n = batch.len() as f64;
            let (gw, gb) =
                batch.iter().fold((0.0, 0.0), |(gw, gb), x| (gw + (w * x + b) * x, gb + (w * x + b)));
            (w, b) = (w - 0.05 * gw / n, b - 0.05 * gb / n);
        }
        vec![w, b]
    };
    assert!((0..4).any(|last| close(by_hand(last), got.clone())));
}

/// A later replicate may have fewer samples than the first, whose training set the batch size was checked against.
#[test]
fn a_batch_larger_than_the_training_set_is_the_whole_set() {
    let trained = |batch_size| {
        let settings = TrainSettings { epochs: 3, batch_size, last_batch: LastBatch::Drop, ..settings() };
        let (trained, _) = iris::<f64>(&settings, 0);
        bytes(&trained.network)
    };
    assert_eq!(trained(BatchSize::Samples(1000)), trained(BatchSize::Full));
    assert_ne!(trained(BatchSize::Samples(10)), trained(BatchSize::Full));
}
