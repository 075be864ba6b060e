//! Pages that a command writes to a folder of the user: all of them, or none if a file of somebody else is in the way.

use super::report::advise;
use chainrule_record::folder::write_whole;
use chainrule_record::text::shown;
use chainrule_runner::reference::Page;
use std::path::Path;

/// Writes pages to a folder. `is_earlier` tells from the content of a file whether it is an earlier version of a page; only
/// such files are replaced. `kind` names a page in errors.
pub(super) fn write_pages(
    folder: &Path,
    pages: &[Page],
    kind: &str,
    is_earlier: impl Fn(&[u8], &Page) -> bool,
) -> anyhow::Result<()> {
    for page in pages {
        let path = folder.join(&page.name);
        let is_foreign = std::fs::read(&path).is_ok_and(|content| !is_earlier(&content, page));
        anyhow::ensure!(
            !is_foreign,
            "{} exists already and is not a {kind}\nname another folder, or move the file away",
            shown(&path)
        );
    }
    advise(write(folder, pages), "name another folder")
}

fn write(folder: &Path, pages: &[Page]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow::anyhow!("cannot write to {}: {error}", shown(folder)))?;
    for page in pages {
        write_whole(&folder.join(&page.name), page.text.as_bytes())?;
    }
    Ok(())
}
