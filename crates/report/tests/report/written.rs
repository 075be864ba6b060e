//! Reports on disk.

use crate::support::{Synthetic, axis, manifest};
use crate::vectors::texts;
use chainrule_record::text::from_os;
use chainrule_record::{ExperimentInfo, RunRecord};
use chainrule_report::{ReportOptions, Results, Source};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// A written report.
pub(crate) struct Written {
    folder: PathBuf,
    pub(crate) files: Vec<String>,
    pub(crate) answer: String,
}

impl Written {
    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
    }

    /// The names of the PNG files in `plots/`, without the extension, sorted.
    pub(crate) fn plots(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.join("plots")).into_iter().flatten();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut plots: Vec<String> =
            names.filter_map(|name| name.strip_suffix(".png").map(str::to_owned)).collect();
        plots.sort();
        plots
    }

    /// A table: the titles, then the rows.
    pub(crate) fn table(&self, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let bytes = self.bytes(name);
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let titles = cells(reader.headers().unwrap());
        (titles, reader.records().map(|record| cells(&record.unwrap())).collect())
    }
}

/// Writes the report of all runs into a folder with this name.
pub(crate) fn write(name: &str, experiment: &Synthetic) -> Written {
    write_records(name, &experiment.info(), &experiment.records())
}

/// Results as if read from a store.
pub(crate) fn results(info: &ExperimentInfo, records: &[RunRecord], confirmation: &[RunRecord]) -> Results {
    let source = Source {
        label: info.name.clone(),
        file: info.file.clone(),
        folder: "results/sweep".into(),
        manifest: manifest(),
    };
    let (records, confirmation) = (records.to_vec(), confirmation.to_vec());
    Results { info: info.clone(), records, confirmation, sources: vec![source], warnings: Vec::new() }
}

/// Writes the report of some runs, with all options, into an empty folder with this name.
pub(crate) fn write_records(name: &str, info: &ExperimentInfo, records: &[RunRecord]) -> Written {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    write_over(&folder, info, records, &ReportOptions { svg: true, ..ReportOptions::default() })
}

/// Writes the report of some runs over the files in the folder.
pub(crate) fn write_over(
    folder: &Path,
    info: &ExperimentInfo,
    records: &[RunRecord],
    options: &ReportOptions,
) -> Written {
    let summary =
        chainrule_report::write(&results(info, records, &[]), options, folder, &mut |_| {}).unwrap();
    let name = |path: &PathBuf| from_os(path.strip_prefix(folder).unwrap().as_os_str());
    let written = Written {
        files: summary.files.iter().map(name).collect(),
        answer: summary.answer,
        folder: folder.to_owned(),
    };
    // In every test, all files have known names, and the plots are valid.
    let unknown: Vec<_> =
        written.files.iter().filter(|name| !chainrule_report::is_report_file(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let drawn = if options.svg { written.plots() } else { Vec::new() };
    drawn.iter().for_each(|plot| drop(texts(&written, plot)));
    written
}

/// Optimizers at four learning rates.
pub(crate) fn optimizers(labels: &[&str]) -> Synthetic {
    let names: Vec<_> = labels.iter().map(|label| json!(label)).collect();
    let rates = [0.001, 0.01, 0.1, 1.0].map(|rate| json!(rate));
    Synthetic {
        axes: vec![("optimizer", axis(&names)), ("learning_rate", axis(&rates))],
        compare: Some("optimizer"),
        ..Synthetic::default()
    }
}
