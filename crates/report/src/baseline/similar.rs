//! Layer 2: whether anything became worse, beyond its tolerance and beyond chance.
//!
//! Training is chaotic. A change in rounding moves a single run a little, or a lot if its learning rate is high. But it
//! makes a run worse no more often than better. So each run is paired by RunId with the same run in the baseline. The
//! groups are all runs, and the runs with each value of each setting that varies. A metric is worse if
//!
//! - the mean worsening of the pairs is beyond the metric's tolerance, and
//! - the exact sign-flip test, with Holm's method over all metrics and groups, finds p ≤ 0.001.
//!
//! Only tests that could find anything count: enough pairs differ for such a p, and the mean size of the differences is
//! beyond the tolerance. Sizes carry no information about signs, so this selection keeps p valid (Tarone, *A modified
//! Bonferroni method for discrete data*, 1990).
//!
//! If fewer than 11 pairs differ, p cannot be so small. Then the mean over the runs with other bits must stay within a
//! wider limit, without a test. Runs that are equal in every bit carry no information about a change, and would only
//! dilute the mean.

use super::Baseline;
use super::bits::ended_kind;
use super::finding::{Finding, Kind, Place, Severity};
use super::row::Row;
use crate::analysis::FINALS;
use crate::number::{count, rounded};
use chainrule_record::{RunMetric, StopReason};
use chainrule_statistics::{holm, mean, sign_flip_p};
use std::collections::BTreeMap;

/// The level of the whole check: a harmless change raises a false alarm with a probability of at most 0.001.
pub(super) const LEVEL: f64 = 0.001;

/// Smaller losses differ by rounding alone, and are replaced by this value.
const LEAST: f64 = 1e-6;

/// Larger ratios are not shown exactly.
const MOST_TIMES: f64 = 200.0;

/// How a metric is judged.
struct Judged {
    name: &'static str,
    /// Whether larger is worse.
    larger_is_worse: bool,
    /// Whether differences are fractions of the value.
    relative: bool,
    /// The largest mean worsening that is accepted.
    tolerance: f64,
    /// The largest mean worsening that is accepted if too few runs differ for a test.
    limit: f64,
}

const fn loss(metric: RunMetric) -> Judged {
    Judged { name: metric.name(), larger_is_worse: true, relative: true, tolerance: 0.01, limit: 0.25 }
}

const fn accuracy(metric: RunMetric) -> Judged {
    Judged { name: metric.name(), larger_is_worse: false, relative: false, tolerance: 0.005, limit: 0.05 }
}

const JUDGED: [Judged; 9] = [
    loss(RunMetric::TrainLoss),
    accuracy(RunMetric::TrainAccuracy),
    loss(RunMetric::ValidationLoss),
    accuracy(RunMetric::ValidationAccuracy),
    loss(RunMetric::TestLoss),
    accuracy(RunMetric::TestAccuracy),
    Judged { name: "epochs_to_target", larger_is_worse: true, relative: true, tolerance: 0.02, limit: 0.25 },
    Judged { name: "reaches_target", larger_is_worse: false, relative: false, tolerance: 0.02, limit: 0.25 },
    Judged { name: "lost", larger_is_worse: true, relative: false, tolerance: 0.02, limit: 0.25 },
];

