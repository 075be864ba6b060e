//! Compares the best compared value with each other value, each at its chosen configuration, paired over the seeds.
//!
//! The best is the first in the ranking by the planned runs. The valid conclusions depend on the runs that judge:
//!
//! - Runs on fresh seeds had no influence on any choice. p is exact, and Holm's method adjusts it over the comparisons.
//! - If each value has one configuration, the planned runs only choose which value is called the best. Then p is
//!   adjusted as one of all pairs of values, whichever pair is considered.
//! - If planned runs also chose configurations, they decide nothing. The best of many looks better than it is on the
//!   seeds that chose it. The differences are shown without p and without a verdict.

mod pairs;
mod standing;

#[cfg(test)]
mod tests;

pub(in crate::analysis) use pairs::Pairs;
pub(crate) use standing::Standing;
pub(in crate::analysis) use standing::standing;

use super::missing::Missing;
use super::runs::Runs;
use crate::number::count;
use chainrule_statistics::{
    LEVEL, MIN_PAIRS, Paired, equivalence_needed, fewest_pairs, holm_among, looks_skewed, paired,
};

/// The runs that the comparisons use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judges {
    /// Runs on fresh seeds.
    Fresh,
    /// The planned runs, which chose no configuration.
    Planned,
    /// The planned runs, which also chose the configurations.
    Choosers,
}

/// The best value compared with each other value.
pub(crate) struct Comparisons {
    /// The best of the compared values.
    pub(crate) best: usize,
    /// The runs that the comparisons use.
    pub(crate) judges: Judges,
    /// The number of tests that p is adjusted for.
    pub(crate) tests: usize,
    /// The word for the unit of a pair: a seed, or a split of the data.
    pub(crate) noun: &'static str,
    /// One for each other value with recorded runs, in the order of the ranking.
    pub(crate) against: Vec<Comparison>,
}

/// The best value compared with another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparison {
    /// The index of the other compared value.
    pub(crate) with: usize,
    /// The differences in the metric, positive if the best is better.
    pub(crate) paired: Paired,
    /// p, adjusted for the other comparisons.
    pub(crate) adjusted: Option<f64>,
    /// The number of pairs, including copies that do not count.
    pub(crate) pairs: usize,
    /// The number of runs that rank worse than any number.
    pub(crate) lost: usize,
    /// Whether the differences are so skewed that the coverage of the interval may be below its level.
    pub(crate) skewed: bool,
    /// How the best compares with the other.
    pub(crate) standing: Standing,
    /// Why it is undecided.
    pub(crate) reason: Option<String>,
    /// The total number of seeds that would probably decide.
    pub(crate) needed: Option<usize>,
}

impl Comparisons {
    /// `None` unless two values have recorded runs and the best of them has a median.
    pub(crate) fn new(experiment: &Runs, ranking: &[usize], missing: Missing) -> Option<Self> {
        experiment.best()?;
        if experiment.unchosen().is_some() {
            return None;
        }
        let (best, others) = ranking.split_first().filter(|(_, others)| !others.is_empty())?;
        let judges = judges(experiment);
        let values = ranking.len();
        let tests = if judges == Judges::Planned { values * (values - 1) / 2 } else { values - 1 };
        let against = others.iter().map(|other| compare(experiment, judges, *best, *other)).collect();
        let noun = experiment.grid.observation_noun();
        let mut all = Self { best: *best, judges, tests, noun, against };
        all.adjust();
        let (missing, margin) = (missing.planned + missing.fresh(), experiment.info.margin);
        for mut one in std::mem::take(&mut all.against) {
            all.decide(&mut one, missing, margin);
            all.against.push(one);
        }
        Some(all)
    }

    /// Whether the best has this standing against any other.
    pub(crate) fn any(&self, standing: Standing) -> bool {
        self.against.iter().any(|one| one.standing == standing)
    }

