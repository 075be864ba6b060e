//! The answer as plain text, for a terminal.

use super::answer::{self, Said};
use super::{answer_table, checks, claims, faults};
use crate::analysis::{Analysis, Checks, faults_alone};
use crate::text::one_line;

/// The claims, a sentence, the warnings, and a table with a row for each compared value.
pub(crate) fn plain_answer(analysis: &Analysis) -> String {
    let name = one_line;
    let mut text = head(analysis, &answer::paragraphs(analysis, &name), &analysis.warnings);
    if !analysis.records.is_empty() {
        let rows = std::iter::once(answer_table::titles(analysis, true))
            .chain(answer_table::rows(analysis, true, &name));
        text.push('\n');
        text += &aligned(&rows.collect::<Vec<_>>());
    }
    text
}

/// The claims, the answer, and the warnings.
pub(super) fn head(analysis: &Analysis, answer: &[Said], warnings: &[String]) -> String {
    let mut text = claims::plain_lines(analysis);
    if !text.is_empty() {
        text.push('\n');
    }
    answer.iter().for_each(|(head, rest)| text += &format!("{head} {rest}\n"));
    warnings.iter().for_each(|warning| text += &format!("Warning: {}\n", one_line(warning)));
    text
}

/// The verdict of gradient checks, the warnings, and a table with a row for each compared value.
pub(crate) fn plain_verdict(analysis: &Analysis, found: &Checks) -> String {
    let alone = faults::sentence(&faults_alone(analysis, found), &one_line);
    let mut text = claims::plain_lines(analysis);
    if !text.is_empty() {
        text.push('\n');
    }
    text += &checks::sentences(found).into_iter().chain(alone).collect::<Vec<_>>().join("\n");
    text.push('\n');
    for warning in checks::warnings(analysis, found) {
        text += &format!("Warning: {}\n", one_line(&warning));
    }
    if !found.all.is_empty() {
        let rows = checks::rows(found, &one_line);
        let rows: Vec<Vec<String>> = std::iter::once(checks::titles(analysis, found)).chain(rows).collect();
        text.push('\n');
        text += &aligned(&rows);
    }
    text
}

/// Columns as wide as their widest cell and two spaces apart; each cell is on one line.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
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
        let rows = [["η", "b"], ["adam", "c"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows), "η     b\nadam  c\n");
    }
}
