//! The outcomes of a trained network on the sets that it was not trained on.

use chainrule_core::cancel::Cancel;
use chainrule_core::dataset::{Part, Parts};
use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_core::train::{self, Outcome as Measured};
use chainrule_record::{ClassCounts, Outcome, Outcomes, TargetErrors};

/// Measures the outcomes on the validation and test sets; those that are cancelled are not measured.
pub(super) fn measure<F: Element>(network: &Network<F>, parts: &Parts<F>, cancel: &Cancel<'_>) -> Outcomes {
    let on = |part: Option<&Part<F>>| {
        let measured = train::outcome(network, &parts.train, part?, cancel).ok()?;
        Some(recorded(measured))
    };
    Outcomes { validation: on(parts.validation.as_ref()), test: on(parts.test.as_ref()) }
}

fn recorded(measured: Measured) -> Outcome {
    match measured {
        Measured::Classes(train::ClassCounts { actual, predicted, correct, guess }) => {
            Outcome::Classes(ClassCounts { actual, predicted, correct, guess })
        }
        Measured::Values(errors) => Outcome::Values(errors.into_iter().map(errors_of).collect()),
    }
}

fn errors_of(errors: train::Errors) -> TargetErrors {
    let train::Errors { rmse, mae, r_squared, guess_rmse, guess_mae } = errors;
    TargetErrors { rmse, mae, r_squared, guess_rmse, guess_mae }
}
