//! Flipped bits in the store, as the user sees them: the same answer, or a message.

use crate::project::{Ended, Project, XOR};
use chainrule_record::Digest;
use std::path::Path;

/// Flips that a test makes unless `CHAINRULE_FAULT_COUNT` asks for others.
const FLIPS: usize = 200;

fn flips() -> usize {
    std::env::var("CHAINRULE_FAULT_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(FLIPS)
}

/// A place in a file of so many bits: the same for the same number, on every machine.
fn place(number: usize, bits: usize) -> usize {
    let digest = Digest::of(format!("flip {number}").as_bytes()).bytes();
    (u64::from_le_bytes(*digest.first_chunk().unwrap()) % bits as u64) as usize
}

/// The user's view: the outcomes of both commands, and the tables and the report in the folder.
#[derive(PartialEq)]
struct Seen {
    ended: Vec<(Option<i32>, String)>,
    files: Vec<Option<Vec<u8>>>,
    said: bool,
}

fn see(project: &Project, commands: &[&[&str]]) -> Seen {
    let files = ["report.md", "runs.csv", "curves.csv", "summary.csv", "report.html"];
    let path = |file: &str| project.path("results/xor").join(file);
    // Files of an earlier report are not an answer.
    files.iter().for_each(|file| std::fs::remove_file(path(file)).unwrap_or_default());
    let ended: Vec<Ended> = commands.iter().map(|command| project.run(command)).collect();
    let says =
        |ended: &Ended| ended.code != Some(0) || (ended.stdout.clone() + &ended.stderr).contains("amaged");
    Seen {
        said: ended.iter().any(says),
        ended: ended.into_iter().map(|ended| (ended.code, ended.stdout)).collect(),
        files: files.iter().map(|file| std::fs::read(path(file)).ok()).collect(),
    }
}

fn clear(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if chainrule_record::text::shown(entry.file_name()).starts_with("runs.") {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
}

/// Flips the bits whose numbers leave this remainder; gives how many changed an answer, and which were silent.
fn flip(remainder: usize, of: usize) -> (usize, Vec<usize>) {
    let project = Project::new();
    project.file("xor.toml", XOR);
    project.run(&["run", "xor.toml"]).well();
    let path = project.path("results/xor/runs.sqlite");
    let whole = std::fs::read(&path).unwrap();
    let look: [&[&str]; 2] = [&["plan", "xor.toml"], &["report", "results/xor"]];
    let undamaged = see(&project, &look);
    assert!(!undamaged.said && undamaged.files.iter().all(Option::is_some));
    let records = project.records("xor");
    let (mut changed, mut silent) = (0, Vec::new());
    for number in (0..flips()).filter(|number| number % of == remainder) {
        let bit = place(number, whole.len() * 8);
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        clear(&project.path("results/xor"));
        std::fs::write(&path, &bytes).unwrap();
        let seen = see(&project, &look);
        let is_equal = seen.ended == undamaged.ended && seen.files == undamaged.files;
        changed += usize::from(!is_equal);
        if !is_equal && !seen.said {
            silent.push(bit);
        }
        if number % 8 == remainder {
            goes_on(&project, &bytes, &records);
        }
    }
    (changed, silent)
}

/// `run` reruns damaged records, or refuses the file and does not change it.
fn goes_on(
    project: &Project,
    damaged: &[u8],
    records: &std::collections::BTreeMap<String, serde_json::Value>,
) {
    let run = project.run(&["run", "xor.toml"]);
    match run.code {
        Some(0) => assert_eq!(project.records("xor"), *records, "{run:?}"),
        _ => {
            assert!(run.stderr.contains("error: "), "{run:?}");
            assert!(std::fs::read(project.path("results/xor/runs.sqlite")).unwrap() == damaged, "{run:?}");
        }
    }
}

#[test]
fn no_flipped_bit_changes_an_answer_silently() {
    let halves = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| scope.spawn(move || flip(half, 2)));
        halves.map(|half| half.join().unwrap())
    });
    let changed: usize = halves.iter().map(|(changed, _)| changed).sum();
    let silent: Vec<usize> = halves.into_iter().flat_map(|(_, silent)| silent).collect();
    println!("{} flips: {changed} changed an answer, {} silently", flips(), silent.len());
    assert!(silent.is_empty(), "silent: bits {silent:?}");
    assert!(changed > flips() / 4, "{changed} of {} changed an answer", flips());
}
