//! Quality, speed and tunability, on one problem or over several.

use super::emphasis::{Column, Dress, bold_best, rows, table};
use super::markdown::code;
use crate::analysis::{Analysis, Measure, Profiles, TRIALS, Tolerance, TradeoffRow, Tradeoffs};
use crate::number::{rounded, rounded_or};
use chainrule_record::Better;

const DIGITS: usize = 4;
/// The table shows the best result after this many random trials: the first and the third of [`TRIALS`].
const SHOWN_TRIALS: [usize; 2] = [0, 2];
/// With more problems, one column for each would make the table too wide.
const MOST_PROBLEMS: usize = 6;

/// The table of one problem, or of all. Empty if nothing was tuned: the answer covers it then.
pub(super) fn tradeoffs(analysis: &Analysis) -> String {
    let Some(found) = Tradeoffs::new(analysis) else { return String::new() };
    match Profiles::new(analysis) {
        Some(profiles) => format!(
            "## Over {} problems\n\n{}\n\n{}\n",
            profiles.common.len(),
            about_problems(analysis, &found, &profiles),
            table(&columns(analysis, &found, &profiles, Dress::Markdown))
        ),
        None if found.is_tuned() && !analysis.is_all_lost() && !found.problems.are_several() => {
            of_one(analysis, &found)
        }
        None => String::new(),
    }
}

fn of_one(analysis: &Analysis, found: &Tradeoffs) -> String {
    let ranked = analysis.compared_ranking.iter();
    let rows: Vec<&TradeoffRow> =
        ranked.filter_map(|compared| found.on(0).find(|row| row.compared == *compared)).collect();
    let metric = analysis.info.metric;
    let number = |title: String, better, value: &dyn Fn(&TradeoffRow) -> Option<f64>| -> Option<Column> {
        let values: Vec<Option<f64>> = rows.iter().map(|row| value(row)).collect();
        let texts = values.iter().map(|value| rounded_or(*value, DIGITS, "–")).collect();
        values.iter().any(Option::is_some).then(|| (title, bold_best(&values, texts, better)))
    };
    let names = rows.iter().map(|row| code(&analysis.compared[row.compared].label)).collect();
    let mut columns: Vec<Column> = vec![(analysis.compared_name().to_owned(), names)];
    columns.extend(number(metric.name().to_owned(), metric.better(), &|row| row.quality));
    let accuracy = number("test_accuracy".to_owned(), Better::Higher, &|row| row.test_accuracy);
    columns.extend(accuracy.or_else(|| number("test_loss".to_owned(), Better::Lower, &|row| row.test_loss)));
    let clock = analysis.clock().name().replace('_', " ");
    columns.extend(number(format!("{clock} to the target"), Better::Lower, &|row| row.time));
    for index in SHOWN_TRIALS {
        let title = match TRIALS[index] {
            1 => format!("{metric}, one random setting"),
            trials => format!("best of {trials} random settings"),
        };
        columns.extend(number(title, metric.better(), &|row| row.median_after[index]));
    }
    columns.push(("good settings".to_owned(), good(&rows)));
    let fresh = if found.fresh { " Quality and speed are those on fresh seeds." } else { "" };
    format!(
        "## Quality, speed and tunability\n\nMedian at each value's best settings, and the median result of a random search of the \
         same size. Good settings are {} ([data](tradeoffs.csv)).{fresh}\n\n{}\n",
        good_means(found.tolerance),
        table(&columns)
    )
}

fn good_means(tolerance: Tolerance) -> String {
    match tolerance {
        Tolerance::Margin(margin) => {
            format!("those whose median is within the margin of {} of its best", rounded(margin, 3))
        }
        Tolerance::Fraction(share) => {
            format!("those whose median is within {} % of its best", rounded(100.0 * share, 3))
        }
        Tolerance::Difference(difference) => {
            format!("those whose median is within {} of its best", rounded(difference, 3))
        }
    }
}

/// `3 of 9`, with the largest fraction in bold.
fn good(rows: &[&TradeoffRow]) -> Vec<String> {
    let share =
        |row: &&TradeoffRow| Some(row.good as f64 / row.configurations as f64).filter(|_| row.good > 0);
    let shares: Vec<Option<f64>> = rows.iter().map(share).collect();
    let texts = rows.iter().map(|row| format!("{} of {}", row.good, row.configurations)).collect();
    bold_best(&shares, texts, Better::Higher)
}

fn best_on(measure: Measure) -> &'static str {
    match measure {
        Measure::Time(_) => "fastest on",
        Measure::Final(_) => "best on",
    }
}

