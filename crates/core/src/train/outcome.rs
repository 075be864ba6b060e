//! How well a network predicts a set, beyond loss and accuracy.

use super::Evaluator;
use crate::cancel::{Cancel, Cancelled};
use crate::dataset::Part;
use crate::network::Network;
use crate::real::Element;

/// The predictions on a set, counted or summed.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Classes.
    Classes(ClassCounts),
    /// Numbers: one entry for each target.
    Values(Vec<Errors>),
}

/// Samples of each class, `[classes]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCounts {
    /// Samples that are of the class.
    pub actual: Vec<u32>,
    /// Samples that are predicted to be of the class.
    pub predicted: Vec<u32>,
    /// Samples of the class that are predicted to be of it.
    pub correct: Vec<u32>,
    /// The most frequent class of the training set (the first of equals): the best guess without features.
    pub guess: usize,
}

/// Errors `e = ŷ − y` of the predictions of one target over n samples, in the unit of the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Errors {
    /// `√(Σ e² / n)`
    pub rmse: f64,
    /// `Σ |e| / n`
    pub mae: f64,
    /// `1 − Σ e² / Σ (y − ȳ)²`, with the mean ȳ of the set; `None` if all targets are equal.
    pub r_squared: Option<f64>,
    /// The `rmse` of always predicting the mean of the training set: the best guess without features.
    pub guess_rmse: f64,
    /// The `mae` of the same guess.
    pub guess_mae: f64,
}

/// The outcome on a part of a data set.
///
/// # Errors
/// If it is cancelled.
pub fn outcome<F: Element>(
    network: &Network<F>,
    train: &Part<F>,
    part: &Part<F>,
    cancel: &Cancel<'_>,
) -> Result<Outcome, Cancelled> {
    let outputs = Evaluator::new(network).outputs(network, part, cancel)?;
    let n_out = part.n_out();
    Ok(if part.is_classification {
        Outcome::Classes(counts(n_out, train, part, &outputs))
    } else {
        Outcome::Values((0..n_out).map(|target| errors(n_out, target, train, part, &outputs)).collect())
    })
}

fn counts<F: Element>(n_out: usize, train: &Part<F>, part: &Part<F>, outputs: &[F]) -> ClassCounts {
    let zeros = vec![0; n_out.max(2)];
    let (mut actual, mut predicted, mut correct) = (zeros.clone(), zeros.clone(), zeros.clone());
    for (output, target) in outputs.chunks_exact(n_out).zip(part.targets.chunks_exact(n_out)) {
        let (output, target) = (part.class(output), part.class(target));
        actual[target] += 1;
        predicted[output] += 1;
        correct[target] += u32::from(output == target);
    }
    let mut known = zeros;
    train.targets.chunks_exact(n_out).for_each(|target| known[train.class(target)] += 1);
    let guess = (0..known.len()).rev().max_by_key(|&class| known[class]).unwrap_or(0);
    ClassCounts { actual, predicted, correct, guess }
}

fn errors<F: Element>(n_out: usize, target: usize, train: &Part<F>, part: &Part<F>, outputs: &[F]) -> Errors {
    let column = |numbers: &[F]| -> Vec<f64> {
        numbers.iter().skip(target).step_by(n_out).map(|x| x.to_f64()).collect()
    };
    let (known, predicted, actual) = (column(&train.targets), column(outputs), column(&part.targets));
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let (guess, center) = (mean(&known), mean(&actual));
    let of = |size: fn(f64) -> f64, predicted: &dyn Fn(usize) -> f64| {
        actual.iter().enumerate().map(|(row, y)| size(predicted(row) - y)).sum::<f64>() / actual.len() as f64
    };
    let squares = of(|e| e * e, &|row| predicted[row]);
    let variance = of(|e| e * e, &|_| center);
    let unit = part.target_unit(target);
    Errors {
        rmse: unit * squares.sqrt(),
        mae: unit * of(f64::abs, &|row| predicted[row]),
        r_squared: (variance > 0.0).then(|| 1.0 - squares / variance),
        guess_rmse: unit * of(|e| e * e, &|_| guess).sqrt(),
        guess_mae: unit * of(f64::abs, &|_| guess),
    }
}
