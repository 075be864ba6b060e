//! Tables by column, with the best of a column in bold.

use super::markdown::{self, code, plain};
use crate::text::one_line;
use chainrule_record::Better;

/// The format of names and numbers: Markdown or plain.
#[derive(Clone, Copy)]
pub(super) enum Dress {
    Markdown,
    Plain,
}

impl Dress {
    /// `texts` with the best in bold, if the format has bold.
    pub(super) fn bold_best(self, values: &[Option<f64>], texts: Vec<String>, better: Better) -> Vec<String> {
        match self {
            Self::Markdown => bold_best(values, texts, better),
            Self::Plain => texts,
        }
    }

    /// A plain text.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::Markdown => plain(text),
            Self::Plain => one_line(text),
        }
    }

    /// A name of a setting or a value.
    pub(super) fn name(self, text: &str) -> String {
        match self {
            Self::Markdown => code(text),
            Self::Plain => one_line(text),
        }
    }
}

/// A title, and the cells below it.
pub(super) type Column = (String, Vec<String>);

/// A table of columns.
pub(super) fn table(columns: &[Column]) -> String {
    let titles: Vec<&String> = columns.iter().map(|(title, _)| title).collect();
    markdown::table(&titles, &rows(columns))
}

/// The rows of a table of columns.
pub(super) fn rows(columns: &[Column]) -> Vec<Vec<String>> {
    let count = columns.first().map_or(0, |(_, cells)| cells.len());
    (0..count).map(|index| columns.iter().map(|(_, cells)| cells[index].clone()).collect()).collect()
}

/// `texts` with the best in bold, unless all are equally good.
pub(super) fn bold_best(values: &[Option<f64>], texts: Vec<String>, better: Better) -> Vec<String> {
    let known = values.iter().flatten().copied();
    let best = match better {
        Better::Lower => known.min_by(f64::total_cmp),
        Better::Higher => known.max_by(f64::total_cmp),
    };
    let is_best = |value: &Option<f64>| value.is_some() && *value == best;
    if values.iter().all(is_best) {
        return texts;
    }
    let text =
        |(text, value): (String, &Option<f64>)| if is_best(value) { format!("**{text}**") } else { text };
    texts.into_iter().zip(values).map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_bold_unless_nothing_differs() {
        let bold = |values: &[Option<f64>], better| {
            let texts = values.iter().map(|value| value.map_or("–".to_owned(), |value| value.to_string()));
            bold_best(values, texts.collect(), better)
        };
        let values = [Some(2.0), None, Some(1.0), Some(2.0)];
        assert_eq!(bold(&values, Better::Lower), ["2", "–", "**1**", "2"]);
        assert_eq!(bold(&values, Better::Higher), ["**2**", "–", "1", "**2**"]);
        assert_eq!(bold(&[Some(1.0), Some(1.0)], Better::Lower), ["1", "1"]);
        assert_eq!(bold(&[None, None], Better::Lower), ["–", "–"]);
    }
}
