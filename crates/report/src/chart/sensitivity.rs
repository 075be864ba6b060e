//! The final metric against the learning rate.

use super::canvas::{Anchor, Canvas, Drawn, GREY, HEIGHT};
use super::page::{Entry, Frame, LEGEND, TEXT, heading, legend};
use super::palette::{cross, look};
use super::rate_ranges::Ranges;
use super::scale::Scale;
use super::wording;
use crate::analysis::{Analysis, RatePoint, Rates, Sensitivity, Spread};
use chainrule_record::Better;

/// With more lines than this, bands would hide one another.
const MOST_BANDS: usize = 6;
/// More rates than this have no label each.
const MOST_LABELS: usize = 9;

pub(super) fn draw(
    canvas: &mut Canvas,
    analysis: &Analysis,
    plot: &Sensitivity,
    rates_found: Option<&Rates>,
) -> Drawn {
    let metric = analysis.info.metric;
    let title = format!("Final {} against learning_rate", metric.label());
    let top = heading(canvas, &title, &subtitle(analysis, plot))? + 14.0;
    let crosses = Crosses::new(analysis, plot);
    let outer = frame(analysis, plot, top);
    let ranges = Ranges::new(analysis, rates_found);
    let frame = ranges.inside(crosses.inside(outer));
    frame.draw_y_axis(canvas, &wording::metric(analysis.info, metric))?;
    let rates = rates(plot);
    match rates.len() {
        ..=MOST_LABELS => outer.draw_x_axis_at(canvas, "learning_rate", &rates)?,
        _ => outer.draw_x_axis(canvas, "learning_rate")?,
    }
    if plot.lines.len() <= MOST_BANDS {
        plot.lines
            .iter()
            .try_for_each(|(value, points)| draw_band(canvas, analysis, &frame, *value, points))?;
    }
    outer.draw_border(canvas)?;
    plot.lines.iter().try_for_each(|(value, points)| draw_line(canvas, analysis, &frame, *value, points))?;
    crosses.draw(canvas, &frame)?;
    ranges.draw(canvas, &frame)?;
    let title = if one_line(analysis, plot) { "" } else { analysis.compared_name() };
    legend(canvas, top, f64::from(HEIGHT) - 20.0, title, &entries(analysis, plot))
}

/// The rates that were tried, ascending.
fn rates(plot: &Sensitivity) -> Vec<f64> {
    let mut rates: Vec<f64> =
        plot.lines.iter().flat_map(|(_, points)| points).map(|point| point.rate).collect();
    rates.sort_by(f64::total_cmp);
    rates.dedup();
    rates
}

fn one_line(analysis: &Analysis, plot: &Sensitivity) -> bool {
    analysis.grid.compare.is_none_or(|compare| compare == plot.factor)
}

fn spread<'a>(analysis: &'a Analysis, point: &RatePoint) -> &'a Spread {
    analysis.configurations[point.configuration].final_metric(analysis.info.metric)
}

fn subtitle(analysis: &Analysis, plot: &Sensitivity) -> Vec<Vec<String>> {
    let without: Vec<usize> = analysis.grid.compare.into_iter().chain([plot.factor]).collect();
    let tuned: Vec<&str> =
        analysis.grid.others(&without).map(|factor| analysis.grid.factors[factor].setting.as_str()).collect();
    let mut how = vec![format!("line: {}", wording::over_seeds(analysis))];
    if plot.lines.len() <= MOST_BANDS && analysis.info.seeds.len() > 1 {
        how.push(wording::band(analysis));
    }
    let points = || plot.lines.iter().flat_map(|(_, points)| points).map(|point| spread(analysis, point));
    if points().any(|spread| spread.median.is_none()) {
        how.push("× half or more of the seeds diverged or failed".to_owned());
    }
    if scale(analysis, plot).leaves_out(&values(analysis, plot)) {
        how.push(wording::EDGE.to_owned());
    }
    how.extend(wording::kept(analysis));
    how.extend(wording::left_out(analysis));
    let mut paragraphs = vec![how];
    if !tuned.is_empty() {
        paragraphs.push(vec![format!("each point: the best {} at that rate", tuned.join(", "))]);
    }
    paragraphs.push(wording::fixed(analysis.info));
    paragraphs
}

/// Everything that is drawn.
fn values(analysis: &Analysis, plot: &Sensitivity) -> Vec<f64> {
    let points = plot.lines.iter().flat_map(|(_, points)| points);
    let drawn = points.map(|point| spread(analysis, point)).filter(|spread| spread.median.is_some());
    let ends = |spread: &Spread| spread.band().map(|(low, high)| [low, high]);
    drawn.flat_map(|spread| spread.median.into_iter().chain(ends(spread).into_iter().flatten())).collect()
}

fn scale(analysis: &Analysis, plot: &Sensitivity) -> Scale {
    let values = values(analysis, plot);
    if analysis.info.metric.is_loss() { Scale::logarithmic(values) } else { Scale::linear(values) }
}

