//! All configurations at once: an axis for each setting that varies, and one for the deciding metric; a line is a configuration.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, GREY, HEIGHT, Point, WHITE};
use super::font::text_width;
use super::page::{REMARK, TEXT, heading};
use super::palette::viridis;
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use super::wrap::shortened;
use crate::analysis::{Analysis, Configuration, Parallel};
use crate::number::count;
use chainrule_record::Better;
use plotters::style::RGBColor;

const LOST: RGBColor = RGBColor(0xc8, 0xc8, 0xc8);
/// The right axis, in pixels.
const RIGHT: f64 = 1400.0;
/// More levels than this are placed by their number, without a label each.
const MOST_LABELS: usize = 16;
/// How much of the distance of two levels the lines through one of them take.
const SPREAD: f64 = 0.5;
/// The brightest colours cannot be seen on white.
const BRIGHTEST: f64 = 0.93;
/// Points of a line between two axes.
const POINTS: usize = 24;

/// Where everything lies.
struct Layout<'a> {
    analysis: &'a Analysis<'a>,
    plot: &'a Parallel,
    left: f64,
    top: f64,
    bottom: f64,
    metric: Scale,
}

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &Parallel) -> Drawn {
    let title = format!("All configurations by their final {}", analysis.info.metric.label());
    let top = heading(canvas, &title, &subtitle(analysis, plot))? + 66.0;
    let left = left(analysis, plot);
    let layout =
        Layout { analysis, plot, left, top, bottom: f64::from(HEIGHT) - 60.0, metric: scale(analysis, plot) };
    let lines = layout.lines();
    for (rank, points) in lines.iter().enumerate().rev() {
        let configuration = &analysis.configurations[plot.configurations[rank]];
        // The best are thicker, as long as they are few.
        let share = rank as f64 / lines.len() as f64;
        let stroke = Stroke::solid(1.2 + 2.8 * (1.0 - share).powi(20));
        canvas.line(points, stroke, layout.color(configuration))?;
    }
    for (axis, factor) in plot.factors.iter().enumerate() {
        layout.draw_factor(canvas, axis, *factor)?;
    }
    layout.draw_metric(canvas)
}

fn subtitle(analysis: &Analysis, plot: &Parallel) -> Vec<Vec<String>> {
    let lost = plot.configurations.iter().filter(|index| median(analysis, **index).is_none()).count();
    let mut how = vec![
        format!(
            "a line: one of {}, {}",
            count(plot.configurations.len(), "configuration"),
            wording::over_seeds(analysis)
        ),
        "brighter is better, the best in front".to_owned(),
    ];
    if lost > 0 {
        how.push("grey: half or more of the seeds diverged or failed".to_owned());
    }
    if scale(analysis, plot).leaves_out(&values(analysis, plot)) {
        how.push(wording::EDGE.to_owned());
    }
    vec![how, wording::fixed(analysis.info)]
}

fn median(analysis: &Analysis, configuration: usize) -> Option<f64> {
    analysis.configurations[configuration].final_metric(analysis.info.metric).median
}

fn values(analysis: &Analysis, plot: &Parallel) -> Vec<f64> {
    plot.configurations.iter().filter_map(|index| median(analysis, *index)).collect()
}

/// The worst tenth lies on the edge, if it is far off: losses on the way to infinity must not make all others look alike.
fn scale(analysis: &Analysis, plot: &Parallel) -> Scale {
    // Best first.
    let mut values = values(analysis, plot);
    if !analysis.info.metric.is_loss() {
        return Scale::linear(values);
    }
    values.truncate(values.len() - values.len() / 10);
    Scale::logarithmic_if_wide(&values)
}

/// The left axis, with the labels of its levels before it.
fn left(analysis: &Analysis, plot: &Parallel) -> f64 {
    let Some(first) = plot.factors.first() else { return 0.0 };
    let levels = 0..analysis.grid.factors[*first].levels.len();
    let widest =
        levels.map(|level| text_width(&analysis.grid.short_label(*first, level), REMARK)).fold(0.0, f64::max);
    (widest + 48.0).clamp(120.0, 320.0)
}

