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
    /// A legend with a title.
    pub(crate) fn new(title: impl Into<String>, entries: impl IntoIterator<Item = Entry>) -> Self {
        Self { title: title.into(), entries: entries.into_iter().collect() }
    }

    /// Compared values, each with the configuration shown for it, if there is one; its note is followed by the number
    /// of lost runs.
    pub(crate) fn of_compared<'a>(
        analysis: &'a Analysis,
        shown: impl IntoIterator<Item = (usize, Option<&'a Configuration<'a>>, Option<String>)>,
    ) -> Self {
        let shown = shown.into_iter().filter_map(|(compared, one, note)| Some((compared, one?, note)));
        let entries = shown.map(|(compared, one, note)| Entry {
            details: words::details(analysis, one),
            notes: note.into_iter().chain(words::lost(one)).collect(),
            ..Entry::compared(analysis, compared)
        });
        Self::new(analysis.compared_name(), entries)
    }
}

impl Entry {
    /// The entry of a series.
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

    /// The entry of a compared value.
    pub(crate) fn compared(analysis: &Analysis, compared: usize) -> Self {
        Self::series(compared, &analysis.compared[compared].short)
    }

    /// The same entry with notes.
    pub(crate) fn noting(self, notes: impl IntoIterator<Item = String>) -> Self {
        Self { notes: notes.into_iter().collect(), ..self }
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
    /// A colour scale beside maps, on which high is bright.
    pub(crate) fn new(label: impl Into<String>, scale: Scale) -> Self {
        Self { label: label.into(), scale, is_reversed: false, brightest: 1.0, is_axis: false }
    }

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
