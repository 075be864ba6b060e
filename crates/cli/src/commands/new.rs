//! `chainrule new`

use crate::arguments::New;
use crate::exit::Exit;
use chainrule_record::text::{from_os, shell_word, shown};
use chainrule_runner::spec::name_problem;
use std::io::{ErrorKind, Write};

/// The text of a new experiment file.
const TEMPLATE: &str = include_str!("template.toml");

/// Creates an experiment file; never overwrites one.
pub(crate) fn new(arguments: &New) -> anyhow::Result<Exit> {
    let name = arguments.name.trim_end_matches(".toml");
    if let Some(problem) = name_problem(name) {
        anyhow::bail!(
            "an experiment cannot be called `{}`: {problem}\nuse letters, digits, `-`, `_` and `.`, as in my-question",
            shown(name)
        );
    }
    let path = arguments.folder.join(format!("{name}.toml"));
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(&arguments.folder)?;
        std::fs::File::create_new(&path)?.write_all(TEMPLATE.as_bytes())
    };
    write().map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists if std::fs::symlink_metadata(&path).is_ok() => {
            anyhow::anyhow!("{} exists already; choose another name", shown(&path))
        }
        _ => anyhow::anyhow!("cannot write {}: {error}", shown(&path)),
    })?;
    say!("wrote {}\nedit it, then: chainrule run {}", shown(&path), shell_word(&from_os(path.as_os_str())));
    Ok(Exit::Well)
}
