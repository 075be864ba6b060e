//! Data sets, and the parts that networks are trained, validated and tested on.
//!
//! A data set is made from its settings and, where it has files, from their bytes: reading files is the caller's.

mod blobs;
mod breast_cancer;
mod circles;
mod csv;
mod diabetes;
mod digit_images;
mod digits;
mod features;
mod generated;
mod idx;
mod inline;
mod iris;
mod labels;
mod linear;
mod mnist;
mod mnist_5k;
mod moons;
mod npy;
mod preparation;
mod settings;
mod sine;
mod spirals;
mod table;
mod wine;
mod xor;

pub use features::Features;
pub use idx::{IdxError, parse_idx};
pub use preparation::{
    Division, Part, PartCounts, PartSizes, Parts, Preparation, check_preparation, check_task, divide,
    part_counts, prepare, prepare_all, sizes,
};
pub use settings::{DataSettings, TestPart, Whitening};

use crate::error::DataError;
use ndarray::Array2;

crate::family! {
    /// The data set.
    Dataset = "dataset", kernel = dyn DatasetSource, default Digits {
        Digits(digits),
        Iris(iris),
        Wine(wine),
        BreastCancer(breast_cancer),
        Diabetes(diabetes),
        Mnist5k(mnist_5k),
        Mnist(mnist),
        Xor(xor),
        Blobs(blobs),
        Circles(circles),
        Moons(moons),
        Spirals(spirals),
        Linear(linear),
        Sine(sine),
        Csv(csv),
        Npy(npy),
        Inline(inline),
    }
}

/// Where samples come from.
pub trait DatasetSource {
    /// Makes the samples, from the contents of [`files`](Self::files) in their order.
    ///
    /// # Errors
    /// If the bytes are not what the format says.
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError>;

    /// The files it is read from, relative to the data folder; none for sets that are embedded or generated.
    fn files(&self) -> Vec<DataFile> {
        Vec::new()
    }

    /// The name of a feature, counted from 0, in the contents of [`files`](Self::files), where they have names.
    fn feature_name(&self, _files: &[Vec<u8>], _feature: usize) -> Option<String> {
        None
    }

    /// Whom to cite.
    fn citation(&self) -> &'static str;

    /// Under what terms it may be used.
    fn licence(&self) -> &'static str;
}

/// A file of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Path in the data folder; the same name with `.gz` is read too, and decompressed.
    pub path: String,
    /// What users do who lack it.
    pub source: &'static str,
}

/// What users do who lack a file of their own.
const OWN_FILE: &str = "give its path from the data folder, or an absolute one";

/// The samples of a data set, before any division.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// The features, `[n, n_in]`.
    pub features: Features,
    /// What is to be learnt.
    pub targets: Targets,
    /// How many samples at the end are the set's own test part; 0 if it has none.
    pub official_test: usize,
}

/// What is to be learnt.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// A class of each sample, counted from 0.
    Classes {
        /// The class of each sample.
        labels: Vec<u32>,
        /// The number of classes.
        count: usize,
    },
    /// Numbers for each sample, `[n, n_targets]`: regression.
    Values(Array2<f64>),
}

impl Targets {
    /// Number of classes; `None` for regression.
    pub fn classes(&self) -> Option<usize> {
        match self {
            Self::Classes { count, .. } => Some(*count),
            Self::Values(_) => None,
        }
    }

    /// Number of values that are learnt for each sample; 0 for classes.
    pub fn width(&self) -> usize {
        match self {
            Self::Classes { .. } => 0,
            Self::Values(values) => values.ncols(),
        }
    }

    /// How many of these rows are of each class; nothing for regression.
    pub fn counts(&self, rows: &[usize]) -> Vec<u64> {
        let Self::Classes { labels, count } = self else { return Vec::new() };
        let mut counts = vec![0; *count];
        rows.iter().for_each(|&row| counts[labels[row] as usize] += 1);
        counts
    }
}

impl Samples {
    /// A data set without a sample: the width of its features, and the number of its classes or else the width of its
    /// targets.
    pub fn without_rows(features: usize, classes: Option<usize>, width: usize) -> Self {
        let targets = match classes {
            Some(count) => Targets::Classes { labels: Vec::new(), count },
            None => Targets::Values(Array2::zeros((0, width))),
        };
        Self { features: Array2::zeros((0, features)).into(), targets, official_test: 0 }
    }

    /// Bytes of memory that they take.
    pub fn bytes(&self) -> u64 {
        let targets = match &self.targets {
            Targets::Classes { labels, .. } => size_of_val(labels.as_slice()),
            Targets::Values(values) => values.len() * size_of::<f64>(),
        };
        self.features.bytes() + targets as u64
    }

    /// Shows the content to `visit` as the bytes that identify it: shape, features row by row, then targets, all
    /// little-endian.
    pub fn visit_bytes(&self, mut visit: impl FnMut(&[u8])) {
        let (rows, columns) = self.features.dim();
        [rows, columns, self.official_test].iter().for_each(|&n| visit(&(n as u64).to_le_bytes()));
        let mut room = Vec::new();
        for row in 0..rows {
            self.features.row(row, &mut room).iter().for_each(|x| visit(&x.to_le_bytes()));
        }
        match &self.targets {
            Targets::Classes { labels, count } => {
                visit(&(*count as u64).to_le_bytes());
                labels.iter().for_each(|label| visit(&label.to_le_bytes()));
            }
            Targets::Values(values) => values.iter().for_each(|y| visit(&y.to_le_bytes())),
        }
    }
}
