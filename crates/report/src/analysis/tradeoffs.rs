//! Quality, speed and tunability: the measures of DeepOBS for optimizers.
//!
//! Source: Schneider, Balles and Hennig, *DeepOBS: a deep learning optimizer benchmark suite* (2019).

use super::Analysis;
use super::problems::{Problems, deciding};
use super::rates::Tolerance;
use super::reaching::Reaching;
use chainrule_record::{Better, RunMetric};
use chainrule_statistics::{expected_best, median_best};

/// The numbers of random trials after which the best result is shown.
pub(crate) const TRIALS: [u32; 4] = [1, 2, 4, 8];

/// Each compared value on each problem.
pub(crate) struct Tradeoffs {
    pub(crate) problems: Problems,
    /// Whether quality and speed come from runs on fresh seeds.
    pub(crate) fresh: bool,
    /// The distance from the best value that still counts as good.
    pub(crate) tolerance: Tolerance,
    /// One row for each pair with recorded runs, by problem and then by compared value.
    pub(crate) rows: Vec<TradeoffRow>,
}

/// A compared value on a problem.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TradeoffRow {
    pub(crate) problem: usize,
    pub(crate) compared: usize,
    /// Its best configuration.
    pub(crate) configuration: usize,
    /// Quality: the median of the deciding metric, and of the test metrics.
    pub(crate) quality: Option<f64>,
    pub(crate) test_loss: Option<f64>,
    pub(crate) test_accuracy: Option<f64>,
    /// Speed: the median time to the target, by the clock of the curves.
    pub(crate) time: Option<f64>,
    /// Tunability: the number of configurations, and how many of them have a median as good as the best.
    pub(crate) configurations: usize,
    pub(crate) good: usize,
    /// The median over random searches of the best deciding metric among [`TRIALS`] configurations.
    pub(crate) median_after: [Option<f64>; TRIALS.len()],
    /// Its expectation, unless a configuration lost half or more of its runs.
    pub(crate) expected_after: [Option<f64>; TRIALS.len()],
}

impl TradeoffRow {
    /// The expected number of random configurations until one is good: 1 over the fraction of good ones.
    pub(crate) fn trials(&self) -> Option<f64> {
        (self.good > 0).then(|| self.configurations as f64 / self.good as f64)
    }
}

impl Tradeoffs {
    /// `None` unless two compared values have runs on record.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        if analysis.compared_ranking.len() < 2 {
            return None;
        }
        let problems = Problems::new(analysis);
        let fresh = problems.are_confirmed(analysis);
        let tolerance = Tolerance::of(analysis);
        let row = |place| row(analysis, &problems, tolerance, fresh, place);
        let rows = problems.places().map(row).collect();
        Some(Self { fresh, tolerance, rows, problems })
    }

    /// Whether anything was chosen, so that the difficulty of the choice is defined.
    pub(crate) fn is_tuned(&self) -> bool {
        self.rows.iter().any(|row| row.configurations > 1)
    }

    /// The fraction of good configurations of a compared value, averaged over the problems.
    pub(crate) fn good_share(&self, compared: usize) -> f64 {
        let shares = self.rows.iter().filter(|row| row.compared == compared);
        let shares: Vec<f64> = shares.map(|row| row.good as f64 / row.configurations as f64).collect();
        shares.iter().sum::<f64>() / shares.len().max(1) as f64
    }

    /// The rows of a problem.
    pub(crate) fn on(&self, problem: usize) -> impl Iterator<Item = &TradeoffRow> {
        self.rows.iter().filter(move |row| row.problem == problem)
    }
}

fn row(
    analysis: &Analysis,
    problems: &Problems,
    tolerance: Tolerance,
    fresh: bool,
    (problem, compared, best): (usize, usize, usize),
) -> TradeoffRow {
    let metric = analysis.info.metric;
    let sign = if metric.better() == Better::Lower { 1.0 } else { -1.0 };
    // Smaller is better. A configuration that lost its runs ranks worse than any number.
    let costs: Vec<f64> =
        problems.configurations(analysis, problem, compared).map(|one| one.cost(metric)).collect();
    let smallest = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let threshold = tolerance.threshold(smallest, Better::Lower);
    let again = deciding(analysis, best, fresh);
    let time = || Reaching::of(again).by(analysis.clock())?.median;
    TradeoffRow {
        problem,
        compared,
        configuration: best,
        quality: again.final_metric(metric).median,
        test_loss: again.final_of(RunMetric::TestLoss).median,
        test_accuracy: again.final_of(RunMetric::TestAccuracy).median,
        time: if analysis.has_target() { time() } else { None },
        configurations: costs.len(),
        good: costs.iter().filter(|cost| cost.is_finite() && **cost <= threshold).count(),
        median_after: TRIALS.map(|trials| median_best(&costs, trials).map(|cost| sign * cost)),
        expected_after: TRIALS.map(|trials| expected_best(&costs, trials).map(|cost| sign * cost)),
    }
}
