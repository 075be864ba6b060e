//! Finds and reads the files of data sets.

use super::LoadError;
use super::container::contents;
use crate::file;
use chainrule_core::dataset::{DataFile, Dataset};
use chainrule_core::registry::nearest;
use chainrule_record::text::shown;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folders in which files of data sets are looked for.
#[derive(Debug, Clone)]
pub(super) struct Folders {
    /// The folder of the experiment file; searched first.
    pub(super) experiment: Option<PathBuf>,
    /// The data folder.
    pub(super) data: PathBuf,
}

/// A place where a file may be, and the file to take from it if it is an archive.
struct Place {
    path: PathBuf,
    member: Option<String>,
}

impl Folders {
    /// The possible paths of a data set's files.
    pub(super) fn paths(&self, dataset: &Dataset) -> Vec<PathBuf> {
        let files = dataset.kernel().files();
        files.iter().flat_map(|file| self.places(&file.path)).map(|place| place.path).collect()
    }

    /// The contents of a data set's files, in the order of their names in the data set.
    pub(super) fn read_all(&self, dataset: &Dataset) -> Result<Vec<Vec<u8>>, LoadError> {
        dataset.kernel().files().iter().map(|file| self.read(dataset.name(), file)).collect()
    }

    fn read(&self, dataset: &'static str, file: &DataFile) -> Result<Vec<u8>, LoadError> {
        let mut found = self.places(&file.path).into_iter().filter(|place| place.path.exists());
        let Some(place) = found.next() else { return Err(self.missing(dataset, file)) };
        // A compressed copy beside the plain file is common; a second file in another folder may be a mistake.
        if let Some(other) = found.find(|other| folder(&other.path) != folder(&place.path)) {
            let (used, other) = (shown(&place.path), shown(&other.path));
            tracing::warn!("`{}` is in two folders: {used} is used, {other} is not", shown(&file.path));
        }
        let read = || contents(file::open(&place.path)?, place.member.as_deref());
        read().map_err(|error| match error.kind() {
            ErrorKind::NotFound => self.missing(dataset, file),
            _ => LoadError::Unreadable { path: place.path.clone(), problem: error.to_string() },
        })
    }

    /// In each folder: the file under its own name, then with `.gz`, then inside an archive.
    fn places(&self, name: &str) -> Vec<Place> {
        let mut places = Vec::new();
        let is_absolute = Path::new(name).is_absolute();
        for folder in self.experiment.iter().filter(|_| !is_absolute).chain([&self.data]) {
            let of = |name: &str, member: Option<&str>| Place {
                path: folder.join(name),
                member: member.map(str::to_owned),
            };
            places.extend([of(name, None), of(&format!("{name}.gz"), None)]);
            places.extend(archive(name).map(|(archive, member)| of(archive, Some(member))));
        }
        places
    }

    fn missing(&self, dataset: &'static str, file: &DataFile) -> LoadError {
        let folders: Vec<&PathBuf> = self.experiment.iter().chain([&self.data]).collect();
        let looked = match folders.as_slice() {
            [experiment, data] => format!(
                "neither in `{}`, the folder of the experiment file, nor in the data folder `{}`",
                shown(if experiment.as_os_str().is_empty() { Path::new(".") } else { experiment }),
                shown(data)
            ),
            _ => format!("not in the data folder `{}`", shown(&self.data)),
        };
        let similar = folders.iter().find_map(|folder| similar(&folder.join(&file.path)));
        let advice = similar.map_or_else(
            || file.source.to_owned(),
            |name| format!("did you mean `{}`? If not, {}", shown(name), file.source),
        );
        LoadError::Missing { dataset, path: file.path.clone(), looked, advice }
    }
}

fn folder(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()?.parent().map(Path::to_owned)
}

/// An archive and the file in it, as in `data.zip/table.csv`.
fn archive(name: &str) -> Option<(&str, &str)> {
    let end = name.to_ascii_lowercase().find(".zip/")? + ".zip".len();
    Some((&name[..end], &name[end + 1..]))
}

/// The name of the file in the same folder whose name is most similar.
fn similar(path: &Path) -> Option<String> {
    let names = std::fs::read_dir(path.parent()?).ok()?;
    let names: Vec<String> = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::fs;

    fn dataset(path: &str) -> Dataset {
        serde_json::from_value(json!({ "csv": { "path": path } })).unwrap()
    }

    /// The contents, as text, or the error.
    fn read(folders: &Folders, path: &str) -> Result<String, String> {
        let contents = folders.read_all(&dataset(path)).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(contents.into_iter().next().unwrap()).unwrap())
    }

    #[test]
    fn the_folder_of_the_experiment_comes_first() {
        let root = tempfile::tempdir().unwrap();
        let (experiment, data) = (root.path().join("experiments"), root.path().join("data"));
        let folders = Folders { experiment: Some(experiment.clone()), data: data.clone() };
        [&experiment, &data].iter().for_each(|folder| fs::create_dir(folder).unwrap());
        fs::write(data.join("a.csv"), "data").unwrap();
        assert_eq!(read(&folders, "a.csv").as_deref(), Ok("data"));
        fs::write(experiment.join("a.csv"), "experiment").unwrap();
        assert_eq!(read(&folders, "a.csv").as_deref(), Ok("experiment"));
        let absolute = data.join("a.csv");
        assert_eq!(read(&folders, absolute.to_str().unwrap()).as_deref(), Ok("data"));
        let missing = read(&folders, "b.csv").unwrap_err();
        assert!(missing.contains("neither in") && missing.contains("did you mean `a.csv`?"), "{missing}");
    }

    #[test]
    fn the_plain_name_comes_before_the_compressed_one() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders { experiment: None, data: folder.path().to_owned() };
        fs::write(folder.path().join("a.csv.gz"), "old").unwrap();
        assert_eq!(read(&folders, "a.csv").as_deref(), Ok("old"));
        fs::write(folder.path().join("a.csv"), "new").unwrap();
        assert_eq!(read(&folders, "a.csv").as_deref(), Ok("new"));
    }

    #[test]
    fn archives_are_told_by_their_names() {
        assert_eq!(archive("x/data.ZIP/y/t.csv"), Some(("x/data.ZIP", "y/t.csv")));
        assert_eq!(archive("data.zip"), None);
        assert!(!dataset("a.csv").kernel().files().is_empty());
    }
}
