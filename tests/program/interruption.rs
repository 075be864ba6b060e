//! Killed or interrupted, the program loses nothing that it had stored, and goes on where it was.

use crate::project::Project;
use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const FEW: &str = r#"
question = "Does it come back?"
seeds = 150

[data]
dataset = "xor"
validation = 0
test = 0
standardize = false

[model]
architecture = [2]

[train]
batch_size = "full"
loss = "binary_cross_entropy"
evaluate_every = 10

[grid]
epochs = [20, 21]
"#;

/// Among the short runs are 150 runs that would take hours. Both workers get stuck in them, so during a test the store holds
/// exactly the first 150 runs.
const STUCK: &str = "epochs=[20, 1000000000, 21]";

fn signal(child: &Child, name: &str) {
    // The shell's own: a bare Debian has no program of that name.
    let status = Command::new("sh").args(["-c", &format!("kill {name} {}", child.id())]).status().unwrap();
    assert!(status.success());
}

/// A project with the program stuck in it.
fn stuck() -> (Project, Child) {
    let project = Project::new();
    project.file("few.toml", FEW);
    let mut child = project.spawn(&["run", "few.toml", "--threads", "2", "--set", STUCK]);
    project.wait_for_runs("few", 150, &mut child);
    (project, child)
}

/// Continues without the long runs, and compares with an undisturbed project.
fn goes_on(project: &Project) {
    let (stored, times) = (project.records("few"), project.wall_times("few"));
    assert_eq!(stored.len(), 150);
    assert_eq!(project.run(&["run", "few.toml", "--threads", "2"]).well().counts(), (150, 150));
    let times_now = project.wall_times("few");
    assert!(times.iter().all(|(run_id, time)| times_now[run_id] == *time), "a finished run was run again");

    let undisturbed = Project::new();
    undisturbed.file("few.toml", FEW);
    assert_eq!(undisturbed.run(&["run", "few.toml", "--threads", "2"]).well().counts(), (300, 0));
    assert_eq!(project.records("few"), undisturbed.records("few"));
    for table in ["runs.csv", "curves.csv", "summary.csv"] {
        assert_eq!(project.table("few", table), undisturbed.table("few", table), "{table}");
    }
}

#[test]
fn a_killed_program_has_lost_nothing_that_was_stored() {
    let (project, mut child) = stuck();
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "ended by the signal");
    goes_on(&project);
}

#[test]
fn ctrl_c_keeps_finished_runs_and_says_how_to_go_on() {
    let (project, child) = stuck();
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("interrupted: 150 runs of 450 are kept"), "{stdout}");
    assert!(
        stdout.contains(&format!("\n  chainrule run few.toml --threads 2 --set '{STUCK}'\n")),
        "the same command, so that a shell reads it back: {stdout}"
    );
    assert_eq!(
        project.run(&["plan", "few.toml", "--set", STUCK]).well().stdout.lines().last(),
        Some("150 in results/few, 300 missing")
    );
    project.run(&["report", "few.toml"]).well();
    goes_on(&project);
}

#[test]
fn a_request_to_terminate_is_an_interruption() {
    let (project, mut child) = stuck();
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(project.records("few").len(), 150);
}

/// A name, and the content of an experiment file: before the sections, in `[data]`, in `[model]`, in `[train]`, and after
/// them.
type Long = (&'static str, [&'static str; 5]);

const SPIRALS: &str = "dataset = { spirals = { samples = 200000 } }";
const WIDE: &str = "dataset = { linear = { samples = 4000, features = 3000 } }\nwhitening = \"zca\"";
const CHECK: &str = "kind = \"gradient_check\"";
const SHARPNESS: &str = "[probe]\nmeasure = [\"sharpness\"]";
const SINGULAR_VALUES: &str = "[probe]\nmeasure = [\"singular_values\"]";
const ORTHOGONAL: &str = "architecture = [3000, 3000]\ninitialization = \"orthogonal\"";
const GENETIC: &str = "batch_size = \"full\"\noptimizer = { genetic = { population = 1000 } }";
const FAULT: &str = "batch_size = \"full\"\nfault = \"wrong_sign\"";

