//! The report of gradient checks, with the verdict first. This module computes no numbers.

use super::faults::DIGITS;
use super::markdown::{self, code, table};
use super::{claims, faults, origin, pictures, title, warning_list};
use crate::analysis::{Analysis, CheckedRun, Checks, FaultRow, Group, fault_curves, faults_alone};
use crate::number::{count, rounded, rounded_or};
use crate::plot::Plot;
use crate::results::Source;
use chainrule_record::{Expectation, TensorRow};

/// The largest number of unexpected check results that are listed.
const LISTED: usize = 20;

/// The whole page.
pub(crate) fn report(
    analysis: &Analysis,
    checks: &Checks,
    rows: &[FaultRow],
    sources: &[Source],
    plots: &[Plot],
) -> String {
    let alone = faults_alone(analysis, checks);
    [
        title(analysis),
        claims::section(analysis),
        head(analysis, checks, &alone),
        answer_table(analysis, checks),
        unexpected(analysis, checks),
        faults::section(&alone, rows, &fault_curves(analysis, checks)),
        pictures(plots),
        details(analysis, sources),
    ]
    .concat()
}

/// The endings of the runs, and the origin of the results.
pub(super) fn details(analysis: &Analysis, sources: &[Source]) -> String {
    origin(analysis, &method(analysis), sources)
}

fn head(analysis: &Analysis, checks: &Checks, alone: &[FaultRow]) -> String {
    let mut page = format!("{}\n\n", sentences(checks).join(" "));
    if let Some(sentence) = faults::sentence(alone, &code) {
        page += &format!("{sentence}\n\n");
    }
    page + &warning_list(&warnings(analysis, checks))
}

/// The verdict.
pub(super) fn sentences(checks: &Checks) -> Vec<String> {
    let counts = checks.counts;
    if counts.checks == 0 {
        return vec!["No gradient has been checked yet.".to_owned()];
    }
    let all = count(counts.checks, "gradient check");
    let ways = [
        (counts.passed, "passed"),
        (counts.caught, "caught a fault"),
        (counts.missed, "missed a fault"),
        (counts.no_effect, "had a fault without effect"),
    ];
    let ways: Vec<String> = ways
        .into_iter()
        .filter(|(times, _)| *times > 0)
        .map(|(times, way)| format!("{times} {way}"))
        .collect();
    let verdict = match counts.unexpected() {
        0 => format!("All of {all} came out as expected: {}.", ways.join(", ")),
        _ if ways.is_empty() => format!("None of {all} came out as expected."),
        wrong => format!("{wrong} of {all} did not come out as expected; of the others {}.", ways.join(", ")),
    };
    [Some(verdict), largest(checks), kinks(checks)].into_iter().flatten().collect()
}

fn largest(checks: &Checks) -> Option<String> {
    let (_, row) = checks.worst()?;
    Some(format!(
        "Where {} is allowed ({}), the largest relative error of a gradient that should be right is {}, in the {}.",
        rounded(checks.strictest?, DIGITS),
        count(checks.strict().count(), "check"),
        rounded_or(row.largest_relative, DIGITS, "no number"),
        tensor(row)
    ))
}

fn kinks(checks: &Checks) -> Option<String> {
    let (checked, kinks) = (checks.total(|row| row.checked), checks.total(|row| row.kinks));
    let left_out = match kinks {
        0 => "none was at a kink".to_owned(),
        kinks => format!("{kinks} were at a kink and were left out"),
    };
    (checked + kinks > 0).then(|| format!("{checked} entries were compared with differences; {left_out}."))
}

/// `weights of layer 2`
fn tensor(row: &TensorRow) -> String {
    match row.layer {
        0 => "gradient of the inputs".to_owned(),
        layer => format!("{} of layer {layer}", row.tensor),
    }
}

/// Warnings that the reader needs before believing the verdict.
pub(super) fn warnings(analysis: &Analysis, checks: &Checks) -> Vec<String> {
    let unchecked = (checks.unchecked > 0)
        .then(|| format!("{} ended before the gradient could be checked.", count(checks.unchecked, "run")));
    let vacuous = (checks.vacuous > 0).then(|| {
        format!(
            "{} {} so bad a step that nothing is above the tolerance: they show the curve, and prove nothing.",
            count(checks.vacuous, "check"),
            if checks.vacuous == 1 { "has" } else { "have" }
        )
    });
    analysis.warnings.iter().cloned().chain(unchecked).chain(vacuous).collect()
}

pub(super) fn answer_table(analysis: &Analysis, checks: &Checks) -> String {
    if checks.all.is_empty() {
        return String::new();
    }
    let titles = titles(analysis, checks);
    format!("{}\n", table(&titles, &rows(checks, &code)))
}

