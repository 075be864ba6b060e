//! `chainrule reference`

use super::report::advise;
use crate::arguments::Reference;
use crate::exit::Exit;
use chainrule_record::folder::write_whole;
use chainrule_record::text::shown;
use chainrule_runner::reference::{Page, is_page, pages};
use std::path::Path;

/// Writes the reference pages; overwrites only earlier pages.
pub(crate) fn reference(arguments: &Reference) -> anyhow::Result<Exit> {
    let folder = &arguments.folder;
    let pages = pages();
    pages.iter().try_for_each(|page| check(&folder.join(&page.name)))?;
    advise(write(folder, &pages), "name another folder")?;
    say!("wrote the reference to {}", shown(folder));
    Ok(Exit::Well)
}

/// Whether a page may be written to a path: to a new file, or over an earlier page.
fn check(path: &Path) -> anyhow::Result<()> {
    let is_foreign = std::fs::read(path).is_ok_and(|content| !is_page(&content));
    anyhow::ensure!(
        !is_foreign,
        "{} exists already and is not a page of the reference\nname another folder, or move the file away",
        shown(path)
    );
    Ok(())
}

fn write(folder: &Path, pages: &[Page]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow::anyhow!("cannot write to {}: {error}", shown(folder)))?;
    for page in pages {
        write_whole(&folder.join(&page.name), page.text.as_bytes())?;
    }
    Ok(())
}
