//! The answer as a table: a row for each compared value, from the runs that judge it.

use super::answer::{DIGITS, settings};
use super::interval;
use crate::analysis::{Analysis, Comparison, Configuration, Estimates, Spread, Standing};
use crate::number::{count, rounded, rounded_or};
use chainrule_record::RunMetric;
use chainrule_statistics::Interval;

/// A column: its title, and the cell for the runs of a compared value.
type Column = (String, fn(&Analysis, usize, &Configuration) -> String);

/// The columns between the settings and the divergences. `short` omits information available elsewhere.
fn columns(analysis: &Analysis, short: bool) -> Vec<Column> {
    let metric = analysis.info.metric;
    let is_measured = |metric| analysis.configurations.iter().any(|one| one.final_of(metric).is_measured());
    let mut columns: Vec<Column> = vec![(format!("{metric}: median [interval]"), median)];
    let mut add = |is_shown, title: &str, cell| {
        if is_shown {
            columns.push((title.to_owned(), cell));
        }
    };
    add(!short, "mean [interval]", mean);
    add(true, "n", |analysis, _, runs| Estimates::of(runs, analysis.info.metric).n.to_string());
    add(is_measured(RunMetric::TestAccuracy), "test_accuracy", |_, _, runs| {
        on_test(runs, RunMetric::TestAccuracy)
    });
    add(!short && is_measured(RunMetric::TestLoss), "test_loss", |_, _, runs| {
        on_test(runs, RunMetric::TestLoss)
    });
    add(analysis.has_target(), "epochs_to_target", |_, _, runs| target(runs));
    let is_compared = analysis.comparisons.is_some();
    add(is_compared, standing_title(analysis), |analysis, value, _| standing(analysis, value));
    columns
}

fn on_test(runs: &Configuration, metric: RunMetric) -> String {
    with_interval(runs.final_of(metric).median, Estimates::of_final(runs, metric).median_interval)
}

/// The winner of the planned runs is not called the best if a test finds another value better.
fn standing_title(analysis: &Analysis) -> &'static str {
    match analysis.comparisons.as_ref().is_some_and(|all| all.any(Standing::Worse)) {
        true => "the first is",
        false => "the best is",
    }
}

/// Column titles.
pub(super) fn titles(analysis: &Analysis, short: bool) -> Vec<String> {
    let fixed = [analysis.compared_name().to_owned(), "best settings".to_owned()];
    let measured = columns(analysis, short).into_iter().map(|(title, _)| title);
    fixed.into_iter().chain(measured).chain(["diverged, all settings".to_owned()]).collect()
}

/// Rows, best first; values without runs are last. `name` formats names of settings and values.
pub(super) fn rows(analysis: &Analysis, short: bool, name: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let absent = (0..analysis.compared.len()).filter(|index| !analysis.compared_ranking.contains(index));
    let all = analysis.compared_ranking.iter().copied().chain(absent);
    all.map(|index| row(analysis, index, short, name)).collect()
}

fn row(analysis: &Analysis, index: usize, short: bool, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let compared = &analysis.compared[index];
    let mut row = vec![name(&compared.label)];
    let columns = columns(analysis, short);
    let Some(best) = analysis.best_of(index) else {
        row.push("no run on record".to_owned());
        row.resize(columns.len() + 3, String::new());
        return row;
    };
    row.push(if best.is_mostly_lost() { "–".to_owned() } else { settings(analysis, best, name) });
    match analysis.judged(index) {
        Some(runs) => row.extend(columns.iter().map(|(_, cell)| cell(analysis, index, runs))),
        None => {
            row.push("not on record".to_owned());
            row.resize(columns.len() + 2, String::new());
        }
    }
    row.push(format!("{} of {}", compared.outcomes.diverged, compared.outcomes.total()));
    row
}

/// `0.0688 [0.0605, 0.0795]`.
pub(super) fn median(analysis: &Analysis, _: usize, runs: &Configuration) -> String {
    let found = Estimates::of(runs, analysis.info.metric);
    rounded_or(found.median, DIGITS, runs.absence()) + &interval::brackets(found.median_interval, DIGITS)
}