fn frame(analysis: &Analysis, plot: &Sensitivity, top: f64) -> Frame {
    let y = scale(analysis, plot);
    let rates = rates(plot);
    let positive = rates.iter().all(|rate| *rate > 0.0);
    let x = if positive { Scale::logarithmic(rates) } else { Scale::linear(rates) };
    Frame { left: 190.0, top, right: LEGEND - 45.0, bottom: f64::from(HEIGHT) - 90.0, x, y }
}

fn entries(analysis: &Analysis, plot: &Sensitivity) -> Vec<Entry> {
    let label = |value: usize| match one_line(analysis, plot) {
        true => "all runs".to_owned(),
        false => analysis.compared[value].short.clone(),
    };
    let entry = |(value, points): &(usize, Vec<RatePoint>)| {
        let lost = points.iter().filter(|point| is_lost(analysis, point)).count();
        let note = (lost > 0).then(|| format!("diverged at {lost} of {} rates", points.len()));
        let notes = note.into_iter().collect();
        Entry { look: look(*value), label: label(*value), details: Vec::new(), notes }
    };
    plot.lines.iter().map(entry).collect()
}

fn draw_band(
    canvas: &mut Canvas,
    analysis: &Analysis,
    frame: &Frame,
    value: usize,
    points: &[RatePoint],
) -> Drawn {
    for run in unbroken(analysis, points) {
        let range = |point: &&RatePoint| {
            let (low, high) = spread(analysis, point).band()?;
            Some((frame.x(point.rate), frame.y(high), frame.y(low)))
        };
        let ranges: Vec<_> = run.iter().filter_map(range).collect();
        let column = |index: fn(&(f64, f64, f64)) -> f64| ranges.iter().map(index).collect::<Vec<f64>>();
        canvas.band(
            &column(|range| range.0),
            &column(|range| range.1),
            &column(|range| range.2),
            look(value).color,
        )?;
    }
    Ok(())
}

fn draw_line(
    canvas: &mut Canvas,
    analysis: &Analysis,
    frame: &Frame,
    value: usize,
    points: &[RatePoint],
) -> Drawn {
    let look = look(value);
    for run in unbroken(analysis, points) {
        let place = |point: &&RatePoint| Some(frame.at(point.rate, spread(analysis, point).median?));
        let places: Vec<_> = run.iter().filter_map(place).collect();
        canvas.line(&places, look.stroke, look.color)?;
        places.iter().try_for_each(|place| look.mark(canvas, *place, 10.0))?;
    }
    Ok(())
}

/// Neighbouring points that have a median: a line is not drawn across rates that diverged.
fn unbroken<'a>(analysis: &Analysis, points: &'a [RatePoint]) -> Vec<Vec<&'a RatePoint>> {
    points
        .split(|point| spread(analysis, point).median.is_none())
        .filter(|run| !run.is_empty())
        .map(|run| run.iter().collect())
        .collect()
}

/// Crosses for the rates without a median, beyond the edge where worse values lie. Each line has a row of its own, in
/// the order of the legend, so that none hides another.
struct Crosses {
    better: Better,
    rows: Vec<(usize, Vec<f64>)>,
    height: f64,
}

impl Crosses {
    fn new(analysis: &Analysis, plot: &Sensitivity) -> Self {
        let lost = |points: &[RatePoint]| -> Vec<f64> {
            points.iter().filter(|point| is_lost(analysis, point)).map(|point| point.rate).collect()
        };
        let rows: Vec<_> = plot.lines.iter().map(|(value, points)| (*value, lost(points))).collect();
        let rows: Vec<_> = rows.into_iter().filter(|(_, rates)| !rates.is_empty()).collect();
        let height = (130.0 / (rows.len() + 1) as f64).clamp(8.0, 18.0);
        Self { better: analysis.info.metric.better(), rows, height }
    }

    /// The part of `frame` that is left for the lines.
    fn inside(&self, frame: Frame) -> Frame {
        let room = if self.rows.is_empty() { 0.0 } else { self.height * (self.rows.len() + 1) as f64 };
        match self.better {
            Better::Lower => Frame { top: frame.top + room, ..frame },
            Better::Higher => Frame { bottom: frame.bottom - room, ..frame },
        }
    }

    fn draw(&self, canvas: &mut Canvas, frame: &Frame) -> Drawn {
        let first = match self.better {
            Better::Lower => frame.top - self.height * self.rows.len() as f64,
            Better::Higher => frame.bottom + self.height,
        };
        for (order, (value, rates)) in self.rows.iter().enumerate() {
            let y = first + order as f64 * self.height;
            rates.iter().try_for_each(|rate| {
                cross(canvas, (frame.x(*rate), y), 0.44 * self.height, look(*value).color)
            })?;
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        let middle = first + (self.rows.len() - 1) as f64 / 2.0 * self.height;
        canvas.text("diverged", (frame.left - 12.0, middle), TEXT, GREY, Anchor::Right)
    }
}

fn is_lost(analysis: &Analysis, point: &RatePoint) -> bool {
    analysis.configurations[point.configuration].is_mostly_lost()
}
