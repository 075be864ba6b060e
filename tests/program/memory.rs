//! Memory: a plan that does not fit is refused before it is tried, and a long curve stays short.

use crate::project::{Ended, Project};
use std::process::Command;

const LARGE: &str = "question = \"?\"\nseeds = 2\ndata = { dataset = \"xor\", validation = 0, test = 0 }\n\
    train = { epochs = 1, batch_size = \"full\", target = { metric = \"train_loss\", reaches = 0.6 } }\n\
    model = { architecture = [20000, 10000] }\n";

/// The program with at most so many KiB of address space.
#[cfg(target_os = "linux")]
fn limited(project: &Project, kibibytes: u64, arguments: &[&str]) -> Ended {
    let program = project.command(arguments);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -v {kibibytes}; exec \"$@\""), "sh"]);
    shell.arg(program.get_program()).args(program.get_args()).current_dir(project.path("."));
    shell.env_remove("CHAINRULE_DATA").output().unwrap().into()
}

#[test]
#[cfg(target_os = "linux")]
fn a_network_that_does_not_fit_is_refused_with_the_figure() {
    let project = Project::new();
    let file = project.file("large.toml", LARGE);
    let file = file.to_str().unwrap();
    let words = ["a run needs about 2.4 GB of memory", "`ulimit -v`", "use a smaller network"];
    limited(&project, 2_000_000, &["run", file]).error(2, &words);
    limited(&project, 2_000_000, &["trace", file, "--set", "architecture=[9000000]"]).error(2, &[]);
    let plan = limited(&project, 2_000_000, &["plan", file]);
    assert!(plan.stdout.contains("about 2.4 GB of memory with one thread"), "{plan:?}");
    Ended { stdout: String::new(), ..plan }.error(2, &words);
    assert!(!project.path("results").exists());
    limited(&project, 2_000_000, &["plan", file, "--set", "architecture=[20]"]).well();
}

/// 20,001 evaluated epochs. Every fourth of the first 20,000 is 5,000 rows, which is too many with the last one; every eighth is
/// 2,500.
#[test]
fn a_long_curve_keeps_the_same_rows_for_any_number_of_threads() {
    let text = LARGE.replace("epochs = 1,", "epochs = 20_000,").replace("[20000, 10000]", "[2]");
    let [one, two] = ["1", "2"].map(|threads| {
        let project = Project::new();
        let file = project.file("long.toml", &text);
        project.run(&["run", file.to_str().unwrap(), "--threads", threads]).well();
        (project.records("long"), project.table("long", "curves.csv"))
    });
    assert!(one == two, "the same for one thread and for two");
    let rows = one.1.len() - 1;
    assert!((2 * 2_501..=2 * 2_521).contains(&rows), "{rows}");
    for record in one.0.values() {
        let epochs: Vec<u64> = serde_json::from_value(record["curve"]["epoch"].clone()).unwrap();
        let reached = record["target_reached"]["epoch"].as_u64().unwrap();
        assert!([0, 1, reached, 20_000].iter().all(|epoch| epochs.contains(epoch)), "{reached}");
    }
}
