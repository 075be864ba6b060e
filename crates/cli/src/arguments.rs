//! The command line.

use crate::exit::Exit;
use crate::say;
use crate::terminal::{Form, Stream};
use chainrule_record::text::shown;
use chainrule_report::baseline::Tolerances;
use chainrule_report::{ReportOptions, WeightPlace};
use clap::builder::{RangedU64ValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    success (a run that diverges is an outcome, not an error)
  1    a gradient check did not come out as expected, a claim with `must = true` was refuted, or `check` found a regression
  2    the experiment file, the command line or a file named there is wrong; nothing was run
  3    some runs failed or timed out, or the runs, the report or the baseline could not be written
  130  interrupted; finished runs are kept

Example:
  chainrule run experiments/sweep.toml";

/// Runs experiments that answer questions about backpropagation.
#[derive(Debug, Parser)]
#[command(name = "chainrule", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) logging: Logging,
}

impl Arguments {
    /// The arguments of this process. If they are wrong, or ask for help or the version, prints the text and returns the exit
    /// code.
    pub(crate) fn read() -> Result<Self, Exit> {
        Self::try_parse_from(std::env::args_os()).map_err(|error| {
            // The message quotes arguments, so parse again with arguments that are safe to show.
            let error = Self::try_parse_from(std::env::args_os().map(shown)).err().unwrap_or(error);
            say_help(&error)
        })
    }
}

/// Prints the help, the version or the error, with colours if the stream shows them.
fn say_help(error: &clap::Error) -> Exit {
    let exit = if error.use_stderr() { Exit::Wrong } else { Exit::Well };
    let stream = if error.use_stderr() { Stream::Messages } else { Stream::Output };
    let text = error.render();
    let text = if stream.has_colours() { text.ansi().to_string() } else { text.to_string() };
    match stream {
        Stream::Output => say::lines(text.trim_end(), Form::Styled),
        Stream::Messages => stream.write(&text, Form::Styled).unwrap_or_default(),
    }
    if say::is_lost() { exit.unsaid(false) } else { exit }
}

/// The messages on standard error.
#[derive(Debug, Clone, Args)]
pub(crate) struct Logging {
    /// Print more messages; twice for all messages
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// Print only errors and the answer: no progress, no other log lines
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// The format of log lines
    #[arg(long, value_enum, default_value_t = LogFormat::Text, global = true)]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the missing runs of an experiment, then write its report
    #[command(
        after_help = "Examples:\n  chainrule run experiments/sweep.toml\n  chainrule run experiments/sweep.toml --set epochs=5 --set activation=relu --threads 2\n  chainrule run experiments/sweep.toml --svg"
    )]
    Run(Run),
    /// Show the runs of an experiment without running any
    #[command(after_help = "Example:\n  chainrule plan experiments/sweep.toml")]
    Plan(Plan),
    /// Write the report again from the stored runs
    #[command(
        after_help = "With an experiment file, the report is about the stored runs that belong to the current file, even if its data are missing. With a results folder, it is about the experiment as it was last run.\n\nExamples:\n  chainrule report experiments/sweep.toml\n  chainrule report experiments/sweep.toml --set epochs=5\n  chainrule report results/sweep --svg"
    )]
    Report(Report),
    /// Save the results of an experiment as the baseline for `check`
    #[command(
        after_help = "Runs the missing runs, and writes results/baselines/NAME.csv. Commit this file.\n\nExamples:\n  chainrule bless experiments/xor.toml\n  chainrule bless experiments/xor.toml --baselines tests/baselines"
    )]
    Bless(Bless),
    /// Rerun an experiment and compare the results with its baseline
    #[command(
        after_help = "Compares bit by bit if the processor class and the results version equal the baseline's, and by tolerances and statistics otherwise. docs/regressions.md gives the details.\n\nExit codes:\n  0    no regression\n  1    a regression\n  2    the experiment or the baseline is wrong, or there is no baseline; nothing was run\n  3    the runs could not be stored, or the findings could not be written\n  130  interrupted; nothing was compared\n\nExamples:\n  chainrule check experiments/xor.toml\n  chainrule check experiments/xor.toml --format github\n  chainrule check experiments/xor.toml --stored --tolerance train_loss=0.05"
    )]
    Check(Check),
    /// Compare two results folders: which is better, and how sure that is
    #[command(
        after_help = "Runs are paired by seed, like the values of any setting. Both folders need the same data sets, splits and `split_seed`, and the second folder needs the deciding metric of the first. Runs of only one folder are skipped. Times to the target are compared if the target is the same.\n\nExample:\n  chainrule run experiments/xor.toml --results before\n  chainrule run experiments/xor.toml --results after --set activation=relu\n  chainrule compare before/xor after/xor"
    )]
    Compare(Compare),
    /// Evaluate saved weights: loss and accuracy, and the output of every sample
    #[command(
        after_help = "The weights of a run are saved if its experiment sets `save_weights = true`.\n\nExamples:\n  chainrule evaluate results/sweep/weights/RUN_ID.safetensors\n  chainrule evaluate results/sweep/weights/RUN_ID.safetensors --data moons --predictions new.csv"
    )]
    Evaluate(Evaluate),
    /// Show every number of a training step, with formulas and inserted numbers, as Markdown
    #[command(
        after_help = "For small networks. The chain rule is written out for one weight.\n\nExamples:\n  chainrule trace experiments/lessons/02-what-does-one-step-do.toml\n  chainrule trace experiments/xor.toml --set architecture=[2] --step 3 --weight 1[2,1]"
    )]
    Trace(Trace),
    /// List the items for experiments: data sets, activations, optimizers, …
    #[command(after_help = "Examples:\n  chainrule list\n  chainrule list activation")]
    List(List),
    /// Create an experiment file
    #[command(
        after_help = "Example:\n  chainrule new my-question\n  chainrule run experiments/my-question.toml"
    )]
    New(New),
    /// Write the reference pages of the experiment language
    #[command(after_help = "Example:\n  chainrule reference docs/reference --columns docs/results.md")]
    Reference(Reference),
    /// Print the completion script of a shell
    #[command(
        after_help = "Example:\n  chainrule completions bash > ~/.local/share/bash-completion/completions/chainrule"
    )]
    Completions(Completions),
    /// Print the manual page, or write the pages of all commands
    #[command(after_help = "Examples:\n  chainrule man | man -l -\n  chainrule man ~/.local/share/man/man1")]
    Man(Man),
}

