//! Products with the Hessian of the cost.

use crate::draws::normals;
use crate::numeric::{max_abs, slope, worst};
use crate::random_nets::{Case, cases};
use crate::uncancelled::{hessian_product, prepare};
use crate::watch::whole;
use chainrule_core::cancel::to_the_end;
use chainrule_core::cost::CostFunction;
use chainrule_core::cost::Reduction;
use chainrule_core::dataset::{Part, Samples, Targets};
use chainrule_core::hessian::{Hessian, Lanczos, condition_number, spectrum, whole as matrix};
use chainrule_core::penalty::Penalty;
use chainrule_core::train::TrainSettings;
use ndarray::Array2;

const H: f64 = 3e-4;

/// The samples of a case as a training set.
fn part(case: &Case) -> Part<f64> {
    let matrix = |entries: &[f64]| {
        let width = entries.len() / case.samples();
        Array2::from_shape_vec((case.samples(), width), entries.to_vec()).unwrap()
    };
    let (features, targets) = (matrix(&case.features), Targets::Values(matrix(&case.targets)));
    prepare(&Samples::new(features, targets), &whole(), &case.network.output).unwrap().train
}

fn settings(case: &Case) -> TrainSettings {
    let reduction = if case.scale == 1.0 { Reduction::Sum } else { Reduction::Mean };
    TrainSettings { loss: case.loss, reduction, ..Default::default() }
}

/// `(∇(θ + h·v) − ∇(θ − h·v)) / 2h`, refined to fourth order, entry by entry.
fn by_differences(case: &Case, v: &[f64]) -> Vec<f64> {
    let gradient = |step: f64| {
        let mut moved = Case {
            network: case.network.clone(),
            features: case.features.clone(),
            targets: case.targets.clone(),
            ..*case
        };
        let entries = moved.network.parameters.iter_mut().zip(v);
        entries.for_each(|(parameter, v)| *parameter += step * v);
        moved.fast().1
    };
    let all = [H, -H, 2.0 * H, -2.0 * H].map(gradient);
    let at =
        |step: f64| if step.abs() < 1.5 * H { usize::from(step < 0.0) } else { 2 + usize::from(step < 0.0) };
    (0..v.len()).map(|entry| slope(H, |step| all[at(step)][entry])).collect()
}

/// Every activation × every loss with every output × reduction × architectures: each entry of a product is within 1e-6
/// of its slope, with a floor of a hundredth of the largest entry. Directions are short, so that no unit crosses a
/// kink.
#[test]
fn products_are_slopes_of_the_gradient() {
    let (mut largest, mut compared) = (0.0f64, 0);
    for (index, case) in cases(0.05).iter().enumerate() {
        let n = case.network.parameters.len();
        let v: Vec<f64> =
            normals(n, index as u64).iter().map(|x| x.clamp(-2.0, 2.0) / (n as f64).sqrt()).collect();
        let mut product = vec![f64::NAN; n];
        hessian_product(
            &mut Hessian::new(&case.network, settings(case).cost()),
            &part(case),
            &v,
            &mut product,
        );
        let expected = by_differences(case, &v);
        let error = worst(&product, &expected, (0.01 * max_abs(&expected)).max(1e-3));
        assert!(error <= 1e-6, "{}: {error:e}", case.name());
        largest = largest.max(error);
        compared += 1;
    }
    assert!(compared > 1000, "{compared}");
    println!("{compared} products, worst {largest:e}");
}

/// Some of the cases: one for each activation with each architecture.
fn some() -> Vec<Case> {
    let mut known = std::collections::HashSet::new();
    let mut some = cases(0.05);
    some.retain(|case| {
        known.insert(format!("{} {}", case.network.activation.name(), case.network.layers.len()))
    });
    some
}

#[test]
fn hessians_are_symmetric() {
    for (index, case) in some().iter().enumerate() {
        let n = case.network.parameters.len();
        let (u, v) = (normals(n, index as u64), normals(n, 1000 + index as u64));
        let mut hessian = Hessian::new(&case.network, settings(case).cost());
        let part = part(case);
        let mut form = |a: &[f64], b: &[f64]| {
            let mut product = vec![0.0; n];
            hessian_product(&mut hessian, &part, b, &mut product);
            a.iter().zip(product).map(|(a, b)| a * b).sum::<f64>()
        };
        let (one, other) = (form(&u, &v), form(&v, &u));
        assert!((one - other).abs() <= 1e-11 * one.abs().max(1.0), "{}: {one} {other}", case.name());
    }
}

