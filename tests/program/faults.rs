//! The proof that the check of gradients can fail: the experiment that comes with the program.

use crate::project::{Project, experiment};
use std::collections::BTreeMap;

/// The check finds all 25 errors in a gradient. It does not find the two errors after the gradient, and two that are too
/// small for single precision. Without a fault it reports nothing. One seed, untrained.
#[test]
fn faults_are_caught_and_the_right_gradient_is_not() {
    let project = Project::new();
    let file = experiment("faults.toml");
    let ended = project.run(&["run", file.to_str().unwrap(), "--set", "epochs=0", "--set", "seeds=1"]).well();
    assert!(ended.stdout.contains("25 of 27 faults were caught."), "{ended:?}");
    let table = project.table("faults", "faults.csv");
    let column = |name: &str| table[0].iter().position(|title| title == name).unwrap();
    let mut totals: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for row in &table[1..] {
        let counts =
            ["caught", "missed", "passed", "false_alarms", "checks"].map(|name| row[column(name)].parse());
        let total = totals.entry(row[column("fault")].as_str()).or_default();
        total.iter_mut().zip(counts).for_each(|(total, count)| *total += count.unwrap_or(0));
    }
    let faults = |is: fn(&[usize; 5]) -> bool| -> Vec<&str> {
        totals.iter().filter(|(_, total)| is(total)).map(|(fault, _)| *fault).collect()
    };
    assert_eq!(faults(|[caught, ..]| *caught > 0).len(), 25);
    let missed = ["gradients_not_cleared", "penalty_in_batch_mean", "penalty_left_out", "wrong_update_sign"];
    assert_eq!(faults(|[_, missed, ..]| *missed > 0), missed);
    let [.., passed, false_alarms, checks] = totals["none"];
    assert_eq!((passed, false_alarms), (checks, 0));
    for plot in ["faults.png", "faults.csv"] {
        assert!(project.path("results/faults/plots").join(plot).exists(), "{plot}");
    }
    let mut zeroed = table.iter().filter(|row| row[0] == "weights_zeroed_by_mask");
    assert!(zeroed.any(|row| row[column("caught_by")] == "parameters changed (1)"));
}

/// The check reports a wrong expectation: an error that it should miss and finds, or should find and misses.
#[test]
fn what_is_not_expected_is_an_error() {
    let project = Project::new();
    let text = |fault: &str, expect: &str| {
        format!(
            "question = \"?\"\nkind = \"gradient_check\"\n[data]\ndataset = \"xor\"\nvalidation = 0\ntest = 0\n\
             [train]\nbatch_size = \"full\"\nfault = \"{fault}\"\n[check]\nexpect = \"{expect}\"\n"
        )
    };
    for (fault, expect, code) in [
        ("wrong_sign", "caught", 0),
        ("wrong_sign", "missed", 1),
        ("wrong_sign", "passed", 1),
        ("wrong_update_sign", "missed", 0),
        ("wrong_update_sign", "caught", 1),
        ("none", "passed", 0),
        ("none", "caught", 1),
    ] {
        project.file("one.toml", text(fault, expect));
        let ended = project.run(&["run", "one.toml"]);
        assert_eq!(ended.code, Some(code), "{fault}, {expect}: {ended:?}");
    }
}
