use super::arrays::{self, NO_TEST};
use super::labels::TASKS;
use super::{DataFile, DatasetSource, Samples, npy_format};
use crate::error::DataError;
use crate::registry::Domain;

crate::item! {
    /// Your own arrays, as NumPy saves them: features and targets.
    ///
    /// - Features: the first dimension of `x` counts the samples, all others together are the features
    /// - Targets: the classes of `y`, one for each distinct number, or its numbers
    /// - Source: your own files, in NumPy's format `.npy`, versions 1 to 3
    Npy = "npy", owned {
        /// Path of the features, from the folder of the experiment file or the data folder. The file may be compressed.
        x: String = String::new(), Domain::Text;
        /// Path of the targets.
        y: String = String::new(), Domain::Text;
        /// Path of the features of a test set of its own, used with `test = "official"`; "none" for none.
        test_x: String = NO_TEST.to_owned(), Domain::Text;
        /// Path of the targets of that test set.
        test_y: String = NO_TEST.to_owned(), Domain::Text;
        /// The kind of target: "classes", "regression" (numbers to fit), or "auto": at most 20 distinct whole numbers
        /// are classes, all others are regression.
        task: String = "auto".to_owned(), Domain::Words(TASKS);
    }
}

impl DatasetSource for Npy {
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError> {
        arrays::of_files(
            [&self.x, &self.y, &self.test_x, &self.test_y],
            files,
            &self.task,
            npy_format::matrix,
        )
    }

    fn files(&self) -> Vec<DataFile> {
        arrays::files([&self.x, &self.y, &self.test_x, &self.test_y])
    }

    fn citation(&self) -> &'static str {
        "the user's files"
    }

    fn licence(&self) -> &'static str {
        "known to the user"
    }
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
        let npy =
            Npy { x: "x.npy".to_owned(), y: "y.npy".to_owned(), task: task.to_owned(), ..Npy::default() };
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
    fn half_precision_is_read() {
        // 1.5 is 0x3e00 and −2 is 0xc000 in IEEE 754 binary16.
        let x = npy("<f2", false, "(2, 1)", &[0x00, 0x3e, 0x00, 0xc0]);
        let y = npy("<f8", false, "(2,)", &doubles(&[0.5, 0.25]));
        let read = samples(x, y, "auto").unwrap();
        assert_eq!(read.features.to_array(), array![[1.5], [-2.0]]);
        assert_eq!(read.targets, Targets::Values(array![[0.5], [0.25]]));
    }

    #[test]
    fn a_test_set_of_its_own_comes_last() {
        let file = |name: &str| name.to_owned();
        let own = Npy { x: file("x"), y: file("y"), test_x: file("u"), test_y: file("v"), ..Npy::default() };
        let x = |x: &[f64]| npy("<f8", false, &format!("({}, 1)", x.len()), &doubles(x));
        let y = |y: &[u8]| npy("|u1", false, &format!("({},)", y.len()), y);
        // The class 3 is in the test set only: both sets have the same classes.
        let read = own.samples(&[x(&[1.0, 2.0]), y(&[0, 1]), x(&[3.0]), y(&[3])]).unwrap();
        assert_eq!((read.official_test, read.features.nrows()), (1, 3));
        assert_eq!(read.targets, Targets::Classes { labels: vec![0, 1, 2], count: 3 });
        let wide = npy("<f8", false, "(1, 2)", &doubles(&[1.0, 2.0]));
        let refused = own.samples(&[x(&[1.0, 2.0]), y(&[0, 1]), wide, y(&[1])]).unwrap_err().to_string();
        assert!(refused.starts_with("u: it has 2 features, and x has 1"), "{refused}");
        let half = Npy { test_y: file(NO_TEST), ..own };
        assert!(half.samples(&[]).unwrap_err().to_string().contains("both"));
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
        assert!(
            refused(npy("<M8[D]", false, "(1, 1)", &doubles(&[0.0])), y()).contains("dates or durations")
        );
        assert!(refused(npy("<c16", false, "(1, 1)", &doubles(&[1.0, 2.0])), y()).contains("type '<c16'"));
        assert!(
            refused(x(), npy("<f8", false, "(2, 2)", &doubles(&[0.0; 4])))
                .contains("a single 1, and 0 elsewhere")
        );
    }
}