/// `v ↦ H·v` is linear. The penalty adds λ₂·v for the weights and nothing for the biases.
#[test]
fn a_penalty_adds_its_curvature_on_weights_alone() {
    let case = &some()[5];
    let n = case.network.parameters.len();
    let part = part(case);
    let of = |penalty: Penalty, v: &[f64]| {
        let mut product = vec![0.0; n];
        let cost = CostFunction { penalty, ..settings(case).cost() };
        hessian_product(&mut Hessian::new(&case.network, cost), &part, v, &mut product);
        product
    };
    let penalty = |text: &str| serde_json::from_str::<Penalty>(text).unwrap();
    let v = normals(n, 1);
    let plain = of(penalty("\"none\""), &v);
    let with_l1 = of(penalty("{\"l1\": {\"strength\": 0.5}}"), &v);
    assert_eq!(plain, with_l1, "a constant slope has no curvature");
    let with_l2 = of(penalty("{\"l2\": {\"strength\": 0.5}}"), &v);
    for layer in &case.network.layers {
        for index in layer.weights.clone() {
            assert!((with_l2[index] - plain[index] - 0.5 * v[index]).abs() < 1e-12);
        }
        for index in layer.biases.clone() {
            assert_eq!(with_l2[index], plain[index]);
        }
    }
}

/// The largest eigenvalue by Lanczos, by LAPACK on the whole matrix, and by power iteration on products.
#[test]
fn the_largest_eigenvalue_three_ways() {
    for case in some().iter().filter(|case| case.network.layers.len() == 3) {
        let n = case.network.parameters.len();
        let part = part(case);
        let mut hessian = Hessian::new(&case.network, settings(case).cost());
        let all = to_the_end(|cancel| spectrum(&mut hessian, &part, cancel)).unwrap();
        let found = to_the_end(|cancel| {
            Lanczos::new(n).largest(|v, image| hessian.product(&part, v, image, cancel), cancel)
        });
        let found = found.unwrap();
        let size = max_abs(&all);
        assert!((found.value - all[0]).abs() <= 1e-8 * size, "{}: {found:?} {}", case.name(), all[0]);
        let mut v = normals(n, 7);
        let mut image = vec![0.0; n];
        for _ in 0..20_000 {
            // After a shift by the largest magnitude, the largest eigenvalue is also the largest in magnitude.
            hessian_product(&mut hessian, &part, &v, &mut image);
            image.iter_mut().zip(&v).for_each(|(image, v)| *image += size * v);
            let norm = image.iter().map(|x| x * x).sum::<f64>().sqrt();
            let gap = image.iter().zip(&v).map(|(image, v)| (image - norm * v).abs()).fold(0.0, f64::max);
            v.iter_mut().zip(&image).for_each(|(v, image)| *v = image / norm);
            if gap < 1e-11 * norm {
                break;
            }
        }
        hessian_product(&mut hessian, &part, &v, &mut image);
        let by_powers: f64 = v.iter().zip(&image).map(|(v, image)| v * image).sum();
        assert!((by_powers - all[0]).abs() <= 1e-5 * size, "{}: {by_powers} {}", case.name(), all[0]);
    }
}

/// One linear unit, `ŷ = w·x + b`, with half the squared error, mean over samples: `H = [[mean x², mean x], [mean x, 1]]`. For
/// x = 1, 2, 3: mean x² = 14/3, mean x = 2, eigenvalues (17/3 ± √((11/3)² + 16)) / 2.
#[test]
fn a_linear_unit_by_hand() {
    let part = crate::watch::from_columns::<f64>(vec![1.0, 2.0, 3.0], vec![5.0, -1.0, 0.0]).train;
    let network = crate::watch::network::<f64>(
        &[1, 1],
        crate::watch::activation("tanh"),
        crate::watch::output("identity"),
        3,
    );
    let mut hessian = Hessian::new(&network, TrainSettings::default().cost());
    let expected = [14.0 / 3.0, 2.0, 2.0, 1.0];
    let found = to_the_end(|cancel| matrix(&mut hessian, &part, cancel));
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14), "{found}");
    let root = ((11.0f64 / 3.0).powi(2) + 16.0).sqrt();
    let (largest, smallest) = ((17.0 / 3.0 + root) / 2.0, (17.0 / 3.0 - root) / 2.0);
    let values = to_the_end(|cancel| spectrum(&mut hessian, &part, cancel)).unwrap();
    assert!((values[0] - largest).abs() < 1e-14 && (values[1] - smallest).abs() < 1e-14, "{values:?}");
    let ratio = condition_number(&values).unwrap();
    assert!((ratio - largest / smallest).abs() < 1e-10, "{ratio}");
    assert_eq!(condition_number(&[2.0, 0.0, -1.0]), None);
}
