//! Every setting of the experiment language: one line each. From this table follow the checks, the defaults, the
//! suggestions and the reference page.

use super::kind::{Field, Kind, Table};
use super::label::plain;
use chainrule_core::activation::Activation;
use chainrule_core::dataset::Dataset;
use chainrule_core::fault::Fault;
use chainrule_core::initializer::Initializer;
use chainrule_core::loss::Loss;
use chainrule_core::optimizer::Optimizer;
use chainrule_core::output::Output;
use chainrule_core::penalty::Penalty;
use chainrule_core::probe::Probe as Measure;
use chainrule_core::registry::Range;
use chainrule_core::schedule::Schedule;
use chainrule_record::{Expectation, ExperimentKind};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A section of an experiment file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// `[data]`
    Data,
    /// `[model]`
    Model,
    /// `[train]`
    Train,
    /// `[probe]`
    Probe,
    /// `[check]`, of `kind = "gradient_check"`
    Check,
    /// `[function]`, of `kind = "function"`
    Function,
}

impl Section {
    /// Every section with settings, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Data, Self::Model, Self::Train, Self::Probe, Self::Check, Self::Function];

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Model => "model",
            Self::Train => "train",
            Self::Probe => "probe",
            Self::Check => "check",
            Self::Function => "function",
        }
    }

    /// The kind of experiment that alone has it; `None` where every network has it.
    pub fn kind(self) -> Option<ExperimentKind> {
        match self {
            Self::Data | Self::Model | Self::Train | Self::Probe => None,
            Self::Check => Some(ExperimentKind::GradientCheck),
            Self::Function => Some(ExperimentKind::Function),
        }
    }
}

/// What stands where a file says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// Nothing: the file must say.
    Required,
    /// A value, as it would be written.
    Toml(&'static str),
    /// The output that goes with the loss.
    FollowsLoss,
    /// The loss that goes with the data set: cross-entropy for classes, half the squared error for numbers.
    FollowsTask,
    /// 32 samples, or the training set where that is smaller.
    FollowsData,
    /// What a check is expected to say: that it caught the fault, where the run has one, or else that it passed.
    FollowsFault,
    /// Nothing: the setting stays away.
    Absent,
}

/// Tells from the settings of a run whether one of them has an effect in it.
pub type HasEffect = fn(&BTreeMap<String, Value>) -> bool;

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name: key, column and plot label.
    pub name: &'static str,
    /// The section it stands in, where it is not an axis of `[grid]`.
    pub section: Section,
    /// What values it takes.
    pub kind: Kind,
    /// What stands where a file says nothing.
    pub default: Default,
    /// What it means, with its unit.
    pub about: &'static str,
    /// The value that means "as before", as it would be written: what a run did before there was this setting. A run with
    /// it keeps the identity that it had then. `None` for a setting of the first version of the format.
    pub as_before: Option<&'static str>,
    /// Whether it has an effect in a run with these settings. Where it has none, a setting that came later is as before.
    pub has_effect: HasEffect,
    /// Whether each of its values is right by itself, whatever the other settings and the data: planning then looks at it
    /// in one combination for all.
    pub is_independent: bool,
}

/// What stands where a file of another kind than `train` says nothing, where that is something else.
const DEFAULTS_BY_KIND: &[(ExperimentKind, &str, Default)] = &[
    (ExperimentKind::GradientCheck, "epochs", Default::Toml("0")),
    (ExperimentKind::GradientCheck, "precision", Default::Toml("\"f64\"")),
    (ExperimentKind::Function, "activation", Default::Absent),
    (ExperimentKind::Function, "loss", Default::Absent),
];

impl Setting {
    /// Whether experiments of a kind have it. Functions have no network: of its settings they take what is a function.
    pub fn belongs_to(&self, kind: ExperimentKind) -> bool {
        match (kind, self.section.kind()) {
            (_, Some(only)) => kind == only,
            (ExperimentKind::Function, None) => ["activation", "loss"].contains(&self.name),
            (_, None) => true,
        }
    }

    /// A setting of the first version of the format, which has an effect in every run.
    pub const fn new(
        name: &'static str,
        section: Section,
        kind: Kind,
        default: Default,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            section,
            kind,
            default,
            about,
            as_before: None,
            has_effect: |_| true,
            is_independent: false,
        }
    }

    /// A setting that came later: see [`Setting::as_before`].
    #[must_use]
    pub const fn later(self, as_before: &'static str) -> Self {
        Self { as_before: Some(as_before), ..self }
    }

    /// A setting that came later and has an effect in some runs alone: see [`Setting::has_effect`].
    #[must_use]
    pub const fn with_effect(self, has_effect: HasEffect) -> Self {
        Self { has_effect, ..self }
    }

    /// A setting whose values are right whatever the others are: see [`Setting::is_independent`].
    const fn independent(self) -> Self {
        Self { is_independent: true, ..self }
    }

    /// What stands where a file of this kind says nothing.
    pub fn default_in(&self, kind: ExperimentKind) -> Default {
        let other = DEFAULTS_BY_KIND.iter().find(|(of, name, _)| (*of, *name) == (kind, self.name));
        other.map_or(self.default, |(.., default)| *default)
    }
}

