//! Conversion of targets as users write them to classes or numbers.

use super::Targets;
use ndarray::{Array2, ArrayView1};
use std::cmp::Ordering;

/// The words for the two tasks, as parameters of the user's own data sets.
pub(super) const TASKS: &[&str] = &["classes", "regression"];

/// The most classes, unless there are at least two samples per class. More suggest a regression target.
const MOST_CLASSES: usize = 1000;

/// Each different number is a class. −0 is 0.
pub(super) fn of_numbers(numbers: &[f64]) -> Result<Targets, String> {
    classes(numbers, |a, b| (a + 0.0).total_cmp(&(b + 0.0)))
}

fn classes<T: Clone>(labels: &[T], compare: fn(&T, &T) -> Ordering) -> Result<Targets, String> {
    let mut different = labels.to_vec();
    different.sort_by(compare);
    different.dedup_by(|a, b| compare(a, b) == Ordering::Equal);
    let count = different.len();
    if count < 2 {
        return Err("all samples are of one class: there is nothing to be told apart".to_owned());
    }
    if count > MOST_CLASSES && 2 * count > labels.len() {
        return Err(format!(
            "the target has {count} different values in {} rows: for numbers to be fitted, say task = \"regression\"",
            labels.len()
        ));
    }
    let class = |label: &T| different.partition_point(|other| compare(other, label) == Ordering::Less) as u32;
    Ok(Targets::Classes { labels: labels.iter().map(class).collect(), count })
}

/// The meaning of rows of numbers: a class in a single column, a class marked by the only 1 in a row, or regression
/// targets.
pub(super) fn of_rows(rows: Array2<f64>, task: &str) -> Result<Targets, String> {
    if task == "regression" {
        return Ok(Targets::Values(rows));
    }
    match rows.ncols() {
        1 => of_numbers(rows.as_slice().unwrap_or_default()),
        count => {
            let labels: Option<Vec<u32>> = rows.outer_iter().map(marked).collect();
            let labels = labels.ok_or_else(|| {
                format!("a class is one number for each sample, or a row of {count} of which one is 1 and the others are 0")
            })?;
            Ok(Targets::Classes { labels, count })
        }
    }
}

/// The index of the only 1 among zeros.
fn marked(row: ArrayView1<'_, f64>) -> Option<u32> {
    let place = row.iter().position(|&entry| entry == 1.0)?;
    let zeros = row.iter().filter(|&&entry| entry == 0.0).count();
    (zeros + 1 == row.len()).then_some(place as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn classes_have_the_order_of_their_numbers() {
        let labels = vec![2, 1, 2, 0, 0];
        assert_eq!(of_numbers(&[10.0, 9.0, 10.0, 0.0, -0.0]), Ok(Targets::Classes { labels, count: 3 }));
    }

    #[test]
    fn what_are_no_classes_is_said() {
        assert!(of_numbers(&[1.0, 1.0]).unwrap_err().contains("one class"));
        let many: Vec<f64> = (0..2000).map(f64::from).collect();
        assert!(of_numbers(&many).unwrap_err().contains("task = \"regression\""));
        for rows in
            [array![[1.0, 0.5]], array![[1.0, 1.0]], array![[0.0, 0.0]], array![[0.0, 1.0], [2.0, 1.0]]]
        {
            assert!(of_rows(rows, "classes").unwrap_err().contains("a row of 2 of which one is 1"));
        }
        // One-hot rows are classes even if all samples have the same class.
        let marked = Targets::Classes { labels: vec![1], count: 3 };
        assert_eq!(of_rows(array![[0.0, 1.0, 0.0]], "classes"), Ok(marked));
        assert_eq!(of_rows(array![[1.0, 0.0]], "regression"), Ok(Targets::Values(array![[1.0, 0.0]])));
    }
}
