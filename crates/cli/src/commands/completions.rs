//! `chainrule completions`

use crate::arguments::{Arguments, Completions};
use crate::exit::Exit;
use clap::CommandFactory;

/// Prints the completion script of a shell.
pub(crate) fn completions(arguments: &Completions) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "chainrule", &mut script);
    say!("{}", String::from_utf8_lossy(&script).trim_end());
    Ok(Exit::Well)
}
