//! Progress during runs: a bar on a terminal, a line every few seconds elsewhere.

use crate::logging;
use crate::terminal::Stream;
use chainrule_record::{Better, Metric, RunRecord, StopReason};
use chainrule_runner::execute::Progress;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::time::{Duration, Instant};

/// Time between two lines if there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Follows the runs of an experiment.
pub(crate) struct Follow {
    metric: Metric,
    quiet: bool,
    bar: Option<ProgressBar>,
    begin: Instant,
    last_line: Instant,
    total: usize,
    done: usize,
    diverged: usize,
    timed_out: usize,
    failed: usize,
    best: Option<f64>,
}

impl Follow {
    pub(crate) fn new(metric: Metric, quiet: bool) -> Self {
        let now = Instant::now();
        Self {
            metric,
            quiet,
            bar: None,
            begin: now,
            last_line: now,
            total: 0,
            done: 0,
            diverged: 0,
            timed_out: 0,
            failed: 0,
            best: None,
        }
    }

    fn count(&mut self, record: &RunRecord) {
        self.done += 1;
        match record.stop {
            StopReason::Diverged => self.diverged += 1,
            StopReason::TimedOut => self.timed_out += 1,
            StopReason::Failed => self.failed += 1,
            StopReason::MaxEpochs
            | StopReason::TargetReached
            | StopReason::GradientBelowTolerance
            | StopReason::EarlyStopping
            | StopReason::BudgetSpent
            | StopReason::NotTrained => {}
        }
        let better = |a: f64, b: f64| match self.metric.better() {
            Better::Lower => a.min(b),
            Better::Higher => a.max(b),
        };
        if let Some(value) = record.final_value(self.metric) {
            self.best = Some(self.best.map_or(value, |best| better(best, value)));
        }
    }

    /// The best value so far, and the counts of runs that diverged, timed out or failed.
    fn message(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.best.map(|best| format!("best {} {best:.4}", self.metric)));
        let counts = [(self.diverged, "diverged"), (self.timed_out, "timed out"), (self.failed, "failed")];
        parts.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
        parts.join(", ")
    }

    /// Rate and remaining time, if there is no bar.
    fn line(&self) -> String {
        let seconds = self.begin.elapsed().as_secs_f64();
        let rate = self.done as f64 / seconds;
        let left = (self.total - self.done) as f64 / rate;
        format!(
            "{}/{} runs, {rate:.1} runs/s, about {left:.0} s left, {}",
            self.done,
            self.total,
            self.message()
        )
    }
}

impl Progress for Follow {
    fn start(&mut self, missing: usize, reused: usize) {
        self.total = missing;
        if reused > 0 && missing > 0 {
            tracing::info!("{reused} runs are stored already; {missing} are missing");
        }
        if self.quiet || missing == 0 || !Stream::Messages.has_cursor() {
            return;
        }
        let style = "{bar:30} {pos}/{len} runs  {rate}  {eta} left  {msg}";
        let rate = |state: &ProgressState, text: &mut dyn std::fmt::Write| {
            // A bar that cannot be written does not stop the runs.
            write!(text, "{:.1} runs/s", state.per_sec()).unwrap_or_default();
        };
        let style = ProgressStyle::with_template(style)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("rate", rate);
        let bar = ProgressBar::new(missing as u64).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        logging::show_above(Some(bar.clone()));
        self.bar = Some(bar);
    }

    fn run(&mut self, record: &RunRecord) {
        self.count(record);
        if let Some(bar) = &self.bar {
            bar.set_position(self.done as u64);
            bar.set_message(self.message());
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            tracing::info!("{}", self.line());
        }
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        logging::show_above(None);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_timed_out_are_not_called_failed() {
        let mut follow = Follow::new(Metric::TrainLoss, true);
        (follow.diverged, follow.timed_out, follow.failed) = (0, 2, 1);
        assert_eq!(follow.message(), "2 timed out, 1 failed");
        (follow.diverged, follow.failed) = (3, 0);
        assert_eq!(follow.message(), "3 diverged, 2 timed out");
    }
}
