//! QR and symmetric eigenvectors, compared with their definitions and with LAPACK.

use crate::draws::{normals, stream};
use crate::uncancelled::{qr, symmetric_eigen};
use chainrule_core::decomposition::{Eigen, Qr};
use ndarray::{Array2, ArrayView2, array, s};
use ndarray_linalg::{Eigh, QR, UPLO};

fn random(n: usize, m: usize, seed: u64) -> Array2<f64> {
    Array2::from_shape_vec((n, m), normals(n * m, seed)).unwrap()
}

/// The largest magnitude; NaN if any entry is NaN.
fn largest<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values.into_iter().fold(0.0, |largest, x| if x.abs() <= largest { largest } else { x.abs() })
}

/// The largest entry of `VᵀV − I`.
fn from_orthonormal(vectors: &Array2<f64>) -> f64 {
    largest(&(vectors.t().dot(vectors) - Array2::<f64>::eye(vectors.ncols())))
}

/// Matrices of every shape and condition: full rank, columns of zeros, equal columns, nearly dependent, graded, very
/// small and very large.
fn tall_matrices() -> Vec<Array2<f64>> {
    let shapes = [(1, 1), (3, 1), (5, 5), (7, 3), (50, 20), (64, 64), (300, 100)];
    let mut all: Vec<_> = shapes.iter().map(|&(n, m)| random(n, m, n as u64)).collect();
    all.extend([Array2::zeros((4, 3)), Array2::zeros((3, 0)), Array2::eye(5), -Array2::<f64>::eye(5)]);
    let mut holes = random(30, 12, 1);
    [0, 5, 11].iter().for_each(|&column| holes.column_mut(column).fill(0.0));
    let mut equal = random(30, 12, 2);
    let first = equal.column(0).to_owned();
    [3, 11].iter().for_each(|&column| equal.column_mut(column).assign(&first));
    let nearly = &equal + &(1e-14 * &random(30, 12, 3));
    let graded = random(30, 12, 4) * Array2::from_shape_fn((30, 12), |(_, j)| 10f64.powi(-2 * j as i32));
    all.extend([holes, equal, nearly, graded, 1e300 * random(9, 4, 5), 1e-310 * random(9, 4, 6)]);
    all
}

#[test]
fn q_is_orthonormal_and_qr_is_the_matrix() {
    let (mut orthonormal, mut residual) = (0.0f64, 0.0f64);
    for a in tall_matrices() {
        let Qr { q, r } = qr(a.view());
        assert_eq!((q.dim(), r.dim()), (a.dim(), (a.ncols(), a.ncols())));
        assert!(r.indexed_iter().all(|((i, j), &entry)| i <= j || entry == 0.0));
        let scale = largest(&a).max(f64::MIN_POSITIVE);
        // Division comes before multiplication, because products of numbers of 1e300 would be infinite.
        let error = largest(&(q.dot(&(&r / scale)) - &a / scale));
        (orthonormal, residual) = (orthonormal.max(from_orthonormal(&q)), residual.max(error));
        assert!(from_orthonormal(&q) < 1e-13, "{:?}: {:e}", a.dim(), from_orthonormal(&q));
        assert!(error < 1e-13, "{:?}: {error:e}", a.dim());
    }
    println!("largest entry of QᵀQ − I: {orthonormal:e}, of QR − A: {residual:e} of the largest of A");
}

/// If the rank is full, R is unique up to the signs of its rows.
#[test]
fn r_is_that_of_lapack() {
    let mut worst = 0.0f64;
    for (n, m) in [(5, 5), (7, 3), (64, 64), (300, 100)] {
        let a = random(n, m, n as u64);
        let (_, expected) = a.qr().unwrap();
        let difference = qr(a.view()).r.mapv(f64::abs) - expected.mapv(f64::abs);
        let error = largest(&difference) / largest(&expected);
        assert!(error < 1e-13, "{n} × {m}: {error:e}");
        worst = worst.max(error);
    }
    println!("largest difference to LAPACK's R: {worst:e} of its largest entry");
}

/// (3, 4) has length 5, and Q's first column is ±(3, 4)/5; the second column (1, 2) has the component (3 + 8)/5 along it
/// and the rest √(5 − 2.2²) = √0.16 = 0.4.
#[test]
fn a_qr_decomposition_by_hand() {
    let Qr { q, r } = qr(array![[3.0, 1.0], [4.0, 2.0]].view());
    let near = |a: f64, b: f64| (a.abs() - b).abs() < 1e-15;
    assert!(near(q[[0, 0]], 0.6) && near(q[[1, 0]], 0.8), "{q}");
    assert!(near(r[[0, 0]], 5.0) && near(r[[0, 1]], 2.2) && near(r[[1, 1]], 0.4), "{r}");
}

#[test]
#[should_panic(expected = "a matrix of 2 rows has no 3 orthonormal columns")]
fn wide_matrices_have_no_orthonormal_columns() {
    qr(Array2::zeros((2, 3)).view());
}