/// Experiments with one long piece of work. It is a probe, an evaluation, a gradient check, preparation before training, or
/// a step: on a large batch, of a search, or of the second engine.
const LONG: [Long; 9] = [
    ("probe", ["", SPIRALS, "architecture = [256, 256]", "batch_size = 1000", SHARPNESS]),
    ("lapack", ["", SPIRALS, "architecture = [2000, 2000]", "batch_size = 10", SINGULAR_VALUES]),
    ("evaluation", ["", SPIRALS, "architecture = [4096, 4096]", "batch_size = 10", ""]),
    ("step", ["", SPIRALS, "architecture = [512, 512]", "batch_size = 20000", ""]),
    ("check", [CHECK, SPIRALS, "architecture = [64]", "batch_size = \"full\"", ""]),
    ("search", ["", SPIRALS, "architecture = [64]", GENETIC, ""]),
    ("fault", ["", SPIRALS, "architecture = [128, 128]", FAULT, ""]),
    ("weights", ["", SPIRALS, ORTHOGONAL, "batch_size = 10", ""]),
    ("whitening", ["", WIDE, "architecture = [8]", "batch_size = 10", ""]),
];

/// Far longer than a run may take to end, on the slowest machine.
const AT_ONCE: Duration = Duration::from_secs(25);

/// A project with a file for each, and the names of the files.
fn long_project() -> (Project, Vec<String>) {
    let project = Project::new();
    let write = |(name, [before, data, model, train, after]): &Long| {
        let text = format!(
            "question = \"Does it end?\"\nseeds = 1\n{before}\n\
             [data]\n{data}\nvalidation = 0\ntest = 0\n\
             [model]\n{model}\n\
             [train]\nepochs = 1000000\n{train}\n{after}\n"
        );
        let file = format!("{name}.toml");
        project.file(&file, text);
        file
    };
    let files = LONG.iter().map(write).collect();
    (project, files)
}

#[test]
fn a_time_limit_holds_whatever_is_under_way() {
    let (project, files) = long_project();
    for file in files {
        let begin = Instant::now();
        let ended = project.run(&["run", &file, "--set", "time_limit=0.5"]);
        assert_eq!(ended.code, Some(3), "{file}: {ended:?}");
        assert!(ended.stderr.contains("1 run timed out"), "{file}: {ended:?}");
        assert!(begin.elapsed() < AT_ONCE, "{file}: {:?}", begin.elapsed());
        let records = project.records(file.trim_end_matches(".toml"));
        assert!(records.values().all(|record| record["stop"] == "timed_out"), "{file}");
    }
}

#[test]
fn signals_end_whatever_is_under_way_and_the_store_is_whole() {
    let (project, files) = long_project();
    for (index, file) in files.iter().enumerate() {
        let child = project.spawn(&["run", file]);
        // The runs begin when there is a store; then at different moments of each.
        let store = project.path("results").join(file.trim_end_matches(".toml")).join("runs.sqlite");
        let begin = Instant::now();
        while !store.exists() && begin.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(1000 + 150 * index as u64));
        let begin = Instant::now();
        signal(&child, if index % 2 == 0 { "-INT" } else { "-TERM" });
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{file}: {output:?}");
        assert!(begin.elapsed() < AT_ONCE, "{file}: {:?}", begin.elapsed());
        let (stdout, stderr) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(stdout.contains("interrupted: 0 runs of 1 are kept"), "{file}: {stdout}");
        let says = "stopping: finished runs are kept, unfinished runs are dropped";
        assert_eq!(stderr.matches(says).count(), 1, "{file}: {stderr}");
        let plan = project.run(&["plan", file]).well().stdout;
        assert!(plan.ends_with("1 missing\n"), "{file}: {plan}");
    }
}

/// A signal while standard error cannot be written to is heard all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_is_heard_without_a_terminal() {
    let project = Project::new();
    project.file("few.toml", FEW);
    let program = env!("CARGO_BIN_EXE_chainrule");
    let command = format!("exec {program} run few.toml --threads 2 --set '{STUCK}' 2>/dev/full");
    let mut child = project.shell(&command);
    project.wait_for_runs("few", 150, &mut child);
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(project.records("few").len(), 150);
}

