//! Plans: counts, order, identity.

use super::resolve::Resolver;
use super::{Plan, PlanError, Typed};
use crate::data::DataCache;
use crate::spec::{Experiment, check, parse, settings};
use chainrule_core::dataset::DataSettings;
use chainrule_core::network::ModelSettings;
use chainrule_core::train::TrainSettings;
use chainrule_record::{ExperimentKind, RunSpec};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

fn experiment(text: &str) -> Experiment {
    let (file, assignments) = parse::parse("test.toml", text, &[]).unwrap();
    check::check(Path::new("test.toml"), file, assignments).unwrap_or_else(|error| panic!("{error}"))
}

fn data() -> DataCache {
    DataCache::new("no data folder".into())
}

#[track_caller]
fn plan_of(text: &str) -> Plan {
    match Plan::new(&experiment(text), &data(), false) {
        Ok(plan) => plan,
        Err(PlanError::Invalid(errors)) => panic!("{errors}"),
        Err(PlanError::TooMany { runs } | PlanError::BeyondMemory { runs }) => panic!("{runs} runs"),
    }
}

const XOR: &str =
    "question = \"?\"\ndata = { dataset = \"xor\", validation = 0, test = 0 }\ntrain.batch_size = \"full\"\n";

fn xor(grid: &str) -> Plan {
    plan_of(&format!("{XOR}{grid}"))
}

/// Two settings of every combination, in plan order.
fn pairs(plan: &Plan, a: &str, b: &str) -> Vec<(Value, Value)> {
    plan.combinations().map(|spec| (spec.get(a).unwrap().clone(), spec.get(b).unwrap().clone())).collect()
}

fn numbers(pairs: &[(i32, i32)]) -> Vec<(Value, Value)> {
    pairs.iter().map(|&(a, b)| (json!(a), json!(b))).collect()
}

#[test]
fn the_last_axis_changes_fastest_and_seeds_faster_still() {
    let plan = xor("seeds = [7, 3]\n[grid]\nepochs = [1, 2]\nevaluate_every = [5, 6, 4]\n");
    let expected = numbers(&[(1, 5), (1, 6), (1, 4), (2, 5), (2, 6), (2, 4)]);
    assert_eq!(pairs(&plan, "epochs", "evaluate_every"), expected);
    assert_eq!((plan.len(), plan.combinations().len()), (12, 6));
    let seeds: Vec<_> = (0..4).map(|index| plan.spec(index).seed()).collect();
    assert_eq!(seeds, [7, 3, 7, 3]);
    for index in 0..plan.len() {
        assert_eq!(plan.spec(index).run_id(), plan.run_id(index), "run {index}");
        assert_eq!(
            plan.spec(index).0.len(),
            settings().iter().filter(|setting| setting.belongs_to(ExperimentKind::Train)).count() + 3,
            "every setting, the kind, the seed and the data's digest"
        );
    }
}

#[test]
fn zipped_axes_advance_together() {
    let grid = "[grid]\nepochs = [1, 2]\nlearning_rate = [0.1, 0.2]\nevaluate_every = [3, 4]\nzip = [[\"epochs\", \"evaluate_every\"]]\n";
    let plan = xor(grid);
    assert_eq!(pairs(&plan, "epochs", "evaluate_every"), numbers(&[(1, 3), (1, 3), (2, 4), (2, 4)]));
    let rates: Vec<_> =
        plan.combinations().map(|spec| spec.get("learning_rate").unwrap().as_f64().unwrap()).collect();
    assert_eq!(rates, [0.1, 0.2, 0.1, 0.2]);
}

