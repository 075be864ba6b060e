//! The program `chainrule`, the only part of the project that prints.

#[macro_use]
mod say;

mod address_space;
mod arguments;
mod commands;
mod exit;
mod interrupt;
mod logging;
mod progress;
mod terminal;

use arguments::{Arguments, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    address_space::spare();
    say::start();
    logging::say_panics();
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit.into(),
    };
    logging::start(&arguments.logging);
    let carries_out = matches!(arguments.command, Command::Run(_) | Command::Bless(_) | Command::Check(_));
    let ended = match arguments.command {
        Command::Run(run) => commands::run::run(&run, &arguments.logging),
        Command::Plan(plan) => commands::plan::plan(&plan),
        Command::Report(report) => commands::report::report(&report),
        Command::Bless(bless) => commands::bless::bless(&bless, &arguments.logging),
        Command::Check(check) => commands::check::check(&check, &arguments.logging),
        Command::Compare(compare) => commands::compare::compare(&compare),
        Command::Evaluate(evaluate) => commands::evaluate::evaluate(&evaluate),
        Command::Trace(trace) => commands::trace::trace(&trace),
        Command::List(list) => commands::list::list(&list),
        Command::New(new) => commands::new::new(&new),
        Command::Reference(reference) => commands::reference::reference(&reference),
        Command::Completions(completions) => commands::completions::completions(&completions),
        Command::Man(man) => commands::man::man(&man),
    };
    let exit = ended.unwrap_or_else(|error| exit::report(&error));
    let exit = if say::is_lost() { exit.unsaid(carries_out) } else { exit };
    if chainrule_core::cancel::has_abandoned_work() {
        interrupt::end_now(exit as i32);
    }
    exit.into()
}