/// The experiment.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExperimentArguments {
    /// The experiment file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) options: ExperimentOptions,
}

/// Overrides of the experiment file, and folders.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExperimentOptions {
    /// Override a value in the file, each key once: a setting, `name`, `question`, `seeds`, `compare`, `metric`, `x_axis`, `tune`, `problems`, `margin` or `confirm_seeds`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) assignments: Vec<String>,
    /// Folder for results; each experiment has its own folder there
    #[arg(
        long,
        value_name = "DIR",
        env = "CHAINRULE_RESULTS",
        hide_env_values = true,
        default_value = "results"
    )]
    pub(crate) results: PathBuf,
    /// Folder with the files of data sets such as MNIST
    #[arg(long, value_name = "DIR", env = "CHAINRULE_DATA", hide_env_values = true, default_value = "data")]
    pub(crate) data_dir: PathBuf,
    /// Allow more than a million runs; the maximum is ten million
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) experiment: ExperimentArguments,
    #[command(flatten)]
    pub(crate) workers: Workers,
    /// Rerun the stored runs that failed or timed out
    #[arg(long)]
    pub(crate) retry: bool,
    #[command(flatten)]
    pub(crate) extras: Extras,
}

/// The threads that execute runs.
#[derive(Debug, Args)]
pub(crate) struct Workers {
    /// Worker threads; 0 for one per processor
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = threads())]
    pub(crate) threads: usize,
}

/// Options of a report.
#[derive(Debug, Args)]
pub(crate) struct Extras {
    /// Also write each plot as plots/NAME.svg: sharp at any size, with searchable text
    #[arg(long)]
    pub(crate) svg: bool,
    /// Also replace report files that were edited, and files that `chainrule.b3` in the folder does not list. By default they
    /// are kept and named
    #[arg(long)]
    pub(crate) force: bool,
}