#[test]
fn excluded_combinations_are_left_out_with_their_reason() {
    let grid = "[grid]\nepochs = [1, 2, 3]\nactivation = [\"relu\", { leaky_relu = { slope = 0.2 } }]\n\
                exclude = [{ activation = \"leaky_relu\", epochs = [1, 3] }, { epochs = 3 }]\n";
    let plan = xor(grid);
    let expected = [(1, json!("relu")), (2, json!("relu")), (2, json!({"leaky_relu": {"slope": 0.2}}))];
    assert_eq!(
        pairs(&plan, "epochs", "activation"),
        expected.map(|(epochs, activation)| (json!(epochs), activation))
    );
    let skipped: Vec<_> =
        plan.info.skipped.iter().map(|skipped| (&*skipped.combination, &*skipped.reason)).collect();
    assert_eq!(
        skipped,
        [
            (
                "epochs = 1, activation = leaky_relu(slope=0.2)",
                "excluded: activation = leaky_relu, epochs = 1 or 3"
            ),
            ("epochs = 3, activation = relu", "excluded: epochs = 3"),
            (
                "epochs = 3, activation = leaky_relu(slope=0.2)",
                "excluded: activation = leaky_relu, epochs = 1 or 3"
            ),
        ]
    );
    // A value whose combinations are all excluded is not part of the axis.
    assert_eq!(plan.info.axes[0].points.len(), 2);
}

#[test]
fn the_union_of_grids_has_each_combination_once() {
    let plan = xor(
        "train.evaluate_every = 9\n[[grid]]\nepochs = [1, 2]\n[[grid]]\nepochs = [3, 2]\n[[grid]]\nepochs = [2, 4]\nevaluate_every = [8, 9]\n",
    );
    let expected = numbers(&[(1, 9), (2, 9), (3, 9), (2, 8), (4, 8), (4, 9)]);
    assert_eq!(pairs(&plan, "epochs", "evaluate_every"), expected);
    let reasons: Vec<_> = plan.info.skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
    assert_eq!(reasons, ["met twice: the same as epochs = 2"; 2]);
    let values =
        |axis: usize| plan.info.axes[axis].points.iter().map(|point| point.value.clone()).collect::<Vec<_>>();
    assert_eq!(values(0), [1, 2, 3, 4].map(|n| json!(n)), "numbers in their own order");
    assert_eq!(
        values(1),
        [8, 9].map(|n| json!(n)),
        "the section's value, where no axis varies it, is one of them"
    );
    assert!(!plan.info.fixed.contains_key("evaluate_every") && plan.info.fixed.contains_key("learning_rate"));
}

#[test]
fn defaults_follow_the_data_and_the_loss() {
    let of = |dataset: &str, more: &str| {
        let plan = plan_of(&format!("question = \"?\"\ndata.dataset = \"{dataset}\"\n{more}"));
        let spec = plan.spec(0);
        assert_eq!(plan.info.fixed["loss"].value, *spec.get("loss").unwrap());
        (spec.get("loss").unwrap().clone(), spec.get("output").unwrap().clone())
    };
    assert_eq!(of("iris", ""), (json!({ "cross_entropy": { "fused": true } }), json!("softmax")));
    assert_eq!(of("sine", ""), (json!("half_squared_error"), json!("identity")));
    assert_eq!(
        of("spirals", "train.loss = \"binary_cross_entropy\""),
        (json!({ "binary_cross_entropy": { "fused": true } }), json!("sigmoid"))
    );
}

#[test]
fn what_follows_is_a_value_of_an_axis_too() {
    let grids = "[[grid]]\nloss = [\"half_squared_error\"]\noutput = [\"softmax\"]\n[[grid]]\nepochs = [1]\n";
    let plan = plan_of(&format!("question = \"?\"\ndata.dataset = \"iris\"\n{grids}"));
    let loss = plan.info.axes.iter().find(|axis| axis.setting == "loss").unwrap();
    let labels: Vec<_> = loss.points.iter().map(|point| point.label.as_str()).collect();
    assert_eq!(labels, ["half_squared_error", "cross_entropy"]);
}

