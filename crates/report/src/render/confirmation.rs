//! The chosen configurations on fresh seeds.

use super::answer_table;
use super::markdown::{code, more, table};
use crate::analysis::{Analysis, chosen};
use crate::number::count;

/// The largest number of rows shown.
const SHOWN: usize = 40;

/// The results of the chosen configurations on the seeds that chose them, and on fresh ones.
pub(super) fn confirmation(analysis: &Analysis) -> String {
    let seeds = analysis.info.confirm_seeds;
    if seeds == 0 {
        return String::new();
    }
    let chosen = chosen(analysis);
    if chosen.is_empty() {
        return "## Confirmation\n\nNothing is chosen yet: planned runs are not on record.\n\n".to_owned();
    }
    let metric = analysis.info.metric;
    let row = |index: &usize| {
        let planned = &analysis.configurations[*index];
        let mut row: Vec<String> =
            analysis.settings(planned, &[]).into_iter().map(|(_, label)| code(label)).collect();
        row.push(answer_table::median_and_range(planned, planned.final_metric(metric)));
        row.extend(match analysis.confirmed(planned) {
            Some(again) => [
                answer_table::median_and_range(again, again.final_metric(metric)),
                again.runs.len().to_string(),
            ],
            None => ["not on record".to_owned(), "0".to_owned()],
        });
        row
    };
    let median = format!("{metric}: median [min, max]");
    let fresh = format!("on {} fresh seeds", seeds);
    let factors = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
    let titles: Vec<&str> = factors.chain([median.as_str(), fresh.as_str(), "runs"]).collect();
    let rows: Vec<Vec<String>> = chosen.iter().take(SHOWN).map(row).collect();
    let more = more(chosen.len(), SHOWN, None);
    format!(
        "## Confirmation\n\nThe best of each combination of the settings that are not tuned, chosen on {}, was run again on \
         {} that were not used for the choice. Verdicts and p use these runs only.\n\n{}{more}\n",
        count(analysis.info.seeds.len(), "seed"),
        count(seeds as usize, "seed"),
        table(&titles, &rows)
    )
}
