//! With what, when and on what machine runs were made.

use serde::{Deserialize, Serialize};

/// Provenance of a results folder, written when a `run` starts and again when it ends.
///
/// A folder whose last `run` was killed has the manifest of its start: the fields that are known at the end alone are `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the files in the folder.
    pub format_version: u32,
    /// Version of the program.
    pub chainrule_version: String,
    /// Version of the engine's results.
    pub results_version: u32,
    /// The program's git commit, with `-dirty` where the tree had changes; `unknown` outside a repository.
    pub git_commit: String,
    /// The compiler that built the program.
    pub compiler: String,
    /// The machine.
    pub machine: Machine,
    /// The command line as typed. A byte of a word that is not UTF-8 is a letter from U+EF80 to U+EFFF, as
    /// [`text`](crate::text) tells.
    pub command: Vec<String>,
    /// The command line as reports show it: without the program, and without absolute paths. Empty in older manifests.
    #[serde(default)]
    pub shown_command: Vec<String>,
    /// The experiment file that the folder belongs to, as a path from the folder. `None` in older manifests.
    #[serde(default)]
    pub experiment_file: Option<String>,
    /// When the last `run` began: RFC 3339 in UTC.
    pub started_at: String,
    /// When it ended: RFC 3339 in UTC. `None` while it goes on, and after it was killed.
    pub finished_at: Option<String>,
    /// Wall time of the last `run` in seconds.
    #[serde(with = "crate::exact")]
    pub wall_seconds: Option<f64>,
    /// Runs carried out by the last `run`.
    pub runs_executed: Option<u64>,
    /// Runs found in the store by the last `run`.
    pub runs_reused: Option<u64>,
    /// Worker threads.
    pub threads: u64,
}

impl Manifest {
    /// The manifest of results whose own is lost.
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

/// The machine that runs were made on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// The vector instructions that the engine uses: `avx512`, `avx2`, `baseline`.
    pub simd: String,
    /// Logical processors.
    pub logical_cpus: u64,
    /// Operating system and architecture.
    pub platform: String,
}
