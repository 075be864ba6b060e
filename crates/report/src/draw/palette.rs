//! Colours.

use crate::plot::{COLORS, Ink};
use plotters::style::RGBColor;

/// Text.
pub(super) const BLACK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
/// Remarks.
pub(super) const GREY: RGBColor = RGBColor(0x50, 0x50, 0x50);
/// Grid lines with and without a label.
pub(super) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
pub(super) const FAINT: RGBColor = RGBColor(0xf0, 0xf0, 0xf0);
pub(super) const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// Lost runs, and the hatching over them.
pub(super) const LOST: RGBColor = RGBColor(0xc8, 0xc8, 0xc8);
pub(super) const HATCH: RGBColor = RGBColor(0x9a, 0x9a, 0x9a);
/// Errors.
const ALARM: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

/// Colours of series: three by Okabe and Ito ("Color Universal Design", 2008), and five more that protanopes and
/// deuteranopes can tell apart from them. All are visible on white and on the dark page; the page draws black in its
/// text colour.
pub(super) const SERIES: [RGBColor; COLORS] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0x96, 0x4b, 0x78),
    RGBColor(0x00, 0x00, 0x00),
    RGBColor(0xf0, 0x00, 0xc3),
    RGBColor(0x78, 0x3c, 0xff),
    RGBColor(0xff, 0x2d, 0x5a),
];

/// The colour of an ink.
pub(super) fn color(ink: Ink) -> RGBColor {
    match ink {
        Ink::Series(index) => SERIES[index % SERIES.len()],
        Ink::Text => BLACK,
        Ink::Muted => GREY,
        Ink::Alarm => ALARM,
        Ink::Lost => LOST,
        Ink::Paper => WHITE,
        Ink::Share(share) => viridis(share),
    }
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

/// The colour of a brightness from 0 (dark) to 1 (bright).
pub(super) fn viridis(share: f64) -> RGBColor {
    let position = share.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let index = (position as usize).min(VIRIDIS.len() - 2);
    let (from, to, rest) = (VIRIDIS[index], VIRIDIS[index + 1], position - index as f64);
    let mix = |from: u8, to: u8| (f64::from(from) + rest * (f64::from(to) - f64::from(from))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// The relative luminance of a colour, as WCAG 2 defines it.
pub(super) fn luminance(RGBColor(red, green, blue): RGBColor) -> f64 {
    let [red, green, blue] = [red, green, blue].map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The linear intensity of an sRGB channel.
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
}

/// Black or white, whichever has the higher contrast with `background`.
pub(super) fn readable_on(background: RGBColor) -> RGBColor {
    let light = luminance(background) + 0.05;
    if light * light > 1.05 * 0.05 { BLACK } else { WHITE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Stroke;

    /// The background and the text colour of the dark page (`templates/report.css`). The page draws black in its text
    /// colour.
    const DARK: RGBColor = RGBColor(0x14, 0x17, 0x1a);
    const DARK_TEXT: RGBColor = RGBColor(0xe6, 0xe8, 0xeb);
    const SERIES_BLACK: RGBColor = RGBColor(0, 0, 0);

    /// WCAG 2 requires this contrast for graphics needed to understand a picture.
    const LEAST_CONTRAST: f64 = 3.0;

    /// The smallest difference between two colours in CIE L*a*b* (1976). A difference of 2.3 is just noticeable; ten
    /// times as much is obvious, even in thin lines.
    const LEAST_DIFFERENCE: f64 = 20.0;

    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    /// The colour as seen by a protanope, who lacks cones for long waves, or a deuteranope, who lacks cones for
    /// middle waves.
    ///
    /// Source: Viénot, Brettel and Mollon, *Digital video colourmaps for checking the legibility of displays by dichromats*
    /// (1999), equations 4 to 6, inverted numerically.
    fn seen(color: RGBColor, is_protanope: bool) -> [f64; 3] {
        let RGBColor(red, green, blue) = color;
        let [r, g, b] = [red, green, blue].map(linear);
        let long = 17.8824 * r + 43.5161 * g + 4.119_35 * b;
        let middle = 3.455_65 * r + 27.1554 * g + 3.867_14 * b;
        let short = 0.029_956_6 * r + 0.184_309 * g + 1.467_09 * b;
        let (long, middle) = match is_protanope {
            true => (2.023_44 * middle - 2.525_81 * short, middle),
            false => (long, 0.494_207 * long + 1.248_27 * short),
        };
        [
            0.080_944_447_9 * long - 0.130_504_409 * middle + 0.116_721_066 * short,
            -0.010_248_533_5 * long + 0.054_019_326_6 * middle - 0.113_614_708 * short,
            -0.000_365_296_938 * long - 0.004_121_614_69 * middle + 0.693_511_405 * short,
        ]
        .map(|light| light.clamp(0.0, 1.0))
    }

    /// L*a*b* of linear sRGB, with the white point D65.
    fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
        let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
        let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
        let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
        let f =
            |t: f64| if t > 216.0 / 24389.0 { libm::cbrt(t) } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
        [116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z))]
    }

    fn difference(a: [f64; 3], b: [f64; 3]) -> f64 {
        let (a, b) = (lab(a), lab(b));
        (0..3).map(|at| (a[at] - b[at]) * (a[at] - b[at])).sum::<f64>().sqrt()
    }

    #[test]
    fn every_pair_of_series_is_told_apart_without_red_or_green_cones() {
        // The dark page draws black in its text colour.
        for black in [SERIES_BLACK, DARK_TEXT] {
            let colors = SERIES.map(|color| if color == SERIES_BLACK { black } else { color });
            for (index, one) in colors.iter().enumerate() {
                for other in &colors[..index] {
                    for is_protanope in [true, false] {
                        let difference = difference(seen(*one, is_protanope), seen(*other, is_protanope));
                        assert!(difference >= LEAST_DIFFERENCE, "{one:?} {other:?}: {difference}");
                    }
                }
            }
        }
    }

    #[test]
    fn series_of_one_colour_differ_in_their_dashes() {
        // Plots show at most 24 compared values.
        let looks: Vec<_> =
            (0..24).map(|index| (color(Ink::Series(index)), Stroke::series(index).dash)).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look), "series {index}: {look:?}");
        }
    }

    #[test]
    fn series_are_seen_on_white_and_on_the_dark_page() {
        for color in SERIES.into_iter().chain([ALARM]).filter(|color| *color != SERIES_BLACK) {
            for background in [WHITE, DARK] {
                let contrast = contrast(color, background);
                assert!(contrast >= LEAST_CONTRAST, "{color:?} on {background:?}: {contrast}");
            }
        }
        assert!(contrast(WHITE, RGBColor(0, 0, 0)) > 20.9, "black on white is 21");
    }

    #[test]
    fn text_is_read_on_both_ends_of_the_map() {
        assert_eq!(readable_on(viridis(0.0)), WHITE);
        assert_eq!(readable_on(viridis(1.0)), BLACK);
        assert_eq!(viridis(0.5), VIRIDIS[5]);
    }
}
