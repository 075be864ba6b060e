//! Completes the specification of a combination: fills in defaults that follow other settings, adds the data's digest,
//! and checks everything against the data.

use super::combination::Table;
use super::problem::Problem;
use super::typed::FunctionSettings;
use crate::data::{Describe, Loaded, Splits};
use crate::memory::{self, Needs};
use crate::spec;
use chainrule_core::dataset::{self, DataSettings, Dataset, PartSizes, Split, Targets};
use chainrule_core::gradient_check::CheckSettings;
use chainrule_core::loss::Loss;
use chainrule_core::network::ModelSettings;
use chainrule_core::output::Output;
use chainrule_core::probe;
use chainrule_core::real::Precision;
use chainrule_core::train;
use chainrule_core::train::TrainSettings;
use chainrule_record::{Expectation, ExperimentKind, RunSpec};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The result of resolving a combination with its data.
#[derive(Debug, Clone, Default)]
pub(super) struct Resolved {
    /// The settings that follow from others, settings without effect, and the identity of the data.
    follows: Vec<(&'static str, Value)>,
    /// Number of samples in the training set.
    pub(super) train: usize,
    /// Number of weights in the network, without biases.
    pub(super) weights: u64,
    /// The quantities that can be measured.
    pub(super) measures: Measures,
    /// The memory of a run.
    pub(super) needs: Needs,
    /// The splits on which its replicates are trained; `None` for functions.
    pub(super) splits: Option<Splits>,
}

/// The setting that names the data set.
#[derive(Deserialize)]
struct Source {
    dataset: Dataset,
}

/// The setting that determines the size of numbers.
#[derive(Deserialize)]
struct Numbers {
    precision: Precision,
}

/// The quantities that can be measured in a run with its data.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measures {
    /// Whether there is a validation set.
    pub(super) validation: bool,
    /// Whether there is a test set.
    pub(super) test: bool,
    /// Whether there are classes.
    pub(super) accuracy: bool,
}

impl Resolved {
    /// Calls `show` with each setting and its value.
    pub(super) fn each(&self, mut show: impl FnMut(&str, &Value)) {
        self.follows.iter().for_each(|(name, value)| show(name, value));
    }

    pub(super) fn fill(&self, table: &mut Table) {
        self.each(|name, value| table.set(name, value));
    }
}

/// The default batch size, if the training set is at least as large.
const DEFAULT_BATCH_SIZE: usize = 32;

/// The maximum number of weights in a network: four arrays (weights, gradient, and two of an optimizer) take 4 GB.
const MOST_WEIGHTS: u64 = 1 << 28;

/// The maximum number of values in an optimizer's state.
const MOST_NUMBERS: u64 = 4 * MOST_WEIGHTS;

