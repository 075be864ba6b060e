//! Colours, dashes and markers that tell lines apart, in grey too.

use super::canvas::{BLACK, Canvas, Drawn, Point};
use super::marker::Marker;
use super::stroke::Stroke;
use plotters::style::RGBColor;

/// Okabe and Ito's colours, which people with colour vision deficiencies tell apart ("Color Universal Design",
/// 2008), with their yellow darkened: on white it could not be seen.
const COLORS: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x00, 0x00, 0x00),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0x8a, 0x7f, 0x00),
];

const DASHES: [&[f64]; 6] =
    [&[], &[18.0, 9.0], &[5.0, 7.0], &[20.0, 7.0, 5.0, 7.0], &[32.0, 9.0], &[20.0, 7.0, 5.0, 7.0, 5.0, 7.0]];

/// The look of the lines of one compared value. Looks repeat after 168 values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Its colour.
    pub(crate) color: RGBColor,
    /// Its dashes and thickness.
    pub(crate) stroke: Stroke,
    marker: Marker,
}

/// The look of the compared value at `index`.
pub(crate) fn look(index: usize) -> Look {
    let stroke = Stroke { width: 3.6, dashes: DASHES[index % DASHES.len()] };
    Look { color: COLORS[index % COLORS.len()], stroke, marker: Marker::ALL[index % Marker::ALL.len()] }
}

impl Look {
    /// The same colour and marker with other dashes.
    pub(crate) fn with_dashes(self, dashes: &'static [f64]) -> Self {
        Self { stroke: Stroke { dashes, ..self.stroke }, ..self }
    }

    /// Draws the marker of this look.
    pub(crate) fn mark(&self, canvas: &mut Canvas, at: Point, size: f64) -> Drawn {
        canvas.marker(self.marker, at, size, self.color)
    }
}

/// The sign of a run that diverged.
pub(crate) fn cross(canvas: &mut Canvas, at: Point, size: f64, color: RGBColor) -> Drawn {
    let arm = |sign: f64| [(at.0 - size, at.1 - sign * size), (at.0 + size, at.1 + sign * size)];
    canvas.line(&arm(1.0), Stroke::solid(3.5), color)?;
    canvas.line(&arm(-1.0), Stroke::solid(3.5), color)
}

/// The sign of a line that ends although some of its runs go on.
pub(crate) fn bar(canvas: &mut Canvas, at: Point, size: f64, color: RGBColor) -> Drawn {
    canvas.line(&[(at.0, at.1 - size), (at.0, at.1 + size)], Stroke::solid(5.0), color)
}

/// Viridis at eleven equal steps (Smith and van der Walt, matplotlib 2.0): dark blue to yellow, even in lightness.
const VIRIDIS: [RGBColor; 11] = [
    RGBColor(0x44, 0x01, 0x54),
    RGBColor(0x48, 0x25, 0x76),
    RGBColor(0x41, 0x44, 0x87),
    RGBColor(0x35, 0x5f, 0x8d),
    RGBColor(0x2a, 0x78, 0x8e),
    RGBColor(0x21, 0x91, 0x8c),
    RGBColor(0x22, 0xa8, 0x84),
    RGBColor(0x44, 0xbf, 0x70),
    RGBColor(0x7a, 0xd1, 0x51),
    RGBColor(0xbd, 0xdf, 0x26),
    RGBColor(0xfd, 0xe7, 0x25),
];

/// The colour of `share` from 0 (dark) to 1 (bright).
pub(crate) fn viridis(share: f64) -> RGBColor {
    let position = share.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let index = (position as usize).min(VIRIDIS.len() - 2);
    let (from, to, rest) = (VIRIDIS[index], VIRIDIS[index + 1], position - index as f64);
    let mix = |from: u8, to: u8| (f64::from(from) + rest * (f64::from(to) - f64::from(from))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// Black or white, whichever is read better on `background`.
pub(crate) fn readable_on(background: RGBColor) -> RGBColor {
    let RGBColor(red, green, blue) = background;
    // Relative luminance (WCAG 2), its exponent of 2.4 taken as 2.
    let linear = |channel: u8| (f64::from(channel) / 255.0) * (f64::from(channel) / 255.0);
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    if luminance > 0.22 { BLACK } else { RGBColor(0xff, 0xff, 0xff) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_lines_differ_without_colour() {
        let looks: Vec<_> = (0..40).map(look).map(|look| (look.stroke.dashes.len(), look.marker)).collect();
        let dashes: Vec<_> = (0..40).map(|index| (index % DASHES.len(), look(index).marker)).collect();
        for (index, one) in dashes.iter().enumerate() {
            assert!(!dashes[..index].contains(one), "line {index} looks like an earlier one");
        }
        assert_eq!(looks.len(), 40);
    }

    #[test]
    fn text_is_read_on_both_ends_of_the_map() {
        assert_eq!(readable_on(viridis(0.0)), RGBColor(0xff, 0xff, 0xff));
        assert_eq!(readable_on(viridis(1.0)), BLACK);
        assert_eq!(viridis(0.5), VIRIDIS[5]);
    }
}