/// Column titles of the answer table.
pub(super) fn titles(analysis: &Analysis, checks: &Checks) -> Vec<String> {
    let held =
        checks.strictest.map_or_else(String::new, |held| format!(" (of {} allowed)", rounded(held, DIGITS)));
    [
        analysis.compared_name(),
        "as expected",
        "entries compared",
        "at kinks",
        &format!("largest relative error{held}"),
        "in the",
        "median error",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Rows of the answer table, in the order of the file; `name` formats the compared values.
pub(super) fn rows(checks: &Checks, name: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let row = |group: &Group| {
        let error = |row: &TensorRow| rounded_or(row.largest_relative, DIGITS, "no number");
        vec![
            name(&group.label),
            format!("{} of {}", group.counts.as_expected, group.counts.checks),
            group.checked.to_string(),
            group.kinks.to_string(),
            group.worst.map_or_else(|| "–".to_owned(), error),
            group.worst.map_or_else(|| "–".to_owned(), tensor),
            rounded_or(group.median, DIGITS, "–"),
        ]
    };
    checks.groups.iter().filter(|group| group.counts.checks > 0).map(row).collect()
}

/// The checks with unexpected results, each with its worst entry.
pub(super) fn unexpected(analysis: &Analysis, checks: &Checks) -> String {
    let all: Vec<&CheckedRun> = checks.unexpected().collect();
    if all.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = all.iter().take(LISTED).map(|one| unexpected_row(analysis, one)).collect();
    let more = match all.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!("\n… and {more} more; all are in [`gradient_check.csv`](gradient_check.csv).\n"),
    };
    let titles = ["run", "settings", "outcome", "relative error", "entry", "gradient", "difference"];
    format!("## Not as expected\n\n{}{more}\n", table(&titles, &rows))
}

fn unexpected_row(analysis: &Analysis, one: &CheckedRun) -> Vec<String> {
    let levels = analysis.grid.locate(&one.run.spec);
    let factors = analysis.grid.factors.iter().enumerate();
    let settings: Vec<String> = factors
        .map(|(index, factor)| {
            format!("{} {}", code(&factor.setting), code(analysis.grid.label(index, levels[index])))
        })
        .collect();
    let came = match (one.check.expect, one.check.parameters_unchanged) {
        (Expectation::Passed, false) => "the parameters were changed",
        (Expectation::Passed, true) => "failed",
        (Expectation::Caught, _) => "the fault was not caught",
        (Expectation::Missed, _) => "the fault was caught",
    };
    let row = one.check.worst();
    let worst = row.and_then(|row| row.worst.as_ref());
    let at = row.zip(worst).map(|(row, worst)| {
        let at: Vec<String> = worst.at.iter().map(u64::to_string).collect();
        format!("{} [{}]", tensor(row), at.join(", "))
    });
    let value = |value: Option<f64>| rounded_or(value, 8, "no number");
    vec![
        code(&one.run.run_id.short()),
        settings.join(", "),
        came.to_owned(),
        row.map_or_else(|| "–".to_owned(), |row| rounded_or(row.largest_relative, DIGITS, "no number")),
        at.unwrap_or_default(),
        worst.map_or_else(String::new, |worst| value(worst.analytic)),
        worst.map_or_else(String::new, |worst| value(worst.numeric)),
    ]
}

fn method(analysis: &Analysis) -> String {
    let always = [
        "The gradient of one batch is compared with finite differences of its cost, entry by entry, in the precision of the \
         run. It has entries for every weight, bias and learnt parameter, and for the inputs, which are layer 0.",
        "The relative error is `|a − n| / max(|a|, |n|, floor)` with a the entry of the gradient and n the difference. The \
         floor is the larger of two numbers: a hundredth of the tensor's largest difference, and the error from the noise of \
         the cost. `noise` is measured in every run.",
        "A kink is a point where the activation, the loss or the penalty is not smooth. An entry is at a kink if its step \
         moves a unit, an error or a weight across it. Such an entry is counted, and left out of errors and verdicts.",
        "`below_noise` counts entries so small that their differences may be rounding alone.",
        "A check passes if no relative error is above its tolerance, and the backward pass left the parameters as they \
         were, bit for bit.",
        "Every tensor of every run is in [`gradient_check.csv`](gradient_check.csv), every run in [`runs.csv`](runs.csv).",
    ];
    let trained = "Every epoch of training is in [`curves.csv`](curves.csv).";
    markdown::method(always.into_iter().chain(analysis.is_trained().then_some(trained)))
}
