//! How well the kept parameters of a run predict a set, beyond loss and accuracy.

use serde::{Deserialize, Serialize};

/// The outcomes on the sets that were not trained on; `None` for a missing set, or if they were not measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcomes {
    /// On the validation set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Outcome>,
    /// On the test set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Outcome>,
}

impl Outcomes {
    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.validation.is_none() && self.test.is_none()
    }
}

/// The predictions on a set, counted or summed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Classes.
    Classes(ClassCounts),
    /// Numbers: one entry for each target.
    Values(Vec<TargetErrors>),
}

/// Samples of each class, `[classes]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCounts {
    /// Samples that are of the class.
    pub actual: Vec<u32>,
    /// Samples that are predicted to be of the class.
    pub predicted: Vec<u32>,
    /// Samples of the class that are predicted to be of it.
    pub correct: Vec<u32>,
    /// The most frequent class of the training set (the first of equals): the best guess without features.
    pub guess: usize,
}

impl ClassCounts {
    /// The counts of always predicting the most frequent class of the training set.
    #[must_use]
    pub fn of_guess(&self) -> Self {
        let only = |count: u32| {
            let mut counts = vec![0; self.actual.len()];
            counts[self.guess] = count;
            counts
        };
        let (samples, own) = (self.actual.iter().sum(), self.actual[self.guess]);
        Self { actual: self.actual.clone(), predicted: only(samples), correct: only(own), guess: self.guess }
    }

    /// The fraction of samples that are predicted correctly.
    pub fn accuracy(&self) -> f64 {
        sum(&self.correct) / sum(&self.actual)
    }

    /// Recall of each class: the fraction of its samples that are predicted to be of it; `None` for a class without
    /// samples.
    pub fn recalls(&self) -> Vec<Option<f64>> {
        let recall = |(&correct, &actual): (&u32, &u32)| (actual > 0).then(|| ratio(correct, actual));
        self.correct.iter().zip(&self.actual).map(recall).collect()
    }

    /// The mean recall of the classes that have samples.
    pub fn balanced_accuracy(&self) -> f64 {
        let recalls: Vec<f64> = self.recalls().into_iter().flatten().collect();
        recalls.iter().sum::<f64>() / recalls.len() as f64
    }

    /// The mean over classes of `F₁ = 2·correct / (actual + predicted)`, 0 for a class that is never right. Classes that
    /// neither occur nor are predicted are left out.
    pub fn macro_f1(&self) -> f64 {
        let counts = self.correct.iter().zip(&self.actual).zip(&self.predicted);
        let scores: Vec<f64> = counts
            .filter(|((_, actual), predicted)| **actual + **predicted > 0)
            .map(|((&correct, &actual), &predicted)| 2.0 * ratio(correct, actual + predicted))
            .collect();
        scores.iter().sum::<f64>() / scores.len() as f64
    }
}

fn sum(counts: &[u32]) -> f64 {
    counts.iter().map(|&count| f64::from(count)).sum()
}

fn ratio(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole)
}

/// Errors `e = ŷ − y` of the predictions of one target over n samples, in the unit of the data set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetErrors {
    /// `√(Σ e² / n)`
    #[serde(with = "crate::exact")]
    pub rmse: f64,
    /// `Σ |e| / n`
    #[serde(with = "crate::exact")]
    pub mae: f64,
    /// `1 − Σ e² / Σ (y − ȳ)²`, with the mean ȳ of the set; `None` if all targets are equal.
    #[serde(with = "crate::exact")]
    pub r_squared: Option<f64>,
    /// The `rmse` of always predicting the mean of the training set: the best guess without features.
    #[serde(with = "crate::exact")]
    pub guess_rmse: f64,
    /// The `mae` of the same guess.
    #[serde(with = "crate::exact")]
    pub guess_mae: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scikit-learn 1.7 for y = [0,0,0,0,0,1,1,1,2], ŷ = [0,0,0,1,2,1,1,0,1]: accuracy_score 5/9, balanced_accuracy_score
    /// (3/5 + 2/3 + 0)/3, f1_score(average="macro") (6/9 + 4/7 + 0)/3.
    #[test]
    fn scores_are_those_of_the_formulas() {
        let counts =
            ClassCounts { actual: vec![5, 3, 1], predicted: vec![4, 4, 1], correct: vec![3, 2, 0], guess: 0 };
        assert_eq!(counts.accuracy(), 5.0 / 9.0);
        assert_eq!(counts.recalls(), [Some(0.6), Some(2.0 / 3.0), Some(0.0)]);
        assert!((counts.balanced_accuracy() - (0.6 + 2.0 / 3.0) / 3.0).abs() < 1e-15);
        assert!((counts.macro_f1() - (6.0 / 9.0 + 4.0 / 7.0) / 3.0).abs() < 1e-15);
        let guess = counts.of_guess();
        assert_eq!((guess.accuracy(), guess.balanced_accuracy()), (5.0 / 9.0, 1.0 / 3.0));
        assert!((guess.macro_f1() - (10.0 / 14.0) / 3.0).abs() < 1e-15);
    }

    #[test]
    fn classes_without_samples_are_left_out() {
        let counts =
            ClassCounts { actual: vec![2, 0, 0], predicted: vec![1, 1, 0], correct: vec![1, 0, 0], guess: 0 };
        assert_eq!(counts.recalls(), [Some(0.5), None, None]);
        assert_eq!(counts.balanced_accuracy(), 0.5);
        // The second class is predicted and has F₁ 0; the third neither occurs nor is predicted.
        assert!((counts.macro_f1() - (2.0 / 3.0) / 2.0).abs() < 1e-15);
    }
}
