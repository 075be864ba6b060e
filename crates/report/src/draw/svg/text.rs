//! Text that fits.

pub(super) use super::sheet::text_width;

/// No line of a picture has room for more.
const MAX_LETTERS: usize = 200;

/// Breaks `parts` into lines of at most `width` pixels, `separator` between parts of one line. A part that is wider
/// is broken at its spaces, and cut if a word is wider still.
pub(super) fn wrap(parts: &[String], separator: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line}{separator}{part}"), size) <= width => {
                line.push_str(separator);
                line.push_str(part);
            }
            _ if text_width(part, size) > width && part.contains(' ') => {
                let words: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
                lines.extend(wrap(&words, " ", size, width));
            }
            _ => lines.push(shortened(part, size, width)),
        }
    }
    lines
}

/// `text`, its middle left out if it is wider than `width` pixels.
pub(super) fn shortened(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| -> String {
        let (head, tail) = (kept.div_ceil(2), kept / 2);
        letters[..head].iter().chain(['…'].iter()).chain(&letters[letters.len() - tail..]).collect()
    };
    let fits = |kept: &usize| text_width(&cut(*kept), size) <= width;
    cut((0..letters.len().min(MAX_LETTERS)).rev().find(fits).unwrap_or(0))
}
