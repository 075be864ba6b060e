//! A number of layers against the layer, before training and after it.

use super::canvas::{Canvas, Drawn, HEIGHT};
use super::page::{Frame, heading, legend};
use super::palette::{Look, look};
use super::probe;
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use crate::analysis::{Analysis, LayerProfile, ProfileLine};

/// With more lines than this, bands would hide one another.
const MOST_BANDS: usize = 6;
/// What theory expects is drawn thin and dotted.
const EXPECTED: Stroke = Stroke { width: 2.2, dashes: &[2.0, 7.0] };

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, profile: &LayerProfile) -> Drawn {
    let title = format!("{} by layer", probe::title(profile.probe));
    let top = heading(canvas, &title, &subtitle(analysis, profile))? + 56.0;
    let panels: Vec<(&str, &[ProfileLine])> =
        [("before training", profile.start.as_slice()), ("after training", profile.end.as_slice())]
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .collect();
    let deepest = profile.lines().flat_map(|line| &line.points).map(|(layer, _)| *layer).max().unwrap_or(1);
    let layers: Vec<f64> = (1..=deepest).map(|layer| layer as f64).collect();
    let x = Scale::exactly(0.7, deepest as f64 + 0.3);
    let frames = probe::frames(top, x, probe::scale(profile.probe, &values(profile)), panels.len());
    for (index, (frame, (when, lines))) in frames.iter().zip(panels).enumerate() {
        probe::heading_of(canvas, frame, when)?;
        match index {
            0 => frame.draw_y_axis(canvas, probe::label(profile.probe))?,
            _ => frame.draw_y_grid(canvas)?,
        }
        frame.draw_x_axis_at(canvas, "layer (1 is next to the input)", &layers)?;
        lines
            .iter()
            .filter(|_| lines.len() <= MOST_BANDS)
            .try_for_each(|line| draw_band(canvas, frame, line))?;
        frame.draw_border(canvas)?;
        lines.iter().try_for_each(|line| draw_line(canvas, frame, line))?;
    }
    let mut shown: Vec<(usize, usize)> =
        profile.lines().map(|line| (line.compared, line.configuration)).collect();
    shown.sort_unstable();
    shown.dedup();
    let entries = probe::entries(analysis, &shown);
    legend(canvas, top, f64::from(HEIGHT) - 20.0, analysis.compared_name(), &entries)
}

fn subtitle(analysis: &Analysis, profile: &LayerProfile) -> Vec<Vec<String>> {
    let mut how = vec![format!("line: {}", wording::over_seeds(analysis))];
    if profile.end.len() <= MOST_BANDS && analysis.info.seeds.len() > 1 {
        how.push(wording::band(analysis));
    }
    if profile.start.iter().any(|line| !line.expected.is_empty()) {
        how.push("dotted: expected by variance propagation".to_owned());
    }
    how.extend(probe::deepest(analysis));
    let values = values(profile);
    let scale = probe::scale(profile.probe, &values);
    if values.iter().any(|value| scale.is_outside(*value)) {
        how.push(wording::EDGE.to_owned());
    }
    how.extend(wording::left_out(analysis));
    vec![how, wording::fixed(analysis.info)]
}

/// Everything that is drawn.
fn values(profile: &LayerProfile) -> Vec<f64> {
    let spreads = profile.lines().flat_map(|line| &line.points).map(|(_, spread)| spread);
    let drawn = spreads.flat_map(|spread| {
        spread.median.into_iter().chain(spread.band().into_iter().flat_map(|(low, high)| [low, high]))
    });
    let expected = profile.lines().flat_map(|line| &line.expected).map(|(_, value)| *value);
    drawn.chain(expected).collect()
}

fn draw_band(canvas: &mut Canvas, frame: &Frame, line: &ProfileLine) -> Drawn {
    let ranges: Vec<_> = line
        .points
        .iter()
        .filter_map(|(layer, spread)| Some((frame.x(*layer as f64), spread.band()?)))
        .collect();
    let x: Vec<f64> = ranges.iter().map(|(x, _)| *x).collect();
    let top: Vec<f64> = ranges.iter().map(|(_, (_, high))| frame.y(*high)).collect();
    let bottom: Vec<f64> = ranges.iter().map(|(_, (low, _))| frame.y(*low)).collect();
    canvas.band(&x, &top, &bottom, look(line.compared).color)
}

fn draw_line(canvas: &mut Canvas, frame: &Frame, line: &ProfileLine) -> Drawn {
    let Look { color, stroke, .. } = look(line.compared);
    let expected: Vec<_> =
        line.expected.iter().map(|(layer, value)| frame.at(*layer as f64, *value)).collect();
    canvas.line(&expected, EXPECTED, color)?;
    let points: Vec<_> = line
        .points
        .iter()
        .filter_map(|(layer, spread)| Some(frame.at(*layer as f64, spread.median?)))
        .collect();
    canvas.line(&points, stroke, color)?;
    points.iter().try_for_each(|point| look(line.compared).mark(canvas, *point, 9.0))
}
