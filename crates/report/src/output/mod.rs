//! The folder that a report is written to.

mod names;

pub use names::is_report_file;
pub(crate) use names::*;

use crate::error::ReportError;
use chainrule_record::folder::{Folder, Outcome};
use std::path::Path;

/// What a report has beside its tables, its PNG plots and `report.md`: nothing, unless it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportOptions {
    /// Each plot also as `plots/NAME.svg`.
    pub svg: bool,
    /// Also replace files of the report's names that are not as an earlier report wrote them. Links and folders are not
    /// replaced.
    pub force: bool,
}

/// Writes files whole or not at all, and none over a file of others.
pub(crate) struct Output<'a> {
    folder: &'a mut Folder,
    /// What precedes the names of files: the folder within the whole report's, if this is a part of it.
    place: String,
    /// What was asked for.
    pub(crate) options: &'a ReportOptions,
    progress: &'a mut dyn FnMut(&str),
}

impl<'a> Output<'a> {
    /// Removes what killed processes have left.
    pub(crate) fn new(
        folder: &'a mut Folder,
        options: &'a ReportOptions,
        progress: &'a mut dyn FnMut(&str),
    ) -> Self {
        report_folders(folder).iter().for_each(|part| folder.remove_leftovers(part, is_own_file));
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

    /// Writes a file of bytes.
    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        self.file(name, |path| {
            std::fs::write(path, bytes).map_err(|source| ReportError::Write { path: path.to_owned(), source })
        })
    }

    /// Has `fill` write the file under a temporary name, then gives it its own.
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

/// Removes what an earlier report made and this one did not, as far as it is as that report wrote it.
pub(crate) fn finish(folder: Folder) -> Result<Outcome, ReportError> {
    let files = report_folders(&folder).into_iter().flat_map(|part| folder.files(&part));
    let ours: Vec<String> = files.filter(|name| is_report_file(name)).collect();
    Ok(folder.finish(|name| !name.starts_with(WEIGHTS), ours)?)
}

/// The folders that files of reports are in.
fn report_folders(folder: &Folder) -> Vec<String> {
    let parts = folder.folders(DATASETS).into_iter().flat_map(|part| [format!("{part}/{PLOTS}"), part]);
    [String::new(), PLOTS.to_owned()].into_iter().chain(parts).collect()
}

#[cfg(test)]
mod tests;
