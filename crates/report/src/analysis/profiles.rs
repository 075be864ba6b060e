//! Comparison over problems: performance profiles and ranks.

use super::clock::Clock;
use super::problems::{Problems, deciding};
use super::reaching::Reaching;
use super::runs::Runs;
use crate::number::distinct;
use chainrule_record::Metric;
use chainrule_statistics::{friedman_p, mean_ranks};
use std::cmp::Ordering;

/// The largest ratio in the score of a profile, as in AlgoPerf's rules.
pub(crate) const SCORED_TO: f64 = 4.0;

/// The measure that is compared on each problem. Smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The median time to the target.
    Time(Clock),
    /// Without a target: the median of the final loss, or of the fraction of errors if an accuracy decides.
    Final(Metric),
}

/// The performance of the compared values over all problems.
///
/// On problem p the ratio of value s is `r = m(p, s) / min m(p, ·)`, where m is its measure. Without a measure the
/// ratio is infinite. A time is missing if fewer than half of the runs reached the target, a final value if half or
/// more were lost. The profile is `ρ(τ) = fraction of the problems with r ≤ τ`.
///
/// If the smallest measure is 0, the ratio is 1 for every value with measure 0, and infinite for the others. A problem
/// that no value solves still counts.
///
/// Source: Dolan and Moré, *Benchmarking optimization software with performance profiles* (2002).
pub(crate) struct Profiles {
    /// The measure that is compared.
    pub(crate) measure: Measure,
    pub(crate) problems: Problems,
    /// The problems on which every compared value has recorded runs. Only these are compared.
    pub(crate) common: Vec<usize>,
    /// Whether runs on fresh seeds decide.
    pub(crate) fresh: bool,
    /// The compared values with recorded runs, in the order of the file.
    pub(crate) compared: Vec<usize>,
    /// The measure of each of `compared`, with one row for each of `common`; infinite if there is none.
    pub(crate) costs: Vec<Vec<f64>>,
    pub(crate) ratios: Vec<Vec<f64>>,
    /// One line for each of `compared`.
    pub(crate) lines: Vec<PerformanceLine>,
    /// The final value of the deciding metric, as in [`Measure::Final`], for each of `compared`, with one row for each
    /// of `common`.
    pub(crate) finals: Vec<Vec<f64>>,
    /// The mean rank of each of `compared` by these values.
    pub(crate) ranks: Vec<f64>,
    /// p of the hypothesis that all rank alike; `None` if there are too few problems or compared values.
    pub(crate) friedman: Option<f64>,
}

/// The profile of a compared value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PerformanceLine {
    pub(crate) compared: usize,
    /// The ratios at which it rises, with the fraction of the problems from there on.
    pub(crate) steps: Vec<(f64, f64)>,
    /// `1/(R − 1) · ∫₁ᴿ ρ(τ) dτ` with R = [`SCORED_TO`]. It is 1 for a value that is fastest everywhere.
    ///
    /// Source: Dahl and others, *Benchmarking neural network training algorithms* (2023).
    pub(crate) score: f64,
    /// The number of problems that it solves at all.
    pub(crate) solved: usize,
}

impl Profiles {
    /// `None` with fewer than two problems or two compared values.
    pub(crate) fn new(experiment: &Runs) -> Option<Self> {
        let problems = Problems::new(experiment);
        let compared = having_runs(experiment);
        let has_all = |problem: &usize| {
            compared.iter().all(|compared| problems.all[*problem].best[*compared].is_some())
        };
        let common: Vec<usize> = (0..problems.all.len()).filter(has_all).collect();
        if common.len() < 2 || compared.len() < 2 {
            return None;
        }
        let fresh = problems.are_confirmed(experiment);
        let table = |measure: Measure| -> Vec<Vec<f64>> {
            let cost = |problem: usize, compared: usize| {
                let best = problems.all[problem].best[compared]?;
                measure.of(experiment, best, fresh)
            };
            let row = |problem: &usize| {
                compared.iter().map(|one| cost(*problem, *one).unwrap_or(f64::INFINITY)).collect()
            };
            common.iter().map(row).collect()
        };
        let measure = Measure::new(experiment);
        let (costs, finals) = (table(measure), table(Measure::Final(experiment.info.metric)));
        let ratios: Vec<Vec<f64>> = costs.iter().map(|row| self::ratios(row)).collect();
        let line = |(column, compared): (usize, &usize)| {
            PerformanceLine::new(*compared, &ratios.iter().map(|row| row[column]).collect::<Vec<_>>())
        };
        Some(Self {
            measure,
            lines: compared.iter().enumerate().map(line).collect(),
            ranks: mean_ranks(&finals),
            friedman: friedman_p(&finals),
            finals,
            problems,
            common,
            fresh,
            compared,
            costs,
            ratios,
        })
    }

    /// The largest finite ratio.
    pub(crate) fn largest(&self) -> f64 {
        self.ratios.iter().flatten().copied().filter(|ratio| ratio.is_finite()).fold(1.0, f64::max)
    }

    /// The indices into `compared`, best score first; ties by mean rank.
    pub(crate) fn by_score(&self) -> Vec<usize> {
        self.order(|a, b| self.compare_scores(a, b).then(self.ranks[a].total_cmp(&self.ranks[b])))
    }

