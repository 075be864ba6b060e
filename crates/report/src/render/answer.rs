//! The answer: in a sentence, and in a table with a row per compared value.

use crate::analysis::{Analysis, Configuration, Difference, Spread};
use crate::number::{count, rounded, rounded_or};

/// Significant digits in text.
const DIGITS: usize = 4;

/// One sentence or two that answer the question. `name` dresses up names of settings and values.
pub(super) fn sentences(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let metric = analysis.info.metric;
    if analysis.records.is_empty() {
        return vec!["No run is on record yet.".to_owned()];
    }
    let Some(best) = analysis.best() else {
        let why = analysis
            .ranking
            .first()
            .map_or("not measured", |index| analysis.configurations[*index].absence());
        return vec![match why {
            "not measured" => format!("There is no answer: {} was not measured.", name(metric.name())),
            why => format!("There is no answer: of every configuration, half or more of the runs {why}."),
        }];
    };
    [Some(winner(analysis, best, name)), versus(analysis, name)].into_iter().flatten().collect()
}

fn winner(analysis: &Analysis, best: &Configuration, name: &dyn Fn(&str) -> String) -> String {
    let metric = analysis.info.metric;
    let spread = best.final_metric(metric);
    let label = analysis.compared_ranking.first().map_or("", |index| &analysis.compared[*index].label);
    let with = match analysis.other_settings(best).is_empty() {
        true => String::new(),
        false => format!(" with {}", settings(analysis, best, name)),
    };
    let accuracy =
        best.test_accuracy.median.map(|value| format!(", median test accuracy {}", rounded(value, DIGITS)));
    let subject = match analysis.grid.compare {
        Some(_) => format!("Best {}: {}{with}", analysis.compared_name(), name(label)),
        None => format!("{}{with}", name(label)),
    };
    format!(
        "{subject}: median {} {} over {}{}.",
        name(metric.name()),
        rounded_or(spread.median, DIGITS, "none"),
        seeds(best, spread),
        accuracy.unwrap_or_default()
    )
}

/// `5 seeds (0.058 to 0.071, 1 diverged)`.
fn seeds(configuration: &Configuration, spread: &Spread) -> String {
    let runs = count(configuration.runs.len(), "seed");
    let range = match (spread.min, spread.max) {
        (Some(min), Some(max)) if spread.values > 1 => {
            Some(format!("{} to {}", rounded(min, DIGITS), rounded(max, DIGITS)))
        }
        _ => None,
    };
    let diverged =
        Some(configuration.outcomes.diverged).filter(|runs| *runs > 0).map(|runs| format!("{runs} diverged"));
    let failed =
        Some(configuration.outcomes.failed).filter(|runs| *runs > 0).map(|runs| format!("{runs} failed"));
    let remarks: Vec<String> = [range, diverged, failed].into_iter().flatten().collect();
    if remarks.is_empty() { runs } else { format!("{runs} ({})", remarks.join(", ")) }
}

