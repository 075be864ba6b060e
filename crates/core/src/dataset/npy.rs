use super::features::{Collector, reserve_exact};
use super::labels::{self, TASKS};
use super::{DataFile, DatasetSource, Features, Samples};
use crate::error::DataError;
use crate::registry::Domain;
use ndarray::{Array2, ArrayD, IxDyn, ShapeBuilder};
use npyz::{NpyFile, Order};

crate::item! {
    /// Two of your own arrays, as NumPy saves them: features and targets.
    ///
    /// - Features: the first dimension of `x` is the samples, all other dimensions are the features
    /// - Targets: the classes of `y`, one per different number, or its numbers
    /// - Source: your own two files, in NumPy's format `.npy`, versions 1 to 3
    Npy = "npy", owned {
        /// Path of the features: in the data folder, or absolute. It may be compressed, with `.gz` after its name.
        x: String = String::new(), Domain::Text;
        /// Path of the targets.
        y: String = String::new(), Domain::Text;
        /// The kind of targets: classes, or numbers for regression.
        task: String = "classes".to_owned(), Domain::Words(TASKS);
    }
}

impl DatasetSource for Npy {
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let [x, y] = files else { return Err(format(&self.x, "two files are needed".to_owned())) };
        let features = read(x).map_err(|problem| format(&self.x, problem))?;
        let rows = read(y).map_err(|problem| format(&self.y, problem))?.to_array();
        if features.nrows() != rows.nrows() {
            let problem = format!(
                "it has {} targets, but {} samples are in {}",
                rows.nrows(),
                features.nrows(),
                self.x
            );
            return Err(format(&self.y, problem));
        }
        let targets = labels::of_rows(rows, &self.task).map_err(|problem| format(&self.y, problem))?;
        Ok(Samples { features, targets, official_test: 0 })
    }

    fn files(&self) -> Vec<DataFile> {
        [&self.x, &self.y].map(|path| DataFile { path: path.clone(), source: super::OWN_FILE }).into()
    }

    fn citation(&self) -> &'static str {
        "the user's files"
    }

    fn licence(&self) -> &'static str {
        "known to the user"
    }
}

fn format(file: &str, problem: String) -> DataError {
    DataError::Format { file: file.to_owned(), problem }
}

/// An array as a matrix: a row for each entry of its first dimension.
fn read(bytes: &[u8]) -> Result<Features, String> {
    let npy = NpyFile::new(bytes).map_err(|error| format!("not a .npy file: {error}"))?;
    let shape: Vec<usize> = npy.shape().iter().map(|&n| usize::try_from(n).unwrap_or(usize::MAX)).collect();
    let len = shape.iter().fold(1usize, |product, &n| product.saturating_mul(n));
    let rows = shape.first().copied().unwrap_or(0);
    if rows == 0 || len == 0 {
        return Err(format!("it is empty: its shape is {shape:?}"));
    }
    // A size in the header is trusted only after the data is known to have it.
    if len > bytes.len() {
        return Err(format!("its header has shape {shape:?}, but the file has only {} bytes", bytes.len()));
    }
    let (mut index, is_by_rows) = (0, npy.order() == Order::C || shape.len() == 1);
    let mut check = |value: f64| {
        index += 1;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(format!("entry {} is {value}, not a finite number", index - 1))
        }
    };
    if is_by_rows {
        let mut features = Collector::new(len);
        numbers(npy, &mut |value| features.push(check(value)?).map_err(|no_room| no_room.text()))?;
        return features.finish(rows, len / rows).ok_or_else(|| "its data ends too early".to_owned());
    }
    let mut values = Vec::new();
    reserve_exact(&mut values, len).map_err(|no_room| no_room.text())?;
    numbers(npy, &mut |value| check(value).map(|value| values.push(value)))?;
    let array = ArrayD::from_shape_vec(IxDyn(&shape).f(), values).map_err(|error| error.to_string())?;
    let in_rows: Result<Array2<f64>, _> =
        array.as_standard_layout().into_owned().into_shape_with_order((rows, len / rows));
    in_rows.map(Features::from).map_err(|error| error.to_string())
}

