//! Times to an event, some of which are only known to be longer than the observation: the Kaplan–Meier estimate.

use crate::interval::{Interval, LEVEL, MIN_PAIRS};
use crate::proportion::normal_quantile;

/// Products of fractions have rounding errors: S has fallen to ½ if it is above it by less than this.
const ROUNDING: f64 = 1e-12;

/// The time of one run, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// When the run arrived, or until when it was observed; infinite if it will never arrive.
    pub time: f64,
    /// Whether it arrived at that time.
    pub arrived: bool,
}

impl Observation {
    /// A run that arrived at `time`.
    pub fn at(time: f64) -> Self {
        Self { time, arrived: true }
    }

    /// A run that had not arrived by `time`, when its observation ended (censored).
    pub fn not_by(time: f64) -> Self {
        Self { time, arrived: false }
    }

    /// A run that will never arrive.
    pub fn never() -> Self {
        Self::not_by(f64::INFINITY)
    }
}

/// The fraction of runs that have not arrived by time t: `S(t) = Π (1 − dᵢ/nᵢ)` over the times tᵢ ≤ t, where dᵢ of the nᵢ runs that
/// were still observed arrived.
///
/// A run that is observed until exactly tᵢ counts among the nᵢ; one that never arrives counts in all of them. Assumes independent
/// runs, and that the end of an observation does not depend on how close the run was to arriving.
///
/// Source: Kaplan and Meier, *Nonparametric estimation from incomplete observations* (1958).
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    /// The number of runs.
    pub runs: usize,
    /// The times at which runs arrived, ascending.
    pub steps: Vec<Step>,
}

/// A time at which runs arrived.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// The number of runs that were observed until then, nᵢ.
    pub watched: usize,
    /// The number of runs that arrived then, dᵢ.
    pub arrived: usize,
    /// S from this time on.
    pub waiting: f64,
    /// Greenwood's sum `Σ dᵢ/(nᵢ(nᵢ − dᵢ))`, the variance of ln S; infinite when S reaches 0.
    greenwood: f64,
}

impl KaplanMeier {
    /// Estimates S from `observations`. Without observations, S has no steps.
    pub fn of(observations: &[Observation]) -> Self {
        let mut times: Vec<f64> = observations.iter().filter(|one| one.arrived).map(|one| one.time).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let (mut waiting, mut greenwood) = (1.0, 0.0);
        let step = |time: f64| {
            let watched = observations.iter().filter(|one| one.time >= time).count();
            let arrived = observations.iter().filter(|one| one.arrived && one.time == time).count();
            let (n, d) = (watched as f64, arrived as f64);
            waiting *= (n - d) / n;
            greenwood += d / (n * (n - d));
            Step { time, watched, arrived, waiting, greenwood }
        };
        Self { runs: observations.len(), steps: times.into_iter().map(step).collect() }
    }

    /// The first time at which S is at most ½. `None` if S stays above ½.
    pub fn median(&self) -> Option<f64> {
        self.first(|step| step.waiting)
    }

    /// The interval of the median: the times at which the pointwise interval of S, on the scale ln(−ln S), includes ½. It starts
    /// where the lower end of S falls to ½, and ends where the upper end does, which may be never (∞).
    ///
    /// `None` for fewer than [`MIN_PAIRS`] runs, and if too few runs arrived for a lower end. The level is approximate.
    ///
    /// Sources: Brookmeyer and Crowley, *A confidence interval for the median survival time* (1982); Kalbfleisch and Prentice,
    /// *The Statistical Analysis of Failure Time Data* (2002), section 1.4, for the scale.
    pub fn median_interval(&self) -> Option<Interval> {
        if self.runs < MIN_PAIRS {
            return None;
        }
        let low = self.first(|step| step.band(1.0))?;
        let high = self.first(|step| step.band(-1.0)).unwrap_or(f64::INFINITY);
        Some(Interval { low, high, level: LEVEL })
    }

    fn first(&self, fraction: impl Fn(&Step) -> f64) -> Option<f64> {
        self.steps.iter().find(|step| fraction(step) <= 0.5 + ROUNDING).map(|step| step.time)
    }
}

impl Step {
    /// `S^exp(±z·√V/|ln S|)`, where V is the variance of ln S: the lower end of S for a `sign` of 1, the upper end for −1.
    fn band(&self, sign: f64) -> f64 {
        if self.waiting <= 0.0 {
            return 0.0;
        }
        let error = self.greenwood.sqrt() / libm::log(self.waiting).abs();
        libm::pow(self.waiting, libm::exp(sign * normal_quantile((1.0 + LEVEL) / 2.0) * error))
    }
}
