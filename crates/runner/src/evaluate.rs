//! Evaluation of saved weights: only the forward pass, on the run's own training, validation and test sets or on all
//! of another data set.

use crate::data::{DataCache, LoadError};
use crate::plan::Typed;
use crate::weights::{AnyNetwork, Saved};
use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{self, Dataset, Division, Part, Samples};
use chainrule_core::error::SettingsError;
use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_core::train::{Evaluator, Score};
use thiserror::Error;

/// Data on which saved weights cannot be evaluated.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// The data cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The run's data set has changed.
    #[error(
        "the data set `{dataset}` is not the one that the run was trained on: its digest is {found}, and was {expected}\n\
         restore the data of the run, or evaluate on the current data with --data"
    )]
    Changed {
        /// The data set.
        dataset: &'static str,
        /// Its current digest.
        found: String,
        /// The digest at training time.
        expected: String,
    },
    /// The data set has different features or targets than the network.
    #[error(
        "the network has {expected}, but the data set `{dataset}` has {found}\nname a data set like the run's own, `{own}`"
    )]
    DoesNotFit {
        /// The data set.
        dataset: &'static str,
        /// The features or targets of the network.
        expected: String,
        /// The features or targets of the data set.
        found: String,
        /// The data set of the run.
        own: &'static str,
    },
    /// The loss and the output do not match the targets.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// The results on one of the sets.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// `train`, `validation` or `test`; `all` for a data set that is not split.
    pub part: &'static str,
    /// Loss and accuracy.
    pub score: Score,
    /// All samples, in the order of the set.
    pub samples: Vec<Sample>,
}

/// The network's output for a sample.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its index in the data set, counted from 0.
    pub index: usize,
    /// y, `[n_out]`
    pub target: Vec<f64>,
    /// ŷ, `[n_out]`
    pub output: Vec<f64>,
    /// Its class and the predicted class; `None` for regression.
    pub classes: Option<(usize, usize)>,
}

/// Evaluates on the run's own training, validation and test sets. The scores equal those in the run's record to the
/// last bit.
///
/// # Errors
/// If the data cannot be loaded, or has changed.
pub fn own_parts(saved: &Saved, data: &DataCache) -> Result<Vec<Evaluated>, EvaluateError> {
    let settings = &saved.typed.data;
    let loaded = data.samples(&settings.dataset)?;
    let expected = saved.spec.get("data_digest").and_then(|digest| digest.as_str()).unwrap_or("unknown");
    let found = loaded.digest.to_string();
    if found != expected {
        let dataset = settings.dataset.name();
        return Err(EvaluateError::Changed { dataset, found, expected: expected.to_owned() });
    }
    check(saved, &settings.dataset, &loaded.samples)?;
    let rows = dataset::divide(&loaded.samples, settings, saved.typed.run.seed).map_err(LoadError::from)?;
    match &saved.network {
        AnyNetwork::Single(network) => evaluate_parts(saved, network, data, &rows),
        AnyNetwork::Double(network) => evaluate_parts(saved, network, data, &rows),
    }
}

/// Evaluates on all samples of a data set, prepared like the run's own data.
///
/// # Errors
/// If the data cannot be loaded, or has different features or targets than the network.
pub fn other_data(
    saved: &Saved,
    data: &DataCache,
    dataset: &Dataset,
) -> Result<Vec<Evaluated>, EvaluateError> {
    let samples = &data.samples(dataset)?.samples;
    check(saved, dataset, samples)?;
    let evaluated = match &saved.network {
        AnyNetwork::Single(network) => evaluate_all(saved, network, samples),
        AnyNetwork::Double(network) => evaluate_all(saved, network, samples),
    };
    Ok(vec![evaluated])
}

fn evaluate_parts<F: Element>(
    saved: &Saved,
    network: &Network<F>,
    data: &DataCache,
    rows: &Division,
) -> Result<Vec<Evaluated>, EvaluateError> {
    let Typed { data: settings, model, run, .. } = &saved.typed;
    let parts = data.parts::<F>(settings, run.seed, &model.output)?;
    let parts = [
        ("train", Some(&parts.train), &rows.train),
        ("validation", parts.validation.as_ref(), &rows.validation),
        ("test", parts.test.as_ref(), &rows.test),
    ];
    let there = parts.into_iter().filter_map(|(name, part, rows)| Some((name, part?, rows)));
    Ok(there.map(|(name, part, rows)| evaluate(saved, network, name, part, rows)).collect())
}

fn evaluate_all<F: Element>(saved: &Saved, network: &Network<F>, samples: &Samples) -> Evaluated {
    let part =
        dataset::prepare_all(samples, &saved.preparation, &saved.target_scale, &saved.typed.model.output);
    let rows: Vec<usize> = (0..part.len()).collect();
    evaluate(saved, network, "all", &part, &rows)
}

fn evaluate<F: Element>(
    saved: &Saved,
    network: &Network<F>,
    name: &'static str,
    part: &Part<F>,
    rows: &[usize],
) -> Evaluated {
    let mut evaluator = Evaluator::new(network);
    let score = to_the_end(|cancel| evaluator.score(network, part, &saved.typed.train.loss, cancel));
    let outputs = to_the_end(|cancel| evaluator.outputs(network, part, cancel));
    let n_out = part.n_out();
    let targets = part.targets.chunks_exact(n_out);
    let numbers = |row: &[F]| row.iter().map(|x| x.to_f64()).collect();
    let samples =
        rows.iter().zip(targets).zip(outputs.chunks_exact(n_out)).map(|((&index, target), output)| {
            let classes = part.is_classification.then(|| (part.class(target), part.class(output)));
            Sample { index, target: numbers(target), output: numbers(output), classes }
        });
    Evaluated { part: name, score, samples: samples.collect() }
}

/// Checks that a data set has the features and targets for which the network was made.
fn check(saved: &Saved, dataset: &Dataset, samples: &Samples) -> Result<(), EvaluateError> {
    let (n_in, n_out) = match &saved.network {
        AnyNetwork::Single(network) => (network.n_in(), network.n_out()),
        AnyNetwork::Double(network) => (network.n_in(), network.n_out()),
    };
    let targets = |classes: Option<usize>, n_targets: usize| match classes {
        Some(classes) => format!("{classes} classes"),
        None if n_targets == 1 => "1 target number".to_owned(),
        None => format!("{n_targets} target numbers"),
    };
    let n_targets = match &samples.targets {
        dataset::Targets::Values(values) => values.ncols(),
        dataset::Targets::Classes { .. } => 0,
    };
    let pairs = [
        (format!("{n_in} inputs"), format!("{} inputs", samples.features.ncols())),
        (targets(saved.classes, n_out), targets(samples.targets.classes(), n_targets)),
    ];
    if let Some((expected, found)) = pairs.into_iter().find(|(expected, found)| expected != found) {
        let own = saved.typed.data.dataset.name();
        return Err(EvaluateError::DoesNotFit { dataset: dataset.name(), expected, found, own });
    }
    let Typed { data, train, model, .. } = &saved.typed;
    Ok(dataset::check_task(&samples.targets, data, &train.loss, &model.output)?)
}