/// How the best compares with the next.
fn versus(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Option<String> {
    let (second, difference) = analysis.next_best()?;
    let median = analysis.best_of(second)?.final_metric(analysis.info.metric).median?;
    let judgement = match difference {
        Difference::SingleValue => "a single seed does not tell whether the difference is chance",
        Difference::BestLosesRuns => {
            "the ranges of their finished seeds do not overlap, but seeds of the best diverged or failed"
        }
        Difference::WithinRanges => {
            "their ranges over the seeds overlap: the difference is within the spread of the seeds"
        }
        Difference::BeyondRanges => "their ranges over the seeds do not overlap",
    };
    let label = name(&analysis.compared[second].label);
    Some(format!("Next is {label} with a median of {}; {judgement}.", rounded(median, DIGITS)))
}

/// What the numbers do not say.
pub(super) fn caveat(analysis: &Analysis) -> Option<String> {
    analysis.best()?;
    let tried = analysis.configurations.len();
    let part = if analysis.info.metric.name().starts_with("train") { "training" } else { "validation" };
    let significance = match (analysis.verdicts.is_empty(), analysis.info.confirm_seeds) {
        (true, 0) => " No statement about significance is made.",
        (false, 0) => "",
        _ => " What they reach on fresh seeds stands below.",
    };
    (tried > 1).then(|| {
        format!(
            "Chosen among {} by the same {part} data that the medians are of, so the best of them looks better than \
             it is.{significance}",
            count(tried, "configuration")
        )
    })
}

/// Column titles of the answer table.
pub(super) fn titles(analysis: &Analysis) -> Vec<String> {
    let metric = analysis.info.metric;
    let fixed = [analysis.compared_name().to_owned(), "best settings".to_owned()];
    let measured = [format!("{metric}: median [min, max]"), "seeds".to_owned()];
    let optional = [
        (has_test_accuracy(analysis), "test_accuracy"),
        (has_test_loss(analysis), "test_loss"),
        (analysis.has_target(), "epochs_to_target"),
    ];
    let optional = optional.into_iter().filter(|(shown, _)| *shown).map(|(_, title)| title.to_owned());
    fixed.into_iter().chain(measured).chain(optional).chain(["diverged, all settings".to_owned()]).collect()
}

/// Rows of the answer table, best first; values without a run last.
pub(super) fn rows(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let absent = (0..analysis.compared.len()).filter(|index| !analysis.compared_ranking.contains(index));
    analysis.compared_ranking.iter().copied().chain(absent).map(|index| row(analysis, index, name)).collect()
}

fn row(analysis: &Analysis, index: usize, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let compared = &analysis.compared[index];
    let mut row = vec![name(&compared.label)];
    let Some(best) = analysis.best_of(index) else {
        row.push("no run on record".to_owned());
        row.resize(titles(analysis).len(), String::new());
        return row;
    };
    row.push(settings(analysis, best, name));
    row.extend(measured(analysis, best));
    row.push(diverged(analysis, index));
    row
}

fn measured(analysis: &Analysis, best: &Configuration) -> Vec<String> {
    let median = |spread: &Spread| rounded_or(spread.median, DIGITS, "–");
    let mut cells =
        vec![median_and_range(best, best.final_metric(analysis.info.metric)), best.runs.len().to_string()];
    cells.extend(has_test_accuracy(analysis).then(|| median(&best.test_accuracy)));
    cells.extend(has_test_loss(analysis).then(|| median(&best.test_loss)));
    cells.extend(analysis.has_target().then(|| target(best)));
    cells
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

fn diverged(analysis: &Analysis, index: usize) -> String {
    let outcomes = &analysis.compared[index].outcomes;
    format!("{} of {}", outcomes.diverged, outcomes.total())
}

/// `learning_rate 0.01, activation relu`, or a dash where nothing else varies.
pub(super) fn settings(
    analysis: &Analysis,
    configuration: &Configuration,
    name: &dyn Fn(&str) -> String,
) -> String {
    let settings = analysis.other_settings(configuration);
    let text: Vec<String> =
        settings.iter().map(|(setting, label)| format!("{setting} {}", name(label))).collect();
    if text.is_empty() { "–".to_owned() } else { text.join(", ") }
}

/// `0.061 [0.058, 0.071]`; where half or more of the runs were lost, why there is no median.
pub(super) fn median_and_range(configuration: &Configuration, spread: &Spread) -> String {
    let median = rounded_or(spread.median, DIGITS, configuration.absence());
    match (spread.min, spread.max) {
        (Some(min), Some(max)) => format!("{median} [{}, {}]", rounded(min, DIGITS), rounded(max, DIGITS)),
        _ => median,
    }
}

fn has_test_accuracy(analysis: &Analysis) -> bool {
    analysis.configurations.iter().any(|one| one.test_accuracy.is_measured())
}

fn has_test_loss(analysis: &Analysis) -> bool {
    analysis.configurations.iter().any(|one| one.test_loss.is_measured())
}
