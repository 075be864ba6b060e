//! Contracts of all plots, and the recipe for a new one.

use super::*;
use crate::analysis::{self, Analysis, Checks};
use crate::draw;
use crate::support::{Synthetic, axis, check_gradients, measure_layers, measure_probes, sweep};
use chainrule_record::{ExperimentInfo, RunRecord};
use serde_json::json;

/// Checks the parts that every plot has.
fn assert_complete(plot: &mut Plot) {
    let name = plot.name.clone();
    assert!(is_name(&name), "{name} is a known name");
    assert!(!plot.title.is_empty() && !plot.caption.is_empty(), "{name} has a title and a caption");
    assert!(!plot.panels.is_empty() || !plot.nothing.is_empty(), "{name} says why it shows nothing");
    for axis in plot.panels.iter().flat_map(|panel| [&panel.x, &panel.y]) {
        let speaks = matches!(axis.ticks, Ticks::Names(_) | Ticks::Above(_) | Ticks::Hidden);
        assert!(speaks || !axis.label.is_empty(), "{name} says what its axes measure");
    }
    assert!(!plot.tables.is_empty(), "{name} has a table");
    let files: Vec<String> = plot.tables.iter().map(|table| plot.file(table)).collect();
    for (table, file) in plot.tables.iter_mut().zip(files) {
        assert!(crate::is_report_file(&file), "{file} is a known name");
        let rows = String::from_utf8(table.bytes().to_vec()).unwrap().lines().count();
        assert!(rows > 1, "{file} has rows");
    }
}

/// Checks the plots that each function of a list makes from some experiments.
fn assert_made<F, E>(list: &[Named<F>], experiments: &[E], make: impl Fn(&F, &E) -> Option<Plot>) {
    for one in list {
        let of =
            |experiment| made(std::slice::from_ref(one), |plot| make(plot, experiment)).collect::<Vec<_>>();
        let mut all: Vec<Plot> = experiments.iter().flat_map(of).collect();
        assert!(!all.is_empty(), "{} is made of none of the experiments here", one.0);
        all.iter_mut().for_each(assert_complete);
    }
}

fn with_probes() -> (ExperimentInfo, Vec<RunRecord>) {
    let experiment = sweep();
    let mut records = experiment.records();
    measure_probes(&mut records, &[64, 32, 32, 10]);
    (experiment.info(), records)
}

fn with_singular_values() -> (ExperimentInfo, Vec<RunRecord>) {
    let experiment = sweep();
    let mut records = experiment.records();
    measure_layers(&mut records, &[64, 32, 32, 10]);
    (experiment.info(), records)
}

/// Two data sets and a target.
fn with_problems() -> (ExperimentInfo, Vec<RunRecord>) {
    let axes = vec![
        ("dataset", axis(&[json!("iris"), json!("wine")])),
        ("optimizer", axis(&[json!("sgd"), json!("adam")])),
        ("learning_rate", axis(&[json!(0.1), json!(0.01)])),
    ];
    let experiment = Synthetic { axes, compare: Some("optimizer"), ..Synthetic::default() };
    let mut records = experiment.records();
    for run in &mut records {
        let mut settings = json!(run.spec);
        settings["target"] = json!({"validation_loss": 0.5});
        run.spec = serde_json::from_value(settings).unwrap();
    }
    (experiment.info(), records)
}

fn with_checks(setting: &'static str, values: &[serde_json::Value]) -> (ExperimentInfo, Vec<RunRecord>) {
    let axes = vec![
        (setting, axis(values)),
        ("activation", axis(&[json!("tanh"), json!("relu")])),
        ("precision", axis(&[json!("f64"), json!("f32")])),
    ];
    let experiment = Synthetic { axes, compare: Some("activation"), ..Synthetic::default() };
    let (mut info, mut records) = (experiment.info(), experiment.records());
    check_gradients(&mut info, &mut records);
    (info, records)
}

#[test]
fn every_plot_of_training_is_complete() {
    let experiments = [with_probes(), with_singular_values(), with_problems()];
    let analyses: Vec<Analysis> =
        experiments.iter().map(|(info, records)| Analysis::new(info, records)).collect();
    for list in [&OF_TRAINING[..], &OF_HESSIAN, &OVER_DATASETS] {
        assert_made(list, &analyses, |plot, analysis| plot(analysis));
    }
    let mut of_probes: Vec<Plot> = analyses.iter().flat_map(of_probes).collect();
    for (prefix, _) in OF_LAYERS {
        assert!(of_probes.iter().any(|plot| plot.name.starts_with(prefix)), "{prefix}");
    }
    of_probes.iter_mut().for_each(assert_complete);
}

#[test]
fn every_plot_of_gradient_checks_is_complete() {
    let experiments = [
        with_checks("fault", &[json!("none"), json!("wrong_sign")]),
        with_checks("step_size", &[json!(1e-2), json!(1e-4), json!(1e-6), json!(1e-8)]),
        with_checks("scheme", &[json!("central"), json!("forward")]),
    ];
    assert_made(&OF_CHECKS, &experiments, |plot, (info, records)| {
        let analysis = Analysis::new(info, records);
        plot(&analysis, &Checks::new(&analysis))
    });
}

#[test]
fn the_plot_of_functions_is_complete() {
    for functions in [3, 9] {
        let names: Vec<serde_json::Value> = (0..functions).map(|index| json!(format!("f{index}"))).collect();
        let axes = vec![("activation", axis(&names))];
        let experiment = Synthetic { axes, compare: Some("activation"), seeds: 1, ..Synthetic::default() };
        let (info, mut records) = (experiment.info(), experiment.records());
        for run in &mut records {
            let value = vec![Some(0.0), Some(1.0), Some(f64::INFINITY)];
            let x = vec![-1.0, 0.0, 1.0];
            run.function = Some(chainrule_record::FunctionCurve { x, derivative: value.clone(), value });
        }
        let analysis = Analysis::new(&info, &records);
        assert_made(&OF_FUNCTIONS, &[analysis], |plot, analysis| plot(&analysis::functions(analysis)));
    }
}

/// The file from the recipe in `CONTRIBUTING.md` compiles and is the file tested here, and every renderer draws its
/// plot.
#[test]
fn the_recipe_adds_a_plot() {
    let guide = include_str!("../../../../CONTRIBUTING.md");
    let (_, recipe) = guide.split_once("## Add a plot").unwrap();
    let (_, block) = recipe.split_once("```rust\n").unwrap();
    let block: Vec<&str> = block.split_once("```").unwrap().0.lines().map(|line| line.trim_end()).collect();
    let block: Vec<&str> = block.iter().map(|line| line.strip_prefix("   ").unwrap_or(line)).collect();
    let file: Vec<&str> = include_str!("endings.rs").lines().collect();
    assert_eq!(block.join("\n").trim(), file.join("\n").trim());
    let experiment = sweep();
    let (info, records) = (experiment.info(), experiment.records());
    let list: [OfAnalysis; 1] = [("endings", endings::plot)];
    let analysis = Analysis::new(&info, &records);
    let mut plots: Vec<Plot> = made(&list, |plot| plot(&analysis)).collect();
    assert!(draw::is_drawn(&plots[0]));
    assert_eq!(draw::figures(&plots)[0].table, "plots/endings.csv");
    assert!(plots[0].tables[0].bytes().starts_with(b"ending,runs\nfinished,"));
}
