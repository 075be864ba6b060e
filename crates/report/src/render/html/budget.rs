//! Keeps a page below 10 MB: figures and the table of runs use the space that the text leaves.

use super::data::{self, text};
use super::thinning::{longest, thin_points, thin_traces};
use crate::draw::Figure;
use serde_json::Value;

/// The largest page, in bytes.
const MAX_PAGE: usize = 10_000_000;

/// An approximate upper bound of the markup around a figure without its texts, in bytes.
const FIGURE_MARKUP: usize = 4_000;

/// The largest number of times that a figure's title is on the page, times the largest number of bytes that HTML
/// needs for a character.
const TITLE: usize = 5 * 6;

/// Lines keep at least this many points; beyond that, whole lines are omitted.
const MIN_POINTS: usize = 40;

/// The remaining bytes.
pub(super) struct Room {
    left: usize,
}

/// The data of a figure, for the script of the page.
pub(super) struct Data {
    pub(super) text: String,
    /// A note about omitted data, if any.
    pub(super) note: Option<String>,
}

impl Room {
    /// The space that remains after the current text of the page.
    pub(super) fn beside(page: &str) -> Self {
        Self { left: MAX_PAGE.saturating_sub(page.len()) }
    }

    /// The remaining bytes.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Gives figures at most half of the space, and thins the figures that need more than an equal part.
    pub(super) fn figures(&mut self, figures: Vec<Figure>) -> impl Iterator<Item = (Figure, Data)> + use<> {
        let markup: usize = figures.iter().map(|figure| FIGURE_MARKUP + TITLE * figure.title.len()).sum();
        let room = (self.left / 2).saturating_sub(markup);
        let mut shown: Vec<Data> = figures.iter().map(|figure| fitted(data::figure(figure), room)).collect();
        let sizes: Vec<usize> = shown.iter().map(|data| data.text.len()).collect();
        let most = share(&sizes, room);
        let too_large = std::iter::zip(&figures, &mut shown).filter(|(_, data)| data.text.len() > most);
        too_large.for_each(|(figure, data)| *data = fitted(data::figure(figure), most));
        let used: usize = shown.iter().map(|data| data.text.len()).sum();
        self.left = self.left.saturating_sub(markup + used);
        std::iter::zip(figures, shown)
    }
}

/// The largest size of each within `room`: space not used by small ones goes to the large ones.
fn share(sizes: &[usize], mut room: usize) -> usize {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    for (index, size) in sizes.iter().enumerate() {
        let share = room / (sizes.len() - index);
        if *size > share {
            return share;
        }
        room -= size;
    }
    usize::MAX
}

/// The figure in at most `most` bytes: first with fewer points per line, then with fewer lines.
fn fitted(mut value: Value, most: usize) -> Data {
    let (points, lines) = (longest(&value), value["data"].as_array().map_or(0, Vec::len));
    let kept = reduced(&mut value, most, (points, MIN_POINTS), thin_points);
    let drawn = reduced(&mut value, most, (lines, 1), thin_traces);
    let lines = (drawn < lines).then(|| format!("{drawn} of {lines} lines and markers"));
    let points = (kept < points).then(|| format!("at most {kept} points of each"));
    let left_out: Vec<String> = lines.into_iter().chain(points).collect();
    let note = (!left_out.is_empty())
        .then(|| format!("To keep the page small, this figure shows {}.", left_out.join(", ")));
    Data { text: text(&value), note }
}

/// Lowers a limit, down to `least`, until the rest has at most `most` bytes; returns the limit.
fn reduced(
    value: &mut Value,
    most: usize,
    (mut limit, least): (usize, usize),
    thin: fn(&mut Value, usize),
) -> usize {
    let mut size = data::size(value);
    while size > most && limit > least {
        let fitting = limit as f64 * most as f64 / size as f64;
        limit = (fitting as usize).clamp(least, limit - 1);
        thin(value, limit);
        size = data::size(value);
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn figure(lines: usize, points: usize) -> Value {
        let line = json!({"x": (0..points).collect::<Vec<_>>()});
        json!({"data": vec![line; lines], "axes": []})
    }

    #[test]
    fn large_figures_share_what_small_ones_leave() {
        assert_eq!(share(&[10, 20], 100), usize::MAX);
        // 10 of 100 are used: 45 for each of the other two.
        assert_eq!(share(&[90, 10, 80], 100), 45);
        assert_eq!(share(&[], 0), usize::MAX);
    }

    #[test]
    fn figures_lose_points_before_lines_and_say_so() {
        let Data { text, note } = fitted(figure(1, 10), 10_000);
        assert_eq!((text, note), (super::text(&figure(1, 10)), None));

        let Data { text, note } = fitted(figure(2, 50_000), 10_000);
        let note = note.unwrap();
        assert!(text.len() <= 10_000 && text.len() > 8_000, "{}", text.len());
        assert!(note.contains("points of each") && !note.contains("lines"), "{note}");

        let Data { text, note } = fitted(figure(5_000, 2), 10_000);
        let note = note.unwrap();
        assert!(text.len() <= 10_000 && text.len() > 8_000, "{}", text.len());
        assert!(note.contains("of 5000 lines") && !note.contains("points"), "{note}");
    }
}