/// The metrics that a target can name.
pub(crate) const METRICS: &[&str] =
    &["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"];

/// What can be expected of a check.
const EXPECTATIONS: [&str; 3] = {
    let [passed, caught, missed] = Expectation::ALL;
    [passed.name(), caught.name(), missed.name()]
};

const SHARE: Kind = Kind::Number(Range::UNIT_BELOW_ONE);
const POSITIVE: Kind = Kind::Number(Range::POSITIVE);

const fn field(name: &'static str, kind: Kind, default: Option<&'static str>, about: &'static str) -> Field {
    Field { name, kind, default, about }
}

/// A field of a value of a table, for labels.
fn value_of(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).map_or_else(String::new, plain)
}

const GOAL: Table = Table {
    fields: &[
        field("metric", Kind::Choice(METRICS), None, "the metric"),
        field(
            "reaches",
            Kind::Number(Range::FINITE),
            None,
            "reached when a loss is at most, an accuracy at least, this",
        ),
        field("stop", Kind::Flag, Some("false"), "whether the run ends there"),
    ],
    example: "{ metric = \"validation_accuracy\", reaches = 0.95 }",
    label: |goal| {
        let stop = if goal.get("stop") == Some(&Value::Bool(true)) { ", stop" } else { "" };
        format!("{} reaches {}{stop}", value_of(goal, "metric"), value_of(goal, "reaches"))
    },
};

const PATIENCE: Table = Table {
    fields: &[
        field("metric", Kind::Choice(METRICS), Some("\"validation_loss\""), "the metric that is watched"),
        field(
            "patience",
            Kind::Whole { min: 1, max: 1_000_000_000 },
            Some("10"),
            "epochs without progress after which the run ends",
        ),
        field(
            "min_delta",
            Kind::Number(Range::NON_NEGATIVE),
            Some("0.0"),
            "what counts as progress: the metric is better by more than this than the best one so far that counted, in the metric's own unit; smaller gains add up until they count",
        ),
        field(
            "restore_best",
            Kind::Flag,
            Some("true"),
            "whether the parameters of the best epoch are kept, however the run ends",
        ),
    ],
    example: "{ metric = \"validation_loss\", patience = 10 }",
    label: |patience| {
        let least = match patience.get("min_delta").and_then(Value::as_f64) {
            Some(least) if least > 0.0 => format!(", min_delta {}", value_of(patience, "min_delta")),
            _ => String::new(),
        };
        let last = patience.get("restore_best") == Some(&Value::Bool(false));
        let last = if last { ", keeps the last epoch" } else { "" };
        format!(
            "patience {} on {}{least}{last}",
            value_of(patience, "patience"),
            value_of(patience, "metric")
        )
    },
};

const COST: Table = Table {
    fields: &[field(
        "forward_samples",
        Kind::Whole { min: 1, max: u64::MAX },
        None,
        "forward passes of one sample; forward and backward count as 3",
    )],
    example: "{ forward_samples = 1000000 }",
    label: |cost| format!("{} forward samples", value_of(cost, "forward_samples")),
};

/// More steps than this nobody reads.
const MOST_TRACED_STEPS: u64 = 1000;

