//! Caches samples and splits, so that each is made once.

use super::LoadError;
use super::files::Folders;
use chainrule_core::cancel::{Cancel, to_the_end};
use chainrule_core::dataset::{DataSettings, Dataset, Drawn, Parts, Reading, Samples, SplitSeed, prepare};
use chainrule_core::error::DataError;
use chainrule_core::output::Output;
use chainrule_core::real::Element;
use chainrule_record::{Digest, DigestBuilder};
use std::any::Any;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::Duration;

/// A data set in memory.
#[derive(Debug)]
pub struct Loaded {
    /// Its samples.
    pub samples: Samples,
    /// Digest of its content.
    pub digest: Digest,
    /// How it was read, if it is a table of the user's.
    pub reading: Option<Reading>,
}

/// `Parts<F>` of either precision.
type AnyParts = Arc<dyn Any + Send + Sync>;

/// A value made by the first caller that needs it, while the others wait.
type Slot<T> = Arc<OnceLock<Result<T, LoadError>>>;

/// A slot whose computation can be cancelled. It then stays empty, and the next caller computes the value.
struct Cancellable<T> {
    made: OnceLock<Result<T, LoadError>>,
    making: Mutex<()>,
}

impl<T> Default for Cancellable<T> {
    fn default() -> Self {
        Self { made: OnceLock::new(), making: Mutex::default() }
    }
}

/// Time between two checks whether another thread has made the value.
const LOOK_EVERY: Duration = Duration::from_millis(5);

impl<T: Clone> Cancellable<T> {
    fn get_or_make(
        &self,
        make: impl FnOnce() -> Result<T, LoadError>,
        cancel: &Cancel<'_>,
    ) -> Result<T, LoadError> {
        let _making = loop {
            if let Some(made) = self.made.get() {
                return made.clone();
            }
            match self.making.try_lock() {
                Ok(making) => break making,
                Err(TryLockError::Poisoned(making)) => break making.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    cancel.now().map_err(DataError::from)?;
                    std::thread::sleep(LOOK_EVERY);
                }
            }
        };
        // Another thread may have made it between the check and the lock.
        match self.made.get().cloned().unwrap_or_else(make) {
            Err(LoadError::Content(DataError::Cancelled(cancelled))) => {
                Err(DataError::from(cancelled).into())
            }
            made => self.made.get_or_init(|| made).clone(),
        }
    }
}

/// The key of a split of a data set, prepared for training. Two runs on the same split have the same key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SplitKey {
    settings: Arc<str>,
    drawn: Drawn,
}

/// The splits of all runs that differ only in their replicate: one for each, or one for all.
#[derive(Debug, Clone)]
pub struct Splits {
    settings: Arc<DataSettings>,
    key: Arc<str>,
}

impl Splits {
    /// The splits of runs with these settings; `number` is the size of a number in bytes.
    pub fn new(settings: &DataSettings, output: &Output, number: usize) -> Self {
        let one_unit_a_class = output.kernel::<f64>().is_distribution();
        // The seed is a part of its own in a `SplitKey`, because replicates may draw it.
        let seedless = DataSettings { split_seed: SplitSeed::Replicate, ..settings.clone() };
        let key = format!("{seedless:?} {one_unit_a_class} {number}").into();
        Self { settings: Arc::new(settings.clone()), key }
    }

    /// The key of a replicate's split.
    pub fn key(&self, replicate: u64) -> SplitKey {
        SplitKey { settings: Arc::clone(&self.key), drawn: self.settings.drawn(replicate) }
    }

    /// The source of the seeds and the settings: replicates with equal values have the same splits.
    pub(crate) fn identity(&self) -> (SplitSeed, Arc<str>) {
        (self.settings.split_seed, Arc::clone(&self.key))
    }
}

/// All data sets of an experiment, each held once, and the splits on which runs are trained. Each split is made once,
/// and freed after the last run that needs it.
pub struct DataCache {
    folders: Folders,
    loaded: Mutex<HashMap<String, Slot<Arc<Loaded>>>>,
    parts: Mutex<HashMap<SplitKey, Arc<Cancellable<AnyParts>>>>,
    /// Number of runs that still need a split. A split without announced runs is kept.
    waiting: Mutex<HashMap<SplitKey, usize>>,
}

