//! Checks that each row of a baseline agrees with its run's id and digests. A file that was edited by hand must not
//! pass as equal to the runs.
//!
//! Runs with the same RunId have the same settings and seed, and equal records have equal curves. So if a row disagrees
//! with such a run, the baseline is wrong, not the run.

use super::row::Row;
use super::{Baseline, BaselineError, value_text};
use chainrule_record::{RunId, RunSpec};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The first error in a kept baseline, found from the runs that are in both.
pub fn damage(before: &Baseline, now: &Baseline) -> Option<BaselineError> {
    let problem = |line: u64, problem: String| BaselineError { line, problem };
    let (is, was) = (&now.provenance, &before.provenance);
    for (key, was, is) in [("name", &was.name, &is.name), ("kind", &was.kind, &is.kind)] {
        if was != is {
            let message = format!(
                "`{key}` is {was} here and {is} in the experiment: this is another baseline; create a \
                 new one with `chainrule bless`"
            );
            return Some(problem(before.line_of_entry(key), message));
        }
    }
    let runs: HashMap<RunId, &Row> = now.rows.iter().map(|row| (row.run_id, row)).collect();
    let pairs =
        || before.rows.iter().enumerate().filter_map(|(n, row)| Some((n, row, *runs.get(&row.run_id)?)));
    let (_, _, any) = pairs().next()?;
    if let Some((name, message)) = setting(before, now, any) {
        return Some(problem(before.line_of_entry(&format!("setting {name}")), message));
    }
    let row = |(n, was, is): (usize, &Row, &Row)| {
        let message = cell(before, now, was, is)?;
        Some(problem(before.line_of(n), format!("{message}: the row was edited, or merged from two")))
    };
    pairs().find_map(row)
}

/// The first setting above the table that differs from the runs.
fn setting(before: &Baseline, now: &Baseline, any: &Row) -> Option<(String, String)> {
    let wrong = |name: &String, said: &Value| {
        let message =
            |is: String| Some((name.clone(), format!("`{name}` is {said} here, and {is} in its runs")));
        match (now.settings.get(name), varying(now, any, name)) {
            (Some(is), _) if !is_same(is, said) => message(is.to_string()),
            (None, Some(is)) if is_plain(said) && value_text(said) != is => message(is.to_owned()),
            (None, None) => Some((name.clone(), format!("its runs have no setting `{name}`"))),
            _ => None,
        }
    };
    let gone = now
        .settings
        .keys()
        .find(|name| !before.settings.contains_key(*name) && !before.varying.contains(*name));
    before.settings.iter().find_map(|(name, said)| wrong(name, said)).or_else(|| {
        gone.map(|name| (name.clone(), format!("there is no `# setting {name}:` above the table")))
    })
}

/// A number is the same setting whether it is written as 1 or as 1.0.
fn is_same(a: &Value, b: &Value) -> bool {
    let id = |value: &Value| RunSpec(BTreeMap::from([(String::new(), value.clone())]).into()).run_id();
    id(a) == id(b)
}

/// For tables and lists, cells hold a label instead of the value.
fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// The cell of a setting that varies.
fn varying<'a>(of: &Baseline, row: &'a Row, name: &str) -> Option<&'a str> {
    let column = of.varying.iter().position(|known| known == name)?;
    row.settings.get(column).map(String::as_str)
}

/// The first error in a row.
fn cell(before: &Baseline, now: &Baseline, was: &Row, is: &Row) -> Option<String> {
    if was.seed != is.seed {
        return Some(format!("`seed` is {} here and {} in the run", was.seed, is.seed));
    }
    for (name, said) in before.varying.iter().zip(&was.settings) {
        let fixed = || now.settings.get(name).filter(|value| is_plain(value)).map(value_text);
        let Some(real) = varying(now, is, name).map(str::to_owned).or_else(fixed) else { continue };
        if real != *said {
            return Some(format!("`{name}` is {said} here and {real} in the run"));
        }
    }
    let same_form = before.provenance.record_version == now.provenance.record_version
        && before.provenance.metric == now.provenance.metric;
    let bits = |row: &Row| row.curve.iter().map(|value| value.map(f64::to_bits)).collect::<Vec<_>>();
    let is_other = same_form && was.record_digest == is.record_digest && bits(was) != bits(is);
    is_other.then(|| "`curve` does not match `record_digest`".to_owned())
}