impl Judged {
    fn named(name: &str) -> Option<&'static Self> {
        JUDGED.iter().find(|judged| judged.name == name)
    }

    /// Whether the value of a run is 1 or 0, depending on how it ended.
    fn is_of_endings(&self) -> bool {
        matches!(self.name, "reaches_target" | "lost")
    }

    /// The value of a run; `None` if it has none.
    fn value(&self, row: &Row) -> Option<f64> {
        let flag = |yes| Some(if yes { 1.0 } else { 0.0 });
        match self.name {
            "epochs_to_target" => reached(row).map(|epoch| epoch as f64),
            "reaches_target" => flag(reached(row).is_some()),
            "lost" => flag(row.is_lost()),
            name => row.metrics[FINALS.iter().position(|known| known.name() == name)?],
        }
    }

    /// The worsening. For relative metrics it is (b − a) / ((|a| + |b|) / 2), which changes only its sign if a and b
    /// are swapped.
    fn worsening(&self, before: f64, now: f64) -> f64 {
        let difference = if self.larger_is_worse { now - before } else { before - now };
        if !self.relative {
            return difference;
        }
        difference / (f64::midpoint(before.abs(), now.abs())).max(LEAST)
    }

    /// The change (b − a) / ((a + b) / 2) as text. A large change differs much from a fraction of the earlier value, so
    /// the ratio of b to a is added.
    fn amount(&self, worsening: f64) -> String {
        let percent = self.percent(worsening.abs());
        if !self.relative || worsening.abs() < 0.1 {
            return percent;
        }
        let times = ((2.0 + worsening) / (2.0 - worsening)).clamp(1.0 / MOST_TIMES, MOST_TIMES);
        let at_least = if times >= MOST_TIMES { "over " } else { "" };
        format!(
            "{percent} of the mean of before and now, to {at_least}{} times its earlier value,",
            rounded(times, 2)
        )
    }

    fn percent(&self, worsening: f64) -> String {
        let unit = if self.relative { "%" } else { "points" };
        format!("{} {unit}", rounded(100.0 * worsening, 2))
    }
}

/// When the target was reached. As everywhere, a failed run has no result.
fn reached(row: &Row) -> Option<u64> {
    row.target_epoch.filter(|_| row.stop != StopReason::Failed)
}

/// The worsening of a metric, in the unit of its tolerance.
pub(super) fn worsening(metric: &str, before: f64, now: f64) -> Option<f64> {
    Judged::named(metric).map(|judged| judged.worsening(before, now))
}

/// The largest accepted mean worsening of each metric.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tolerances(BTreeMap<&'static str, f64>);

impl Tolerances {
    /// The names of the metrics.
    pub fn names() -> impl Iterator<Item = &'static str> {
        JUDGED.iter().map(|judged| judged.name)
    }

    /// Sets one tolerance: a fraction of the value for losses and epochs, an absolute number for accuracies and
    /// fractions of runs.
    ///
    /// # Errors
    /// If the metric is unknown, or the number is negative or not finite.
    pub fn set(&mut self, name: &str, tolerance: f64) -> Result<(), String> {
        let known = || Self::names().collect::<Vec<_>>().join(", ");
        let judged = Judged::named(name)
            .ok_or_else(|| format!("no metric is called `{name}`: there are {}", known()))?;
        if !(0.0..f64::INFINITY).contains(&tolerance) {
            return Err(format!("the tolerance of `{name}` must be a finite number, 0 or more"));
        }
        self.0.insert(judged.name, tolerance);
        Ok(())
    }

    pub(super) fn of(&self, name: &str) -> f64 {
        let default = || Judged::named(name).map_or(0.0, |judged| judged.tolerance);
        self.0.get(name).copied().unwrap_or_else(default)
    }
}

/// A run in the baseline, and the same run now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) before: &'a Row,
    pub(super) now: &'a Row,
}

impl Pair<'_> {
    /// Whether any result of training differs.
    fn has_other_bits(&self) -> bool {
        let bits = |row: &Row| row.metrics.map(|value| value.map(f64::to_bits));
        let ended = |row: &Row| (row.stop, row.epochs, row.steps, row.target_epoch, bits(row));
        ended(self.before) != ended(self.now)
            || self.before.weights_digest != self.now.weights_digest
            || self.before.curve_digests != self.now.curve_digests
    }
}

/// Runs that are judged together.
pub(super) struct Group<'a> {
    pub(super) name: String,
    pub(super) pairs: Vec<Pair<'a>>,
}

/// All runs, and the runs with each value of each setting that varies.
pub(super) fn groups<'a>(varying: &[String], pairs: &[Pair<'a>]) -> Vec<Group<'a>> {
    let all = Group { name: count(pairs.len(), "run"), pairs: pairs.to_vec() };
    let of_setting = |(column, setting): (usize, &String)| {
        let mut values: Vec<(&str, Vec<Pair<'a>>)> = Vec::new();
        for pair in pairs {
            let value = pair.now.settings[column].as_str();
            match values.iter_mut().find(|(known, _)| *known == value) {
                Some((_, pairs)) => pairs.push(*pair),
                None => values.push((value, vec![*pair])),
            }
        }
        let name = |value: &str, n: usize| format!("{} with {setting} {value}", count(n, "run"));
        values
            .into_iter()
            .map(|(value, pairs)| Group { name: name(value, pairs.len()), pairs })
            .collect::<Vec<_>>()
    };
    std::iter::once(all).chain(varying.iter().enumerate().flat_map(of_setting)).collect()
}

