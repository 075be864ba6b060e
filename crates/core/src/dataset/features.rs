//! Features in the smallest type that holds them exactly.

use crate::error::DataError;
use ndarray::Array2;

/// The features of a data set, `[n, n_in]`, as in its source: not scaled, and stored once for all sets made from them.
/// Whole numbers from 0 to 255 take one byte each; numbers that fit into single precision take four; all others take
/// eight. A missing number is NaN, which fits into single precision.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    rows: usize,
    columns: usize,
    numbers: Numbers,
}

/// Numbers row by row, in the smallest type that holds all of them exactly.
#[derive(Debug, Clone, PartialEq)]
enum Numbers {
    Bytes(Vec<u8>),
    Singles(Vec<f32>),
    Doubles(Vec<f64>),
}

impl Features {
    /// Features of whole numbers from 0 to 255, row by row.
    ///
    /// # Panics
    /// If their number is not `rows · columns`.
    pub(super) fn from_bytes(rows: usize, columns: usize, bytes: Vec<u8>) -> Self {
        assert_eq!(bytes.len(), rows * columns, "rows of equal width");
        Self { rows, columns, numbers: Numbers::Bytes(bytes) }
    }

    /// Number of samples.
    pub fn nrows(&self) -> usize {
        self.rows
    }

    /// Width of the inputs.
    pub fn ncols(&self) -> usize {
        self.columns
    }

    /// Number of samples, and width of the inputs.
    pub fn dim(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The bytes of memory used.
    pub fn bytes(&self) -> u64 {
        let of_each = match &self.numbers {
            Numbers::Bytes(_) => 1,
            Numbers::Singles(_) => 4,
            Numbers::Doubles(_) => 8,
        };
        of_each * self.rows as u64 * self.columns as u64
    }

    /// One number.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        assert!(column < self.columns, "column {column} of {}", self.columns);
        let index = row * self.columns + column;
        match &self.numbers {
            Numbers::Bytes(numbers) => f64::from(numbers[index]),
            Numbers::Singles(numbers) => f64::from(numbers[index]),
            Numbers::Doubles(numbers) => numbers[index],
        }
    }

    /// The numbers of a sample. `room` is memory for them, which calls may reuse.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row<'a>(&'a self, row: usize, room: &'a mut Vec<f64>) -> &'a [f64] {
        if let Numbers::Doubles(numbers) = &self.numbers {
            return &numbers[row * self.columns..(row + 1) * self.columns];
        }
        self.copy_row(row, room);
        room
    }

    /// Replaces the content of `room` by the numbers of a sample.
    ///
    /// # Panics
    /// If there is no such row.
    pub(super) fn copy_row(&self, row: usize, room: &mut Vec<f64>) {
        let range = row * self.columns..(row + 1) * self.columns;
        room.clear();
        match &self.numbers {
            Numbers::Bytes(numbers) => room.extend(numbers[range].iter().map(|&x| f64::from(x))),
            Numbers::Singles(numbers) => room.extend(numbers[range].iter().map(|&x| f64::from(x))),
            Numbers::Doubles(numbers) => room.extend_from_slice(&numbers[range]),
        }
    }

    /// Whether a condition holds for every number.
    pub(super) fn all(&self, holds: impl Fn(f64) -> bool) -> bool {
        match &self.numbers {
            Numbers::Bytes(numbers) => numbers.iter().all(|&x| holds(f64::from(x))),
            Numbers::Singles(numbers) => numbers.iter().all(|&x| holds(f64::from(x))),
            Numbers::Doubles(numbers) => numbers.iter().all(|&x| holds(x)),
        }
    }

    /// A copy in double precision.
    pub fn to_array(&self) -> Array2<f64> {
        Array2::from_shape_fn(self.dim(), |(row, column)| self.at(row, column))
    }
}

impl From<Array2<f64>> for Features {
    fn from(array: Array2<f64>) -> Self {
        let (rows, columns) = array.dim();
        let (fit_bytes, fit_singles) =
            (array.iter().all(|&x| byte(x).is_some()), array.iter().all(|&x| single(x).is_some()));
        let numbers = if fit_bytes {
            Numbers::Bytes(array.iter().filter_map(|&x| byte(x)).collect())
        } else if fit_singles {
            Numbers::Singles(array.iter().filter_map(|&x| single(x)).collect())
        } else if array.is_standard_layout() {
            Numbers::Doubles(array.into_raw_vec_and_offset().0)
        } else {
            Numbers::Doubles(array.iter().copied().collect())
        };
        Self { rows, columns, numbers }
    }
}

/// Features that are read one by one. They start in the smallest type and move to a larger one when a number needs it.
#[derive(Debug)]
pub(super) struct Collector {
    numbers: Numbers,
    /// The expected count of numbers, allocated at once.
    expected: usize,
}

impl Collector {
    pub(super) fn new(expected: usize) -> Self {
        Self { numbers: Numbers::Bytes(Vec::new()), expected }
    }

    pub(super) fn len(&self) -> usize {
        match &self.numbers {
            Numbers::Bytes(numbers) => numbers.len(),
            Numbers::Singles(numbers) => numbers.len(),
            Numbers::Doubles(numbers) => numbers.len(),
        }
    }

