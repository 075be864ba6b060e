//! A training step as a teacher would write it on the board: every number with its formula and the inserted numbers.

mod chain;
mod number;
mod step;

use super::markdown::{code, plain, table};
use chainrule_record::{ExperimentInfo, RunRecord, TracedStep};
use step::{Board, LearningRule};

/// A weight, identified by its layer, its input and its unit, each counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightPlace {
    /// The layer.
    pub layer: usize,
    /// The input.
    pub input: usize,
    /// The unit.
    pub unit: usize,
}

/// A traced step as Markdown. `formulas` are lines that state the formulas of the network's items. The chain rule is
/// written out for `weight`.
///
/// # Errors
/// If the record has no such step, or the network no such weight; the message gives the valid range.
pub fn trace(
    info: &ExperimentInfo,
    record: &RunRecord,
    step: u64,
    weight: WeightPlace,
    formulas: &[(String, String)],
) -> Result<String, String> {
    let traced = record.trace.iter().find(|traced| traced.step == step);
    let traced = traced.ok_or_else(|| match record.trace.len() {
        0 => "the run has no step to show: it needs `epochs = 1` or more".to_owned(),
        steps => format!("the run has {steps} steps, counted from 0; there is no step {step}"),
    })?;
    let board = Board::new(traced, record);
    let chain = chain::chain(&board, weight)?;
    let mut page = heading(info, record, traced, &board) + &functions(formulas);
    for sample in 0..board.samples() {
        page += &format!("\n## Forward{}\n\n{}", of_sample(&board, sample), rows(&board.forward(sample)));
        page += &format!("\n## Backward{}\n\n{}", of_sample(&board, sample), rows(&board.backward(sample)));
    }
    page += &format!("\n## Gradients and updates\n\n{}\n", update_rule(&board));
    for layer in 1..=board.layers() {
        page +=
            &table(&["parameter", "∂J/∂w, numbers", "value", "update", "new value"], &board.updates(layer));
        page += &format!("\n{}\n\n", board.sum_of_gradients(layer));
    }
    Ok(page + &chain)
}

fn heading(info: &ExperimentInfo, record: &RunRecord, traced: &TracedStep, board: &Board<'_>) -> String {
    let settings = info.axes.iter().filter_map(|axis| {
        let value = record.spec.get(&axis.setting)?;
        Some(format!("{} {}", code(&axis.setting), code(&info.label(&axis.setting, value))))
    });
    let samples =
        if board.samples() == 1 { "1 sample".to_owned() } else { format!("{} samples", board.samples()) };
    let rate = number::plain_number(traced.learning_rate);
    let known = [format!("seed {}", record.spec.seed()), samples, format!("learning rate η = {rate}")];
    let known: Vec<_> = settings.chain(known).collect();
    format!(
        "# Step {} of {}\n\n{}\n\n{}. Numbers are rounded to {} digits.\n",
        traced.step,
        plain(&info.name),
        plain(&info.question),
        known.join(" · "),
        number::DIGITS
    )
}

fn functions(formulas: &[(String, String)]) -> String {
    let lines = formulas.iter().map(|(item, formula)| format!("- {}: {formula}\n", code(item)));
    format!("\n{}", lines.collect::<String>())
}

fn of_sample(board: &Board<'_>, sample: usize) -> String {
    if board.samples() == 1 { String::new() } else { format!(", sample {}", sample + 1) }
}

fn rows(rows: &[[String; 4]]) -> String {
    let rows: Vec<_> = rows.iter().map(|row| row.to_vec()).collect();
    table(&["", "formula", "numbers", "value"], &rows)
}

fn update_rule(board: &Board<'_>) -> String {
    match board.rule() {
        LearningRule::Plain => "The update is `w − η·∂J/∂w`.\n".to_owned(),
        LearningRule::Other(name) => {
            format!("The update rule is {}; its documentation has the formula.\n", code(name))
        }
    }
}
