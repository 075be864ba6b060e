//! A function instead of a network.

use super::record::without_results;
use crate::plan::FunctionSettings;
use crate::weights::Identity;
use chainrule_core::function::{activation_curve, interval, loss_curve};
use chainrule_record::{FunctionCurve, RunRecord, StopReason};

/// Evaluates the function that a specification names.
pub(super) fn follow(identity: Identity<'_>) -> Result<RunRecord, String> {
    let settings = FunctionSettings::read(identity.spec)
        .map_err(|error| format!("the specification cannot be read: {error}"))?;
    let x = interval(settings.from, settings.to, settings.points);
    let curve = match (&settings.activation, &settings.loss) {
        (Some(activation), _) => activation_curve(activation, x),
        (None, Some(loss)) => loss_curve(loss, x),
        (None, None) => return Err("the specification has no function".to_owned()),
    };
    let measured = |values: Vec<f64>| values.into_iter().map(Some).collect();
    let function =
        FunctionCurve { value: measured(curve.value), derivative: measured(curve.derivative), x: curve.x };
    Ok(RunRecord { function: Some(function), ..without_results(identity, StopReason::NotTrained) })
}
