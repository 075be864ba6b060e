//! The value to pick.

use super::stance::Stance;
use super::{MAX_SEEDS, MAX_TOLD, Said, settings};
use crate::analysis::{Analysis, Comparison, Comparisons, Configuration, Factor, Judges, Standing};
use crate::number::{count, rounded};

pub(super) fn pick(analysis: &Analysis, best: &Configuration, name: &dyn Fn(&str) -> String) -> Said {
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
    } else if is_judged && ahead.len() + open > MAX_TOLD && of(Stance::Better).is_empty() {
        ("Nothing is decided:", found.all_open(ahead.len() + open))
    } else if !ahead.is_empty() {
        ("No clear winner:", found.behind(&ahead))
    } else {
        ("Pick", format!("{subject}."))
    }
}

/// The parts of the first sentence if there is no clear winner.
struct Found<'a> {
    analysis: &'a Analysis<'a>,
    all: &'a Comparisons,
    subject: &'a str,
    name: &'a dyn Fn(&str) -> String,
}

impl Found<'_> {
    /// `momentum is better by 0.0125 (p = 0.012)`
    fn better(&self, others: &[&Comparison]) -> String {
        let told = others.iter().take(MAX_TOLD).map(|one| {
            let label = (self.name)(&self.analysis.compared[one.with].label);
            let by = one.paired.estimate.filter(|estimate| estimate.is_finite());
            let by = by.map_or_else(String::new, |by| format!(" by {}", rounded(by.abs(), 3)));
            let p = one.adjusted.filter(|_| one.standing == Standing::Worse);
            let p = p.map_or_else(String::new, |p| format!(" (p = {})", rounded(p, 2)));
            format!("{label} was better{by}{p}")
        });
        let told = told.collect::<Vec<_>>().join(", ");
        match others.len().saturating_sub(MAX_TOLD) {
            0 => told,
            more => format!("{told}, and so were {more} more"),
        }
    }

    /// The chosen value with the runs that chose it, and the runs considered now.
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

    /// Many values, none of which can be distinguished from the first.
    fn all_open(&self, open: usize) -> String {
        let n = self.all.against.iter().map(|one| one.paired.n).min().unwrap_or(0);
        let fewest = self.all.fewest_seeds();
        let needed = self.all.against.iter().filter_map(|one| one.needed).min();
        let seeds = match needed {
            _ if n < fewest => format!("run at least {}", count(fewest, self.all.noun)),
            Some(needed) if needed <= MAX_SEEDS => format!("run about {}", count(needed, self.all.noun)),
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

/// Whether every compared value and every planned run is recorded.
fn is_complete(analysis: &Analysis) -> bool {
    analysis.records.len() >= analysis.info.run_ids.len()
        && analysis.compared.iter().all(|compared| compared.best.is_some())
}

/// ` on average over 5 values of split_seed`
fn on_average(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> String {
    let varies = |factor: &&Factor| factor.levels.len() > 1;
    let told =
        |factor: &Factor| format!("{} of {}", count(factor.levels.len(), "value"), name(&factor.setting));
    let told: Vec<String> = analysis.grid.tasks.iter().filter(varies).map(told).collect();
    if told.is_empty() { String::new() } else { format!(", on average over {}", told.join(" and ")) }
}
