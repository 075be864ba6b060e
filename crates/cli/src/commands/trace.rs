//! `chainrule trace`

use super::Ready;
use crate::arguments;
use crate::exit::Exit;
use anyhow::anyhow;
use chainrule_record::RunSpec;
use chainrule_record::text::{one_line, shown};
use chainrule_runner::reference::families;
use chainrule_runner::{execute, memory};
use serde_json::Value;

/// The settings whose items are functions named on the page.
const FUNCTIONS: [&str; 4] = ["activation", "output", "loss", "optimizer"];

/// Shows every number of a training step.
pub(crate) fn trace(arguments: &arguments::Trace) -> anyhow::Result<Exit> {
    let mut experiment = arguments.experiment.clone();
    let is_set =
        experiment.options.assignments.iter().any(|word| word.trim_start().starts_with("trace_steps"));
    anyhow::ensure!(!is_set, "--step sets `trace_steps`: remove --set trace_steps");
    experiment.options.assignments.push(format!("trace_steps={}", arguments.step + 1));
    let Ready { plan, data, .. } = Ready::new(&experiment)?;
    let combinations = plan.combinations().len();
    if combinations > 1 {
        tracing::warn!("showing the first of {combinations} combinations; choose another one with --set");
    }
    memory::threads_that_fit(&plan.memory, 1)?;
    let record = execute::one(plan.spec(0), &data);
    if let Some(failure) = &record.failure {
        return Err(anyhow!("the run failed: {}", one_line(failure)));
    }
    let formulas = formulas(&record.spec);
    let page = chainrule_report::trace(&plan.info, &record, arguments.step, arguments.weight, &formulas);
    say!("{}", page.map_err(|problem| anyhow!("{}: {problem}", shown(&experiment.file)))?.trim_end());
    Ok(Exit::Well)
}

/// The formula of every function of a run, from the documentation of its item.
fn formulas(spec: &RunSpec) -> Vec<(String, String)> {
    let families = families();
    let formula = |setting: &str| {
        let value = spec.get(setting)?;
        let name = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str))?;
        let family = families.iter().find(|family| family.setting == setting)?;
        let doc = family.items.iter().find(|item| item.name == name)?.doc;
        let parameters = value.get(name).and_then(Value::as_object).map_or_else(String::new, parameters);
        Some((format!("{setting} {name}{parameters}"), formula_of(doc)?))
    };
    let has_hidden_layers =
        spec.get("architecture").and_then(Value::as_array).is_some_and(|widths| !widths.is_empty());
    FUNCTIONS
        .into_iter()
        .filter(|setting| *setting != "activation" || has_hidden_layers)
        .filter_map(formula)
        .collect()
}

fn parameters(values: &serde_json::Map<String, Value>) -> String {
    let parts: Vec<_> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// The list item `- Formula: …` of a documentation, which may have several lines.
fn formula_of(doc: &[&str]) -> Option<String> {
    let start = doc.iter().position(|line| line.trim().starts_with("- Formula:"))?;
    let rest = doc[start + 1..].iter().take_while(|line| line.starts_with("   "));
    let lines: Vec<_> = std::iter::once(&doc[start]).chain(rest).map(|line| line.trim()).collect();
    lines.join(" ").strip_prefix("- Formula:").map(|formula| formula.trim().to_owned())
}
