//! How the runs of a configuration reach the target.
//!
//! A run that missed the target is one that had not reached it by its end, and is never left out. One that diverged can never
//! reach it: it counts as such, and not as one that would have gone on. What was reached before a run diverged is reached; a run
//! that failed leaves nothing.

use super::clock::{Clock, reached_row};
use super::configuration::Configuration;
use super::run::is_lost;
use chainrule_record::RunRecord;
use chainrule_statistics::{Interval, KaplanMeier, Observation, clopper_pearson};

/// How the runs of a configuration reached the target.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reaching {
    /// How many runs there are.
    pub(crate) runs: usize,
    /// How many reached it.
    pub(crate) reached: usize,
    /// How many were lost before.
    pub(crate) lost: usize,
    /// Clopper and Pearson's interval of the share that reaches it.
    pub(crate) share: Option<Interval>,
    /// Their times, by every clock that all runs were timed with.
    pub(crate) times: Vec<Timing>,
}

/// The times of runs by one clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timing {
    /// The clock.
    pub(crate) clock: Clock,
    /// The share of runs that have not reached the target, over time.
    pub(crate) curve: KaplanMeier,
    /// When the longest run that missed it without being lost ended.
    pub(crate) watched_until: Option<f64>,
    /// The first time by which at least half of the runs had reached it; also where exactly half ever did.
    pub(crate) median: Option<f64>,
    /// The interval of the median.
    pub(crate) interval: Option<Interval>,
    /// Expected running time: what all runs spent, until they reached it or ended, over how many reached it. What is expected of
    /// who runs it with ever new seeds until it is reached.
    ///
    /// Source: Hansen, Auger, Ros, Mersmann, Tušar and Brockhoff, *COCO: a platform for comparing continuous optimizers in a
    /// black-box setting* (2021).
    pub(crate) expected: Option<f64>,
}

impl Reaching {
    /// Of the runs of one configuration.
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
    /// `None` unless every run was timed.
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

    /// The last time at which anything happens.
    pub(super) fn end(&self) -> f64 {
        let last = self.curve.steps.last().map(|step| step.time);
        last.into_iter().chain(self.watched_until).fold(0.0, f64::max)
    }

    /// The share that has reached the target. What comes after the last run that was watched is not known; where none is watched
    /// any longer, since they arrived or never will, it stays as it is until `end`.
    pub(super) fn points(&self, end: f64) -> Vec<(f64, f64)> {
        let steps = self.curve.steps.iter().map(|step| (step.time, 1.0 - step.waiting));
        let mut points: Vec<(f64, f64)> = std::iter::once((0.0, 0.0)).chain(steps).collect();
        let last = points.last().map_or(0.0, |(_, share)| *share);
        points.push((if self.watched_until.is_some() { self.end() } else { end }, last));
        points
    }
}
