//! All configurations at once: one axis for each setting that varies, and one for the deciding metric.

use super::{
    Anchor, Axis, ColorBar, Ink, Mark, Name, Panel, Plot, Point, Scale, Stroke, Table, spreads, words,
};
use crate::analysis::{Analysis, Configuration, Parallel};
use crate::number::count;
use crate::table::Row;
use chainrule_record::Better;

const CAPTION: &str = "All configurations at once: follow the bright lines from right to left. If they all pass through one value, that value matters; if they pass through all values alike, it does not.";

/// With more levels than this, levels are placed by their number and have no labels of their own.
const MAX_LABELS: usize = 16;
/// The fraction of the distance between two levels that the lines through one level take.
const SPREAD: f64 = 0.5;
/// Limits the brightness: the brightest colours are invisible on white.
const BRIGHTEST: f64 = 0.93;
/// Points of a line between two axes.
const POINTS: usize = 16;
/// One point in this many has hover text.
const TOLD: usize = 4;
/// The left edge of the panel, with room for the name of the first axis; axes are 1 apart.
const LEFT: f64 = -0.25;
/// The position at which lines of lost runs end: below the worst value.
const LOST: f64 = -0.03;

/// A line for each configuration.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let found = Parallel::new(analysis)?;
    let layout = Layout { analysis, found: &found, bar: color_bar(analysis, &found) };
    Some(Plot {
        title: format!("All configurations by their final {}", analysis.info.metric.label()),
        notes: layout.notes(),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: vec![layout.panel()],
        color_bar: Some(layout.bar),
        tables: vec![table(analysis, &found)],
        ..Plot::default()
    })
}

/// The positions of axes and lines; each axis goes from 0 to 1.
struct Layout<'a> {
    analysis: &'a Analysis<'a>,
    found: &'a Parallel,
    bar: ColorBar,
}

fn median(analysis: &Analysis, configuration: &Configuration) -> Option<f64> {
    configuration.final_metric(analysis.info.metric).median
}

fn values(analysis: &Analysis, found: &Parallel) -> Vec<f64> {
    let configurations = found.configurations.iter().map(|index| &analysis.configurations[*index]);
    configurations.filter_map(|one| median(analysis, one)).collect()
}

/// The best value is on top. If the worst tenth is far off, it is drawn at the edge: diverging losses must not make
/// all others look alike.
fn color_bar(analysis: &Analysis, found: &Parallel) -> ColorBar {
    let metric = analysis.info.metric;
    // Best first.
    let mut values = values(analysis, found);
    let scale = if metric.is_loss() {
        values.truncate(values.len() - values.len() / 10);
        Scale::logarithmic_if_wide(&values)
    } else {
        Scale::linear(values)
    };
    let scale = if metric.better() == Better::Lower { scale.reversed() } else { scale };
    let label = words::metric(analysis.info, metric);
    ColorBar { brightest: BRIGHTEST, is_axis: true, ..ColorBar::new(label, scale) }
}

