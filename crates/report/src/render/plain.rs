//! The answer as plain text, for a terminal.

use super::answer::{self, Said};
use super::{answer_table, checks, claims, faults};
use crate::analysis::{Analysis, Checks, faults_alone};
use crate::text::one_line;

/// The claims, a sentence, the warnings, and a table with a row for each compared value.
pub(crate) fn plain_answer(analysis: &Analysis) -> String {
    let name = one_line;
    let mut text = head(analysis, said(&answer::paragraphs(analysis, &name)), &analysis.warnings);
    if !analysis.records.is_empty() {
        let (titles, rows) =
            (answer_table::titles(analysis, true), answer_table::rows(analysis, true, &name));
        text += &format!("\n{}", aligned(titles, rows));
    }
    text
}

/// The paragraphs of an answer.
pub(super) fn said(answer: &[Said]) -> impl Iterator<Item = String> {
    answer.iter().map(|(head, rest)| format!("{head} {rest}"))
}

/// The claims, the lines of the answer, and the warnings.
pub(super) fn head(
    analysis: &Analysis,
    answer: impl IntoIterator<Item = String>,
    warnings: &[String],
) -> String {
    let mut text = claims::plain_lines(analysis);
    if !text.is_empty() {
        text.push('\n');
    }
    answer.into_iter().for_each(|line| text += &format!("{line}\n"));
    warnings.iter().for_each(|warning| text += &format!("Warning: {}\n", one_line(warning)));
    text
}

/// The verdict of gradient checks, the warnings, and a table with a row for each compared value.
pub(crate) fn plain_verdict(analysis: &Analysis, found: &Checks) -> String {
    let alone = faults::sentence(&faults_alone(analysis, found), &one_line);
    let sentences = checks::sentences(found).into_iter().chain(alone);
    let mut text = head(analysis, sentences, &checks::warnings(analysis, found));
    if !found.all.is_empty() {
        let (titles, rows) = (checks::titles(analysis, found), checks::rows(found, &one_line));
        text += &format!("\n{}", aligned(titles, rows));
    }
    text
}

/// Columns as wide as their widest cell and two spaces apart; each cell is on one line.
pub(super) fn aligned(titles: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let rows = std::iter::once(titles).chain(rows);
    let rows: Vec<Vec<String>> = rows.map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_letters_not_bytes() {
        let [titles, row] = [["η", "b"], ["adam", "c"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(titles, vec![row]), "η     b\nadam  c\n");
    }
}