/// Resolves combinations and remembers each data set.
pub(super) struct Resolver<'a> {
    data: &'a dyn Describe,
    /// The replicate whose split represents all: the first one, whose training set is smallest if there are folds.
    replicate: u64,
    /// The loaded data and the sizes of the sets, by the settings of the data section.
    pub(super) met: Vec<(DataSettings, Arc<Loaded>, PartSizes)>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(data: &'a dyn Describe, replicate: u64) -> Self {
        Self { data, replicate, met: Vec::new() }
    }

    /// Fills in derived settings, and checks everything.
    pub(super) fn resolve(&mut self, mut settings: BTreeMap<String, Value>) -> Result<Resolved, Problem> {
        let spec = RunSpec(settings.clone().into());
        let mut resolved = match spec.kind() {
            ExperimentKind::Function => {
                check_function(&FunctionSettings::read(&spec)?).map(|()| Resolved::default())?
            }
            kind @ (ExperimentKind::Train | ExperimentKind::GradientCheck) => {
                self.resolve_network(kind, settings.clone())?
            }
        };
        resolved.each(|name, value| drop(settings.insert(name.to_owned(), value.clone())));
        resolved.follows.extend(spec::without_effect(&settings));
        Ok(resolved)
    }

    fn resolve_network(
        &mut self,
        kind: ExperimentKind,
        mut settings: BTreeMap<String, Value>,
    ) -> Result<Resolved, Problem> {
        let Source { dataset } = read(&settings)?;
        let loaded = self.data.dataset(&dataset)?;
        let default_split = match loaded.samples.targets.classes() {
            Some(_) => Split::Stratified,
            None => Split::Random,
        };
        let split = settings.entry("split".to_owned()).or_insert_with(|| json!(default_split)).clone();
        let data: DataSettings = read(&settings)?;
        let sizes = self.meet(&data, &loaded)?;
        let default_loss = match sizes.classes {
            Some(_) => Loss::CrossEntropy(Default::default()),
            None => Loss::HalfSquaredError(Default::default()),
        };
        let loss = settings.entry("loss".to_owned()).or_insert_with(|| json!(default_loss)).clone();
        let typed_loss: Loss = serde_json::from_value(loss.clone())?;
        let default_output = typed_loss.kernel::<f64>().default_output();
        let output = settings.entry("output".to_owned()).or_insert_with(|| json!(default_output)).clone();
        let batch_size = settings
            .entry("batch_size".to_owned())
            .or_insert_with(|| json!(DEFAULT_BATCH_SIZE.min(sizes.train)))
            .clone();
        let (model, mut training): (ModelSettings, TrainSettings) = (read(&settings)?, read(&settings)?);
        // A check adds its own epochs of training.
        let before_check = settings.get("check_after").and_then(Value::as_u64).unwrap_or(0);
        training.epochs = training.epochs.max(before_check);
        dataset::check_task(&loaded.samples.targets, &data, &training.loss, &model.output)?;
        train::check(&training, &sizes)?;
        let n_out = n_out(&model.output, &loaded.samples.targets);
        model.check(sizes.features, n_out)?;
        probe::check(&training.measure, model.weights_and_biases(sizes.features, n_out))?;
        let widths = model.widths(sizes.features, n_out);
        let weights = check_size(&widths, &training)?;
        check_traced(&widths, training.batch_size.samples(sizes.train), training.trace_steps)?;
        let mut follows = vec![
            ("split", split),
            ("loss", loss),
            ("output", output),
            ("batch_size", batch_size),
            ("data_digest", json!(loaded.digest)),
        ];
        follows.extend(expectation(&settings).map(|expect| ("expect", expect)));
        let measures = Measures {
            validation: sizes.validation > 0,
            test: sizes.test > 0,
            accuracy: sizes.classes.is_some(),
        };
        let Numbers { precision } = read(&settings)?;
        let how: Option<CheckSettings> =
            (kind == ExperimentKind::GradientCheck).then(|| read(&settings)).transpose()?;
        let (how, whitening) = (how.as_ref(), data.whitening);
        let needs = memory::needs(&model, &training, how, whitening, precision, &sizes, n_out);
        let splits = Some(Splits::new(&data, &model.output, precision.bytes()));
        Ok(Resolved { follows, train: sizes.train, weights, measures, needs, splits })
    }

    /// Bytes of all data sets, each counted once.
    pub(super) fn bytes(&self) -> u64 {
        let mut seen: Vec<&Arc<Loaded>> = Vec::new();
        for (_, loaded, _) in &self.met {
            if !seen.iter().any(|known| Arc::ptr_eq(known, loaded)) {
                seen.push(loaded);
            }
        }
        seen.iter().map(|loaded| loaded.samples.bytes()).sum()
    }

    /// The sizes of a data set's training, validation and test sets.
    fn meet(&mut self, settings: &DataSettings, loaded: &Arc<Loaded>) -> Result<PartSizes, Problem> {
        if let Some((.., sizes)) = self.met.iter().find(|(met, ..)| met == settings) {
            return Ok(sizes.clone());
        }
        let sizes = self.data.sizes(settings, self.replicate)?;
        self.met.push((settings.clone(), Arc::clone(loaded), sizes.clone()));
        Ok(sizes)
    }
}

