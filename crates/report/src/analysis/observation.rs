//! Groups the runs of a configuration into observations.
//!
//! - Runs on several tasks count by their mean. If splits of the data vary, all runs on one split are one observation,
//!   because they share it. Otherwise all runs with one seed are one observation.
//! - Runs with the same results bit by bit are copies of one run: the seed changed nothing.

use super::run::Outcome;
use chainrule_record::{Digest, DigestBuilder, RunRecord};
use chainrule_statistics::mean;

/// A digest of a run's result. It is equal for runs with the same weights and the same measurements, bit by bit. A run
/// without weights has a unique digest. The learning rate is left out: it is a setting, not a result.
pub(crate) fn fingerprint(run: &RunRecord) -> Digest {
    let Some(weights) = run.weights_digest else { return run.run_id };
    let mut digest = DigestBuilder::default();
    digest.update(&weights.bytes()).update(run.stop.name().as_bytes());
    let curve = &run.curve;
    for whole in [&curve.epoch, &curve.steps, &curve.samples] {
        digest.update(&(whole.len() as u64).to_le_bytes());
        for number in whole {
            digest.update(&number.to_le_bytes());
        }
    }
    let measured = [
        &curve.train_loss,
        &curve.train_accuracy,
        &curve.validation_loss,
        &curve.validation_accuracy,
        &curve.gradient_norm,
        &curve.weight_norm,
    ];
    measured.into_iter().flatten().for_each(|value| add(&mut digest, *value));
    add(&mut digest, run.test.map(|test| test.loss));
    add(&mut digest, run.gradient_check.as_ref().and_then(|check| check.largest_relative()));
    digest.finish()
}

fn add(digest: &mut DigestBuilder, value: Option<f64>) {
    match value {
        Some(value) => digest.update(b"v").update(&value.to_bits().to_le_bytes()),
        None => digest.update(b"-"),
    };
}

/// The value of an observation: the mean of its runs; worse than any number if one of its runs is.
pub(crate) fn observed(runs: &[&RunRecord], value: impl Fn(&RunRecord) -> Outcome) -> Outcome {
    if let [run] = runs {
        return value(run);
    }
    let mut values = Vec::new();
    for run in runs {
        match value(run) {
            Outcome::Worst => return Outcome::Worst,
            Outcome::Value(value) => values.push(value),
            Outcome::Unmeasured => {}
        }
    }
    mean(&values).map_or(Outcome::Unmeasured, Outcome::Value)
}
