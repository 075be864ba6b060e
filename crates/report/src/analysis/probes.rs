//! The measurements of probes.

use super::Analysis;
use super::configuration::Configuration;
use super::run::{Outcome, is_lost};
use super::spread::Spread;
use chainrule_record::{Better, RunRecord};
use serde_json::Value;

/// The names of layer or network measurements in any run, in the order of the experiment.
pub(crate) fn probe_names<'a>(analysis: &Analysis<'a>, of_layers: bool) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for name in analysis.records.iter().flat_map(|run| run.probes.names(of_layers)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The names of the layer measurements that are drawn in a plot per name. Singular values have their own plot.
pub(crate) fn layer_probes<'a>(analysis: &Analysis<'a>) -> Vec<&'a str> {
    let mut names = probe_names(analysis, true);
    names.retain(|name| !name.ends_with("singular_value") && *name != "condition_number");
    names
}

/// Whether all runs were measured at the ends of epochs, so that the epoch identifies a measurement.
pub(crate) fn is_by_epoch(analysis: &Analysis) -> bool {
    let every = |run: &RunRecord| run.spec.get("every").is_none_or(|every| every == "epoch");
    analysis.records.iter().all(every)
}

/// For each compared value, the configuration whose layers are shown: the best one among those with the most layers.
/// Layer measurements matter most in deep networks.
pub(crate) fn shown(analysis: &Analysis) -> Vec<(usize, usize)> {
    let depth = |index: usize| {
        let runs = &analysis.configurations[index].runs;
        runs.iter().map(|run| run.probes.layers.len()).max().unwrap_or(0)
    };
    let of = |compared: usize| {
        let ours = || analysis.compared[compared].configurations.iter().copied();
        let deepest = ours().map(depth).max().filter(|depth| *depth > 0)?;
        Some((compared, ours().find(|index| depth(*index) == deepest)?))
    };
    analysis.drawn().into_iter().filter_map(of).collect()
}

/// A layer measurement by layer, before the first step and after training.
pub(crate) struct LayerProfile<'a> {
    /// The name of the measurement.
    pub(crate) probe: &'a str,
    /// Before training; empty if the measurement does not exist then.
    pub(crate) start: Vec<ProfileLine>,
    /// After training, for the kept parameters.
    pub(crate) end: Vec<ProfileLine>,
}

/// The layers of the shown configuration of a compared value.
pub(crate) struct ProfileLine {
    pub(crate) compared: usize,
    pub(crate) configuration: usize,
    /// The layer, counted from 1, and the measurement over the seeds.
    pub(crate) points: Vec<(u64, Spread)>,
    /// The theoretical value, as a median over the seeds.
    pub(crate) expected: Vec<(u64, f64)>,
}

impl<'a> LayerProfile<'a> {
    /// `None` if nothing was measured, or if no network has values in two layers.
    pub(crate) fn new(analysis: &Analysis, probe: &'a str) -> Option<Self> {
        let lines = |at_start: bool| {
            let all = shown(analysis).into_iter();
            let lines = all.map(|shown| line(analysis, probe, shown, at_start));
            lines.filter(|line| !line.points.is_empty()).collect::<Vec<_>>()
        };
        let profile = Self { probe, start: lines(true), end: lines(false) };
        let has_layers = |line: &ProfileLine| line.points.len() > 1;
        profile.end.iter().chain(&profile.start).any(has_layers).then_some(profile)
    }
}

fn line(
    analysis: &Analysis,
    probe: &str,
    (compared, configuration): (usize, usize),
    at_start: bool,
) -> ProfileLine {
    let runs = &analysis.configurations[configuration].runs;
    let runs: Vec<&RunRecord> = runs.iter().copied().filter(|run| at_start || !is_lost(run)).collect();
    let layers = runs.iter().map(|run| run.probes.layers.len() as u64).max().unwrap_or(0);
    let value = |run: &&RunRecord, layer: u64| {
        let measurement = if at_start { Some(0) } else { run.probes.last_of(run.kept_epoch) };
        run.probes.value(probe, layer, measurement?)
    };
    let spread = |layer: u64| median_of(runs.iter().map(|run| value(run, layer)));
    let points = (1..=layers).map(|layer| (layer, spread(layer))).filter(|(_, spread)| spread.values > 0);
    let expected = |layer: u64| {
        let all = runs.iter().map(|run| run.probes.predicted(probe, layer).filter(|_| at_start));
        Some((layer, median_of(all).median?))
    };
    ProfileLine {
        compared,
        configuration,
        points: points.collect(),
        expected: (1..=layers).filter_map(expected).collect(),
    }
}

