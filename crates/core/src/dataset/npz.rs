use super::arrays::{self, NO_TEST};
use super::labels::TASKS;
use super::{DataFile, DatasetSource, Features, OWN_FILE, Samples, npy_format};
use crate::error::DataError;
use crate::registry::Domain;
use std::io::{Cursor, Read};
use zip::ZipArchive;

crate::item! {
    /// Your own arrays in one file, as `numpy.savez` and `numpy.savez_compressed` write them.
    ///
    /// - Features: the first dimension of `x` counts the samples, all others together are the features
    /// - Targets: the classes of `y`, one for each distinct number, or its numbers
    /// - Source: your own file, in NumPy's format `.npz`
    Npz = "npz", owned {
        /// Path of the file, from the folder of the experiment file or the data folder.
        path: String = String::new(), Domain::Text;
        /// The name of the array of features.
        x: String = "x".to_owned(), Domain::Text;
        /// The name of the array of targets.
        y: String = "y".to_owned(), Domain::Text;
        /// The name of the features of a test set of its own, used with `test = "official"`; "none" for none.
        test_x: String = NO_TEST.to_owned(), Domain::Text;
        /// The name of the targets of that test set.
        test_y: String = NO_TEST.to_owned(), Domain::Text;
        /// The kind of target: "classes", "regression" (numbers to fit), or "auto": at most 20 distinct whole numbers
        /// are classes, all others are regression.
        task: String = "auto".to_owned(), Domain::Words(TASKS);
    }
}

impl DatasetSource for Npz {
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let named = arrays::named([&self.x, &self.y, &self.test_x, &self.test_y])?;
        let bytes = files.first().map_or(&[][..], Vec::as_slice);
        let problem = |problem: String| arrays::format(&self.path, problem);
        let mut archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| problem(format!("not a .npz file: {error}")))?;
        let read = named.iter().map(|name| member(&mut archive, name).map_err(problem));
        arrays::samples(&named, read.collect::<Result<_, _>>()?, &self.task)
    }

    fn files(&self) -> Vec<DataFile> {
        vec![DataFile { path: self.path.clone(), source: OWN_FILE }]
    }

    fn citation(&self) -> &'static str {
        "the user's file"
    }

    fn licence(&self) -> &'static str {
        "known to the user"
    }
}

/// The array of a name.
fn member(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Features, String> {
    let stored = format!("{name}.npy");
    if archive.index_for_name(&stored).is_none() {
        let names: Vec<String> = archive
            .file_names()
            .filter_map(|name| name.ok()?.strip_suffix(".npy").map(str::to_owned))
            .collect();
        return Err(format!("it has no array `{name}`; its arrays are `{}`", names.join("`, `")));
    }
    let mut bytes = Vec::new();
    let file = archive.by_name(&stored).map_err(|error| error.to_string())?;
    // The declared size is not trusted: reading stops one byte beyond it.
    let size = file.size();
    file.take(size.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
    npy_format::matrix(&bytes).map_err(|problem| format!("{name}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;
    use ndarray::array;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    /// An archive of arrays of doubles, compressed as `numpy.savez_compressed` does it.
    fn npz(arrays: &[(&str, &str, &[f64])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = zip::ZipWriter::new(Cursor::new(&mut bytes));
        for (name, shape, values) in arrays {
            let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
            while (10 + header.len() + 1) % 64 != 0 {
                header.push(' ');
            }
            header.push('\n');
            writer.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
            writer.write_all(b"\x93NUMPY\x01\x00").unwrap();
            writer.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
            writer.write_all(header.as_bytes()).unwrap();
            values.iter().for_each(|value| writer.write_all(&value.to_le_bytes()).unwrap());
        }
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn arrays_are_found_by_name() {
        let file = npz(&[
            ("x_train", "(2, 2)", &[1.0, 2.0, 3.0, 4.0]),
            ("y_train", "(2,)", &[0.0, 1.0]),
            ("x_test", "(1, 2)", &[5.0, 6.0]),
            ("y_test", "(1,)", &[1.0]),
        ]);
        let named = |x: &str, y: &str, test: [&str; 2]| {
            let [test_x, test_y] = test.map(str::to_owned);
            let npz = Npz {
                path: "a.npz".to_owned(),
                x: x.to_owned(),
                y: y.to_owned(),
                test_x,
                test_y,
                ..Npz::default()
            };
            npz.samples(std::slice::from_ref(&file)).map_err(|error| error.to_string())
        };
        let read = named("x_train", "y_train", ["x_test", "y_test"]).unwrap();
        assert_eq!(read.features.to_array(), array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
        assert_eq!(read.targets, Targets::Classes { labels: vec![0, 1, 1], count: 2 });
        assert_eq!(read.official_test, 1);
        let refused = named("x", "y_train", [NO_TEST, NO_TEST]).unwrap_err();
        assert!(
            refused.starts_with("a.npz: it has no array `x`; its arrays are `")
                && refused.contains("`x_train`")
        );
        let npz = Npz { path: "a.npz".to_owned(), ..Npz::default() };
        assert!(npz.samples(&[b"no archive".to_vec()]).unwrap_err().to_string().contains("not a .npz file"));
    }
}
