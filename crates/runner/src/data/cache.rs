//! Samples and parts, made once.

use super::{LoadError, files};
use chainrule_core::dataset::{Dataset, Parts, Samples, prepare};
use chainrule_core::output::Output;
use chainrule_core::real::Element;
use chainrule_core::settings::DataSettings;
use chainrule_record::{Digest, DigestBuilder};
use std::any::Any;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A data set in memory.
#[derive(Debug)]
pub struct Loaded {
    /// Its samples.
    pub samples: Samples,
    /// Digest of its content.
    pub digest: Digest,
}

/// A value that is made by the first who needs it, while the others wait.
type Slot<T> = Arc<OnceLock<Result<T, LoadError>>>;

/// Every data set and every division of one that an experiment uses.
pub struct DataCache {
    folder: PathBuf,
    loaded: Mutex<HashMap<String, Slot<Arc<Loaded>>>>,
    parts: Mutex<HashMap<String, Slot<Arc<dyn Any + Send + Sync>>>>,
}

impl DataCache {
    /// Reads files of data sets from `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, loaded: Mutex::default(), parts: Mutex::default() }
    }

    /// The paths that the files of a data set may have; none for a data set that is not read from files.
    pub fn files(&self, dataset: &Dataset) -> Vec<PathBuf> {
        files::paths(dataset, &self.folder)
    }

    /// The samples of a data set.
    ///
    /// # Errors
    /// If a file is missing or its content wrong.
    pub fn samples(&self, dataset: &Dataset) -> Result<Arc<Loaded>, LoadError> {
        slot(&self.loaded, &format!("{dataset:?}")).get_or_init(|| self.load(dataset).map(Arc::new)).clone()
    }

    fn load(&self, dataset: &Dataset) -> Result<Loaded, LoadError> {
        let contents = files::read_all(dataset, &self.folder)?;
        let samples = dataset.kernel().samples(&contents)?;
        let mut digest = DigestBuilder::default();
        // Numbers come eight bytes at a time: they are hashed in blocks.
        let mut block = Vec::with_capacity(1 << 16);
        samples.visit_bytes(|bytes| {
            block.extend_from_slice(bytes);
            if block.len() >= (1 << 16) {
                digest.update(&block);
                block.clear();
            }
        });
        let digest = digest.update(&block).finish();
        Ok(Loaded { samples, digest })
    }

    /// The parts that runs with these settings are trained on.
    ///
    /// # Errors
    /// If the data cannot be had, or a part would be empty.
    pub fn parts<F: Element>(
        &self,
        settings: &DataSettings,
        output: &Output,
    ) -> Result<Arc<Parts<F>>, LoadError> {
        let one_unit_a_class = output.kernel::<F>().is_distribution();
        let key = format!("{settings:?} {one_unit_a_class} {}", F::SIZE);
        let make = || {
            let loaded = self.samples(&settings.dataset)?;
            Ok(Arc::new(prepare::<F>(&loaded.samples, settings, output)?) as Arc<dyn Any + Send + Sync>)
        };
        let parts = slot(&self.parts, &key).get_or_init(make).clone()?;
        Ok(parts.downcast().unwrap_or_else(|_| unreachable!("the key holds the precision")))
    }
}

fn slot<T>(slots: &Mutex<HashMap<String, Slot<T>>>, key: &str) -> Slot<T> {
    // A poisoned lock only means that another run panicked: the map itself is whole.
    let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
    slots.entry(key.to_owned()).or_default().clone()
}