impl Layout<'_> {
    fn x(&self, axis: usize) -> f64 {
        self.left + (RIGHT - self.left) * axis as f64 / self.plot.factors.len() as f64
    }

    fn y(&self, share: f64) -> f64 {
        self.bottom - share * (self.bottom - self.top)
    }

    /// Where the lines of a level cross the axis of a factor, from 0 to 1: its middle, and how far around.
    fn level(&self, factor: usize, level: usize) -> (f64, f64) {
        let all = &self.analysis.grid.factors[factor];
        let place = self.analysis.grid.place(factor, level);
        let numbers: Vec<f64> = all.levels.iter().filter_map(|level| level.number).collect();
        match all.levels.get(level).and_then(|level| level.number) {
            Some(number) if all.is_numeric() && numbers.len() > MOST_LABELS => {
                (Scale::logarithmic_if_wide(&numbers).position(number), 0.0)
            }
            _ => {
                let room = 1.0 / all.levels.len() as f64;
                ((place as f64 + 0.5) * room, 0.5 * SPREAD * room)
            }
        }
    }

    /// The lines, the best first.
    fn lines(&self) -> Vec<Vec<Point>> {
        let mut lines = vec![Vec::new(); self.plot.configurations.len()];
        for (axis, factor) in self.plot.factors.iter().enumerate() {
            for (line, share) in lines.iter_mut().zip(self.crossings(*factor)) {
                line.push((self.x(axis), self.y(share)));
            }
        }
        for (line, index) in lines.iter_mut().zip(&self.plot.configurations) {
            line.push((RIGHT, self.end(&self.analysis.configurations[*index])));
        }
        lines.iter().map(|corners| smooth(corners)).collect()
    }

    /// Where each line crosses the axis of a factor. Those through one level lie side by side, the best on top.
    fn crossings(&self, factor: usize) -> Vec<f64> {
        let places: Vec<(f64, f64)> = (0..self.analysis.grid.factors[factor].levels.len())
            .map(|level| self.level(factor, level))
            .collect();
        let levels = || {
            let configurations = self.plot.configurations.iter();
            configurations.map(|index| self.analysis.configurations[*index].levels[factor])
        };
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

    /// Where a line ends: what lost its runs lies beyond the worst.
    fn end(&self, configuration: &Configuration) -> f64 {
        match configuration.final_metric(self.analysis.info.metric).median {
            Some(value) => self.y(self.goodness(value)),
            None => self.bottom + 22.0,
        }
    }

    /// 1 for the best.
    fn goodness(&self, value: f64) -> f64 {
        match self.analysis.info.metric.better() {
            Better::Lower => 1.0 - self.metric.position(value),
            Better::Higher => self.metric.position(value),
        }
    }

    fn color(&self, configuration: &Configuration) -> RGBColor {
        let median = configuration.final_metric(self.analysis.info.metric).median;
        median.map_or(LOST, |value| viridis(BRIGHTEST * self.goodness(value)))
    }

    fn draw_factor(&self, canvas: &mut Canvas, axis: usize, factor: usize) -> Drawn {
        let x = self.x(axis);
        let all = &self.analysis.grid.factors[factor];
        canvas.rectangle((x - 1.0, self.top), (x + 1.0, self.bottom), BLACK)?;
        let room = (RIGHT - self.left) / self.plot.factors.len() as f64;
        let name = shortened(&all.setting, TEXT, room - 12.0);
        canvas.text(&name, (x, self.top - 26.0), TEXT, BLACK, Anchor::Center)?;
        let labelled = all.levels.len() <= MOST_LABELS;
        let ends = [0, all.levels.len() - 1].map(|place| all.drawing_order()[place]);
        let shown: Vec<usize> = if labelled { (0..all.levels.len()).collect() } else { ends.to_vec() };
        for level in shown {
            let room = if axis == 0 { self.left - 40.0 } else { room - 40.0 };
            let text = shortened(&self.analysis.grid.short_label(factor, level), REMARK, room);
            let y = self.y(self.level(factor, level).0);
            if axis == 0 {
                canvas.text(&text, (x - 12.0, y), REMARK, BLACK, Anchor::Right)?;
                continue;
            }
            let width = text_width(&text, REMARK);
            canvas.rectangle((x + 7.0, y - 14.0), (x + 17.0 + width, y + 14.0), WHITE)?;
            canvas.text(&text, (x + 12.0, y), REMARK, BLACK, Anchor::Left)?;
        }
        Ok(())
    }

    /// The axis of the metric is the colours.
    fn draw_metric(&self, canvas: &mut Canvas) -> Drawn {
        let steps = (self.bottom - self.top) as usize;
        for step in 0..steps {
            let share = 1.0 - step as f64 / steps as f64;
            let y = self.top + step as f64;
            canvas.rectangle((RIGHT, y), (RIGHT + 24.0, y + 1.0), viridis(BRIGHTEST * share))?;
        }
        let info = self.analysis.info;
        let name = shortened(info.metric.label(), TEXT, 300.0);
        canvas.text(&name, (RIGHT + 12.0, self.top - 26.0), TEXT, BLACK, Anchor::Center)?;
        let mut ticks = self.metric.ticks(8);
        ticks.retain(|tick| !tick.label.is_empty());
        for tick in ticks {
            let share =
                if info.metric.better() == Better::Lower { 1.0 - tick.position } else { tick.position };
            let y = self.y(share);
            canvas.hairline((RIGHT + 24.0, y), (RIGHT + 32.0, y), BLACK)?;
            canvas.text(&tick.label, (RIGHT + 40.0, y), REMARK, BLACK, Anchor::Left)?;
        }
        let is_lost = |index: &usize| median(self.analysis, *index).is_none();
        if self.plot.configurations.iter().any(is_lost) {
            canvas.text("lost", (RIGHT + 40.0, self.bottom + 22.0), REMARK, GREY, Anchor::Left)?;
        }
        Ok(())
    }
}

/// A line that crosses every axis at a right angle: between two of them `3s² − 2s³` of the way up after the share s of the way.
fn smooth(corners: &[Point]) -> Vec<Point> {
    let between = |pair: &[Point]| -> Vec<Point> {
        let (from, to) = (pair[0], pair[1]);
        let point = |step: usize| {
            let share = step as f64 / POINTS as f64;
            let rise = share * share * (3.0 - 2.0 * share);
            (from.0 + share * (to.0 - from.0), from.1 + rise * (to.1 - from.1))
        };
        (0..=POINTS).map(point).collect()
    };
    corners.windows(2).flat_map(between).collect()
}
