//! The meaning of colours, dashes and markers.

use super::{Ink, Scale, Stroke, Symbol, words};
use crate::analysis::{Analysis, Configuration};

/// The legend beside the panels; omitted if it has no entries.
#[derive(Debug, Default)]
pub(crate) struct Legend {
    /// The name of the setting whose values are the entries.
    pub(crate) title: String,
    /// One for each group of marks.
    pub(crate) entries: Vec<Entry>,
}

/// An entry of the legend.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The group of marks that it describes.
    pub(crate) group: usize,
    /// Their colour.
    pub(crate) ink: Ink,
    /// Their line, if they have one.
    pub(crate) stroke: Option<Stroke>,
    /// Their marker, if they have one.
    pub(crate) symbol: Option<Symbol>,
    /// The name of the group.
    pub(crate) label: String,
    /// Its settings.
    pub(crate) details: Vec<String>,
    /// Warnings that the reader should not miss.
    pub(crate) notes: Vec<String>,
}

impl Legend {
    /// Compared values, each with the configuration shown for it; its notes are followed by the number of lost runs.
    pub(crate) fn of_compared<'a>(
        analysis: &'a Analysis,
        shown: impl IntoIterator<Item = (usize, &'a Configuration<'a>, Vec<String>)>,
    ) -> Self {
        let entry = |(compared, one, notes): (usize, &Configuration, Vec<String>)| Entry {
            details: words::details(analysis, one),
            notes: notes.into_iter().chain(words::lost(one)).collect(),
            ..Entry::series(compared, &analysis.compared[compared].short)
        };
        Self { title: analysis.compared_name().to_owned(), entries: shown.into_iter().map(entry).collect() }
    }
}

impl Entry {
    /// The entry of a compared value.
    pub(crate) fn series(index: usize, label: impl Into<String>) -> Self {
        Self {
            group: index,
            ink: Ink::Series(index),
            stroke: Some(Stroke::series(index)),
            symbol: Some(Symbol::Series(index)),
            label: label.into(),
            details: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// The colour scale.
#[derive(Debug)]
pub(crate) struct ColorBar {
    /// The quantity that the colours show.
    pub(crate) label: String,
    /// Maps numbers to fractions of the scale.
    pub(crate) scale: Scale,
    /// Whether low is bright.
    pub(crate) is_reversed: bool,
    /// The largest brightness used, as a fraction: lines in the brightest colours are invisible on white.
    pub(crate) brightest: f64,
    /// Whether it is the last axis of the panel: its ends are y = 0 and y = 1 of the panel.
    pub(crate) is_axis: bool,
}

impl ColorBar {
    /// The brightness of a number, as a fraction.
    pub(crate) fn share(&self, value: f64) -> f64 {
        self.share_at(self.scale.position(value))
    }

    /// The brightness at a position on the scale from 0 to 1, as a fraction.
    pub(crate) fn share_at(&self, position: f64) -> f64 {
        self.brightest * if self.is_reversed { 1.0 - position } else { position }
    }

    /// The position on the scale that has a given brightness.
    pub(crate) fn place(&self, share: f64) -> f64 {
        let place = share / self.brightest;
        if self.is_reversed { 1.0 - place } else { place }
    }
}