impl DataCache {
    /// A cache that reads files of data sets from the data folder.
    pub fn new(folder: PathBuf) -> Self {
        let folders = Folders { experiment: None, data: folder };
        Self { folders, loaded: Mutex::default(), parts: Mutex::default(), waiting: Mutex::default() }
    }

    /// Looks for files first beside an experiment file.
    pub fn beside(mut self, experiment: &Path) -> Self {
        self.folders.experiment = experiment.parent().map(Path::to_owned);
        self
    }

    /// The possible paths of a data set's files; empty for a data set that is not read from files.
    pub fn files(&self, dataset: &Dataset) -> Vec<PathBuf> {
        self.folders.paths(dataset)
    }

    /// The samples of a data set.
    ///
    /// # Errors
    /// If a file is missing or its content is wrong.
    pub fn samples(&self, dataset: &Dataset) -> Result<Arc<Loaded>, LoadError> {
        slot(&self.loaded, format!("{dataset:?}")).get_or_init(|| self.load(dataset).map(Arc::new)).clone()
    }

    /// The data sets loaded so far, in the order of their settings.
    pub fn loaded(&self) -> Vec<Arc<Loaded>> {
        let slots = locked(&self.loaded);
        let mut sets: Vec<_> =
            slots.iter().filter_map(|(key, slot)| Some((key, slot.get()?.as_ref().ok()?))).collect();
        sets.sort_by_key(|(key, _)| *key);
        sets.into_iter().map(|(_, loaded)| loaded.clone()).collect()
    }

    fn load(&self, dataset: &Dataset) -> Result<Loaded, LoadError> {
        let contents = self.folders.read_all(dataset)?;
        let (samples, reading) = dataset.kernel().read(&contents)?;
        drop(contents);
        let mut digest = DigestBuilder::default();
        // Numbers arrive eight bytes at a time, so they are collected and hashed in blocks.
        let mut block = Vec::with_capacity(1 << 16);
        samples.visit_bytes(|bytes| {
            block.extend_from_slice(bytes);
            if block.len() >= (1 << 16) {
                digest.update(&block);
                block.clear();
            }
        });
        let digest = digest.update(&block).finish();
        Ok(Loaded { samples, digest, reading })
    }

    /// The training, validation and test sets of a replicate with these settings.
    ///
    /// # Errors
    /// If the data cannot be loaded, or one of the sets would be empty.
    pub fn parts<F: Element>(
        &self,
        settings: &DataSettings,
        replicate: u64,
        output: &Output,
    ) -> Result<Arc<Parts<F>>, LoadError> {
        to_the_end(|cancel| Ok(self.parts_while(settings, replicate, output, cancel)))
    }

    /// Does the same, unless it is cancelled.
    ///
    /// # Errors
    /// As [`parts`](Self::parts), and [`DataError::Cancelled`].
    pub fn parts_while<F: Element>(
        &self,
        settings: &DataSettings,
        replicate: u64,
        output: &Output,
        cancel: &Cancel<'_>,
    ) -> Result<Arc<Parts<F>>, LoadError> {
        let make = || {
            let loaded = self.samples(&settings.dataset)?;
            let parts = prepare::<F>(&loaded.samples, settings, replicate, output, cancel)?;
            Ok(Arc::new(parts) as AnyParts)
        };
        let key = Splits::new(settings, output, F::SIZE).key(replicate);
        let parts = slot(&self.parts, key).get_or_make(make, cancel)?;
        Ok(parts.downcast().unwrap_or_else(|_| unreachable!("the key holds the precision")))
    }

    /// Announces a run that needs a split.
    pub fn announce(&self, key: &SplitKey) {
        *locked(&self.waiting).entry(key.clone()).or_default() += 1;
    }

    /// Ends an announced run and frees its split if no other run needs it.
    pub fn release(&self, key: &SplitKey) {
        let mut waiting = locked(&self.waiting);
        let Some(runs) = waiting.get_mut(key) else { return };
        *runs -= 1;
        if *runs == 0 {
            waiting.remove(key);
            locked(&self.parts).remove(key);
        }
    }

    /// The number of splits held now.
    pub fn splits_held(&self) -> usize {
        locked(&self.parts).len()
    }
}

fn slot<K: Eq + Hash, T: Default>(slots: &Mutex<HashMap<K, Arc<T>>>, key: K) -> Arc<T> {
    locked(slots).entry(key).or_default().clone()
}

/// Locks a map. A poisoned lock only means that another run panicked: the map itself is intact.
fn locked<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}
