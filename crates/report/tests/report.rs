//! Whole reports of made-up experiments.

mod support;

use chainrule_record::{Metric, RunRecord, StopReason};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use support::{Synthetic, axis, manifest, sweep};

struct Written {
    folder: PathBuf,
    files: Vec<String>,
    answer: String,
}

impl Written {
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
    }
}

fn write(name: &str, experiment: &Synthetic) -> Written {
    write_records(name, experiment, &experiment.records())
}

fn write_records(name: &str, experiment: &Synthetic, records: &[RunRecord]) -> Written {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    let info = experiment.info();
    let summary = chainrule_report::write(&info, records, &manifest(), &folder, &mut |_| {}).unwrap();
    let name = |path: &PathBuf| path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
    Written { files: summary.files.iter().map(name).collect(), answer: summary.answer, folder }
}

fn optimizers(labels: &[&str]) -> Synthetic {
    let names: Vec<_> = labels.iter().map(|label| json!(label)).collect();
    Synthetic {
        axes: vec![
            ("optimizer", axis(&names)),
            ("learning_rate", axis(&[0.001, 0.01, 0.1, 1.0].map(|rate| json!(rate)))),
        ],
        compare: Some("optimizer"),
        ..Synthetic::default()
    }
}

#[test]
fn sweep_report() {
    let written = write("sweep", &sweep());
    assert!(written.files.contains(&"report.md".to_owned()));
}

#[test]
fn odd_reports() {
    write("one_run", &Synthetic { seeds: 1, ..Synthetic::default() });
    let labels = [
        "sgd",
        "momentum",
        "adam",
        "nesterov",
        "rmsprop",
        "adagrad",
        "adadelta",
        "nadam",
        "adamax",
        "lion, with \"quotes\" | pipes",
        "größer η=β·10⁻³",
        "a_very_long_label_of_an_optimizer(beta1=0.9, beta2=0.999, epsilon=1e-8)",
    ];
    write("many", &optimizers(&labels));
    write("all_diverged", &Synthetic { limit: 1e-9, ..optimizers(&["sgd", "adam"]) });
    write(
        "no_validation",
        &Synthetic {
            validation: false,
            metric: Metric::TrainLoss,
            classes: false,
            ..optimizers(&["sgd", "adam"])
        },
    );
    write(
        "accuracy",
        &Synthetic { metric: Metric::ValidationAccuracy, ..optimizers(&["sgd", "momentum", "adam"]) },
    );
    let rates = Synthetic {
        axes: vec![("learning_rate", axis(&[0.001, 0.01, 0.1, 1.0].map(|rate| json!(rate))))],
        compare: Some("learning_rate"),
        ..Synthetic::default()
    };
    write("rates", &rates);
}