impl Layout<'_> {
    fn notes(&self) -> Vec<String> {
        let all = count(self.found.configurations.len(), "configuration");
        let notes = [
            Some(format!("a line: one of {all}, {}", words::over_seeds(self.analysis))),
            Some("brighter is better, the best in front".into()),
            self.has_lost().then_some("grey, below: half or more of the seeds diverged or failed".into()),
            words::edge(&self.bar.scale, &values(self.analysis, self.found)),
        ];
        notes.into_iter().flatten().collect()
    }

    /// Best first.
    fn configurations(&self) -> impl Iterator<Item = &Configuration<'_>> {
        self.found.configurations.iter().map(|index| &self.analysis.configurations[*index])
    }

    fn has_lost(&self) -> bool {
        self.configurations().any(|one| median(self.analysis, one).is_none())
    }

    fn panel(&self) -> Panel {
        let factors = &self.found.factors;
        let setting = |factor: &usize| Name::new(&self.analysis.grid.factors[*factor].setting);
        let metric = Name::new(self.analysis.info.metric.label());
        let names = factors.iter().map(setting).chain([metric]).collect();
        let x = Axis { scale: Scale::exactly(LEFT, factors.len() as f64), ..Axis::names_above(names) };
        let y = Axis::hidden(Scale::exactly(if self.has_lost() { LOST } else { 0.0 }, 1.0));
        let axes = (0..factors.len()).map(|axis| Mark::upright(Ink::Text, axis as f64, Stroke::solid(2.0)));
        let labels = factors.iter().enumerate().flat_map(|(axis, factor)| self.labels(axis, *factor));
        let lines = self.lines();
        Panel::new(x, y, lines.into_iter().chain(axes).chain(labels).collect())
    }

    /// The middle and the half width of the place where a level's lines cross the axis of its factor.
    fn level(&self, factor: usize, level: usize) -> (f64, f64) {
        let all = &self.analysis.grid.factors[factor];
        let numbers: Vec<f64> = all.levels.iter().filter_map(|level| level.number).collect();
        match all.levels[level].number {
            Some(number) if all.is_numeric() && numbers.len() > MAX_LABELS => {
                (Scale::logarithmic_if_wide(&numbers).position(number), 0.0)
            }
            _ => {
                let room = 1.0 / all.levels.len() as f64;
                ((self.analysis.grid.place(factor, level) as f64 + 0.5) * room, 0.5 * SPREAD * room)
            }
        }
    }

    /// The best lines are in front; the best few are thicker.
    fn lines(&self) -> Vec<Mark> {
        let mut corners = vec![Vec::new(); self.found.configurations.len()];
        for factor in &self.found.factors {
            corners.iter_mut().zip(self.crossings(*factor)).for_each(|(line, y)| line.push(y));
        }
        let all = corners.len() as f64;
        let line = |(rank, (mut corners, one)): (usize, (Vec<f64>, &Configuration))| {
            let end = median(self.analysis, one).map(|value| self.bar.scale.position(value));
            corners.push(end.unwrap_or(LOST));
            let ink = end.map_or(Ink::Lost, |end| Ink::Share(self.bar.share_at(end)));
            let width = 1.2 + 2.8 * (1.0 - rank as f64 / all).powi(20);
            let hover = spreads::configuration(self.analysis, one);
            let line = Mark::line(ink, Stroke::solid(width), smooth(&corners, &hover));
            match self.analysis.grid.compare {
                Some(factor) => line.of_group(one.levels[factor]),
                None => line,
            }
        };
        let mut lines: Vec<Mark> =
            corners.into_iter().zip(self.configurations()).enumerate().map(line).collect();
        lines.reverse();
        lines
    }

    /// The position at which each line crosses the axis of a factor. Lines through one level are side by side, the
    /// best on top.
    fn crossings(&self, factor: usize) -> Vec<f64> {
        let levels = 0..self.analysis.grid.factors[factor].levels.len();
        let places: Vec<(f64, f64)> = levels.map(|level| self.level(factor, level)).collect();
        let levels = || self.configurations().map(|one| one.levels[factor]);
        let (mut all, mut before) = (vec![0.0; places.len()], vec![0.0; places.len()]);
        levels().for_each(|level| all[level] += 1.0);
        let crossing = |level: usize| {
            let (middle, around) = places[level];
            let share = (before[level] + 0.5) / all[level];
            before[level] += 1.0;
            middle + around * (1.0 - 2.0 * share)
        };
        levels().map(crossing).collect()
    }

    /// The values of a factor beside its axis; only the first and the last if there are many.
    fn labels(&self, axis: usize, factor: usize) -> Vec<Mark> {
        let all = &self.analysis.grid.factors[factor];
        let ends = [0, all.levels.len() - 1].map(|place| all.drawing_order()[place]);
        let shown: Vec<usize> = match all.levels.len() {
            ..=MAX_LABELS => (0..all.levels.len()).collect(),
            _ => ends.to_vec(),
        };
        let label = |level: usize| {
            let text = self.analysis.grid.short_label(factor, level);
            let at = (axis as f64, self.level(factor, level).0);
            Mark::text(Ink::Text, at, text, Anchor::Left, (12.0, 0.0))
        };
        shown.into_iter().map(label).collect()
    }
}

/// A line that crosses every axis at a right angle. Between two axes, at the fraction s of the way, it has risen by
/// `3s² − 2s³`.
fn smooth(corners: &[f64], hover: &str) -> Vec<Point> {
    let between = |(axis, pair): (usize, &[f64])| -> Vec<Point> {
        let (from, to) = (pair[0], pair[1]);
        let point = |step: usize| {
            let share = step as f64 / POINTS as f64;
            let rise = share * share * (3.0 - 2.0 * share);
            let point = Point::new(axis as f64 + share, from + rise * (to - from));
            if step.is_multiple_of(TOLD) { point.saying(hover) } else { point }
        };
        (0..=POINTS).map(point).collect()
    };
    corners.windows(2).enumerate().flat_map(between).collect()
}

/// A row for each line, the best first.
fn table(analysis: &Analysis, found: &Parallel) -> Table {
    let names = found.factors.iter().map(|factor| analysis.grid.factors[*factor].setting.as_str());
    let mut table = Table::new(names.chain(["metric", "median", "lost"]));
    for one in found.configurations.iter().map(|index| &analysis.configurations[*index]) {
        let mut row = Row::default();
        let label = |factor: &usize| analysis.grid.label(*factor, one.levels[*factor]);
        row.texts(found.factors.iter().map(label)).text(analysis.info.metric.name());
        let spread = one.final_metric(analysis.info.metric);
        table.push(row.number(spread.median).count(spread.worst as u64));
    }
    table
}
