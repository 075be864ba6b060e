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
  0    all well (a run that diverges is an outcome, not an error)
  1    a gradient check did not come out as expected, a `must` claim was refuted, or `check` found a regression
  2    the experiment file, the command line or what they name is wrong; nothing was run
  3    some runs failed or timed out, or they, their report or their baseline could not be written
  130  interrupted; finished runs are kept

Example:
  chainrule run experiments/sweep.toml";

/// Answers questions about backpropagation with experiments.
#[derive(Debug, Parser)]
#[command(name = "chainrule", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) logging: Logging,
}

impl Arguments {
    /// The arguments of this process. Where they are wrong, or ask for help or the version, that is said; what is left then is
    /// the exit code.
    pub(crate) fn read() -> Result<Self, Exit> {
        Self::try_parse_from(std::env::args_os()).map_err(|error| {
            // The message quotes arguments: it is made again of arguments that can be shown.
            let error = Self::try_parse_from(std::env::args_os().map(shown)).err().unwrap_or(error);
            say_help(&error)
        })
    }
}

/// Says the help, the version or what is wrong, with colours where they are shown.
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

/// What is said on standard error.
#[derive(Debug, Clone, Args)]
pub(crate) struct Logging {
    /// Say more; twice for everything
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// No progress and no log lines but errors; the answer is still printed
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// How log lines look
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
    /// Carry out the runs of an experiment that are missing, then write its report
    #[command(
        after_help = "Examples:\n  chainrule run experiments/sweep.toml\n  chainrule run experiments/sweep.toml --set epochs=5 --set activation=relu --threads 2\n  chainrule run experiments/sweep.toml --svg"
    )]
    Run(Run),
    /// Show the runs of an experiment without carrying any out
    #[command(after_help = "Example:\n  chainrule plan experiments/sweep.toml")]
    Plan(Plan),
    /// Write the report anew from the stored runs
    #[command(
        after_help = "For an experiment file: the stored runs that belong to the file as it is now, also if its data are not there. For a results folder: the experiment as it was last run.\n\nExamples:\n  chainrule report experiments/sweep.toml\n  chainrule report experiments/sweep.toml --set epochs=5\n  chainrule report results/sweep --svg"
    )]
    Report(Report),
    /// Keep what the runs of an experiment came to as its baseline, for `check` to compare with
    #[command(
        after_help = "Carries out what is missing, and writes results/baselines/NAME.csv, which is to be committed.\n\nExamples:\n  chainrule bless experiments/xor.toml\n  chainrule bless experiments/xor.toml --baselines tests/baselines"
    )]
    Bless(Bless),
    /// Carry out the runs of an experiment anew and compare them with its baseline
    #[command(
        after_help = "Bit by bit, where the processor's class and the version of results are those of the baseline; by tolerances and statistics otherwise. docs/regressions.md says how, and what to do when it fails.\n\nExit codes:\n  0    no regression\n  1    a regression\n  2    the experiment or the baseline is wrong, or there is no baseline; nothing was run\n  3    the runs could not be stored, or what was found could not be written\n  130  interrupted; nothing was compared\n\nExamples:\n  chainrule check experiments/xor.toml\n  chainrule check experiments/xor.toml --format github\n  chainrule check experiments/xor.toml --stored --tolerance train_loss=0.05"
    )]
    Check(Check),
    /// Report on two results folders: which of them is better, and how sure that is
    #[command(
        after_help = "Runs are paired by their seeds, as the values of any other setting are. Data sets, the shares of their parts and `split_seed` have to be the same, and the second folder needs the metric that decides in the first; what only one of them has is left out. Times to the target are compared where the target is the same.\n\nExample:\n  chainrule run experiments/xor.toml --results before\n  chainrule run experiments/xor.toml --results after --set activation=relu\n  chainrule compare before/xor after/xor"
    )]
    Compare(Compare),
    /// Carry out the forward pass of saved weights: loss and accuracy, and the output of every sample
    #[command(
        after_help = "The weights of a run are saved where its experiment sets `save_weights = true`.\n\nExamples:\n  chainrule evaluate results/sweep/weights/RUN_ID.safetensors\n  chainrule evaluate results/sweep/weights/RUN_ID.safetensors --data moons --predictions new.csv"
    )]
    Evaluate(Evaluate),
    /// Show every number of a training step, with the formulas and the numbers put in, as Markdown
    #[command(
        after_help = "For networks that fit on a blackboard. The chain rule is written out for one weight.\n\nExamples:\n  chainrule trace experiments/lessons/01-one-weight.toml\n  chainrule trace experiments/xor.toml --set architecture=[2] --step 3 --weight 1[2,1]"
    )]
    Trace(Trace),
    /// List what experiments can name: data sets, activations, optimizers, …
    #[command(after_help = "Examples:\n  chainrule list\n  chainrule list activation")]
    List(List),
    /// Write a new experiment file to begin with
    #[command(
        after_help = "Example:\n  chainrule new my-question\n  chainrule run experiments/my-question.toml"
    )]
    New(New),
    /// Write the reference pages of the experiment language
    #[command(after_help = "Example:\n  chainrule reference docs/reference --columns docs/results.md")]
    Reference(Reference),
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