/// The library behind LAPACK must not start threads before the program begins: with little address space it would wait for
/// them for ever.
#[cfg(target_os = "linux")]
#[test]
fn little_address_space_is_enough_to_start() {
    let project = Project::new();
    project.file("few.toml", FEW);
    let program = env!("CARGO_BIN_EXE_chainrule");
    for arguments in ["--version", "list", "plan few.toml", "run few.toml --threads 1 --set seeds=2"] {
        let mut child = project.shell(&format!("ulimit -v 200000; exec {program} {arguments}"));
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if begin.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("`{arguments}` hangs");
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(status.code(), Some(0), "{arguments}");
    }
}

/// The test does not read the store before the kill; it only knows from the log when runs ended. Two seconds are ten times
/// the promised time.
#[test]
fn a_run_is_durable_soon_after_it_has_ended() {
    let project = Project::new();
    project.file("few.toml", FEW);
    let mut child = project.spawn(&["run", "few.toml", "--threads", "2", "--set", STUCK, "-v"]);
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let ended = log.by_ref().filter(|line| line.contains("run ended")).take(150).count();
    assert_eq!(ended, 150);
    std::thread::sleep(Duration::from_secs(2));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(project.records("few").len(), 150);
}

/// Kills that a test makes unless `CHAINRULE_KILL_COUNT` asks for others.
const KILLS: u64 = 4;

/// Kills at pseudo-random times during a sweep. Runs that ended according to the log and are not in the store show how long
/// a run waits to be durable.
#[test]
fn kills_lose_nothing_but_the_runs_of_the_last_moment() {
    let asked = std::env::var("CHAINRULE_KILL_COUNT").ok().and_then(|count| count.parse().ok());
    let mut longest = Duration::ZERO;
    let project = Project::new();
    project.file("few.toml", FEW);
    for kill in 0..asked.unwrap_or(KILLS) {
        let sweep = ["run", "few.toml", "-v", "--set", "seeds=2000", "--set", "epochs=[2000, 2001, 2002]"];
        let mut child = project.spawn(&sweep);
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        assert!(log.any(|line| line.contains("run ended")));
        let reader = std::thread::spawn(move || {
            let ended =
                |line: String| Some((Instant::now(), line.split("run_id=").nth(1)?.get(..12)?.to_owned()));
            log.filter_map(ended).collect::<Vec<_>>()
        });
        std::thread::sleep(Duration::from_millis(100 + kill * 7919 % 500));
        let killed = Instant::now();
        child.kill().unwrap();
        child.wait().unwrap();
        let ended = reader.join().unwrap();
        let stored: HashSet<String> = match project.path("results/few/runs.sqlite").exists() {
            true => project.records("few").into_keys().map(|id| id[..12].to_owned()).collect(),
            false => HashSet::new(),
        };
        let lost = ended.iter().filter(|(_, run)| !stored.contains(run));
        longest = lost.map(|(when, _)| killed.saturating_duration_since(*when)).fold(longest, Duration::max);
        assert!(project.run(&["plan", "few.toml"]).well().stderr.is_empty());
    }
    println!("the longest that an ended run was not yet durable: {} ms", longest.as_millis());
    // Ten times the promised time, because other programs may slow this one down.
    assert!(longest < Duration::from_secs(2), "{longest:?}");
}

#[test]
fn results_that_are_deleted_in_mid_run_are_written_anew() {
    let (project, child) = stuck();
    std::fs::remove_dir_all(project.path("results")).unwrap();
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("was deleted or moved away during the runs"), "{stderr}");
    goes_on(&project);
}

#[test]
fn results_that_are_replaced_in_mid_run_are_saved_beside_the_others() {
    let (project, child) = stuck();
    let path = project.path("results/few/runs.sqlite");
    std::fs::rename(&path, project.path("moved.sqlite")).unwrap();
    std::fs::write(&path, "another file").unwrap();
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let rescued = project.path("results/few/runs.rescued-1.sqlite");
    assert!(
        stderr.contains("was replaced by another file") && stderr.contains("runs.rescued-1.sqlite"),
        "{stderr}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), b"another file");
    std::fs::rename(rescued, path).unwrap();
    goes_on(&project);
}
