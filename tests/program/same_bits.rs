//! Threads and order change nothing.

use crate::project::{Project, experiment};

/// `sweep.toml`, with fewer and shorter runs.
const SHORTER: [&str; 8] = [
    "--set",
    "epochs=3",
    "--set",
    "seeds=2",
    "--set",
    "learning_rate=[0.01, 0.3]",
    "--set",
    "architecture=[[32], [8, 4]]",
];

#[test]
fn results_are_the_same_with_1_2_and_8_threads() {
    let sweep = experiment("sweep.toml");
    let mut projects = Vec::new();
    for threads in ["1", "2", "8"] {
        let project = Project::new();
        let mut arguments = vec!["run", sweep.to_str().unwrap(), "--threads", threads, "--quiet"];
        arguments.extend(SHORTER);
        // 2 · 4 · 2 · 2 · 3 combinations, less those with relu and xavier_normal (2 · 2 · 3), with 2 seeds; and the best of
        // each optimizer on 30 fresh ones.
        assert_eq!(project.run(&arguments).well().counts(), (168 + 90, 0));
        projects.push((threads, project));
    }
    let (_, one) = &projects[0];
    let records = one.records("sweep");
    assert_eq!(records.len(), 168 + 90);
    assert!(records.values().all(|record| record["weights_digest"].is_string()));
    for (threads, other) in &projects[1..] {
        assert_eq!(records, other.records("sweep"), "{threads} threads");
        let bytes = |project: &Project| std::fs::read(project.path("results/sweep/summary.csv")).unwrap();
        assert!(bytes(one) == bytes(other), "summary.csv differs with {threads} threads");
        for table in ["curves.csv", "runs.csv"] {
            let same = one.table("sweep", table) == other.table("sweep", table);
            assert!(same, "{table} differs with {threads} threads");
        }
    }
}
