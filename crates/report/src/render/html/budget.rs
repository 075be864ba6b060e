//! Keeps a page below 10 MB: figures and the table of runs share the room that the text leaves.

use super::data::{self, text};
use super::thinning::{longest, thin_points, thin_traces};
use crate::draw::Figure;
use serde_json::Value;

/// The largest page, in bytes.
const MAX_PAGE: usize = 10_000_000;

/// The markup around a figure without its texts, in bytes: at most about so much.
const FIGURE_MARKUP: usize = 4_000;

/// How often the title of a figure is on the page, at most, and how many bytes HTML has for one sign.
const TITLE: usize = 5 * 6;

/// A line keeps this many points before whole lines are left out.
const MIN_POINTS: usize = 40;

/// The bytes that are left.
pub(super) struct Room {
    left: usize,
}

/// What a figure draws, for the script of the page.
pub(super) struct Data {
    pub(super) text: String,
    /// What was left out, if anything.
    pub(super) note: Option<String>,
}

impl Room {
    /// The room beside the page as it is so far.
    pub(super) fn beside(page: &str) -> Self {
        Self { left: MAX_PAGE.saturating_sub(page.len()) }
    }

    /// The bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Gives figures at most half of the room, and thins those that need more than their share.
    pub(super) fn figures(&mut self, figures: Vec<Figure>) -> impl Iterator<Item = (Figure, Data)> + use<> {
        let markup: usize = figures.iter().map(|figure| FIGURE_MARKUP + TITLE * figure.title.len()).sum();
        let texts: Vec<String> = figures.iter().map(|figure| text(&data::figure(figure))).collect();
        let sizes: Vec<usize> = texts.iter().map(String::len).collect();
        let most = share(&sizes, (self.left / 2).saturating_sub(markup));
        let data = std::iter::zip(&figures, texts).map(|(figure, text)| fitted(figure, text, most));
        let data: Vec<Data> = data.collect();
        let used: usize = data.iter().map(|data| data.text.len()).sum();
        self.left = self.left.saturating_sub(markup + used);
        std::iter::zip(figures, data)
    }
}

/// The most that each may take of `room`: what small ones leave goes to the large ones.
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

/// The figure in at most `most` bytes: first with fewer points a line, then with fewer lines.
fn fitted(figure: &Figure, full: String, most: usize) -> Data {
    if full.len() <= most {
        return Data { text: full, note: None };
    }
    let mut value = data::figure(figure);
    let (points, lines) = (longest(&value), value["data"].as_array().map_or(0, Vec::len));
    let (text, kept) = reduced(&mut value, full, most, (points, MIN_POINTS), thin_points);
    let (text, drawn) = reduced(&mut value, text, most, (lines, 1), thin_traces);
    let lines = (drawn < lines).then(|| format!("{drawn} of {lines} lines and markers"));
    let points = (kept < points).then(|| format!("at most {kept} points of each"));
    let shown: Vec<String> = lines.into_iter().chain(points).collect();
    Data { text, note: Some(format!("To keep the page small, this figure shows {}.", shown.join(", "))) }
}

/// Lowers a limit from `from` to `least` until the text has at most `most` bytes.
fn reduced(
    value: &mut Value,
    mut full: String,
    most: usize,
    (mut limit, least): (usize, usize),
    thin: fn(&mut Value, usize),
) -> (String, usize) {
    while full.len() > most && limit > least {
        let fitting = limit as f64 * most as f64 / full.len() as f64;
        limit = (fitting as usize).clamp(least, limit - 1);
        thin(value, limit);
        full = text(value);
    }
    (full, limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn figure(lines: usize, points: usize) -> Figure {
        let line = json!({"x": (0..points).collect::<Vec<_>>(), "y": vec![0.5; points]});
        Figure {
            name: "lines".to_owned(),
            title: "Lines".to_owned(),
            signs: Vec::new(),
            caption: "",
            table: "plots/lines.csv".to_owned(),
            plot: json!({"data": vec![line; lines], "layout": {}}),
            height: 400,
            least_width: 0,
            logarithmic: None,
            axes: Vec::new(),
        }
    }

    #[test]
    fn large_figures_share_what_small_ones_leave() {
        assert_eq!(share(&[10, 20], 100), usize::MAX);
        // 10 of 100 are taken: 45 for each of the other two.
        assert_eq!(share(&[90, 10, 80], 100), 45);
        assert_eq!(share(&[], 0), usize::MAX);
    }

    #[test]
    fn figures_take_half_of_the_room_and_say_what_is_left_out() {
        let mut room = Room { left: 200_000 };
        let shown: Vec<Data> = room
            .figures(vec![figure(1, 10), figure(2, 50_000), figure(5_000, 2)])
            .map(|(_, data)| data)
            .collect();
        assert!(shown.iter().map(|data| data.text.len()).sum::<usize>() <= 100_000);
        assert!(room.left() >= 88_000, "{}", room.left());
        assert_eq!(shown[0].note, None);
        let note = shown[1].note.as_deref().unwrap();
        assert!(note.contains("points of each") && !note.contains("lines"), "{note}");
        let note = shown[2].note.as_deref().unwrap();
        assert!(note.contains("of 5000 lines") && !note.contains("points"), "{note}");
    }
}
