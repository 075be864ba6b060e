//! Compares two results folders, configuration by configuration.

use super::answer_table::median;
use super::interval;
use super::markdown::{code, table};
use crate::analysis::{Analysis, Matched, MatchedRow, Standing};
use crate::number::{count, rounded_or};
use chainrule_statistics::Center;

/// The largest number of rows shown.
const SHOWN: usize = 20;

const DIGITS: usize = 3;

/// The changes from the first folder to the second.
pub(super) fn matched(analysis: &Analysis) -> String {
    let Some(found) = Matched::new(analysis) else { return String::new() };
    if found.rows.is_empty() {
        return "## Configuration by configuration\n\nNo configuration is in both.\n\n".to_owned();
    }
    let [first, second] = [0, 1].map(|folder| code(&analysis.compared[folder].label));
    let mut titles: Vec<String> =
        found.factors.iter().map(|factor| analysis.grid.factors[*factor].setting.clone()).collect();
    titles.extend([
        "n".to_owned(),
        format!("{first}: median [interval]"),
        format!("{second}: median [interval]"),
        format!("{second} ahead by"),
        "p".to_owned(),
        format!("{second} is"),
    ]);
    let rows: Vec<Vec<String>> =
        found.rows.iter().take(SHOWN).map(|one| row(analysis, &found, one)).collect();
    format!(
        "## Configuration by configuration\n\n{}\n\n{}\n",
        sentences(analysis, &found, &second),
        table(&titles, &rows)
    )
}

fn sentences(analysis: &Analysis, found: &Matched, second: &str) -> String {
    let named =
        [(Standing::Better, "better"), (Standing::Worse, "worse"), (Standing::Equivalent, "equivalent")];
    let told = named.map(|(standing, word)| format!("{word} in {}", found.count(standing)));
    let of = found.rows.len();
    let alone = match found.single {
        0 => String::new(),
        1 => " 1 more is in one folder alone.".to_owned(),
        single => format!(" {single} more are in one folder alone."),
    };
    let first_of =
        if of > SHOWN { format!(" Here are the {SHOWN} of the smallest p; all") } else { " All".to_owned() };
    let metric = code(analysis.info.metric.name());
    let (better, worse) = found.sides(analysis);
    let (seeds, fewest) = (analysis.info.seeds.len(), found.fewest_seeds());
    let few = match seeds < fewest {
        true => {
            format!(" With {}, p can decide none of so many; with {fewest} it could.", count(seeds, "seed"))
        }
        false => String::new(),
    };
    format!(
        "Of {} that both have, {second} has the better median {metric} in {better} and the worse one in {worse}. Tested \
         one by one, it is {}, and undecided in {}.{alone}{few} Nothing was chosen here, so the planned seeds may judge. \
         Differences are paired over them, and p is adjusted by Holm's method over all configurations that both \
         have.{first_of} numbers are in [`matched.csv`](matched.csv).",
        count(of, "configuration"),
        told.join(", "),
        found.count(Standing::Undecided),
    )
}

fn row(analysis: &Analysis, found: &Matched, one: &MatchedRow) -> Vec<String> {
    let [first, second] = one.both.map(|index| &analysis.configurations[index]);
    let label = |factor: &usize| code(analysis.grid.label(*factor, second.levels[*factor]));
    let estimate = one.paired.estimate.map_or_else(|| "–".to_owned(), |value| interval::end(value, DIGITS));
    let kind = if one.paired.center == Center::Median { " (median)" } else { "" };
    let verdict = match one.standing {
        Standing::Undecided => one.standing.name().to_owned(),
        _ => format!("**{}**", one.standing.name()),
    };
    let mut row: Vec<String> = found.factors.iter().map(label).collect();
    row.extend([
        one.paired.n.to_string(),
        median(analysis, 0, first),
        median(analysis, 1, second),
        format!("{estimate}{}{kind}", interval::brackets(one.paired.interval, DIGITS)),
        rounded_or(one.adjusted, 2, "–"),
        verdict,
    ]);
    row
}
