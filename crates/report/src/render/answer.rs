//! The answer in words: what to pick, what it reaches, and how sure that is.

use super::interval;
use super::markdown::code;
use crate::analysis::{
    Analysis, Comparison, Comparisons, Configuration, Estimates, Interval, Judges, Standing,
};
use crate::joined::RESULTS;
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
    let subject = format!("{} {}{settings}", analysis.compared_name(), name(label));
    let all = analysis.comparisons.as_ref();
    let ahead = all.map(|all| labels(analysis, all, Stance::Ahead, name)).unwrap_or_default();
    match (analysis.configurations.len(), all.is_some_and(|all| all.any(Standing::Worse))) {
        (1, _) => ("There is one configuration:", format!("{subject}.")),
        _ if !is_complete(analysis) => ("First so far:", format!("{subject}. Runs are missing.")),
        (_, true) => ("First on the planned seeds:", format!("{subject}.")),
        _ if ahead.is_empty() => ("Pick", format!("{subject}.")),
        _ => {
            ("Pick", format!("{subject}, or {}, which {} ahead without deciding.", either(&ahead), puts(all)))
        }
    }
}

fn puts(all: Option<&Comparisons>) -> &'static str {
    match all.map(|all| all.judges) {
        Some(Judges::Fresh) => "the fresh seeds put",
        _ => "the mean difference puts",
    }
}

/// Whether every compared value and every planned run is on record.
fn is_complete(analysis: &Analysis) -> bool {
    analysis.records.len() >= analysis.info.run_ids.len()
        && analysis.compared.iter().all(|compared| compared.best.is_some())
}

/// `a`, `a or b`, `a, b or c`.
fn either(items: &[String]) -> String {
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => items.concat(),
    }
}

/// How the best stands to another, as the answer tells it.
#[derive(Clone, Copy, PartialEq)]
enum Stance {
    Better,
    Worse,
    Equivalent,
    /// Undecided, and the other is ahead.
    Ahead,
    /// Undecided, and the other is not ahead.
    Open,
    /// Undecided, whatever these runs say.
    Unjudged,
}

impl Stance {
    fn of(one: &Comparison, all: &Comparisons) -> Self {
        match one.standing {
            Standing::Better => Self::Better,
            Standing::Worse => Self::Worse,
            Standing::Equivalent => Self::Equivalent,
            Standing::Undecided if one.paired.estimate.is_some_and(|estimate| estimate < 0.0) => Self::Ahead,
            Standing::Undecided if all.judges == Judges::Choosers => Self::Unjudged,
            Standing::Undecided if one.paired.n < all.fewest_seeds() => Self::Unjudged,
            Standing::Undecided => Self::Open,
        }
    }
}

