//! For a pull request comment: a sentence and a table.

use super::{Comparison, Files, remedy, summary, word};
use crate::render::markdown::{code, plain, table};
use crate::text::capitalized;

/// Findings after this many are only counted.
const SHOWN: usize = 50;

pub(super) fn render(comparison: &Comparison, files: Files) -> String {
    let mut page = format!("{}\n", plain(&summary(comparison, files)));
    let rows: Vec<Vec<String>> = comparison
        .findings
        .iter()
        .take(SHOWN)
        .map(|finding| {
            let severity = word(finding.severity).to_owned();
            vec![severity, code(finding.kind.name()), plain(&finding.message)]
        })
        .collect();
    if !rows.is_empty() {
        page += &format!("\n{}", table(&["severity", "kind", "finding"], &rows));
    }
    let more = comparison.findings.len().saturating_sub(SHOWN);
    if more > 0 {
        page += &format!("\n… and {more} more; `--format json` has all\n");
    }
    if let Some((when, command)) = remedy(comparison, files) {
        page += &format!("\n{}: {}\n", plain(&capitalized(when)), code(&command));
    }
    page
}
