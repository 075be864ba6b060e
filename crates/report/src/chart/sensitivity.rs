//! The final metric against the learning rate.

use super::canvas::{Canvas, Drawn, HEIGHT};
use super::page::{Entry, Frame, LEGEND, heading, legend};
use super::palette::{cross, look};
use super::scale::Scale;
use super::wording;
use crate::analysis::{Analysis, RatePoint, Sensitivity, Spread};
use chainrule_record::Better;

/// With more lines than this, bands would hide one another.
const MOST_BANDS: usize = 6;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &Sensitivity) -> Drawn {
    let metric = analysis.info.metric;
    let title = format!("Final {} against learning rate", metric.label());
    let top = heading(canvas, &title, &subtitle(analysis, plot))? + 14.0;
    let frame = frame(analysis, plot, top);
    frame.draw_y_axis(canvas, &wording::metric(analysis.info, metric))?;
    frame.draw_x_axis(canvas, "learning rate")?;
    if plot.lines.len() <= MOST_BANDS {
        plot.lines
            .iter()
            .try_for_each(|(value, points)| draw_band(canvas, analysis, &frame, *value, points))?;
    }
    frame.draw_border(canvas)?;
    for (order, (value, points)) in plot.lines.iter().enumerate() {
        draw_line(canvas, analysis, &frame, *value, points)?;
        draw_lost(canvas, analysis, &frame, (order, *value), points)?;
    }
    let title = if one_line(analysis, plot) { "" } else { analysis.compared_name() };
    legend(canvas, top, f64::from(HEIGHT) - 20.0, title, &entries(analysis, plot))
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
    let mut how = vec![format!("line: median over {}", wording::seeds(analysis.info))];
    if plot.lines.len() <= MOST_BANDS && analysis.info.seeds.len() > 1 {
        how.push("band: smallest to largest".to_owned());
    }
    let points = || plot.lines.iter().flat_map(|(_, points)| points).map(|point| spread(analysis, point));
    if points().any(|spread| spread.median.is_none()) {
        how.push("× half or more of the seeds diverged".to_owned());
    }
    let mut paragraphs = vec![how];
    if !tuned.is_empty() {
        paragraphs.push(vec![format!("each point: the best {} at that rate", tuned.join(", "))]);
    }
    paragraphs.push(wording::fixed(analysis.info));
    paragraphs
}

fn frame(analysis: &Analysis, plot: &Sensitivity, top: f64) -> Frame {
    let points = || plot.lines.iter().flat_map(|(_, points)| points);
    let values = points().flat_map(|point| {
        let spread = spread(analysis, point);
        [spread.median, spread.median.and(spread.min), spread.median.and(spread.max)]
    });
    let values = values.flatten();
    let y = if analysis.info.metric.is_loss() { Scale::logarithmic(values) } else { Scale::linear(values) };
    let rates: Vec<f64> = points().map(|point| point.rate).collect();
    let positive = rates.iter().all(|rate| *rate > 0.0);
    let x = if positive { Scale::logarithmic(rates) } else { Scale::linear(rates) };
    // Above or below the data there is room for the crosses of what diverged.
    let edge = 34.0 + 12.0 * plot.lines.len() as f64;
    let top = if analysis.info.metric.better() == Better::Lower { top + edge } else { top };
    Frame { left: 190.0, top, right: LEGEND - 45.0, bottom: f64::from(HEIGHT) - 90.0, x, y }
}

fn entries(analysis: &Analysis, plot: &Sensitivity) -> Vec<Entry> {
    let label = |value: usize| match one_line(analysis, plot) {
        true => "all runs".to_owned(),
        false => analysis.compared[value].label.clone(),
    };
    let entry = |(value, points): &(usize, Vec<RatePoint>)| {
        let lost: usize = points.iter().filter(|point| spread(analysis, point).median.is_none()).count();
        let details = (lost > 0).then(|| format!("diverged at {lost} of {} rates", points.len()));
        Entry { look: look(*value), label: label(*value), details: details.into_iter().collect() }
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
            let spread = spread(analysis, point);
            Some((frame.x(point.rate), frame.y(spread.max?), frame.y(spread.min?)))
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

/// Crosses on the edge where worse values lie, one row per compared value so that none hides another.
fn draw_lost(
    canvas: &mut Canvas,
    analysis: &Analysis,
    frame: &Frame,
    (order, value): (usize, usize),
    points: &[RatePoint],
) -> Drawn {
    let offset = 16.0 + 16.0 * order as f64;
    let y = match analysis.info.metric.better() {
        Better::Lower => frame.top - offset,
        Better::Higher => frame.bottom - offset,
    };
    let lost = points
        .iter()
        .filter(|point| spread(analysis, point).worst > 0 && spread(analysis, point).median.is_none());
    lost.into_iter().try_for_each(|point| cross(canvas, (frame.x(point.rate), y), 8.0, look(value).color))
}
