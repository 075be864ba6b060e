//! The folder that a report is written to.

use crate::{ReportError, ReportOptions};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes files whole or not at all, and remembers which.
pub(crate) struct Output<'a> {
    folder: PathBuf,
    /// What was asked for.
    pub(crate) options: &'a ReportOptions,
    written: Vec<PathBuf>,
    progress: &'a mut dyn FnMut(&str),
}

/// The tables that not every report has.
pub(crate) const LAYERS: &str = "layers.csv";
pub(crate) const HESSIAN: &str = "hessian.csv";
pub(crate) const EIGENVALUES: &str = "eigenvalues.csv";
pub(crate) const CURVES: &str = "curves.csv";
pub(crate) const SUMMARY: &str = "summary.csv";
pub(crate) const GRADIENT_CHECK: &str = "gradient_check.csv";
pub(crate) const FAULTS: &str = "faults.csv";
pub(crate) const CLAIMS: &str = "claims.csv";
pub(crate) const COMPARISONS: &str = "comparisons.csv";
pub(crate) const TIME_TO_TARGET: &str = "time_to_target.csv";
pub(crate) const PROFILES: &str = "profiles.csv";
pub(crate) const SENSITIVITY: &str = "sensitivity.csv";
pub(crate) const TRADEOFFS: &str = "tradeoffs.csv";
const OPTIONAL: [&str; 13] = [
    LAYERS,
    HESSIAN,
    EIGENVALUES,
    CURVES,
    SUMMARY,
    GRADIENT_CHECK,
    FAULTS,
    CLAIMS,
    COMPARISONS,
    TIME_TO_TARGET,
    PROFILES,
    SENSITIVITY,
    TRADEOFFS,
];

/// The sub-folder of the plots.
pub(crate) const PLOTS: &str = "plots";
/// What the files of plots end in.
const PLOT: [&str; 3] = ["png", "svg", "csv"];

impl<'a> Output<'a> {
    /// Makes the folder and its `plots/`.
    pub(crate) fn create(
        folder: &Path,
        options: &'a ReportOptions,
        progress: &'a mut dyn FnMut(&str),
    ) -> Result<Self, ReportError> {
        let plots = folder.join(PLOTS);
        fs::create_dir_all(&plots).map_err(|source| ReportError::Write { path: plots, source })?;
        Ok(Self { folder: folder.to_owned(), options, written: Vec::new(), progress })
    }

    /// Writes a text file.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> Result<(), ReportError> {
        self.file(name, |path| {
            fs::write(path, text).map_err(|source| ReportError::Write { path: path.to_owned(), source })
        })
    }

    /// Has `fill` write the file under a temporary name, then gives it its own. The temporary name keeps the
    /// extension, from which the image encoder takes the format.
    pub(crate) fn file(
        &mut self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        (self.progress)(&format!("writing {name}"));
        let path = self.folder.join(name);
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let temporary = path.with_extension(format!("partial.{extension}"));
        let result = fill(&temporary).and_then(|()| {
            fs::rename(&temporary, &path).map_err(|source| ReportError::Write { path: path.clone(), source })
        });
        match result {
            Ok(()) => self.written.push(path),
            // The first error is the one to report; a leftover is removed as far as that is possible.
            Err(_) => drop(fs::remove_file(&temporary)),
        }
        result
    }

    /// Removes what an earlier report made and this one did not, and returns the files written.
    pub(crate) fn finish(self) -> Result<Vec<PathBuf>, ReportError> {
        let ours: BTreeSet<&PathBuf> = self.written.iter().collect();
        let plots = self.folder.join(PLOTS);
        let failed = |path: &Path, source| ReportError::Write { path: path.to_owned(), source };
        for table in OPTIONAL.map(|name| self.folder.join(name)) {
            if table.is_file() && !ours.contains(&table) {
                fs::remove_file(&table).map_err(|source| failed(&table, source))?;
            }
        }
        for entry in fs::read_dir(&plots).map_err(|source| failed(&plots, source))? {
            let path = entry.map_err(|source| failed(&plots, source))?.path();
            let is_plot =
                path.extension().is_some_and(|extension| PLOT.iter().any(|known| extension == *known));
            if is_plot && path.is_file() && !ours.contains(&path) {
                fs::remove_file(&path).map_err(|source| failed(&path, source))?;
            }
        }
        Ok(self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("chainrule-output-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        folder
    }

    #[test]
    fn stale_plots_go_and_other_files_stay() {
        let folder = folder("stale");
        fs::create_dir_all(folder.join(PLOTS)).unwrap();
        for name in [
            "plots/old.png",
            "plots/old.svg",
            "plots/old.csv",
            "plots/notes.txt",
            "old.csv",
            "layers.csv",
            "claims.csv",
            "hessian.csv",
        ] {
            fs::write(folder.join(name), "x").unwrap();
        }
        let mut silent = |_: &str| {};
        let mut output = Output::create(&folder, &ReportOptions { svg: false }, &mut silent).unwrap();
        output.text("plots/new.csv", "y").unwrap();
        assert_eq!(output.finish().unwrap(), [folder.join("plots/new.csv")]);
        let exists = |name: &str| folder.join(name).exists();
        assert!(!exists("plots/old.png") && !exists("plots/old.svg") && !exists("plots/old.csv"));
        assert!(!exists("layers.csv") && !exists("claims.csv") && !exists("hessian.csv"));
        assert!(exists("plots/notes.txt") && exists("old.csv") && exists("plots/new.csv"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_that_fails_leaves_the_earlier_one_and_nothing_else() {
        let folder = folder("failing");
        let mut silent = |_: &str| {};
        let mut output = Output::create(&folder, &ReportOptions { svg: false }, &mut silent).unwrap();
        output.text("report.md", "earlier").unwrap();
        let error = output.file("report.md", |path| {
            fs::write(path, "half").unwrap();
            Err(ReportError::Draw { path: path.to_owned(), cause: "no more paper".to_owned() })
        });
        assert!(error.unwrap_err().to_string().contains("no more paper"));
        assert_eq!(fs::read_to_string(folder.join("report.md")).unwrap(), "earlier");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "report.md and plots");
        fs::remove_dir_all(&folder).unwrap();
    }
}