#[test]
fn defaults_follow_the_kind() {
    let check = xor("kind = \"gradient_check\"\n").spec(0);
    let of = |name: &str| check.get(name).unwrap().clone();
    assert_eq!(
        [of("kind"), of("epochs"), of("precision")],
        [json!("gradient_check"), json!(0), json!("f64")]
    );
    let train = xor("").spec(0);
    assert_eq!((train.kind(), train.get("epochs")), (ExperimentKind::Train, Some(&json!(30))));
}

/// The identity of a run depends on its whole specification. Both digests come from `crates/record/tests/run_id.py`
/// and the specification with all defaults of the first version. If they change, stored runs are no longer found. Such a change must be
/// intended and listed in the changelog.
#[test]
fn run_ids_are_pinned() {
    let of = |data: &str| {
        plan_of(&format!(
            "question = \"?\"\nseeds = 2\ndata = {{ dataset = \"xor\", validation = 0, test = 0{data} }}\n\
             train.batch_size = \"full\"\nmodel = {{ architecture = [2], activation = \"tanh\" }}\n"
        ))
    };
    let plan = of(", split_seed = 0");
    assert_eq!(of("").run_id(0), plan.run_id(0), "the default");
    assert_eq!(
        plan.run_id(0).to_string(),
        "48269ab3f358c31effa16bcb3543443da99d3f891261621c1a7de56b62859b58"
    );
    assert_eq!(
        plan.run_id(1).to_string(),
        "343f2d1646b30048a6cab4a179acab56145ba44bc28a8622ccd1d750f81b2d52"
    );
}

/// Every setting with a value other than its default, and every parameter of its item; `folds` has its default, because
/// it excludes `test`.
const EVERY_SETTING: &str = r#"
question = "?"

[data]
dataset = { spirals = { classes = 2 } }
validation = 0.25
test = 0.2
standardize = false
min_max = true
whitening = "pca"
standardize_target = true
class_targets = [0.1, 0.9]
label_smoothing = 0.05
label_noise = 0.1
feature_noise = 0.2
split = "in_order"
folds = "none"
split_seed = 9223372036854775807

[model]
architecture = [5, 3]
activation = { leaky_relu = { slope = 0.3 } }
output = "sigmoid"
initialization = { normal = { standard_deviation = 0.1 } }
weights = [[[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]], [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]], [[1], [2], [3]]]
bias = true
biases = [[1, 2, 3, 4, 5], [1, 2, 3], [-1.5]]
dropout = 0.25

[train]
epochs = 7
batch_size = 16
last_batch = "drop"
loss = { binary_cross_entropy = { fused = false } }
reduction = "sum"
optimizer = { adam = { beta1 = 0.8, beta2 = 0.9, epsilon = 1e-7 } }
learning_rate = 0.012345678901234567
schedule = { step = { every = 3, factor = 0.5 } }
warmup_epochs = 1.5
precision = "f64"
evaluate_every = 3
target = { metric = "validation_loss", reaches = 0.5, stop = true }
penalty = { elastic_net = { l1 = 0.1, l2 = 0.2 } }
weight_decay = 0.125
clip_value = 3.0
clip_norm = 4.0
early_stopping = { metric = "train_loss", patience = 4, min_delta = 0.5, restore_best = false }
gradient_tolerance = 1e-5
budget = { forward_samples = 12345 }
fault = "wrong_sign"
trace_steps = 3
time_limit = 1.5
save_weights = true
[probe]
measure = ["gradient_norm", "sharpness"]
every = "log"
"#;

/// Every setting of a gradient check with a value other than its default.
const EVERY_CHECK_SETTING: &str = r#"
[check]
scheme = "central"
step_size = 1e-5
check_after = 3
entries = 17
tolerance = 1e-6
expect = "missed"
"#;