/// The entries in the order of the file, for any type of number.
fn numbers(npy: NpyFile<&[u8]>, show: &mut dyn FnMut(f64) -> Result<(), String>) -> Result<(), String> {
    macro_rules! first_that_fits {
        ($npy:expr; $($type:ty => $convert:expr),*) => {{
            let npy = $npy;
            $( let npy = match npy.try_data::<$type>() {
                Ok(mut data) => return data.try_for_each(|x| show(x.map($convert).map_err(|error| error.to_string())?)),
                Err(npy) => npy,
            }; )*
            Err(format!("its entries have type {}; save numbers, as in array.astype(float)", npy.dtype().descr()))
        }};
    }
    first_that_fits!(npy;
        f64 => |x| x, f32 => f64::from,
        u8 => f64::from, i8 => f64::from, u16 => f64::from, i16 => f64::from, u32 => f64::from, i32 => f64::from,
        u64 => |x| x as f64, i64 => |x| x as f64, bool => |x| f64::from(u8::from(x)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;
    use ndarray::array;

    /// A file of version 1: magic, version, length of the header, the header padded to 64 bytes, the data.
    fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
        let fortran = if fortran { "True" } else { "False" };
        let mut header = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
        while (10 + header.len() + 1) % 64 != 0 {
            header.push(' ');
        }
        header.push('\n');
        [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
    }

    fn doubles(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|x| x.to_le_bytes()).collect()
    }

    fn samples(x: Vec<u8>, y: Vec<u8>, task: &str) -> Result<Samples, String> {
        let npy = Npy { x: "x.npy".to_owned(), y: "y.npy".to_owned(), task: task.to_owned() };
        npy.samples(&[x, y]).map_err(|error| error.to_string())
    }

    #[test]
    fn arrays_are_read_in_both_orders_and_all_types() {
        let x = npy("<f8", false, "(2, 3)", &doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        let y = npy("|u1", false, "(2,)", &[7, 3]);
        let read = samples(x, y, "classes").unwrap();
        assert_eq!(read.features.to_array(), array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(read.targets, Targets::Classes { labels: vec![1, 0], count: 2 });
        let x = npy("<f8", true, "(2, 3)", &doubles(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]));
        let y = npy(">i4", false, "(2, 1)", &[0, 0, 0, 9, 255, 255, 255, 255]);
        let read = samples(x, y, "regression").unwrap();
        assert_eq!(read.features.to_array(), array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(read.targets, Targets::Values(array![[9.0], [-1.0]]));
        let images = npy("<f4", false, "(2, 1, 2)", &[1.0f32, 2.0, 3.0, 4.0].map(f32::to_le_bytes).concat());
        let y = npy("|b1", false, "(2,)", &[0, 1]);
        assert_eq!(
            samples(images, y, "classes").unwrap().features.to_array(),
            array![[1.0, 2.0], [3.0, 4.0]]
        );
    }

    #[test]
    fn bad_files_are_named() {
        let x = || npy("<f8", false, "(2, 1)", &doubles(&[1.0, 2.0]));
        let y = || npy("|u1", false, "(2,)", &[0, 1]);
        let refused = |x: Vec<u8>, y: Vec<u8>| samples(x, y, "classes").unwrap_err();
        assert!(refused(b"PK\x03\x04".to_vec(), y()).starts_with("x.npy: not a .npy file"));
        assert!(refused(x(), Vec::new()).starts_with("y.npy: not a .npy file"));
        assert!(
            refused(x(), npy("|u1", false, "(3,)", &[0, 1, 0]))
                .contains("3 targets, but 2 samples are in x.npy")
        );
        let huge = npy("<f8", false, "(4000000000, 4000000000)", &[]);
        assert!(refused(huge, y()).contains("has only"));
        let cut = npy("<f8", false, "(2, 1)", &doubles(&[1.0]));
        assert!(refused(cut, y()).starts_with("x.npy: "));
        assert!(refused(npy("<f8", false, "(0, 2)", &[]), y()).contains("is empty"));
        assert!(
            refused(npy("<f8", false, "(2, 1)", &doubles(&[1.0, f64::NAN])), y()).contains("entry 1 is NaN")
        );
        assert!(refused(npy("<c16", false, "(1, 1)", &doubles(&[1.0, 2.0])), y()).contains("type '<c16'"));
        assert!(
            refused(x(), npy("<f8", false, "(2, 2)", &doubles(&[0.0; 4])))
                .contains("a single 1, and 0 elsewhere")
        );
    }
}
