//! The names of all files of reports.

use crate::output::{DATASETS, FILES, PLOTS};
use crate::plot;

/// The file extensions of plots.
const PLOT: [&str; 3] = ["png", "svg", "csv"];

/// Whether reports have a file with this name in a results folder, such as `plots/convergence.png` or
/// `datasets/iris/runs.csv`.
pub fn is_report_file(name: &str) -> bool {
    let is_plot = |file: &str| {
        file.split_once('.').is_some_and(|(name, extension)| PLOT.contains(&extension) && plot::is_name(name))
    };
    let within = |name: &str| match name.split_once('/') {
        None => FILES.contains(&name),
        Some((PLOTS, file)) => is_plot(file),
        _ => false,
    };
    let of_dataset = name.strip_prefix(DATASETS).and_then(|rest| rest.strip_prefix('/')?.split_once('/'));
    within(name) || of_dataset.is_some_and(|(_, rest)| within(rest))
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
