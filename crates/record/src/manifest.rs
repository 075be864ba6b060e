//! How, when and on which machine the runs were made.

use serde::{Deserialize, Serialize};

/// Provenance of a results folder, written when a `run` starts and again when it ends.
///
/// If the last `run` was killed, the manifest is the one from its start: fields known only at the end are `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the files in the folder.
    pub format_version: u32,
    /// Version of the program.
    pub chainrule_version: String,
    /// Version of the engine's results.
    pub results_version: u32,
    /// The program's git commit, with `-dirty` if the tree had changes; `unknown` outside a repository.
    pub git_commit: String,
    /// The compiler that built the program.
    pub compiler: String,
    /// The machine.
    pub machine: Machine,
    /// The command line as typed. A byte that is not valid UTF-8 becomes a letter from U+EF80 to U+EFFF; see
    /// [`text`](crate::text).
    pub command: Vec<String>,
    /// The command line as reports show it: without the program and without absolute paths. Empty in older manifests.
    #[serde(default)]
    pub shown_command: Vec<String>,
    /// The experiment file of the folder, as a path relative to the folder. `None` in older manifests.
    #[serde(default)]
    pub experiment_file: Option<String>,
    /// When the last `run` started: RFC 3339 in UTC.
    pub started_at: String,
    /// When it ended: RFC 3339 in UTC. `None` while it is running and after it was killed.
    pub finished_at: Option<String>,
    /// Wall time of the last `run` in seconds.
    #[serde(with = "crate::exact")]
    pub wall_seconds: Option<f64>,
    /// Number of runs that the last `run` executed.
    pub runs_executed: Option<u64>,
    /// Number of runs that the last `run` found in the store.
    pub runs_reused: Option<u64>,
    /// Number of worker threads.
    pub threads: u64,
}

impl Manifest {
    /// A manifest for results that have lost their own.
    pub fn unknown(results_version: u32) -> Self {
        let unknown = || "unknown".to_owned();
        Self {
            format_version: crate::FORMAT_VERSION,
            chainrule_version: unknown(),
            results_version,
            git_commit: unknown(),
            compiler: unknown(),
            machine: Machine { cpu: unknown(), simd: unknown(), logical_cpus: 0, platform: unknown() },
            command: Vec::new(),
            shown_command: Vec::new(),
            experiment_file: None,
            started_at: unknown(),
            finished_at: None,
            wall_seconds: None,
            runs_executed: None,
            runs_reused: None,
            threads: 0,
        }
    }
}

/// The machine on which the runs were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// The vector instructions that the engine uses: `avx512`, `avx2`, `baseline`.
    pub simd: String,
    /// Number of logical processors.
    pub logical_cpus: u64,
    /// Operating system and architecture.
    pub platform: String,
}
