//! The regression check, from the experiment to the exit code: the expected layer catches every injected regression.
//!
//! The store holds records of changed trainings under the planned runs, as a program with that error would have stored them;
//! `check --stored` compares them. Then the baseline names another class of processors, and layer 2 has to find the same.

use crate::project::{Ended, Project};
use chainrule_record::{Digest, Divergence, RunRecord, RunSpec, StopReason};
use chainrule_runner::data::DataCache;
use chainrule_runner::execute;
use chainrule_runner::store::Store;
use serde_json::{Value, json};
use std::path::PathBuf;

const IRIS: &str = r#"
question = "Does the check catch it?"
seeds = 8

[data]
dataset = "iris"
validation = 0.2
test = 0.2

[model]
architecture = [8]
activation = "tanh"

[train]
epochs = 10
batch_size = 10
target = { metric = "validation_loss", reaches = 0.4 }

[grid]
optimizer = ["sgd", "momentum"]
learning_rate = [0.03, 0.1]
"#;

/// An experiment with a baseline.
struct Kept {
    project: Project,
}

/// The output of `check`.
struct Checked {
    code: Option<i32>,
    json: Value,
}

impl Checked {
    /// The kinds of the findings that make it fail.
    fn regressions(&self) -> Vec<&str> {
        let findings = self.json["findings"].as_array().unwrap();
        let failing = findings.iter().filter(|finding| finding["severity"] == "regression");
        let mut kinds: Vec<&str> = failing.map(|finding| finding["kind"].as_str().unwrap()).collect();
        kinds.dedup();
        kinds
    }

    #[track_caller]
    fn fails_with(&self, layer: u64, kind: &str) -> &Value {
        assert_eq!((self.code, &self.json["layer"]), (Some(1), &json!(layer)), "{:#}", self.json);
        assert!(self.regressions().contains(&kind), "{:#}", self.json);
        let findings = self.json["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["kind"] == kind).unwrap()
    }

    #[track_caller]
    fn passes(&self, layer: u64) {
        assert_eq!((self.code, &self.json["layer"]), (Some(0), &json!(layer)), "{:#}", self.json);
    }
}

impl Kept {
    fn new() -> Self {
        let project = Project::new();
        project.file("iris.toml", IRIS);
        project.run(&["bless", "iris.toml"]).well();
        Self { project }
    }

    fn store(&self) -> Store {
        Store::create(&self.project.path("results/iris")).unwrap()
    }

    fn records(&self) -> Vec<RunRecord> {
        let store = self.store();
        store.records(&store.experiment().unwrap().run_ids, chainrule_core::RESULTS_VERSION).unwrap()
    }

    /// Puts changed records into the store.
    fn change(&self, change: impl Fn(usize, &mut RunRecord)) {
        let mut records = self.records();
        records.iter_mut().enumerate().for_each(|(index, record)| change(index, record));
        self.store().write(&records).unwrap();
    }

    /// Replaces the records of the planned runs in the store with records of changed trainings.
    fn retrain(&self, change: impl Fn(&mut RunSpec)) {
        let data = DataCache::new("none".into());
        self.change(|_, record| {
            let mut spec = record.spec.clone();
            change(&mut spec);
            *record =
                RunRecord { run_id: record.run_id, spec: record.spec.clone(), ..execute::one(spec, &data) };
        });
    }

    fn baseline(&self) -> PathBuf {
        self.project.path("results/baselines/iris.csv")
    }

    /// Changes the text of the baseline.
    fn edit(&self, edit: impl Fn(&str) -> String) {
        let text = std::fs::read_to_string(self.baseline()).unwrap();
        let edited = edit(&text);
        assert_ne!(text, edited, "nothing was edited");
        std::fs::write(self.baseline(), edited).unwrap();
    }

    fn pretend_another_class(&self) {
        self.edit(|text| {
            let line = text.lines().find(|line| line.starts_with("# simd: ")).unwrap();
            text.replace(line, "# simd: another")
        });
    }

    fn check(&self) -> Checked {
        let ended = self.project.run(&["check", "iris.toml", "--stored", "--format", "json"]);
        Checked {
            code: ended.code,
            json: serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{ended:?}")),
        }
    }

