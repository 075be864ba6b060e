//! The experiment language, from text to experiment.

use super::parse::{NodeValue, parse};
use super::setting::Default;
use super::{Diagnostics, Experiment, check, settings};
use chainrule_record::ExperimentKind;
use serde_json::{Value, json};
use std::path::Path;

const HEAD: &str = "question = \"Which?\"\ndata.dataset = \"digits\"\n";

/// Loads an experiment on `digits`, with `--set` assignments.
fn with(body: &str, assignments: &[&str]) -> Result<Experiment, Diagnostics> {
    let assignments: Vec<_> = assignments.iter().map(|&text| text.to_owned()).collect();
    let (file, assignments) = parse("test.toml", &format!("{HEAD}{body}"), &assignments)?;
    check::check(Path::new("test.toml"), file, assignments)
}

#[track_caller]
fn well(body: &str) -> Experiment {
    with(body, &[]).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn messages(body: &str) -> Vec<String> {
    with(body, &[]).unwrap_err().errors.into_iter().map(|error| error.message).collect()
}

fn axis(experiment: &Experiment, grid: usize, name: &str) -> Vec<Value> {
    let axis = experiment.grids[grid].axes.iter().find(|axis| axis.setting.name == name).unwrap();
    axis.points.iter().map(|point| point.value.clone()).collect()
}

#[test]
fn values_know_their_places() {
    let text = "a = [1, { b = \"é\" }]\n[c]\nd.e = 0x1F\n";
    let (file, _) = parse("test.toml", text, &[]).unwrap();
    let [a, c] = file.root.entries() else { panic!("two entries") };
    let NodeValue::List(items) = &a.value.value else { panic!("a list") };
    let place = |span: &super::Span| &text[span.bytes.clone()];
    assert_eq!(place(&a.key_span), "a");
    assert_eq!(place(&items[0].span), "1");
    assert_eq!(place(&items[1].entries()[0].value.span), "\"é\"");
    assert_eq!(place(&c.key_span), "c");
    let e = &c.value.entries()[0].value.entries()[0];
    assert_eq!((e.key.as_str(), &e.value.value), ("e", &NodeValue::Integer(31)));
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let value = |text: &str| {
        let (file, _) = parse("test.toml", &format!("x = {text}"), &[]).unwrap();
        file.root.entries()[0].value.value.clone()
    };
    assert_eq!(value("1_000"), NodeValue::Integer(1000));
    assert_eq!(value("0b101"), NodeValue::Integer(5));
    assert_eq!(value("1_0.5e-1_0"), NodeValue::Float(10.5e-10));
    assert_eq!(value("99999999999999999999"), NodeValue::Integer(99_999_999_999_999_999_999));
    assert_eq!(value(&format!("1{}", "0".repeat(50))), NodeValue::Float(1e50));
    assert_eq!(value("-inf"), NodeValue::Float(f64::NEG_INFINITY));
}

#[test]
fn assignments_are_toml_or_a_bare_word() {
    let read =
        |assignment: &str| parse("test.toml", "", &[assignment.to_owned()]).map(|(_, entries)| entries);
    let value = |assignment: &str| read(assignment).unwrap()[0].value.value.clone();
    assert_eq!(value("activation=relu"), NodeValue::Text("relu".to_owned()));
    assert_eq!(value("activation = \"relu\""), NodeValue::Text("relu".to_owned()));
    assert_eq!(value("epochs=5"), NodeValue::Integer(5));
    assert_eq!(value("bias=true"), NodeValue::Flag(true));
    assert_eq!(value("question=Is it \"so\"?"), NodeValue::Text("Is it \"so\"?".to_owned()));
    assert!(read("epochs").is_err() && read("=5").is_err());
}

/// One valid value of each setting, with its value in a specification, and some invalid ones.
#[test]
fn every_setting_takes_what_it_should_and_nothing_else() {
    let cases: &[(&str, &str, Value, &[&str])] = &[
        (
            "dataset",
            "{ spirals = { turns = 2 } }",
            json!(null),
            &["\"spiral\"", "[]", "{}", "{ spirals = 3 }", "{ a = {}, b = {} }"],
        ),
        ("validation", "0", json!(0.0), &["1", "-0.1", "nan", "\"none\"", "true"]),
        ("test", "\"official\"", json!("official"), &["1.0", "\"offcial\"", "inf", "[]"]),
        ("standardize", "false", json!(false), &["0", "\"no\""]),
        ("min_max", "true", json!(true), &["1", "\"yes\""]),
        ("whitening", "\"zca\"", json!("zca"), &["\"PCA\"", "true"]),
        ("standardize_target", "true", json!(true), &["1", "\"yes\""]),
        ("class_targets", "[0.1, 0.9]", json!([0.1, 0.9]), &["0.1", "[0.9, 0.1]", "[0, 1, 2]", "[0, inf]"]),
        ("label_smoothing", "0.1", json!(0.1), &["1", "-0.1", "true"]),
        ("label_noise", "0.1", json!(0.1), &["1", "-0.1", "true"]),
        ("feature_noise", "2", json!(2.0), &["-1", "inf", "\"none\""]),
        ("split", "\"in_order\"", json!("in_order"), &["\"ordered\"", "true", "3"]),
        ("folds", "5", json!(5), &["1", "0", "2.0", "\"all\""]),
        ("split_seed", "0x10", json!(16), &["-1", "1.0", "9223372036854775808", "\"replicates\""]),
        ("architecture", "[64, 32]", json!([64, 32]), &["64", "[0]", "[1.5]", "[[64]]", "[2000000]"]),
        (
            "activation",
            "\"leaky_relu\"",
            json!({"leaky_relu": {"slope": 0.01}}),
            &["\"Relu\"", "{ relu = { slope = 1 } }", "5"],
        ),
        ("output", "{ softmax = {} }", json!("softmax"), &["\"none\"", "{}"]),
        ("initialization", "{ normal = { } }", json!(null), &["\"he\"", "{ normal = { nu = 1 } }"]),
        (
            "weights",
            "[[[1, 2.5]], [[3], [4]]]",
            json!([[[1.0, 2.5]], [[3.0], [4.0]]]),
            &["\"given\"", "[1, 2]", "[[1, 2]]", "[[[1, 2], [3]]]", "[[]]", "[[[nan]]]", "1"],
        ),
        ("bias", "false", json!(false), &["\"false\""]),
        (
            "biases",
            "[[1, 2], []]",
            json!([[1.0, 2.0], []]),
            &["\"none\"", "[1]", "[[\"1\"]]", "inf", "{ all = 1 }"],
        ),
        ("dropout", "0.5", json!(0.5), &["1", "-0.1", "\"none\""]),
        ("epochs", "1_000", json!(1000), &["-1", "5.0", "1000000001", "\"5\""]),
        ("batch_size", "\"full\"", json!("full"), &["0", "\"half\"", "1.5", "true"]),
        ("last_batch", "\"drop\"", json!("drop"), &["\"dropped\"", "true"]),
        ("loss", "\"half_squared_error\"", json!("half_squared_error"), &["\"mse\""]),
        ("reduction", "\"sum\"", json!("sum"), &["\"none\""]),
        (
            "optimizer",
            "{ momentum = { mu = 0 } }",
            json!({"momentum": {"mu": 0.0}}),
            &["\"SGD\"", "{ momentum = { mu = 1 } }"],
        ),
        ("learning_rate", "1", json!(1.0), &["0", "-1", "nan", "inf", "\"1\""]),
        (
            "schedule",
            "{ step = { every = 3 } }",
            json!({"step": {"every": 3, "factor": 0.1}}),
            &["\"none\"", "{ step = { every = 0 } }", "{ step = { every = 1.5 } }"],
        ),
        ("warmup_epochs", "0.5", json!(0.5), &["-1", "nan", "\"1\""]),
        ("precision", "\"f64\"", json!("f64"), &["64", "\"F64\""]),
        ("evaluate_every", "10", json!(10), &["0"]),
        (
            "target",
            "{ metric = \"train_loss\", reaches = 0.5 }",
            json!({"metric": "train_loss", "reaches": 0.5, "stop": false}),
            &[
                "{ metric = \"train_loss\" }",
                "{ metric = \"loss\", reaches = 1 }",
                "\"train_loss\"",
                "{ reaches = nan }",
            ],
        ),
        (
            "penalty",
            "{ l1 = { strength = 1 } }",
            json!({"l1": {"strength": 1.0}}),
            &["\"l3\"", "{ l1 = { strength = -1 } }"],
        ),
        ("weight_decay", "0.1", json!(0.1), &["-1", "\"none\""]),
        ("clip_value", "2", json!(2.0), &["0", "\"off\"", "-1"]),
        ("clip_norm", "2.5", json!(2.5), &["0", "\"off\"", "nan"]),
        (
            "early_stopping",
            "{ patience = 3 }",
            json!({"metric": "validation_loss", "patience": 3, "min_delta": 0.0, "restore_best": true}),
            &["{ patience = 0 }", "{ min_delta = -1 }", "{ metric = \"loss\" }", "5", "{ wait = 1 }"],
        ),
        ("gradient_tolerance", "1e-6", json!(1e-6), &["0", "\"small\""]),
        (
            "budget",
            "{ forward_samples = 1000 }",
            json!({"forward_samples": 1000}),
            &["{ }", "{ forward_samples = 0 }", "1000", "{ forward_samples = 1.5 }"],
        ),
        (
            "fault",
            "\"wrong_sign\"",
            json!("wrong_sign"),
            &["\"wrong\"", "true", "{ wrong_sign = { by = 2 } }"],
        ),
        ("time_limit", "0.5", json!(0.5), &["0", "\"never\"", "inf"]),
        ("trace_steps", "3", json!(3), &["-1", "1001", "\"all\"", "true"]),
        ("save_weights", "true", json!(true), &["1", "\"yes\""]),
        (
            "measure",
            "[\"weight_norm\", \"gradient_norm\"]",
            json!(["gradient_norm", "weight_norm"]),
            &["\"weight_norm\"", "[\"weight\"]", "[1]", "[\"sharpness\", \"sharpness\"]"],
        ),
        ("every", "10", json!(10), &["0", "\"step\"", "1.5", "[]"]),
        ("scheme", "\"central\"", json!("central"), &["\"five\"", "5"]),
        ("step_size", "1e-5", json!(1e-5), &["0", "\"small\"", "-1", "inf"]),
        ("check_after", "3", json!(3), &["-1", "1.5", "\"end\""]),
        ("entries", "100", json!(100), &["0", "\"some\"", "1.5"]),
        ("tolerance", "1e-6", json!(1e-6), &["0", "\"none\"", "nan"]),
        ("expect", "\"caught\"", json!("caught"), &["\"failed\"", "true"]),
        ("from", "-1", json!(-1.0), &["inf", "\"zero\""]),
        ("to", "1e3", json!(1000.0), &["nan", "[1]"]),
        ("points", "2", json!(2), &["1", "100001", "1.5"]),
    ];
    let names: Vec<_> = cases.iter().map(|(name, ..)| *name).collect();
    assert_eq!(
        names,
        settings().iter().map(|setting| setting.name).collect::<Vec<_>>(),
        "a case for every setting"
    );
    for (name, good, value, bad) in cases {
        let read = |text: &str| {
            let (file, _) = parse("test.toml", &format!("{name} = {text}"), &[]).unwrap();
            let setting = super::setting(name).unwrap();
            let mut errors = Vec::new();
            let value = setting.kind.read(name, &file.root.entries()[0].value, &mut errors);
            assert_eq!(value.is_none(), !errors.is_empty(), "{name} = {text}: {errors:?}");
            value
        };
        let got = read(good).unwrap_or_else(|| panic!("{name} = {good} is refused"));
        assert!(value.is_null() || got == *value, "{name} = {good} is read as {got}");
        bad.iter().for_each(|text| assert_eq!(read(text), None, "{name} = {text} is taken"));
    }
}

#[test]
fn every_default_is_valid() {
    for setting in settings() {
        for kind in ExperimentKind::ALL {
            let point = check::default_point(setting, kind);
            assert_eq!(
                point.is_some(),
                matches!(setting.default_in(kind), Default::Toml(_)),
                "{}",
                setting.name
            );
        }
    }
    let experiment = well("");
    let follows = |default| {
        matches!(
            default,
            Default::FollowsLoss | Default::FollowsTargets | Default::FollowsTask | Default::FollowsData
        )
    };
    let ours = settings().iter().filter(|setting| setting.belongs_to(ExperimentKind::Train));
    let expected = ours.filter(|setting| !follows(setting.default)).count();
    assert_eq!(experiment.fixed.len(), expected, "nothing is left open but what follows from the data");
}

#[test]
fn minus_zero_is_zero() {
    let value = &well("data.validation = -0.0").fixed["validation"].value;
    assert_eq!(value.as_f64().map(f64::to_bits), Some(0));
}

#[test]
fn ranges_are_lists_of_round_numbers() {
    let body = "[grid]\nlearning_rate = { log = [1e-3, 1], points = 4 }\nepochs = { linear = [0, 30], points = 3 }\n\
                batch_size = { log = [1, 64], points = 7 }\nvalidation = { linear = [0, 0.9], points = 4 }\n";
    let experiment = well(body);
    assert_eq!(axis(&experiment, 0, "learning_rate"), [0.001, 0.01, 0.1, 1.0].map(|x| json!(x)));
    assert_eq!(axis(&experiment, 0, "epochs"), [0, 15, 30].map(|n| json!(n)));
    assert_eq!(axis(&experiment, 0, "batch_size"), [1, 2, 4, 8, 16, 32, 64].map(|n| json!(n)));
    assert_eq!(axis(&experiment, 0, "validation"), [0.0, 0.3, 0.6, 0.9].map(|x| json!(x)));
}

#[test]
fn long_ranges_are_read_at_once() {
    let experiment = well("[grid]\nlearning_rate = { log = [1e-6, 1], points = 100000 }\n");
    assert_eq!(axis(&experiment, 0, "learning_rate").len(), 100_000);
}

#[test]
fn an_axis_may_be_given_once_in_the_sections() {
    assert_eq!(
        messages("train.epochs = 5\ngrid.epochs = [1, 2]"),
        ["`epochs` is both in its section and an axis of the grid"]
    );
    // The sub-grid without the axis uses the section's value.
    let body = "train.epochs = 5\n[[grid]]\nepochs = [1, 2]\n[[grid]]\noptimizer = [\"sgd\", \"adam\"]\n";
    assert_eq!(well(body).fixed["epochs"].value, json!(5));
}

#[test]
fn a_setting_without_default_must_be_in_every_grid() {
    let file = |grids: &str| {
        let (file, _) = parse("test.toml", &format!("question = \"?\"\n{grids}"), &[]).unwrap();
        check::check(Path::new("test.toml"), file, Vec::new())
    };
    assert!(file("[[grid]]\ndataset = [\"xor\"]\n[[grid]]\ndataset = [\"sine\"]\n").is_ok());
    let errors = file("[[grid]]\ndataset = [\"xor\"]\n[[grid]]\nepochs = [1]\n").unwrap_err().errors;
    assert_eq!(errors[0].message, "`dataset` is missing");
}

#[test]
fn what_is_compared_has_a_default() {
    let compare = |body: &str| well(body).analysis.compare.map(|setting| setting.name);
    assert_eq!(compare(""), None);
    assert_eq!(
        compare("[grid]\nepochs = [1]\nactivation = [\"relu\"]\noptimizer = [\"sgd\"]"),
        Some("optimizer")
    );
    assert_eq!(compare("[grid]\nepochs = [1]\nactivation = [\"relu\"]"), Some("activation"));
    assert_eq!(compare("[grid]\nepochs = [1]\nlearning_rate = [0.1]"), Some("epochs"));
    let metric = |body: &str| well(body).analysis.metric.name();
    assert_eq!((metric(""), metric("data.validation = 0")), ("validation_loss", "train_loss"));
}

#[test]
fn assignments_lie_over_the_file() {
    let body = "train.epochs = 5\n[[grid]]\nlearning_rate = [0.1, 0.2]\n[[grid]]\noptimizer = [\"adam\"]\n";
    let set = |assignments: &[&str]| with(body, assignments).unwrap_or_else(|error| panic!("{error}"));
    // A single value replaces a setting, whether it is an axis or not.
    let fixed = set(&["learning_rate=0.5", "epochs=7", "seeds=3"]);
    assert_eq!((&fixed.fixed["learning_rate"].value, &fixed.fixed["epochs"].value), (&json!(0.5), &json!(7)));
    assert_eq!((fixed.grids[0].axes.len(), fixed.grids[1].axes.len(), fixed.seeds.len()), (0, 1, 3));
    // A list becomes an axis of every sub-grid.
    let varied = set(&["epochs=[1, 2]", "learning_rate=[0.3]"]);
    assert!((0..2).all(|grid| axis(&varied, grid, "epochs") == [json!(1), json!(2)]));
    assert!((0..2).all(|grid| axis(&varied, grid, "learning_rate") == [json!(0.3)]));
    assert_eq!(
        with("", &["epochs=[1, 2]"]).unwrap().grids[0].axes.len(),
        1,
        "a grid is made where there is none"
    );
    assert_eq!(with("", &["architecture=[]"]).unwrap().fixed["architecture"].value, json!([]));
}

/// The problems of assignments, with the advice.
fn refused(assignments: &[&str]) -> String {
    with("", assignments).expect_err("these are wrong").to_string()
}

#[test]
fn an_assignment_sets_one_setting_and_no_other_sets_it() {
    for (assignments, words) in [
        (&["epochs=7", "epochs=8"][..], "`epochs` is set twice: --set epochs=7 and --set epochs=8"),
        (&["epochs=7", "\"epochs\" = 7"], "`epochs` is set twice: --set epochs=7 and --set '\"epochs\" = 7'"),
        (&["seeds=2", "bias=true", "seeds=[1]"], "--set seeds=2 and --set 'seeds=[1]'"),
        (&["optimizer.adam.beta1=0.5", "optimizer.adam.beta2=0.5"], "`optimizer` is set twice"),
        (&["epochs=5\nlearning_rate=0.1"], "one `--set` sets 2 settings: `epochs` and `learning_rate`"),
        (&["epochs=5\r\nseeds=1\nbias=true"], "one `--set` sets 3 settings"),
        (&[""], "`--set` sets nothing"),
        (&["# epochs=5"], "`--set` sets nothing"),
        (&["epochs=5\n[grid]\nlearning_rate=[1]"], "one `--set` sets 2 settings: `epochs` and `grid`"),
        (&["[grid]\nlearning_rate=[1]"], "unknown setting `grid`"),
        (&["optimizer={adam={beta1=0.5}"], "not valid TOML"),
        (&["dataset={csv={path=a.csv}}"], "strings inside { } need quotes"),
        (&["epochs"], "write --set KEY=VALUE"),
    ] {
        let message = refused(assignments);
        assert!(message.contains(words), "{assignments:?}: {message}");
    }
    let question = |text: &str| with("", &[&format!("question={text}")]).unwrap().question;
    assert_eq!(question("Is a, or b,\nbetter\u{7f}\u{1b}?"), "Is a, or b,\nbetter\u{7f}\u{1b}?");
    assert_eq!(with("", &["epochs=5\n"]).unwrap().fixed["epochs"].value, json!(5));
}

#[test]
fn a_list_that_is_none_is_written_right_in_the_help() {
    for (assignment, right) in [
        ("optimizer=[adam,sgd]", r#"--set 'optimizer=["adam","sgd"]'"#),
        ("optimizer=adam, sgd", r#"--set 'optimizer=["adam","sgd"]'"#),
        ("optimizer=[adam, {momentum={mu=0.5}}]", r#"--set 'optimizer=["adam",{momentum={mu=0.5}}]'"#),
        ("optimizer=['adam',\"sgd]", r#"--set 'optimizer=['\''adam'\'',"sgd"]'"#),
        ("learning_rate=0.1,0.2", "--set 'learning_rate=[0.1,0.2]'"),
        ("learning_rate=[0.1, 0.2", "--set 'learning_rate=[0.1,0.2]'"),
        ("architecture=[8],[8,8]", "--set 'architecture=[[8],[8,8]]'"),
        ("seeds=1,2,3", "--set 'seeds=[1,2,3]'"),
        ("learning_rate=log[0.1,1]", "--set 'learning_rate={log=[0.001,1],points=4}'"),
        ("tune=learning_rate,batch_size", r#"--set 'tune=["learning_rate","batch_size"]'"#),
    ] {
        let message = refused(&[assignment]);
        assert!(message.contains(right), "{assignment}: {message}");
    }
    assert!(with("", &["optimizer=[\"adam\",\"sgd\"]", "learning_rate=[0.1,0.2]"]).is_ok());
}

#[test]
fn a_kind_has_its_own_sections_and_settings() {
    assert_eq!(messages("kind = \"training\""), ["unknown value `training` for `kind`"]);
    assert_eq!(messages("[check]\n"), ["an experiment of kind \"train\" has no [check]"]);
    let body = "kind = \"function\"\n[model]\nactivation = \"tanh\"\nbias = false\n[grid]\nepochs = [1]\n";
    let unused = ["dataset", "bias", "epochs"];
    assert_eq!(
        messages(body),
        unused.map(|name| format!("an experiment of kind \"function\" has no setting `{name}`"))
    );
}

#[test]
fn errors_stand_in_the_order_of_the_file_and_once() {
    let errors = with("[train]\nepochs = -1\nepoch = 3\n[model]\nactivaton = 3\n", &["seeds=0", "bias=3"])
        .unwrap_err();
    let places: Vec<_> = errors
        .errors
        .iter()
        .map(|error| error.span.as_ref().map(|span| (span.source, span.bytes.start)))
        .collect();
    assert_eq!(places.len(), 5);
    assert!(places.is_sorted() && places.windows(2).all(|pair| pair[0] != pair[1]), "{places:?}");
}

const GRID: &str = "[grid]\nlearning_rate = [0.1, 0.2]\noptimizer = [\"sgd\", \"adam\"]\n";

#[test]
fn claims_are_read() {
    use chainrule_record::{Better, ClaimTest, Direction, Extent, RunMetric, Side, Subject, TrendAxis};
    let claim = |body: &str| {
        let text = format!("{GRID}[[claim]]\ntext = \" It is so. \"\n{body}\n");
        well(&text).claims.remove(0).claim
    };
    let compared = claim(
        "must = true\nmetric = \"epochs_to_target\"\nwhere = { learning_rate = [0.1, 0.2] }\nbetter = { optimizer = \"adam\" }\nthan = { optimizer = \"sgd\", epochs = 5 }",
    );
    assert_eq!((compared.text.as_str(), compared.must), ("It is so.", true));
    assert_eq!(compared.subject, Subject::Run(RunMetric::EpochsToTarget));
    assert_eq!(compared.filter.label, "learning_rate 0.1 or 0.2");
    let ClaimTest::Order { arms, prefers: Better::Lower } = &compared.test else {
        panic!("{:?}", compared.test)
    };
    let labels: Vec<_> = arms.iter().map(|arm| arm.label.as_str()).collect();
    assert_eq!(labels, ["optimizer adam", "optimizer sgd, epochs 5"]);

    let test = |body: &str| claim(body).test;
    let accuracy = "metric = \"test_accuracy\"\n";
    let order = format!("{accuracy}order = [{{ optimizer = \"adam\" }}, {{ optimizer = \"sgd\" }}]");
    assert!(matches!(test(&order), ClaimTest::Order { prefers: Better::Higher, .. }));
    let smaller = format!("{accuracy}smaller = {{ optimizer = \"adam\" }}\nthan = {{ optimizer = \"sgd\" }}");
    assert!(matches!(test(&smaller), ClaimTest::Order { prefers: Better::Lower, .. }));
    assert_eq!(
        test(&format!("{accuracy}at_least = 0.9")),
        ClaimTest::Threshold { side: Side::AtLeast, bound: 0.9, of: Extent::Mean }
    );
    assert_eq!(
        test("metric = \"diverged\"\nat_most = 0\nof = \"every\""),
        ClaimTest::Threshold { side: Side::AtMost, bound: 0.0, of: Extent::Every }
    );
    assert_eq!(
        test(&format!("{accuracy}equals = 1\ntolerance = 0.5")),
        ClaimTest::Equals { value: 1.0, tolerance: 0.5 }
    );
    let over = TrendAxis::Setting("learning_rate".to_owned());
    assert_eq!(
        test(&format!("{accuracy}trend = \"falls\"\nover = \"learning_rate\"")),
        ClaimTest::Trend { direction: Direction::Falls, over }
    );
    let layers = "metric = \"condition_number\"\ntrend = \"rises\"\nover = \"layer\"";
    assert_eq!(test(layers), ClaimTest::Trend { direction: Direction::Rises, over: TrendAxis::Layer });
    let quantity = claim("quantity = \"weight_gradient1[1,2]\"\nstep = 3\nequals = 0.49\ntolerance = 1e-12");
    assert_eq!(quantity.subject.to_string(), "weight_gradient1[1,2] of step 3");
    let learnt = claim("quantity = \"new_learnt1[1]\"\nequals = 0.025\ntolerance = 1e-12");
    assert_eq!(learnt.subject.to_string(), "new_learnt1[1] of step 0");
    let last = claim("metric = \"condition_number\"\nlayer = \"last\"\nat_most = 100");
    assert_eq!(last.subject.to_string(), "condition_number of the last layer");
}

#[test]
fn wrong_claims_are_told_apart() {
    let said = |body: &str| messages(&format!("{GRID}[[claim]]\n{body}\n")).join("; ");
    let start = "text = \"so\"\nmetric = \"train_loss\"\n";
    let arms = "better = { optimizer = \"adam\" }\nthan = { optimizer = \"sgd\" }";
    for (body, words) in [
        (format!("metric = \"train_loss\"\n{arms}"), "the claim needs `text`"),
        (format!("text = \"\"\nmetric = \"train_loss\"\n{arms}"), "`text` is empty"),
        (format!("text = \"so\"\n{arms}"), "the claim needs `metric`"),
        (format!("text = \"so\"\nmetric = \"train_los\"\n{arms}"), "unknown metric `train_los`"),
        (format!("{start}must = 1\n{arms}"), "`must` cannot be a whole number"),
        (format!("{start}wehre = {{}}\n{arms}"), "unknown key `wehre` in [[claim]]"),
        (start.to_owned(), "the claim needs a test"),
        (format!("{start}{arms}\nat_least = 1"), "a claim can have only one test"),
        (format!("{start}better = {{ optimizer = \"adam\" }}"), "the claim needs `than`"),
        (
            format!("{start}better = {{ optimizer = \"adma\" }}\nthan = {{ optimizer = \"sgd\" }}"),
            "unknown optimizer `adma`",
        ),
        (
            format!("{start}better = {{ optimzer = \"adam\" }}\nthan = {{ optimizer = \"sgd\" }}"),
            "unknown setting `optimzer`",
        ),
        (
            format!("{start}better = {{}}\nthan = {{ optimizer = \"sgd\" }}"),
            "a group of runs needs a condition",
        ),
        (
            format!("{start}better = \"adam\"\nthan = {{ optimizer = \"sgd\" }}"),
            "conditions cannot be a string",
        ),
        (
            format!("{start}better = {{ optimizer = [] }}\nthan = {{ optimizer = \"sgd\" }}"),
            "`optimizer` has no values",
        ),
        (format!("{start}where = {{ seed = 1 }}\n{arms}"), "unknown setting `seed`"),
        (format!("{start}{arms}\ntolerance = 0.1"), "`tolerance` cannot be used with `better`"),
        (format!("{start}at_least = \"x\""), "`at_least` cannot be a string"),
        (format!("{start}at_least = inf"), "`at_least` is out of range"),
        (format!("{start}at_most = 1\nof = \"each\""), "unknown value `each` for `of`"),
        (format!("{start}equals = 1"), "the claim needs `tolerance`"),
        (format!("{start}equals = 1\ntolerance = -1"), "`tolerance` is out of range"),
        (format!("{start}trend = \"falls\""), "the claim needs `over`"),
        (format!("{start}trend = \"down\"\nover = \"depth\""), "unknown value `down` for `trend`"),
        (format!("{start}trend = \"falls\"\nover = \"optimizer\""), "cannot test a trend over `optimizer`"),
        (
            format!("{start}trend = \"falls\"\nover = \"layer\""),
            "`over = \"layer\"` needs a metric of layers",
        ),
        (format!("{start}order = [{{ optimizer = \"adam\" }}]"), "`order` must be a list of tables"),
        (format!("{start}layer = 1\n{arms}"), "`layer` needs a metric of layers"),
        (format!("{start}step = 1\n{arms}"), "`step` needs `quantity`"),
        (format!("{start}quantity = \"delta1[1]\"\n{arms}"), "a metric or a quantity, not both"),
        (
            "text = \"so\"\nquantity = \"delta\"\nequals = 1\ntolerance = 0".to_owned(),
            "`delta` is not a number of a step",
        ),
        (
            format!("text = \"so\"\nmetric = \"condition_number\"\nlayer = 1\n{arms}"),
            "condition_number has no better direction",
        ),
        ("text = \"so\"\nmetric = \"condition_number\"\nat_most = 9".to_owned(), "the claim needs `layer`"),
        (
            "text = \"so\"\nmetric = \"condition_number\"\nlayer = 0\nat_most = 9".to_owned(),
            "`layer` is out of range",
        ),
        (
            "text = \"so\"\nmetric = \"diverged\"\nat_most = 1.5".to_owned(),
            "a fraction of runs must be between 0 and 1",
        ),
        (
            "text = \"so\"\nmetric = \"diverged\"\nat_most = 0".to_owned(),
            "no number of seeds can show that a fraction is exactly 0",
        ),
    ] {
        let said = said(&body);
        assert!(said.contains(words), "{body}\nsays `{said}`, not `{words}`");
    }
    assert_eq!(messages("claim = 3\n"), ["`claim` must be a list of sections"]);
    assert_eq!(messages("[claim]\ntext = \"so\"\n"), ["`claim` must be a list of sections"]);
}

#[test]
fn what_is_tuned_and_confirmed() {
    let analysis = |body: &str| format!("{GRID}[analysis]\ncompare = \"optimizer\"\n{body}\n");
    let read = well(&analysis("tune = [\"learning_rate\"]\nconfirm_seeds = 3")).analysis;
    let tuned: Vec<_> = read.tune.iter().map(|setting| setting.name).collect();
    assert_eq!((tuned, read.confirm_seeds), (vec!["learning_rate"], 3));
    for (body, words) in [
        ("tune = \"learning_rate\"", "`tune` must be a list of axes"),
        ("tune = [\"batch_size\"]", "`tune` must name axes of the grid"),
        ("tune = [\"learning_rat\"]", "`tune` must name axes of the grid"),
        ("tune = [1]", "`tune` must name axes of the grid"),
        ("tune = [\"optimizer\"]", "`optimizer` is compared and cannot be in `tune`"),
        ("tune = [\"learning_rate\", \"learning_rate\"]", "`learning_rate` is in `tune` twice"),
        ("confirm_seeds = 3", "`confirm_seeds` needs `tune`"),
        ("tune = []\nconfirm_seeds = 3", "`confirm_seeds` needs `tune`"),
        ("tune = [\"learning_rate\"]\nconfirm_seeds = 0", "`confirm_seeds` is out of range"),
    ] {
        let said = messages(&analysis(body)).join("; ");
        assert!(said.contains(words), "{body} says `{said}`");
    }
    // A value on the command line leaves no choice.
    let set =
        with(&analysis("tune = [\"learning_rate\"]\nconfirm_seeds = 3"), &["learning_rate=0.3"]).unwrap();
    assert!(set.analysis.tune.is_empty());
}

#[test]
fn problems_are_what_is_given_and_a_margin_is_above_zero() {
    let text = |body: &str| {
        format!(
            "{GRID}activation = [\"relu\", \"tanh\"]\narchitecture = [[4], [8]]\n[analysis]\ncompare = \"optimizer\"\n{body}\n"
        )
    };
    let read = |body: &str| well(&text(body)).analysis;
    let problems =
        |body: &str| -> Vec<_> { read(body).problems.iter().map(|setting| setting.name).collect() };
    assert_eq!(problems(""), ["activation", "architecture"]);
    assert_eq!(problems("tune = [\"activation\"]"), ["architecture"]);
    assert_eq!(problems("problems = [\"activation\"]"), ["activation"]);
    assert!(problems("problems = []").is_empty());
    assert_eq!((read("").margin, read("margin = 0.02").margin), (None, Some(0.02)));
    for (body, words) in [
        ("problems = [\"optimizer\"]", "`optimizer` is compared and cannot be in `problems`"),
        ("problems = 3", "`problems` must be a list of axes"),
        ("problems = [\"activation\"]\ntune = [\"activation\"]", "is in both `problems` and `tune`"),
        ("margin = 0", "`margin` is out of range"),
        ("margin = \"none\"", "`margin`"),
        ("margin = 1\nmetric = \"validation_accuracy\"", "`margin` must be less than 1"),
    ] {
        let said = messages(&text(body)).join("; ");
        assert!(said.contains(words), "{body} says `{said}`");
    }
    assert_eq!(read("margin = 2").margin, Some(2.0), "losses have no largest difference");
    assert_eq!(read("margin = 0.9\nmetric = \"validation_accuracy\"").margin, Some(0.9));
}

#[test]
fn data_sets_are_problems_and_nothing_to_be_chosen() {
    let text = format!(
        "{GRID}dataset = [\"iris\", \"wine\"]\n[analysis]\ncompare = \"optimizer\"\ntune = [\"dataset\"]\n"
    );
    let said = messages(&text).join("; ");
    assert!(said.contains("`dataset` cannot be in `tune`"), "{said}");
}

#[test]
fn a_zipped_axis_may_repeat_a_value() {
    let file = |epochs: &str| {
        format!(
            "[grid]\nlearning_rate = [0.1, 0.1]\nepochs = {epochs}\nzip = [[\"learning_rate\", \"epochs\"]]\n"
        )
    };
    assert_eq!(axis(&well(&file("[1, 2]")), 0, "learning_rate"), [0.1, 0.1].map(|x| json!(x)));
    assert_eq!(messages(&file("[3, 3]")), ["`zip` has learning_rate = 0.1, epochs = 3 twice"]);
    assert_eq!(
        messages("grid.learning_rate = [0.1, 0.1]"),
        ["the axis `learning_rate` has the value 0.1 twice"]
    );
}

#[test]
fn settings_that_define_the_task_are_never_tuned_and_compared_last() {
    for (name, values) in [
        ("split_seed", "[1, 2]"),
        ("validation", "[0.1, 0.2]"),
        ("test", "[0.1, 0.2]"),
        ("label_noise", "[0, 0.2]"),
        ("feature_noise", "[0, 0.2]"),
        ("loss", "[\"squared_error\", \"half_squared_error\"]"),
    ] {
        let body = format!(
            "[grid]\n{name} = {values}\nlearning_rate = [0.1, 1]\n[analysis]\ntune = [\"{name}\"]\ncompare = \"learning_rate\"\n"
        );
        assert_eq!(messages(&body), [format!("`{name}` cannot be in `tune`")]);
    }
    let compared =
        |grid: &str| well(&format!("[grid]\n{grid}\n")).analysis.compare.map(|setting| setting.name);
    assert_eq!(compared("test = [0.1, \"official\"]\nlearning_rate = [0.1, 1]"), Some("learning_rate"));
    assert_eq!(compared("split_seed = [0, 1]\nvalidation = [0.1, 0.2]"), Some("validation"));
    assert_eq!(compared("split_seed = [0, 1]"), None);
    assert_eq!(compared("split = [\"random\", \"in_order\"]\nvalidation = [0.1, 0.2]"), Some("split"));
}

#[test]
fn folds_decide_the_test_set_and_the_seeds() {
    let read = well("data.folds = 4\n");
    assert_eq!((read.seeds.clone(), &read.fixed["test"].value), (vec![0, 1, 2, 3], &json!(0.25)));
    let with_seeds = |seeds: &str| with("data.folds = 4\n", &[&format!("seeds={seeds}")]);
    assert_eq!(with_seeds("8").unwrap().seeds.len(), 8);
    assert_eq!(with_seeds("[7, 4, 5, 6]").unwrap().seeds, [7, 4, 5, 6]);
    for seeds in ["3", "5", "[1, 2, 3, 4]"] {
        let error = with_seeds(seeds).unwrap_err().errors.remove(0);
        assert_eq!(error.message, "`seeds` must cover every fold: `folds = 4`");
    }
    for (body, message) in [
        ("data.folds = 4\ndata.test = 0.2\n", "`folds` and `test` exclude each other"),
        ("data.folds = 4\n[grid]\ntest = [0.1, 0.2]\n", "`folds` and `test` exclude each other"),
        ("[grid]\nfolds = [2, 4]\n", "`folds` cannot be an axis"),
        ("data.folds = 1\n", "`folds` is out of range"),
        ("[grid]\nsplit_seed = [1, \"replicate\"]\n", "an axis of `split_seed` has numbers only"),
        (
            "data.folds = 4\n[grid]\nlearning_rate = [0.1, 1]\n[analysis]\ntune = [\"learning_rate\"]\nconfirm_seeds = 6\n",
            "`confirm_seeds` must cover every fold",
        ),
    ] {
        let found = messages(body);
        assert!(found.iter().any(|found| found.starts_with(message)), "{body}: {found:?}");
    }
}

#[test]
fn an_old_name_is_an_error_that_gives_the_new_one() {
    for (body, assignments) in [
        ("data.share_seed = 1\n", &[][..]),
        ("[grid]\nshare_seed = [1, 2]\n", &[]),
        ("", &["share_seed=1"]),
        ("[grid]\nexclude = [{ share_seed = 1 }]\n", &[]),
    ] {
        let errors = with(body, assignments).unwrap_err().errors;
        let help = errors[0].help.as_deref().unwrap();
        assert_eq!(help, "`share_seed` is now called `split_seed`", "{body}{assignments:?}");
    }
}
