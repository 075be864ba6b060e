//! The folder that a report is written to.

mod names;

pub(crate) use names::*;

use crate::error::ReportError;
use chainrule_record::folder::{Folder, LIST, Outcome};
use std::path::Path;

/// Optional parts of a report, besides its tables, its PNG plots and `report.md`; none by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportOptions {
    /// Also write each plot as `plots/NAME.svg`.
    pub svg: bool,
    /// Also replace files with names of the report that were changed since an earlier report wrote them, or that it
    /// did not write. Links and folders are not replaced.
    pub force: bool,
}

/// Writes files completely or not at all, and never overwrites foreign files.
pub(crate) struct Output<'a> {
    folder: &'a mut Folder,
    /// The prefix of file names: the folder within the full report, if this report is a part of it.
    place: String,
    /// The requested options.
    pub(crate) options: &'a ReportOptions,
    progress: &'a mut dyn FnMut(&str),
}

impl<'a> Output<'a> {
    /// Opens an output, and removes files left behind by killed processes, if `is_ours` knows their names.
    pub(crate) fn new(
        folder: &'a mut Folder,
        options: &'a ReportOptions,
        is_ours: fn(&str) -> bool,
        progress: &'a mut dyn FnMut(&str),
    ) -> Self {
        let is_own = |name: &str| name == LIST || is_ours(name);
        report_folders(folder).iter().for_each(|part| folder.remove_leftovers(part, is_own));
        Self { folder, place: String::new(), options, progress }
    }

    /// The same for a report in a folder within this one.
    pub(crate) fn within(&mut self, folder: &str) -> Output<'_> {
        let place = format!("{}{folder}/", self.place);
        Output { folder: &mut *self.folder, place, options: self.options, progress: &mut *self.progress }
    }

    /// Writes a text file.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> Result<(), ReportError> {
        self.bytes(name, text.as_bytes())
    }

    /// Writes a binary file.
    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        self.file(name, |path| {
            std::fs::write(path, bytes).map_err(|source| ReportError::Write { path: path.to_owned(), source })
        })
    }

    /// Lets `fill` write the file under a temporary name, then renames it.
    pub(crate) fn file(
        &mut self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        let name = format!("{}{name}", self.place);
        (self.progress)(&format!("writing {name}"));
        self.folder.put(&name, fill)
    }
}

/// Removes files that an earlier report wrote and this one did not, if they are unchanged since then. Of the files that
/// the folder does not list, those with a name that `is_ours` knows may be from an earlier version.
pub(crate) fn finish(folder: Folder, is_ours: fn(&str) -> bool) -> Result<Outcome, ReportError> {
    let files = report_folders(&folder).into_iter().flat_map(|part| folder.files(&part));
    let ours: Vec<String> = files.filter(|name| is_ours(name)).collect();
    Ok(folder.finish(|name| !name.starts_with(WEIGHTS), ours)?)
}

/// The folders that contain files of reports.
fn report_folders(folder: &Folder) -> Vec<String> {
    let parts = folder.folders(DATASETS).into_iter().flat_map(|part| [format!("{part}/{PLOTS}"), part]);
    [String::new(), PLOTS.to_owned()].into_iter().chain(parts).collect()
}

#[cfg(test)]
mod tests;