    /// The indices into `compared`, best mean rank first; ties by score.
    pub(crate) fn by_rank(&self) -> Vec<usize> {
        self.order(|a, b| self.ranks[a].total_cmp(&self.ranks[b]).then(self.compare_scores(a, b)))
    }

    fn compare_scores(&self, a: usize, b: usize) -> Ordering {
        self.lines[b].score.total_cmp(&self.lines[a].score)
    }

    fn order(&self, compare: impl Fn(usize, usize) -> Ordering) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by(|a, b| compare(*a, *b));
        order
    }
}

/// The compared values with recorded runs, best mean rank first. In the order of the file if there are fewer than two
/// problems in common.
pub(super) fn ranking(experiment: &Runs) -> Vec<usize> {
    let Some(profiles) = Profiles::new(experiment) else { return having_runs(experiment) };
    profiles.by_rank().into_iter().map(|index| profiles.compared[index]).collect()
}

fn having_runs(experiment: &Runs) -> Vec<usize> {
    (0..experiment.compared.len()).filter(|index| experiment.compared[*index].best.is_some()).collect()
}

impl Measure {
    fn new(experiment: &Runs) -> Self {
        match experiment.has_target() {
            true => Self::Time(experiment.clock()),
            false => Self::Final(experiment.info.metric),
        }
    }

    fn of(self, experiment: &Runs, configuration: usize, fresh: bool) -> Option<f64> {
        let configuration = deciding(experiment, configuration, fresh);
        match self {
            Self::Time(clock) => Reaching::of(configuration).by(clock)?.median,
            Self::Final(metric) => {
                let median = configuration.final_metric(metric).median?;
                Some(if metric.is_loss() { median } else { 1.0 - median })
            }
        }
    }
}

impl PerformanceLine {
    fn new(compared: usize, ratios: &[f64]) -> Self {
        let steps = profile(ratios);
        let solved = ratios.iter().filter(|ratio| ratio.is_finite()).count();
        Self { compared, steps, score: score(ratios), solved }
    }
}

/// Divides each by the smallest.
fn ratios(costs: &[f64]) -> Vec<f64> {
    let smallest = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let ratio = |cost: &f64| match () {
        () if !cost.is_finite() => f64::INFINITY,
        () if *cost == smallest => 1.0,
        () if smallest <= 0.0 => f64::INFINITY,
        () => cost / smallest,
    };
    costs.iter().map(ratio).collect()
}

/// The ratios at which ρ rises, with its new value.
fn profile(ratios: &[f64]) -> Vec<(f64, f64)> {
    let finite = ratios.iter().copied().filter(|ratio| ratio.is_finite());
    let within = |tau: f64| ratios.iter().filter(|ratio| **ratio <= tau).count() as f64 / ratios.len() as f64;
    distinct(finite).into_iter().map(|tau| (tau, within(tau))).collect()
}

/// The normalized area under ρ up to [`SCORED_TO`]. Each problem adds the distance from its ratio to there.
fn score(ratios: &[f64]) -> f64 {
    let area = |ratio: &f64| (SCORED_TO - ratio).max(0.0);
    ratios.iter().map(area).sum::<f64>() / (ratios.len() as f64 * (SCORED_TO - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two values on three problems: times 10 and 20, 30 and 10, 5 and never.
    const TIMES: [[f64; 2]; 3] = [[10.0, 20.0], [30.0, 10.0], [5.0, f64::INFINITY]];

    #[test]
    fn profiles_by_hand() {
        // Ratios: 1 and 2; 3 and 1; 1 and none.
        let table: Vec<Vec<f64>> = TIMES.iter().map(|row| ratios(row)).collect();
        assert_eq!(table, [[1.0, 2.0], [3.0, 1.0], [1.0, f64::INFINITY]]);
        let column = |index: usize| table.iter().map(|row| row[index]).collect::<Vec<f64>>();
        let third = 1.0 / 3.0;
        assert_eq!(profile(&column(0)), [(1.0, 2.0 * third), (3.0, 1.0)]);
        assert_eq!(profile(&column(1)), [(1.0, third), (2.0, 2.0 * third)]);
        // ∫₁⁴ρ: 2/3 from 1 to 3 and 1 from 3 to 4: 7/3, over 3: 7/9. 1/3 from 1 to 2 and 2/3 from 2 to 4: 5/3, over 3: 5/9.
        assert!((score(&column(0)) - 7.0 / 9.0).abs() < 1e-15);
        assert!((score(&column(1)) - 5.0 / 9.0).abs() < 1e-15);
        assert_eq!(score(&[8.0, f64::INFINITY]), 0.0, "beyond what is scored");
    }

    #[test]
    fn a_smallest_of_nothing_leaves_no_ratio_but_to_its_equals() {
        assert_eq!(ratios(&[0.0, 3.0, 0.0]), [1.0, f64::INFINITY, 1.0]);
        assert_eq!(ratios(&[-1.0, 3.0]), [1.0, f64::INFINITY]);
        assert_eq!(ratios(&[f64::INFINITY, f64::INFINITY]), [f64::INFINITY; 2], "solved by nobody");
        assert!(profile(&[f64::INFINITY; 2]).is_empty());
    }
}
