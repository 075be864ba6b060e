//! The file of `chainrule evaluate --predictions`.

use anyhow::{anyhow, bail};
use chainrule_record::folder::{FolderError, write_whole};
use chainrule_record::text::shown;
use chainrule_runner::evaluate::{Evaluated, Sample};
use same_file::is_same_file;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The first columns, which identify a file of predictions.
const FIRST: [&str; 2] = ["part", "index"];

/// Whether predictions may be written to a path: to a new file, over earlier predictions, or to a device or a pipe.
pub(super) fn check(path: &Path, weights: &Path, data: &[PathBuf]) -> anyhow::Result<()> {
    let is_same = |other: &Path| is_same_file(path, other).unwrap_or(false);
    let wrong = |what: &str| anyhow!("{} {what}\nname another file with --predictions", shown(path));
    if is_same(weights) {
        return Err(wrong("is the weights file that is evaluated"));
    }
    if data.iter().any(|file| is_same(file)) {
        return Err(wrong("is a file of the data set that is evaluated"));
    }
    // `/dev/stdout` is also a link, to a pipe or a terminal.
    let leads_to_device =
        || fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() && !leads_to_device() => {
            Err(wrong("is a symbolic link, and nothing is written through a link"))
        }
        Ok(metadata) if metadata.is_file() && !begins_as_ours(path)? => {
            Err(wrong("exists already and is not a table of predictions"))
        }
        _ => Ok(()),
    }
}

fn begins_as_ours(path: &Path) -> anyhow::Result<bool> {
    let ours = FIRST.join(",");
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(ours.len() as u64).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes.is_empty() || bytes == ours.as_bytes()),
        Err(error) => bail!("cannot read {}: {error}\nname another file with --predictions", shown(path)),
    }
}

/// Writes one row per sample. A file is written completely or not at all.
pub(super) fn write(path: &Path, evaluated: &[Evaluated]) -> anyhow::Result<()> {
    let bytes = table(evaluated).map_err(|error| anyhow!("cannot write {}: {error}", shown(path)))?;
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => stream(path, &bytes)?,
        _ => write_whole(path, &bytes)?,
    }
    Ok(())
}

/// Writes to a device or a pipe, which cannot be replaced by a file.
fn stream(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let file = File::options().write(true).open(path);
    file.and_then(|mut file| file.write_all(bytes))
        .map_err(|source| FolderError::Write { path: path.to_owned(), source })
}

fn table(evaluated: &[Evaluated]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let first = evaluated.iter().flat_map(|part| &part.samples).next();
    table.write_record(first.map(titles).unwrap_or_default())?;
    for part in evaluated {
        for sample in &part.samples {
            table.write_record(row(part.part, sample))?;
        }
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

fn titles(sample: &Sample) -> Vec<String> {
    let numbered = |name: &str, n: usize| (1..=n).map(|i| format!("{name}_{i}")).collect();
    let targets: Vec<String> = match sample.classes {
        None if sample.target.len() > 1 => numbered("target", sample.target.len()),
        _ => vec!["target".to_owned()],
    };
    let outputs: Vec<String> = numbered("output", sample.output.len());
    let predicted = sample.classes.map(|_| "predicted".to_owned());
    let fixed = FIRST.map(str::to_owned);
    fixed.into_iter().chain(targets).chain(outputs).chain(predicted).collect()
}

fn row(part: &str, sample: &Sample) -> Vec<String> {
    let texts = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>();
    let targets = match sample.classes {
        Some((class, _)) => vec![class.to_string()],
        None => texts(&sample.target),
    };
    let predicted = sample.classes.map(|(_, predicted)| predicted.to_string());
    let fixed = [part.to_owned(), sample.index.to_string()];
    fixed.into_iter().chain(targets).chain(texts(&sample.output)).chain(predicted).collect()
}
