//! Every setting of the experiment language, one line each. The checks, the defaults, the suggestions and the
//! reference page are derived from this table.

use super::kind::Kind;
use super::setting::{Section, Setting};
use super::tables::{COST, GOAL, PATIENCE};
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
use chainrule_record::Expectation;
use serde_json::Value;
use std::collections::BTreeMap;

const FRACTION: Kind = Kind::Number(Range::UNIT_BELOW_ONE);
const POSITIVE: Kind = Kind::Number(Range::POSITIVE);

/// The maximum number of traced steps: nobody reads more.
const MOST_TRACED_STEPS: u64 = 1000;

/// Whether some samples are not in the training set.
fn is_split(settings: &BTreeMap<String, Value>) -> bool {
    let takes = |name: &str| settings.get(name).and_then(Value::as_f64).is_some_and(|share| share > 0.0);
    takes("validation") || takes("test") || settings.get("folds").is_some_and(|folds| folds != "none")
}

/// name, section, kind, default, meaning
pub(super) const SETTINGS: &[Setting] = {
    use super::setting::Default::{FollowsData, FollowsFault, FollowsLoss, FollowsTask, Required, Toml};
    use Kind::{
        Choice, Family, Flag, Items, Matrices, Number, NumberListsOr, Whole, Widths, WordOr, WordsOr,
    };
    use Section::{Check, Data, Function, Model, Probe, Train};
    let row = Setting::new;
    &[
        row("dataset", Data, Family(Dataset::entries), Required, "the data set"),
        row(
            "validation",
            Data,
            FRACTION,
            Toml("0.15"),
            "fraction of the samples in the validation set, which compares settings; 0 for none",
        ),
        row(
            "test",
            Data,
            WordOr("official", &FRACTION),
            Toml("0.15"),
            "fraction of the samples in the test set, which measures each run once, at its end; 0 for none, \"official\" for the official test set",
        ),
        row(
            "standardize",
            Data,
            Flag,
            Toml("true"),
            "whether to scale each feature to mean 0 and variance 1, fitted on the training set; features that are constant there are divided by 1",
        ),
        row(
            "min_max",
            Data,
            Flag,
            Toml("false"),
            "whether to scale each feature to [0, 1], fitted on the training set; features that are constant there become 0; needs `standardize = false`",
        ),
        row(
            "whitening",
            Data,
            Choice(&["none", "pca", "zca"]),
            Toml("\"none\""),
            "whether to centre and decorrelate the scaled features, with variance 1, fitted on the training set. \"pca\" projects on the principal directions, largest variance first; \"zca\" changes the features as little as possible. Directions with at most 1e-10 of the largest variance become 0",
        ),
        row(
            "standardize_target",
            Data,
            Flag,
            Toml("false"),
            "whether regression targets are shifted and scaled to mean 0 and variance 1, fitted on the training set; losses are then in these units, RMSE and MAE in the unit of the data set",
        )
        .later("false"),
        row(
            "class_targets",
            Data,
            Kind::Pair,
            Toml("[0, 1]"),
            "target numbers of the other classes and of the sample's own class, such as [0.1, 0.9] for squared error",
        )
        .later("[0, 1]"),
        row(
            "label_smoothing",
            Data,
            FRACTION,
            Toml("0"),
            "fraction ε of each training label that is spread evenly over the K classes: the own class has the target 1 − ε + ε/K, the others ε/K; validation and test keep theirs",
        )
        .later("0"),
        row(
            "label_noise",
            Data,
            FRACTION,
            Toml("0"),
            "fraction of the training set's labels that are replaced by a random other class; the validation and test sets keep their labels",
        ),
        row(
            "feature_noise",
            Data,
            Number(Range::NON_NEGATIVE),
            Toml("0"),
            "standard deviation of normal noise on the prepared features of the training set; the validation and test sets stay unchanged",
        ),
        row(
            "split",
            Data,
            Choice(&["stratified", "random", "in_order"]),
            Toml("\"random\""),
            "how samples are assigned to the sets: \"stratified\" at random, with each class in proportion in every set, \"random\", or \"in_order\" (time series): the first samples train, the next validate, the last test",
        )
        .later("\"random\"")
        .with_effect(is_split),
        row(
            "folds",
            Data,
            WordOr("none", &Whole { min: 2, max: 1 << 31 }),
            Toml("\"none\""),
            "cross-validation: the samples are cut into this many folds, and replicate r tests on fold r mod `folds`; `test` is then 1 / `folds`, and `seeds` a multiple of `folds`",
        )
        .later("\"none\""),
        row(
            "split_seed",
            Data,
            WordOr("replicate", &Whole { min: 0, max: u64::MAX }),
            Toml("0"),
            "seed of the split and of the noise in the training set: \"replicate\" draws a split for each replicate, a number one split for all",
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
            "initial weights if they are not drawn: one matrix per layer, `[n_in, n_out]`, with one row per input",
        ),
        row("bias", Model, Flag, Toml("true"), "whether layers have biases"),
        row(
            "biases",
            Model,
            NumberListsOr(Initializer::entries),
            Toml("0.0"),
            "initial biases: one number for all, a list for each layer, or a distribution such as { normal = { standard_deviation = 1 } }",
        ),
        row(
            "dropout",
            Model,
            FRACTION,
            Toml("0.0"),
            "fraction of the units of each hidden layer that a training step drops at random; the other units are divided by 1 − fraction",
        ),
        row(
            "epochs",
            Train,
            Whole { min: 0, max: 1_000_000_000 },
            Toml("30"),
            "passes over the training set",
        ),
        row(
            "batch_size",
            Train,
            WordOr("full", &Whole { min: 1, max: 1 << 31 }),
            FollowsData,
            "samples per step; \"full\" for the whole training set, in the order of the data set",
        ),
        row(
            "last_batch",
            Train,
            Choice(&["keep", "drop"]),
            Toml("\"keep\""),
            "whether to keep or drop a last batch that is smaller than the others",
        )
        .independent(),
        row("loss", Train, Family(Loss::entries), FollowsTask, "loss of a sample, summed over its outputs"),
        row(
            "reduction",
            Train,
            Choice(&["mean", "sum"]),
            Toml("\"mean\""),
            "how the gradient combines the samples of a batch; reported losses are means",
        )
        .independent(),
        row("optimizer", Train, Family(Optimizer::entries), Toml("\"sgd\""), "update rule"),
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
            "change of the learning rate over the steps",
        )
        .independent(),
        row(
            "warmup_epochs",
            Train,
            Number(Range::NON_NEGATIVE),
            Toml("0.0"),
            "epochs over which the learning rate rises in equal steps to `learning_rate`, at most `epochs`; then the schedule begins, over the remaining epochs",
        ),
        row(
            "precision",
            Train,
            Choice(&["f32", "f64"]),
            Toml("\"f32\""),
            "precision of all numbers of the network: single or double",
        ),
        row(
            "evaluate_every",
            Train,
            Whole { min: 1, max: 1_000_000_000 },
            Toml("1"),
            "epochs between two evaluations on the whole training and validation sets; the last epoch is always evaluated",
        ),
        row(
            "target",
            Train,
            WordOr("none", &Kind::Table(&GOAL)),
            Toml("\"none\""),
            "metric and the value to reach: an upper bound for a loss, a lower bound for an accuracy. The first crossing is recorded; with `stop = true` it ends the run",
        ),
        row(
            "penalty",
            Train,
            Family(Penalty::entries),
            Toml("\"none\""),
            "penalty on the size of the weights, added to the loss in the cost; reported losses exclude it",
        ),
        row(
            "weight_decay",
            Train,
            Number(Range::NON_NEGATIVE),
            Toml("0.0"),
            "decoupled weight decay λ: each step first multiplies the weights by 1 − ηλ, for every optimizer",
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
            "end a run that makes no more progress, and keep the parameters of its best epoch",
        ),
        row(
            "gradient_tolerance",
            Train,
            WordOr("none", &POSITIVE),
            Toml("\"none\""),
            "end a run when the norm of the cost's gradient on the whole training set is at most this; measured at every evaluation",
        ),
        row(
            "budget",
            Train,
            WordOr("none", &Kind::Table(&COST)),
            Toml("\"none\""),
            "cost after which a run ends, to compare optimizers with different costs per step",
        )
        .independent(),
        row(
            "fault",
            Train,
            Family(Fault::entries),
            Toml("\"none\""),
            "deliberate error in the backward pass, to see its effect on training, and whether a gradient check finds it",
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
            "number of first steps of which every number is recorded, for very small networks: `chainrule trace` shows them, and claims can refer to these numbers",
        ),
        row(
            "save_weights",
            Train,
            Flag,
            Toml("false"),
            "whether to save the trained weights as weights/RUN_ID.safetensors in the results folder; weights that are infinite or NaN are not saved",
        )
        .independent(),
        row(
            "measure",
            Probe,
            Items(Measure::entries),
            Toml("[]"),
            "quantities to measure during training, on the whole training set without dropout; measuring does not change the run",
        ),
        row(
            "every",
            Probe,
            WordsOr(&["epoch", "log"], &Whole { min: 1, max: u64::MAX }),
            Toml("\"epoch\""),
            "when to measure, besides the start and the end: \"epoch\" at every evaluated epoch, \"log\" after 1, 2, 4, 8, … steps, or a number of steps between measurements",
        ),
        row(
            "scheme",
            Check,
            Choice(&["forward", "central", "five_point"]),
            Toml("\"five_point\""),
            "finite differences of the cost to compare the gradient with; their errors are of order h, h² and h⁴",
        )
        .independent(),
        row(
            "step_size",
            Check,
            WordOr("auto", &POSITIVE),
            Toml("\"auto\""),
            "step h of the differences. \"auto\" is √ε, ∛ε or ε^⅕ by scheme, with the ε of the precision. It is multiplied by the size of an entry above 1, and reduced where it would move a pre-activation further. As an axis, it shows the error as a V",
        )
        .independent(),
        row(
            "check_after",
            Check,
            Whole { min: 0, max: 1_000_000_000 },
            Toml("0"),
            "epochs of training before the check, which uses the first batch of the next epoch; the run continues to `epochs`",
        ),
        row(
            "entries",
            Check,
            WordOr("all", &Whole { min: 1, max: 1 << 31 }),
            Toml("\"all\""),
            "number of entries to check in each tensor, drawn from the seed; \"all\" for all",
        ),
        row(
            "tolerance",
            Check,
            WordOr("auto", &POSITIVE),
            Toml("\"auto\""),
            "largest relative error that passes. \"auto\" is 1e-7 in double and 0.01 in single precision (forward: 1e-4 and 0.1), and grows with a given `step_size` as the error does",
        )
        .independent(),
        row(
            "expect",
            Check,
            Choice(&Expectation::NAMES),
            FollowsFault,
            "expected result of the check: \"passed\" for a correct gradient, \"caught\" for a fault that the check finds, \"missed\" for one that it cannot find",
        ),
        row(
            "from",
            Function,
            Number(Range::FINITE),
            Toml("-5.0"),
            "first point: z of an activation; for a loss the probability p, with outputs (p, 1 − p) and target (1, 0)",
        ),
        row("to", Function, Number(Range::FINITE), Toml("5.0"), "last point"),
        row(
            "points",
            Function,
            Whole { min: 2, max: 100_000 },
            Toml("401"),
            "number of points, at equal distances",
        )
        .independent(),
    ]
};
