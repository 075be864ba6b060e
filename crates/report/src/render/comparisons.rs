//! Detailed comparisons of the best value with every other, and the reason why each setting varies.

use super::interval::{self, share};
use super::markdown::{code, more, plain, table};
use crate::analysis::{Analysis, Comparison, Comparisons, Factor, Judges, Role, Standing, role};
use crate::number::{count, rounded, rounded_or};
use chainrule_statistics::Paired;
use chainrule_statistics::{Center, MAX_COUNTED_PAIRS, MAX_ROUNDED_PAIRS};

/// The largest number of rows shown.
const SHOWN: usize = 30;

/// Significant digits of differences.
const DIGITS: usize = 3;

/// The table of comparisons, and its statistical basis.
pub(super) fn comparisons(analysis: &Analysis) -> String {
    let Some(all) = &analysis.comparisons else { return String::new() };
    let best = code(&analysis.compared[all.best].label);
    let titles = [
        format!("{best} against"),
        "n".to_owned(),
        format!("ahead in {} by", analysis.info.metric),
        "ahead in".to_owned(),
        "p".to_owned(),
        "verdict".to_owned(),
        "reason, and seeds that would decide".to_owned(),
    ];
    let shown = all.against.iter().take(SHOWN);
    let rows: Vec<Vec<String>> = shown.map(|one| row(analysis, all, one)).collect();
    let more = more(all.against.len(), SHOWN, None);
    format!(
        "## Comparisons\n\n{}\n\n{}{more}\n{}\n\n",
        basis(all),
        table(&titles, &rows),
        rules(analysis, all)
    )
}

fn row(analysis: &Analysis, all: &Comparisons, one: &Comparison) -> Vec<String> {
    let paired = &one.paired;
    let kind = if paired.center == Center::Median { " (median)" } else { "" };
    let skewed = if one.skewed { " (skewed)" } else { "" };
    let level = paired.interval.map_or(0.95, |interval| interval.level);
    let level = if level > 0.9501 { format!(" at {}", interval::percent(level)) } else { String::new() };
    let estimate = paired.estimate.map_or_else(|| "–".to_owned(), |value| interval::end(value, DIGITS));
    let ahead = paired.ahead.filter(|_| !paired.tied).map_or_else(String::new, |(ahead, found)| {
        format!("{} [{}, {}]", share(ahead), share(found.low), share(found.high))
    });
    let ahead = if paired.tied && paired.n > 0 { "all are equal".to_owned() } else { ahead };
    let verdict = one.standing.name();
    let verdict =
        if one.standing == Standing::Undecided { verdict.to_owned() } else { format!("**{verdict}**") };
    vec![
        code(&analysis.compared[one.with].label),
        paired.n.to_string(),
        format!("{estimate}{}{level}{kind}{skewed}", interval::brackets(paired.interval, DIGITS)),
        ahead,
        rounded_or(one.adjusted.filter(|_| one.standing != Standing::Identical), 2, "–"),
        verdict,
        remarks(all, one),
    ]
}

fn remarks(all: &Comparisons, one: &Comparison) -> String {
    let lost = (one.lost > 0).then(|| format!("{} worse than any number", count(one.lost, "run")));
    // Reasons that apply to all comparisons are above the table.
    let reason = one.reason.clone().filter(|_| all.judges != Judges::Choosers || one.paired.n == 0);
    let fresh = if all.judges == Judges::Choosers { "fresh " } else { "" };
    let noun = format!("{fresh}{}", all.noun);
    let needed = one.needed.map(|seeds| format!("about {} would likely decide", count(seeds, &noun)));
    let same = (one.standing == Standing::Identical)
        .then(|| format!("the same results on all {}, bit by bit", count(one.pairs, all.noun)));
    [same, lost, reason.map(|reason| plain(&reason)), needed]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}

fn basis(all: &Comparisons) -> &'static str {
    match all.judges {
        Judges::Fresh => {
            "Each value is at the best configuration by the planned seeds, and is run on fresh seeds that played no part in \
             the choice. The best value is the first by the planned seeds."
        }
        Judges::Planned => {
            "Each value has one configuration, so only the best value was chosen. Since the same runs chose it, p is \
             adjusted for all pairs of values."
        }
        Judges::Choosers => {
            "**These runs chose and would judge themselves**: each value is compared on the same seeds that chose its best \
             configuration. So differences and intervals are optimistic, no p is stated, and nothing is decided. `tune` \
             and `confirm_seeds` in `[analysis]` run the chosen configurations again on fresh seeds."
        }
    }
}