/// Whether `n` pairs reach the level if all have the same sign: 2¹⁻ⁿ.
pub(super) fn reaches_level(n: usize) -> bool {
    libm::exp2(1.0 - n as f64) <= LEVEL
}

/// A metric in a group.
struct Test<'a> {
    judged: &'static Judged,
    group: &'a Group<'a>,
    is_all: bool,
    /// The worsening of each pair.
    worse: Vec<f64>,
    /// The worsening of only the pairs with other bits.
    moved: Vec<f64>,
    mean: f64,
    tolerance: f64,
    adjusted: f64,
}

/// The metrics that became worse, and those that became better.
pub(super) fn changed(varying: &[String], pairs: &[Pair], tolerances: &Tolerances) -> Vec<Finding> {
    let groups = groups(varying, pairs);
    let mut tests = tests(&groups, tolerances);
    // A metric within its tolerance cannot become a finding: skip the calculation of p, and use 1.
    let p = |test: &Test| {
        let is_beyond = test.mean.abs() > test.tolerance;
        if is_beyond { sign_flip_p(&test.worse).unwrap_or(1.0) } else { 1.0 }
    };
    let telling: Vec<usize> = (0..tests.len()).filter(|index| tests[*index].can_tell()).collect();
    let adjusted = holm(&telling.iter().map(|index| p(&tests[*index])).collect::<Vec<_>>());
    telling.into_iter().zip(adjusted).for_each(|(index, adjusted)| tests[index].adjusted = adjusted);
    let found: Vec<&Test> = tests.iter().filter(|test| test.is_found()).collect();
    // If all runs show a change, its findings for groups are left out.
    let is_shown = |test: &&&Test| {
        let is_same =
            |other: &&Test| other.judged.name == test.judged.name && (other.mean > 0.0) == (test.mean > 0.0);
        test.is_all || !found.iter().any(|other| other.is_all && is_same(other))
    };
    found.iter().filter(is_shown).map(|test| test.finding()).collect()
}

fn tests<'a>(groups: &'a [Group<'a>], tolerances: &Tolerances) -> Vec<Test<'a>> {
    let test = |(index, group): (usize, &'a Group<'a>), judged: &'static Judged| {
        let worse = |pair: &Pair| {
            let (before, now) = (judged.value(pair.before)?, judged.value(pair.now)?);
            Some(judged.worsening(before, now)).filter(|worse| worse.is_finite())
        };
        let moved = group.pairs.iter().filter(|pair| pair.has_other_bits()).filter_map(worse).collect();
        let worse: Vec<f64> = group.pairs.iter().filter_map(worse).collect();
        let mean = mean(&worse)?;
        let tolerance = tolerances.of(judged.name);
        Some(Test { judged, group, is_all: index == 0, worse, moved, mean, tolerance, adjusted: 1.0 })
    };
    groups
        .iter()
        .enumerate()
        .flat_map(|group| JUDGED.iter().filter_map(move |judged| test(group, judged)))
        .collect()
}

