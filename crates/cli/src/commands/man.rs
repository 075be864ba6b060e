//! `chainrule man`

use super::plural;
use super::report::advise;
use crate::arguments::{Arguments, Man};
use crate::exit::Exit;
use chainrule_record::folder::write_whole;
use chainrule_record::text::shown;
use clap::CommandFactory;
use std::path::Path;

struct Page {
    /// `chainrule-run.1`
    name: String,
    /// In roff.
    text: String,
}

/// Prints the main manual page, or writes the pages of all commands; overwrites only earlier pages.
pub(crate) fn man(arguments: &Man) -> anyhow::Result<Exit> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &arguments.folder else {
        say!("{}", page(command)?.text.trim_end());
        return Ok(Exit::Well);
    };
    let all = command.get_subcommands().cloned().chain([command.clone()]);
    let pages = all.map(page).collect::<anyhow::Result<Vec<_>>>()?;
    pages.iter().try_for_each(|page| check(&folder.join(&page.name), page))?;
    advise(write(folder, &pages), "name another folder")?;
    say!("wrote {} to {}", plural(pages.len(), "manual page"), shown(folder));
    Ok(Exit::Well)
}

fn page(command: clap::Command) -> anyhow::Result<Page> {
    let man = clap_mangen::Man::new(command);
    let mut text = Vec::new();
    man.render(&mut text)?;
    Ok(Page { name: man.get_filename(), text: String::from_utf8(text)? })
}

/// Whether a page may be written to a path: to a new file, or over an earlier version of the page.
fn check(path: &Path, page: &Page) -> anyhow::Result<()> {
    let title =
        |text: &str| text.lines().find(|line| line.starts_with(".TH")).map(|line| word(line).to_owned());
    let is_foreign = std::fs::read(path)
        .is_ok_and(|content| title(&String::from_utf8_lossy(&content)) != title(&page.text));
    anyhow::ensure!(
        !is_foreign,
        "{} exists already and is not a manual page of chainrule\nname another folder, or move the file away",
        shown(path)
    );
    Ok(())
}

/// The name in `.TH name section …`.
fn word(line: &str) -> &str {
    line.split_whitespace().nth(1).unwrap_or_default()
}

fn write(folder: &Path, pages: &[Page]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow::anyhow!("cannot write to {}: {error}", shown(folder)))?;
    for page in pages {
        write_whole(&folder.join(&page.name), page.text.as_bytes())?;
    }
    Ok(())
}