/// Checks that the typed settings serialise back to the specification.
fn round_trip(spec: &RunSpec) {
    let typed = Typed::read(spec).unwrap();
    let mut written = Map::new();
    let check = typed.check.iter().flat_map(|check| [json!(check.how), json!(check.plan)]);
    for part in [json!(typed.data), json!(typed.model), json!(typed.train)].into_iter().chain(check) {
        written.extend(part.as_object().unwrap().clone());
    }
    written.insert("kind".to_owned(), json!(typed.run.kind));
    written.insert("precision".to_owned(), json!(typed.run.precision));
    written.insert("seed".to_owned(), json!(typed.run.seed));
    written.insert("time_limit".to_owned(), typed.run.time_limit.clone());
    written.insert("save_weights".to_owned(), json!(typed.run.save_weights));
    written.insert("data_digest".to_owned(), spec.get("data_digest").unwrap().clone());
    assert_eq!(Value::Object(written), spec.0.table());
}

#[test]
fn typed_settings_are_the_specification() {
    let plan = plan_of(EVERY_SETTING);
    for setting in settings().iter().filter(|setting| setting.belongs_to(ExperimentKind::Train)) {
        assert!(
            EVERY_SETTING.contains(&format!("\n{} = ", setting.name)),
            "{} is missing here",
            setting.name
        );
    }
    round_trip(&plan.spec(0));
    round_trip(&xor("").spec(0));
    round_trip(&plan_of("question = \"?\"\ndata = { dataset = \"iris\", folds = 3 }\n").spec(0));
    round_trip(&xor("kind = \"gradient_check\"\n").spec(0));
    round_trip(&xor(&format!("kind = \"gradient_check\"\n{EVERY_CHECK_SETTING}")).spec(0));
    let text = serde_json::to_string(&plan.spec(0)).unwrap();
    let mut read: RunSpec = serde_json::from_str(&text).unwrap();
    crate::spec::fill_in(&mut read);
    assert_eq!((&read, read.run_id()), (&plan.spec(0), plan.run_id(0)), "JSON keeps every bit");
}

/// The language and the engine both define defaults. The reference page shows the former; tests of the engine use the
/// latter.
#[test]
fn defaults_are_those_of_the_engine() {
    let engine =
        [json!(DataSettings::default()), json!(ModelSettings::default()), json!(TrainSettings::default())];
    let engine: Map<String, Value> =
        engine.iter().flat_map(|part| part.as_object().unwrap().clone()).collect();
    let mut compared = 0;
    for setting in settings() {
        let default = crate::spec::check::default_point(setting, ExperimentKind::Train);
        if let (Some(default), Some(value)) = (default, engine.get(setting.name)) {
            assert_eq!(&default.value, value, "{}", setting.name);
            compared += 1;
        }
    }
    let follow = ["dataset", "output", "loss", "batch_size"];
    assert_eq!(compared, engine.len() - follow.len(), "all but {follow:?}");
}

/// Planning gives the same result for all values of an independent setting, tested in several specifications.
#[test]
fn independent_settings_decide_nothing() {
    let function = "question = \"?\"\nkind = \"function\"\n[grid]\nactivation = [\"tanh\"]\n";
    let check = format!("kind = \"gradient_check\"\n{EVERY_CHECK_SETTING}");
    let plans = [plan_of(EVERY_SETTING), xor(""), xor(&check), xor("kind = \"gradient_check\"\n")];
    let plans =
        plans.into_iter().chain([plan_of(function), plan_of(&format!("{function}[function]\npoints = 7\n"))]);
    let specs: Vec<RunSpec> = plans.map(|plan| plan.spec(0)).collect();
    let data = data();
    for name in settings().iter().filter(|setting| setting.is_independent).map(|setting| setting.name) {
        let values: Vec<&Value> = specs.iter().filter_map(|spec| spec.get(name)).collect();
        assert!(values.iter().any(|value| *value != values[0]), "{name} has one value here");
        for spec in specs.iter().filter(|spec| spec.get(name).is_some()) {
            let found = |value: &Value| {
                let mut settings: BTreeMap<String, Value> =
                    spec.0.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                settings.insert(name.to_owned(), value.clone());
                let found = Resolver::new(&data, 0).resolve(settings);
                found.map(|resolved| format!("{resolved:?}")).map_err(|problem| problem.message)
            };
            let all: Vec<_> = values.iter().map(|value| found(value)).collect();
            assert!(all.iter().all(|one| *one == all[0]), "{name}: {all:?}");
        }
    }
}

