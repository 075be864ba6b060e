//! The program, and a temporary folder for each test.

use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A small, fast experiment: two learning rates with two seeds each.
pub(crate) const XOR: &str = r#"
question = "Whose results are these?"
seeds = 2

[data]
dataset = "xor"
validation = 0
test = 0

[train]
epochs = 5
batch_size = "full"

[grid]
learning_rate = [0.1, 0.2]
"#;

/// [`XOR`] with another number of seeds, and with other lines in the place of its grid, beginning in `[train]`.
pub(crate) fn xor(seeds: u64, rest: &str) -> String {
    let (common, _) = XOR.split_once("\n[grid]").expect("a grid");
    format!("{}{rest}", common.replace("seeds = 2", &format!("seeds = {seeds}")))
}

/// Long enough for the slowest machine; only a program that hangs takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// The experiments that come with the program.
pub(crate) fn experiment(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments").join(name)
}

/// A temporary folder in which to run the program.
pub(crate) struct Project {
    folder: TempDir,
}

/// The outcome of the program.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ended {
    /// The counts of executed and reused runs that the program prints.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let line = self.stdout.lines().find(|line| line.contains(" executed, ")).expect("a line of counts");
        let numbers: Vec<_> = line.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
        (numbers[0], numbers[1])
    }

    #[track_caller]
    pub(crate) fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// An error that says all of `words`, with nothing on standard output.
    #[track_caller]
    pub(crate) fn error(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        words
            .iter()
            .for_each(|word| assert!(self.stderr.contains(word), "`{word}` is not in {}", self.stderr));
        self
    }
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and gives its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chainrule"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["CHAINRULE_DATA", "CHAINRULE_RESULTS", "CHAINRULE_BASELINES"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().unwrap().into()
    }

    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Starts a shell command in the project.
    #[cfg(target_os = "linux")]
    pub(crate) fn shell(&self, command: &str) -> Child {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(self.folder.path()).stdout(Stdio::null());
        shell.spawn().unwrap()
    }

    /// The records under `results/NAME` without their wall times.
    pub(crate) fn records(&self, name: &str) -> BTreeMap<String, serde_json::Value> {
        let connection = Connection::open(self.path("results").join(name).join("runs.sqlite")).unwrap();
        let mut rows = connection.prepare("SELECT run_id, record FROM runs").unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        let records = rows.query_map([], row).unwrap().map(Result::unwrap);
        let without_time = |text: String| {
            let mut record: serde_json::Value = serde_json::from_str(&text).unwrap();
            record.as_object_mut().unwrap().remove("wall_seconds").unwrap();
            record["curve"].as_object_mut().unwrap().remove("seconds").unwrap();
            record
        };
        records.map(|(run_id, text)| (run_id, without_time(text))).collect()
    }

    /// The stored wall times: a rerun has another one.
    pub(crate) fn wall_times(&self, name: &str) -> BTreeMap<String, u64> {
        let connection = Connection::open(self.path("results").join(name).join("runs.sqlite")).unwrap();
        let mut rows = connection.prepare("SELECT run_id, record FROM runs").unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        let records = rows.query_map([], row).unwrap().map(Result::unwrap);
        let time = |text: &str| {
            let record: serde_json::Value = serde_json::from_str(text).unwrap();
            record["wall_seconds"].as_f64().unwrap().to_bits()
        };
        records.map(|(run_id, text)| (run_id, time(&text))).collect()
    }

    /// Waits until the store holds at least `n` runs.
    pub(crate) fn wait_for_runs(&self, name: &str, n: usize, child: &mut Child) {
        let path = self.path("results").join(name).join("runs.sqlite");
        let count = || {
            let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
            connection.query_row("SELECT count(*) FROM runs", [], |row| row.get::<_, i64>(0)).ok()
        };
        let begin = Instant::now();
        while count().is_none_or(|count| count < n as i64) {
            assert_eq!(child.try_wait().unwrap(), None, "the program ended by itself");
            assert!(begin.elapsed() < PATIENCE, "nothing was stored");
            sleep(Duration::from_millis(20));
        }
    }

    /// A table of the report, without the columns of wall times.
    pub(crate) fn table(&self, name: &str, file: &str) -> Vec<Vec<String>> {
        let path = self.path("results").join(name).join(file);
        let mut table = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        let rows = table.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        let mut rows: Vec<Vec<String>> = rows.collect();
        for time in ["wall_seconds", "seconds"] {
            if let Some(time) = rows[0].iter().position(|column| column == time) {
                rows.iter_mut().for_each(|row| drop(row.remove(time)));
            }
        }
        rows
    }
}

/// Prints that a test is skipped, bypassing the capture of test output.
#[expect(clippy::disallowed_methods, reason = "the program's own way to standard error is not a test's")]
pub(crate) fn say_skipped(test: &str, why: &str) {
    use std::io::Write;
    writeln!(std::io::stderr(), "skipped: {test}: {why}").unwrap_or_default();
}
