//! Columns of numbers with some other cells.

use super::cell::Look;
use super::problem::{columns_key, named};
use super::survey::Known;

/// The most different whole numbers of a category that has letters too, such as `4`, `13`, `C`.
const MAX_MIXED: usize = 10;

/// The problem of a column that looks like numbers, except for some of its cells.
pub(super) fn spoiled(known: Known<'_>, column: usize) -> Option<String> {
    let (name, facts) = (known.name(column), known.facts(column));
    let example = facts.first_text.as_ref()?;
    let place = known.place(column, example);
    let given = facts.given();
    let disguise = facts.disguise();
    let numbers = facts.numbers + facts.infinite + disguise.map_or(0, |(_, count)| count);
    if let Some((look, _)) = disguise.filter(|_| 10 * numbers >= 9 * given) {
        let is_example = Look::of(example.text.as_bytes()) == look;
        let like = if is_example {
            format!(": {} is {}", named(&example.text), look.name())
        } else {
            format!(": its cells look like {}", look.name())
        };
        return Some(format!("{place}{like}; set `{}`, or \"category\"", columns_key(name, look.word())));
    }
    let texts = given - facts.numbers;
    // Some categories are numbers and letters, but these have few levels, or more letters.
    let varies = facts.different().is_none_or(|count| count > MAX_MIXED && 2 * count > facts.numbers);
    let has_many = varies && 5 * texts <= given;
    let is_number = facts.numbers >= texts && (!facts.is_whole || has_many || facts.infinite > 0);
    is_number.then(|| {
        format!(
            "{place}: {} is not a number, but {} of {given} cells are; set `{}` to treat such cells as missing, or \"category\"",
            named(&example.text),
            facts.numbers,
            columns_key(name, "number")
        )
    })
}
