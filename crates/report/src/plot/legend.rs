//! What colours, dashes and markers mean.

use super::{Ink, Scale, Stroke, Symbol, words};
use crate::analysis::{Analysis, Configuration};

/// The legend beside the panels; none if it has no entries.
#[derive(Debug, Default)]
pub(crate) struct Legend {
    /// What the entries are values of.
    pub(crate) title: String,
    /// One for each group of marks.
    pub(crate) entries: Vec<Entry>,
}

/// An entry of the legend.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Which marks it stands for.
    pub(crate) group: usize,
    /// Their colour.
    pub(crate) ink: Ink,
    /// Their line, if they have one.
    pub(crate) stroke: Option<Stroke>,
    /// Their marker, if they have one.
    pub(crate) symbol: Option<Symbol>,
    /// What it is.
    pub(crate) label: String,
    /// Its settings.
    pub(crate) details: Vec<String>,
    /// What the reader should not miss.
    pub(crate) notes: Vec<String>,
}

impl Legend {
    /// Compared values, each with the configuration that is shown of it, and with notes before how many of its runs were lost.
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

/// The scale of colours.
#[derive(Debug)]
pub(crate) struct ColorBar {
    /// What the colours measure.
    pub(crate) label: String,
    /// From numbers to shares of the scale.
    pub(crate) scale: Scale,
    /// Whether low is bright.
    pub(crate) is_reversed: bool,
    /// Its brightest share: lines of the brightest colours could not be seen on white.
    pub(crate) brightest: f64,
    /// Whether it is the last axis of the panel: y = 0 and y = 1 of the panel are its ends.
    pub(crate) is_axis: bool,
}

impl ColorBar {
    /// The share of brightness of a number.
    pub(crate) fn share(&self, value: f64) -> f64 {
        self.share_at(self.scale.position(value))
    }

    /// The share of brightness at a place of the scale, from 0 to 1.
    pub(crate) fn share_at(&self, position: f64) -> f64 {
        self.brightest * if self.is_reversed { 1.0 - position } else { position }
    }

    /// The place of the scale at which a share of brightness lies.
    pub(crate) fn place(&self, share: f64) -> f64 {
        let place = share / self.brightest;
        if self.is_reversed { 1.0 - place } else { place }
    }
}