fn rules(analysis: &Analysis, all: &Comparisons) -> String {
    let margin = match analysis.info.margin {
        Some(margin) => format!(
            "equivalent if the whole interval is within ±{}, the declared `margin`",
            rounded(margin, 4)
        ),
        None => "never equivalent, since no `margin` is declared".to_owned(),
    };
    let adjusted = match all.judges {
        Judges::Choosers => String::new(),
        _ => format!(
            " p is from {}, adjusted by Holm's method for {}.",
            test(&all.against.iter().map(|one| one.paired).collect::<Vec<_>>()),
            count(all.tests, "test")
        ),
    };
    let skewed = all.against.iter().any(|one| one.skewed);
    let skewed = if skewed {
        " Skewed: the skewness of the differences is more than two of its standard errors. The interval may hold less often \
         than its level; p is still valid."
    } else {
        ""
    };
    format!(
        "Differences are paired over the seeds, and positive if the best is ahead. The table has their mean with the 95 % \
         t interval, or their median if runs were lost. The best is better or worse if p is at most 0.05; \
         {margin}.{adjusted}{skewed} All numbers are in [`comparisons.csv`](comparisons.csv); formulas, and how often they \
         hold: `docs/statistics.md`."
    )
}

/// The tests used. Tests of means are exact for few pairs only; tests of medians are sign tests.
fn test(all: &[Paired]) -> String {
    let of = |center| all.iter().filter(move |one| one.center == center);
    let flips = of(Center::Mean).map(|one| one.n).max().map(|most| match most {
        most if most <= MAX_COUNTED_PAIRS => "the exact sign-flip test".to_owned(),
        most if most <= MAX_ROUNDED_PAIRS => {
            format!("the sign-flip test, an upper bound with more than {MAX_COUNTED_PAIRS} pairs")
        }
        _ => {
            format!("the sign-flip test, by the normal distribution with more than {MAX_ROUNDED_PAIRS} pairs")
        }
    });
    let signs = of(Center::Median).next().map(|_| "the exact sign test where runs were lost".to_owned());
    flips.into_iter().chain(signs).collect::<Vec<_>>().join(", and of ")
}

/// A row for each varying setting, and one for the seeds.
pub(super) fn roles(analysis: &Analysis) -> String {
    let info = analysis.info;
    if analysis.grid.all_factors().next().is_none() {
        return String::new();
    }
    let task = |factor: &Factor| {
        let role = "a task: results are averaged over its values, and none of them is chosen";
        vec![code(&factor.setting), count(factor.levels.len(), "value"), role.to_owned()]
    };
    let row = |factor: usize| {
        let setting = &analysis.grid.factors[factor];
        let is_used = match role(analysis, factor) {
            Role::Compared => "compared",
            Role::Tuned => "tuned: the best value is chosen, by the planned seeds",
            Role::Problem => {
                "a problem: each of its combinations is also evaluated by itself; here the best is shown"
            }
            Role::Dataset => "a problem: each has its own report, and results are ranked over all",
            Role::Free => "picked: the best value is shown, as no role is declared",
        };
        vec![code(&setting.setting), count(setting.levels.len(), "value"), is_used.to_owned()]
    };
    let mut rows: Vec<Vec<String>> = (0..analysis.grid.factors.len()).map(row).collect();
    rows.extend(analysis.grid.tasks.iter().map(task));
    let fresh = match info.confirm_seeds {
        0 => String::new(),
        fresh => format!(", and {} for the chosen configurations", count(fresh as usize, "fresh one")),
    };
    rows.push(vec![
        "seeds".to_owned(),
        count(info.seeds.len(), "value"),
        format!("replicated: each run is repeated{fresh}"),
    ]);
    let table = table(&["setting", "values", "role"], &rows);
    format!("## Varying settings\n\n{table}\nEverything else is fixed, see [below](#fixed-settings).\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainrule_statistics::paired;

    /// p is called exact only if it is, and the sign test is named only if it was used.
    #[test]
    fn tests_are_named_as_they_were_made() {
        let of = |n: u32, censored| paired(&(1..=n).map(f64::from).collect::<Vec<_>>(), censored);
        assert_eq!(test(&[of(8, false)]), "the exact sign-flip test");
        assert_eq!(
            test(&[of(40, false), of(8, true)]),
            "the exact sign-flip test, and of the exact sign test where runs were lost"
        );
        assert_eq!(test(&[of(8, true)]), "the exact sign test where runs were lost");
        assert!(test(&[of(41, false)]).contains("an upper bound with more than 40 pairs"));
        assert!(test(&[of(1001, false)]).contains("by the normal distribution with more than 1000 pairs"));
    }
}
