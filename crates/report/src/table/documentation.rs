//! The column tables in the documentation.

use super::column::markdown;
use super::{
    claims, comparisons, curves, faults, gradient_check, hessian, layers, matched, runs, speed, summary,
};
use crate::output::{
    CLAIMS, COMPARISONS, CURVES, EIGENVALUES, FAULTS, GRADIENT_CHECK, HESSIAN, LAYERS, MATCHED, PROFILES,
    RUNS, SENSITIVITY, SUMMARY, TIME_TO_TARGET, TRADEOFFS,
};

/// The file and the documented columns of each results table. `run_id`, the varying settings and `seed` are omitted
/// if every row begins with them.
fn tables() -> [(&'static str, String); 15] {
    [
        (RUNS, markdown(&runs::documented())),
        (CURVES, markdown(&curves::epoch_columns())),
        (SUMMARY, markdown(&summary::documented())),
        (COMPARISONS, markdown(&comparisons::comparison_columns())),
        (MATCHED, markdown(&matched::matched_columns())),
        (TIME_TO_TARGET, markdown(&speed::time_columns())),
        (TRADEOFFS, markdown(&speed::tradeoff_columns())),
        (SENSITIVITY, markdown(&speed::rate_columns())),
        (PROFILES, markdown(&speed::profile_columns())),
        (LAYERS, markdown(&layers::documented())),
        (HESSIAN, markdown(&hessian::documented())),
        (EIGENVALUES, markdown(&hessian::eigenvalue_columns())),
        (CLAIMS, markdown(&claims::claim_columns())),
        (GRADIENT_CHECK, markdown(&gradient_check::check_columns())),
        (FAULTS, markdown(&faults::fault_columns())),
    ]
}

/// A Markdown page with updated column tables. For each results table, it replaces the text between
/// `<!-- columns of FILE.csv -->` and `<!-- end -->`. `None` if the page lacks one of them.
pub fn with_columns(page: &str) -> Option<String> {
    tables().into_iter().try_fold(page.to_owned(), |page, (file, table)| {
        let begin = format!("<!-- columns of {file} -->\n");
        let (before, rest) = page.split_once(&begin)?;
        let (_, after) = rest.split_once("<!-- end -->")?;
        Some(format!("{before}{begin}{table}<!-- end -->{after}"))
    })
}
