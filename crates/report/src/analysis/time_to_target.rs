//! The time to the target for each compared value on each problem.

use super::conclusions::Analysis;
use super::problems::{Problems, deciding};
use super::reaching::{Reaching, Timing};

/// With more problems, only the best configurations have curves.
const MAX_PANELS: usize = 6;

/// The fraction of runs that have reached the target, over time.
pub(crate) struct ReachingLine<'a> {
    /// The cell of the line.
    pub(crate) cell: &'a TargetCell,
    /// The times, with the fraction reached from there on. The last point is the end of the line.
    pub(crate) points: Vec<(f64, f64)>,
}

/// Lines that are drawn together.
pub(crate) struct ReachingPanel<'a> {
    /// The problem; `None` for the best configurations.
    pub(crate) problem: Option<usize>,
    pub(crate) lines: Vec<ReachingLine<'a>>,
}

/// Each compared value on each problem, at its best configuration there.
pub(crate) struct TimeToTarget {
    pub(crate) problems: Problems,
    /// Whether runs on fresh seeds decide.
    pub(crate) fresh: bool,
    /// One cell for each pair with recorded runs, by problem and then by compared value.
    pub(crate) cells: Vec<TargetCell>,
}

/// A compared value on a problem.
pub(crate) struct TargetCell {
    pub(crate) problem: usize,
    pub(crate) compared: usize,
    /// Its best configuration.
    pub(crate) configuration: usize,
    /// Its planned runs.
    pub(crate) planned: Reaching,
    /// Its runs on fresh seeds.
    pub(crate) again: Option<Reaching>,
}

impl TargetCell {
    /// The runs that decide.
    pub(crate) fn deciding(&self, fresh: bool) -> &Reaching {
        self.again.as_ref().filter(|_| fresh).unwrap_or(&self.planned)
    }
}

impl TimeToTarget {
    /// `None` without a target.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        if !analysis.has_target() {
            return None;
        }
        let problems = Problems::new(analysis);
        let cell = |(problem, compared, configuration): (usize, usize, usize)| TargetCell {
            problem,
            compared,
            configuration,
            planned: Reaching::of(deciding(analysis, configuration, false)),
            again: analysis.confirmed(&analysis.configurations[configuration]).map(Reaching::of),
        };
        let cells = problems.places().map(cell).collect();
        Some(Self { fresh: problems.are_confirmed(analysis), cells, problems })
    }

    /// The cells of each compared value's overall best configuration, best first.
    pub(crate) fn best<'a>(&'a self, analysis: &'a Analysis) -> impl Iterator<Item = &'a TargetCell> {
        let best = analysis.compared_ranking.iter().filter_map(|compared| analysis.compared[*compared].best);
        best.filter_map(|best| self.cells.iter().find(|cell| cell.configuration == best))
    }

    /// The panels to draw: one per problem, or a single panel of the best configurations if there is one problem or too
    /// many.
    pub(crate) fn panels<'a>(&'a self, analysis: &'a Analysis) -> Vec<ReachingPanel<'a>> {
        let clock = analysis.clock();
        let panel = |problem: Option<usize>, cells: Vec<&'a TargetCell>| {
            let timed = |cell: &'a TargetCell| Some((cell, cell.deciding(self.fresh).by(clock)?));
            let timed: Vec<_> = cells.into_iter().filter_map(timed).collect();
            let end = timed.iter().map(|(_, timing)| timing.end()).fold(0.0, f64::max);
            let line =
                |(cell, timing): (&'a TargetCell, &Timing)| ReachingLine { cell, points: timing.points(end) };
            ReachingPanel { problem, lines: timed.into_iter().map(line).collect() }
        };
        let panels: Vec<ReachingPanel> = match self.problems.all.len() {
            2..=MAX_PANELS => {
                let of = |problem| self.cells.iter().filter(|cell| cell.problem == problem).collect();
                (0..self.problems.all.len()).map(|problem| panel(Some(problem), of(problem))).collect()
            }
            _ => vec![panel(None, self.best(analysis).collect())],
        };
        panels.into_iter().filter(|panel| !panel.lines.is_empty()).collect()
    }
}
