//! How a table was read, as lines for a terminal.

use super::plural;
use chainrule_core::dataset::{ColumnKind, ColumnReading, Reading};
use chainrule_record::text::shown;

/// The most columns that are shown in each list.
const MAX_SHOWN: usize = 60;

/// The decisions about a table, with the keys that change them.
pub(super) fn lines(reading: &Reading) -> Vec<String> {
    let mut lines = vec![file(reading), rows(reading), target(reading)];
    let inputs: Vec<_> = reading.columns.iter().filter(|column| column.inputs > 0).collect();
    let count: u64 = inputs.iter().map(|column| column.inputs).sum();
    let columns = plural(inputs.len(), "column");
    lines.push(format!(
        "  inputs     {columns} {} {}",
        if inputs.len() == 1 { "becomes" } else { "become" },
        plural(count as usize, "input")
    ));
    lines.extend(table(inputs.iter().map(|column| input(column))));
    let is_left_out = |column: &&ColumnReading| {
        column.inputs == 0 && !matches!(column.kind, ColumnKind::Target | ColumnKind::Group)
    };
    let left_out: Vec<_> = reading.columns.iter().filter(is_left_out).collect();
    if !left_out.is_empty() {
        lines.push(format!("  left out   {}", plural(left_out.len(), "column")));
        lines.extend(table(
            left_out.iter().map(|column| [named(column), column.reason.clone(), column.key.clone()]),
        ));
    }
    lines.extend(
        reading
            .columns
            .iter()
            .filter(|column| column.kind == ColumnKind::Group)
            .map(|column| format!("  groups     {}", named(column))),
    );
    lines.extend(reading.warnings.iter().map(|warning| format!("  warning    {}", shown(warning))));
    lines
}

fn file(reading: &Reading) -> String {
    let header = if reading.has_header { "with a header" } else { "without a header" };
    format!(
        "{}: {} in {}, delimiter \"{}\", quote \"{}\", {header}",
        shown(&reading.file),
        reading.format,
        reading.encoding,
        reading.delimiter,
        reading.quote
    )
}

fn rows(reading: &Reading) -> String {
    let left_out: Vec<_> = reading
        .left_out
        .iter()
        .map(|left| format!(", {} left out because {}", left.rows, left.reason))
        .collect();
    format!("  rows       {} in the file, {} used{}", reading.rows, reading.used, left_out.concat())
}

fn target(reading: &Reading) -> String {
    const MAX_CLASSES: usize = 10;
    let target = &reading.target;
    let names: Vec<_> = target.names.iter().map(shown).collect();
    let values = if target.classes.is_empty() {
        let range = |[least, mean, most]: &[f64; 3]| format!("{least} to {most}, mean {}", rounded(*mean));
        target.ranges.iter().map(range).collect::<Vec<_>>().join("; ")
    } else {
        let shown: Vec<_> = target
            .classes
            .iter()
            .take(MAX_CLASSES)
            .map(|class| format!("{} ({})", shown(&class.name), class.samples))
            .collect();
        let more = if target.classes.len() > MAX_CLASSES { ", …" } else { "" };
        format!("{}{more}", shown.join(", "))
    };
    let guessing: Vec<_> = target.guessing.iter().map(|score| rounded(*score)).collect();
    let guessing = if target.classes.is_empty() {
        format!("guessing the mean has a root-mean-square error of {}", guessing.join(" and "))
    } else {
        format!("guessing the most common class has an accuracy of {}", guessing.concat())
    };
    let key = if target.key.is_empty() { String::new() } else { format!("   [{}]", target.key) };
    let task = match target.classes.len() {
        0 => target.task.clone(),
        classes => format!("{classes} classes"),
    };
    let task = if target.reason.is_empty() { task } else { format!("{task} ({})", target.reason) };
    format!("  target     {}: {task}: {values}; {guessing}{key}", names.join(", "))
}

fn named(column: &ColumnReading) -> String {
    shown(&column.name)
}

fn input(column: &ColumnReading) -> [String; 3] {
    let missing = if column.missing > 0 { format!(", {} missing", column.missing) } else { String::new() };
    let kind = match column.kind {
        ColumnKind::Indicator => "0 or 1".to_owned(),
        ColumnKind::Category => format!("category, {}", plural(column.inputs as usize, "input")),
        ColumnKind::Date => "date, 3 inputs".to_owned(),
        _ => "number".to_owned(),
    };
    let more = if column.level_count as usize > column.levels.len() { " | …" } else { "" };
    let levels = format!("{}{more}", column.levels.join(" | "));
    let parts = [
        levels,
        column.reason.clone(),
        if column.key.is_empty() { String::new() } else { format!("[{}]", column.key) },
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    [named(column), format!("{kind}{missing}"), shown(parts.join("   "))]
}

/// Rows of cells in columns as wide as their widest cell.
fn table(rows: impl Iterator<Item = [String; 3]>) -> Vec<String> {
    let rows: Vec<[String; 3]> = rows.collect();
    let width = |index: usize| rows.iter().map(|row| row[index].chars().count()).max().unwrap_or(0).min(40);
    let widths = [width(0), width(1)];
    let line = |[name, kind, rest]: &[String; 3]| {
        format!("    {name:0$}   {kind:1$}   {rest}", widths[0], widths[1]).trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().take(MAX_SHOWN).map(line).collect();
    if rows.len() > MAX_SHOWN {
        lines.push(format!("    … and {} more", rows.len() - MAX_SHOWN));
    }
    lines
}

fn rounded(x: f64) -> String {
    let digits = if x.abs() >= 100.0 { 1 } else { 4 };
    format!("{x:.digits$}")
}
