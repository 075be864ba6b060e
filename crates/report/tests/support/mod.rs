//! Made-up experiments: records as from a runner, but computed by a formula instead of training.

use chainrule_record::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The parameters of a made-up experiment.
pub(crate) struct Synthetic {
    /// The settings that vary: name, and value with label.
    pub(crate) axes: Vec<(&'static str, Vec<(Value, String)>)>,
    /// The compared axis.
    pub(crate) compare: Option<&'static str>,
    /// The deciding metric.
    pub(crate) metric: Metric,
    /// The number of seeds.
    pub(crate) seeds: u64,
    /// The number of epochs.
    pub(crate) epochs: u64,
    /// Whether there is a validation set.
    pub(crate) validation: bool,
    /// The x axis of curves.
    pub(crate) x_axis: XAxis,
    /// Whether there are classes.
    pub(crate) classes: bool,
    /// Learning rates above this times the optimizer's own limit diverge.
    pub(crate) limit: f64,
}

impl Default for Synthetic {
    fn default() -> Self {
        Self {
            axes: Vec::new(),
            compare: None,
            metric: Metric::ValidationLoss,
            seeds: 5,
            epochs: 30,
            validation: true,
            x_axis: XAxis::Epochs,
            classes: true,
            limit: 1.0,
        }
    }
}

/// An axis whose values are their own labels.
pub(crate) fn axis(values: &[Value]) -> Vec<(Value, String)> {
    let label = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.iter().map(|value| (value.clone(), label(value))).collect()
}

/// 3 optimizers × 2 architectures × 4 activations × 2 initializations × 7 rates.
pub(crate) fn sweep() -> Synthetic {
    let labelled = |value: Value, label: &str| (value, label.to_owned());
    let optimizers = vec![
        labelled(json!("sgd"), "sgd"),
        labelled(json!({"momentum": {"mu": 0.9}}), "momentum(mu=0.9)"),
        labelled(json!("adam"), "adam"),
    ];
    let activations = vec![
        labelled(json!("sigmoid"), "sigmoid"),
        labelled(json!("tanh"), "tanh"),
        labelled(json!("relu"), "relu"),
        labelled(json!({"leaky_relu": {"slope": 0.01}}), "leaky_relu"),
    ];
    Synthetic {
        axes: vec![
            ("architecture", axis(&[json!([32]), json!([64, 32])])),
            ("activation", activations),
            ("initialization", axis(&[json!("xavier_normal"), json!("he_normal")])),
            (
                "learning_rate",
                axis(&[0.001, 0.00316228, 0.01, 0.0316228, 0.1, 0.316228, 1.0].map(|rate| json!(rate))),
            ),
            ("optimizer", optimizers),
        ],
        compare: Some("optimizer"),
        ..Synthetic::default()
    }
}

impl Synthetic {
    /// The experiment.
    pub(crate) fn info(&self) -> ExperimentInfo {
        let axis = |(setting, points): &(&str, Vec<(Value, String)>)| Axis {
            setting: (*setting).to_owned(),
            points: points
                .iter()
                .map(|(value, label)| AxisPoint { value: value.clone(), label: label.clone() })
                .collect(),
        };
        ExperimentInfo {
            name: "sweep".to_owned(),
            file: "experiments/sweep.toml".to_owned(),
            kind: ExperimentKind::Train,
            question: "Which optimizer learns digits best, and how sensitive is each to its learning rate?"
                .to_owned(),
            axes: self.axes.iter().map(axis).collect(),
            fixed: self.fixed(),
            compare: self.compare.map(str::to_owned),
            metric: self.metric,
            x_axis: self.x_axis,
            seeds: (0..self.seeds).collect(),
            datasets: vec![self.dataset()],
            run_ids: self.specs().iter().map(RunSpec::run_id).collect(),
            skipped: vec![SkippedCombination {
                combination: "relu | xavier".to_owned(),
                reason: "excluded".to_owned(),
            }],
            tune: Vec::new(),
            problems: Vec::new(),
            margin: None,
            confirm_seeds: 0,
            claims: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn fixed(&self) -> BTreeMap<String, AxisPoint> {
        let loss = match self.classes {
            true => json!({ "cross_entropy": { "fused": true } }),
            false => json!("half_squared_error"),
        };
        let all = [
            ("dataset", json!("digits")),
            ("architecture", json!([64])),
            ("activation", json!("tanh")),
            ("optimizer", json!("adam")),
            ("learning_rate", json!(0.01)),
            ("loss", loss),
            ("batch_size", json!(32)),
            ("epochs", json!(self.epochs)),
            ("precision", json!("f32")),
            ("data_digest", json!("af13")),
        ];
        let free = all.into_iter().filter(|(name, _)| !self.axes.iter().any(|(axis, _)| axis == name));
        free.map(|(name, value)| {
            let word = match &value {
                Value::String(word) => Some(word),
                Value::Object(item) => item.keys().next(),
                _ => None,
            };
            let label = word.cloned().unwrap_or_else(|| value.to_string());
            (name.to_owned(), AxisPoint { value, label })
        })
        .collect()
    }

    fn dataset(&self) -> DatasetInfo {
        DatasetInfo {
            label: "digits".to_owned(),
            digest: Digest::of(b"digits"),
            train: 1257,
            validation: if self.validation { 270 } else { 0 },
            test: 270,
            features: 64,
            classes: self.classes.then_some(10),
            targets: u64::from(!self.classes),
            // 1257 samples in all.
            class_counts: if self.classes {
                vec![125, 129, 124, 128, 126, 127, 131, 119, 122, 126]
            } else {
                Vec::new()
            },
            citation: "E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998"
                .to_owned(),
            licence: "CC BY 4.0".to_owned(),
        }
    }

    fn specs(&self) -> Vec<RunSpec> {
        let fixed: Settings = self.fixed().into_iter().map(|(name, point)| (name, point.value)).collect();
        let mut specs = vec![RunSpec(fixed)];
        for (name, points) in &self.axes {
            let with = |spec: &RunSpec, value: &Value| {
                let mut spec = spec.clone();
                spec.0.insert((*name).to_owned(), value.clone());
                spec
            };
            specs = specs
                .iter()
                .flat_map(|spec| points.iter().map(|(value, _)| with(spec, value)).collect::<Vec<_>>())
                .collect();
        }
        let seeded = |spec: &RunSpec, seed: u64| {
            let mut spec = spec.clone();
            spec.0.insert("seed".to_owned(), json!(seed));
            spec
        };
        specs
            .iter()
            .flat_map(|spec| (0..self.seeds).map(|seed| seeded(spec, seed)).collect::<Vec<_>>())
            .collect()
    }

    /// The runs, in plan order.
    pub(crate) fn records(&self) -> Vec<RunRecord> {
        self.specs().into_iter().map(|spec| self.record(spec)).collect()
    }

    fn record(&self, spec: RunSpec) -> RunRecord {
        let rate = spec.get("learning_rate").and_then(Value::as_f64).unwrap_or(0.01);
        let (speed, limit) = dynamics(&spec);
        let luck = noise(&spec, "luck");
        let effective = rate * speed;
        let diverges = effective * (1.0 + 0.3 * luck) > limit * self.limit;
        let ends = if diverges { 3 + (7.0 * luck.abs()) as u64 } else { self.epochs };
        let floor = 0.05 * (1.0 + 0.3 * noise(&spec, "floor").abs()) * (1.0 + 20.0 * effective);
        let mut curve = Curve::default();
        for epoch in 0..=ends.min(self.epochs) {
            let wobble = 1.0 + 0.1 * luck / (1.0 + epoch as f64);
            let loss = floor + 2.3 * wobble / (1.0 + 30.0 * effective * epoch as f64 * (1.0 + 0.1 * luck));
            let accuracy = self.classes.then_some(1.0 - 0.4 * loss.min(2.25));
            curve.push(EpochRow {
                epoch,
                steps: epoch * 40,
                samples: epoch * 1257,
                cost_units: epoch * 1257 * cost(&spec),
                learning_rate: (epoch > 0).then_some(rate),
                train_loss: Some(0.8 * loss),
                train_accuracy: accuracy.map(|accuracy| 0.5 + accuracy / 2.0),
                validation_loss: self.validation.then_some(loss),
                validation_accuracy: accuracy.filter(|_| self.validation),
                gradient_norm: (epoch > 0).then_some(loss * 0.7),
                weight_norm: Some(10.0 + epoch as f64 * 0.1),
                penalty_value: None,
                seconds: Some(epoch as f64 * 0.008 * (1.0 + 0.2 * luck.abs())),
            });
        }
        let last = curve.train_loss.last().copied().flatten().unwrap_or(0.0);
        let divergence = || Divergence {
            step: ends * 40 + 7,
            layer: 2,
            tensor: "activation".to_owned(),
            value: "NaN".to_owned(),
        };
        let accuracy = 1.0 - 0.4 * last.min(2.25);
        let reached =
            curve.validation_accuracy.iter().position(|value| value.is_some_and(|value| value >= 0.9));
        RunRecord {
            run_id: spec.run_id(),
            results_version: 1,
            stop: if diverges { StopReason::Diverged } else { StopReason::MaxEpochs },
            failure: None,
            divergence: diverges.then(divergence),
            target_reached: reached.map(|epoch| TargetReached {
                epoch: epoch as u64,
                steps: epoch as u64 * 40,
                samples: epoch as u64 * 1257,
                cost_units: epoch as u64 * 1257 * cost(&spec),
            }),
            curve,
            test: (!diverges)
                .then_some(Score { loss: 1.1 * last, accuracy: self.classes.then_some(accuracy) }),
            outcomes: chainrule_record::Outcomes::default(),
            kept_epoch: None,
            probes: ProbeTable::default(),
            gradient_check: None,
            trace: Vec::new(),
            function: None,
            parameter_count: 2410,
            weights_digest: Some(Digest::of(spec.run_id().to_string().as_bytes())),
            layer_digests: [1, 2]
                .map(|layer| Digest::of(format!("{layer} of {}", spec.run_id()).as_bytes()))
                .into(),
            wall_seconds: 0.25,
            spec,
        }
    }
}

/// A run with these settings and this loss at epoch 0, 1, 2, … on both training and validation set.
pub(crate) fn run(settings: Value, losses: &[f64], stop: StopReason) -> RunRecord {
    let spec: RunSpec = serde_json::from_value(settings).unwrap();
    let mut curve = Curve::default();
    for (epoch, loss) in losses.iter().enumerate() {
        let (epoch, loss) = (epoch as u64, Some(*loss));
        curve.push(EpochRow {
            epoch,
            steps: 10 * epoch,
            samples: 40 * epoch,
            cost_units: 120 * epoch,
            train_loss: loss,
            validation_loss: loss,
            ..EpochRow::default()
        });
    }
    let divergence = Divergence { step: 3, layer: 1, tensor: "weights".to_owned(), value: "inf".to_owned() };
    RunRecord {
        run_id: spec.run_id(),
        results_version: 1,
        stop,
        failure: (stop == StopReason::Failed).then(|| "no memory | left".to_owned()),
        divergence: (stop == StopReason::Diverged).then_some(divergence),
        target_reached: None,
        curve,
        test: None,
        outcomes: chainrule_record::Outcomes::default(),
        kept_epoch: None,
        probes: ProbeTable::default(),
        gradient_check: None,
        trace: Vec::new(),
        function: None,
        parameter_count: 1,
        weights_digest: None,
        layer_digests: Vec::new(),
        wall_seconds: 0.5,
        spec,
    }
}

/// Makes early stopping end every run that did not diverge. From some epoch on the validation loss rises; after 5
/// epochs without improvement the run returns to its best epoch.
pub(crate) fn stop_early(records: &mut [RunRecord]) {
    for run in records.iter_mut().filter(|run| run.stop == StopReason::MaxEpochs) {
        let turn = 10.0 + 6.0 * noise(&run.spec, "turn");
        let rise = |epoch: u64| 0.01 * (epoch as f64 - turn).max(0.0);
        let mut rows: Vec<EpochRow> = run.curve.rows().collect();
        for row in &mut rows {
            row.validation_loss = row.validation_loss.map(|loss| loss + rise(row.epoch));
        }
        let loss = |row: &EpochRow| row.validation_loss.unwrap_or(f64::INFINITY);
        let best = (0..rows.len()).min_by(|a, b| loss(&rows[*a]).total_cmp(&loss(&rows[*b]))).unwrap();
        if best + 5 < rows.len() {
            rows.truncate(best + 6);
            run.kept_epoch = Some(rows[best].epoch);
            run.stop = StopReason::EarlyStopping;
        }
        run.curve = Curve::default();
        rows.into_iter().for_each(|row| run.curve.push(row));
    }
}

/// Makes every run that did not diverge measure layers with these widths at its end. Singular values go from about 3
/// down to a condition number that grows from layer to layer.
pub(crate) fn measure_layers(records: &mut [RunRecord], widths: &[u64]) {
    for run in records.iter_mut().filter(|run| run.stop != StopReason::Diverged) {
        let layer = |(index, pair): (usize, &[u64])| {
            let condition =
                4.0 * dynamics(&run.spec).0 * (1.0 + index as f64) * (1.5 + noise(&run.spec, "condition"));
            let largest = 3.0 + noise(&run.spec, "largest");
            ((pair[0], pair[1]), vec![largest, largest / condition])
        };
        let layers: Vec<_> = widths.windows(2).enumerate().map(layer).collect();
        let layers: Vec<_> = layers.iter().map(|(shape, values)| (*shape, values.as_slice())).collect();
        run.probes = singular_values(&layers);
    }
}

/// A measurement after training of the largest and the smallest singular value of each layer, with its shape. Layers
/// without values have no measurement.
pub(crate) fn singular_values(layers: &[((u64, u64), &[f64])]) -> ProbeTable {
    let series = layers.iter().zip(1..).flat_map(|((_, values), layer)| {
        let (largest, smallest) = (values.first().copied(), values.last().copied());
        let ratio = largest.zip(smallest).filter(|(_, smallest)| *smallest > 0.0);
        let named = [
            ("largest_singular_value", largest),
            ("smallest_singular_value", smallest),
            ("condition_number", ratio.map(|(largest, smallest)| largest / smallest)),
        ];
        named.map(|(name, value)| Series { probe: name.to_owned(), layer, values: vec![value] })
    });
    ProbeTable {
        epoch: vec![30],
        step: vec![1200],
        layers: layers.iter().map(|((n_in, n_out), _)| LayerShape { n_in: *n_in, n_out: *n_out }).collect(),
        series: series.collect(),
        ..ProbeTable::default()
    }
}

/// Makes every run measure all probes of layers with these widths, at epochs 0, 10, 20 and 30, and of the whole
/// network. The values decrease from layer to layer towards the input. The spectrum has 20 eigenvalues of both signs. A
/// diverged run was measured once.
pub(crate) fn measure_probes(records: &mut [RunRecord], widths: &[u64]) {
    for run in records {
        let count = if run.stop == StopReason::Diverged { 1 } else { 4 };
        let layers = widths.len() as u64 - 1;
        let factor = 1.0 + 0.2 * noise(&run.spec, "probes");
        let series = |probe: &str, layer: u64, value: &dyn Fn(u64) -> Option<f64>| Series {
            probe: probe.to_owned(),
            layer,
            values: (0..count).map(value).collect(),
        };
        let mut all = Vec::new();
        for layer in 1..=layers {
            let size = |time: u64| factor * 0.1f64.powi((layers - layer + time) as i32);
            all.push(series("gradient_norm", layer, &|time| Some(size(time))));
            all.push(series("activation_mean", layer, &|time| Some(size(time) - 0.3)));
            all.push(series("update_ratio", layer, &|time| (time > 0).then(|| size(time))));
            all.push(series("dead_share", layer, &|time| (layer < layers).then_some(0.1 * time as f64)));
        }
        all.push(series("sharpness", 0, &|time| Some(factor * (1.0 + time as f64))));
        let expected = |layer: u64| Prediction {
            probe: "gradient_norm".to_owned(),
            layer,
            value: 0.1f64.powi((layers - layer) as i32),
        };
        let spectrum =
            |time: u64| (0..20).map(move |rank| factor * (10.0 - f64::from(rank)) / (1 + time) as f64);
        run.probes = ProbeTable {
            epoch: (0..count).map(|time| 10 * time).collect(),
            step: (0..count).map(|time| 400 * time).collect(),
            layers: widths.windows(2).map(|pair| LayerShape { n_in: pair[0], n_out: pair[1] }).collect(),
            series: all,
            predicted: (1..=layers).map(expected).collect(),
            spectra: (0..count).map(|time| spectrum(time).collect()).collect(),
        };
    }
}

/// Makes every run check its gradient, as a runner does. Without a fault it is right to 1e-9, up to rounding; with a
/// fault it is off by a tenth in the weights of layer 2. With a given step, the error is the error of central
/// differences.
pub(crate) fn check_gradients(info: &mut ExperimentInfo, records: &mut [RunRecord]) {
    info.kind = ExperimentKind::GradientCheck;
    for run in records {
        let is_faulty = run.spec.get("fault").is_some_and(|fault| fault != "none");
        let step = run.spec.get("step_size").and_then(Value::as_f64);
        let error = step.map_or(1e-9, |h| h * h + 1e-16 / h) * (1.0 + 0.1 * noise(&run.spec, "error"));
        let tolerance = step.map_or(1e-7, |h| 1e4 * (h * h + 1e-16 / h));
        let row = |layer: u64, tensor: &str| {
            let is_off = is_faulty && (layer, tensor) == (2, "weights");
            tensor_row(layer, tensor, if is_off { 0.1 } else { error / (layer as f64 + 1.0) }, tolerance)
        };
        let rows =
            vec![row(0, "inputs"), row(1, "weights"), row(1, "biases"), row(2, "weights"), row(2, "biases")];
        let expect = if is_faulty { Expectation::Caught } else { Expectation::Passed };
        let passed = rows.iter().all(|row| row.passed);
        run.gradient_check = Some(GradientCheck {
            after_epochs: 0,
            samples: 8,
            cost: Some(1.1),
            noise: Some(2e-16),
            tolerance,
            passed,
            parameters_unchanged: true,
            changes_gradient: is_faulty.then_some(true),
            changes_update: is_faulty.then_some(true),
            expect,
            as_expected: expect.is_met_by(passed),
            rows,
        });
    }
}

/// A tensor of ten entries, one of them at a kink.
pub(crate) fn tensor_row(layer: u64, tensor: &str, error: f64, tolerance: f64) -> TensorRow {
    TensorRow {
        layer,
        tensor: tensor.to_owned(),
        passed: error <= tolerance,
        entries: 10,
        checked: 9,
        kinks: 1,
        below_noise: 0,
        largest_absolute: Some(0.5 * error),
        largest_relative: Some(error),
        median_relative: Some(0.01 * error),
        sign_disagreements: Some(0.0),
        worst: Some(WorstEntry { at: vec![3, 1], analytic: Some(0.5 * (1.0 + error)), numeric: Some(0.5) }),
    }
}

/// Cost of a sample: an optimizer without gradients evaluates 20 networks on it, any other runs a forward and a
/// backward pass.
fn cost(spec: &RunSpec) -> u64 {
    if spec.get("optimizer").is_some_and(|optimizer| *optimizer == json!("evolution")) { 20 } else { 3 }
}

/// How much faster than plain descent an optimizer is, and the rate above which it diverges.
fn dynamics(spec: &RunSpec) -> (f64, f64) {
    let optimizer = spec.get("optimizer").map(Value::to_string).unwrap_or_default();
    let activation = spec.get("activation").map(Value::to_string).unwrap_or_default();
    let bonus = if activation.contains("sigmoid") { 0.4 } else { 1.0 };
    let (speed, limit) = match optimizer.as_str() {
        text if text.contains("momentum") => (6.0, 2.5),
        text if text.contains("adam") => (15.0, 3.0),
        text if text.contains("sgd") => (1.0, 0.8),
        text => (1.0 + (text.len() % 7) as f64, 2.0),
    };
    (speed * bonus, limit)
}

/// A number from -1 to 1 that depends only on the run and the purpose.
fn noise(spec: &RunSpec, purpose: &str) -> f64 {
    let digest = Digest::of(format!("{}{purpose}", spec.run_id()).as_bytes()).to_string();
    u32::from_str_radix(&digest[..8], 16)
        .map_or(0.0, |bits| 2.0 * f64::from(bits) / f64::from(u32::MAX) - 1.0)
}

/// A manifest.
pub(crate) fn manifest() -> Manifest {
    Manifest {
        format_version: FORMAT_VERSION,
        chainrule_version: "0.1.0".to_owned(),
        results_version: 1,
        git_commit: "0123abc-dirty".to_owned(),
        compiler: "rustc 1.95.0".to_owned(),
        machine: Machine {
            cpu: "Example CPU".to_owned(),
            simd: "avx512".to_owned(),
            logical_cpus: 2,
            platform: "linux x86_64".to_owned(),
        },
        command: vec!["chainrule".to_owned(), "run".to_owned(), "experiments/sweep.toml".to_owned()],
        shown_command: vec!["run".to_owned(), "experiments/sweep.toml".to_owned()],
        experiment_file: Some("../../experiments/sweep.toml".to_owned()),
        started_at: "2026-01-01T10:00:00Z".to_owned(),
        finished_at: Some("2026-01-01T10:02:00Z".to_owned()),
        wall_seconds: Some(120.0),
        runs_executed: Some(1400),
        runs_reused: Some(280),
        threads: 2,
    }
}