/// What an experiment file is read with, and where things are.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExperimentOptions {
    /// Override a value of the file, each key once: a setting, `name`, `question`, `seeds`, `compare`, `metric`, `x_axis`, `tune`, `problems`, `margin` or `confirm_seeds`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) assignments: Vec<String>,
    /// Folder for results; each experiment has a folder of its name in it
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) results: PathBuf,
    /// Folder with the files of data sets such as MNIST
    #[arg(long, value_name = "DIR", env = "CHAINRULE_DATA", hide_env_values = true, default_value = "data")]
    pub(crate) data_dir: PathBuf,
    /// Go on with more than a million runs; ten million are the most
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) experiment: ExperimentArguments,
    #[command(flatten)]
    pub(crate) workers: Workers,
    /// Carry out again the stored runs that failed or timed out
    #[arg(long)]
    pub(crate) retry: bool,
    #[command(flatten)]
    pub(crate) extras: Extras,
}

/// Who carries runs out.
#[derive(Debug, Args)]
pub(crate) struct Workers {
    /// Worker threads; 0 for one a processor
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = threads())]
    pub(crate) threads: usize,
}

/// What a report has if it is asked for.
#[derive(Debug, Args)]
pub(crate) struct Extras {
    /// Write each plot also as plots/NAME.svg: sharp at any size, with text that can be searched
    #[arg(long)]
    pub(crate) svg: bool,
    /// Also replace files of the report that are not as chainrule wrote them: those that were changed since, and those that
    /// `chainrule.b3` in the folder does not list. Without it they are kept and named
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
    #[arg(long, value_name = "DIR", default_value = "results/baselines")]
    pub(crate) baselines: PathBuf,
    #[command(flatten)]
    pub(crate) workers: Workers,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) experiment: ExperimentArguments,
    /// Folder with baselines; each experiment has a file of its name in it
    #[arg(long, value_name = "DIR", default_value = "results/baselines")]
    pub(crate) baselines: PathBuf,
    /// Judge the stored runs of --results, and carry out none
    #[arg(long)]
    pub(crate) stored: bool,
    /// How findings are shown
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
    /// By how much a metric may be worse on average where bits cannot be compared: a share of losses and of
    /// epochs_to_target, a number for accuracies, reaches_target and lost
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
    let tolerance = number.trim().parse().map_err(|_| format!("`{number}` is no number"))?;
    Tolerances::default().set(name.trim(), tolerance)?;
    Ok((name.trim().to_owned(), tolerance))
}

/// More threads than this are a slip of the finger: no machine would be the faster for them.
fn threads() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(0..=1024)
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
    /// The experiment file, or a folder with its results
    #[arg(value_name = "FILE|FOLDER")]
    pub(crate) what: PathBuf,
    #[command(flatten)]
    pub(crate) options: ExperimentOptions,
    #[command(flatten)]
    pub(crate) extras: Extras,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// A folder with results
    #[arg(value_name = "RESULTS_A")]
    pub(crate) first: PathBuf,
    /// The folder with the results that they are set against
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
    /// The file of weights: results/NAME/weights/RUN_ID.safetensors
    #[arg(value_name = "WEIGHTS")]
    pub(crate) weights: PathBuf,
    /// Another data set, as an experiment file would write it; without it, the parts that the run had
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<String>,
    /// Folder with the files of data sets such as MNIST
    #[arg(long, value_name = "DIR", env = "CHAINRULE_DATA", hide_env_values = true, default_value = "data")]
    pub(crate) data_dir: PathBuf,
    /// Write a row a sample to this file: its target, the outputs and the class that they name
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
    /// The weight whose chain is written out, each number counted from 1
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
    /// The setting whose items are described in full
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
