//! Data sets, and the training, validation and test sets made from them.
//!
//! A data set is made from its settings and the bytes of its files, if it has any. The caller reads the files.

mod arrays;
mod blobs;
mod breast_cancer;
mod circles;
mod csv;
mod diabetes;
mod digit_images;
mod digits;
mod embedded;
mod features;
mod generated;
mod idx;
mod idx_format;
mod inline;
mod iris;
mod labels;
mod linear;
mod mnist;
mod mnist_5k;
mod moons;
mod npy;
mod npy_format;
mod npz;
mod preparation;
mod settings;
mod sine;
mod spirals;
mod table;
mod wine;
mod xor;

pub use features::Features;
pub use idx_format::{IdxError, parse_idx};
pub use preparation::{
    Division, Part, PartCounts, PartSizes, Parts, Preparation, TargetScale, check_preparation, check_task,
    divide, part_counts, prepare, prepare_all, sizes,
};
pub use settings::{DataSettings, Drawn, Folds, Split, SplitSeed, TestPart, Whitening};
pub use table::{ClassCount, ColumnKind, ColumnReading, Header, LeftOut, Names, Reading, TargetReading};

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
        Npz(npz),
        Idx(idx),
        Inline(inline),
    }
}

/// The source of samples.
pub trait DatasetSource {
    /// Makes the samples, from the contents of [`files`](Self::files) in their order.
    ///
    /// # Errors
    /// If the bytes do not match the format.
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError>;

    /// The files of the data set, relative to the data folder; none for embedded or generated sets.
    fn files(&self) -> Vec<DataFile> {
        Vec::new()
    }

    /// Makes the samples, and describes how the file was read if it is a table of the user's.
    ///
    /// # Errors
    /// As [`samples`](Self::samples).
    fn read(&self, files: &[Vec<u8>]) -> Result<(Samples, Option<Reading>), DataError> {
        Ok((self.samples(files)?, None))
    }

    /// The publication to cite.
    fn citation(&self) -> &'static str;

    /// The terms of use.
    fn licence(&self) -> &'static str;
}

/// A file of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Path from the folder of the experiment file or the data folder. Compressed files are decompressed; `.gz` may
    /// follow the name.
    pub path: String,
    /// How users obtain the file.
    pub source: &'static str,
}

/// What to do if a user's own file is missing.
const OWN_FILE: &str = "give its path relative to one of these folders, or an absolute path";

/// The samples of a data set, before it is split.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// The features, `[n, n_in]`. A missing number is NaN.
    pub features: Features,
    /// The targets.
    pub targets: Targets,
    /// The number of samples at the end that form the data set's own test set; 0 if it has none.
    pub official_test: usize,
    /// A description of each feature, `[n_in]`; empty if the source has none.
    pub inputs: Vec<Input>,
    /// The names of the classes, or of the regression targets; empty if the source has none.
    pub target_names: Vec<String>,
    /// The group of each sample, counted from 0; empty if the source has none. A split never divides a group.
    pub groups: Vec<u32>,
}

/// A feature as the source describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name, for instance `age` or `island = Biscoe`.
    pub name: String,
    /// Whether its values are only 0 and 1. Such a feature is not scaled.
    pub is_indicator: bool,
}

/// The targets of a data set.
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

    /// Number of target values per sample; 0 for classes.
    pub fn width(&self) -> usize {
        match self {
            Self::Classes { .. } => 0,
            Self::Values(values) => values.ncols(),
        }
    }

    /// The number of these rows in each class; empty for regression.
    pub fn counts(&self, rows: &[usize]) -> Vec<u64> {
        let Self::Classes { labels, count } = self else { return Vec::new() };
        let mut counts = vec![0; *count];
        rows.iter().for_each(|&row| counts[labels[row] as usize] += 1);
        counts
    }
}

impl Samples {
    /// Samples without names, groups or a test set of their own.
    pub fn new(features: impl Into<Features>, targets: Targets) -> Self {
        let (inputs, target_names, groups) = Default::default();
        Self { features: features.into(), targets, official_test: 0, inputs, target_names, groups }
    }

    /// A data set without samples: the number of features, and the number of classes or the width of the targets.
    pub fn without_rows(features: usize, classes: Option<usize>, width: usize) -> Self {
        let targets = match classes {
            Some(count) => Targets::Classes { labels: Vec::new(), count },
            None => Targets::Values(Array2::zeros((0, width))),
        };
        Self::new(Array2::zeros((0, features)), targets)
    }

    /// The bytes of memory used.
    pub fn bytes(&self) -> u64 {
        let targets = match &self.targets {
            Targets::Classes { labels, .. } => size_of_val(labels.as_slice()),
            Targets::Values(values) => values.len() * size_of::<f64>(),
        };
        self.features.bytes() + targets as u64
    }

    /// Passes the content to `visit` as the bytes that identify it: shape, features row by row, targets, which features
    /// are indicators, groups; all little-endian. Names are left out.
    pub fn visit_bytes(&self, mut visit: impl FnMut(&[u8])) {
        let (rows, columns) = self.features.dim();
        [rows, columns, self.official_test].iter().for_each(|&n| visit(&(n as u64).to_le_bytes()));
        let mut room = Vec::new();
        for row in 0..rows {
            let numbers = self.features.row(row, &mut room).iter();
            // Missing numbers have the same bits on every processor.
            numbers.for_each(|&x| visit(&if x.is_nan() { f64::NAN } else { x }.to_le_bytes()));
        }
        match &self.targets {
            Targets::Classes { labels, count } => {
                visit(&(*count as u64).to_le_bytes());
                labels.iter().for_each(|label| visit(&label.to_le_bytes()));
            }
            Targets::Values(values) => values.iter().for_each(|y| visit(&y.to_le_bytes())),
        }
        // Nothing is added for sources without these, so the digests of earlier versions remain.
        self.inputs.iter().for_each(|input| visit(&[u8::from(input.is_indicator)]));
        self.groups.iter().for_each(|group| visit(&group.to_le_bytes()));
    }
}