fn labels(
    analysis: &Analysis,
    all: &Comparisons,
    stance: Stance,
    name: &dyn Fn(&str) -> String,
) -> Vec<String> {
    let is_so = |one: &&Comparison| Stance::of(one, all) == stance;
    all.against.iter().filter(is_so).map(|one| name(&analysis.compared[one.with].label)).collect()
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
    let said = |stance| {
        let labels = labels(analysis, all, stance, name);
        (!labels.is_empty()).then(|| sentence(analysis, all, stance, &list(&labels)))
    };
    let stances =
        [Stance::Worse, Stance::Better, Stance::Equivalent, Stance::Ahead, Stance::Open, Stance::Unjudged];
    let said: Vec<String> = stances.into_iter().filter_map(said).chain([basis(analysis, all)]).collect();
    let undecided = all.against.iter().filter(|one| one.standing == Standing::Undecided);
    let details: Vec<String> = undecided
        .take(TOLD)
        .filter_map(|one| detail(one, &name(&analysis.compared[one.with].label)))
        .collect();
    said.into_iter().chain(details).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn sentence(analysis: &Analysis, all: &Comparisons, stance: Stance, labels: &str) -> String {
    match stance {
        Stance::Worse if all.judges == Judges::Fresh => {
            format!("The choice does not hold up: it is worse than {labels} on fresh seeds.")
        }
        Stance::Worse => format!("By the differences over the seeds it is worse than {labels}."),
        Stance::Better => {
            let better = || all.against.iter().filter(|one| one.standing == Standing::Better);
            let p = better().filter_map(|one| one.adjusted).fold(0.0, f64::max);
            let sign = if better().count() > 1 { "≤" } else { "=" };
            format!("Better than {labels} (p {sign} {}).", rounded(p, 2))
        }
        Stance::Equivalent => {
            let margin = rounded_or(analysis.info.margin, DIGITS, "none");
            format!("Equivalent to {labels}, within ±{margin}.")
        }
        Stance::Ahead => {
            format!("Undecided against {labels}, ahead in the mean difference: it may be better.")
        }
        Stance::Open => format!("Undecided against {labels}, which may be as good."),
        Stance::Unjudged if all.judges == Judges::Choosers => format!("Not judged against {labels}."),
        Stance::Unjudged => format!("Too few seeds to decide against {labels}."),
    }
}

/// More seeds than this are as good as none.
const MOST_SEEDS: usize = 1000;

/// How far the best is ahead of another from which the runs do not tell it apart, or behind it.
fn detail(one: &Comparison, label: &str) -> Option<String> {
    let estimate = one.paired.estimate.filter(|_| one.paired.n > 1)?;
    let ahead = one.paired.ahead.map_or(0.0, |ahead| ahead.0 * one.paired.n as f64);
    let found = one.paired.interval;
    let (side, seeds, found) = match estimate < 0.0 {
        true => ("Behind", one.paired.n as f64 - ahead, found.map(Interval::mirrored)),
        false => ("Ahead of", ahead, found),
    };
    let needed = match one.needed {
        Some(seeds) if seeds > MOST_SEEDS => format!("; more than {MOST_SEEDS} would be needed to tell"),
        Some(seeds) => format!("; about {seeds} would likely tell"),
        None => String::new(),
    };
    Some(format!(
        "{side} {label} by {}{}, on {} of {}{needed}.",
        interval::end(estimate.abs(), 3),
        interval::brackets(found, 3),
        rounded(seeds, 3),
        count(one.paired.n, "seed"),
    ))
}

/// What the comparisons rest on.
fn basis(analysis: &Analysis, all: &Comparisons) -> String {
    let n = all.against.iter().map(|one| one.paired.n).min().unwrap_or(0);
    let fewest = all.fewest_seeds();
    let few = match n {
        n if 0 < n && n < fewest => format!(
            "With {} no difference can be shown at 95 %, whatever they say: the exact test takes {fewest}.",
            count(n, "seed")
        ),
        _ => String::new(),
    };
    let chosen = count(analysis.configurations.len(), "configuration");
    match all.judges {
        Judges::Choosers => format!(
            "The {} that chose among {chosen} cannot judge the choice: {}.",
            count(analysis.info.seeds.len(), "seed"),
            remedy(analysis, all)
        ),
        Judges::Fresh => format!("Chosen among {chosen}, judged by fresh seeds. {few}").trim_end().to_owned(),
        Judges::Planned => few,
    }
}

/// What gives runs that can judge.
fn remedy(analysis: &Analysis, all: &Comparisons) -> String {
    let info = analysis.info;
    if info.compare.as_deref() == Some(RESULTS) {
        return "both experiments would have to run what they chose again, on the same fresh seeds (`tune` and `confirm_seeds`)"
            .to_owned();
    }
    let seeds = format!("`confirm_seeds = {}` or more", all.fewest_seeds().max(10));
    match info.tune.is_empty() {
        true => format!("declare what is chosen by `tune`, and set {seeds}, in [analysis]"),
        false => format!("set {seeds} in [analysis]"),
    }
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
