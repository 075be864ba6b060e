//! Conversion of targets as users write them to classes or numbers.

use super::Targets;
use ndarray::{Array2, ArrayView1};
use std::cmp::Ordering;

/// The words for the two tasks, as parameters of the user's own data sets.
pub(super) const TASKS: &[&str] = &["auto", "classes", "regression"];

/// With task "auto", whole numbers are classes if at most this many are distinct.
pub(super) const MAX_AUTO_CLASSES: usize = 20;

/// The most classes, unless there are at least two samples per class. More suggest a regression target.
const MOST_CLASSES: usize = 1000;

/// Each different number is a class. −0 is 0.
pub(super) fn of_numbers(numbers: &[f64]) -> Result<Targets, String> {
    if let Some(fraction) = numbers.iter().find(|number| number.fract() != 0.0) {
        return Err(format!(
            "{fraction} is not a class: classes are whole numbers; to fit numbers, set task = \"regression\""
        ));
    }
    // −0 and 0 are one class.
    let numbers: Vec<f64> = numbers.iter().map(|number| number + 0.0).collect();
    classes(&numbers, f64::total_cmp)
}

/// Whether numbers are at least two and at most [`MAX_AUTO_CLASSES`] distinct whole numbers.
pub(super) fn look_like_classes(numbers: impl IntoIterator<Item = f64>) -> bool {
    let mut distinct: Vec<f64> = Vec::new();
    for number in numbers {
        if number.fract() != 0.0 {
            return false;
        }
        if !distinct.contains(&number) {
            distinct.push(number);
            if distinct.len() > MAX_AUTO_CLASSES {
                return false;
            }
        }
    }
    distinct.len() > 1
}

fn classes<T: Clone>(labels: &[T], compare: fn(&T, &T) -> Ordering) -> Result<Targets, String> {
    let mut different = labels.to_vec();
    different.sort_by(compare);
    different.dedup_by(|a, b| compare(a, b) == Ordering::Equal);
    let count = different.len();
    if count < 2 {
        return Err("all samples have the same class: there is nothing to classify".to_owned());
    }
    if count > MOST_CLASSES && 2 * count > labels.len() {
        return Err(format!(
            "the target has {count} different values in {} rows: to predict numbers, set task = \"regression\"",
            labels.len()
        ));
    }
    let class = |label: &T| different.partition_point(|other| compare(other, label) == Ordering::Less) as u32;
    Ok(Targets::Classes { labels: labels.iter().map(class).collect(), count })
}

/// The meaning of rows of numbers: a class in a single column, a class marked by the only 1 in a row, or regression
/// targets.
pub(super) fn of_rows(rows: Array2<f64>, task: &str) -> Result<Targets, String> {
    let is_regression = match (task, rows.ncols()) {
        ("auto", 1) => !look_like_classes(rows.iter().copied()),
        ("auto", _) => rows.outer_iter().any(|row| marked(row).is_none()),
        _ => task == "regression",
    };
    if is_regression {
        return Ok(Targets::Values(rows));
    }
    match rows.ncols() {
        1 => of_numbers(rows.as_slice().unwrap_or_default()),
        count => {
            let labels: Option<Vec<u32>> = rows.outer_iter().map(marked).collect();
            let labels = labels.ok_or_else(|| {
                format!("each sample needs one number as its class, or a row of {count} numbers: a single 1, and 0 elsewhere")
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
        assert!(of_numbers(&[1.0, 1.0]).unwrap_err().contains("the same class"));
        let many: Vec<f64> = (0..2000).map(f64::from).collect();
        assert!(of_numbers(&many).unwrap_err().contains("task = \"regression\""));
        for rows in
            [array![[1.0, 0.5]], array![[1.0, 1.0]], array![[0.0, 0.0]], array![[0.0, 1.0], [2.0, 1.0]]]
        {
            assert!(of_rows(rows, "classes").unwrap_err().contains("a row of 2 numbers: a single 1"));
        }
        // One-hot rows are classes even if all samples have the same class.
        let marked = Targets::Classes { labels: vec![1], count: 3 };
        assert_eq!(of_rows(array![[0.0, 1.0, 0.0]], "classes"), Ok(marked));
        assert_eq!(of_rows(array![[1.0, 0.0]], "regression"), Ok(Targets::Values(array![[1.0, 0.0]])));
    }
}