impl Test<'_> {
    /// Whether a finding is possible with these sizes of the differences, whatever their signs.
    fn can_tell(&self) -> bool {
        let sizes: Vec<f64> = self.worse.iter().map(|worse| worse.abs()).collect();
        self.can_reach_level() && mean(&sizes).is_some_and(|size| size > self.tolerance)
    }

    fn can_reach_level(&self) -> bool {
        reaches_level(self.worse.iter().filter(|worse| **worse != 0.0).count())
    }

    /// The largest accepted mean worsening without a test.
    fn limit(&self) -> f64 {
        self.judged.limit.max(self.tolerance)
    }

    fn is_beyond_limit(&self) -> bool {
        let is_untested = self.is_all && !self.can_reach_level();
        // A single run that ends otherwise has its own finding; do not count it a second time.
        let enough = if self.judged.is_of_endings() { self.worse.len().min(2) } else { 1 };
        let more = self.worse.iter().filter(|worse| **worse > 0.0).count();
        is_untested && more >= enough && mean(&self.moved).is_some_and(|mean| mean > self.limit())
    }

    fn is_found(&self) -> bool {
        self.adjusted <= LEVEL || self.is_beyond_limit()
    }

    fn finding(&self) -> Finding {
        let Self { judged, group, worse, .. } = self;
        let is_tested = self.adjusted <= LEVEL;
        let (mean, of) = match mean(&self.moved).filter(|_| !is_tested && self.moved.len() < worse.len()) {
            Some(mean) => (mean, format!("{} of {}", self.moved.len(), group.name)),
            None => (self.mean, group.name.clone()),
        };
        let (severity, kind, word) = match mean > 0.0 {
            true => (Severity::Regression, Kind::Worse, "worse"),
            false => (Severity::Notice, Kind::Better, "better"),
        };
        let more = worse.iter().filter(|worse| **worse > 0.0).count();
        let less = worse.iter().filter(|worse| **worse < 0.0).count();
        let why = match is_tested {
            true => {
                format!("tolerance {}, p = {}", judged.percent(self.tolerance), rounded(self.adjusted, 2))
            }
            false => format!("too few differ for a test: the limit is {}", judged.percent(self.limit())),
        };
        let message = format!(
            "{} of {} is {word} by {} on average ({why}): {more} worse, {less} better",
            judged.name,
            of,
            judged.amount(mean)
        );
        Finding::new(severity, kind, message).at(self.place())
    }

    fn place(&self) -> Place {
        let both = |pair: &Pair| Some((self.judged.value(pair.before)?, self.judged.value(pair.now)?));
        let (before, now): (Vec<f64>, Vec<f64>) = self.group.pairs.iter().filter_map(both).unzip();
        Place {
            metric: Some(self.judged.name.to_owned()),
            before: mean(&before),
            now: mean(&now),
            ..Place::default()
        }
    }
}

/// A finding for each run that ended differently. A new failure is a regression. So is a new divergence, unless its
/// configuration was at the edge of stability before. Then the fraction of lost runs is tested like any other metric.
pub(super) fn endings(baseline: &Baseline, pairs: &[Pair]) -> Vec<Finding> {
    let metric = &baseline.provenance.metric;
    let finding = |pair: &Pair| {
        let Pair { before, now } = *pair;
        let kind = match before.check_as_expected == Some(true) && now.check_as_expected != Some(true) {
            true => Kind::GradientCheck,
            false => ended_kind(before, now)?,
        };
        let severity = match kind {
            Kind::NewlyFailed | Kind::GradientCheck => Severity::Regression,
            Kind::NewlyDiverged if !is_at_the_edge(pairs, now, metric) => Severity::Regression,
            Kind::NewlyDiverged => Severity::Notice,
            _ => return None,
        };
        let words = match kind {
            Kind::GradientCheck => "the gradient check does not come out as expected any more".to_owned(),
            _ => super::bits::endings(before, now),
        };
        Some(baseline.finding(severity, kind, now, &words))
    };
    pairs.iter().filter_map(finding).collect()
}

/// Whether any run of this configuration diverged before, or was worse at an evaluated epoch than before training. For
/// the other runs, rounding alone decides whether they diverge.
fn is_at_the_edge(pairs: &[Pair], row: &Row, metric: &str) -> bool {
    let is_worse = |start: Option<f64>, value: Option<f64>| {
        start
            .zip(value)
            .and_then(|(start, value)| worsening(metric, start, value))
            .is_some_and(|worse| worse > 0.0)
    };
    let was_worse = |row: &Row| {
        let start = row.curve.first().copied().flatten();
        row.curve.iter().any(|value| is_worse(start, *value))
    };
    let mut ours = pairs.iter().filter(|pair| pair.now.settings == row.settings).map(|pair| pair.before);
    ours.any(|before| before.stop == StopReason::Diverged || was_worse(before))
}
