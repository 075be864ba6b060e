//! Annotations of GitHub Actions: one workflow command per line, attached to the experiment file.

use super::{Comparison, Files, remedy, summary};
use crate::baseline::{Finding, Severity};

/// GitHub shows ten annotations of each severity per step. The last one counts the others.
const SHOWN: usize = 9;

pub(super) fn render(comparison: &Comparison, files: Files) -> String {
    let mut text = annotations(comparison, Severity::Regression, "error", files);
    text += &annotations(comparison, Severity::Notice, "notice", files);
    // A line that is not a command must not look like one.
    text + &format!("{}\n", summary(comparison, files))
}

fn annotations(comparison: &Comparison, severity: Severity, command: &str, files: Files) -> String {
    let findings: Vec<&Finding> = comparison.of(severity).collect();
    let remedy = remedy(comparison, files).filter(|_| severity == Severity::Regression);
    let more = findings.len().saturating_sub(SHOWN);
    let rest = (more > 0).then(|| format!("… and {more} more; --format json has all"));
    let advice = remedy.map(|(when, command)| format!("; {when}: {command}")).unwrap_or_default();
    let line = |title: &str, message: &str| {
        let (file, title) = (property(files.experiment), property(&format!("chainrule check: {title}")));
        format!("::{command} file={file},title={title}::{}\n", data(&format!("{message}{advice}")))
    };
    let shown = findings.iter().take(SHOWN).map(|finding| line(finding.kind.name(), &finding.message));
    shown.chain(rest.map(|rest| line("more", &rest))).collect()
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
