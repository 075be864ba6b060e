//! The chain rule for one weight, path by path.

use super::WeightPlace;
use super::number::{plain_number, product, symbol};
use super::step::Board;
use crate::render::markdown::table;

/// More paths than this are too many to write out.
const MOST_PATHS: usize = 64;

/// A path from a weight to the last layer: its units, beginning with the weight's own unit.
type Path = Vec<usize>;

/// Every path from the weight to the last layer, with the factors of each.
pub(super) fn chain(board: &Board<'_>, weight: WeightPlace) -> Result<String, String> {
    let WeightPlace { layer, input, unit } = weight;
    check(board, weight)?;
    let name = symbol("w", Some(layer), &[input, unit]);
    let paths = paths(board, layer, unit - 1);
    let n = paths.len() * board.samples();
    let mut page = format!("## The chain rule for {name}\n\n");
    if n > MOST_PATHS {
        return Ok(
            page + &format!("{n} paths lead from {name} to the outputs: too many to be written out.\n")
        );
    }
    page += &format!(
        "Each path from {name} to the last layer gives a product. Its factors are the input of the weight, φ' of each hidden unit with the next weight of the path, and δ of the last unit. The sum of the products is ∂J/∂{name}.\n\n"
    );
    let (mut rows, mut total) = (Vec::new(), 0.0);
    for sample in 0..board.samples() {
        for path in &paths {
            let (names, values) = factors(board, weight, path, sample);
            let value: f64 = values.iter().product();
            total += value;
            rows.push(vec![
                of_sample(board, sample) + &names.join("·"),
                product(&values),
                plain_number(value),
            ]);
        }
    }
    page += &table(&["path", "numbers", "product"], &rows);
    let gradient = board.of("weight_gradient", layer)[input - 1][unit - 1];
    page +=
        &format!("\nThe sum is {}; backpropagation gives {}.\n", plain_number(total), plain_number(gradient));
    Ok(page)
}

fn of_sample(board: &Board<'_>, sample: usize) -> String {
    if board.samples() == 1 { String::new() } else { format!("sample {}: ", sample + 1) }
}

fn check(board: &Board<'_>, weight: WeightPlace) -> Result<(), String> {
    let WeightPlace { layer, input, unit } = weight;
    if layer == 0 || layer > board.layers() {
        return Err(format!(
            "the network has {} layers, counted from 1; there is no layer {layer}",
            board.layers()
        ));
    }
    let weights = board.of("weights", layer);
    let (n_in, n_out) = (weights.len(), weights.first().map_or(0, Vec::len));
    if input == 0 || unit == 0 || input > n_in || unit > n_out {
        return Err(format!(
            "layer {layer} has {n_in} inputs and {n_out} units, counted from 1; there is no weight [{input},{unit}]"
        ));
    }
    Ok(())
}

fn paths(board: &Board<'_>, layer: usize, unit: usize) -> Vec<Path> {
    let mut paths = vec![vec![unit]];
    for above in layer + 1..=board.layers() {
        let width = board.of("weights", above).first().map_or(0, Vec::len);
        let longer =
            |path: &Path| (0..width).map(|next| [path.as_slice(), &[next]].concat()).collect::<Vec<_>>();
        // Above the limit, the paths are not written out, so their exact number does not matter.
        if paths.len() <= MOST_PATHS {
            paths = paths.iter().flat_map(longer).collect();
        }
    }
    paths
}

fn factors(board: &Board<'_>, weight: WeightPlace, path: &Path, sample: usize) -> (Vec<String>, Vec<f64>) {
    let mut names = vec![board.below_symbol(weight.layer, weight.input)];
    let mut values = vec![board.below(weight.layer, sample)[weight.input - 1]];
    for (layer, pair) in (weight.layer..).zip(path.windows(2)) {
        let [here, next] = [pair[0], pair[1]];
        names.push(format!("φ'({})", symbol("z", Some(layer), &[here + 1])));
        values.push(board.of("derivative", layer)[sample][here]);
        names.push(symbol("w", Some(layer + 1), &[here + 1, next + 1]));
        values.push(board.of("weights", layer + 1)[here][next]);
    }
    let last = path[path.len() - 1];
    names.push(symbol("δ", Some(board.layers()), &[last + 1]));
    values.push(board.of("delta", board.layers())[sample][last]);
    (names, values)
}