    /// Adds a number.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub(super) fn push(&mut self, x: f64) -> Result<(), NoRoom> {
        let expected = self.expected;
        match &mut self.numbers {
            Numbers::Bytes(numbers) => match (byte(x), single(x)) {
                (Some(x), _) => push(numbers, x, expected),
                (None, Some(_)) => {
                    self.numbers = Numbers::Singles(widened(numbers, expected, f32::from)?);
                    self.push(x)
                }
                (None, None) => {
                    self.numbers = Numbers::Doubles(widened(numbers, expected, f64::from)?);
                    self.push(x)
                }
            },
            Numbers::Singles(numbers) => match single(x) {
                Some(x) => push(numbers, x, expected),
                None => {
                    self.numbers = Numbers::Doubles(widened(numbers, expected, f64::from)?);
                    self.push(x)
                }
            },
            Numbers::Doubles(numbers) => push(numbers, x, expected),
        }
    }

    /// A number.
    ///
    /// # Panics
    /// If there are not as many.
    pub(super) fn at(&self, index: usize) -> f64 {
        match &self.numbers {
            Numbers::Bytes(numbers) => f64::from(numbers[index]),
            Numbers::Singles(numbers) => f64::from(numbers[index]),
            Numbers::Doubles(numbers) => numbers[index],
        }
    }

    /// The features, if their count is `rows · columns`.
    pub(super) fn finish(self, rows: usize, columns: usize) -> Option<Features> {
        (self.len() == rows * columns).then_some(Features { rows, columns, numbers: self.numbers })
    }
}

fn push<T>(numbers: &mut Vec<T>, x: T, expected: usize) -> Result<(), NoRoom> {
    if numbers.len() == numbers.capacity() {
        if numbers.capacity() < expected {
            reserve_exact(numbers, expected - numbers.len())?;
        } else {
            let bytes = (2 * numbers.len() * size_of::<T>()) as u64;
            numbers.try_reserve(1).map_err(|_| NoRoom { bytes })?;
        }
    }
    numbers.push(x);
    Ok(())
}

fn widened<T: Copy, U>(numbers: &[T], expected: usize, widen: fn(T) -> U) -> Result<Vec<U>, NoRoom> {
    let mut wider = Vec::new();
    reserve_exact(&mut wider, expected.max(numbers.len()))?;
    wider.extend(numbers.iter().map(|&x| widen(x)));
    Ok(wider)
}

/// Allocates exactly this much more room.
///
/// # Errors
/// If there is no memory for them.
pub(super) fn reserve_exact<T>(numbers: &mut Vec<T>, more: usize) -> Result<(), NoRoom> {
    let bytes = (numbers.len() as u64).saturating_add(more as u64).saturating_mul(size_of::<T>() as u64);
    numbers.try_reserve_exact(more).map_err(|_| NoRoom { bytes })
}

/// A failed allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoRoom {
    /// The requested bytes.
    pub(super) bytes: u64,
}

impl NoRoom {
    /// The message text, for messages that already name the file.
    pub(super) fn text(self) -> String {
        format!("it needs {} MB of memory at once, which is not available", self.bytes.div_ceil(1_000_000))
    }

    /// Adds the name of the data set that needs the memory.
    pub(super) fn of(self, dataset: &str) -> DataError {
        DataError::OutOfMemory { dataset: dataset.to_owned(), bytes: self.bytes }
    }
}

fn byte(x: f64) -> Option<u8> {
    let byte = x as u8;
    (f64::from(byte).to_bits() == x.to_bits()).then_some(byte)
}

fn single(x: f64) -> Option<f32> {
    let single = x as f32;
    if x.is_nan() {
        return Some(f32::NAN);
    }
    (f64::from(single).to_bits() == x.to_bits()).then_some(single)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn collected(numbers: &[f64], expected: usize) -> Features {
        let mut collector = Collector::new(expected);
        numbers.iter().for_each(|&x| collector.push(x).unwrap());
        collector.finish(numbers.len() / 2, 2).unwrap()
    }

    /// Every number is restored bit for bit, in the smallest type that holds it, however it was added.
    #[test]
    fn numbers_keep_their_bits_in_the_smallest_type() {
        let cases: [(&[f64], u64); 6] = [
            (&[0.0, 255.0, 7.0, 1.0], 1),
            (&[0.0, 256.0], 4),
            (&[0.0, -0.0, 1.0, 0.5], 4),
            (&[3.0, 0.1], 8),
            (&[3.0, 0.5, 1e300, 2.0], 8),
            (&[9.0, f64::from(f32::MAX), 1.0, 16_777_217.0], 8),
        ];
        for (numbers, bytes) in cases {
            for expected in [0, 1, numbers.len(), 100] {
                let features = collected(numbers, expected);
                let array = Array2::from_shape_vec((numbers.len() / 2, 2), numbers.to_vec()).unwrap();
                assert_eq!(features, Features::from(array));
                assert_eq!(features.bytes(), bytes * numbers.len() as u64);
                let mut room = Vec::new();
                let rows = (0..features.nrows()).flat_map(|row| features.row(row, &mut room).to_vec());
                let bits = |x: f64| x.to_bits();
                assert!(rows.map(bits).eq(numbers.iter().copied().map(bits)), "{numbers:?}");
                assert!((0..numbers.len()).all(|i| bits(features.at(i / 2, i % 2)) == bits(numbers[i])));
            }
        }
    }

    #[test]
    fn an_array_in_the_order_of_columns_is_read_row_by_row() {
        let array = array![[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]];
        let transposed = Features::from(array.t().to_owned().reversed_axes());
        assert_eq!(transposed, Features::from(array));
    }

    #[test]
    fn more_than_any_memory_is_an_error() {
        let mut none: Vec<f64> = Vec::new();
        assert_eq!(reserve_exact(&mut none, usize::MAX), Err(NoRoom { bytes: u64::MAX }));
        assert!(Collector::new(usize::MAX / 16).push(0.1).is_err());
    }
}
