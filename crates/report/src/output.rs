//! The folder that a report is written to.

use crate::{ReportError, ReportOptions};
use chainrule_record::text::from_os;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Writes files whole or not at all, and remembers which.
pub(crate) struct Output<'a> {
    folder: PathBuf,
    /// What comes before the names of files when progress is told.
    place: String,
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
pub(crate) const MATCHED: &str = "matched.csv";
pub(crate) const TIME_TO_TARGET: &str = "time_to_target.csv";
pub(crate) const PROFILES: &str = "profiles.csv";
pub(crate) const SENSITIVITY: &str = "sensitivity.csv";
pub(crate) const TRADEOFFS: &str = "tradeoffs.csv";
const OPTIONAL: [&str; 14] = [
    MATCHED,
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

/// What every report of training has.
const REPORT: &str = "report.md";
const ALWAYS: [&str; 3] = [REPORT, "report.html", "runs.csv"];

/// The sub-folder of the reports on single data sets.
pub(crate) const DATASETS: &str = "datasets";
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
        Ok(Self { folder: folder.to_owned(), place: String::new(), options, written: Vec::new(), progress })
    }

    /// The same for a report in a folder within this one.
    pub(crate) fn within(&mut self, folder: &str) -> Result<Output<'_>, ReportError> {
        let mut output = Output::create(&self.folder.join(folder), self.options, &mut *self.progress)?;
        output.place = format!("{}{folder}/", self.place);
        Ok(output)
    }

    /// Counts the files of a report within this one as written.
    pub(crate) fn has(&mut self, files: Vec<PathBuf>) {
        self.written.extend(files);
    }

    /// Writes a text file.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> Result<(), ReportError> {
        self.file(name, |path| {
            fs::write(path, text).map_err(|source| ReportError::Write { path: path.to_owned(), source })
        })
    }

    /// Has `fill` write the file under a temporary name, then gives it its own.
    pub(crate) fn file(
        &mut self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        (self.progress)(&format!("writing {}{name}", self.place));
        let path = self.folder.join(name);
        let temporary = temporary(&path);
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
        clear(&self.folder, &OPTIONAL, &ours)?;
        [self.folder.clone(), self.folder.join(PLOTS)].iter().for_each(|folder| clear_leftovers(folder));
        let is_stale = |folder: &PathBuf| {
            folder.join(REPORT).is_file() && !self.written.iter().any(|file| file.starts_with(folder))
        };
        for folder in entries(&self.folder.join(DATASETS))?.iter().filter(|folder| is_stale(folder)) {
            clear(folder, &[&OPTIONAL[..], &ALWAYS].concat(), &BTreeSet::new())?;
            // What else lies there is not ours, and keeps its folder.
            drop(fs::remove_dir(folder.join(PLOTS)).and_then(|()| fs::remove_dir(folder)));
        }
        drop(fs::remove_dir(self.folder.join(DATASETS)));
        Ok(self.written)
    }
}

/// What comes before the process in the extension of a file that is being written.
const PARTIAL: &str = "partial-";
/// A file that is being written does not stay so for this long: its process was killed.
const LEFTOVER_AFTER: Duration = Duration::from_secs(3600);

/// The name of a file while it is written: another process may be writing the same. It keeps the extension, from which the image
/// encoder takes the format.
fn temporary(path: &Path) -> PathBuf {
    let extension = from_os(path.extension().unwrap_or_default());
    path.with_extension(format!("{PARTIAL}{}.{extension}", std::process::id()))
}

/// Whether a file has such a name.
fn is_partial(path: &Path) -> bool {
    let stem = path.file_stem().map(Path::new).and_then(Path::extension);
    let process = stem.and_then(|stem| stem.to_str()?.strip_prefix(PARTIAL));
    process.is_some_and(|process| process.parse::<u32>().is_ok())
}