#[test]
fn a_data_set_is_described_once_however_it_is_prepared() {
    let grid = "standardize = false\n[grid]\nlabel_noise = [0, 0.1]\nwhitening = [\"none\", \"zca\"]\ntest = [0, 0.2]\n";
    let plan = plan_of(&format!("question = \"?\"\n[data]\ndataset = \"iris\"\n{grid}"));
    let parts: Vec<_> = plan.info.datasets.iter().map(|info| (info.train, info.test)).collect();
    assert_eq!(parts, [(127, 0), (97, 30)]);
}

/// Every item of every family, as an axis.
#[test]
fn every_item_can_be_planned() {
    for family in crate::reference::families()
        .iter()
        .filter(|family| !["dataset", "loss", "output"].contains(&family.setting))
    {
        let is_list =
            matches!(crate::spec::setting(family.setting).unwrap().kind, crate::spec::Kind::Items(_));
        let name = |name: &str| if is_list { format!("[\"{name}\"]") } else { format!("\"{name}\"") };
        let names: Vec<_> = family.items.iter().map(|item| name(item.name)).collect();
        let plan = xor(&format!("[grid]\n{} = [{}]\n", family.setting, names.join(", ")));
        assert_eq!(plan.len(), family.items.len());
        (0..plan.len()).for_each(|index| round_trip(&plan.spec(index)));
    }
}

#[test]
fn too_many_runs_are_refused_before_they_are_built() {
    let text = format!(
        "{XOR}seeds = 1000000\n[grid]\nlearning_rate = {{ log = [1e-6, 1], points = 100000 }}\nepochs = {{ linear = [1, 100000], points = 100000 }}\n"
    );
    let refused = Plan::new(&experiment(&text), &data(), false);
    assert!(matches!(refused, Err(PlanError::BeyondMemory { runs: 1e16 })));
}

/// Written out, this many combinations would take gigabytes.
#[test]
fn large_plans_are_small() {
    let plan = xor(
        "[grid]\narchitecture = [[2], [3]]\nlearning_rate = { log = [1e-3, 1], points = 300 }\nepochs = { linear = [1, 300], points = 300 }\n",
    );
    assert_eq!(plan.len(), 180_000);
    assert!(size_of::<super::Kept>() <= 24);
    assert_eq!(plan.spec(179_999).run_id(), plan.run_id(179_999));
    assert_eq!(plan.info.axes.iter().map(|axis| axis.points.len()).collect::<Vec<_>>(), [2, 300, 300]);
}

/// Samples: epochs · 4. Operations: 6 for each sample and each of 2·3 + 3·2 weights (two softmax units).
#[test]
fn costs_are_counted() {
    let plan = xor("seeds = 2\nmodel.architecture = [3]\n[grid]\nepochs = [10, 20]\n");
    assert_eq!(plan.cost, super::Cost { samples: 240.0, flop: 240.0 * 6.0 * 12.0 });
}

#[test]
fn problems_are_listed_up_to_a_number() {
    let text = "question = \"?\"\ndata.dataset = \"iris\"\n[grid]\nbatch_size = { linear = [1000, 2000], points = 1001 }\n";
    let Err(PlanError::Invalid(errors)) = Plan::new(&experiment(text), &data(), false) else {
        panic!("no batch fits")
    };
    assert_eq!(errors.errors.len(), 20);
}

