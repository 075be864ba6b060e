//! `chainrule reference`

use crate::arguments::Reference;
use crate::exit::Exit;
use chainrule_record::text::shown;
use chainrule_runner::reference::pages;

/// Writes the reference pages.
pub(crate) fn reference(arguments: &Reference) -> anyhow::Result<Exit> {
    let folder = &arguments.folder;
    let problem = |error: std::io::Error| anyhow::anyhow!("cannot write to {}: {error}", shown(folder));
    std::fs::create_dir_all(folder).map_err(problem)?;
    for page in pages() {
        std::fs::write(folder.join(&page.name), page.text).map_err(problem)?;
    }
    say!("wrote the reference to {}", shown(folder));
    Ok(Exit::Well)
}