/// The table over problems, if there is one: titles and rows.
pub(super) fn over_problems(analysis: &Analysis, dress: Dress) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let (found, profiles) = (Tradeoffs::new(analysis)?, Profiles::new(analysis)?);
    let columns = columns(analysis, &found, &profiles, dress);
    let titles = columns.iter().map(|(title, _)| title.clone()).collect();
    Some((titles, rows(&columns)))
}

/// Ranks and scores, and the metric on each problem if the table stays readable.
fn columns(analysis: &Analysis, found: &Tradeoffs, profiles: &Profiles, dress: Dress) -> Vec<Column> {
    let order = profiles.by_rank();
    let problems = profiles.common.len();
    let column =
        |title: &str, better, value: &dyn Fn(usize) -> f64, text: &dyn Fn(f64) -> String| -> Column {
            let values: Vec<Option<f64>> = order.iter().map(|index| Some(value(*index))).collect();
            let texts = values.iter().map(|value| value.map(text).unwrap_or_default()).collect();
            (title.to_owned(), dress.bold_best(&values, texts, better))
        };
    let number = |value: f64| rounded(value, 3);
    let of_all = |value: f64| format!("{value} of {problems}");
    let label = |index: &usize| dress.name(&analysis.compared[profiles.compared[*index]].label);
    let metric = analysis.info.metric;
    let first = |index: usize| profiles.ratios.iter().filter(|row| row[index] == 1.0).count() as f64;
    let mut columns = vec![
        (analysis.compared_name().to_owned(), order.iter().map(label).collect()),
        column(&format!("mean rank by {metric}"), Better::Lower, &|index| profiles.ranks[index], &number),
        column("profile score", Better::Higher, &|index| profiles.lines[index].score, &number),
        column(best_on(profiles.measure), Better::Higher, &first, &of_all),
    ];
    // Without a target, a problem is solved by any run that is not lost, and the metric shows that.
    if let Measure::Time(_) = profiles.measure {
        columns.push(column("solves", Better::Higher, &|index| profiles.lines[index].solved as f64, &of_all));
    }
    if found.is_tuned() {
        let percent = |value: f64| format!("{} %", rounded(value, 3));
        let share = |index: usize| (100.0 * found.good_share(profiles.compared[index])).round();
        columns.push(column("good settings", Better::Higher, &share, &percent));
    }
    if analysis.spans_datasets() && problems <= MOST_PROBLEMS {
        // Smaller is better for these costs, whatever the metric.
        let of_metric = |cost: f64| if metric.is_loss() { cost } else { 1.0 - cost };
        let text = |cost: f64| rounded_or(cost.is_finite().then(|| of_metric(cost)), DIGITS, "lost");
        let on = |(row, problem): (usize, &usize)| {
            let title =
                format!("{metric} on {}", dress.text(&profiles.problems.label(&analysis.grid, *problem)));
            column(&title, Better::Lower, &|index| profiles.finals[row][index], &text)
        };
        columns.extend(profiles.common.iter().enumerate().map(on));
    }
    columns
}

fn about_problems(analysis: &Analysis, found: &Tradeoffs, profiles: &Profiles) -> String {
    let clock = analysis.clock().name().replace('_', " ");
    let measure = match profiles.measure {
        Measure::Time(_) => format!("the median time to the target in {clock}"),
        Measure::Final(metric) if metric.is_loss() => format!("the median final {}", code(metric.name())),
        Measure::Final(metric) => format!("1 − the median final {}", code(metric.name())),
    };
    let fresh = if profiles.fresh { ", on fresh seeds" } else { "" };
    let left_out = match profiles.problems.all.len() - profiles.common.len() {
        0 => String::new(),
        some => format!(
            "; {} not tried with all of them",
            if some == 1 { "1 more was".to_owned() } else { format!("{some} more were") }
        ),
    };
    let good = match found.is_tuned() {
        true => format!("; good settings are {}", good_means(found.tolerance)),
        false => String::new(),
    };
    let friedman = match profiles.friedman {
        Some(p) => format!(" Friedman's test that all rank alike: p = {}.", rounded(p, 2)),
        None => String::new(),
    };
    format!(
        "A problem is a value of {}, each one at its best settings there{left_out}. The score is the area under the profile of \
         {measure}{fresh}, from 1 to {} times the best, 1 being the best on all{good} ([times](profiles.csv), [all](tradeoffs.csv)).{friedman}",
        code(&profiles.problems.name(&analysis.grid)),
        crate::analysis::SCORED_TO,
    )
}
