//! The sensitivity to the learning rate.

use super::emphasis::{Column, bold_best, table};
use super::markdown::code;
use crate::analysis::{Analysis, RateRow, Rates, Tolerance};
use crate::number::{rounded, rounded_or};
use chainrule_record::Better;

const DIGITS: usize = 3;

/// The best learning rate of each compared value, and the range around it that is nearly as good.
pub(super) fn learning_rates(analysis: &Analysis) -> String {
    let Some(rates) = Rates::new(analysis) else { return String::new() };
    let best: Vec<Option<f64>> = rates.rows.iter().map(|row| row.best.map(|best| best.rate)).collect();
    let widths: Vec<Option<f64>> = rates.rows.iter().map(|row| Some(row.best?.decades())).collect();
    let cells = |cell: fn(&RateRow) -> String| rates.rows.iter().map(cell).collect::<Vec<_>>();
    let rounded_all =
        |values: &[Option<f64>], digits| values.iter().map(|one| rounded_or(*one, digits, "–")).collect();
    let labels = rates.rows.iter().map(|row| code(analysis.rate_label(row.compared))).collect();
    let mut columns: Vec<Column> = vec![
        (analysis.rate_title().to_owned(), labels),
        ("best learning rate".to_owned(), rounded_all(&best, DIGITS)),
        ("nearly as good".to_owned(), cells(range)),
        ("decades".to_owned(), bold_best(&widths, cells(decades), Better::Higher)),
        ("lost from".to_owned(), cells(lost_from)),
    ];
    columns.extend(rates.common.map(|rate| {
        let medians: Vec<Option<f64>> = rates.rows.iter().map(|row| row.at_common).collect();
        let texts = bold_best(&medians, rounded_all(&medians, 4), analysis.info.metric.better());
        (format!("median at {}", rounded(rate, DIGITS)), texts)
    }));
    format!("## Learning rates\n\n{}\n\n{}\n", sentences(analysis, &rates), table(&columns))
}

fn sentences(analysis: &Analysis, rates: &Rates) -> String {
    let metric = analysis.info.metric;
    let tolerance = match rates.tolerance {
        Tolerance::Margin(margin) => {
            format!("no more than the margin of {} worse than", rounded(margin, DIGITS))
        }
        Tolerance::Fraction(share) => format!("within {} % of", rounded(100.0 * share, DIGITS)),
        Tolerance::Difference(difference) => format!("no more than {} below", rounded(difference, DIGITS)),
    };
    let common = match rates.common {
        Some(rate) => format!(
            " With one rate for all, {} is the one at which the worst of them does best.",
            rounded(rate, DIGITS)
        ),
        None => String::new(),
    };
    let without: Vec<usize> = analysis.grid.compare.into_iter().chain(analysis.grid.learning_rate).collect();
    let others = analysis.grid.others(&without).map(|factor| code(&analysis.grid.factors[factor].setting));
    let others: Vec<String> = others.collect();
    let each = match others.is_empty() {
        true => String::new(),
        false => format!("Each rate with the best {} at it. ", others.join(", ")),
    };
    format!(
        "{each}Nearly as good: the range around the best rate in which the median {} is {tolerance} the best. ≥ marks a \
         range that extends to the last rate that was tried. Lost: half or more of the runs \
         ([data](sensitivity.csv)).{common}",
        code(metric.name())
    )
}

/// `0.03 to 0.5`.
fn range(row: &RateRow) -> String {
    let ends = |best: &crate::analysis::BestRate| {
        format!("{} to {}", rounded(best.stable.0, DIGITS), rounded(best.stable.1, DIGITS))
    };
    row.best.as_ref().map_or_else(|| "–".to_owned(), ends)
}

/// `1.5`, or `≥ 1.5`.
fn decades(row: &RateRow) -> String {
    let Some(best) = &row.best else { return "–".to_owned() };
    let open = if best.open.0 || best.open.1 { "≥ " } else { "" };
    format!("{open}{}", rounded((100.0 * best.decades()).round() / 100.0, DIGITS))
}

fn lost_from(row: &RateRow) -> String {
    let none = || format!("none up to {}", rounded(row.range.1, DIGITS));
    row.lost_from.map_or_else(none, |rate| rounded(rate, DIGITS))
}
