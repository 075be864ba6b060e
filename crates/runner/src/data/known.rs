//! Properties of missing data sets, as earlier runs recorded them.

use super::{DataCache, LoadError, Loaded};
use chainrule_core::dataset::{
    DataSettings, Dataset, PartCounts, PartSizes, Samples, check_preparation, part_counts, sizes,
};
use chainrule_record::{AxisPoint, DatasetInfo, ExperimentInfo};
use serde_json::json;
use std::cell::RefCell;
use std::sync::Arc;

/// The properties of data that a plan needs.
pub trait Describe {
    /// A data set.
    ///
    /// # Errors
    /// If the data set is unknown.
    fn dataset(&self, dataset: &Dataset) -> Result<Arc<Loaded>, LoadError>;

    /// The sizes of the sets into which `settings` split a data set for a replicate.
    ///
    /// # Errors
    /// If the data set is unknown, or cannot be split this way.
    fn sizes(&self, settings: &DataSettings, replicate: u64) -> Result<PartSizes, LoadError>;
}

impl Describe for DataCache {
    fn dataset(&self, dataset: &Dataset) -> Result<Arc<Loaded>, LoadError> {
        self.samples(dataset)
    }

    fn sizes(&self, settings: &DataSettings, replicate: u64) -> Result<PartSizes, LoadError> {
        let loaded = self.samples(&settings.dataset)?;
        Ok(sizes(&loaded.samples, settings, replicate)?)
    }
}

/// Data sets as they are, or else as an experiment recorded them. A data set known only from records has a digest and
/// a shape, but no samples.
pub struct Recorded<'a> {
    data: &'a DataCache,
    experiment: &'a ExperimentInfo,
    /// The missing data sets, each with the reason.
    absent: RefCell<Vec<(&'static str, LoadError)>>,
}

impl<'a> Recorded<'a> {
    /// Takes from `experiment` the data sets that `data` cannot load.
    pub fn new(data: &'a DataCache, experiment: &'a ExperimentInfo) -> Self {
        Self { data, experiment, absent: RefCell::default() }
    }

    /// The data sets that were described from records, each with the reason.
    pub fn absent(self) -> Vec<(&'static str, LoadError)> {
        self.absent.into_inner()
    }

    /// The recorded splits of a data set.
    fn divisions(&self, dataset: &Dataset) -> Vec<&'a DatasetInfo> {
        let value = json!(dataset);
        let point = self.values("dataset").find(|point| point.value == value);
        let is_of = |info: &&DatasetInfo| point.is_some_and(|point| point.label == info.label);
        self.experiment.datasets.iter().filter(is_of).collect()
    }

    /// The values of a setting in the recorded experiment.
    fn values(&self, setting: &str) -> impl Iterator<Item = &'a AxisPoint> {
        let axes = self.experiment.axes.iter().filter(move |axis| axis.setting == setting);
        axes.flat_map(|axis| &axis.points).chain(self.experiment.fixed.get(setting))
    }

    /// Numbers of samples to split, and of samples in the data set's own test set. `None` if the records do not
    /// distinguish them.
    fn samples(&self, division: &DatasetInfo) -> Option<(usize, usize)> {
        let official: Vec<bool> = self.values("test").map(|point| point.value == "official").collect();
        let divided = (division.train + division.validation) as usize;
        match official.as_slice() {
            [] => None,
            all if all.iter().all(|official| *official) => Some((divided, division.test as usize)),
            all if all.iter().all(|official| !official) => Some((divided + division.test as usize, 0)),
            _ => None,
        }
    }

    /// The recorded first split of a missing data set, with the numbers of its samples.
    fn known(&self, dataset: &Dataset) -> Option<(&'a DatasetInfo, (usize, usize))> {
        let first = *self.divisions(dataset).first()?;
        Some((first, self.samples(first)?))
    }
}

impl Describe for Recorded<'_> {
    fn dataset(&self, dataset: &Dataset) -> Result<Arc<Loaded>, LoadError> {
        let Err(problem) = self.data.samples(dataset) else { return self.data.dataset(dataset) };
        let (first, _) = self.known(dataset).ok_or_else(|| problem.clone())?;
        let mut absent = self.absent.borrow_mut();
        if !absent.iter().any(|(absent, _)| *absent == dataset.name()) {
            absent.push((dataset.name(), problem));
        }
        Ok(Arc::new(without_samples(first)))
    }

    fn sizes(&self, settings: &DataSettings, replicate: u64) -> Result<PartSizes, LoadError> {
        let Err(problem) = self.data.samples(&settings.dataset) else {
            return self.data.sizes(settings, replicate);
        };
        let (first, (n, official)) = self.known(&settings.dataset).ok_or(problem)?;
        check_preparation(first.classes.is_some(), settings)?;
        let counts = part_counts(n, official, settings)?;
        let divisions = self.divisions(&settings.dataset);
        let alike = divisions.iter().find(|info| counts_of(info) == counts);
        Ok(part_sizes(first, counts, alike.copied()))
    }
}

fn counts_of(info: &DatasetInfo) -> PartCounts {
    PartCounts { train: info.train as usize, validation: info.validation as usize, test: info.test as usize }
}

/// A data set of which only the digest and the numbers of features and targets are known.
fn without_samples(info: &DatasetInfo) -> Loaded {
    let classes = info.classes.map(|classes| classes as usize);
    let samples = Samples::without_rows(info.features as usize, classes, info.targets.max(1) as usize);
    Loaded { samples, digest: info.digest, reading: None }
}

/// The class counts come from a recorded split of the same sizes; for other sizes they are unknown.
fn part_sizes(info: &DatasetInfo, counts: PartCounts, alike: Option<&DatasetInfo>) -> PartSizes {
    let PartCounts { train, validation, test } = counts;
    PartSizes {
        train,
        validation,
        test,
        features: info.features as usize,
        classes: info.classes.map(|classes| classes as usize),
        class_counts: alike.map_or_else(Vec::new, |info| info.class_counts.clone()),
    }
}