impl Extras {
    pub(crate) fn options(&self) -> ReportOptions {
        ReportOptions { svg: self.svg, force: self.force }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Bless {
    #[command(flatten)]
    pub(crate) experiment: ExperimentArguments,
    /// Folder for baselines; each experiment has a file of its name in it
    #[arg(
        long,
        value_name = "DIR",
        env = "CHAINRULE_BASELINES",
        hide_env_values = true,
        default_value = "results/baselines"
    )]
    pub(crate) baselines: PathBuf,
    #[command(flatten)]
    pub(crate) workers: Workers,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) experiment: ExperimentArguments,
    /// Folder with baselines; each experiment has a file of its name in it
    #[arg(
        long,
        value_name = "DIR",
        env = "CHAINRULE_BASELINES",
        hide_env_values = true,
        default_value = "results/baselines"
    )]
    pub(crate) baselines: PathBuf,
    /// Compare the stored runs of --results, and rerun none
    #[arg(long)]
    pub(crate) stored: bool,
    /// The format of the findings
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
    /// Allowed mean worsening of a metric if bits cannot be compared: relative for losses and epochs_to_target, absolute for
    /// accuracies, reaches_target and lost
    #[arg(long = "tolerance", value_name = "METRIC=NUMBER", value_parser = tolerance)]
    pub(crate) tolerances: Vec<(String, f64)>,
    #[command(flatten)]
    pub(crate) workers: Workers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    Text,
    Markdown,
    Json,
    Github,
}

fn tolerance(text: &str) -> Result<(String, f64), String> {
    let (name, number) =
        text.split_once('=').ok_or("expected a metric and a number, as in train_loss=0.05")?;
    let tolerance = number.trim().parse().map_err(|_| format!("`{number}` is not a number"))?;
    Tolerances::default().set(name.trim(), tolerance)?;
    Ok((name.trim().to_owned(), tolerance))
}

/// No machine is faster with more threads than this.
const MAX_THREADS: u64 = 1024;

fn threads() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(0..=MAX_THREADS)
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) experiment: ExperimentArguments,
    /// Show every combination, not only the first ones
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The experiment file, or its results folder
    #[arg(value_name = "FILE|FOLDER")]
    pub(crate) what: PathBuf,
    #[command(flatten)]
    pub(crate) options: ExperimentOptions,
    #[command(flatten)]
    pub(crate) extras: Extras,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// A results folder
    #[arg(value_name = "RESULTS_A")]
    pub(crate) first: PathBuf,
    /// The results folder to compare it with
    #[arg(value_name = "RESULTS_B")]
    pub(crate) second: PathBuf,
    /// Folder for the report [default: `A-against-B` beside RESULTS_A]
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) extras: Extras,
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// The weights file: results/NAME/weights/RUN_ID.safetensors
    #[arg(value_name = "WEIGHTS")]
    pub(crate) weights: PathBuf,
    /// Another data set, as in an experiment file [default: the training, validation and test sets of the run]
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// Folder with the files of data sets such as MNIST
    #[arg(long, value_name = "DIR", env = "CHAINRULE_DATA", hide_env_values = true, default_value = "data")]
    pub(crate) data_dir: PathBuf,
    /// Write one row per sample to this file: target, outputs and predicted class
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) predictions: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Trace {
    #[command(flatten)]
    pub(crate) experiment: ExperimentArguments,
    /// The step, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..1000))]
    pub(crate) step: u64,
    /// The weight for which the chain rule is written out; numbers count from 1
    #[arg(long, value_name = "LAYER[INPUT,UNIT]", default_value = "1[1,1]", value_parser = weight)]
    pub(crate) weight: WeightPlace,
}

fn weight(text: &str) -> Result<WeightPlace, String> {
    let parse = || {
        let (layer, place) = text.trim().strip_suffix(']')?.split_once('[')?;
        let (input, unit) = place.split_once(',')?;
        let number = |text: &str| text.trim().parse().ok();
        Some(WeightPlace { layer: number(layer)?, input: number(input)?, unit: number(unit)? })
    };
    parse().ok_or_else(|| "expected a layer, an input and a unit, as in 1[2,3]".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The setting to describe in full
    #[arg(value_name = "SETTING")]
    pub(crate) setting: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The experiment's name; the file is experiments/NAME.toml
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Folder for the file
    #[arg(long, value_name = "DIR", default_value = "experiments")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Reference {
    /// Folder for the pages
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Also renew the tables of columns in this page about the results
    #[arg(long, value_name = "FILE")]
    pub(crate) columns: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Folder for the pages of all commands; without it, the main page is printed
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}
