//! The answer in words: what to pick, what it reaches, and how sure that is.

use super::interval;
use super::markdown::code;
use crate::analysis::{
    Analysis, Comparison, Comparisons, Configuration, Estimates, Interval, Judges, Standing,
};
use crate::number::{count, list, rounded, rounded_or};

/// Significant digits in text.
pub(super) const DIGITS: usize = 4;

/// Up to so many undecided comparisons are told one by one.
const TOLD: usize = 2;

/// What is said of one thing: a few words to begin with, and the rest.
pub(super) type Said = (&'static str, String);

/// The paragraphs that answer the question. `name` dresses up names of settings and values.
pub(super) fn paragraphs(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Vec<Said> {
    let Some(best) = analysis.best() else { return vec![("No answer:", absence(analysis, name))] };
    let said = [
        Some(pick(analysis, best, name)),
        Some(("It reaches", reaches(analysis, best, name))),
        analysis.comparisons.as_ref().map(|all| ("How sure?", how_sure(analysis, all, name))),
    ];
    said.into_iter().flatten().collect()
}

/// The paragraphs that answer the question, as Markdown.
pub(super) fn markdown(analysis: &Analysis) -> String {
    as_markdown(&paragraphs(analysis, &code))
}

pub(super) fn as_markdown(paragraphs: &[Said]) -> String {
    paragraphs.iter().map(|(head, rest)| format!("**{head}** {rest}\n\n")).collect()
}

fn absence(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> String {
    if analysis.records.is_empty() {
        return "no run is on record yet.".to_owned();
    }
    let first = analysis.ranking.first();
    match first.map_or("not measured", |index| analysis.configurations[*index].absence()) {
        "not measured" => format!("{} was not measured.", name(analysis.info.metric.name())),
        why => format!("of every configuration, half or more of the runs {why}."),
    }
}

fn pick(analysis: &Analysis, best: &Configuration, name: &dyn Fn(&str) -> String) -> Said {
    let label = analysis.compared_ranking.first().map_or("", |index| &analysis.compared[*index].label);
    let settings = match analysis.other_settings(best).is_empty() {
        true => String::new(),
        false => format!(" with {}", settings(analysis, best, name)),
    };
    let subject = format!("{} {}{settings}.", analysis.compared_name(), name(label));
    let refuted = analysis.comparisons.as_ref().is_some_and(|all| all.any(Standing::Worse));
    match (analysis.configurations.len(), refuted) {
        (1, _) => ("There is one configuration:", subject),
        (_, true) => ("First on the planned seeds:", subject),
        _ => ("Pick", subject),
    }
}

/// On the runs that judge it; on the planned ones while those are not on record.
fn reaches(analysis: &Analysis, best: &Configuration, name: &dyn Fn(&str) -> String) -> String {
    let metric = analysis.info.metric;
    let first = analysis.compared_ranking.first().copied().unwrap_or_default();
    let judged = analysis.judged(first);
    let fresh = if judged.is_some() && analysis.info.confirm_seeds > 0 { "fresh " } else { "" };
    let runs = judged.unwrap_or(best);
    let found = Estimates::of(runs, metric);
    let accuracy = runs.test_accuracy.median.map(|accuracy| {
        let again = Estimates::of_test_accuracy(runs).median_interval;
        format!(", and of {} {}", name("test_accuracy"), with_interval(Some(accuracy), again))
    });
    format!(
        "on {}{} a median {} of {}{}.",
        count(found.n, &format!("{fresh}seed")),
        lost(runs),
        name(metric.name()),
        median(runs, &found),
        accuracy.unwrap_or_default()
    )
}

/// With its interval; where there are too few runs for one, with what there is: their range, and the mean with its interval.
fn median(runs: &Configuration, found: &Estimates) -> String {
    if found.median_interval.is_some() || found.n < 2 {
        return with_interval(found.median, found.median_interval).replacen("none", runs.absence(), 1);
    }
    let mean = found.mean_interval.map(|_| with_interval(found.mean, found.mean_interval));
    let mean = mean.map(|mean| format!("; mean {mean}")).unwrap_or_default();
    format!("{} (too few runs for an interval{mean})", rounded_or(found.median, DIGITS, runs.absence()))
}

/// `0.0688 (97.9 % interval: 0.0605 to 0.0795)`.
fn with_interval(value: Option<f64>, found: Option<Interval>) -> String {
    let value = rounded_or(value, DIGITS, "none");
    found.map_or_else(
        || value.clone(),
        |found| {
            let (low, high) = (interval::end(found.low, DIGITS), interval::end(found.high, DIGITS));
            format!("{value} ({} interval: {low} to {high})", interval::percent(found.level))
        },
    )
}

fn lost(runs: &Configuration) -> String {
    let outcomes = runs.outcomes;
    let named = [(outcomes.diverged, "diverged"), (outcomes.failed, "failed")];
    named.into_iter().filter(|(runs, _)| *runs > 0).map(|(runs, how)| format!(" ({runs} {how})")).collect()
}

/// What the best is better than, equivalent to, and not told apart from.
fn how_sure(analysis: &Analysis, all: &Comparisons, name: &dyn Fn(&str) -> String) -> String {
    let label = |one: &Comparison| name(&analysis.compared[one.with].label);
    let of = |standing| all.against.iter().filter(move |one| one.standing == standing);
    let list = |standing| list(&of(standing).map(label).collect::<Vec<_>>());
    let mut said = Vec::new();
    if all.any(Standing::Worse) {
        said.push(format!(
            "The choice does not hold up: it is worse than {} on fresh seeds",
            list(Standing::Worse)
        ));
    }
    if all.any(Standing::Better) {
        let p = of(Standing::Better).filter_map(|one| one.adjusted).fold(0.0, f64::max);
        let sign = if of(Standing::Better).count() > 1 { "≤" } else { "=" };
        said.push(format!("Better than {} (p {sign} {})", list(Standing::Better), rounded(p, 2)));
    }
    if all.any(Standing::Equivalent) {
        let margin = rounded_or(analysis.info.margin, DIGITS, "none");
        said.push(format!("Equivalent to {}, within ±{margin}", list(Standing::Equivalent)));
    }
    if all.any(Standing::Undecided) {
        said.push(format!("Undecided against {}, which may be as good", list(Standing::Undecided)));
    }
    let details: String = of(Standing::Undecided).take(TOLD).map(|one| detail(one, &label(one))).collect();
    let said: String = said.iter().map(|sentence| format!("{sentence}. ")).collect();
    format!("{said}{}{details}", basis(analysis, all)).trim_end().to_owned()
}

/// How far the best is ahead of another from which the runs do not tell it apart, or behind it.
fn detail(one: &Comparison, label: &str) -> String {
    let Some(estimate) = one.paired.estimate.filter(|_| one.paired.n > 1) else { return String::new() };
    let ahead = one.paired.ahead.map_or(0.0, |ahead| ahead.0 * one.paired.n as f64);
    let found = one.paired.interval;
    let (side, seeds, found) = match estimate < 0.0 {
        true => ("Behind", one.paired.n as f64 - ahead, found.map(Interval::mirrored)),
        false => ("Ahead of", ahead, found),
    };
    let needed = one.needed.map(|needed| format!("; about {needed} would likely tell"));
    format!(
        " {side} {label} by {}{}, on {} of {}{}.",
        interval::end(estimate.abs(), 3),
        interval::brackets(found, 3),
        rounded(seeds, 3),
        count(one.paired.n, "seed"),
        needed.unwrap_or_default()
    )
}

/// What the comparisons rest on.
fn basis(analysis: &Analysis, all: &Comparisons) -> String {
    let n = all.against.iter().map(|one| one.paired.n).min().unwrap_or(0);
    let fewest = all.fewest_seeds();
    let few = match n {
        0 => String::new(),
        n if n < fewest => format!(
            " With {} no difference can be shown at 95 %, whatever they say: the exact test takes {fewest}.",
            count(n, "seed")
        ),
        _ => String::new(),
    };
    match all.judges {
        Judges::Choosers => format!(
            "The {} that chose among {} cannot judge the choice: declare what is chosen by `tune`, and set \
             `confirm_seeds = {}` or more, in [analysis].",
            count(analysis.info.seeds.len(), "seed"),
            count(analysis.configurations.len(), "configuration"),
            confirm_seeds(all)
        ),
        Judges::Fresh => {
            format!(
                "Chosen among {}, judged by fresh seeds.{few}",
                count(analysis.configurations.len(), "configuration")
            )
        }
        Judges::Planned => few.trim_start().to_owned(),
    }
}

/// As many as would likely decide everything that is within reach.
fn confirm_seeds(all: &Comparisons) -> usize {
    let within_reach = all.against.iter().filter_map(|one| one.needed).filter(|seeds| *seeds <= 50);
    within_reach.max().unwrap_or(10).max(all.fewest_seeds()).max(10)
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
