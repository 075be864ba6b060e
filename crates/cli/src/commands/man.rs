//! `chainrule man`

use super::pages::write_pages;
use super::plural;
use crate::arguments::{Arguments, Man};
use crate::exit::Exit;
use chainrule_record::text::shown;
use chainrule_runner::reference::Page;
use clap::CommandFactory;

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
    write_pages(folder, &pages, "manual page of chainrule", |content, page| {
        title(&String::from_utf8_lossy(content)) == title(&page.text)
    })?;
    say!("wrote {} to {}", plural(pages.len(), "manual page"), shown(folder));
    Ok(Exit::Well)
}

fn page(command: clap::Command) -> anyhow::Result<Page> {
    let man = clap_mangen::Man::new(command);
    let mut text = Vec::new();
    man.render(&mut text)?;
    Ok(Page { name: man.get_filename(), text: String::from_utf8(text)? })
}

/// The name in the first `.TH name section …`.
fn title(text: &str) -> Option<&str> {
    let line = text.lines().find(|line| line.starts_with(".TH"))?;
    line.split_whitespace().nth(1)
}