    fn check_as_text(&self, arguments: &[&str]) -> Ended {
        self.project.run(&[&["check", "iris.toml"], arguments].concat())
    }
}

/// A baseline, the program as it is, and both layers.
#[test]
fn the_same_program_passes_and_the_baseline_is_the_same_bytes() {
    let kept = Kept::new();
    let bytes = std::fs::read(kept.baseline()).unwrap();
    let again = kept.project.run(&["bless", "iris.toml"]).well();
    assert!(again.stdout.contains("32 runs the same, 0 changed, 0 new, 0 gone"), "{again:?}");
    assert!(bytes == std::fs::read(kept.baseline()).unwrap(), "the same results are the same bytes");
    let fresh = kept.check_as_text(&[]).well();
    assert!(fresh.stdout.starts_with("passed: 32 runs compared with"), "{fresh:?}");
    kept.check().passes(1);
    // Nothing differs, so another class of processors does not select layer 2.
    kept.pretend_another_class();
    kept.check().passes(1);
}

/// A check measures the present program, whatever an earlier one has stored.
#[test]
fn stored_records_are_judged_only_where_that_is_asked() {
    let kept = Kept::new();
    kept.change(|_, record| record.test.as_mut().unwrap().loss *= 2.0);
    kept.check().fails_with(1, "metric");
    kept.check_as_text(&[]).well();
}

#[test]
fn momentum_with_the_wrong_sign() {
    let kept = Kept::new();
    kept.retrain(|spec| {
        if spec.get("optimizer") != Some(&json!("sgd")) {
            spec.0.insert("optimizer".to_owned(), json!({ "momentum": { "mu": -0.9 } }));
        }
    });
    let checked = kept.check();
    let finding = checked.fails_with(1, "weights");
    assert_eq!((&finding["epoch"], &finding["layer"]), (&json!(1), &json!(1)), "{finding:#}");
    assert_eq!(finding["metric"], "validation_loss");
    assert_eq!(checked.json["runs"], json!({ "same": 16, "changed": 16, "missing": 0, "extra": 0 }));
    kept.pretend_another_class();
    kept.check().fails_with(2, "progress");
    kept.check().fails_with(2, "worse");
}

/// Too small to make a metric clearly worse: layer 2 finds that training differs from the start.
#[test]
fn a_learning_rate_that_is_off_by_one_per_cent() {
    let kept = Kept::new();
    kept.retrain(|spec| {
        let rate = spec.get("learning_rate").and_then(Value::as_f64).unwrap();
        spec.0.insert("learning_rate".to_owned(), json!(1.01 * rate));
    });
    kept.check().fails_with(1, "weights");
    kept.pretend_another_class();
    assert_eq!(kept.check().regressions(), ["progress"]);
    // Where results are meant to have changed, the same is a notice.
    kept.edit(|text| text.replace("# results_version: ", "# results_version: 9"));
    kept.check().passes(2);
}

#[test]
fn another_derivation_of_seeds() {
    let kept = Kept::new();
    kept.retrain(|spec| *spec = spec.clone().with_seed(spec.seed() + 1000));
    assert_eq!(kept.check().fails_with(1, "weights")["epoch"], 0);
    kept.pretend_another_class();
    assert_eq!(kept.check().regressions(), ["start"]);
}

/// One bit of one weight of one layer: its digest is another, and nothing else that is recorded. Layer 2 cannot tell it from
/// rounding, which it is.
#[test]
fn one_bit_of_one_weight() {
    let kept = Kept::new();
    kept.change(|index, record| {
        if index == 5 {
            record.layer_digests[1] = Digest::of(b"one bit is another");
            record.weights_digest = Some(Digest::of(b"and so is the whole"));
        }
    });
    let checked = kept.check();
    let finding = checked.fails_with(1, "weights");
    assert_eq!((&finding["layer"], &finding["epoch"]), (&json!(2), &Value::Null), "{finding:#}");
    assert_eq!(checked.json["runs"]["changed"], 1);
    assert_eq!(finding["run"]["run_id"], json!(kept.records()[5].run_id.to_string()));
    kept.pretend_another_class();
    kept.check().passes(2);
}

/// 3 points too much, of right weights.
#[test]
fn a_wrong_accuracy_with_right_weights() {
    let kept = Kept::new();
    kept.change(|_, record| {
        for accuracy in record.curve.validation_accuracy.iter_mut().flatten() {
            *accuracy -= 0.03;
        }
    });
    let checked = kept.check();
    assert_eq!(checked.regressions(), ["metric"], "{:#}", checked.json);
    assert_eq!(checked.fails_with(1, "metric")["layer"], Value::Null);
    kept.pretend_another_class();
    assert_eq!(kept.check().fails_with(2, "worse")["metric"], "validation_accuracy");
}

#[test]
fn a_run_that_is_missing() {
    let kept = Kept::new();
    let gone = kept.records()[7].run_id;
    let store = rusqlite::Connection::open(kept.project.path("results/iris/runs.sqlite")).unwrap();
    assert_eq!(store.execute("DELETE FROM runs WHERE run_id = ?1", [gone.to_string()]).unwrap(), 1);
    let checked = kept.check();
    assert_eq!(checked.fails_with(1, "missing_run")["run"]["run_id"], json!(gone.to_string()));
    // At layer 2 too: some bits are others, and the class as well.
    kept.change(|_, record| {
        record.curve.weight_norm.iter_mut().flatten().for_each(|norm| *norm = norm.next_up())
    });
    kept.pretend_another_class();
    assert_eq!(kept.check().regressions(), ["missing_run"]);
    kept.check().fails_with(2, "missing_run");
}

#[test]
fn a_run_that_is_not_in_the_baseline() {
    let kept = Kept::new();
    let run_id = kept.records()[3].run_id.to_string();
    kept.edit(|text| {
        let rows = text.lines().filter(|line| !line.starts_with(&run_id)).map(|line| format!("{line}\n"));
        rows.collect::<String>().replace("# runs: 32", "# runs: 31")
    });
    let checked = kept.check();
    let finding = checked.fails_with(1, "extra_run");
    assert_eq!(finding["run"]["run_id"], json!(run_id));
    assert!(finding["message"].as_str().unwrap().contains("`chainrule bless` adds it"), "{finding}");
    kept.change(|_, record| {
        record.curve.weight_norm.iter_mut().flatten().for_each(|norm| *norm = norm.next_up())
    });
    kept.pretend_another_class();
    kept.check().fails_with(2, "extra_run");
}

#[test]
fn a_run_that_diverges_or_fails_newly() {
    for (stop, kind) in [(StopReason::Diverged, "newly_diverged"), (StopReason::Failed, "newly_failed")] {
        let kept = Kept::new();
        kept.change(|index, record| {
            if index == 9 {
                record.stop = stop;
                record.test = None;
                match stop {
                    StopReason::Failed => record.failure = Some("no memory\n::error::is left".to_owned()),
                    _ => {
                        let (tensor, value) = ("weights".to_owned(), "NaN".to_owned());
                        record.divergence = Some(Divergence { step: 40, layer: 2, tensor, value });
                    }
                }
            }
        });
        let finding = kept.check().fails_with(1, kind).clone();
        assert_eq!(finding["run"]["settings"]["optimizer"], "sgd", "{finding:#}");
        kept.pretend_another_class();
        assert_eq!(kept.check().regressions(), [kind]);
        kept.check().fails_with(2, kind);
    }
}

/// Another experiment is reported as such, with the differences and the command that accepts it.
#[test]
fn a_changed_experiment_is_told_as_such() {
    let kept = Kept::new();
    for (from, to, words) in [
        ("epochs = 10", "epochs = 11", "`epochs` was 10 and is 11"),
        ("[0.03, 0.1]", "[0.03, 0.2]", "`learning_rate` was 0.1 and is 0.2"),
        ("seeds = 8", "seeds = 9", "`seed` has 8 too"),
        ("seeds = 8", "seeds = 7", "`seed` no longer has 7"),
        ("\"tanh\"", "\"relu\"", "`activation` was tanh and is relu"),
        ("learning_rate = [0.03, 0.1]", "learning_rate = [0.1]", "`learning_rate` no longer has 0.03"),
    ] {
        assert!(IRIS.contains(from));
        kept.project.file("iris.toml", IRIS.replace(from, to));
        let ended = kept.check_as_text(&[]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stdout.contains(words), "{words}: {ended:?}");
        assert!(ended.stdout.contains("if this is intended: chainrule bless iris.toml"), "{ended:?}");
    }
}

/// A file that does not match its digests and identities is an error with a line.
#[test]
fn a_baseline_that_was_edited_by_hand_is_damaged() {
    let kept = Kept::new();
    let text = std::fs::read_to_string(kept.baseline()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().position(|line| line.starts_with("run_id")).unwrap();
    let column = |name: &str| lines[head].split(',').position(|title| title == name).unwrap();
    // The first row, with another text in a column, and its line.
    let cell = |name: &str, value: &str| {
        let mut cells: Vec<&str> = lines[head + 1].split(',').collect();
        cells[column(name)] = value;
        let row = cells.join(",");
        let edited = text.replace(lines[head + 1], &row);
        (edited, head + 2)
    };
    let curve = lines[head + 1].rsplit(',').next().unwrap();
    let other_curve = format!("1{curve}");
    let entry = |from: &str, to: &str| {
        let line = lines.iter().position(|line| line.starts_with(from)).unwrap();
        (text.replace(lines[line], to), line + 1)
    };
    for (edited, line) in [
        cell("seed", "77"),
        cell("learning_rate", "0.5"),
        cell("curve", &other_curve),
        entry("# setting batch_size:", "# setting batch_size: 17"),
        entry("# name:", "# name: another"),
        (text.replace(lines[head + 3], &format!("<<<<<<< HEAD\n{}", lines[head + 3])), head + 4),
    ] {
        assert_ne!(edited, text);
        std::fs::write(kept.baseline(), edited).unwrap();
        kept.check_as_text(&["--stored"]).error(2, &[&format!("results/baselines/iris.csv:{line}: ")]);
    }
    // A byte order mark before the text is not damage.
    std::fs::write(kept.baseline(), format!("\u{feff}{text}")).unwrap();
    kept.check().passes(1);
    // Nor does an edited conclusion pass.
    let ranked = lines.iter().find(|line| line.starts_with("# ranked:")).unwrap();
    let begin = ranked.find("\"median\":").unwrap() + "\"median\":".len();
    std::fs::write(kept.baseline(), text.replace(ranked, &format!("{}77}}", &ranked[..begin]))).unwrap();
    kept.check().fails_with(1, "ranking");
}

/// The advised command blesses exactly the checked experiment.
#[test]
fn the_advice_names_the_same_experiment() {
    let kept = Kept::new();
    let options = ["--set", "epochs=11", "--set", "activation=relu", "--results", "my results"];
    let bless = "chainrule bless iris.toml --set epochs=11 --set activation=relu --results 'my results'";
    for format in ["text", "markdown", "github", "json"] {
        let ended = kept.check_as_text(&[&options[..], &["--format", format]].concat());
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stdout.contains(bless), "{ended:?}");
        assert!(!ended.stdout.contains("all the same"), "{ended:?}");
    }
    let store = rusqlite::Connection::open(kept.project.path("results/iris/runs.sqlite")).unwrap();
    store.execute_batch("DELETE FROM runs WHERE rowid <= 2").unwrap();
    let stored = kept.check_as_text(&["--stored"]);
    let run = "runs are missing in the store; run them: chainrule run iris.toml\n";
    assert!(
        stored.stdout.ends_with(run) && stored.stderr.contains("2 of 32 runs are not on record"),
        "{stored:?}"
    );
}

/// Every format has the findings, and hostile text stays inside them.
#[test]
fn formats_hold_what_is_found() {
    let kept = Kept::new();
    kept.change(|index, record| {
        if index < 12 {
            record.stop = StopReason::Failed;
            record.failure = Some("100%\n::error file=x::pwned | <b>\u{1b}[31m".to_owned());
        }
    });
    let text = kept.check_as_text(&["--stored"]);
    assert_eq!(text.code, Some(1));
    assert!(text.stdout.contains("… and 4 more; --format json has all"), "{}", text.stdout);
    assert!(!text.stdout.contains('\u{1b}') && !text.stdout.contains("\n::"), "{}", text.stdout);
    let github = kept.check_as_text(&["--stored", "--format", "github"]).stdout;
    let commands: Vec<&str> = github.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(commands.len(), 10, "{github}");
    let begin = "::error file=iris.toml,title=chainrule check%3A newly_failed::";
    assert!(commands[..9].iter().all(|command| command.starts_with(begin)), "{github}");
    assert!(commands[0].contains("100%25 ::error"), "{github}");
    assert!(commands[9].contains("… and 3 more"), "{github}");
    let markdown = kept.check_as_text(&["--stored", "--format", "markdown"]).stdout;
    assert!(markdown.contains("| regression | `newly_failed` |") && !markdown.contains("<b>"), "{markdown}");
    let json = kept.check().json;
    assert_eq!(json["findings"].as_array().unwrap().len(), 12);
    // The form that docs/regressions.md describes.
    let keys = |of: &Value| of.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(
        keys(&json),
        "baseline before experiment findings format_version layer now passed remedy runs why_layer_2"
    );
    assert_eq!(keys(&json["runs"]), "changed extra missing same");
    assert_eq!(keys(&json["now"]), "chainrule_version compiler cpu git_commit platform results_version simd");
    assert_eq!(keys(&json["findings"][0]), "before epoch kind layer message metric now run severity");
    assert_eq!(keys(&json["findings"][0]["run"]), "run_id seed settings");
}

#[test]
fn what_is_no_baseline_is_an_error_with_its_line() {
    let kept = Kept::new();
    let good = std::fs::read_to_string(kept.baseline()).unwrap();
    let table = good.lines().position(|line| line.starts_with("run_id,")).unwrap() + 1;
    let cut = good.len() - 30;
    let row = good.lines().nth(table).unwrap();
    for (text, line, words) in [
        (String::new(), 1, "this is not a baseline"),
        ("run_id,seed\n1,2\n".to_owned(), 1, "this is not a baseline"),
        (good.replace("# baseline_version: 1", "# baseline_version: 2"), 2, "has version 2"),
        (good.replace("# simd: ", "# sind: "), table, "there is no `# simd:`"),
        (good.replace("# results_version: ", "# results_version: x"), 7, "expected a whole number"),
        (good.replace(",stop_reason,", ",stop,"), table, "these are not the columns of a baseline"),
        (good[..cut].to_owned(), good.lines().count(), "the file is cut short"),
        (good.lines().take(table + 3).map(|line| format!("{line}\n")).collect(), 3, "`runs` is 32"),
        (good.replace(row, &row[1..]), table + 1, "expected 64 hexadecimal digits"),
        (good.replace(row, &row.replace(",max_epochs,", ",tired,")), table + 1, "expected a reason to stop"),
        (good.replace(row, "only,three,cells"), table + 1, "3 cells"),
        (good.replace("# runs: 32", "# runs: 33") + row + "\n", table + 33, "is in the table twice"),
    ] {
        std::fs::write(kept.baseline(), text).unwrap();
        let place = format!("iris.csv:{line}: ");
        kept.check_as_text(&[]).error(2, &["results/baselines/", &place, words]);
    }
    std::fs::write(kept.baseline(), [0xff, 0xfe]).unwrap();
    kept.check_as_text(&[]).error(2, &["not UTF-8 text"]);
    // `bless` replaces a baseline that cannot be read, and no other file.
    kept.project.run(&["bless", "iris.toml"]).error(2, &["results/baselines/iris.csv exists already"]);
    std::fs::write(kept.baseline(), &good[..cut]).unwrap();
    let blessed = kept.project.run(&["bless", "iris.toml"]).well();
    assert!(blessed.stdout.contains("could not be read, and is replaced"), "{blessed:?}");
    assert_eq!(std::fs::read_to_string(kept.baseline()).unwrap(), good);
    std::fs::remove_file(kept.baseline()).unwrap();
    kept.check_as_text(&[]).error(2, &["there is no baseline", "chainrule bless iris.toml"]);
}

/// The other kinds of experiments, at both layers.
#[test]
fn gradient_checks_and_functions() {
    let checks = "question = \"?\"\nkind = \"gradient_check\"\nseeds = 2\n\
                  data = { dataset = \"iris\", validation = 0, test = 0 }\nmodel.architecture = [3]\n\
                  grid.activation = [\"tanh\", \"relu\"]\n";
    let functions = "question = \"?\"\nkind = \"function\"\n[grid]\nactivation = [\"tanh\", \"relu\"]\n";
    for (name, text) in [("checks", checks), ("functions", functions)] {
        let project = Project::new();
        let file = project.file(&format!("{name}.toml"), text);
        let file = file.to_str().unwrap();
        project.run(&["bless", file]).well();
        project.run(&["check", file]).well();
        let folder = project.path("results").join(name);
        let mut store = Store::create(&folder).unwrap();
        let info = store.experiment().unwrap();
        let mut records = store.records(&info.run_ids, chainrule_core::RESULTS_VERSION).unwrap();
        for record in &mut records {
            if let Some(check) = &mut record.gradient_check {
                (check.passed, check.as_expected) = (false, false);
                check.rows[1].largest_relative = Some(0.5);
            }
            if let Some(value) = record.function.as_mut().and_then(|function| function.value[3].as_mut()) {
                *value = value.next_up();
            }
        }
        store.write(&records).unwrap();
        let kind = if name == "checks" { "gradient_check" } else { "record" };
        let first = if name == "checks" { "check.1.weights differs" } else { "function.value differs" };
        let one = project.run(&["check", file, "--stored"]);
        assert!(one.code == Some(1) && one.stdout.contains(first) && one.stdout.contains(kind), "{one:?}");
        let path = project.path("results/baselines").join(format!("{name}.csv"));
        let baseline = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, baseline.replace("# simd: ", "# simd: not ")).unwrap();
        let two = project.run(&["check", file, "--stored"]);
        assert!(two.code == Some(1) && two.stdout.contains("judged by wide limits alone"), "{two:?}");
        assert!(two.stdout.contains(&format!("regression, {kind}")), "{two:?}");
    }
}