/// The messages about a claim on XOR with two optimizers at two rates.
fn claimed(claim: &str) -> String {
    let text = format!(
        "{XOR}[grid]\noptimizer = [\"sgd\", \"adam\"]\nlearning_rate = [0.1, 0.2]\narchitecture = [[2], [4], [2, 2]]\n\
         [[claim]]\ntext = \"so\"\n{claim}\n"
    );
    match Plan::new(&experiment(&text), &data(), false) {
        Ok(_) => "well".to_owned(),
        Err(PlanError::Invalid(errors)) => {
            let said = |error: crate::spec::Diagnostic| {
                format!("{}: {}", error.message, error.help.unwrap_or_default())
            };
            errors.errors.into_iter().map(said).collect::<Vec<_>>().join("; ")
        }
        Err(PlanError::TooMany { runs } | PlanError::BeyondMemory { runs }) => panic!("{runs} runs"),
    }
}

#[test]
fn claims_are_checked_against_the_runs() {
    let loss = "metric = \"train_loss\"\n";
    let arms = "better = { optimizer = \"adam\" }\nthan = { optimizer = \"sgd\" }";
    for (claim, words) in [
        (format!("{loss}{arms}"), "well"),
        (format!("{loss}where = {{ learning_rate = 0.3 }}\n{arms}"), "the values of `learning_rate` are `0.1` and `0.2`"),
        (format!("{loss}better = {{ optimizer = \"momentum\" }}\nthan = {{ optimizer = \"sgd\" }}"), "the values of `optimizer` are `sgd` and `adam`"),
        (format!("{loss}where = {{ epochs = 7 }}\n{arms}"), "`epochs` is 30 in every run"),
        (format!("{loss}where = {{ optimizer = \"sgd\" }}\n{arms}"), "no run meets all of them"),
        (format!("{loss}better = {{ optimizer = \"adam\" }}\nthan = {{ learning_rate = 0.1 }}"), "share runs"),
        (format!("{loss}better = {{ optimizer = \"adam\" }}\nthan = {{ optimizer = \"adam\" }}"), "share runs"),
        (format!("{loss}smaller = {{ learning_rate = 0.1 }}\nthan = {{ learning_rate = [0.1, 0.2] }}"), "share runs"),
        (format!("metric = \"validation_loss\"\n{arms}"), "there is no validation set"),
        (format!("metric = \"test_accuracy\"\n{arms}"), "there is no test set"),
        (format!("metric = \"epochs_to_target\"\n{arms}"), "there is no target"),
        (format!("metric = \"passes_check\"\n{arms}"), "experiments of kind \"gradient_check\""),
        ("metric = \"condition_number\"\nlayer = 1\nat_most = 9".to_owned(), "measure = [\"singular_values\"]"),
        ("quantity = \"delta1[1]\"\nequals = 0\ntolerance = 1".to_owned(), "set trace_steps = 1 or more"),
        ("metric = \"diverged\"\nat_most = 0.1".to_owned(), "covers 12 configurations at once"),
        ("metric = \"diverged\"\nat_most = 0\nof = \"every\"".to_owned(), "well"),
        (
            "metric = \"diverged\"\nwhere = { optimizer = \"sgd\", learning_rate = 0.1, architecture = [4] }\nat_most = 0.1".to_owned(),
            "well",
        ),
        (format!("{loss}trend = \"falls\"\nover = \"depth\""), "well"),
        (format!("{loss}where = {{ architecture = [[2], [4]] }}\ntrend = \"falls\"\nover = \"depth\""), "cannot test a trend over `depth`"),
        (format!("{loss}where = {{ learning_rate = 0.1 }}\ntrend = \"falls\"\nover = \"learning_rate\""), "cannot test a trend over `learning_rate`"),
    ] {
        let said = claimed(&claim);
        assert!(said.contains(words), "{claim}\nsays `{said}`, not `{words}`");
    }
}

