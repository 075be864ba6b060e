//! Claims: statements about an experiment that its runs support, refute or leave undecided.

mod metric;
mod selection;
mod subject;
mod test;

pub use metric::{LayerMetric, RunMetric};
pub use selection::{Condition, Selection};
pub use subject::{LayerChoice, Measured, Subject};
pub use test::{ClaimTest, Direction, Extent, Side, TrendAxis};

use serde::{Deserialize, Serialize};

/// A statement about the runs of an experiment: a `[[claim]]` of its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The statement in words.
    pub text: String,
    /// Whether the command `run` ends with an error if the claim is refuted.
    pub must: bool,
    /// The runs that the claim is about; all runs if there are no conditions.
    #[serde(rename = "where")]
    pub filter: Selection,
    /// The quantity measured in each run.
    pub subject: Subject,
    /// The statement about that quantity.
    pub test: ClaimTest,
}

impl Claim {
    /// The groups of runs to compare. A statement about all runs of `where` has a single group. A trend has none: its
    /// groups are the levels found in the runs.
    pub fn arms(&self) -> Vec<&Selection> {
        match &self.test {
            ClaimTest::Order { arms, .. } => arms.iter().collect(),
            ClaimTest::Trend { .. } => Vec::new(),
            ClaimTest::Threshold { .. } | ClaimTest::Equals { .. } => vec![&self.filter],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Better;

    #[test]
    fn claims_are_read_back_as_they_were_written() {
        let over = TrendAxis::Setting("learning_rate".to_owned());
        for test in [
            ClaimTest::Order { arms: vec![Selection::default(); 2], prefers: Better::Higher },
            ClaimTest::Trend { direction: Direction::Falls, over },
            ClaimTest::Threshold { side: Side::AtLeast, bound: 0.1, of: Extent::Every },
            ClaimTest::Equals { value: -4.2, tolerance: 1e-12 },
        ] {
            for subject in [
                Subject::Run(RunMetric::TestLoss),
                Subject::Layer {
                    metric: LayerMetric::ConditionNumber,
                    layer: Some(LayerChoice::Last),
                    at: Measured::Start,
                },
                Subject::Traced { quantity: "weights1[1,2]".parse().unwrap(), step: 3 },
            ] {
                let text = "it is so".to_owned();
                let claim =
                    Claim { text, must: true, filter: Selection::default(), subject, test: test.clone() };
                let json = serde_json::to_string(&claim).unwrap();
                assert_eq!(serde_json::from_str::<Claim>(&json).unwrap(), claim, "{json}");
            }
        }
    }
}