    /// The smallest number of seeds with which the exact test of the best against another can decide.
    pub(crate) fn fewest_seeds(&self) -> usize {
        fewest_pairs(self.level())
    }

    /// The level of the strictest comparison in Holm's method.
    fn level(&self) -> f64 {
        (1.0 - LEVEL) / self.tests as f64
    }

    fn adjust(&mut self) {
        let mut tested: Vec<&mut Comparison> =
            self.against.iter_mut().filter(|one| one.paired.p.is_some()).collect();
        let p: Vec<f64> = tested.iter().filter_map(|one| one.paired.p).collect();
        for (one, adjusted) in tested.iter_mut().zip(holm_among(&p, self.tests)) {
            one.adjusted = Some(adjusted);
        }
    }

    fn decide(&self, one: &mut Comparison, missing: usize, margin: Option<f64>) {
        if one.standing == Standing::Identical && missing == 0 {
            return;
        }
        one.standing = Standing::Undecided;
        one.reason = self.undecidable(missing, one);
        if one.reason.is_none() {
            one.standing = standing(&one.paired, one.adjusted, margin);
        }
        if one.standing == Standing::Undecided && one.paired.n > 1 {
            one.reason.get_or_insert_with(|| "the result may be chance".to_owned());
            let seeds = needed(&one.paired, margin, self.level()).filter(|_| one.paired.n == one.pairs);
            // Fresh seeds would replace the seeds that chose; otherwise new seeds are added to the existing ones.
            let beyond = if self.judges == Judges::Choosers { 0 } else { one.paired.n + 1 };
            one.needed = seeds.map(|seeds| seeds.max(beyond));
        }
    }

    /// Why these runs cannot decide, whatever their values.
    fn undecidable(&self, missing: usize, one: &Comparison) -> Option<String> {
        let n = one.paired.n;
        if missing > 0 {
            Some(format!("{} not on record", count(missing, "run")))
        } else if self.judges == Judges::Choosers {
            Some("the runs that chose the configurations cannot judge them".to_owned())
        } else if n == 0 {
            Some("no pair of runs was measured".to_owned())
        } else if n < MIN_PAIRS && n < one.pairs {
            Some(format!("{} of {} repeat others bit by bit", one.pairs - n, count(one.pairs, "pair")))
        } else if n < MIN_PAIRS {
            let fewest = self.fewest_seeds();
            Some(format!("{} cannot decide at 95 %; {fewest} can", count(n, self.noun)))
        } else {
            None
        }
    }
}

fn judges(experiment: &Runs) -> Judges {
    match experiment.info.confirm_seeds {
        0 if experiment.compared.iter().all(|one| one.configurations.len() <= 1) => Judges::Planned,
        0 => Judges::Choosers,
        _ => Judges::Fresh,
    }
}

fn compare(experiment: &Runs, judges: Judges, best: usize, with: usize) -> Comparison {
    let judged = [best, with].map(|value| experiment.judged(value));
    let pairs = match judged {
        [Some(best), Some(with)] => Pairs::of(&experiment.grid, experiment.info.metric, best, with),
        _ => Pairs::default(),
    };
    let Pairs { differences, lost, .. } = pairs;
    let mut paired = paired(&differences, lost > 0);
    paired.p = paired.p.filter(|_| judges != Judges::Choosers);
    Comparison {
        with,
        paired,
        adjusted: None,
        pairs: pairs.all,
        lost,
        skewed: lost == 0 && looks_skewed(&differences),
        standing: if pairs.identical { Standing::Identical } else { Standing::Undecided },
        reason: None,
        needed: None,
    }
}

/// The smaller number of seeds: to show which value is better, or to show that both are equivalent.
fn needed(paired: &Paired, margin: Option<f64>, level: f64) -> Option<usize> {
    let differs = paired.needed.seeds(level);
    let equals = margin
        .zip(paired.needed.mean())
        .and_then(|(margin, (effect, spread))| equivalence_needed(effect, spread, margin));
    differs.into_iter().chain(equals).min()
}
