//! Functions that were evaluated without a network.

use super::Analysis;
use chainrule_record::FunctionCurve;

/// The variable of the functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Argument {
    /// For activations: the pre-activation z.
    PreActivation,
    /// For losses: the probability p of the correct one of two classes.
    Probability,
}

/// A function with its name.
pub(crate) struct NamedFunction<'a> {
    pub(crate) label: String,
    pub(crate) argument: Argument,
    pub(crate) curve: &'a FunctionCurve,
}

/// Every recorded function, in plan order.
pub(crate) fn functions<'a>(analysis: &Analysis<'a>) -> Vec<NamedFunction<'a>> {
    let function = |run: &'a chainrule_record::RunRecord| {
        let curve = run.function.as_ref()?;
        let argument = if run.spec.get("activation").is_some() {
            Argument::PreActivation
        } else {
            Argument::Probability
        };
        Some(NamedFunction { label: label(analysis, run), argument, curve })
    };
    analysis.records.iter().filter_map(function).collect()
}

/// The values of the settings that vary; the activation or the loss if none varies.
fn label(analysis: &Analysis, run: &chainrule_record::RunRecord) -> String {
    let info = analysis.info;
    let label = |setting: &str| Some(info.label(setting, run.spec.get(setting)?));
    let varying: Vec<String> = info.axes.iter().filter_map(|axis| label(&axis.setting)).collect();
    if varying.is_empty() {
        return ["activation", "loss"].iter().find_map(|setting| label(setting)).unwrap_or_default();
    }
    varying.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{Synthetic, axis};
    use serde_json::json;

    #[test]
    fn functions_are_named_by_what_varies() {
        let experiment = Synthetic {
            axes: vec![("activation", axis(&[json!("tanh"), json!("relu")]))],
            compare: Some("activation"),
            ..Synthetic::default()
        };
        let (info, mut records) = (experiment.info(), experiment.records());
        records[0].function =
            Some(FunctionCurve { x: vec![0.0], value: vec![Some(1.0)], derivative: vec![None] });
        let analysis = Analysis::new(&info, &records);
        let found = functions(&analysis);
        assert_eq!(found.len(), 1, "the others followed none");
        assert_eq!((found[0].label.as_str(), found[0].argument), ("tanh", Argument::PreActivation));
    }
}
