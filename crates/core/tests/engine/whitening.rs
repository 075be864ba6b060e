//! Whitened features, compared with their definition and with numpy.

use crate::draws::normals;
use crate::uncancelled::prepare;
use crate::watch::{output, samples, whole};
use chainrule_core::dataset::{DataSettings, Parts, Samples, Targets, TestPart, Whitening};
use ndarray::{Array2, ArrayView2, Axis};
use serde_json::Value;

const KINDS: [Whitening; 2] = [Whitening::Pca, Whitening::Zca];

fn whitened(samples: &Samples, whitening: Whitening, standardize: bool) -> Parts<f64> {
    let parts = DataSettings { validation: 0.2, test: TestPart::Fraction(0.2), ..whole() };
    prepare(samples, &DataSettings { whitening, standardize, ..parts }, &output("softmax")).unwrap()
}

/// The largest magnitude.
fn largest(matrix: &Array2<f64>) -> f64 {
    matrix.iter().fold(0.0, |largest, x| x.abs().max(largest))
}

/// Mean and covariance over the rows, by plain loops.
fn moments(features: ArrayView2<'_, f64>) -> (f64, Array2<f64>) {
    let n = features.nrows() as f64;
    let means = features.sum_axis(Axis(0)) / n;
    let entry = |(i, j): (usize, usize)| {
        features.rows().into_iter().map(|row| (row[i] - means[i]) * (row[j] - means[j])).sum::<f64>() / n
    };
    let width = features.ncols();
    (means.iter().fold(0.0, |most, mean| mean.abs().max(most)), Array2::from_shape_fn((width, width), entry))
}

/// Mean 0 and the identity as covariance, for every scaling, on the training set; not on other sets.
#[test]
fn the_training_part_is_white() {
    for (name, standardize) in [("iris", false), ("iris", true), ("wine", true), ("breast_cancer", true)] {
        for whitening in KINDS {
            let parts = whitened(&samples(name), whitening, standardize);
            let (mean, covariance) = moments(parts.train.features_view());
            let error = largest(&(covariance - Array2::<f64>::eye(parts.train.n_in())));
            assert!(mean < 1e-10 && error < 1e-10, "{name} {whitening:?}: {mean} {error}");
            let (mean, _) = moments(parts.test.unwrap().features_view());
            assert!(mean > 1e-3, "{name} {whitening:?}: the test set has its own mean");
        }
    }
}

/// Features are centred even if the scaling alone does not centre them.
#[test]
fn ranges_are_centred_before_they_are_rotated() {
    let settings = DataSettings { min_max: true, whitening: Whitening::Zca, ..whole() };
    let train = prepare::<f64>(&samples("iris"), &settings, &output("softmax")).unwrap().train;
    let (mean, covariance) = moments(train.features_view());
    assert!(mean < 1e-12 && largest(&(covariance - Array2::<f64>::eye(4))) < 1e-10);
}

#[test]
fn zca_is_symmetric_to_the_bit() {
    for name in ["iris", "digits", "breast_cancer"] {
        let rotation = whitened(&samples(name), Whitening::Zca, true).preparation.rotation.unwrap();
        assert_eq!(rotation, rotation.t(), "{name}");
    }
}

/// Whitened features stay white after a rotation, but then they are further from the original features.
#[test]
fn zca_changes_features_least() {
    let iris = samples("iris");
    let plain = whitened(&iris, Whitening::None, true).train;
    let distance = |features: &Array2<f64>| (features - &plain.features_view()).mapv(|d| d * d).sum();
    let zca = whitened(&iris, Whitening::Zca, true).train.features_view().to_owned();
    let (least, pca) = (distance(&zca), whitened(&iris, Whitening::Pca, true).train);
    assert!(distance(&pca.features_view().to_owned()) > least * 1.01);
    for (i, j) in (0..4).flat_map(|j| (0..j).map(move |i| (i, j))) {
        for angle in [-1.0, -0.1, 0.1, 1.0] {
            let (sin, cos) = (libm::sin(angle), libm::cos(angle));
            let mut turn = Array2::eye(4);
            [((i, i), cos), ((j, j), cos), ((i, j), sin), ((j, i), -sin)]
                .into_iter()
                .for_each(|(place, x)| turn[place] = x);
            assert!(distance(&zca.dot(&turn)) > least, "{i} {j} {angle}");
        }
    }
}

/// Digits have three pixels that never vary, so three of 64 components do not have variance 1.
#[test]
fn directions_without_variance_become_zero() {
    let digits = samples("digits");
    let settings = |whitening| DataSettings { standardize: true, whitening, ..whole() };
    let train = |whitening| prepare::<f64>(&digits, &settings(whitening), &output("softmax")).unwrap().train;
    let pca = train(Whitening::Pca);
    assert_eq!(pca.n_in(), 64);
    assert!(pca.features.chunks(64).all(|row| row[61..] == [0.0; 3] && row[60] != 0.0));
    let (_, covariance) = moments(pca.features_view());
    let expected = Array2::from_shape_fn((64, 64), |(i, j)| f64::from(u8::from(i == j && i < 61)));
    assert!(largest(&(covariance - expected)) < 1e-10);
    let zca = train(Whitening::Zca);
    for pixel in 0..64 {
        let is_constant = (0..digits.features.nrows())
            .all(|row| digits.features.at(row, pixel) == digits.features.at(0, pixel));
        let is_zero = zca.features.iter().skip(pixel).step_by(64).all(|&x| x == 0.0);
        assert_eq!(is_constant, is_zero, "pixel {pixel}");
    }
}

/// x, 2x and a third feature: one direction of three has no variance except rounding. Four samples of six features have
/// three directions. Features that never vary have none.
#[test]
fn dependent_features_do_not_blow_up() {
    let draws = normals(400, 1);
    let dependent = Array2::from_shape_fn((200, 3), |(i, j)| [draws[i], 2.0 * draws[i], draws[200 + i]][j]);
    let few = Array2::from_shape_vec((4, 6), normals(24, 2)).unwrap();
    for (features, directions) in [(dependent, 2.0), (few, 3.0), (Array2::from_elem((5, 2), 0.1), 0.0)] {
        for whitening in KINDS {
            let targets = Targets::Values(Array2::zeros((features.nrows(), 1)));
            let samples = Samples::new(features.clone(), targets);
            let settings = DataSettings { whitening, ..whole() };
            let train = prepare::<f64>(&samples, &settings, &output("identity")).unwrap().train;
            let (_, covariance) = moments(train.features_view());
            assert!((covariance.diag().sum() - directions).abs() < 1e-10, "{whitening:?}: {covariance}");
            // A projection: its square is itself.
            assert!(largest(&(covariance.dot(&covariance) - &covariance)) < 1e-10);
        }
    }
}

/// Numbers from `tests/oracle/whitening.json`.
#[test]
fn equals_numpy() {
    let iris = samples("iris");
    let numpy: Value = serde_json::from_str(include_str!("../oracle/whitening.json")).unwrap();
    for (whitening, name) in KINDS.into_iter().zip(["pca", "zca"]) {
        let settings = DataSettings { standardize: true, whitening, ..whole() };
        let parts = prepare::<f64>(&iris, &settings, &output("softmax")).unwrap();
        let rows: Vec<[f64; 4]> = serde_json::from_value(numpy[name].clone()).unwrap();
        let error = largest(&(parts.preparation.rotation.unwrap() - Array2::from(rows)));
        println!("{name}: {error:e}");
        assert!(error < 1e-12, "{name}: {error:e}");
    }
}
