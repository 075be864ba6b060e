//! SVG: lines with dashes, shapes and text that stay sharp at any size.
//!
//! Written element by element with the crate `svg`, which escapes texts and attributes: plotters' own SVG knows whole
//! pixels only, and no dashes.

use super::canvas::{Direction, Drawn, HEIGHT, Pixel, Point, Surface, WIDTH};
use super::font::{baseline, printable, text_width};
use super::marker::{Marker, Outline};
use super::stroke::Stroke;
use plotters::style::RGBColor;
use std::path::Path;
use svg::node::element::{Circle, Element, Polygon, Polyline, Rectangle};
use svg::{Document, Node};

/// The font of the PNG plots, and others with letters of about the same width.
const FONTS: &str = "DejaVu Sans, Bitstream Vera Sans, Verdana, Geneva, Helvetica, Arial, sans-serif";

/// The middle of pixel 0 lies at 0 for whoever draws, and at 0.5 in SVG.
const PIXEL: f64 = 0.5;

/// The elements of a page.
pub(super) struct Vectors<'a> {
    path: &'a Path,
    document: Document,
}

impl<'a> Vectors<'a> {
    /// Elements that are saved to `path`.
    pub(super) fn new(path: &'a Path) -> Self {
        let document = Document::new()
            .set("width", WIDTH)
            .set("height", HEIGHT)
            .set("viewBox", (0, 0, WIDTH, HEIGHT))
            .set("font-family", FONTS);
        Self { path, document }
    }

    fn add(&mut self, node: impl Node) -> Drawn {
        self.document.append(node);
        Ok(())
    }
}

impl Surface for Vectors<'_> {
    /// Edges are not blurred, so that neighbours leave no seam between them.
    fn rectangle(&mut self, from: Pixel, to: Pixel, color: RGBColor) -> Drawn {
        self.add(rectangle(from, to, color).set("shape-rendering", "crispEdges"))
    }

    /// Blurred where the page is shown smaller: a sharp one could fall between two pixels and vanish.
    fn hairline(&mut self, from: Pixel, to: Pixel, color: RGBColor) -> Drawn {
        self.add(rectangle(from, to, color))
    }

    fn line(&mut self, points: &[Point], stroke: Stroke, color: RGBColor) -> Drawn {
        let finite = |point: &Point| point.0.is_finite() && point.1.is_finite();
        for run in points.split(|point| !finite(point)).filter(|run| is_long(run)) {
            let line = Polyline::new()
                .set("points", places(run))
                .set("fill", "none")
                .set("stroke", hex(color))
                .set("stroke-width", stroke.width)
                .set("stroke-linecap", "round")
                .set("stroke-linejoin", "round");
            let dashes = stroke.dashes.iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
            self.add(if dashes.is_empty() { line } else { line.set("stroke-dasharray", dashes) })?;
        }
        Ok(())
    }

    fn marker(&mut self, marker: Marker, at: Point, size: f64, color: RGBColor) -> Drawn {
        let circle = |radius: f64| {
            let (x, y) = place(at);
            Circle::new().set("cx", x).set("cy", y).set("r", rounded(radius * size))
        };
        match marker.outline() {
            Outline::Disc(radius) => self.add(circle(radius).set("fill", hex(color))),
            Outline::Ring(radius, thickness) => self.add(
                circle(radius)
                    .set("fill", "none")
                    .set("stroke", hex(color))
                    .set("stroke-width", rounded(thickness * size)),
            ),
            Outline::Polygon(corners) => {
                let corner = |(x, y): &Point| (at.0 + size * x, at.1 + size * y);
                let corners: Vec<Point> = corners.iter().map(corner).collect();
                self.add(Polygon::new().set("points", places(&corners)).set("fill", hex(color)))
            }
        }
    }

    fn band(&mut self, x: &[f64], top: &[f64], bottom: &[f64], color: RGBColor, opacity: f64) -> Drawn {
        let there = x.iter().copied().zip(top.iter().copied());
        let back = x.iter().copied().zip(bottom.iter().copied()).rev();
        let around: Vec<Point> = there.chain(back).collect();
        let is_finite = around.iter().all(|point| point.0.is_finite() && point.1.is_finite());
        if x.len() < 2 || !is_finite {
            return Ok(());
        }
        let band = Polygon::new().set("points", places(&around)).set("fill", hex(color));
        self.add(band.set("fill-opacity", opacity))
    }

    /// `textLength` gives the text the width that it was laid out for, whatever font the reader has.
    fn text(&mut self, text: &str, start: Point, direction: Direction, size: f64, color: RGBColor) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        // Not the crate's `Text`, which puts a line break before and after its letters.
        let mut node = Element::new("text");
        node.append(svg::node::Text::new(text.chars().map(printable).collect::<String>()));
        node.assign("font-size", rounded(size));
        node.assign("fill", hex(color));
        node.assign("textLength", rounded(text_width(text, size)));
        node.assign("lengthAdjust", "spacingAndGlyphs");
        // Browsers look for it here, and not further up: two spaces are two.
        node.assign("xml:space", "preserve");
        let down = baseline(size);
        match direction {
            Direction::Rightwards => {
                node.assign("x", start.0);
                node.assign("y", start.1 + down);
            }
            Direction::Upwards => {
                let place = format!("translate({} {}) rotate(-90)", start.0 + down, start.1);
                node.assign("transform", place);
            }
        }
        self.add(node)
    }

    fn save(self: Box<Self>) -> Drawn {
        svg::save(self.path, &self.document).map_err(|error| error.to_string())
    }
}