/// Removes what processes that were killed have left, as far as that is possible.
fn clear_leftovers(folder: &Path) {
    let age = |path: &PathBuf| path.metadata().ok()?.modified().ok()?.elapsed().ok();
    let is_old = |path: &PathBuf| age(path).is_some_and(|age| age > LEFTOVER_AFTER);
    let files = entries(folder).unwrap_or_default().into_iter();
    files.filter(|path| is_partial(path) && is_old(path)).for_each(|path| drop(fs::remove_file(path)));
}

/// Removes those of `tables`, and of all plots, that are not `ours`.
fn clear(folder: &Path, tables: &[&str], ours: &BTreeSet<&PathBuf>) -> Result<(), ReportError> {
    let is_plot = |path: &PathBuf| {
        path.extension().is_some_and(|extension| PLOT.iter().any(|known| extension == *known))
            && !is_partial(path)
    };
    let plots = entries(&folder.join(PLOTS))?.into_iter().filter(is_plot);
    let stale = tables.iter().map(|name| folder.join(name)).chain(plots);
    for path in stale.filter(|path| path.is_file() && !ours.contains(path)) {
        match fs::remove_file(&path) {
            // Another report was faster.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed.map_err(|source| ReportError::Write { path, source })?,
        }
    }
    Ok(())
}

/// What lies in a folder; nothing where there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let failed = |source| ReportError::Write { path: folder.to_owned(), source };
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed(error)),
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
    fn only_what_a_killed_process_left_long_ago_is_removed() {
        let folder = folder("leftovers");
        let mut silent = |_: &str| {};
        let output = Output::create(&folder, &ReportOptions { svg: false }, &mut silent).unwrap();
        let leave = |name: &str, age: Duration| {
            let file = fs::File::create(folder.join(name)).unwrap();
            let now = file.metadata().unwrap().modified().unwrap();
            file.set_modified(now - age).unwrap();
        };
        let long = LEFTOVER_AFTER + Duration::from_secs(60);
        leave("report.partial-77.md", long);
        leave("plots/a.partial-77.png", long);
        leave("report.partial-78.md", Duration::ZERO);
        leave("plots/b.partial-78.png", Duration::ZERO);
        leave("mine.partial-x.md", long);
        output.finish().unwrap();
        let exists = |name: &str| folder.join(name).exists();
        assert!(!exists("report.partial-77.md") && !exists("plots/a.partial-77.png"));
        assert!(exists("report.partial-78.md") && exists("plots/b.partial-78.png"), "another may be writing");
        assert!(exists("mine.partial-x.md"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn reports_of_data_sets_that_are_gone_go_and_other_files_stay() {
        let folder = folder("datasets");
        for name in [
            "iris/report.md",
            "iris/plots/a.png",
            "wine/report.md",
            "wine/summary.csv",
            "wine/notes.txt",
            "mine/notes.txt",
        ] {
            let path = folder.join(DATASETS).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let mut silent = |_: &str| {};
        let options = ReportOptions::default();
        let mut output = Output::create(&folder, &options, &mut silent).unwrap();
        let mut digits = output.within("datasets/digits").unwrap();
        digits.text(REPORT, "y").unwrap();
        let files = digits.finish().unwrap();
        output.has(files);
        assert_eq!(output.finish().unwrap(), [folder.join("datasets/digits/report.md")]);
        let exists = |name: &str| folder.join(DATASETS).join(name).exists();
        assert!(exists("digits/report.md") && exists("wine/notes.txt") && exists("mine/notes.txt"));
        assert!(!exists("iris") && !exists("wine/report.md") && !exists("wine/summary.csv"));
        // Without data sets that vary nothing of theirs stays.
        fs::remove_dir_all(folder.join("datasets/wine")).unwrap();
        fs::remove_dir_all(folder.join("datasets/mine")).unwrap();
        Output::create(&folder, &options, &mut silent).unwrap().finish().unwrap();
        assert!(!folder.join(DATASETS).exists());
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
