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

const SHARE: Kind = Kind::Number(Range::UNIT_BELOW_ONE);
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
    use super::setting::Default::{
        FollowsData, FollowsFault, FollowsLoss, FollowsTargets, FollowsTask, Required, Toml,
    };
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
            "split",
            Data,
            Choice(&["stratified", "random", "in_order"]),
            FollowsTargets,
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
            Toml("\"replicate\""),
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
            Choice(&Expectation::NAMES),
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
