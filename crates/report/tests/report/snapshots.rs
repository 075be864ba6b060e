//! Snapshots of reports of small experiments. A changed word, scale or column shows as a difference.
//!
//! To update them: `INSTA_UPDATE=always cargo test --release --workspace --test report snapshots`.

use crate::checks::checked;
use crate::support::{Synthetic, measure_layers, measure_probes};
use crate::written::{Written, optimizers, write, write_records};
use insta::{assert_snapshot, with_settings};
use serde_json::{Value, json};

/// Few seeds and epochs, so that the snapshots are short enough to read.
fn small() -> Synthetic {
    Synthetic { seeds: 2, epochs: 3, ..optimizers(&["sgd", "adam"]) }
}

/// Keeps the report, its summary, the input of Plotly, and some plots.
fn keep(name: &str, written: &Written, pictures: &[&str]) {
    with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        assert_snapshot!(format!("{name}.report.md"), written.text("report.md"));
        if written.files.iter().any(|file| file == "summary.csv") {
            assert_snapshot!(format!("{name}.summary.csv"), written.text("summary.csv"));
        }
        assert_snapshot!(format!("{name}.figures"), figures(&written.text("report.html")));
        for picture in pictures {
            assert_snapshot!(format!("{name}.{picture}.svg"), written.text(&format!("plots/{picture}.svg")));
        }
    });
}

/// The content of each figure: one line for each trace, and for each part of the layout.
fn figures(page: &str) -> String {
    let mut lines = String::new();
    for part in page.split("id=\"data-").skip(1) {
        let (name, rest) = part.split_once("\">").unwrap();
        if name == "runs" {
            continue;
        }
        let figure: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
        lines += &format!("# {name}\n");
        let traces = figure["data"].as_array().unwrap().iter().map(|trace| format!("{trace}\n"));
        let parts = figure["layout"].as_object().unwrap().iter();
        lines.extend(traces.chain(parts.map(|(part, value)| format!("{part}: {value}\n"))));
    }
    lines
}

#[test]
fn a_sweep() {
    keep("sweep", &write("snapshot_sweep", &small()), &["learning_rate_sensitivity", "final_metric"]);
}

#[test]
fn runs_that_are_lost() {
    let experiment = Synthetic { limit: 0.1, ..small() };
    keep("lost", &write("snapshot_lost", &experiment), &["seed_spread"]);
}

#[test]
fn every_run_diverged() {
    keep("diverged", &write("snapshot_diverged", &Synthetic { limit: 1e-9, ..small() }), &[]);
}

#[test]
fn probes() {
    let experiment = Synthetic { seeds: 1, ..optimizers(&["sgd"]) };
    let mut records = experiment.records();
    measure_probes(&mut records, &[4, 3, 2]);
    let written = write_records("snapshot_probes", &experiment.info(), &records);
    keep("probes", &written, &["map_gradient_norm", "hessian_spectrum"]);
}

#[test]
fn layers() {
    let experiment = small();
    let mut records = experiment.records();
    measure_layers(&mut records, &[4, 3, 2]);
    keep("layers", &write_records("snapshot_layers", &experiment.info(), &records), &["singular_values"]);
}

#[test]
fn gradient_checks() {
    let (info, records) = checked("fault", &[json!("none"), json!("wrong_sign")]);
    keep("checks", &write_records("snapshot_checks", &info, &records), &["faults"]);
}