/// name, section, kind, default, meaning
pub(super) const SETTINGS: &[Setting] = {
    use self::Default::{FollowsData, FollowsFault, FollowsLoss, FollowsTask, Required, Toml};
    use Kind::{
        Choice, Family, Flag, Items, Matrices, Number, NumberOrLists, Whole, Widths, WordOr, WordsOr,
    };
    use Section::{Check, Data, Function, Model, Probe, Train};
    let row = Setting::new;
    &[
        row("dataset", Data, Family(Dataset::entries), Required, "the data set"),
        row(
            "validation",
            Data,
            SHARE,
            Toml("0.15"),
            "share of the samples in the validation part, by which settings are compared; 0 for none",
        ),
        row(
            "test",
            Data,
            WordOr("official", &SHARE),
            Toml("0.15"),
            "share of the samples in the test part, on which each run is measured once, at its end; 0 for none, \"official\" for the data set's own",
        ),
        row(
            "standardize",
            Data,
            Flag,
            Toml("true"),
            "whether each feature is brought to mean 0 and variance 1, fitted on the training part; features constant there are divided by 1",
        ),
        row(
            "min_max",
            Data,
            Flag,
            Toml("false"),
            "whether each feature is brought to [0, 1], fitted on the training part; features constant there become 0; needs `standardize = false`",
        ),
        row(
            "whitening",
            Data,
            Choice(&["none", "pca", "zca"]),
            Toml("\"none\""),
            "whether scaled features are then centred and made uncorrelated, each of variance 1, fitted on the training part: \"pca\" along the directions of the largest variance, in that order, \"zca\" with as little change as possible; directions with at most 1e-10 of the largest variance become 0",
        ),
        row(
            "label_noise",
            Data,
            SHARE,
            Toml("0"),
            "share of the labels of the training part that are wrong, each a random other class; validation and test keep theirs",
        ),
        row(
            "feature_noise",
            Data,
            Number(Range::NON_NEGATIVE),
            Toml("0"),
            "standard deviation of the normal noise that is added to the features of the training part as the network sees them; validation and test stay as they are",
        ),
        row(
            "split_seed",
            Data,
            Whole { min: 0, max: u64::MAX },
            Toml("0"),
            "seed of the division into parts and of the noise in the training part, the same for all replicates",
        ),
        row(
            "architecture",
            Model,
            Widths,
            Toml("[32]"),
            "widths of the hidden layers; [] is none; input and output widths come from the data",
        ),
        row(
            "activation",
            Model,
            Family(Activation::entries),
            Toml("\"relu\""),
            "activation of the hidden layers",
        ),
        row("output", Model, Family(Output::entries), FollowsLoss, "output of the last layer"),
        row(
            "initialization",
            Model,
            Family(Initializer::entries),
            Toml("\"he_normal\""),
            "distribution of the initial weights",
        ),
        row(
            "weights",
            Model,
            WordOr("drawn", &Matrices),
            Toml("\"drawn\""),
            "initial weights, where they are not drawn: a matrix for each layer, `[n_in, n_out]`, a row for each input",
        ),
        row("bias", Model, Flag, Toml("true"), "whether layers have biases"),
        row(
            "biases",
            Model,
            NumberOrLists,
            Toml("0.0"),
            "initial biases: one number for all, or a list for each layer",
        ),
        row(
            "dropout",
            Model,
            SHARE,
            Toml("0.0"),
            "share of the units of each hidden layer that a training step leaves out at random; the others are divided by 1 − share",
        ),
        row(
            "epochs",
            Train,
            Whole { min: 0, max: 1_000_000_000 },
            Toml("30"),
            "passes over the training part",
        ),
        row(
            "batch_size",
            Train,
            WordOr("full", &Whole { min: 1, max: 1 << 31 }),
            FollowsData,
            "samples a step; \"full\" for the whole training set, in the order of the data set",
        ),
        row(
            "last_batch",
            Train,
            Choice(&["keep", "drop"]),
            Toml("\"keep\""),
            "whether a last batch that is smaller than the others is a step, or left out",
        )
        .independent(),
        row("loss", Train, Family(Loss::entries), FollowsTask, "loss of a sample, summed over its outputs"),
        row(
            "reduction",
            Train,
            Choice(&["mean", "sum"]),
            Toml("\"mean\""),
            "how the samples of a batch are put together in the gradient; reported losses are means",
        )
        .independent(),
        row("optimizer", Train, Family(Optimizer::entries), Toml("\"sgd\""), "rule of the updates"),
        row(
            "learning_rate",
            Train,
            Number(Range::POSITIVE),
            Toml("0.1"),
            "learning rate η, step size of the optimizer",
        )
        .independent(),
        row(
            "schedule",
            Train,
            Family(Schedule::entries),
            Toml("\"constant\""),
            "how the learning rate changes over the steps",
        )
        .independent(),
        row(
            "warmup_epochs",
            Train,
            Number(Range::NON_NEGATIVE),
            Toml("0.0"),
            "epochs over which the learning rate rises in equal steps to `learning_rate`, at most `epochs`; then the schedule begins, over the epochs that remain",
        ),
        row(
            "precision",
            Train,
            Choice(&["f32", "f64"]),
            Toml("\"f32\""),
            "bits of every number of the network: single or double precision",
        ),
        row(
            "evaluate_every",
            Train,
            Whole { min: 1, max: 1_000_000_000 },
            Toml("1"),
            "epochs between two evaluations on the whole training and validation parts; the last epoch is always evaluated",
        ),
        row(
            "target",
            Train,
            WordOr("none", &Kind::Table(&GOAL)),
            Toml("\"none\""),
            "metric and the value it is to reach: a loss at most, an accuracy at least; its first crossing is recorded, and ends the run with `stop = true`",
        ),
        row(
            "penalty",
            Train,
            Family(Penalty::entries),
            Toml("\"none\""),
            "penalty on the size of the weights, added to the loss in the cost; reported losses are without it",
        ),
        row(
            "weight_decay",
            Train,
            Number(Range::NON_NEGATIVE),
            Toml("0.0"),
            "decoupled weight decay λ: each step first multiplies the weights by 1 − ηλ, whatever the optimizer",
        ),
        row(
            "clip_value",
            Train,
            WordOr("none", &POSITIVE),
            Toml("\"none\""),
            "largest absolute value that an entry of the gradient keeps",
        )
        .independent(),
        row(
            "clip_norm",
            Train,
            WordOr("none", &POSITIVE),
            Toml("\"none\""),
            "largest Euclidean norm that the gradient keeps, after `clip_value`",
        )
        .independent(),
        row(
            "early_stopping",
            Train,
            WordOr("none", &Kind::Table(&PATIENCE)),
            Toml("\"none\""),
            "ends a run that makes no more progress, and keeps the parameters of its best epoch",
        ),
        row(
            "gradient_tolerance",
            Train,
            WordOr("none", &POSITIVE),
            Toml("\"none\""),
            "norm of the gradient of the cost on the whole training part at which a run ends; measured at every evaluation",
        ),
        row(
            "budget",
            Train,
            WordOr("none", &Kind::Table(&COST)),
            Toml("\"none\""),
            "cost after which a run ends, to compare optimizers whose steps cost differently",
        )
        .independent(),
        row(
            "fault",
            Train,
            Family(Fault::entries),
            Toml("\"none\""),
            "error in the backward pass, made on purpose: what would it do to training, and does a gradient check find it?",
        ),
        row(
            "time_limit",
            Train,
            WordOr("none", &POSITIVE),
            Toml("\"none\""),
            "seconds of wall time after which a run is ended and recorded as `timed_out`",
        )
        .independent(),
        row(
            "trace_steps",
            Train,
            Whole { min: 0, max: MOST_TRACED_STEPS },
            Toml("0"),
            "how many steps, from the first, are written down number by number, for networks that fit on a blackboard: `chainrule trace` shows them, and claims can name their numbers",
        ),
        row(
            "save_weights",
            Train,
            Flag,
            Toml("false"),
            "whether the trained weights are kept, as weights/RUN_ID.safetensors in the results folder, unless one of them is infinite or NaN",
        )
        .independent(),
        row(
            "measure",
            Probe,
            Items(Measure::entries),
            Toml("[]"),
            "what is measured of the network while it is trained, on the whole training part without dropout; it changes nothing",
        ),
        row(
            "every",
            Probe,
            WordsOr(&["epoch", "log"], &Whole { min: 1, max: u64::MAX }),
            Toml("\"epoch\""),
            "when it is measured between the start and the end, where it always is: \"epoch\" at every evaluated epoch, \"log\" after 1, 2, 4, 8, … steps, a number after every so many steps",
        ),
        row(
            "scheme",
            Check,
            Choice(&["forward", "central", "five_point"]),
            Toml("\"five_point\""),
            "finite differences of the cost that the gradient is compared with, with errors of the order h, h² and h⁴",
        )
        .independent(),
        row(
            "step_size",
            Check,
            WordOr("auto", &POSITIVE),
            Toml("\"auto\""),
            "step h of the differences; \"auto\" is √ε, ∛ε or ε^⅕ by scheme (ε is the precision's), times the size of an entry above 1, and less where it would move a pre-activation further; as an axis, it shows the error as a V",
        )
        .independent(),
        row(
            "check_after",
            Check,
            Whole { min: 0, max: 1_000_000_000 },
            Toml("0"),
            "epochs of training before the check, which is made on the first batch of the next; the run itself goes on to `epochs`",
        ),
        row(
            "entries",
            Check,
            WordOr("all", &Whole { min: 1, max: 1 << 31 }),
            Toml("\"all\""),
            "entries of each tensor that are checked, drawn from the seed; \"all\" for all",
        ),
        row(
            "tolerance",
            Check,
            WordOr("auto", &POSITIVE),
            Toml("\"auto\""),
            "largest relative error that passes; \"auto\" is 1e-7 in double and 0.01 in single precision (forward: 1e-4 and 0.1), and grows with a `step_size` that is given as the error must",
        )
        .independent(),
        row(
            "expect",
            Check,
            Choice(&EXPECTATIONS),
            FollowsFault,
            "what should come of the check: \"passed\" for a gradient that is right, \"caught\" for a fault that the check sees, \"missed\" for one it cannot see",
        ),
        row(
            "from",
            Function,
            Number(Range::FINITE),
            Toml("-5.0"),
            "where the function begins: z of an activation; of a loss the probability p, for outputs (p, 1 − p) and the target (1, 0)",
        ),
        row("to", Function, Number(Range::FINITE), Toml("5.0"), "where it ends"),
        row(
            "points",
            Function,
            Whole { min: 2, max: 100_000 },
            Toml("401"),
            "at how many points it is computed, at equal distances",
        )
        .independent(),
    ]
};
