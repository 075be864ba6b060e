//! The time to reach the target.

use super::answer;
use super::emphasis::{Column, bold_best, table};
use super::interval;
use super::markdown::{code, plain};
use crate::analysis::{Analysis, Clock, Reaching, TargetCell, TimeToTarget};
use crate::number::{rounded, rounded_or};
use chainrule_record::Better;

/// With more rows than this on one data set, only the best configurations are listed.
const MOST_ROWS: usize = 24;
const DIGITS: usize = 3;

/// Fraction of runs, median times and expected running time, if there is a target.
pub(super) fn time_to_target(analysis: &Analysis) -> String {
    let Some(times) = TimeToTarget::new(analysis).filter(|times| !times.cells.is_empty()) else {
        return String::new();
    };
    let is_readable = times.cells.len() <= MOST_ROWS || analysis.spans_datasets();
    let by_problem = times.problems.are_several() && is_readable;
    let cells: Vec<&TargetCell> =
        if by_problem { times.cells.iter().collect() } else { times.best(analysis).collect() };
    let first = if by_problem { times.problems.name(&analysis.grid) } else { "best settings".to_owned() };
    let settings = |cell: &&TargetCell| match by_problem {
        true => code(&times.problems.label(&analysis.grid, cell.problem)),
        false => answer::settings(analysis, &analysis.configurations[cell.configuration], &code),
    };
    let found: Vec<&Reaching> = cells.iter().map(|cell| cell.deciding(times.fresh)).collect();
    let labels = cells.iter().map(|cell| code(&analysis.compared[cell.compared].label)).collect();
    let mut columns: Vec<Column> = vec![
        (analysis.compared_name().to_owned(), labels),
        (first, cells.iter().map(settings).collect()),
        ("reached".to_owned(), found.iter().map(|one| reached(one)).collect()),
    ];
    columns.extend(timed(analysis, &found, by_problem));
    format!("## Time to the target\n\n{}\n\n{}\n", sentences(analysis, &times), table(&columns))
}

fn sentences(analysis: &Analysis, times: &TimeToTarget) -> String {
    let fresh = if times.fresh { "On fresh seeds: how" } else { "How" };
    format!(
        "{fresh} many runs reached the target ({}), and the median time by Kaplan and Meier: the first time by which at least half \
         of them had. It can differ from the median in the table of the answer, which averages the two middle values. A run \
         that missed the target is censored at its end; a lost run never reaches it. ERT, the expected running time, is the \
         total time of all runs divided by the number of runs that reached it; all values are in [`time_to_target.csv`](time_to_target.csv).",
        plain(analysis.target()),
    )
}

/// The median by the curves' clock with its interval, the expected running time, and the medians by the other clocks.
/// By problem, the other clocks and bold numbers are omitted, because problems differ more than the compared values.
fn timed(analysis: &Analysis, found: &[&Reaching], by_problem: bool) -> Vec<Column> {
    let own = analysis.clock();
    let mut columns = Vec::new();
    let others = Clock::ALL.into_iter().filter(|clock| *clock != own && !by_problem);
    for clock in [own].into_iter().chain(others) {
        let timings: Vec<_> = found.iter().map(|one| one.by(clock)).collect();
        if timings.iter().all(Option::is_none) {
            continue;
        }
        let best = |values: Vec<Option<f64>>, texts: Vec<String>| match by_problem {
            true => texts,
            false => bold_best(&values, texts, Better::Lower),
        };
        let medians: Vec<Option<f64>> =
            timings.iter().map(|timing| timing.and_then(|one| one.median)).collect();
        let ends = |index: usize| timings[index].and_then(|one| one.interval).filter(|_| clock == own);
        let text = |(index, median): (usize, &Option<f64>)| {
            rounded_or(*median, DIGITS, "–") + &interval::brackets(ends(index), DIGITS)
        };
        let texts = medians.iter().enumerate().map(text).collect();
        let title = clock.name().replace('_', " ").replace("flops", "FLOPs");
        columns.push((title.clone(), best(medians, texts)));
        if clock == own {
            let expected: Vec<Option<f64>> =
                timings.iter().map(|timing| timing.and_then(|one| one.expected)).collect();
            let texts = expected.iter().zip(found).map(|(value, one)| running_time(*value, one.reached));
            let texts = texts.collect();
            columns.push((format!("ERT ({title})"), best(expected, texts)));
        }
    }
    columns
}

/// Infinite only if no run reached the target. Without a measured time it is unknown, not infinite.
fn running_time(expected: Option<f64>, reached: usize) -> String {
    rounded_or(expected, DIGITS, if reached == 0 { "∞" } else { "–" })
}

/// `4 of 5 [28 %, 99 %], 1 lost`.
fn reached(one: &Reaching) -> String {
    let percent = |share: f64| rounded((100.0 * share).round(), DIGITS);
    let interval = one.share.map(|ends| format!(" [{} %, {} %]", percent(ends.low), percent(ends.high)));
    let lost = if one.lost > 0 { format!(", {} lost", one.lost) } else { String::new() };
    format!("{} of {}{}{lost}", one.reached, one.runs, interval.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_time_is_endless_where_no_run_reached_the_target_alone() {
        assert_eq!(running_time(Some(8.0), 1), "8");
        assert_eq!([0, 1].map(|reached| running_time(None, reached)), ["∞", "–"]);
    }
}
