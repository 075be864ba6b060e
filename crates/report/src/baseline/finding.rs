//! A finding of a comparison.

use chainrule_record::RunId;

/// Whether the check fails because of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The check fails.
    Regression,
    /// For information.
    Notice,
}

/// The kind of a finding. The names are part of the output formats and do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The experiment differs: settings have changed.
    Experiment,
    /// A run in the baseline is not recorded.
    MissingRun,
    /// A run is not in the baseline.
    ExtraRun,
    /// A run failed that did not fail before.
    NewlyFailed,
    /// A run diverged that did not diverge before.
    NewlyDiverged,
    /// The time limit stopped a run, before or now, so its numbers cannot be compared.
    TimedOut,
    /// A run ended for another reason.
    Outcome,
    /// A gradient check has another outcome.
    GradientCheck,
    /// Trained weights have other bits.
    Weights,
    /// A metric has other bits, but the weights are equal.
    Metric,
    /// Another measurement has other bits.
    Record,
    /// Untrained networks differ.
    Start,
    /// The first progress of training differs.
    Progress,
    /// Something became worse, beyond its tolerance and beyond chance.
    Worse,
    /// Something became better, beyond its tolerance and beyond chance.
    Better,
    /// Another value is best, or the ranking differs otherwise.
    Ranking,
    /// A claim has another decision.
    Claim,
}

impl Kind {
    /// The name in the formats.
    pub fn name(self) -> &'static str {
        match self {
            Self::Experiment => "experiment",
            Self::MissingRun => "missing_run",
            Self::ExtraRun => "extra_run",
            Self::NewlyFailed => "newly_failed",
            Self::NewlyDiverged => "newly_diverged",
            Self::TimedOut => "timed_out",
            Self::Outcome => "outcome",
            Self::GradientCheck => "gradient_check",
            Self::Weights => "weights",
            Self::Metric => "metric",
            Self::Record => "record",
            Self::Start => "start",
            Self::Progress => "progress",
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Ranking => "ranking",
            Self::Claim => "claim",
        }
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Whether the check fails because of it.
    pub severity: Severity,
    /// Its kind.
    pub kind: Kind,
    /// The description, without control characters.
    pub message: String,
    /// The run with the difference, if it is a single run.
    pub run: Option<FoundRun>,
    /// The place where the difference begins, as far as it is known.
    pub place: Place,
}

/// The run of a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRun {
    /// Its identity.
    pub run_id: RunId,
    /// Its settings that vary, as text.
    pub settings: Vec<(String, String)>,
    /// Its replicate seed.
    pub seed: u64,
}

/// Where a difference begins, and by how much.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Place {
    /// The first epoch that differs.
    pub epoch: Option<u64>,
    /// The first layer that differs, counted from 1.
    pub layer: Option<u64>,
    /// The metric.
    pub metric: Option<String>,
    /// Its value in the baseline.
    pub before: Option<f64>,
    /// Its value now.
    pub now: Option<f64>,
}

impl Finding {
    /// A finding about the experiment as a whole.
    pub(super) fn new(severity: Severity, kind: Kind, message: impl AsRef<str>) -> Self {
        let message = crate::text::one_line(message.as_ref());
        Self { severity, kind, message, run: None, place: Place::default() }
    }

    /// Sets the place.
    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
}