/// Sub-grids with different learning rates have no pairs, unless the best rate is chosen.
#[test]
fn groups_without_a_common_setting_are_not_paired() {
    let text = |analysis: &str| {
        format!(
            "{XOR}[[grid]]\noptimizer = [\"sgd\"]\nlearning_rate = [1, 2]\n[[grid]]\noptimizer = [\"adam\"]\n\
             learning_rate = [0.1, 0.2]\n[analysis]\ncompare = \"optimizer\"\n{analysis}\n[[claim]]\ntext = \"so\"\n\
             metric = \"train_loss\"\nbetter = {{ optimizer = \"adam\" }}\nthan = {{ optimizer = \"sgd\" }}\n"
        )
    };
    let PlanError::Invalid(errors) = Plan::new(&experiment(&text("")), &data(), false).unwrap_err() else {
        panic!("too many")
    };
    assert!(errors.to_string().contains("the same other settings"), "{errors}");
    let plan = plan_of(&text("tune = [\"learning_rate\"]\nconfirm_seeds = 3"));
    assert_eq!((plan.len(), plan.confirmations), (4, [6, 6]));
    assert_eq!((plan.info.tune.as_slice(), plan.info.claims.len()), (&["learning_rate".to_owned()][..], 1));
}

#[test]
fn chosen_configurations_are_run_again_on_fresh_seeds() {
    let plan = xor("seeds = [4, 9]\n[grid]\noptimizer = [\"sgd\", \"adam\"]\nlearning_rate = [0.1, 0.2]\n\
                    [analysis]\ntune = [\"learning_rate\"]\nconfirm_seeds = 3\n");
    assert_eq!(plan.confirmations, [6, 6]);
    // The second run of sgd at 0.2, and the first of adam at 0.1.
    let again = plan.confirmation(&[plan.run_id(3), plan.run_id(4)]);
    let runs: Vec<_> = (0..again.len()).map(|index| again.spec(index)).collect();
    let seeds: Vec<_> = runs.iter().map(RunSpec::seed).collect();
    assert_eq!(seeds, [10, 11, 12, 10, 11, 12]);
    let rates: Vec<_> =
        runs.iter().map(|spec| spec.get("learning_rate").unwrap().as_f64().unwrap()).collect();
    assert_eq!(rates, [0.2, 0.2, 0.2, 0.1, 0.1, 0.1]);
    for (index, spec) in runs.iter().enumerate() {
        assert_eq!(spec.run_id(), again.run_id(index), "run {index}");
    }
    assert!(plan.confirmation(&[]).is_empty());
}

/// The error instead of a plan.
#[track_caller]
fn refusal(text: &str) -> String {
    match Plan::new(&experiment(text), &data(), false) {
        Err(PlanError::Invalid(errors)) => errors.to_string(),
        _ => panic!("not refused: {text}"),
    }
}

/// The training sets have 105 of 150 flowers, 16 of 22 samples, and all 4 samples of xor.
#[test]
fn a_batch_is_no_larger_than_the_training_set_by_default() {
    for (data, expected) in [
        ("dataset = \"iris\"", 32),
        ("dataset = { sine = { samples = 22 } }", 16),
        ("dataset = \"xor\", validation = 0, test = 0", 4),
    ] {
        let plan = plan_of(&format!("question = \"?\"\ndata = {{ {data} }}\n"));
        assert_eq!(plan.spec(0).get("batch_size"), Some(&json!(expected)), "{data}");
    }
    // A given batch size is never reduced.
    let refused = refusal(
        "question = \"?\"\ndata = { dataset = \"xor\", validation = 0, test = 0 }\ntrain.batch_size = 32\n",
    );
    assert!(refused.contains("the training set has 4 samples"), "{refused}");
}

/// In a gradient check, the epochs before the check count too.
#[test]
fn a_warm_up_ends_with_the_run() {
    let too_long = refusal(&format!("{XOR}train.warmup_epochs = 3\n[grid]\nepochs = [3, 2]\n"));
    assert!(too_long.contains("`warmup_epochs` is 3, but the run has 2 epochs"), "{too_long}");
    assert_eq!(xor("train.warmup_epochs = 3\n[grid]\nepochs = [3, 4]\n").len(), 2);
    let check = format!("kind = \"gradient_check\"\n{XOR}train.warmup_epochs = 3\n");
    assert_eq!(plan_of(&format!("{check}check.check_after = 3\n")).len(), 1);
    assert!(refusal(&check).contains("has 0 epochs"));
}

