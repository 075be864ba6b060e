//! Noise in the training set: wrong labels, and noisy features.

use crate::dataset::{DataSettings, Targets};
use crate::seed::{Purpose, Stream};
use std::borrow::Cow;

/// The targets with `round(label_noise · n)` of the n labels of the `train` rows wrong. The rows are put into a random
/// order, and each of the first gets a uniformly random other class. A label that is wrong for one fraction is
/// therefore wrong, in the same way, for every larger one.
pub(super) fn with_wrong_labels<'a>(
    targets: &'a Targets,
    train: &[usize],
    settings: &DataSettings,
    seed: u64,
) -> Cow<'a, Targets> {
    let Targets::Classes { labels, count } = targets else { return Cow::Borrowed(targets) };
    let wrong = (settings.label_noise * train.len() as f64).round() as usize;
    if wrong == 0 {
        return Cow::Borrowed(targets);
    }
    let mut stream = Stream::new(seed, Purpose::LabelNoise, 0, 0);
    let mut order = train.to_vec();
    stream.shuffle(&mut order);
    let (mut labels, classes) = (labels.clone(), *count as u64);
    for &row in order.iter().take(wrong) {
        // From 1 to classes − 1 steps around the circle of classes: any class except the sample's own.
        let further = 1 + stream.below(classes - 1);
        labels[row] = ((u64::from(labels[row]) + further) % classes) as u32;
    }
    Cow::Owned(Targets::Classes { labels, count: *count })
}

/// Adds noise to the prepared features of the training set, row by row: `x + feature_noise · z` with z standard normal.
pub(super) fn moved(settings: &DataSettings, seed: u64) -> impl FnMut(f64) -> f64 {
    let mut stream = Stream::new(seed, Purpose::FeatureNoise, 0, 0);
    let deviation = settings.feature_noise;
    move |x| if deviation == 0.0 { x } else { x + deviation * stream.normal() }
}