/// `B·Bᵀ/m` for a random B, `[n, m]`: n − m eigenvalues are 0 if m is smaller.
fn covariance(n: usize, m: usize, seed: u64) -> Array2<f64> {
    let b = random(n, m, seed);
    b.dot(&b.t()) / m as f64
}

/// Inserts the matrix among rows and columns of zeros; `places` are the positions of its own.
fn among_zeros(matrix: &Array2<f64>, n: usize, places: &[usize]) -> Array2<f64> {
    let mut all = Array2::zeros((n, n));
    for ((i, j), &entry) in matrix.indexed_iter() {
        all[[places[i], places[j]]] = entry;
    }
    all
}

/// n equally spaced points of a smooth kernel: eigenvalues fall below rounding.
fn kernel(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(i, j)| libm::exp(-((i as f64 - j as f64) / 10.0).powi(2)))
}

fn symmetric_matrices() -> Vec<Array2<f64>> {
    let random = random(40, 40, 1);
    let diagonal = Array2::from_diag(&array![3.0, -1.0, 3.0, 0.0, 7.0]);
    // Second differences, with eigenvalues 2 − 2cos(kπ/(n + 1)).
    let tridiagonal = Array2::from_shape_fn((50, 50), |(i, j)| match i.abs_diff(j) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    });
    let odd: Vec<usize> = (0..30).map(|i| 2 * i + 1).collect();
    vec![
        Array2::zeros((0, 0)),
        array![[-4.0]],
        array![[0.0, 1.0], [1.0, 0.0]],
        Array2::zeros((6, 6)),
        Array2::eye(6),
        Array2::ones((20, 20)),
        diagonal,
        tridiagonal,
        kernel(60),
        covariance(60, 200, 2),
        covariance(60, 10, 3),
        among_zeros(&covariance(30, 50, 4), 61, &odd),
        1e-300 * covariance(12, 20, 6),
        // The eigenvalues ±0.9 MAX are finite, but √(0.9² + 0.9²) MAX is not.
        f64::MAX * array![[0.0, 0.9], [0.9, 0.0]],
        &random + &random.t(),
    ]
}

/// (largest entry of `VᵀV − I`, largest entry of `A·V − V·Λ` relative to the largest of A).
fn errors(a: ArrayView2<'_, f64>, eigen: &Eigen) -> (f64, f64) {
    let scale = largest(a).max(f64::MIN_POSITIVE);
    let values = Array2::from_diag(&ndarray::aview1(&eigen.values)) / scale;
    let residual = (&a / scale).dot(&eigen.vectors) - eigen.vectors.dot(&values);
    (from_orthonormal(&eigen.vectors), largest(&residual))
}

#[test]
fn eigenvectors_are_orthonormal_and_only_scaled_by_the_matrix() {
    let (mut orthonormal, mut residual) = (0.0f64, 0.0f64);
    for a in symmetric_matrices() {
        let eigen = symmetric_eigen(a.view());
        let (not_orthonormal, not_scaled) = errors(a.view(), &eigen);
        assert!(not_orthonormal < 1e-13, "{:?}: {not_orthonormal:e}", a.dim());
        assert!(not_scaled <= 1e-13 * a.nrows() as f64, "{:?}: {not_scaled:e}", a.dim());
        assert!(eigen.values.is_sorted_by(|a, b| a >= b));
        for column in eigen.vectors.columns() {
            let size = largest(column);
            assert!(column.iter().find(|entry| entry.abs() == size).unwrap() > &0.0);
        }
        (orthonormal, residual) = (orthonormal.max(not_orthonormal), residual.max(not_scaled));
    }
    println!("largest entry of VᵀV − I: {orthonormal:e}, of AV − VΛ: {residual:e} of the largest of A");
}

#[test]
fn eigenvalues_are_those_of_lapack() {
    let mut worst = 0.0f64;
    for a in symmetric_matrices().into_iter().filter(|a| !a.is_empty()) {
        let (expected, _) = a.eigh(UPLO::Lower).unwrap();
        let eigen = symmetric_eigen(a.view());
        let difference = eigen.values.iter().rev().zip(&expected).map(|(a, b)| a - b).collect::<Vec<_>>();
        let error = largest(&difference) / largest(&expected).max(f64::MIN_POSITIVE);
        assert!(error < 1e-14, "{:?}: {error:e}", a.dim());
        worst = worst.max(error);
    }
    println!("largest difference to LAPACK's eigenvalues: {worst:e} of the largest");
}

/// If eigenvalues are well separated, eigenvectors are unique up to the sign, which is fixed.
#[test]
fn eigenvectors_are_those_of_lapack() {
    let a = covariance(60, 200, 2);
    let (_, expected) = a.eigh(UPLO::Lower).unwrap();
    let eigen = symmetric_eigen(a.view());
    for (ours, theirs) in eigen.vectors.columns().into_iter().zip(expected.columns().into_iter().rev()) {
        let sign = ours.dot(&theirs).signum();
        assert!(largest(&(&ours - &(sign * &theirs))) < 1e-12);
    }
}

