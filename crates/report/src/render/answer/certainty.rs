//! The certainty of the choice.

use super::stance::Stance;
use super::{DIGITS, MAX_SEEDS, MAX_TOLD};
use crate::analysis::{Analysis, Comparison, Comparisons, Judges, Standing};
use crate::number::{count, list, rounded, rounded_or};
use crate::render::interval;
use chainrule_statistics::Interval;

/// The values that are worse than the best, equivalent to it, and not distinguishable from it.
pub(super) fn how_sure(analysis: &Analysis, all: &Comparisons, name: &dyn Fn(&str) -> String) -> String {
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
        .take(MAX_TOLD)
        .filter_map(|one| detail(one, all.noun, &name(&analysis.compared[one.with].label)))
        .collect();
    said.into_iter().chain(details).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
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
        Stance::Unjudged if all.judges == Judges::Choosers => format!("Not tested against {labels}."),
        Stance::Unjudged => format!("Too few {}s to decide against {labels}.", all.noun),
    }
}

/// The distance by which the best is ahead of another value, or behind it, if the runs cannot distinguish them.
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
        Some(seeds) if seeds > MAX_SEEDS => format!("; more than {MAX_SEEDS} would be needed to tell"),
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

/// The basis of the comparisons.
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
            "The {} that chose among {chosen} cannot also test the choice: {}.",
            count(analysis.info.seeds.len(), "seed"),
            remedy(analysis, all)
        ),
        Judges::Fresh => format!("Chosen among {chosen}, judged by fresh seeds. {few}").trim_end().to_owned(),
        Judges::Planned => few,
    }
}

/// The remedy that provides runs able to judge the choice.
fn remedy(analysis: &Analysis, all: &Comparisons) -> String {
    let info = analysis.info;
    if analysis.compares_folders {
        return "both experiments would have to rerun their chosen configurations on the same fresh seeds (`tune` and \
                `confirm_seeds`)"
            .to_owned();
    }
    let seeds = format!("`confirm_seeds = {}` or more", all.fewest_seeds().max(10));
    match info.tune.is_empty() {
        true => format!("list the tuned settings in `tune`, and set {seeds}, in [analysis]"),
        false => format!("set {seeds} in [analysis]"),
    }
}