fn check_function(function: &FunctionSettings) -> Result<(), Problem> {
    let problem = |message: &str, settings, help: &str| {
        Err(Problem { message: message.to_owned(), settings, help: Some(help.to_owned()) })
    };
    match (&function.activation, &function.loss) {
        (None, None) => problem(
            "the experiment has no function",
            &[],
            "list them in [grid]: activation = [\"sigmoid\", \"tanh\"], or loss = [\"squared_error\"]",
        ),
        (Some(_), Some(_)) => problem(
            "a function is an activation or a loss, not both",
            &["activation", "loss"],
            "move one of them to its own [[grid]]",
        ),
        _ if function.from < function.to => Ok(()),
        _ => problem(
            "a function is evaluated from a smaller number to a larger one",
            &["from", "to"],
            "make `from` smaller than `to`",
        ),
    }
}

/// The default expectation of a gradient check: it catches a fault, or passes if there is none.
fn expectation(settings: &BTreeMap<String, Value>) -> Option<Value> {
    let kind = settings.get("kind").and_then(Value::as_str).and_then(ExperimentKind::from_name)?;
    if kind != ExperimentKind::GradientCheck || settings.contains_key("expect") {
        return None;
    }
    let is_faulty = settings.get("fault").is_some_and(|fault| fault != "none");
    Some(json!(if is_faulty { Expectation::Caught } else { Expectation::Passed }))
}

/// The number of outputs of the network.
fn n_out(output: &Output, targets: &Targets) -> usize {
    match targets {
        Targets::Classes { count, .. } => output.units(*count),
        Targets::Values(values) => values.ncols(),
    }
}

/// The number of weights, if a network of that size can be trained.
fn check_size(widths: &[usize], training: &TrainSettings) -> Result<u64, Problem> {
    let layer = |pair: &[usize]| (pair[0] as u64).saturating_mul(pair[1] as u64);
    let weights = widths.windows(2).map(layer).fold(0, u64::saturating_add);
    if weights > MOST_WEIGHTS {
        return Err(Problem {
            message: format!("a network of {weights} weights is too large: the maximum is {MOST_WEIGHTS}"),
            settings: &["architecture"],
            help: Some("use narrower or fewer layers".to_owned()),
        });
    }
    let per_weight = training.optimizer.kernel::<f64>().numbers_per_parameter();
    if weights.saturating_mul(per_weight) <= MOST_NUMBERS {
        return Ok(weights);
    }
    let name = training.optimizer.name();
    Err(Problem {
        message: format!(
            "`{name}` needs {per_weight} numbers for each of {weights} weights, which is too many"
        ),
        settings: &["optimizer", "architecture"],
        help: Some("use a smaller population, or a smaller network".to_owned()),
    })
}

/// The maximum number of values in the traced steps of a run.
const MOST_TRACED: u64 = 20_000;

/// Checks that steps fit on a blackboard. Each weight has its value, its gradient and its new value. Each unit and
/// sample has four numbers. The Jacobian of the output is added.
fn check_traced(widths: &[usize], samples: usize, steps: u64) -> Result<(), Problem> {
    let product = |a: usize, b: usize| (a as u64).saturating_mul(b as u64);
    let weights: u64 = widths.windows(2).map(|pair| product(pair[0], pair[1])).fold(0, u64::saturating_add);
    let n_out = widths[widths.len() - 1];
    let units = widths.iter().fold(0, |sum: u64, &width| sum.saturating_add(width as u64));
    let a_sample = units.saturating_mul(4).saturating_add(product(n_out, n_out));
    let a_step = weights.saturating_mul(3).saturating_add(a_sample.saturating_mul(samples as u64));
    let numbers = a_step.saturating_mul(steps);
    if numbers <= MOST_TRACED {
        return Ok(());
    }
    Err(Problem {
        message: format!(
            "{steps} traced steps of this network have {numbers} numbers: the maximum is {MOST_TRACED}"
        ),
        settings: &["trace_steps", "architecture", "batch_size"],
        help: Some("trace fewer steps, or use a smaller network or batch".to_owned()),
    })
}

fn read<T: DeserializeOwned>(settings: &BTreeMap<String, Value>) -> Result<T, serde_json::Error> {
    serde_json::from_value(Value::Object(settings.clone().into_iter().collect()))
}
