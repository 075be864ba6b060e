//! The figure beside the answer.
//!
//! It shows the subject of the first claim or, in a file without claims, the metric of the main comparison. If no
//! figure on the page shows that, it is the first figure.

use crate::analysis::Analysis;
use crate::draw::Figure;
use chainrule_record::Subject;

/// The tallest figure beside the answer, in pixels: a window of 1440 × 900 shows it without scrolling.
pub(super) const MAX_HEIGHT: usize = 520;

/// Removes the deciding figure from the list; `None` if the list is empty.
pub(super) fn take(analysis: &Analysis, figures: &mut Vec<Figure>) -> Option<Figure> {
    let place = |name: &String| figures.iter().position(|figure| figure.name == *name);
    let index = wanted(analysis).iter().find_map(place).unwrap_or(0);
    (index < figures.len()).then(|| figures.remove(index))
}

/// Names of the figures that show the deciding quantity, the best first.
fn wanted(analysis: &Analysis) -> Vec<String> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match analysis.info.claims.first().map(|claim| &claim.subject) {
        Some(Subject::Layer { metric, .. }) => of_probe(metric.probe()),
        Some(Subject::Run(metric)) if metric.needs_target() => names(&["time_to_target"]),
        Some(Subject::Run(metric)) if metric.of_curve() != Some(analysis.info.metric) => {
            names(&["faults", "convergence"])
        }
        Some(Subject::Traced { .. }) => Vec::new(),
        Some(Subject::Run(_)) | None => names(&["seed_spread", "performance_profile", "faults"]),
    }
}

/// The figures of a probe.
fn of_probe(probe: &str) -> Vec<String> {
    vec![format!("layers_{probe}"), format!("map_{probe}"), probe.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::sweep;
    use chainrule_record::{Claim, ClaimTest, Extent, LayerMetric, Measured, RunMetric, Selection, Side};

    /// The wanted figures in a file whose first claim has this subject.
    fn wanted_by(subject: Option<Subject>) -> Vec<String> {
        let claim = |subject| Claim {
            text: String::new(),
            must: false,
            filter: Selection::default(),
            subject,
            test: ClaimTest::Threshold { side: Side::AtMost, bound: 1.0, of: Extent::Mean },
        };
        let (mut info, records) = (sweep().info(), sweep().records());
        info.claims = subject.map(claim).into_iter().collect();
        wanted(&Analysis::new(&info, &records))
    }

    #[test]
    fn the_first_claim_decides_or_else_the_main_comparison() {
        let of_run = |metric| wanted_by(Some(Subject::Run(metric)));
        // The metric of this sweep is validation_loss.
        assert_eq!(wanted_by(None)[0], "seed_spread");
        assert_eq!(of_run(RunMetric::ValidationLoss), wanted_by(None));
        assert_eq!(of_run(RunMetric::EpochsToTarget), ["time_to_target"]);
        assert_eq!(of_run(RunMetric::TrainLoss).last().map(String::as_str), Some("convergence"));
        let layer = Subject::Layer { metric: LayerMetric::GradientNorm, layer: None, at: Measured::End };
        assert_eq!(wanted_by(Some(layer))[0], "layers_gradient_norm");
    }
}
