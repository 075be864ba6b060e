//! `report.md`, `report.html`, and the answer as plain text. This module computes no numbers.

mod answer;
mod answer_table;
pub(crate) mod checks;
mod claims;
mod comparisons;
mod confirmation;
pub(crate) mod datasets;
mod emphasis;
mod faults;
pub(crate) mod functions;
pub(crate) mod html;
mod interval;
pub(crate) mod markdown;
mod matched;
mod plain;
mod provenance;
mod rates;
mod runs;
mod speed;
mod tasks;
pub(crate) mod trace;
mod tradeoffs;
mod weights;

pub(crate) use plain::{plain_answer, plain_verdict};

use crate::analysis::Analysis;
use crate::number::count;
use crate::plot::Plot;
use crate::results::Source;
use chainrule_record::{DatasetInfo, ExperimentInfo, FOLDS, SPLIT_SEED, XAxis};
use markdown::{code, plain as text, table};

/// The whole page: the answer first, then its basis.
pub(crate) fn report(analysis: &Analysis, sources: &[Source], plots: &[Plot]) -> String {
    [
        title(analysis),
        claims::section(analysis),
        head(analysis, &answer::markdown(analysis), &analysis.warnings),
        answer_table(analysis),
        pictures(plots),
        basis(analysis),
        results(analysis),
        details(analysis, sources),
    ]
    .concat()
}

/// The basis of the answer.
fn basis(analysis: &Analysis) -> String {
    [
        comparisons::comparisons(analysis),
        tasks::by_task(analysis),
        matched::matched(analysis),
        confirmation::confirmation(analysis),
        comparisons::roles(analysis),
    ]
    .concat()
}

/// The results of the runs.
fn results(analysis: &Analysis) -> String {
    [
        tradeoffs::tradeoffs(analysis),
        speed::time_to_target(analysis),
        rates::learning_rates(analysis),
        runs::best(analysis),
        weights::weights(analysis),
    ]
    .concat()
}

/// The endings of the runs, and the origin of the results.
fn details(analysis: &Analysis, sources: &[Source]) -> String {
    [runs::endings(analysis), origin(analysis, &method(analysis), sources)].concat()
}

/// The runs without a result, the data and the settings, `method`, and how to reproduce the results.
fn origin(analysis: &Analysis, method: &str, sources: &[Source]) -> String {
    [
        &runs::lost(analysis),
        &runs::skipped(analysis),
        &provenance::data(analysis),
        &provenance::fixed(analysis),
        method,
        &provenance::provenance(sources),
        &provenance::reproduce(sources),
    ]
    .concat()
}

fn title(analysis: &Analysis) -> String {
    let info = analysis.info;
    let mut page = format!("# {}\n\n", text(&info.name));
    if !info.question.trim().is_empty() {
        page += &format!("> {}\n\n", text(info.question.trim()));
    }
    page
}

/// The answer and the warnings; with a heading if claims precede them.
fn head(analysis: &Analysis, answer: &str, warnings: &[String]) -> String {
    let heading = if analysis.verdicts.is_empty() { "" } else { "## Answer\n\n" };
    format!("{heading}{answer}{}", warning_list(warnings))
}

fn warning_list(warnings: &[String]) -> String {
    let lines: String =
        warnings.iter().map(|warning| format!("- **Warning:** {}\n", text(warning))).collect();
    if lines.is_empty() { lines } else { lines + "\n" }
}

fn answer_table(analysis: &Analysis) -> String {
    if analysis.records.is_empty() {
        return String::new();
    }
    let titles = answer_table::titles(analysis, false);
    let notes = answer_table::notes(analysis).map(|notes| format!("\n{notes}\n")).unwrap_or_default();
    format!("{}{notes}\n", table(&titles, &answer_table::rows(analysis, false, &code)))
}

fn pictures(plots: &[Plot]) -> String {
    let picture = |plot: &Plot| {
        let Plot { name, caption, .. } = plot;
        format!("![{name}](plots/{name}.png)\n\n{caption} ([data](plots/{name}.csv))\n\n")
    };
    plots.iter().map(picture).collect()
}

/// How replicates differ in their split; `None` if all have the same.
fn own_splits(info: &ExperimentInfo) -> Option<String> {
    let is_word = |setting, word| info.fixed.get(setting).is_some_and(|point| point.value == word);
    let replicates = count(info.seeds.len(), "replicate");
    if let Some(folds) = info.fixed.get(FOLDS).and_then(|point| point.value.as_u64()) {
        return Some(format!(
            "{replicates}: each tests on one of {folds} folds, and every fold is tested equally often."
        ));
    }
    let is_drawn =
        |data: &DatasetInfo| data.validation > 0 || (data.test > 0 && !is_word("test", "official"));
    let has_own = is_word(SPLIT_SEED, "replicate") && !is_word("split", "in_order");
    let has_own = has_own && info.seeds.len() > 1 && info.datasets.iter().any(is_drawn);
    has_own
        .then(|| format!("{replicates}, each with its own split, which is the same for all configurations."))
}

fn method(analysis: &Analysis) -> String {
    if analysis.records.is_empty() {
        return String::new();
    }
    let of_tasks = match analysis.grid.has_splits() {
        true => {
            "A configuration is a value for every setting that varies and does not define the task. The mean of its runs on \
             one split of the data is one observation, so intervals include the variation between splits."
        }
        false => {
            "A configuration is a value for every setting that varies and does not define the task. The mean of its runs with \
             one seed over all tasks is one observation."
        }
    };
    let always = [
        match analysis.grid.has_tasks() {
            false => {
                "A configuration is a value for every setting that varies; its runs differ only in their seed."
            }
            true => of_tasks,
        },
        "A median ranks diverged and failed runs worse than any number. If half or more of the runs are lost, there is no \
         median. Minimum and maximum cover the finished runs. A band covers this range. From 8 runs on, it covers the \
         range from the lower to the upper quartile, in which lost runs count as in the median. Missing values are not \
         replaced.",
        "epochs_to_target: the median over all seeds, a missed target taken as later than any epoch, and how many seeds \
         reached it.",
        "Equal medians are ranked in the order of the plan.",
        "Every run is in [`runs.csv`](runs.csv), every epoch in [`curves.csv`](curves.csv).",
    ];
    let of_lines = "A line in the convergence plot ends where its first seed ended, because the remaining seeds are not a \
                    fair sample of all. It also ends where half or more of its seeds have diverged.";
    let kept = "Final metrics are from the epoch whose parameters a run kept, `kept_epoch` in [`runs.csv`](runs.csv), or \
                from its last epoch. Curves show all epochs.";
    let of_x =
        "The convergence plot takes all seeds at the same epoch; if they differ in x, it shows their median.";
    let x_axis = (analysis.info.x_axis != XAxis::Epochs).then_some(of_x);
    let lines = (!analysis.spans_datasets()).then_some(of_lines);
    let splits = own_splits(analysis.info);
    let rules = always
        .into_iter()
        .chain(splits.as_deref())
        .chain(lines)
        .chain(x_axis)
        .chain(analysis.keeps_epochs().then_some(kept));
    markdown::method(rules)
}
