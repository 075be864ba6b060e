//! Estimates the memory of a run from its settings.

use chainrule_core::dataset::{PartSizes, Whitening};
use chainrule_core::gradient_check::{self, CheckSettings};
use chainrule_core::network::ModelSettings;
use chainrule_core::probe::{Every, MOST_COLUMNS};
use chainrule_core::real::{Element, Precision};
use chainrule_core::train;
use chainrule_core::train::TrainSettings;
use chainrule_record::MAX_POINTS;

/// Bytes per evaluated epoch: during the run, in its record, and as text on its way to the store.
const EPOCH: u64 = 900;

/// Bytes per number measured by a probe, in the same three places.
const MEASURED: u64 = 60;

/// The memory of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Bytes of the run alone.
    pub run: u64,
    /// Bytes of its split, which other runs may share.
    pub split: u64,
}

/// The memory of a run with these settings; `how` is the method of its gradient check, if any.
pub(crate) fn needs(
    model: &ModelSettings,
    training: &TrainSettings,
    how: Option<&CheckSettings>,
    whitening: Whitening,
    precision: Precision,
    parts: &PartSizes,
    n_out: usize,
) -> Needs {
    match precision {
        Precision::F32 => needs_of::<f32>(model, training, how, whitening, parts, n_out),
        Precision::F64 => needs_of::<f64>(model, training, how, whitening, parts, n_out),
    }
}

fn needs_of<F: Element>(
    model: &ModelSettings,
    training: &TrainSettings,
    how: Option<&CheckSettings>,
    whitening: Whitening,
    parts: &PartSizes,
    n_out: usize,
) -> Needs {
    let trained = train::memory::<F>(model, training, parts, n_out);
    let check = |how: &CheckSettings| gradient_check::memory::<F>(model, training, parts, n_out, how.entries);
    let checked = how.map_or(0, check);
    let samples = (parts.train + parts.validation + parts.test) as u64;
    let of_sample = ((parts.features + n_out) * F::SIZE) as u64;
    // The rotation, the covariance, its eigenvectors and their products.
    let whitened = match whitening {
        Whitening::None => 0,
        Whitening::Pca | Whitening::Zca => 7 * 8 * (parts.features * parts.features) as u64,
    };
    // For each sample its index in the split and, while the split is made, the order of drawing.
    let places = 16 * samples;
    Needs {
        run: trained.saturating_add(checked).saturating_add(recorded(model, training, parts)),
        split: samples.saturating_mul(of_sample).saturating_add(places).saturating_add(whitened),
    }
}

/// The curve and the measurements of a run.
fn recorded(model: &ModelSettings, training: &TrainSettings, parts: &PartSizes) -> u64 {
    let epochs = (training.epochs / training.evaluate_every.max(1)).saturating_add(2);
    let steps = parts.train.div_ceil(training.batch_size.samples(parts.train).max(1)) as u64;
    let measurements = match training.every {
        Every::Epoch => epochs,
        Every::Steps(every) => (training.epochs.saturating_mul(steps) / every.max(1)).saturating_add(2),
        Every::Log => u64::BITS.into(),
    };
    let columns = training.measure.len() * MOST_COLUMNS;
    let series = (columns * (model.architecture.len() + 1)) as u64;
    let most = MAX_POINTS as u64;
    epochs.min(most) * EPOCH + measurements.min(most) * series * MEASURED
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainrule_core::probe::Probe;

    fn parts(train: usize) -> PartSizes {
        let (features, classes, class_counts) = (784, Some(10), Vec::new());
        PartSizes { train, validation: 0, test: 10_000, features, classes, class_counts }
    }

    fn needs(train: usize, precision: Precision, change: impl Fn(&mut TrainSettings)) -> Needs {
        let mut training = TrainSettings::default();
        change(&mut training);
        super::needs(
            &ModelSettings::default(),
            &training,
            None,
            Whitening::None,
            precision,
            &parts(train),
            10,
        )
    }

    #[test]
    fn a_split_has_every_sample_in_the_precision_of_the_run() {
        let [single, double] = [Precision::F32, Precision::F64].map(|of| needs(60_000, of, |_| ()).split);
        assert_eq!(single, 70_000 * (794 * 4 + 16));
        assert_eq!(double, 70_000 * (794 * 8 + 16));
    }

    #[test]
    fn long_runs_take_no_more_than_their_bounded_curve() {
        let of = |epochs: u64| needs(1_000, Precision::F32, |training| training.epochs = epochs).run;
        assert!(of(4_000) < of(5_000));
        assert_eq!(of(10_000), of(1_000_000_000));
        let measured = |epochs: u64| {
            needs(1_000, Precision::F32, |training| {
                training.epochs = epochs;
                training.measure = vec![Probe::default()];
                training.every = Every::Steps(1);
            })
        };
        assert_eq!(measured(10_000), measured(u64::MAX / 2));
        assert!(measured(10_000).run > of(10_000));
    }
}
