//! Lines of text: how wide they are, and their pixels.

use super::canvas::Point;
use crate::text::is_steering;
use ab_glyph::{Font, FontRef, Glyph, Point as Position, PxScale, ScaleFont};
use std::sync::OnceLock;

/// How far the middle of a line of text lies above its baseline, in units of its size.
const MIDDLE: f64 = 0.34;

/// The embedded font. Text looks the same on every machine, and no font need be installed.
fn font() -> Option<&'static FontRef<'static>> {
    static FONT: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
    let bytes: &'static [u8] = include_bytes!("../../fonts/DejaVuSans.ttf");
    FONT.get_or_init(|| FontRef::try_from_slice(bytes).ok()).as_ref()
}

/// The width of a line of text in pixels.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    font().map_or(0.0, |font| layout(font, text, size).1)
}

/// How far the baseline of a line of text lies below its middle, in whole pixels.
pub(crate) fn baseline(size: f64) -> f64 {
    (MIDDLE * size).round()
}

/// A letter as it is drawn: a space for one that steers, and for those that no XML file may hold.
pub(crate) fn printable(letter: char) -> char {
    if is_steering(letter) || matches!(letter, '\u{fffe}' | '\u{ffff}') { ' ' } else { letter }
}

/// Hands out the pixels of a line of text with their coverage. The text starts at (0, 0), half-way up its letters;
/// y grows downwards.
pub(crate) fn rasterize(text: &str, size: f64, mut pixel: impl FnMut(Point, f64)) {
    let Some(font) = font() else { return };
    for glyph in layout(font, text, size).0 {
        if let Some(outline) = font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let at = |x: u32, y: u32| {
                (f64::from(bounds.min.x) + f64::from(x), f64::from(bounds.min.y) + f64::from(y))
            };
            outline.draw(|x, y, coverage| pixel(at(x, y), f64::from(coverage)));
        }
    }
}

fn layout(font: &FontRef, text: &str, size: f64) -> (Vec<Glyph>, f64) {
    let em = f64::from(font.units_per_em().unwrap_or(1000.0));
    let scale = PxScale::from((size * f64::from(font.height_unscaled()) / em) as f32);
    let scaled = font.as_scaled(scale);
    let baseline = baseline(size) as f32;
    let (mut x, mut previous, mut glyphs) = (0.0, None, Vec::new());
    for letter in text.chars().map(printable) {
        let id = font.glyph_id(letter);
        x += previous.map_or(0.0, |previous| scaled.kern(previous, id));
        glyphs.push(Glyph { id, scale, position: Position { x, y: baseline } });
        x += scaled.h_advance(id);
        previous = Some(id);
    }
    (glyphs, f64::from(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_text_lies_around_its_middle() {
        let (mut top, mut bottom, mut right) = (0.0f64, 0.0f64, 0.0f64);
        rasterize("Hηx", 24.0, |(x, y), coverage| {
            if coverage > 0.5 {
                (top, bottom, right) = (top.min(y), bottom.max(y), right.max(x));
            }
        });
        assert!((-12.0..-6.0).contains(&top) && (5.0..15.0).contains(&bottom), "{top} {bottom}");
        assert!((right - text_width("Hηx", 24.0)).abs() < 4.0);
    }

    #[test]
    fn width_grows_with_size_and_length() {
        assert!((text_width("sgd", 40.0) / text_width("sgd", 20.0) - 2.0).abs() < 1e-3);
        assert_eq!(text_width("", 20.0), 0.0);
        assert!(text_width("a\tb", 20.0) > text_width("ab", 20.0));
    }
}
