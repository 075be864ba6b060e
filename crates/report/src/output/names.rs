//! The file names of reports.

use chainrule_record::LayerMetric;
use chainrule_record::folder::LIST;

/// The report and its HTML page.
pub(crate) const REPORT: &str = "report.md";
pub(crate) const PAGE: &str = "report.html";
/// The manifest of the runs.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The tables.
pub(crate) const RUNS: &str = "runs.csv";
pub(crate) const LAYERS: &str = "layers.csv";
pub(crate) const HESSIAN: &str = "hessian.csv";
pub(crate) const EIGENVALUES: &str = "eigenvalues.csv";
pub(crate) const CURVES: &str = "curves.csv";
pub(crate) const SUMMARY: &str = "summary.csv";
pub(crate) const GRADIENT_CHECK: &str = "gradient_check.csv";
pub(crate) const FAULTS: &str = "faults.csv";
pub(crate) const CLAIMS: &str = "claims.csv";
pub(crate) const COMPARISONS: &str = "comparisons.csv";
pub(crate) const MATCHED: &str = "matched.csv";
pub(crate) const TIME_TO_TARGET: &str = "time_to_target.csv";
pub(crate) const PROFILES: &str = "profiles.csv";
pub(crate) const SENSITIVITY: &str = "sensitivity.csv";
pub(crate) const TRADEOFFS: &str = "tradeoffs.csv";

/// The sub-folder of the reports on single data sets.
pub(crate) const DATASETS: &str = "datasets";
/// The sub-folder of the plots.
pub(crate) const PLOTS: &str = "plots";
/// The file extensions of plots.
const PLOT: [&str; 3] = ["png", "svg", "csv"];
/// The sub-folder of saved weights, which reports never write.
pub(super) const WEIGHTS: &str = "weights/";

/// The files outside `plots/`.
const FILES: [&str; 18] = [
    REPORT,
    PAGE,
    MANIFEST,
    RUNS,
    MATCHED,
    LAYERS,
    HESSIAN,
    EIGENVALUES,
    CURVES,
    SUMMARY,
    GRADIENT_CHECK,
    FAULTS,
    CLAIMS,
    COMPARISONS,
    TIME_TO_TARGET,
    PROFILES,
    SENSITIVITY,
    TRADEOFFS,
];

/// The plots, and tables without a plot. Names of removed plots stay in the list, because older folders contain
/// them.
const ALL_PLOTS: [&str; 17] = [
    "configurations",
    "convergence",
    "convergence_axes",
    "error_by_layer",
    "error_by_precision",
    "error_by_step",
    "fault_curves",
    "faults",
    "final_metric",
    "functions",
    "hessian_spectrum",
    "learning_rate_sensitivity",
    "performance_profile",
    "seed_spread",
    "sharpness",
    "singular_values",
    "time_to_target",
];

/// The prefixes of layer plots; the name of the measured quantity follows.
const OF_LAYERS: [&str; 2] = ["layers_", "map_"];

/// Whether reports have a file with this name in a results folder, such as `plots/convergence.png` or
/// `datasets/iris/runs.csv`.
pub fn is_report_file(name: &str) -> bool {
    let within = |name: &str| match name.split_once('/') {
        None => FILES.contains(&name),
        Some((PLOTS, plot)) => is_plot(plot),
        _ => false,
    };
    let of_dataset = name.strip_prefix(DATASETS).and_then(|rest| rest.strip_prefix('/')?.split_once('/'));
    within(name) || of_dataset.is_some_and(|(_, rest)| within(rest))
}

/// The same, or the name of the list of files.
pub(super) fn is_own_file(name: &str) -> bool {
    name == LIST || is_report_file(name)
}

fn is_plot(name: &str) -> bool {
    let Some((stem, extension)) = name.split_once('.') else { return false };
    let is_layers = |prefix: &&str| {
        let measured = stem.strip_prefix(*prefix);
        measured.is_some_and(|measured| LayerMetric::ALL.iter().any(|metric| metric.name() == measured))
    };
    PLOT.contains(&extension) && (ALL_PLOTS.contains(&stem) || OF_LAYERS.iter().any(is_layers))
}

#[cfg(test)]
mod tests {
    use super::is_report_file;

    #[test]
    fn files_of_users_are_told_by_their_names() {
        for name in [
            "report.md",
            "manifest.json",
            "plots/convergence.svg",
            "plots/layers_gradient_norm.csv",
            "plots/map_delta_rms.png",
            "datasets/iris/report.html",
            "datasets/dataset-2/plots/faults.png",
        ] {
            assert!(is_report_file(name), "{name}");
        }
        for name in [
            "",
            "notes.csv",
            "runs.sqlite",
            "plots/my-annotated.png",
            "plots/convergence.pdf",
            "plots/convergence.annotated.png",
            "plots/layers_mine.csv",
            "plots/sub/convergence.png",
            "convergence.png",
            "mine/report.md",
            "datasets/report.md",
            "datasets/iris/mine/report.md",
            "weights/report.md",
        ] {
            assert!(!is_report_file(name), "{name}");
        }
    }
}