fn mean(analysis: &Analysis, _: usize, runs: &Configuration) -> String {
    let found = Estimates::of(runs, analysis.info.metric);
    let skewed = if found.skewed { " (skewed)" } else { "" };
    format!("{}{skewed}", with_interval(found.mean, found.mean_interval))
}

fn with_interval(value: Option<f64>, found: Option<Interval>) -> String {
    format!("{}{}", rounded_or(value, DIGITS, "–"), interval::brackets(found, DIGITS))
}

/// `12 (5 of 5)`, `missed (2 of 5)`.
fn target(configuration: &Configuration) -> String {
    let spread = &configuration.epochs_to_target;
    format!(
        "{} ({} of {})",
        rounded_or(spread.median, DIGITS, "missed"),
        spread.values,
        configuration.runs.len()
    )
}

fn standing(analysis: &Analysis, value: usize) -> String {
    let Some(all) = &analysis.comparisons else { return String::new() };
    let one = all.against.iter().find(|one| one.with == value);
    one.map_or_else(
        || if value == all.best { "this".to_owned() } else { String::new() },
        |one| format!("{}{}", one.standing.name(), with_p(one)),
    )
}

/// `sgd (p = 0.003), adam (p = 0.02)`: the other values in this relation to the best.
pub(super) fn standings(analysis: &Analysis, as_told: Standing, name: &dyn Fn(&str) -> String) -> String {
    let against = analysis.comparisons.iter().flat_map(|all| &all.against);
    // For undecided comparisons, p adds nothing to the verdict.
    let p = |one: &Comparison| if as_told == Standing::Undecided { String::new() } else { with_p(one) };
    let one = |one: &Comparison| format!("{}{}", name(&analysis.compared[one.with].label), p(one));
    let told: Vec<String> = against.filter(|one| one.standing == as_told).map(one).collect();
    if told.is_empty() { "–".to_owned() } else { told.join(", ") }
}

fn with_p(one: &Comparison) -> String {
    one.adjusted
        .filter(|_| one.standing != Standing::Identical)
        .map(|p| format!(" (p = {})", rounded(p, 2)))
        .unwrap_or_default()
}

/// `0.061 [0.058, 0.071]`: median, smallest and largest. If half or more of the runs were lost: the reason why there
/// is no median.
pub(super) fn median_and_range(configuration: &Configuration, spread: &Spread) -> String {
    let median = rounded_or(spread.median, DIGITS, configuration.absence());
    match (spread.min, spread.max) {
        (Some(min), Some(max)) => format!("{median} [{}, {}]", rounded(min, DIGITS), rounded(max, DIGITS)),
        _ => median,
    }
}

/// The meaning of the numbers, and their limits.
pub(super) fn notes(analysis: &Analysis) -> Option<String> {
    analysis.best()?;
    let first = analysis.judged(*analysis.compared_ranking.first()?)?;
    let found = Estimates::of(first, analysis.info.metric);
    let level = match found.median_interval {
        Some(one) => format!("{} at {}", interval::percent(one.level), count(found.n, "seed")),
        None => "from six seeds on".to_owned(),
    };
    let part = if analysis.info.metric.name().starts_with("train") { "training" } else { "validation" };
    let tried = analysis.configurations.len();
    let choice = match (tried, analysis.info.confirm_seeds) {
        (1, _) => String::new(),
        (_, 0) => format!(
            " Chosen among {} by the same {part} data that the numbers are of, so the best of them looks better than it is.",
            count(tried, "configuration")
        ),
        (_, seeds) => format!(
            " Numbers are of the runs on {}; the results of the planned seeds are under \"Confirmation\".",
            count(seeds as usize, "fresh seed")
        ),
    };
    Some(format!(
        "Intervals of medians are by order statistics ({level}), of means by Student's t (95 %, if values are about normal): \
         how often they hold is tabled in `docs/statistics.md`.{choice}"
    ))
}
