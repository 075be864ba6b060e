//! Changes of rounding raise no alarm.
//!
//! Another processor, compiler or order of summation moves every product and sum by some units in the last place. This test
//! moves every feature by one unit in the last place of single precision, up or down, which moves every first product. Then
//! it trains the networks again. Layer 1 finds all of these changes, and layer 2 none.

use chainrule_record::{ExperimentInfo, Manifest, RunRecord, RunSpec, StopReason};
use chainrule_report::baseline::{Baseline, Comparison, Files, Format, Layer, Severity, Tolerances, compare};
use chainrule_runner::data::DataCache;
use chainrule_runner::execute;
use chainrule_runner::plan::Plan;
use chainrule_runner::{provenance, spec};
use serde_json::{Value, json};

/// The changes of each experiment. The rule for runs at the edge of stability was made with the changes 1 to 50 in sight;
/// these are others.
const CHANGES: std::ops::Range<u64> = 1001..1051;

/// Four kinds of training, of which the second is chaotic: its learning rates reach to the edge of stability.
const EXPERIMENTS: [(&str, &str); 4] = [
    (
        "calm",
        "[model]\narchitecture = [12]\nactivation = \"tanh\"\n[train]\nepochs = 12\nbatch_size = 10\n\
         target = { metric = \"validation_loss\", reaches = 0.4 }\n\
         [grid]\noptimizer = [\"sgd\", \"momentum\"]\nlearning_rate = [0.03, 0.1]\n\
         [[claim]]\ntext = \"momentum is better\"\nmetric = \"validation_loss\"\nbetter = { optimizer = \"momentum\" }\n\
         than = { optimizer = \"sgd\" }\n",
    ),
    (
        "chaotic",
        "[model]\narchitecture = [16, 16]\nactivation = \"relu\"\n[train]\nepochs = 15\nbatch_size = 5\n\
         [grid]\noptimizer = [\"sgd\", \"momentum\"]\nlearning_rate = [0.3, 1.0, 3.0]\n",
    ),
    (
        "dropout",
        "[model]\narchitecture = [16]\nactivation = \"relu\"\n[train]\nepochs = 12\nbatch_size = 10\noptimizer = \"adam\"\n\
         [grid]\ndropout = [0.0, 0.3]\nlearning_rate = [0.01, 0.1]\n",
    ),
    (
        "deep",
        "[model]\nactivation = \"sigmoid\"\n[train]\nepochs = 15\nbatch_size = \"full\"\noptimizer = \"rmsprop\"\n\
         evaluate_every = 5\n[grid]\narchitecture = [[8], [8, 8, 8]]\nlearning_rate = [0.01, 0.3]\n",
    ),
];

const HEAD: &str = "question = \"Is rounding an alarm?\"\n[data]\nstandardize = false\nvalidation = 0.25\n\
                    test = 0.25\n";

/// Three noisy classes on a ring, as an inline data set; the same on every machine, by a congruential generator.
fn samples() -> (Vec<[f64; 2]>, Vec<u64>) {
    let mut state = 12345u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1u64 << 24) as f64
    };
    let centers = [[1.0, 0.0], [-0.5, 0.866], [-0.5, -0.866]];
    let mut point =
        |class: usize| centers[class].map(|x: f64| f64::from((x + 1.6 * (uniform() - 0.5)) as f32));
    (0..120).map(|index| (point(index % 3), (index % 3) as u64)).unzip()
}

/// The data set with every feature moved by one unit in the last place of single precision; by none where `change` is 0.
fn dataset(change: u64) -> Value {
    let (x, y) = samples();
    let moved = |(index, x): (usize, f64)| {
        let bit = (change
            ^ (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(change as u32 % 64))
            >> 7;
        let x = x as f32;
        f64::from(match (change, bit & 1) {
            (0, _) => x,
            (_, 0) => x.next_up(),
            _ => x.next_down(),
        })
    };
    let x: Vec<[f64; 2]> =
        (0..).zip(x).map(|(row, [a, b])| [moved((2 * row, a)), moved((2 * row + 1, b))]).collect();
    let y: Vec<[u64; 1]> = y.into_iter().map(|class| [class]).collect();
    json!({ "inline": { "x": x, "y": y, "task": "classes" } })
}

fn files(experiment: &str) -> Files<'_> {
    Files { experiment, baseline: "baseline", remedy: ("if this is intended", "chainrule bless") }
}

