//! Reduces the points and lines in Plotly data. It neither changes nor invents numbers.

use crate::analysis::thinned;
use serde_json::Value;
use std::iter::zip;

/// The number of points in the longest trace, or along either axis of a map.
pub(super) fn longest(figure: &Value) -> usize {
    let lengths = traces(figure).iter().flat_map(|trace| [length(&trace["x"]), length(&trace["y"])]);
    lengths.max().unwrap_or(0)
}

/// Keeps at most `most` points of each trace, and of a map along each axis: evenly spaced, with the first and the
/// last.
pub(super) fn thin_points(figure: &mut Value, most: usize) {
    let kept: Vec<Vec<usize>> = traces(figure).iter().map(|trace| kept(trace, most)).collect();
    for (trace, rows) in zip(list(&mut figure["data"]), &kept) {
        match trace["z"].is_array() {
            true => thin_map(trace, rows, most),
            false => select_all(trace, length(&trace["x"]), rows),
        }
    }
    for axis in list(&mut figure["axes"]) {
        zip(list(&mut axis["x"]), &kept).for_each(|(x, rows)| select(x, rows));
    }
}

/// Keeps at most `most` traces, evenly spaced.
pub(super) fn thin_traces(figure: &mut Value, most: usize) {
    let rows = thinned(traces(figure).len(), most);
    list(&mut figure["axes"]).for_each(|axis| select(&mut axis["x"], &rows));
    select(&mut figure["data"], &rows);
}

fn traces(figure: &Value) -> &[Value] {
    figure["data"].as_array().map_or(&[], Vec::as_slice)
}

fn length(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

fn list(value: &mut Value) -> std::slice::IterMut<'_, Value> {
    value.as_array_mut().map_or(&mut [][..], Vec::as_mut_slice).iter_mut()
}

/// The points to keep. Pieces of a line, with a gap after each, stay complete.
fn kept(trace: &Value, most: usize) -> Vec<usize> {
    let x = trace["x"].as_array().map_or(&[][..], Vec::as_slice);
    let pieces: Vec<usize> = x.split_inclusive(Value::is_null).map(<[Value]>::len).collect();
    if pieces.len() < 2 {
        return thinned(x.len(), most);
    }
    let starts: Vec<usize> =
        pieces.iter().scan(0, |end, piece| Some(std::mem::replace(end, *end + piece))).collect();
    let pieces_kept = thinned(pieces.len(), most * pieces.len() / x.len());
    pieces_kept.into_iter().flat_map(|piece| starts[piece]..starts[piece] + pieces[piece]).collect()
}

/// Keeps these columns of a map, and at most `most` rows.
fn thin_map(trace: &mut Value, columns: &[usize], most: usize) {
    let rows = thinned(length(&trace["y"]), most);
    for name in ["z", "text", "hovertext", "customdata"] {
        let Some(cells) = trace.get_mut(name) else { continue };
        select(cells, &rows);
        list(cells).for_each(|row| select(row, columns));
    }
    select(&mut trace["x"], columns);
    select(&mut trace["y"], &rows);
}

/// Keeps the entries at `rows` of every list with one entry per point.
fn select_all(value: &mut Value, points: usize, rows: &[usize]) {
    match value {
        Value::Array(entries) if entries.len() == points => select(value, rows),
        Value::Object(fields) => fields.values_mut().for_each(|field| select_all(field, points, rows)),
        _ => {}
    }
}

/// Keeps the entries at `rows` of a list.
fn select(value: &mut Value, rows: &[usize]) {
    if let Value::Array(entries) = value {
        *entries = rows.iter().filter_map(|row| entries.get_mut(*row).map(Value::take)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_list_of_a_line_keeps_the_same_points() {
        let mut figure = json!({
            "data": [{"x": [0, 1, 2, 3, 4], "y": [5, 6, 7, 8, 9], "marker": {"color": [0, 1, 2, 3, 4], "size": 7}}],
            "axes": [{"x": [[0, 10, 20, 30, 40]]}],
        });
        assert_eq!(longest(&figure), 5);
        thin_points(&mut figure, 3);
        let line = json!({"x": [0, 2, 4], "y": [5, 7, 9], "marker": {"color": [0, 2, 4], "size": 7}});
        assert_eq!(figure, json!({"data": [line], "axes": [{"x": [[0, 20, 40]]}]}));
    }

    #[test]
    fn pieces_of_a_line_stay_whole() {
        let mut figure = json!({"data": [{"x": [0, 1, null, 2, 3, null, 4, 5, null], "y": [0, 0, null, 1, 1, null, 2, 2, null]}]});
        thin_points(&mut figure, 6);
        assert_eq!(figure["data"][0]["x"], json!([0, 1, null, 4, 5, null]));
    }

    #[test]
    fn maps_lose_rows_and_columns() {
        let mut figure = json!({"data": [{"x": [0, 1, 2], "y": [0, 1, 2], "z": [[0, 1, 2], [3, 4, 5], [6, 7, 8]]}], "axes": []});
        thin_points(&mut figure, 2);
        assert_eq!(figure, json!({"data": [{"x": [0, 2], "y": [0, 2], "z": [[0, 2], [6, 8]]}], "axes": []}));
    }

    #[test]
    fn lines_are_left_out_with_their_choices_of_x() {
        let mut figure =
            json!({"data": [{"x": [0]}, {"x": [1]}, {"x": [2]}], "axes": [{"x": [[0], [1], [2]]}]});
        thin_traces(&mut figure, 2);
        assert_eq!(figure, json!({"data": [{"x": [0]}, {"x": [2]}], "axes": [{"x": [[0], [2]]}]}));
    }
}
