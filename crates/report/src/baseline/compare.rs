//! Compares two baselines: the kept one, and one of the present runs.

use super::bits::{Difference, difference};
use super::finding::{Finding, Kind, Severity};
use super::row::Row;
use super::similar::{Pair, Tolerances};
use super::{Baseline, Provenance, beginnings, conclusions, similar};
use crate::analysis::Part;
use crate::number::count;
use chainrule_record::{RunId, StopReason};
use std::collections::{BTreeSet, HashMap};

/// At most this many values of a setting are listed.
const SHOWN: usize = 6;

/// The layer that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Every bit must be equal.
    Bits,
    /// Nothing may be worse beyond its tolerance and beyond chance.
    Statistics,
}

/// The number of runs of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Equal in every bit.
    pub same: usize,
    /// Different bits.
    pub changed: usize,
    /// Only in the baseline.
    pub missing: usize,
    /// Not in the baseline.
    pub extra: usize,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The layer that decides.
    pub layer: Layer,
    /// The reason for layer 2; empty for layer 1.
    pub why: Vec<String>,
    /// The number of runs of each kind.
    pub counts: Counts,
    /// The findings, most important first.
    pub findings: Vec<Finding>,
    /// The origin of the baseline.
    pub before: Provenance,
    /// The origin of the runs.
    pub now: Provenance,
}

impl Comparison {
    /// Whether there is no regression.
    pub fn passes(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Notice)
    }

    /// Whether layer 2 has enough runs for a test to find anything.
    pub(super) fn has_test(&self) -> bool {
        similar::reaches_level(self.counts.same + self.counts.changed)
    }

    /// The findings with a severity.
    pub(super) fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.severity == severity)
    }
}

/// How runs have changed, for a user who is about to keep them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes(pub Counts);

impl Changes {
    /// Counts the equal, changed, missing and new runs.
    pub fn between(before: &Baseline, now: &Baseline) -> Self {
        Self(Matched::new(before, now).counts())
    }
}

impl std::fmt::Display for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { same, changed, missing, extra } = self.0;
        write!(f, "{} the same, {changed} changed, {extra} new, {missing} gone", count(same, "run"))
    }
}

/// Runs matched by RunId.
struct Matched<'a> {
    /// In the order of the present runs, each with its difference.
    pairs: Vec<(Pair<'a>, Option<Difference>)>,
    missing: Vec<&'a Row>,
    extra: Vec<&'a Row>,
}

impl<'a> Matched<'a> {
    fn new(before: &'a Baseline, now: &'a Baseline) -> Self {
        let kept: HashMap<RunId, &Row> = before.rows.iter().map(|row| (row.run_id, row)).collect();
        let is_now: BTreeSet<RunId> = now.rows.iter().map(|row| row.run_id).collect();
        let whole = before.provenance.record_version == now.provenance.record_version;
        // Only the curve of the deciding metric is kept. For another metric there is nothing to compare with.
        let metric = &now.provenance.metric;
        let pair = |row: &'a Row| {
            let before = *kept.get(&row.run_id)?;
            let pair = Pair { before, now: row };
            Some((pair, difference(metric, before, row, whole)))
        };
        Self {
            pairs: now.rows.iter().filter_map(pair).collect(),
            missing: before.rows.iter().filter(|row| !is_now.contains(&row.run_id)).collect(),
            extra: now.rows.iter().filter(|row| !kept.contains_key(&row.run_id)).collect(),
        }
    }

    fn counts(&self) -> Counts {
        let changed = self.pairs.iter().filter(|(_, difference)| difference.is_some()).count();
        let (missing, extra) = (self.missing.len(), self.extra.len());
        Counts { same: self.pairs.len() - changed, changed, missing, extra }
    }
}