/// An experiment whose runs are executed in this process.
struct Trained {
    info: ExperimentInfo,
    specs: Vec<RunSpec>,
    manifest: Manifest,
}

impl Trained {
    fn new(name: &str, seeds: u64, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(format!("{name}.toml"));
        std::fs::write(&file, format!("seeds = {seeds}\n{HEAD}dataset = {}\n{text}", toml(&dataset(0))))
            .unwrap();
        let experiment = spec::load(&file, &[]).unwrap_or_else(|error| panic!("{}", error.render(false)));
        let plan = Plan::new(&experiment, &DataCache::new("none".into()), false).unwrap();
        let specs = (0..plan.len()).map(|index| plan.spec(index)).collect();
        Self { info: plan.info, specs, manifest: manifest() }
    }

    /// Trains all runs after a change to their specifications; their records name the runs that were planned.
    fn records(&self, change: &(dyn Fn(&mut RunSpec) + Sync)) -> Vec<RunRecord> {
        let data = DataCache::new("none".into());
        let train = |spec: &RunSpec| {
            let mut changed = spec.clone();
            change(&mut changed);
            RunRecord { run_id: spec.run_id(), spec: spec.clone(), ..execute::one(changed, &data) }
        };
        std::thread::scope(|scope| {
            let halves = self.specs.chunks(self.specs.len().div_ceil(2));
            let workers: Vec<_> =
                halves.map(|half| scope.spawn(|| half.iter().map(train).collect::<Vec<_>>())).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        })
    }

    fn baseline(&self, change: &(dyn Fn(&mut RunSpec) + Sync)) -> Baseline {
        Baseline::of(&self.info, &self.records(change), &[], &self.manifest)
    }

    /// Compares at layer 2: as if the baseline came from a processor of another class.
    fn similar(&self, before: &Baseline, now: &Baseline) -> Comparison {
        let mut before = before.clone();
        before.provenance.simd = "another class".to_owned();
        compare(&before, now, &Tolerances::default())
    }
}

fn toml(dataset: &Value) -> String {
    let inline = &dataset["inline"];
    format!("{{ inline = {{ x = {}, y = {} }} }}", inline["x"], inline["y"])
}

fn manifest() -> Manifest {
    Manifest {
        format_version: chainrule_record::FORMAT_VERSION,
        chainrule_version: String::new(),
        results_version: chainrule_core::RESULTS_VERSION,
        git_commit: String::new(),
        compiler: String::new(),
        machine: provenance::machine(),
        command: Vec::new(),
        started_at: String::new(),
        shown_command: Vec::new(),
        experiment_file: None,
        finished_at: None,
        wall_seconds: None,
        runs_executed: None,
        runs_reused: None,
        threads: 2,
    }
}

#[test]
fn two_hundred_changes_of_rounding_raise_no_alarm() {
    let (mut alarms, mut changes, mut moved, mut runs) = (Vec::new(), 0, 0, 0);
    let (mut notices, mut farthest, mut endings) = (0, 0.0f64, 0);
    for (name, text) in EXPERIMENTS {
        let trained = Trained::new(name, 6, text);
        let before = trained.baseline(&|_| ());
        let lost = before.rows.iter().filter(|row| row.stop == StopReason::Diverged).count();
        println!("{name}: {} runs, {lost} of them diverge", before.rows.len());
        for change in CHANGES {
            let now = trained.baseline(&|spec| drop(spec.0.insert("dataset".to_owned(), dataset(change))));
            let strict = compare(&before, &now, &Tolerances::default());
            assert_eq!(
                (strict.layer, strict.passes()),
                (Layer::Bits, false),
                "layer 1 sees changes of rounding"
            );
            let comparison = trained.similar(&before, &now);
            assert_eq!(comparison.layer, Layer::Statistics);
            changes += 1;
            moved += comparison.counts.changed;
            runs += before.rows.len();
            notices += comparison.findings.len();
            for (was, is) in before.rows.iter().zip(&now.rows) {
                endings += usize::from(was.stop != is.stop);
                if let (Some(was), Some(is)) = (was.metrics[2], is.metrics[2]) {
                    farthest = farthest.max((is - was).abs() / was);
                }
            }
            if !comparison.passes() {
                alarms.push(comparison.render(Format::Text, files(name)));
            }
        }
    }
    println!(
        "{changes} changes of rounding, {moved} of {runs} runs with other bits, validation losses up to {:.0} % apart, \
         {endings} runs that ended otherwise: {} alarms, {notices} findings in all",
        100.0 * farthest,
        alarms.len()
    );
    assert_eq!(changes, 200);
    assert!(moved * 10 > runs * 9, "nearly every run has other bits");
    assert!(farthest > 0.1, "some runs are chaotic");
    assert!(alarms.is_empty(), "{} alarms:\n{}", alarms.len(), alarms.concat());
}