fn rectangle(from: Pixel, to: Pixel, color: RGBColor) -> Rectangle {
    let (width, height) = (to.0 - from.0, to.1 - from.1);
    let corner = Rectangle::new().set("x", from.0).set("y", from.1);
    corner.set("width", width).set("height", height).set("fill", hex(color))
}

/// Whether a line leaves its first point: round ends would make a dot of one that does not.
fn is_long(points: &[Point]) -> bool {
    points.windows(2).any(|pair| pair[0] != pair[1])
}

fn place((x, y): Point) -> Point {
    (rounded(x + PIXEL), rounded(y + PIXEL))
}

fn places(points: &[Point]) -> String {
    let text = |point: &Point| {
        let (x, y) = place(*point);
        format!("{x},{y}")
    };
    points.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// To a hundredth of a pixel, which nobody sees.
fn rounded(value: f64) -> f64 {
    (100.0 * value).round() / 100.0
}

fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::super::canvas::BLACK;
    use super::*;

    /// What is drawn by `paint`, an element a line.
    fn elements(paint: impl Fn(&mut Vectors) -> Drawn) -> Vec<String> {
        let mut vectors = Vectors::new(Path::new(""));
        paint(&mut vectors).unwrap();
        let text = vectors.document.to_string();
        let lines = text.lines().skip(1).filter(|line| *line != "</svg>");
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn a_line_ends_at_what_is_no_number_and_a_point_is_no_line() {
        let line = |points: &[Point]| elements(|page| page.line(points, Stroke::solid(2.0), BLACK));
        let broken = line(&[(0.0, 1.0), (2.0, 3.0), (f64::NAN, 4.0), (5.0, 6.0), (7.0, 8.125)]);
        assert_eq!(broken.len(), 2);
        assert!(broken[0].contains(r#"points="0.5,1.5 2.5,3.5""#), "{broken:?}");
        assert!(broken[1].contains(r#"points="5.5,6.5 7.5,8.63""#), "{broken:?}");
        assert!(line(&[(1.0, 1.0), (1.0, 1.0)]).is_empty());
    }

    #[test]
    fn dashes_and_bands_are_those_of_the_look() {
        let dashed = Stroke { width: 3.0, dashes: &[9.0, 6.5] };
        let line = elements(|page| page.line(&[(0.0, 0.0), (9.0, 9.0)], dashed, BLACK));
        assert!(line[0].contains(r#"stroke-dasharray="9 6.5""#), "{line:?}");
        let band =
            |bottom: f64| elements(|page| page.band(&[0.0, 10.0], &[1.0, 2.0], &[3.0, bottom], BLACK, 0.18));
        assert!(band(4.0)[0].contains(r#"points="0.5,1.5 10.5,2.5 10.5,4.5 0.5,3.5""#), "{:?}", band(4.0));
        assert!(band(f64::INFINITY).is_empty());
    }
}
