//! What a comparison found.

use chainrule_record::RunId;

/// Whether a finding makes the check fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Regression,
    /// It is worth knowing.
    Notice,
}

/// What kind of thing was found. The names stand in the formats and do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The experiment is another: settings differ.
    Experiment,
    /// A run of the baseline is not on record.
    MissingRun,
    /// A run is not in the baseline.
    ExtraRun,
    /// A run failed that did not.
    NewlyFailed,
    /// A run diverged that did not.
    NewlyDiverged,
    /// A run was cut short by its time limit, before or now: its numbers say nothing.
    TimedOut,
    /// A run ended for another reason.
    Outcome,
    /// A gradient check came out otherwise.
    GradientCheck,
    /// Trained weights have other bits.
    Weights,
    /// A metric has other bits, and the weights do not.
    Metric,
    /// Something else that was measured has other bits.
    Record,
    /// Untrained networks are others.
    Start,
    /// Training goes another way from its beginning.
    Progress,
    /// Something became worse, beyond its tolerance and beyond chance.
    Worse,
    /// Something became better, beyond its tolerance and beyond chance.
    Better,
    /// Another value is best, or the ranking is otherwise another.
    Ranking,
    /// A claim is decided otherwise.
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
    /// Whether the check fails by it.
    pub severity: Severity,
    /// What it is.
    pub kind: Kind,
    /// In words, without control characters.
    pub message: String,
    /// The run it is about, where it is about one.
    pub run_id: Option<RunId>,
    /// Where the difference begins, as far as that is known.
    pub place: Place,
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
        Self { severity, kind, message, run_id: None, place: Place::default() }
    }

    /// The same about a run.
    pub(super) fn of_run(mut self, run_id: RunId) -> Self {
        self.run_id = Some(run_id);
        self
    }

    /// The same with a place.
    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
}
