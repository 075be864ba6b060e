//! Claims, from the experiment file to the exit code.

use crate::project::{Project, xor};
use rusqlite::Connection;

/// Constant weights keep all hidden units alike, so that XOR cannot be learnt; the loss stays near ln 2 = 0.69.
const REST: &str = r#"
loss = "binary_cross_entropy"

[model]
initialization = "constant"

[grid]
optimizer = ["sgd", "adam"]
learning_rate = [0.1, 0.2]

[analysis]
compare = "optimizer"
metric = "train_loss"
"#;

const REFUTED: &str =
    "[[claim]]\ntext = \"XOR is learnt\"\nmetric = \"train_loss\"\nat_most = 0.1\nof = \"every\"\n";

const CONFIRMED: &str = "tune = [\"learning_rate\"]\nconfirm_seeds = 6\n
[[claim]]
text = \"Adam is better\"
metric = \"train_loss\"
better = { optimizer = \"adam\" }
than = { optimizer = \"sgd\" }
";

fn experiment(claim: &str) -> String {
    xor(3, &format!("{REST}{claim}"))
}

#[test]
fn only_a_refuted_claim_that_must_hold_is_an_error() {
    let project = Project::new();
    project.file("xor.toml", experiment(REFUTED));
    let ended = project.run(&["run", "xor.toml"]).well();
    assert!(ended.stdout.starts_with("Refuted: XOR is learnt\n    worst value 0."), "{ended:?}");
    project.file("xor.toml", experiment(&format!("{REFUTED}must = true\n")));
    let ended = project.run(&["run", "xor.toml"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("a claim with must = true is refuted: XOR is learnt"), "{ended:?}");
    assert_eq!(ended.counts(), (0, 12), "claims are no part of a run: nothing is run again");
    // Three seeds do not decide, and undecided does not mean refuted.
    let undecided = "[[claim]]\ntext = \"Adam is better\"\nmetric = \"train_loss\"\nbetter = { optimizer = \"adam\" }\n\
                     than = { optimizer = \"sgd\" }\nmust = true\n";
    project.file("xor.toml", experiment(undecided));
    assert!(project.run(&["run", "xor.toml"]).well().stdout.starts_with("Undecided: Adam is better"));
    project.file("xor.toml", experiment(&(REFUTED.replace("0.1", "9.0") + "must = true\n")));
    assert!(project.run(&["run", "xor.toml"]).well().stdout.starts_with("Supported: XOR is learnt"));
    assert_eq!(project.table("xor", "claims.csv")[1][4], "supported");
}

#[test]
fn chosen_configurations_are_run_again_once_and_resumed() {
    let project = Project::new();
    project.file("xor.toml", experiment(CONFIRMED));
    let plan = project.run(&["plan", "xor.toml"]).well().stdout;
    assert!(plan.contains("then 12 more: the chosen configurations on 6 fresh seeds"), "{plan}");
    // 2 optimizers × 2 rates × 3 seeds, and then 2 × 6.
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (24, 0));
    let again = project.run(&["run", "xor.toml"]).well();
    assert_eq!(again.counts(), (0, 24));
    assert!(again.stdout.contains("on fresh seeds: "), "{again:?}");
    let seeds: Vec<_> =
        project.records("xor").values().map(|record| record["spec"]["seed"].as_u64().unwrap()).collect();
    assert_eq!((0..9).map(|seed| seeds.iter().filter(|found| **found == seed).count()).max(), Some(4));
    assert_eq!(seeds.iter().filter(|seed| **seed >= 3).count(), 12);

    // Lose some of the fresh runs: the report says so, and the next run makes them, and only them.
    let store = Connection::open(project.path("results/xor/runs.sqlite")).unwrap();
    let lost = "DELETE FROM runs WHERE json_extract(record, '$.spec.seed') >= 6";
    assert_eq!(store.execute(lost, []).unwrap(), 6);
    let report = project.run(&["report", "xor.toml"]).well().stdout;
    assert!(report.starts_with("Undecided: Adam is better"), "{report}");
    assert!(report.contains("6 of 12 runs on fresh seeds are not on record"), "{report}");
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (6, 18));
}

/// The slope of a PReLU, worked out by hand in `traces::learnt_parameters_are_traced`; and the first sample of a full batch,
/// which is the first of the file.
#[test]
fn claims_are_about_learnt_parameters_and_the_order_of_the_file() {
    let claim = |quantity: &str, value: f64| {
        format!(
            "[[claim]]\ntext = \"{quantity}\"\nquantity = \"{quantity}\"\nequals = {value}\ntolerance = 1e-12\nmust = true\n"
        )
    };
    let data = |x: &str, y: &str| {
        format!(
            "question = \"?\"\n[data]\ndataset = {{ inline = {{ x = {x}, y = {y}, task = \"regression\" }} }}\n\
             validation = 0\ntest = 0\nstandardize = false\n"
        )
    };
    let project = Project::new();
    let slope = data("[[1]]", "[[2]]")
        + "[model]\narchitecture = [1]\nactivation = \"prelu\"\nweights = [[[-1.0]], [[1.0]]]\nbias = false\n\
           [train]\nepochs = 1\nprecision = \"f64\"\ntrace_steps = 1\n"
        + &claim("learnt1[1]", 0.25)
        + &claim("learnt_gradient1[1]", 2.25)
        + &claim("new_learnt1[1]", 0.025);
    project.file("slope.toml", slope);
    assert!(project.run(&["run", "slope.toml"]).well().stdout.contains("Supported"));
    let order = data("[[1], [2], [3], [4]]", "[[10], [20], [30], [40]]")
        + "[model]\narchitecture = []\n[train]\nepochs = 1\ntrace_steps = 1\n"
        + &claim("input[1]", 1.0)
        + &claim("target[4]", 40.0);
    project.file("order.toml", order);
    project.run(&["run", "order.toml"]).well();
}