/// Compares the present runs with a baseline.
///
/// Layer 1 decides if all bits are equal. It also decides if they must be equal, that is, for the same version of the
/// engine's results and the same processor class. Otherwise layer 2 decides.
pub fn compare(before: &Baseline, now: &Baseline, tolerances: &Tolerances) -> Comparison {
    let matched = Matched::new(before, now);
    let counts = matched.counts();
    let why =
        if counts.changed == 0 { Vec::new() } else { why_not_bits(&before.provenance, &now.provenance) };
    let layer = if why.is_empty() { Layer::Bits } else { Layer::Statistics };
    let mut findings = experiment(before, now, &matched, layer);
    findings.extend(match layer {
        Layer::Bits => bits(before, now, &matched),
        Layer::Statistics => statistics(before, now, &matched, tolerances),
    });
    let (metric, is_strict) = (&now.provenance.metric, layer == Layer::Bits);
    let (was, is) = (&before.conclusions, &now.conclusions);
    findings.extend(conclusions::changed(was, is, metric, tolerances, is_strict));
    if counts.same == before.rows.len().max(now.rows.len()) {
        findings.extend(conclusions::other_medians(was, is));
    }
    findings.sort_by_key(|finding| finding.severity);
    let (before, now) = (before.provenance.clone(), now.provenance.clone());
    Comparison { layer, why, counts, findings, before, now }
}

fn why_not_bits(before: &Provenance, now: &Provenance) -> Vec<String> {
    let mut why = Vec::new();
    if before.results_version != now.results_version {
        why.push(format!("results version {} instead of {}", now.results_version, before.results_version));
    }
    if !before.is_same_class(now) {
        let class = |of: &Provenance| format!("{} ({})", of.simd, of.platform);
        why.push(format!("processor class {} instead of {}", class(now), class(before)));
    }
    why
}

/// Findings about the experiment, and about runs that are on one side only.
fn experiment(before: &Baseline, now: &Baseline, matched: &Matched, layer: Layer) -> Vec<Finding> {
    let Matched { missing, extra, .. } = matched;
    let mut findings = Vec::new();
    if before.provenance.metric != now.provenance.metric {
        let (is, was) = (&now.provenance.metric, &before.provenance.metric);
        let message = format!(
            "the experiment is decided by {is}, and the baseline by {was}; if that is meant, bless it"
        );
        findings.push(Finding::new(Severity::Regression, Kind::Experiment, message));
    }
    let differing = other_settings(before, now);
    let is_matched = missing.is_empty() && extra.is_empty();
    if !(differing.is_empty() || is_matched) {
        findings.push(Finding::new(
            Severity::Regression,
            Kind::Experiment,
            format!(
                "the experiment differs from the baseline's: {}; so {} of the baseline cannot be compared, and {} not in \
                 it; if that is meant, bless it",
                differing.join("; "),
                count(missing.len(), "run"),
                if extra.len() == 1 { "1 run is".to_owned() } else { format!("{} runs are", extra.len()) }
            ),
        ));
        return findings;
    }
    // If other configurations are chosen, other runs are made on fresh seeds. Layer 2 judges their results.
    let severity = |row: &Row| match (layer, row.part) {
        (Layer::Statistics, Part::Fresh) => Severity::Notice,
        _ => Severity::Regression,
    };
    let (in_baseline, in_runs) =
        ("in the baseline but not recorded", "not in the baseline; `chainrule bless` adds it");
    let missing = missing.iter().map(|row| before.finding(severity(row), Kind::MissingRun, row, in_baseline));
    let extra = extra.iter().map(|row| now.finding(severity(row), Kind::ExtraRun, row, in_runs));
    findings.extend(missing.chain(extra));
    findings
}

