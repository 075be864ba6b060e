//! For a terminal: a sentence, then the most important findings.

use super::{Comparison, Files, remedy, summary, word};
use std::fmt::Write;

/// Findings after this many are only counted.
const SHOWN: usize = 8;

pub(super) fn render(comparison: &Comparison, files: Files) -> String {
    let mut text = format!("{}\n", summary(comparison, files));
    for finding in comparison.findings.iter().take(SHOWN) {
        let (severity, kind) = (word(finding.severity), finding.kind.name());
        writeln!(text, "  {severity}, {kind}: {}", finding.message).unwrap_or_default();
    }
    let more = comparison.findings.len().saturating_sub(SHOWN);
    if more > 0 {
        writeln!(text, "  … and {more} more; --format json has all").unwrap_or_default();
    }
    if let Some((when, command)) = remedy(comparison, files) {
        writeln!(text, "{when}: {command}").unwrap_or_default();
    }
    text
}