/// The spread of the values that exist.
fn median_of(values: impl Iterator<Item = Option<f64>>) -> Spread {
    Spread::of(values.map(|value| value.map_or(Outcome::Unmeasured, Outcome::Value)), Better::Lower)
}

/// A layer measurement by layer and time.
pub(crate) struct LayerMap<'a> {
    /// The name of the measurement.
    pub(crate) probe: &'a str,
    /// One for the shown configuration of each compared value: the best ones, up to a readable number.
    pub(crate) panels: Vec<MapPanel>,
}

/// The map of a configuration.
pub(crate) struct MapPanel {
    pub(crate) compared: usize,
    pub(crate) configuration: usize,
    pub(crate) layers: u64,
    /// Its measurements: epoch and step.
    pub(crate) when: Vec<(u64, u64)>,
    /// The values over the seeds, for each measurement and each layer.
    pub(crate) cells: Vec<Vec<Spread>>,
}

/// More maps are unreadable on a page.
const MOST_MAPS: usize = 6;

impl<'a> LayerMap<'a> {
    /// `None` with fewer than three measurements, or with values in fewer than two layers: a map would show nothing.
    pub(crate) fn new(analysis: &Analysis, probe: &'a str) -> Option<Self> {
        let shown = shown(analysis);
        let ranked = analysis.compared_ranking.iter();
        let ranked = ranked.filter_map(|compared| shown.iter().find(|(ours, _)| ours == compared).copied());
        let panels: Vec<MapPanel> =
            ranked.take(MOST_MAPS).filter_map(|shown| panel(analysis, probe, shown)).collect();
        (!panels.is_empty()).then_some(Self { probe, panels })
    }
}

fn panel(analysis: &Analysis, probe: &str, (compared, configuration): (usize, usize)) -> Option<MapPanel> {
    let runs = &analysis.configurations[configuration].runs;
    let longest = longest(runs)?;
    let layers = longest.probes.layers.len() as u64;
    let when = common_measurements(runs, longest);
    let value = |run: &&RunRecord, layer: u64, step: u64| {
        let measurement = run.probes.step.binary_search(&step).ok()?;
        run.probes.value(probe, layer, measurement)
    };
    let cell = |layer: u64, step: u64| median_of(runs.iter().map(|run| value(run, layer, step)));
    let column = |(_, step): &(u64, u64)| (1..=layers).map(|layer| cell(layer, *step)).collect();
    let cells: Vec<Vec<Spread>> = when.iter().map(column).collect();
    let has_number = |layer: &usize| cells.iter().any(|column| column[*layer].values > 0);
    let measured = (0..layers as usize).filter(has_number).count();
    (measured > 1 && when.len() > 2).then_some(MapPanel { compared, configuration, layers, when, cells })
}

/// The run with the latest measurement.
fn longest<'a>(runs: &[&'a RunRecord]) -> Option<&'a RunRecord> {
    runs.iter().copied().max_by_key(|run| run.probes.step.last())
}

/// Epoch and step of the measurements that all runs have that lasted long enough. A record keeps only some of many
/// measurements, and the selection depends on the length of the run.
fn common_measurements(runs: &[&RunRecord], longest: &RunRecord) -> Vec<(u64, u64)> {
    let lacks = |run: &&RunRecord, step: &u64| {
        let steps = &run.probes.step;
        steps.last() >= Some(step) && steps.binary_search(step).is_err()
    };
    let when = longest.probes.epoch.iter().copied().zip(longest.probes.step.iter().copied());
    when.filter(|(_, step)| !runs.iter().any(|run| lacks(run, step))).collect()
}

/// The eigenvalues of the Hessian by rank.
pub(crate) struct Spectrum {
    /// Before training.
    pub(crate) start: Vec<SpectrumLine>,
    /// After training, for the kept parameters.
    pub(crate) end: Vec<SpectrumLine>,
}

/// The eigenvalues of the best configuration of a compared value.
pub(crate) struct SpectrumLine {
    pub(crate) compared: usize,
    /// From largest to smallest, each over the seeds.
    pub(crate) values: Vec<Spread>,
}

impl Spectrum {
    /// `None` if no run has eigenvalues.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        let lines = |at_start: bool| {
            let line = |compared: usize| spectrum_line(analysis.best_of(compared)?, compared, at_start);
            analysis.drawn().into_iter().filter_map(line).collect::<Vec<_>>()
        };
        let spectrum = Self { start: lines(true), end: lines(false) };
        (!spectrum.start.is_empty() || !spectrum.end.is_empty()).then_some(spectrum)
    }
}

