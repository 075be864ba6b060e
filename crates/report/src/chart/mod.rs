//! Plots of 1600 × 1000 pixels, PNG and if asked for SVG too, each beside the table of what it draws.
//!
//! Pixels and PNG are plotters', SVG elements are the crate `svg`'s. Axes, legends, smooth lines and text are drawn here: its charts cannot label every
//! decade or put a legend beside the data, its thick lines have steps, and its letters stand unevenly.

mod canvas;
mod checks;
mod convergence;
mod error_bars;
mod error_steps;
mod fault_curves;
mod fault_map;
mod font;
mod functions;
mod heat_map;
mod layer_map;
mod layer_profile;
mod marker;
mod page;
pub(crate) mod palette;
mod parallel;
pub(crate) mod performance_profile;
mod pixels;
pub(crate) mod probe;
mod rate_ranges;
mod scale;
mod seed_spread;
mod sensitivity;
mod sharpness;
mod singular_values;
mod spectrum;
mod stroke;
mod tick;
mod time_to_target;
mod training;
mod vectors;
pub(crate) mod wording;
mod wrap;

pub(crate) use checks::checks;
pub(crate) use training::{over_datasets, training};

use crate::ReportError;
use crate::analysis::{Analysis, NamedFunction};
use crate::output::Output;
use crate::table;
use canvas::{Canvas, Drawn, Format};
use std::borrow::Cow;

/// A plot of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plot {
    /// Its file without folder and extension.
    pub(crate) name: Cow<'static, str>,
    /// How to read it.
    pub(crate) caption: &'static str,
}

/// The plots of a report, as they come to be.
pub(crate) struct Plots<'a, 'o> {
    output: &'a mut Output<'o>,
    drawn: Vec<Plot>,
}

impl<'a, 'o> Plots<'a, 'o> {
    /// Those that there is something to show in, in order.
    fn of(all: &[Adds], analysis: &Analysis, output: &'a mut Output<'o>) -> Result<Vec<Plot>, ReportError> {
        let mut plots = Self::new(output);
        all.iter().try_for_each(|add| add(analysis, &mut plots))?;
        Ok(plots.drawn)
    }

    fn new(output: &'a mut Output<'o>) -> Self {
        Self { output, drawn: Vec::new() }
    }

    /// Draws a plot, and writes the table of exactly what it draws.
    fn add(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        caption: &'static str,
        paint: impl Fn(&mut Canvas) -> Drawn,
        table: impl FnOnce(&mut Output) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        let plot = Plot { name: name.into(), caption };
        draw(self.output, &plot, paint)?;
        table(self.output)?;
        self.drawn.push(plot);
        Ok(())
    }
}

/// Adds a plot or several, where there is something to show.
type Adds = fn(&Analysis, &mut Plots) -> Result<(), ReportError>;

/// Draws functions that were followed instead of networks.
pub(crate) fn of_functions(
    functions: &[NamedFunction],
    output: &mut Output,
) -> Result<Vec<Plot>, ReportError> {
    if functions.is_empty() {
        return Ok(Vec::new());
    }
    let mut plots = Plots::new(output);
    let caption = "Each function and its derivative. A derivative near 0 lets nothing through on the way back; one above 1 makes gradients grow.";
    let paint = |canvas: &mut Canvas| functions::draw(canvas, functions);
    plots.add("functions", caption, paint, |output| table::functions(functions, output))?;
    Ok(plots.drawn)
}

/// Draws a plot once for each format.
fn draw(output: &mut Output, plot: &Plot, paint: impl Fn(&mut Canvas) -> Drawn) -> Result<(), ReportError> {
    let formats =
        [Format::Png, Format::Svg].into_iter().filter(|format| *format == Format::Png || output.options.svg);
    for format in formats.collect::<Vec<_>>() {
        output.file(&format!("plots/{}.{}", plot.name, format.extension()), |path| {
            let paint = || {
                let mut canvas = Canvas::new(format, path)?;
                paint(&mut canvas)?;
                canvas.save()
            };
            paint().map_err(|cause| ReportError::Draw { path: path.to_owned(), cause })
        })?;
    }
    Ok(())
}
