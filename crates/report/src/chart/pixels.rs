//! PNG: smooth lines by a mask of how much of each pixel is covered.

use super::canvas::{Direction, Drawn, HEIGHT, Pixel, Point, Surface, WIDTH};
use super::font::rasterize;
use super::marker::Marker;
use super::stroke::{Mask, Stroke};
use plotters::prelude::{BitMapBackend, DrawingBackend, RGBColor};
use plotters::style::Color;
use std::path::Path;

/// The pixels, and the mask that makes lines smooth.
pub(super) struct Pixels<'a> {
    backend: BitMapBackend<'a>,
    mask: Mask,
}

impl<'a> Pixels<'a> {
    /// Pixels that are saved to `path`.
    pub(super) fn new(path: &'a Path) -> Self {
        Self { backend: BitMapBackend::new(path, (WIDTH, HEIGHT)), mask: Mask::new(WIDTH, HEIGHT) }
    }

    fn ink(&mut self, color: RGBColor, opacity: f64) -> Drawn {
        let backend = &mut self.backend;
        self.mask.drain(|x, y, coverage| {
            let color = color.mix(opacity * coverage).to_backend_color();
            backend.draw_pixel((x, y), color).map_err(|error| error.to_string())
        })
    }
}

impl Surface for Pixels<'_> {
    fn rectangle(&mut self, from: Pixel, to: Pixel, color: RGBColor) -> Drawn {
        self.backend.draw_rect(from, to, &color.filled(), true).map_err(|error| error.to_string())
    }

    fn hairline(&mut self, from: Pixel, to: Pixel, color: RGBColor) -> Drawn {
        self.rectangle(from, to, color)
    }

    fn line(&mut self, points: &[Point], stroke: Stroke, color: RGBColor) -> Drawn {
        self.mask.stroke(points, stroke);
        self.ink(color, 1.0)
    }

    fn marker(&mut self, marker: Marker, at: Point, size: f64, color: RGBColor) -> Drawn {
        let distance = |(x, y): Point| marker.distance((x - at.0) / size, (y - at.1) / size) * size;
        self.mask.fill(at, size + 2.0, distance);
        self.ink(color, 1.0)
    }

    fn band(&mut self, x: &[f64], top: &[f64], bottom: &[f64], color: RGBColor, opacity: f64) -> Drawn {
        self.mask.band(x, top, bottom);
        self.ink(color, opacity)
    }

    fn text(&mut self, text: &str, start: Point, direction: Direction, size: f64, color: RGBColor) -> Drawn {
        rasterize(text, size, |(x, y), coverage| {
            let pixel = match direction {
                Direction::Rightwards => (start.0 + x, start.1 + y),
                Direction::Upwards => (start.0 + y, start.1 - x),
            };
            self.mask.dot(pixel, coverage);
        });
        self.ink(color, 1.0)
    }

    fn save(mut self: Box<Self>) -> Drawn {
        self.backend.present().map_err(|error| error.to_string())
    }
}