#[test]
fn a_column_too_large_is_refused_before_any_run() {
    let inline = |x| {
        format!(
            "question = \"?\"\n[data]\ndataset = {{ inline = {{ x = [[1, 2], [1, {x}]], y = [[0], [1]] }} }}\nvalidation = 0\ntest = 0\n"
        )
    };
    assert!(refusal(&inline("1e200")).contains("feature 2 has values as large as 1e200"));
    assert_eq!(plan_of(&inline("1e100")).len(), 1);
}

/// A later setting that is as before is not part of a run's identity.
#[test]
fn runs_on_one_random_split_are_as_before() {
    let of = |data: &str| {
        let plan = plan_of(&format!("question = \"?\"\ndata = {{ dataset = \"iris\"{data} }}\n"));
        serde_json::to_string(&plan.spec(0)).unwrap()
    };
    let before = of(", split = \"random\", split_seed = 0");
    assert!(
        !before.contains("\"split\"") && !before.contains("folds") && before.contains("\"split_seed\":0")
    );
    assert_eq!(of(""), before);
    let own = of(", split = \"stratified\", split_seed = \"replicate\"");
    assert!(own.contains("\"split\":\"stratified\"") && own.contains("\"split_seed\":\"replicate\""));
    assert!(of(", folds = 3").contains("\"folds\":3"));
}

#[test]
fn runs_on_the_same_split_share_it() {
    let splits = |seeds: u64, data: &str| {
        let text = format!(
            "question = \"?\"\nseeds = {seeds}\ndata = {{ dataset = \"mnist_5k\", validation = 0.1{data} }}\n\
                            grid.learning_rate = [0.1, 0.2]\n"
        );
        let plan = plan_of(&text);
        let all: std::collections::HashSet<_> = (0..plan.len()).map(|index| plan.split(index)).collect();
        assert_eq!(plan.memory.splits, all.len(), "{data}");
        all.len()
    };
    let own = |seeds: u64, data: &str| splits(seeds, &format!(", split_seed = \"replicate\"{data}"));
    assert_eq!((splits(3, ""), own(3, "")), (1, 3));
    assert_eq!(splits(3, ", split_seed = 7"), 1);
    assert_eq!(own(3, ", test = 0.1"), 3);
    // Nothing is random.
    assert_eq!(own(3, ", split = \"in_order\""), 1);
    assert_eq!(own(3, ", split = \"in_order\", feature_noise = 0.1"), 3);
    assert_eq!(own(3, ", folds = 3, split = \"in_order\""), 3);
    assert_eq!(own(6, ", folds = 3"), 6);
    assert_eq!(splits(6, ", folds = 3, split_seed = 1"), 3);
}

/// iris: 150 samples with 4 features of eight bytes and a class of four bytes; in a split also a row of three targets.
#[test]
fn memory_is_that_of_the_largest_run_and_of_every_data_set() {
    let of = |head: &str| plan_of(&format!("question = \"?\"\ndata.dataset = \"iris\"\n{head}")).memory;
    let one = of("");
    assert_eq!((one.data, one.split, one.splits), (150 * (4 * 8 + 4), 150 * (7 * 4 + 16), 1));
    let double = of("train.precision = \"f64\"\n");
    assert_eq!(double.split, 150 * (7 * 8 + 16));
    let several =
        of("[grid]\nsplit_seed = [1, 2, 3]\narchitecture = [[2000], [3]]\nprecision = [\"f64\", \"f32\"]\n");
    assert_eq!((several.data, several.split, several.splits), (one.data, double.split, 6));
    assert_eq!(several.run, of("model.architecture = [2000]\ntrain.precision = \"f64\"\n").run);
    assert_eq!(xor("seeds = 1\n").memory.data, 4 * (2 + 4), "bytes");
}
