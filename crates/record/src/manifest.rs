//! With what, when and on what machine runs were made.

use serde::{Deserialize, Serialize};

/// Provenance of a results folder, rewritten by every `run`.
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
    /// The command line. A byte of a word that is not UTF-8 is a letter from U+EF80 to U+EFFF, as [`text`](crate::text) tells.
    pub command: Vec<String>,
    /// When the last `run` began, RFC 3339.
    pub started_at: String,
    /// When it ended, RFC 3339.
    pub finished_at: String,
    /// Wall time of the last `run` in seconds.
    pub wall_seconds: f64,
    /// Runs carried out by the last `run`.
    pub runs_executed: u64,
    /// Runs found in the store by the last `run`.
    pub runs_reused: u64,
    /// Worker threads.
    pub threads: u64,
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
