//! The experiment file that owns a results folder. Two files must not overwrite each other's report.

use super::plural;
use anyhow::anyhow;
use chainrule_core::RESULTS_VERSION;
use chainrule_record::text::{from_os, shell_word, shown, to_os};
use chainrule_record::{ExperimentInfo, Manifest, RunId};
use chainrule_runner::plan::Plan;
use chainrule_runner::provenance::near;
use chainrule_runner::store::Store;
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

/// The owner of the results in a folder, seen from an experiment file.
enum Owner {
    /// There are no results yet, or they belong to this file.
    This,
    /// They belong to this file, and the file or `--set` changed the plan since.
    Changed {
        /// The command of the last run.
        command: String,
    },
    /// They belong to a file with the same experiment, or to a removed file with some of the same runs.
    Moved { from: PathBuf },
    /// They belong to another file.
    Another { file: PathBuf },
}

/// Refuses a folder that belongs to another experiment file.
///
/// # Errors
/// If it does.
pub(super) fn refuse_another(plan: &Plan, file: &Path, store: &Store) -> anyhow::Result<()> {
    match owner(plan, file, store) {
        Some(Owner::Another { file: other }) => Err(anyhow!(refusal(store.folder(), &other, file))),
        _ => Ok(()),
    }
}

/// Refuses a folder of another file, and prints one line if the file was moved or changed.
///
/// # Errors
/// If the folder belongs to another experiment file.
pub(super) fn settle(plan: &Plan, file: &Path, store: &Store) -> anyhow::Result<()> {
    let Some(owner) = owner(plan, file, store) else { return Ok(()) };
    let shared = || format!("{} of {} are on record", on_record(plan, store), plural(plan.len(), "run"));
    let (file, folder) = (near(file), near(store.folder()));
    match owner {
        Owner::This => {}
        Owner::Changed { command } => tracing::info!(
            "the plan of {} has changed since its last run, `{command}`: {}",
            shown(&file),
            shared()
        ),
        Owner::Moved { from } => tracing::info!(
            "{} now belongs to {}, earlier to {}: {}",
            shown(&folder),
            shown(&file),
            shown(near(&from)),
            shared()
        ),
        Owner::Another { file: other } => return Err(anyhow!(refusal(&folder, &other, &file))),
    }
    Ok(())
}

fn refusal(folder: &Path, other: &Path, file: &Path) -> String {
    format!(
        "{} holds the results of another experiment file, {}\n\
         use another folder with --results DIR, or write name = \"…\" at the top of {}",
        shown(near(folder)),
        shown(near(other)),
        shown(near(file))
    )
}

/// `None` if no experiment is on record. Other errors of the store are reported when it is used.
fn owner(plan: &Plan, file: &Path, store: &Store) -> Option<Owner> {
    let known = store.experiment().ok()?;
    let manifest = store.manifest().ok();
    let path = manifest.as_ref().and_then(|manifest| manifest.experiment_file.clone());
    // Older versions recorded the path from the working folder.
    let recorded = path.map_or_else(|| PathBuf::from(&known.file), |path| store.folder().join(to_os(&path)));
    let owner = if is_same_file(&recorded, file) {
        match known.run_ids == plan.info.run_ids {
            true => Owner::This,
            false => {
                Owner::Changed { command: manifest.map_or_else(String::new, |manifest| typed(&manifest)) }
            }
        }
    } else if is_same_experiment(&known, &plan.info)
        || (!recorded.exists() && shares_runs(plan, &known, store))
    {
        Owner::Moved { from: without_parents(&recorded) }
    } else {
        Owner::Another { file: without_parents(&recorded) }
    };
    Some(owner)
}

/// The command of a manifest, quoted for a shell.
fn typed(manifest: &Manifest) -> String {
    let words = manifest.command.iter().skip(1).map(|word| shell_word(word));
    std::iter::once("chainrule".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// Whether both paths lead to the same file or folder, also through a link.
pub(super) fn is_same_file(first: &Path, second: &Path) -> bool {
    matches!((first.canonicalize(), second.canonicalize()), (Ok(first), Ok(second)) if first == second)
}

/// Whether both experiments have the same report.
fn is_same_experiment(known: &ExperimentInfo, planned: &ExperimentInfo) -> bool {
    let ExperimentInfo { name, file, datasets, .. } = known.clone();
    *known == ExperimentInfo { name, file, datasets, ..planned.clone() }
}

fn shares_runs(plan: &Plan, known: &ExperimentInfo, store: &Store) -> bool {
    let known: HashSet<&RunId> = known.run_ids.iter().collect();
    plan.info.run_ids.iter().any(|id| known.contains(id)) || on_record(plan, store) > 0
}

/// The number of planned runs in the store.
fn on_record(plan: &Plan, store: &Store) -> usize {
    let stored = store.stops(RESULTS_VERSION);
    plan.info.run_ids.iter().filter(|id| stored.contains_key(id)).count()
}

/// A path for people: each `..` is resolved with the folder before it.
fn without_parents(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

/// The path from a results folder to its experiment file: it stays right when both are moved or copied together. `None` if
/// there is no such path, as between two drives of Windows.
pub(super) fn path_from_folder(file: &Path, folder: &Path) -> Option<String> {
    let (file, folder) = (file.canonicalize().ok()?, folder.canonicalize().ok()?);
    let common = file.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(file.components().skip(common)).collect();
    (common > 0).then(|| from_os(path.as_os_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn paths_from_the_folder_lead_back_through_links_too() {
        let place = tempfile::tempdir().unwrap();
        let (folder, file) = (place.path().join("results/x"), place.path().join("a/x.toml"));
        fs::create_dir_all(&folder).unwrap();
        fs::create_dir_all(place.path().join("a")).unwrap();
        fs::write(&file, "").unwrap();
        let path = path_from_folder(&file, &folder).unwrap();
        assert_eq!(path, "../../a/x.toml");
        assert!(is_same_file(&folder.join(path), &file));
        assert_eq!(
            path_from_folder(&place.path().join("a/../a/./x.toml"), &folder).unwrap(),
            "../../a/x.toml"
        );
        assert_eq!(path_from_folder(&place.path().join("a/none.toml"), &folder), None);
        assert_eq!(without_parents(Path::new("/a/b/../../c/x.toml")), Path::new("/c/x.toml"));
    }
}
