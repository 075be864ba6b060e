//! `chainrule plan`

use super::{Ready, plural};
use crate::arguments;
use crate::exit::Exit;
use chainrule_record::RunSpec;
use chainrule_runner::plan::{Plan, Typed};
use chainrule_runner::{execute, store::Store};

/// Combinations that are shown without `--all`.
const SHOWN: usize = 12;

/// Shows what would be run.
pub(crate) fn plan(arguments: &arguments::Plan) -> anyhow::Result<Exit> {
    let Ready { plan, folder, .. } = Ready::new(&arguments.experiment)?;
    println!("{}\n", plan.info.question);
    axes(&plan);
    combinations(&plan, if arguments.all { usize::MAX } else { SHOWN });
    skipped(&plan, if arguments.all { usize::MAX } else { SHOWN });
    let combinations = plural(plan.combinations().len(), "combination");
    println!("{combinations} × {} = {}", plural(plan.info.seeds.len(), "seed"), plural(plan.len(), "run"));
    println!("{}", cost(&plan)?);
    if let Ok(store) = Store::open(&folder) {
        let missing = execute::missing(&plan, &store, false)?.len();
        println!("{} in {}, {missing} missing", plan.len() - missing, folder.display());
    }
    Ok(Exit::Well)
}

fn axes(plan: &Plan) {
    for axis in &plan.info.axes {
        let labels: Vec<_> = axis.points.iter().map(|point| point.label.as_str()).collect();
        println!("{:15} {:3}   {}", axis.setting, labels.len(), labels.join("  "));
    }
    let seeds: Vec<_> = plan.info.seeds.iter().map(u64::to_string).collect();
    println!("{:15} {:3}   {}\n", "seeds", seeds.len(), seeds.join("  "));
}

fn combinations(plan: &Plan, shown: usize) {
    for spec in plan.combinations().iter().take(shown) {
        println!("  {}", combination(plan, spec));
    }
    more(plan.combinations().len(), shown, "combinations");
}

fn combination(plan: &Plan, spec: &RunSpec) -> String {
    let value =
        |setting: &str| spec.get(setting).map_or_else(String::new, |value| plan.info.label(setting, value));
    let parts: Vec<_> =
        plan.info.axes.iter().map(|axis| format!("{} = {}", axis.setting, value(&axis.setting))).collect();
    if parts.is_empty() { "(no setting varies)".to_owned() } else { parts.join(", ") }
}

fn skipped(plan: &Plan, shown: usize) {
    let skipped = &plan.info.skipped;
    if skipped.is_empty() {
        return;
    }
    println!("left out:");
    for combination in skipped.iter().take(shown) {
        println!("  {} ({})", combination.combination, combination.reason);
    }
    more(skipped.len(), shown, "left out");
}

fn more(n: usize, shown: usize, what: &str) {
    if n > shown {
        println!("  … and {} more {what}; --all shows them", n - shown);
    }
    println!();
}

/// Training samples and multiplications of the whole plan.
fn cost(plan: &Plan) -> anyhow::Result<String> {
    let (mut samples, mut flop) = (0.0, 0.0);
    for spec in plan.combinations() {
        let typed = Typed::read(&spec.clone().with_seed(0))?;
        let label = plan.info.label("dataset", &spec.get("dataset").cloned().unwrap_or_default());
        let Some(data) = plan.info.datasets.iter().find(|data| data.label == label) else { continue };
        let run = (typed.train.epochs * data.train) as f64;
        let mut widths = vec![data.features as usize];
        widths.extend(&typed.model.architecture);
        widths.push(data.classes.unwrap_or(1) as usize);
        let weights: usize = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
        samples += run;
        flop += run * 6.0 * weights as f64;
    }
    let seeds = plan.info.seeds.len() as f64;
    Ok(format!(
        "about {:.3e} training samples, {:.3e} floating-point operations",
        samples * seeds,
        flop * seeds
    ))
}
