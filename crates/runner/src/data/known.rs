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
    /// A data set, and the sizes of the sets into which `settings` split it.
    ///
    /// # Errors
    /// If the data set is unknown, or cannot be split this way.
    fn describe(&self, settings: &DataSettings) -> Result<(Arc<Loaded>, PartSizes), LoadError>;
}

impl Describe for DataCache {
    fn describe(&self, settings: &DataSettings) -> Result<(Arc<Loaded>, PartSizes), LoadError> {
        let loaded = self.samples(&settings.dataset)?;
        let sizes = sizes(&loaded.samples, settings)?;
        Ok((loaded, sizes))
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

    fn known(&self, settings: &DataSettings) -> Option<Result<(Arc<Loaded>, PartSizes), LoadError>> {
        let divisions = self.divisions(&settings.dataset);
        let first = divisions.first()?;
        let (n, official) = self.samples(first)?;
        let counts = check_preparation(first.classes.is_some(), settings)
            .and_then(|()| part_counts(n, official, settings));
        Some(counts.map_err(LoadError::from).map(|counts| {
            let alike = divisions.iter().find(|info| counts_of(info) == counts);
            (Arc::new(without_samples(first)), part_sizes(first, counts, alike.copied()))
        }))
    }
}

impl Describe for Recorded<'_> {
    fn describe(&self, settings: &DataSettings) -> Result<(Arc<Loaded>, PartSizes), LoadError> {
        let Err(problem) = self.data.samples(&settings.dataset) else { return self.data.describe(settings) };
        let known = self.known(settings).ok_or_else(|| problem.clone())??;
        let name = settings.dataset.name();
        let mut absent = self.absent.borrow_mut();
        if !absent.iter().any(|(absent, _)| *absent == name) {
            absent.push((name, problem));
        }
        Ok(known)
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
