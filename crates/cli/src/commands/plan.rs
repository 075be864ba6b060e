//! `chainrule plan`

use super::{Ready, owner, plural, reading};
use crate::arguments;
use crate::exit::Exit;
use chainrule_record::RunSpec;
use chainrule_record::text::{one_line, shown};
use chainrule_runner::execute;
use chainrule_runner::memory::{self, PlanMemory};
use chainrule_runner::plan::{Cost, Plan};
use chainrule_runner::store::{Store, StoreError};
use std::path::Path;

/// The most combinations that are shown without `--all`.
const MAX_SHOWN: usize = 12;

/// The most skipped combinations that are shown for one reason without `--all`.
const MAX_SHOWN_SKIPPED: usize = 3;

/// Shows the planned runs.
pub(crate) fn plan(arguments: &arguments::Plan) -> anyhow::Result<Exit> {
    let Ready { plan, data, folder, file, .. } = Ready::new(&arguments.experiment)?;
    say!("{}\n", one_line(plan.info.question.trim()));
    for reading in data.loaded().iter().filter_map(|loaded| loaded.reading.as_ref()) {
        reading::lines(reading).iter().for_each(|line| say!("{line}"));
        say!();
    }
    axes(&plan);
    combinations(&plan, if arguments.all { usize::MAX } else { MAX_SHOWN });
    skipped(&plan, if arguments.all { usize::MAX } else { MAX_SHOWN_SKIPPED });
    let combinations = plural(plan.combinations().len(), "combination");
    say!("{combinations} × {} = {}", plural(plan.info.seeds.len(), "seed"), plural(plan.len(), "run"));
    say!("{}", cost(plan.cost));
    say!("{}", memory(&plan.memory));
    plan.info.warnings.iter().for_each(|warning| say!("Warning: {warning}"));
    let [least, most] = plan.confirmations;
    if least > 0 {
        let runs = if least == most { least.to_string() } else { format!("{least} to {most}") };
        let seeds = plural(plan.info.confirm_seeds as usize, "fresh seed");
        say!("then {runs} more: the chosen configurations on {seeds}");
    }
    match Store::open(&folder) {
        Ok(store) => stored(&plan, &store, &file, &folder),
        Err(StoreError::Missing { .. } | StoreError::NothingYet { .. }) => {}
        // `run` would fail too.
        Err(error) => return Err(error.into()),
    }
    memory::threads_that_fit(&plan.memory, 1)?;
    Ok(Exit::Well)
}

/// The stored runs, and problems with them.
fn stored(plan: &Plan, store: &Store, file: &Path, folder: &Path) {
    if let Err(refusal) = owner::refuse_another(plan, file, store) {
        say!("`run` would refuse this folder: {refusal}");
        return;
    }
    store.damage().sentences().iter().for_each(|sentence| say!("{sentence}"));
    let lost = execute::lost_weights(plan, store).len();
    if lost > 0 {
        say!("The saved weights of {} are missing: these runs count as missing.", plural(lost, "run"));
    }
    let missing = execute::missing(plan, store, false).len();
    say!("{} in {}, {missing} missing", plan.len() - missing, shown(folder));
}

fn axes(plan: &Plan) {
    for axis in &plan.info.axes {
        let labels: Vec<_> = axis.points.iter().map(|point| point.label.as_str()).collect();
        say!("{:15} {:3}   {}", axis.setting, labels.len(), one_line(&labels.join("  ")));
    }
    let seeds: Vec<_> = plan.info.seeds.iter().map(u64::to_string).collect();
    say!("{:15} {:3}   {}\n", "seeds", seeds.len(), seeds.join("  "));
}

fn combinations(plan: &Plan, shown: usize) {
    for spec in plan.combinations().take(shown) {
        say!("  {}", one_line(&combination(plan, &spec)));
    }
    more(plan.combinations().len(), shown, "combinations");
}

fn combination(plan: &Plan, spec: &RunSpec) -> String {
    let value =
        |setting: &str| spec.get(setting).map_or_else(String::new, |value| plan.info.label(setting, value));
    let parts: Vec<_> =
        plan.info.axes.iter().map(|axis| format!("{} = {}", axis.setting, value(&axis.setting))).collect();
    if parts.is_empty() { "(no setting varies)".to_owned() } else { parts.join(", ") }
}

fn skipped(plan: &Plan, shown: usize) {
    for (reason, combinations) in plan.info.skipped_by_reason() {
        say!("skipped, {} {}:", plural(combinations.len(), "combination"), one_line(reason));
        combinations.iter().take(shown).for_each(|combination| say!("  {}", one_line(combination)));
        more(combinations.len(), shown, "skipped");
    }
}

fn more(n: usize, shown: usize, what: &str) {
    if n > shown {
        say!("  … and {} more {what}; --all shows them", n - shown);
    }
    say!();
}

/// An estimate for one thread, and the addition of each further thread.
fn memory(plan: &PlanMemory) -> String {
    let size = memory::size;
    format!(
        "about {} of memory with one thread ({} of data, {} for a split, {} for a run), {} more for each further thread",
        size(plan.total(1)),
        size(plan.data),
        size(plan.split),
        size(plan.run),
        size(plan.of_threads(2) - plan.of_threads(1))
    )
}

fn cost(cost: Cost) -> String {
    format!("about {:.3e} training samples, {:.3e} floating-point operations", cost.samples, cost.flop)
}
