//! How much of a plot the page draws: a page of many long lines could not be opened.

use crate::plot::{Plot, Point, Shape, Span};

/// All figures of a page take about this many bytes at most.
const MAX_BYTES: usize = 4_000_000;
/// More lines than this are not drawn in a figure.
const MAX_LINES: usize = 300;
/// What a number takes, about.
const NUMBER: usize = 16;

/// What is left of a plot.
pub(super) struct Thin {
    /// Every how many points of a line are drawn.
    every: usize,
    /// How many lines at the beginning are not drawn: those in front are the last.
    pub(super) skipped: usize,
    lines: usize,
}

/// The bytes that a plot may take if all together take too many.
pub(super) fn fair_share(plots: &[&Plot]) -> usize {
    let total: usize = plots.iter().map(|plot| cost(plot)).sum();
    if total > MAX_BYTES { MAX_BYTES / plots.len() } else { usize::MAX }
}

fn cost(plot: &Plot) -> usize {
    let marks = plot.panels.iter().flat_map(|panel| &panel.marks);
    let cost = |shape: &Shape| match shape {
        Shape::Line { points, .. } => {
            points.iter().map(|one| one.hover.len() + NUMBER * (2 + one.other_x.len())).sum()
        }
        Shape::Band(spans) => spans.iter().map(|span| 2 * NUMBER * (2 + span.other_x.len())).sum(),
        _ => 0,
    };
    marks.map(|mark| cost(&mark.shape)).sum()
}

impl Thin {
    /// What is drawn of a plot that may take so many bytes.
    pub(super) fn new(plot: &Plot, fair: usize) -> Self {
        let marks = plot.panels.iter().flat_map(|panel| &panel.marks);
        let lines = marks.filter(|mark| matches!(mark.shape, Shape::Line { .. })).count();
        Self { every: cost(plot).div_ceil(fair).max(1), skipped: lines.saturating_sub(MAX_LINES), lines }
    }

    /// The points of a line that are drawn: the first and the last among them.
    pub(super) fn points<'a>(&self, points: &'a [Point]) -> Vec<&'a Point> {
        self.of(points)
    }

    /// The same of a band.
    pub(super) fn spans<'a>(&self, spans: &'a [Span]) -> Vec<&'a Span> {
        self.of(spans)
    }

    fn of<'a, T>(&self, all: &'a [T]) -> Vec<&'a T> {
        let is_kept = |at: &usize| at.is_multiple_of(self.every) || *at + 1 == all.len();
        (0..all.len()).filter(is_kept).map(|at| &all[at]).collect()
    }

    /// What the reader is told.
    pub(super) fn note(&self) -> Option<String> {
        let points = (self.every > 1).then(|| format!("here, one point in {} is drawn", self.every));
        let lines = (self.skipped > 0).then(|| {
            format!("here, the last {} of {} lines are drawn", self.lines - self.skipped, self.lines)
        });
        let notes: Vec<String> = points.into_iter().chain(lines).collect();
        (!notes.is_empty()).then(|| format!("{}; picture and table have all", notes.join("; ")))
    }
}
