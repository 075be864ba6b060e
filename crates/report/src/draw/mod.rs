//! Renderers: they turn a plot into an SVG, a PNG and a figure of the page, and write its tables.
//!
//! Renderers draw axes and marks but know no plot.

mod page;
mod palette;
mod png;
mod svg;

pub(crate) use page::{Axis, Figure, figures};

use crate::ReportError;
use crate::output::Output;
use crate::plot::Plot;
use rayon::prelude::*;

/// Width of a picture in pixels.
const WIDTH: f64 = 1600.0;
/// The largest height of a picture in pixels.
const HEIGHT: f64 = 1000.0;

/// Writes `plots/NAME.png`, `plots/NAME.svg` if requested, and the tables of each plot. Pictures are drawn in
/// parallel and written in order.
pub(crate) fn write(mut plots: Vec<Plot>, output: &mut Output) -> Result<Vec<Plot>, ReportError> {
    let pictures: Vec<Result<Picture, String>> = plots.par_iter().map(Picture::of).collect();
    for (plot, picture) in plots.iter_mut().zip(pictures) {
        let png = format!("plots/{}.png", plot.name);
        let Picture { svg, png: bytes } =
            picture.map_err(|cause| ReportError::Draw { path: png.clone().into(), cause })?;
        output.bytes(&png, &bytes)?;
        if output.options.svg {
            output.text(&format!("plots/{}.svg", plot.name), &svg)?;
        }
        let files: Vec<String> = plot.tables.iter().map(|table| plot.file(table)).collect();
        for (table, file) in plot.tables.iter_mut().zip(files) {
            output.bytes(&file, table.bytes())?;
        }
    }
    Ok(plots)
}

/// A rendered plot.
struct Picture {
    svg: String,
    png: Vec<u8>,
}

impl Picture {
    fn of(plot: &Plot) -> Result<Self, String> {
        let svg = svg::draw(plot)?;
        Ok(Self { png: png::of(&svg)?, svg })
    }
}

/// Whether a plot can be rendered as well-formed SVG and as PNG.
#[cfg(test)]
pub(crate) fn is_drawn(plot: &Plot) -> bool {
    let Ok(Picture { svg, png }) = Picture::of(plot) else { return false };
    roxmltree::Document::parse(&svg).is_ok() && png.starts_with(b"\x89PNG")
}

#[cfg(test)]
mod tests;
