//! Every compared value against the best one, each at its chosen configuration, paired over the seeds.
//!
//! The best is the first of the ranking by the planned runs. Which runs judge decides what can be said:
//!
//! - Runs on fresh seeds played no part in any choice: p is exact, and Holm's method adjusts it over the comparisons.
//! - Planned runs of values that each have one configuration chose nothing but which is called the best. Then p is adjusted as
//!   one of all pairs of values, whichever of them is looked at.
//! - Planned runs that also chose configurations decide nothing: the best of many looks better than it is, on the very seeds
//!   that chose it. Their differences are shown, without p and without a verdict.

mod pairs;
mod standing;

#[cfg(test)]
mod tests;

pub(in crate::analysis) use pairs::{Pairs, mean_lead};
pub(crate) use standing::Standing;
pub(in crate::analysis) use standing::standing;

use super::missing::Missing;
use super::runs::Runs;
use crate::number::count;
use chainrule_statistics::{
    LEVEL, MIN_PAIRS, Paired, equivalence_needed, fewest_pairs, holm_among, looks_skewed, paired,
};

/// What the comparisons rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judges {
    /// Runs on fresh seeds.
    Fresh,
    /// The planned runs, which chose no configuration.
    Planned,
    /// The planned runs, which also chose the configurations.
    Choosers,
}

/// The best value against every other.
pub(crate) struct Comparisons {
    /// The best of the compared values.
    pub(crate) best: usize,
    /// What the comparisons rest on.
    pub(crate) judges: Judges,
    /// How many tests p is adjusted for.
    pub(crate) tests: usize,
    /// What a pair is called: a seed, or a split of the data.
    pub(crate) noun: &'static str,
    /// One for each other value with a run on record, in the order of the ranking.
    pub(crate) against: Vec<Comparison>,
}

/// The best value against another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparison {
    /// The other of the compared values.
    pub(crate) with: usize,
    /// The differences in the metric, positive where the best is ahead.
    pub(crate) paired: Paired,
    /// p, adjusted for the other comparisons.
    pub(crate) adjusted: Option<f64>,
    /// How many pairs there are, those included that repeat others bit by bit and do not count.
    pub(crate) pairs: usize,
    /// How many runs count as worse than any number.
    pub(crate) lost: usize,
    /// Whether the differences look so skewed that the interval may hold less often than it says.
    pub(crate) skewed: bool,
    /// How the best stands to the other.
    pub(crate) standing: Standing,
    /// Why that is undecided.
    pub(crate) reason: Option<String>,
    /// How many seeds in all would likely decide.
    pub(crate) needed: Option<usize>,
}

impl Comparisons {
    /// `None` unless two values have runs on record and the best of them a median.
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

    /// Whether the best stands so to any other.
    pub(crate) fn any(&self, standing: Standing) -> bool {
        self.against.iter().any(|one| one.standing == standing)
    }

    /// The fewest seeds with which the exact test of the best against another can say anything.
    pub(crate) fn fewest_seeds(&self) -> usize {
        fewest_pairs(self.level())
    }

    /// The level that the hardest of Holm's comparisons asks for.
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
            one.reason.get_or_insert_with(|| "what is seen may be chance".to_owned());
            let seeds = needed(&one.paired, margin, self.level()).filter(|_| one.paired.n == one.pairs);
            // Fresh seeds would come instead of those that chose, and beside all others.
            let beyond = if self.judges == Judges::Choosers { 0 } else { one.paired.n + 1 };
            one.needed = seeds.map(|seeds| seeds.max(beyond));
        }
    }

    /// Why these runs cannot decide, whatever they say.
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
            Some(format!("{} cannot show anything at 95 %; {fewest} can", count(n, self.noun)))
        } else {
            None
        }
    }
}

fn judges(experiment: &Runs) -> Judges {
    match experiment.info.confirm_seeds {
        0 if experiment.compared.iter().all(|one| one.configurations <= 1) => Judges::Planned,
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

/// The fewer of the seeds that would tell which is better and of those that would show them equivalent.
fn needed(paired: &Paired, margin: Option<f64>, level: f64) -> Option<usize> {
    let differs = paired.needed.seeds(level);
    let equals = margin
        .zip(paired.needed.mean())
        .and_then(|(margin, (effect, spread))| equivalence_needed(effect, spread, margin));
    differs.into_iter().chain(equals).min()
}
