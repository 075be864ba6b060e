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
    let renewed = arguments.columns.as_deref().map(renewed).transpose()?;
    advise(write(folder, &pages), "name another folder")?;
    if let (Some(page), Some(text)) = (&arguments.columns, renewed) {
        write_whole(page, text.as_bytes())?;
    }
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

/// The page with its tables of columns as the program writes them.
fn renewed(page: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(page)
        .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", shown(page)))?;
    chainrule_report::with_columns(&text).ok_or_else(|| {
        anyhow::anyhow!(
            "{} lacks a place for the columns of a table\nmark each by <!-- columns of FILE.csv --> and <!-- end -->",
            shown(page)
        )
    })
}

fn write(folder: &Path, pages: &[Page]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow::anyhow!("cannot write to {}: {error}", shown(folder)))?;
    for page in pages {
        write_whole(&folder.join(&page.name), page.text.as_bytes())?;
    }
    Ok(())
}