/// (2, 1; 1, 2) has the eigenvalues 3 and 1 with (1, 1)/√2 and (1, −1)/√2. Second differences on n points have
/// 2 − 2cos(kπ/(n + 1)).
#[test]
fn eigenvalues_by_hand() {
    let Eigen { values, vectors } = symmetric_eigen(array![[2.0, 1.0], [1.0, 2.0]].view());
    assert!((values[0] - 3.0).abs() < 1e-15 && (values[1] - 1.0).abs() < 1e-15, "{values:?}");
    assert!((vectors.mapv(f64::abs) - 0.5f64.sqrt()).iter().all(|error| error.abs() < 1e-15));
    assert!(vectors[[0, 0]] * vectors[[1, 0]] > 0.0 && vectors[[0, 1]] * vectors[[1, 1]] < 0.0);
    let differences = &symmetric_matrices()[7];
    for (k, value) in (1..=50).rev().zip(symmetric_eigen(differences.view()).values) {
        let expected = 2.0 - 2.0 * libm::cos(f64::from(k) * std::f64::consts::PI / 51.0);
        assert!((value - expected).abs() < 1e-14, "{value} {expected}");
    }
}

/// The covariance of pictures whose borders are always black: rows and columns of zeros have exactly the eigenvalue 0,
/// and unit vectors as eigenvectors. Small negative eigenvalues are rounding.
#[test]
fn a_large_covariance_with_rows_of_zeros() {
    let (n, width) = (784, 28);
    let is_inside = |i: usize| (4..24).contains(&(i / width)) && (4..24).contains(&(i % width));
    let inside: Vec<usize> = (0..n).filter(|&i| is_inside(i)).collect();
    let a = among_zeros(&covariance(inside.len(), 250, 8), n, &inside);
    let eigen = symmetric_eigen(a.view());
    let (not_orthonormal, not_scaled) = errors(a.view(), &eigen);
    println!("784 × 784: VᵀV − I {not_orthonormal:e}, AV − VΛ {not_scaled:e}");
    assert!(not_orthonormal < 1e-13 && not_scaled < 1e-12);
    assert!(eigen.values[249] > 1e-3 && eigen.values[250..].iter().all(|value| value.abs() < 1e-13));
    let outside = |vector: ndarray::ArrayView1<'_, f64>| (0..n).any(|i| !is_inside(i) && vector[i] != 0.0);
    let units = (0..n).filter(|&j| outside(eigen.vectors.column(j)));
    assert_eq!(units.clone().count(), n - inside.len());
    for j in units {
        assert_eq!(eigen.values[j], 0.0);
        assert_eq!(eigen.vectors.column(j).iter().filter(|&&entry| entry != 0.0).count(), 1);
    }
}

/// None of the 784 rows is all zeros.
#[test]
fn a_large_full_matrix() {
    let a = kernel(784) + covariance(784, 900, 9);
    let eigen = symmetric_eigen(a.view());
    let (not_orthonormal, not_scaled) = errors(a.view(), &eigen);
    println!("784 × 784: VᵀV − I {not_orthonormal:e}, AV − VΛ {not_scaled:e}");
    assert!(not_orthonormal < 1e-13 && not_scaled < 1e-12);
}

/// The entries above the diagonal are not read.
#[test]
fn the_lower_triangle_is_read() {
    let a = covariance(9, 20, 7);
    let mut lower = a.clone();
    lower.indexed_iter_mut().for_each(|((i, j), entry)| *entry = if i < j { f64::MAX } else { *entry });
    assert_eq!(symmetric_eigen(lower.view()), symmetric_eigen(a.view()));
    assert_eq!(
        symmetric_eigen(a.slice(s![..4, ..4])),
        symmetric_eigen(a.slice(s![..4, ..4]).to_owned().view())
    );
}

#[test]
fn what_is_not_finite_gives_nothing_finite() {
    for bad in [f64::NAN, f64::INFINITY] {
        let mut a = covariance(5, 9, 1);
        a[[3, 1]] = bad;
        let Eigen { values, vectors } = symmetric_eigen(a.view());
        assert!(values.iter().chain(&vectors).all(|number| number.is_nan()));
    }
}

/// Small matrices with some entries of 0. The other entries have one size, or any size between 1e-300 and 1e300.
#[test]
fn sparse_and_graded_symmetric_matrices() {
    let mut stream = stream(40);
    for case in 0..1000 {
        let n = 1 + stream.below(9) as usize;
        let density = stream.uniform();
        let decades = [0.0, 30.0, 300.0][case % 3];
        let mut a = Array2::zeros((n, n));
        for i in 0..n {
            for j in 0..=i {
                let size = libm::exp10(decades * (2.0 * stream.uniform() - 1.0));
                let entry = if stream.uniform() < density { size * stream.normal() } else { 0.0 };
                (a[[i, j]], a[[j, i]]) = (entry, entry);
            }
        }
        let (not_orthonormal, not_scaled) = errors(a.view(), &symmetric_eigen(a.view()));
        assert!(not_orthonormal < 1e-13 && not_scaled < 1e-13, "{a}");
    }
}