fn spectrum_line(best: &Configuration, compared: usize, at_start: bool) -> Option<SpectrumLine> {
    let spectrum = |run: &&RunRecord| {
        let measurement = if at_start { 0 } else { run.probes.last_of(run.kept_epoch)? };
        run.probes.spectra.get(measurement).cloned().filter(|spectrum| !spectrum.is_empty())
    };
    let runs = best.runs.iter().filter(|run| at_start || !is_lost(run));
    let spectra: Vec<Vec<f64>> = runs.filter_map(spectrum).collect();
    let ranks = spectra.iter().map(Vec::len).max()?;
    let of_rank = |rank: usize| median_of(spectra.iter().map(|spectrum| spectrum.get(rank).copied()));
    Some(SpectrumLine { compared, values: (0..ranks).map(of_rank).collect() })
}

/// The sharpness during training.
pub(crate) struct Sharpness {
    /// Whether x is the epoch; otherwise it is the step.
    pub(crate) by_epoch: bool,
    /// One for the best configuration of each compared value.
    pub(crate) lines: Vec<SharpnessLine>,
}

/// The sharpness of the best configuration of a compared value.
pub(crate) struct SharpnessLine {
    pub(crate) compared: usize,
    /// Epoch, step, and the sharpness over the seeds that reached them.
    pub(crate) points: Vec<(u64, u64, Spread)>,
    /// 2/η, above which gradient descent is unstable. Applies to plain descent on the whole training set at a constant
    /// rate.
    pub(crate) limit: Option<f64>,
}

impl Sharpness {
    /// `None` if no run measured the sharpness.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        let line = |compared: usize| {
            let best = analysis.best_of(compared)?;
            let longest = longest(&best.runs)?;
            let point = |(epoch, step): (u64, u64)| {
                let value = |run: &&RunRecord| {
                    run.probes.value("sharpness", 0, run.probes.step.binary_search(&step).ok()?)
                };
                (epoch, step, median_of(best.runs.iter().map(value)))
            };
            let points = common_measurements(&best.runs, longest).into_iter().map(point);
            let points: Vec<_> = points.filter(|(.., spread)| spread.values > 0).collect();
            let limit = stability_limit(longest);
            (!points.is_empty()).then_some(SharpnessLine { compared, points, limit })
        };
        let lines: Vec<_> = analysis.drawn().into_iter().filter_map(line).collect();
        (!lines.is_empty()).then(|| Self { by_epoch: is_by_epoch(analysis), lines })
    }
}

/// With these settings, a step is not −η∇J with a single η. The rate warms up, the gradient is clipped or wrong or
/// covers only a part of the network, or weights decay outside of J. A penalty is not among them: it is part of J,
/// whose Hessian is measured. So is `reduction`.
const DISTURBING: [&str; 6] =
    ["warmup_epochs", "clip_value", "clip_norm", "weight_decay", "dropout", "fault"];

fn stability_limit(run: &RunRecord) -> Option<f64> {
    let is = |setting: &str, word: &str| run.spec.get(setting).is_some_and(|value| value == word);
    let is_off = |setting: &&str| {
        run.spec.get(setting).is_none_or(|value| value == "none" || value.as_f64() == Some(0.0))
    };
    let is_plain = is("optimizer", "sgd")
        && is("schedule", "constant")
        && is("batch_size", "full")
        && DISTURBING.iter().all(is_off);
    let rate = run.spec.get("learning_rate").and_then(Value::as_f64).filter(|rate| *rate > 0.0);
    rate.filter(|_| is_plain).map(|rate| 2.0 / rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::run;
    use chainrule_record::StopReason;
    use serde_json::json;

    #[test]
    fn the_limit_stands_for_plain_descent_alone() {
        let limit = |setting: &str, value: Value| {
            let mut settings = json!({"optimizer": "sgd", "schedule": "constant", "batch_size": "full",
                "learning_rate": 0.5, "warmup_epochs": 0.0, "clip_norm": "none", "weight_decay": 0.0});
            settings[setting] = value;
            stability_limit(&run(settings, &[1.0], StopReason::MaxEpochs))
        };
        assert_eq!(limit("penalty", json!({"l2": {"lambda": 0.1}})), Some(4.0));
        assert_eq!(limit("dropout", json!(0.0)), Some(4.0));
        for (setting, value) in [
            ("optimizer", json!("adam")),
            ("schedule", json!("cosine")),
            ("batch_size", json!(32)),
            ("warmup_epochs", json!(2.0)),
            ("clip_value", json!(1.0)),
            ("clip_norm", json!(1.0)),
            ("weight_decay", json!(0.01)),
            ("dropout", json!(0.5)),
            ("fault", json!("penalty_left_out")),
        ] {
            assert_eq!(limit(setting, value), None, "{setting}");
        }
    }
}
