//! Times of which some are only known to be longer: the estimate of Kaplan and Meier.

use super::share::normal_quantile;
use super::{Interval, LEAST_PAIRS, LEVEL};

/// Products of shares are off by rounding: ½ is fallen to where it is missed by less than this.
const ROUNDING: f64 = 1e-12;

/// What is known of the time of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Observation {
    /// When it arrived, or until when it was watched; infinite where it never will.
    pub(crate) time: f64,
    /// Whether it arrived then.
    pub(crate) arrived: bool,
}

impl Observation {
    /// It arrived at `time`.
    pub(crate) fn at(time: f64) -> Self {
        Self { time, arrived: true }
    }

    /// It had not arrived by `time`, and was not watched any longer.
    pub(crate) fn not_by(time: f64) -> Self {
        Self { time, arrived: false }
    }

    /// It never will.
    pub(crate) fn never() -> Self {
        Self::not_by(f64::INFINITY)
    }
}

/// The share of runs that have not arrived, over time: `S(t) = Π (1 − dᵢ/nᵢ)` over the times tᵢ ≤ t at which dᵢ of the nᵢ runs
/// that were watched until then arrived.
///
/// A run that is watched until tᵢ and no longer still counts among the nᵢ; one that never arrives counts in all. What ends the
/// watch must not depend on how near a run was to arriving. Source: Kaplan and Meier, *Nonparametric estimation from incomplete
/// observations* (1958).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KaplanMeier {
    /// How many runs there are.
    pub(crate) runs: usize,
    /// The times at which any arrived, ascending.
    pub(crate) steps: Vec<Step>,
}

/// A time at which runs arrived.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    /// The time.
    pub(crate) time: f64,
    /// How many runs were watched until then.
    pub(crate) watched: usize,
    /// How many of them arrived then.
    pub(crate) arrived: usize,
    /// S from then on.
    pub(crate) waiting: f64,
    /// Greenwood's sum `Σ dᵢ/(nᵢ(nᵢ − dᵢ))`, the variance of ln S; infinite once nobody waits.
    greenwood: f64,
}

impl KaplanMeier {
    /// The estimate from `observations`.
    pub(crate) fn of(observations: &[Observation]) -> Self {
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

    /// The first time by which at most half of the runs have not arrived; `None` if S does not fall to ½.
    pub(crate) fn median(&self) -> Option<f64> {
        self.first(|step| step.waiting)
    }

    /// The times at which the pointwise interval of S, on the scale of ln(−ln S), holds ½: from where its lower end, to where its
    /// upper end falls to ½, which may be never. `None` of fewer than six runs, of which not even all say more than a coin, and
    /// where too few arrived for a lower end. The level is approximate.
    ///
    /// Source: Brookmeyer and Crowley, *A confidence interval for the median survival time* (1982); the scale is that of
    /// Kalbfleisch and Prentice, *The Statistical Analysis of Failure Time Data* (2002), section 1.4.
    pub(crate) fn median_interval(&self) -> Option<Interval> {
        if self.runs < LEAST_PAIRS {
            return None;
        }
        let low = self.first(|step| step.band(1.0))?;
        let high = self.first(|step| step.band(-1.0)).unwrap_or(f64::INFINITY);
        Some(Interval { low, high, level: LEVEL })
    }

    fn first(&self, share: impl Fn(&Step) -> f64) -> Option<f64> {
        self.steps.iter().find(|step| share(step) <= 0.5 + ROUNDING).map(|step| step.time)
    }
}

impl Step {
    /// `S^exp(±z·√V/|ln S|)`, V the variance of ln S: the lower end for a `sign` of 1, the upper one for −1.
    fn band(&self, sign: f64) -> f64 {
        if self.waiting <= 0.0 {
            return 0.0;
        }
        let error = self.greenwood.sqrt() / libm::log(self.waiting).abs();
        libm::pow(self.waiting, libm::exp(sign * normal_quantile((1.0 + LEVEL) / 2.0) * error))
    }
}