/// Gradients of the second engine, whose plain loops sum in another order, like another kernel. A fault makes training use
/// this engine. The fault has no effect, because there is no penalty to leave out. Both engines use double precision, as the
/// second one always does.
#[test]
fn another_engine_raises_no_alarm() {
    for (name, text) in EXPERIMENTS {
        let trained = Trained::new(name, 6, text);
        let with_fault = |fault: &'static str| {
            trained.baseline(&move |spec| {
                spec.0.insert("precision".to_owned(), "f64".into());
                spec.0.insert("fault".to_owned(), fault.into());
            })
        };
        let (before, now) = (with_fault("none"), with_fault("penalty_left_out"));
        assert!(!compare(&before, &now, &Tolerances::default()).passes(), "layer 1 sees it");
        let comparison = trained.similar(&before, &now);
        let counts = comparison.counts;
        println!("{name}: {} of {} runs with other bits", counts.changed, before.rows.len());
        assert_eq!(comparison.layer, Layer::Statistics);
        assert!(counts.changed > counts.same, "{counts:?}");
        let alarms: Vec<&str> = comparison.findings.iter().map(|finding| finding.kind.name()).collect();
        assert_eq!(alarms, [""; 0], "{}", comparison.render(Format::Text, files(name)));
    }
}

/// `docs/regressions.md` lists the training errors that layer 2 finds in the same calm experiment.
#[test]
fn layer_2_sees_what_is_systematic() {
    let trained = Trained::new("calm", 8, EXPERIMENTS[0].1);
    let before = trained.baseline(&|_| ());
    let with = |change: &(dyn Fn(&mut RunSpec) + Sync)| trained.similar(&before, &trained.baseline(change));
    let kinds = |comparison: &Comparison| -> Vec<&'static str> {
        let mut kinds: Vec<_> = comparison
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Regression)
            .map(|finding| finding.kind.name())
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    let scaled = |factor: f64| {
        move |spec: &mut RunSpec| {
            let rate = spec.get("learning_rate").and_then(Value::as_f64).unwrap();
            spec.0.insert("learning_rate".to_owned(), (factor * rate).into());
        }
    };
    let momentum = |spec: &mut RunSpec| {
        if spec.get("optimizer") != Some(&json!("sgd")) {
            spec.0.insert("optimizer".to_owned(), json!({ "momentum": { "mu": -0.9 } }));
        }
    };
    let seeds = |spec: &mut RunSpec| *spec = spec.clone().with_seed(spec.seed() + 1000);
    for (error, change, caught) in [
        (
            "momentum with the wrong sign",
            &momentum as &(dyn Fn(&mut RunSpec) + Sync),
            &["claim", "progress", "ranking", "worse"][..],
        ),
        ("a rate 1 % too large", &scaled(1.01), &["progress"]),
        ("a rate 1 % too small", &scaled(0.99), &["progress"]),
        ("a rate 0.1 % too large", &scaled(1.001), &[]),
        ("another derivation of seeds", &seeds, &["start"]),
    ] {
        let comparison = with(change);
        println!("{error}: {}", comparison.render(Format::Text, files("calm.toml")));
        assert_eq!(kinds(&comparison), caught, "{error}");
    }
}
