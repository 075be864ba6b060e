//! The eigenvalues of the Hessian, sorted, before training and after it.

use super::canvas::{Canvas, Drawn, GREY, HEIGHT};
use super::page::{Entry, Frame, heading, legend};
use super::palette::look;
use super::probe;
use super::scale::Scale;
use super::wording;
use crate::analysis::{Analysis, Spectrum, SpectrumLine};

/// With more lines than this, bands would hide one another.
const MOST_BANDS: usize = 6;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, spectrum: &Spectrum) -> Drawn {
    let title = format!("Eigenvalues of the Hessian, sorted{}", wording::each(analysis));
    let top = heading(canvas, &title, &subtitle(analysis, spectrum))? + 56.0;
    let panels: Vec<(&str, &[SpectrumLine])> =
        [("before training", spectrum.start.as_slice()), ("after training", spectrum.end.as_slice())]
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .collect();
    let longest = spectrum.lines().map(|line| line.values.len()).max().unwrap_or(1);
    let x = Scale::exactly(0.0, longest as f64 + 1.0);
    let frames = probe::frames(top, x, Scale::symmetric(&values(spectrum)), panels.len());
    for (index, (frame, (when, lines))) in frames.iter().zip(panels).enumerate() {
        probe::heading_of(canvas, frame, when)?;
        match index {
            0 => frame.draw_y_axis(canvas, "eigenvalue")?,
            _ => frame.draw_y_grid(canvas)?,
        }
        frame.draw_counting_axis(canvas, "rank (1 is the largest)")?;
        lines
            .iter()
            .filter(|_| lines.len() <= MOST_BANDS)
            .try_for_each(|line| draw_band(canvas, frame, line))?;
        let zero = frame.y(0.0);
        canvas.hairline((frame.left, zero), (frame.right, zero + 1.0), GREY)?;
        frame.draw_border(canvas)?;
        lines.iter().try_for_each(|line| draw_line(canvas, frame, line))?;
    }
    let mut compared: Vec<usize> = spectrum.lines().map(|line| line.compared).collect();
    compared.sort_unstable();
    compared.dedup();
    let entries: Vec<Entry> =
        compared.iter().filter_map(|compared| entry(analysis, spectrum, *compared)).collect();
    legend(canvas, top, f64::from(HEIGHT) - 20.0, analysis.compared_name(), &entries)
}

fn entry(analysis: &Analysis, spectrum: &Spectrum, compared: usize) -> Option<Entry> {
    let best = analysis.best_of(compared)?;
    let below = |lines: &[SpectrumLine]| {
        let line = lines.iter().find(|line| line.compared == compared)?;
        Some(line.values.iter().filter(|value| value.median.is_some_and(|median| median < 0.0)).count())
    };
    let said = match (below(&spectrum.start), below(&spectrum.end)) {
        (Some(start), Some(end)) => format!("below 0: {start}, then {end}"),
        (Some(only), None) | (None, Some(only)) => format!("below 0: {only}"),
        (None, None) => return None,
    };
    Some(Entry {
        look: look(compared),
        label: analysis.compared[compared].short.clone(),
        details: wording::details(analysis, best),
        notes: [said].into_iter().chain(wording::lost(best)).collect(),
    })
}

fn subtitle(analysis: &Analysis, spectrum: &Spectrum) -> Vec<Vec<String>> {
    let mut how = vec![format!("line: {}", wording::over_seeds(analysis))];
    if spectrum.end.len() <= MOST_BANDS && analysis.info.seeds.len() > 1 {
        how.push(wording::band(analysis));
    }
    how.push("equal steps are equal factors, but for the smallest values around 0".to_owned());
    how.extend(wording::left_out(analysis));
    vec![how, wording::fixed(analysis.info)]
}

/// Everything that is drawn.
fn values(spectrum: &Spectrum) -> Vec<f64> {
    let spreads = spectrum.lines().flat_map(|line| &line.values);
    let drawn = spreads.flat_map(|spread| {
        spread.median.into_iter().chain(spread.band().into_iter().flat_map(|(low, high)| [low, high]))
    });
    drawn.collect()
}

fn draw_band(canvas: &mut Canvas, frame: &Frame, line: &SpectrumLine) -> Drawn {
    let ranges: Vec<_> = (1..)
        .zip(&line.values)
        .filter_map(|(rank, spread)| Some((f64::from(rank), spread.band()?)))
        .collect();
    let x: Vec<f64> = ranges.iter().map(|(rank, _)| frame.x(*rank)).collect();
    let top: Vec<f64> = ranges.iter().map(|(_, (_, high))| frame.y(*high)).collect();
    let bottom: Vec<f64> = ranges.iter().map(|(_, (low, _))| frame.y(*low)).collect();
    canvas.band(&x, &top, &bottom, look(line.compared).color)
}

fn draw_line(canvas: &mut Canvas, frame: &Frame, line: &SpectrumLine) -> Drawn {
    let look = look(line.compared);
    let points: Vec<_> = (1..)
        .zip(&line.values)
        .filter_map(|(rank, spread)| Some(frame.at(f64::from(rank), spread.median?)))
        .collect();
    canvas.line(&points, look.stroke, look.color)?;
    // Where there are few, each is seen.
    let few = points.len() <= 60;
    points.iter().filter(|_| few).try_for_each(|point| look.mark(canvas, *point, 6.0))
}