/// The settings whose values differ, as text.
fn other_settings(before: &Baseline, now: &Baseline) -> Vec<String> {
    let names =
        |of: &Baseline| of.settings.keys().cloned().chain(of.varying.iter().cloned()).collect::<Vec<_>>();
    let all: BTreeSet<String> = names(before).into_iter().chain(names(now)).collect();
    let ended = |was: &BTreeSet<String>, is: &BTreeSet<String>| {
        let only = |of: &BTreeSet<String>, other: &BTreeSet<String>| {
            let values: Vec<&str> = of.difference(other).map(String::as_str).collect();
            let more = if values.len() > SHOWN { ", …" } else { "" };
            let listed = values[..values.len().min(SHOWN)].join(", ");
            if of.is_empty() { "unknown".to_owned() } else { format!("{listed}{more}") }
        };
        (only(was, is), only(is, was))
    };
    let has_fresh = before.rows.iter().chain(&now.rows).any(|row| row.part == Part::Fresh);
    // Confirmation runs have their own seeds.
    let named = |name: &str| {
        let planned = if has_fresh && name == "seed" { "the planned " } else { "" };
        format!("{planned}`{name}`")
    };
    let sentence = |name: &String| {
        let (was, is) = (before.values(name), now.values(name));
        if was == is {
            return None;
        }
        Some(match ended(&was, &is) {
            (gone, new) if gone.is_empty() => format!("{} has {new} too", named(name)),
            (gone, new) if new.is_empty() => format!("{} no longer has {gone}", named(name)),
            (gone, new) => format!("{} was {gone} and is {new}", named(name)),
        })
    };
    all.iter().chain(std::iter::once(&"seed".to_owned())).filter_map(sentence).collect()
}

/// The findings of layer 1. The earliest difference comes first.
fn bits(before: &Baseline, now: &Baseline, matched: &Matched) -> Vec<Finding> {
    let same_cpu = before.provenance.cpu == now.provenance.cpu;
    let finding = |(pair, difference): &(Pair, Option<Difference>)| {
        let Difference { kind, place, words, only_probes } = difference.clone()?;
        let is_cut = [pair.before.stop, pair.now.stop].contains(&StopReason::TimedOut);
        let (severity, kind, why) = match (is_cut, only_probes && !same_cpu) {
            (true, _) => (
                Severity::Notice,
                Kind::TimedOut,
                "; a time limit stopped it, so its numbers cannot be compared",
            ),
            (_, true) => (
                Severity::Notice,
                kind,
                "; LAPACK, which measures curvature, rounds differently on each processor",
            ),
            _ => (Severity::Regression, kind, ""),
        };
        Some(now.finding(severity, kind, pair.now, &format!("{words}{why}")).at(place))
    };
    let mut findings: Vec<Finding> = matched.pairs.iter().filter_map(finding).collect();
    findings.sort_by_key(|finding| finding.place.epoch.unwrap_or(u64::MAX));
    findings
}

/// The findings of layer 2.
fn statistics(before: &Baseline, now: &Baseline, matched: &Matched, tolerances: &Tolerances) -> Vec<Finding> {
    let same_results = before.provenance.results_version == now.provenance.results_version;
    let severity = if same_results { Severity::Regression } else { Severity::Notice };
    let is_whole = |pair: &Pair| ![pair.before.stop, pair.now.stop].contains(&StopReason::TimedOut);
    let pairs: Vec<Pair> = matched.pairs.iter().map(|(pair, _)| *pair).filter(is_whole).collect();
    let mut findings = similar::endings(now, &pairs);
    findings.extend(functions(now, matched, severity));
    if before.provenance.metric == now.provenance.metric {
        findings.extend(beginnings::changed(&now.varying, &pairs, &now.provenance.metric, severity));
    }
    findings.extend(similar::changed(&now.varying, &pairs, tolerances));
    let cut = matched.pairs.len() - pairs.len();
    if cut > 0 {
        let message = format!("{} cut short by a time limit, before or now, and left out", count(cut, "run"));
        findings.push(Finding::new(Severity::Notice, Kind::TimedOut, message));
    }
    findings
}

/// Functions alone compute no sums whose order could differ, so their bits are equal on every processor.
fn functions(now: &Baseline, matched: &Matched, severity: Severity) -> Vec<Finding> {
    let is_function = |row: &Row| row.part_digests.iter().any(|(name, _)| name.starts_with("function."));
    let finding = |(pair, difference): &(Pair, Option<Difference>)| {
        let difference = difference.as_ref().filter(|_| is_function(pair.now))?;
        Some(now.finding(severity, Kind::Record, pair.now, &difference.words))
    };
    matched.pairs.iter().filter_map(finding).collect()
}
