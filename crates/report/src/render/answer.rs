//! The answer in words: what to pick, what it reaches, and how sure that is.

use super::interval;
use super::markdown::code;
use crate::analysis::{
    Analysis, Comparison, Comparisons, Configuration, Estimates, Factor, Judges, OutcomeCounts, Standing,
    TaskRow, Unchosen, tasks,
};
use crate::number::{count, list, rounded, rounded_or};
use chainrule_record::RunMetric;
use chainrule_statistics::Interval;

/// Significant digits in text.
pub(super) const DIGITS: usize = 4;

/// Up to so many undecided comparisons are told one by one.
const TOLD: usize = 2;

/// What is said of one thing: a few words to begin with, and the rest.
pub(super) type Said = (&'static str, String);

/// The paragraphs that answer the question. `name` dresses up names of settings and values.
pub(super) fn paragraphs(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Vec<Said> {
    let Some(best) = analysis.best() else { return vec![("No answer:", absence(analysis, name))] };
    if let Some(unchosen) = analysis.unchosen() {
        return vec![("No choice:", why_unchosen(unchosen, name))];
    }
    let said = [
        Some(pick(analysis, best, name)),
        Some(("It reaches", reaches(analysis, best, name))),
        by_task(analysis, name).map(|text| ("Task by task:", text)),
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
    let OutcomeCounts { diverged, failed, timed_out, .. } = analysis.outcomes;
    let all = analysis.outcomes.total();
    let metric = name(analysis.info.metric.name());
    let is_measured =
        analysis.configurations.iter().any(|one| one.final_metric(analysis.info.metric).values > 0);
    match all {
        0 => "no run is on record yet.".to_owned(),
        _ if diverged == all => format!("{} diverged, so no value is best.", all_of(all)),
        _ if failed == all => format!("{} failed, so no value is best.", all_of(all)),
        _ if timed_out == all && !is_measured => {
            format!("{} timed out before {metric} was measured.", all_of(all))
        }
        _ if diverged + failed == all => {
            format!("no run finished, so no value is best: {diverged} diverged and {failed} failed.")
        }
        _ if diverged + failed == 0 || !is_measured => format!("{metric} was not measured."),
        _ => format!(
            "no configuration has a median, because half or more of the runs of each were lost: of {}, {}.",
            count(all, "run"),
            lost_runs(diverged, failed)
        ),
    }
}

/// `all 24 runs`, `the only run`
fn all_of(runs: usize) -> String {
    if runs == 1 { "the only run".to_owned() } else { format!("all {runs} runs") }
}

fn lost_runs(diverged: usize, failed: usize) -> String {
    let counts = [(diverged, "diverged"), (failed, "failed")];
    let told = counts.into_iter().filter(|(runs, _)| *runs > 0).map(|(runs, how)| format!("{runs} {how}"));
    told.collect::<Vec<_>>().join(" and ")
}

fn why_unchosen(unchosen: Unchosen, name: &dyn Fn(&str) -> String) -> String {
    match unchosen {
        Unchosen::NoScale("loss") => format!(
            "{} varies, and values of different loss functions have no common scale. Set {} in [analysis], or train with one \
             loss. The table shows each value by itself.",
            name("loss"),
            name("metric = \"validation_accuracy\"")
        ),
        Unchosen::NoScale(setting) => format!(
            "{} varies, and metrics on different data have no common scale. The table shows each value by itself.",
            name(setting)
        ),
        Unchosen::Task(setting) => format!(
            "{} defines the task, and the best task would be the easiest. The table shows each value by itself.",
            name(setting)
        ),
    }
}

/// Which value is best on how many tasks.
fn by_task(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Option<String> {
    let rows = tasks(analysis);
    let compare = analysis.grid.compare.filter(|_| rows.len() > 1)?;
    let level = |row: &TaskRow| analysis.configurations[row.best].levels[compare];
    let wins = |value: &usize| rows.iter().filter(|row| level(row) == *value).count();
    let mut winners: Vec<(usize, usize)> = analysis
        .compared_ranking
        .iter()
        .map(|value| (wins(value), *value))
        .filter(|(wins, _)| *wins > 0)
        .collect();
    winners.sort_by_key(|(wins, _)| std::cmp::Reverse(*wins));
    let told = winners.iter().enumerate().map(|(place, (wins, value))| {
        let label = name(&analysis.compared[*value].label);
        if place == 0 {
            format!("{label} is best on {wins} of {}", rows.len())
        } else {
            format!("{label} on {wins}")
        }
    });
    let names: Vec<String> = varying_tasks(analysis).map(name).collect();
    Some(format!("by {}, {}.", names.join(" and "), list(&told.collect::<Vec<_>>())))
}

/// The settings that define the task and vary.
fn varying_tasks<'a>(analysis: &'a Analysis) -> impl Iterator<Item = &'a str> {
    let varies = |factor: &&Factor| factor.levels.len() > 1;
    analysis.grid.tasks.iter().filter(varies).map(|factor| factor.setting.as_str())
}

/// ` on average over 5 values of split_seed`
fn on_average(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> String {
    let varies = |factor: &&Factor| factor.levels.len() > 1;
    let told =
        |factor: &Factor| format!("{} of {}", count(factor.levels.len(), "value"), name(&factor.setting));
    let told: Vec<String> = analysis.grid.tasks.iter().filter(varies).map(told).collect();
    if told.is_empty() { String::new() } else { format!(", on average over {}", told.join(" and ")) }
}

fn pick(analysis: &Analysis, best: &Configuration, name: &dyn Fn(&str) -> String) -> Said {
    let label = analysis.compared_ranking.first().map_or("", |index| &analysis.compared[*index].label);
    let settings = match analysis.other_settings(best).is_empty() {
        true => String::new(),
        false => format!(" with {}", settings(analysis, best, name)),
    };
    let subject =
        format!("{} {}{settings}{}", analysis.compared_name(), name(label), on_average(analysis, name));
    if analysis.configurations.len() == 1 {
        return ("There is one configuration:", format!("{subject}."));
    }
    if !is_complete(analysis) {
        return ("First so far:", format!("{subject}. Runs are missing."));
    }
    let Some(all) = &analysis.comparisons else { return ("Pick", format!("{subject}.")) };
    let of =
        |stance| all.against.iter().filter(move |one| Stance::of(one, all) == stance).collect::<Vec<_>>();
    let (worse, ahead, identical) = (of(Stance::Worse), of(Stance::Ahead), of(Stance::Identical));
    let open = of(Stance::Open).len() + of(Stance::Unjudged).len();
    let is_judged = all.judges != Judges::Choosers;
    let found = Found { analysis, all, subject: &subject, name };
    if !worse.is_empty() {
        ("Not the best:", found.beaten(&worse))
    } else if identical.len() == all.against.len() {
        ("No difference:", found.all_identical(identical[0].pairs))
    } else if all.against.iter().all(|one| one.pairs > 1 && one.paired.tied) {
        ("No difference:", found.all_equal(all.against[0].pairs))
    } else if is_judged && ahead.len() + open > TOLD && of(Stance::Better).is_empty() {
        ("Nothing is decided:", found.all_open(ahead.len() + open))
    } else if !ahead.is_empty() {
        ("No clear winner:", found.behind(&ahead))
    } else {
        ("Pick", format!("{subject}."))
    }
}

/// What the first sentence is made of, where there is no clear winner.
struct Found<'a> {
    analysis: &'a Analysis<'a>,
    all: &'a Comparisons,
    subject: &'a str,
    name: &'a dyn Fn(&str) -> String,
}

impl Found<'_> {
    /// `momentum is better by 0.0125 (p = 0.012)`
    fn better(&self, others: &[&Comparison]) -> String {
        let told = others.iter().take(TOLD).map(|one| {
            let label = (self.name)(&self.analysis.compared[one.with].label);
            let by = one.paired.estimate.filter(|estimate| estimate.is_finite());
            let by = by.map_or_else(String::new, |by| format!(" by {}", rounded(by.abs(), 3)));
            let p = one.adjusted.filter(|_| one.standing == Standing::Worse);
            let p = p.map_or_else(String::new, |p| format!(" (p = {})", rounded(p, 2)));
            format!("{label} was better{by}{p}")
        });
        let told = told.collect::<Vec<_>>().join(", ");
        match others.len().saturating_sub(TOLD) {
            0 => told,
            more => format!("{told}, and so were {more} more"),
        }
    }

    /// What was chosen on which runs, and which runs are looked at now.
    fn chosen(&self) -> String {
        let n = self.all.against.iter().map(|one| one.pairs).max().unwrap_or(0);
        let noun = self.all.noun;
        match self.all.judges {
            Judges::Fresh => {
                format!(
                    "{} was chosen on the planned seeds; on {}",
                    self.subject,
                    count(n, &format!("fresh {noun}"))
                )
            }
            _ => format!("{} has the best median; in the differences over {}", self.subject, count(n, noun)),
        }
    }

    fn beaten(&self, worse: &[&Comparison]) -> String {
        format!("{}, {}.", self.chosen(), self.better(worse))
    }

    fn behind(&self, ahead: &[&Comparison]) -> String {
        format!("{}, {}, which may be chance.", self.chosen(), self.better(ahead))
    }

    fn all_identical(&self, pairs: usize) -> String {
        let values = count(self.analysis.compared_ranking.len(), "value");
        let setting = (self.name)(self.analysis.compared_name());
        format!(
            "the {values} of {setting} give identical results on all {}, bit by bit.",
            count(pairs, self.all.noun)
        )
    }

    fn all_equal(&self, pairs: usize) -> String {
        let values = count(self.analysis.compared_ranking.len(), "value");
        let setting = (self.name)(self.analysis.compared_name());
        let metric = (self.name)(self.analysis.info.metric.name());
        format!(
            "the {values} of {setting} have the same {metric} on each of {}.",
            count(pairs, self.all.noun)
        )
    }

    /// Many values, none of which is told from the first.
    fn all_open(&self, open: usize) -> String {
        let n = self.all.against.iter().map(|one| one.paired.n).min().unwrap_or(0);
        let fewest = self.all.fewest_seeds();
        let needed = self.all.against.iter().filter_map(|one| one.needed).min();
        let seeds = match needed {
            _ if n < fewest => format!("run at least {}", count(fewest, self.all.noun)),
            Some(needed) if needed <= MOST_SEEDS => format!("run about {}", count(needed, self.all.noun)),
            _ => format!("run many more {}s", self.all.noun),
        };
        let margin = match self.analysis.info.margin {
            Some(_) => "",
            None => ", or set `margin` in [analysis] to a difference that does not matter",
        };
        format!(
            "{} has the best median, but the runs do not tell it from {open} other values. To decide, {seeds}, compare fewer \
             values{margin}.",
            self.subject
        )
    }
}

/// Whether every compared value and every planned run is on record.
fn is_complete(analysis: &Analysis) -> bool {
    analysis.records.len() >= analysis.info.run_ids.len()
        && analysis.compared.iter().all(|compared| compared.best.is_some())
}

/// How the best stands to another, as the answer tells it.
#[derive(Clone, Copy, PartialEq)]
enum Stance {
    Better,
    Worse,
    Equivalent,
    Identical,
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
            Standing::Identical => Self::Identical,
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
    let accuracy = runs.final_of(RunMetric::TestAccuracy).median.map(|accuracy| {
        let again = Estimates::of_final(runs, RunMetric::TestAccuracy).median_interval;
        format!(", and of {} {}", name("test_accuracy"), with_interval(Some(accuracy), again))
    });
    let noun = analysis.grid.observation_noun();
    let each = if analysis.grid.has_tasks() { ", each the mean of its runs," } else { "" };
    format!(
        "on {}{each}{} a median {} of {}{}.",
        count(found.n, &format!("{fresh}{noun}")),
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
    let stances = [
        Stance::Better,
        Stance::Equivalent,
        Stance::Identical,
        Stance::Ahead,
        Stance::Open,
        Stance::Unjudged,
    ];
    let said: Vec<String> = stances.into_iter().filter_map(said).chain([basis(analysis, all)]).collect();
    let undecided = all.against.iter().filter(|one| one.standing == Standing::Undecided);
    let details: Vec<String> = undecided
        .take(TOLD)
        .filter_map(|one| detail(one, all.noun, &name(&analysis.compared[one.with].label)))
        .collect();
    said.into_iter().chain(details).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn sentence(analysis: &Analysis, all: &Comparisons, stance: Stance, labels: &str) -> String {
    match stance {
        Stance::Worse => format!("Worse than {labels}."),
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
        Stance::Identical => {
            let same = all.against.iter().filter(|one| one.standing == Standing::Identical);
            let pairs = same.map(|one| one.pairs).min().unwrap_or(0);
            format!("Identical to {labels} on all {}, bit by bit.", count(pairs, all.noun))
        }
        Stance::Ahead => format!("Undecided against {labels}, ahead in the mean difference."),
        Stance::Open => format!("Undecided against {labels}, which may be as good."),
        Stance::Unjudged if all.judges == Judges::Choosers => format!("Not judged against {labels}."),
        Stance::Unjudged => format!("Too few {}s to decide against {labels}.", all.noun),
    }
}

/// More seeds than this are as good as none.
const MOST_SEEDS: usize = 1000;

/// How far the best is ahead of another from which the runs do not tell it apart, or behind it.
fn detail(one: &Comparison, noun: &str, label: &str) -> Option<String> {
    let paired = &one.paired;
    let estimate = paired.estimate.filter(|_| paired.n > 1)?;
    if paired.tied {
        return Some(format!("Equal to {label} on all {}.", count(paired.n, noun)));
    }
    let (side, ahead, found) = match estimate < 0.0 {
        true => ("Behind", paired.losses, paired.interval.map(Interval::mirrored)),
        false => ("Ahead of", paired.wins, paired.interval),
    };
    let equal = match paired.n - paired.wins - paired.losses {
        0 => String::new(),
        ties => format!(" (equal on {ties})"),
    };
    let needed = match one.needed {
        Some(seeds) if seeds > MOST_SEEDS => format!("; more than {MOST_SEEDS} would be needed to tell"),
        Some(seeds) => format!("; about {seeds} would likely tell"),
        None => String::new(),
    };
    Some(format!(
        "{side} {label} by {}{}, on {ahead} of {}{equal}{needed}.",
        interval::end(estimate.abs(), 3),
        interval::brackets(found, 3),
        count(paired.n, noun),
    ))
}

/// What the comparisons rest on.
fn basis(analysis: &Analysis, all: &Comparisons) -> String {
    let n = all.against.iter().map(|one| one.paired.n).min().unwrap_or(0);
    let fewest = all.fewest_seeds();
    let few = match n {
        n if 0 < n && n < fewest => format!(
            "With {} no difference can be shown at 95 %, whatever they say: the exact test takes {fewest}.",
            count(n, all.noun)
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
    if analysis.compares_folders {
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
