//! The names of the files of reports, except plots.

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
/// The sub-folder of saved weights, which reports never write.
pub(super) const WEIGHTS: &str = "weights/";

/// The files outside `plots/`.
pub(crate) const FILES: [&str; 18] = [
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
