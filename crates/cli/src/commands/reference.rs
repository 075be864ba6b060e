//! `chainrule reference`

use super::pages::write_pages;
use crate::arguments::Reference;
use crate::exit::Exit;
use chainrule_record::folder::write_whole;
use chainrule_record::text::shown;
use chainrule_runner::reference::{is_page, pages};
use std::path::Path;

/// Writes the reference pages; overwrites only earlier pages.
pub(crate) fn reference(arguments: &Reference) -> anyhow::Result<Exit> {
    let folder = &arguments.folder;
    let pages = pages();
    let renewed = arguments.columns.as_deref().map(renewed).transpose()?;
    write_pages(folder, &pages, "page of the reference", |content, _| is_page(content))?;
    if let (Some(page), Some(text)) = (&arguments.columns, renewed) {
        write_whole(page, text.as_bytes())?;
    }
    say!("wrote the reference to {}", shown(folder));
    Ok(Exit::Well)
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
