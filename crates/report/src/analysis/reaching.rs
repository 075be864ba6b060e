//! The times at which the runs of a configuration reach the target.
//!
//! A run missed the target if it had not reached it by its end. Such a run is never left out. A diverged run can never
//! reach the target and counts as such, not as censored. A target reached before divergence counts as reached. A failed
//! run has no result.

use super::clock::{Clock, reached_row};
use super::configuration::Configuration;
use super::run::is_lost;
use chainrule_record::RunRecord;
use chainrule_statistics::{Interval, KaplanMeier, Observation, clopper_pearson};

/// The target in the runs of a configuration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reaching {
    /// The number of runs.
    pub(crate) runs: usize,
    /// The number of runs that reached it.
    pub(crate) reached: usize,
    /// The number of runs that were lost before.
    pub(crate) lost: usize,
    /// Clopper and Pearson's interval of the fraction that reaches it.
    pub(crate) share: Option<Interval>,
    /// Their times, by every clock that all runs have.
    pub(crate) times: Vec<Timing>,
}

/// The times of runs by one clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timing {
    pub(crate) clock: Clock,
    /// The fraction of runs that have not reached the target, over time.
    pub(crate) curve: KaplanMeier,
    /// The end of the longest run that missed the target without being lost.
    pub(crate) watched_until: Option<f64>,
    /// The first time at which at least half of the runs have reached it, even if exactly half ever do.
    pub(crate) median: Option<f64>,
    /// The interval of the median.
    pub(crate) interval: Option<Interval>,
    /// Expected running time: the time that all runs spent until they reached the target or ended, divided by the
    /// number of runs that reached it. It is the expected total time of repeating the run with new seeds until it
    /// reaches the target.
    ///
    /// Source: Hansen, Auger, Ros, Mersmann, Tušar and Brockhoff, *COCO: a platform for comparing continuous optimizers in a
    /// black-box setting* (2021).
    pub(crate) expected: Option<f64>,
}

impl Reaching {
    /// For the runs of one configuration.
    pub(crate) fn of(configuration: &Configuration) -> Self {
        let runs = &configuration.runs;
        let reached = runs.iter().filter(|run| reached_row(run).is_some()).count();
        let lost = runs.iter().filter(|run| is_lost(run) && reached_row(run).is_none()).count();
        let times = Clock::ALL.into_iter().filter_map(|clock| Timing::of(runs, clock)).collect();
        Self { runs: runs.len(), reached, lost, share: clopper_pearson(reached, runs.len()), times }
    }

    /// The times by one clock.
    pub(crate) fn by(&self, clock: Clock) -> Option<&Timing> {
        self.times.iter().find(|timing| timing.clock == clock)
    }
}

impl Timing {
    /// `None` unless every run has a time.
    fn of(runs: &[&RunRecord], clock: Clock) -> Option<Self> {
        let observations: Vec<Observation> =
            runs.iter().map(|run| clock.observe(run)).collect::<Option<_>>()?;
        let arrived = observations.iter().filter(|one| one.arrived).count();
        let watched = observations.iter().filter(|one| !one.arrived && one.time.is_finite());
        let curve = KaplanMeier::of(&observations);
        let spent: Option<f64> = runs.iter().map(|run| clock.spent(run)).sum();
        Some(Self {
            clock,
            watched_until: watched.map(|one| one.time).max_by(f64::total_cmp),
            median: curve.median(),
            interval: curve.median_interval(),
            expected: spent.filter(|_| arrived > 0).map(|spent| spent / arrived as f64),
            curve,
        })
    }

    /// The time of the last event.
    pub(super) fn end(&self) -> f64 {
        let last = self.curve.steps.last().map(|step| step.time);
        last.into_iter().chain(self.watched_until).fold(0.0, f64::max)
    }

    /// The fraction that has reached the target, over time. It is unknown after the last censored run. If no run is
    /// censored, since all reached the target or never will, it is constant until `end`.
    pub(super) fn points(&self, end: f64) -> Vec<(f64, f64)> {
        let steps = self.curve.steps.iter().map(|step| (step.time, 1.0 - step.waiting));
        let mut points: Vec<(f64, f64)> = std::iter::once((0.0, 0.0)).chain(steps).collect();
        let last = points.last().map_or(0.0, |(_, share)| *share);
        points.push((if self.watched_until.is_some() { self.end() } else { end }, last));
        points
    }
}
