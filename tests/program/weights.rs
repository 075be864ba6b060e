//! Saved weights are written with their run or not at all, and have the scores in the run's record.

use crate::project::{Ended, Project, xor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// Experiments of every kind of network, precision, output and ending.
const EXPERIMENTS: [(&str, &str); 6] = [
    (
        "restored",
        "data.dataset = { spirals = { samples = 600 } }\n[train]\nepochs = 40\noptimizer = \"adam\"\nlearning_rate = 0.05\nearly_stopping = { patience = 2 }\n\
         [grid]\nprecision = [\"f32\", \"f64\"]\n",
    ),
    (
        "learnt",
        "data.dataset = \"iris\"\nmodel.architecture = [7, 5]\ntrain.epochs = 6\n\
         [grid]\nactivation = [\"prelu\", \"learnt_sigmoid\"]\nprecision = [\"f32\", \"f64\"]\n",
    ),
    (
        "one_unit",
        "data = { dataset = \"moons\", standardize = false, min_max = true, test = 0 }\nmodel = { output = \"sigmoid\", dropout = 0.2 }\n\
         train = { loss = \"binary_cross_entropy\", epochs = 4, evaluate_every = 3 }\n",
    ),
    (
        "numbers",
        "data = { dataset = \"diabetes\", validation = 0 }\ntrain = { epochs = 3, learning_rate = 1e-5, precision = \"f64\" }\n\
         model = { architecture = [], bias = false }\n",
    ),
    (
        "target",
        "data.dataset = \"wine\"\ntrain = { target = { metric = \"train_accuracy\", reaches = 0.9, stop = true } }\n",
    ),
    (
        "images",
        "data.dataset = \"digits\"\ntrain = { epochs = 2, optimizer = \"momentum\", learning_rate = 0.01 }\n",
    ),
];

fn project(experiment: &str) -> Project {
    let project = Project::new();
    project.file("kept.toml", experiment);
    project
}

fn kept() -> Project {
    project(&xor(2, ""))
}

const RUN: [&str; 4] = ["run", "kept.toml", "--set", "save_weights=true"];

/// The files of weights, by the run's identity.
fn files(project: &Project, name: &str) -> BTreeMap<String, PathBuf> {
    let folder = project.path("results").join(name).join("weights");
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name.strip_suffix(".safetensors").unwrap_or(&name).to_owned(), path)
    };
    paths.map(named).collect()
}

fn evaluate(project: &Project, weights: &str, more: &[&str]) -> Ended {
    project.run(&[&["evaluate", weights], more].concat())
}

/// Samples, loss and accuracy of each part, as they are printed.
fn scores(ended: &Ended) -> BTreeMap<String, (usize, f64, Option<f64>)> {
    let mut lines = ended.stdout.lines().skip_while(|line| !line.starts_with("part "));
    lines.next().expect("a table");
    let row = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        let [part, samples, loss, accuracy] = words.as_slice() else { return None };
        Some((part.to_string(), (samples.parse().unwrap(), loss.parse().unwrap(), accuracy.parse().ok())))
    };
    lines.map_while(row).collect()
}

/// The scores in a record that belong to the parameters that were kept.
fn recorded(record: &Value) -> BTreeMap<String, (f64, Option<f64>)> {
    let curve = &record["curve"];
    let epochs: Vec<u64> = serde_json::from_value(curve["epoch"].clone()).unwrap();
    let row = match record["kept_epoch"].as_u64() {
        Some(epoch) => epochs.iter().position(|known| *known == epoch).unwrap(),
        None => epochs.len() - 1,
    };
    let part = |name: &str| {
        let number = |metric: &str| curve[format!("{name}_{metric}")][row].as_f64();
        Some((name.to_owned(), (number("loss")?, number("accuracy"))))
    };
    let test = &record["test"];
    let test = test["loss"].as_f64().map(|loss| ("test".to_owned(), (loss, test["accuracy"].as_f64())));
    [part("train"), part("validation"), test].into_iter().flatten().collect()
}

#[test]
fn the_scores_are_those_of_the_record_to_the_last_bit() {
    let mut restored = 0;
    let mut parts = 0;
    for (name, body) in EXPERIMENTS {
        let project = Project::new();
        project.file(&format!("{name}.toml"), format!("question = \"Worth what?\"\nseeds = 2\n{body}"));
        project.run(&["run", &format!("{name}.toml"), "--set", "save_weights=true"]).well();
        let files = files(&project, name);
        let records = project.records(name);
        assert_eq!(files.keys().collect::<Vec<_>>(), records.keys().collect::<Vec<_>>(), "{name}");
        for (run_id, record) in records {
            restored += usize::from(record["kept_epoch"].is_u64());
            let printed = scores(&evaluate(&project, files[&run_id].to_str().unwrap(), &[]).well());
            let recorded = recorded(&record);
            assert_eq!(printed.keys().collect::<Vec<_>>(), recorded.keys().collect::<Vec<_>>(), "{name}");
            for (part, (loss, accuracy)) in recorded {
                let (_, printed_loss, printed_accuracy) = printed[&part];
                assert_eq!(printed_loss.to_bits(), loss.to_bits(), "{name}, {part}: loss");
                assert_eq!(
                    printed_accuracy.map(f64::to_bits),
                    accuracy.map(f64::to_bits),
                    "{name}, {part}: accuracy"
                );
                parts += 1;
            }
        }
    }
    assert!(restored >= 2 && parts > 40, "{restored} went back to an earlier epoch, {parts} parts");
}

#[test]
fn weights_are_kept_where_that_is_asked_for() {
    let project = kept();
    project.run(&["run", "kept.toml"]).well();
    assert!(!project.path("results/kept/weights").exists());
    assert_eq!(project.run(&RUN).well().counts(), (2, 0));
    assert_eq!(files(&project, "kept").len(), 2, "and no temporary file");
    // The same runs are the same bytes.
    let other = kept();
    other.run(&[&RUN[..], &["--threads", "1"]].concat()).well();
    let bytes = |project: &Project| -> BTreeMap<String, Vec<u8>> {
        files(project, "kept").into_iter().map(|(id, path)| (id, std::fs::read(path).unwrap())).collect()
    };
    assert!(bytes(&project) == bytes(&other));
}

/// A stored run without its weights file counts as missing.
#[test]
fn weights_that_were_deleted_are_made_again() {
    let project = kept();
    project.run(&RUN).well();
    let before = files(&project, "kept");
    let (_, lost) = before.first_key_value().unwrap();
    let bytes = std::fs::read(lost).unwrap();
    std::fs::remove_file(lost).unwrap();
    let plan = project.run(&["plan", "kept.toml", "--set", "save_weights=true"]).well().stdout;
    assert!(plan.contains("The saved weights of 1 run are missing") && plan.contains("1 missing"), "{plan}");
    let report = project.run(&["report", "results/kept"]).well();
    assert!(report.stdout.contains("The saved weights of 1 run are missing"), "{report:?}");
    let run = project.run(&RUN).well();
    assert_eq!(run.counts(), (1, 1));
    assert!(run.stderr.contains("the saved weights of 1 run are missing"), "{run:?}");
    assert!(files(&project, "kept") == before && std::fs::read(lost).unwrap() == bytes);
}

/// In single precision, 1e39 is infinite, and so are the weights after the first step. With 1e30 the weights are finite, but
/// the outputs are not.
#[test]
fn infinite_weights_are_not_kept() {
    for (learning_rate, kept) in [("1e39", 0), ("1e30", 2)] {
        let project = project(&xor(2, ""));
        let learning_rate = format!("learning_rate={learning_rate}");
        project.run(&[&RUN[..], &["--set", &learning_rate, "--set", "activation=identity"]].concat()).well();
        assert!(project.records("kept").values().all(|record| record["stop"] == "diverged"));
        let files = files(&project, "kept");
        assert_eq!(files.len(), kept, "{learning_rate}");
        for path in files.values() {
            let ended = evaluate(&project, path.to_str().unwrap(), &[]).well();
            assert!(!scores(&ended)["train"].1.is_finite(), "{ended:?}");
        }
    }
}

#[track_caller]
fn all_failed(project: &Project, words: &[&str]) {
    for record in project.records("kept").values() {
        let failure = record["failure"].as_str().unwrap_or_default();
        assert_eq!(record["stop"], "failed");
        words.iter().for_each(|word| assert!(failure.contains(word), "`{word}` is not in `{failure}`"));
    }
}

#[test]
fn a_run_whose_weights_cannot_be_written_has_failed() {
    let project = kept();
    project.file("results/kept/weights", "a file in the way");
    let ended = project.run(&RUN);
    assert_eq!((ended.code, ended.counts()), (Some(3), (2, 0)), "{ended:?}");
    all_failed(&project, &["cannot save the weights as results/kept/weights/", ".safetensors: "]);
    std::fs::remove_file(project.path("results/kept/weights")).unwrap();
    assert_eq!(project.run(&[&RUN[..], &["--retry"]].concat()).well().counts(), (2, 0));
    assert_eq!(files(&project, "kept").len(), 2);
}

/// A limit on the size of files simulates a full disk. 2000 blocks of 512 bytes are more than the store and the report, but
/// less than 160 000 weights of 8 bytes.
#[test]
fn a_full_disk_leaves_no_half_file() {
    let project = kept();
    // Blocks have 512 or 1024 bytes: 6 or 12 MB, more than the page of the report and less than the 16 MB of weights.
    let script = r#"trap '' XFSZ; ulimit -f 12000; exec "$0" run kept.toml --set save_weights=true --set "architecture=[1400, 1400]" --set precision=f64"#;
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_chainrule")]).current_dir(project.path("."));
    let ended: Ended = command.output().unwrap().into();
    assert_eq!((ended.code, ended.counts()), (Some(3), (2, 0)), "{ended:?}");
    all_failed(&project, &["cannot save the weights as", "File too large"]);
    assert!(files(&project, "kept").is_empty());
}

/// A project with saved weights, and the path of the first.
fn saved() -> (Project, String) {
    let project = kept();
    project.run(&RUN).well();
    let (_, path) = files(&project, "kept").pop_first().unwrap();
    (project, path.to_str().unwrap().to_owned())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the logarithm is to be another than the engine's")]
fn predictions_are_a_row_a_sample() {
    let (project, weights) = saved();
    let ended = evaluate(&project, &weights, &["--predictions", "own.csv"]).well();
    let mut table = csv::Reader::from_path(project.path("own.csv")).unwrap();
    assert_eq!(
        table.headers().unwrap(),
        ["part", "index", "target", "output_1", "output_2", "predicted"].as_slice()
    );
    let rows: Vec<_> = table.records().map(Result::unwrap).collect();
    let right = rows.iter().filter(|row| row[2] == row[5]).count();
    let (samples, loss, accuracy) = scores(&ended)["train"];
    assert_eq!((samples, rows.len(), accuracy), (4, 4, Some(right as f64 / 4.0)));
    // Cross-entropy by hand: −ln of the output of the sample's class, in the mean.
    let number = |row: &csv::StringRecord, index: usize| row[index].parse::<f64>().unwrap();
    let losses: f64 = rows.iter().map(|row| -number(row, 3 + row[2].parse::<usize>().unwrap()).ln()).sum();
    assert!((losses / 4.0 - loss).abs() < 1e-6, "{losses} {loss}");
    let mut indices: Vec<_> = rows.iter().map(|row| row[1].parse::<usize>().unwrap()).collect();
    indices.sort_unstable();
    assert_eq!(indices, [0, 1, 2, 3]);

    evaluate(&project, &weights, &["--data", "moons", "--predictions", "moons.csv"]).well();
    let mut table = csv::Reader::from_path(project.path("moons.csv")).unwrap();
    let rows: Vec<_> = table.records().map(Result::unwrap).collect();
    assert!(rows.iter().enumerate().all(|(index, row)| &row[0] == "all" && row[1] == index.to_string()));
}

#[test]
fn what_cannot_be_evaluated_is_said() {
    let (project, weights) = saved();
    let with = |more: &[&str], words: &[&str]| drop(evaluate(&project, &weights, more).error(2, words));
    with(&["--data", "iris"], &[&weights, "2 inputs", "`iris` has 4 inputs", "the run's own, `xor`"]);
    with(&["--data", "{ spirals = { classes = 3 } }"], &["2 classes", "`spirals` has 3 classes"]);
    with(&["--data", "linear"], &["`linear` has"]);
    with(&["--data", "moon"], &["unknown dataset `moon`", "did you mean `moons`?"]);
    with(&["--data", "{ moons = { noise = -1 } }"], &["`noise` is out of range"]);
    with(&["--data", "mnist", "--data-dir", "nowhere"], &["`nowhere`", "--data-dir"]);
    with(&["--predictions", "no/such/folder.csv"], &["cannot write no/such/folder.csv", "name another file"]);
    assert!(!project.path("no").exists());
}

/// Each kind of file that is not a weights file: the path, the reason, and the remedy.
#[test]
fn files_that_are_no_weights_are_refused() {
    let (project, weights) = saved();
    let bytes = std::fs::read(&weights).unwrap();
    project.file("cut", &bytes[..bytes.len() - 5]);
    project.file("empty", "");
    project.file("text", xor(2, ""));
    project.file("lie", [&u64::MAX.to_le_bytes()[..], &bytes[8..]].concat());
    let foreign = br#"{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#;
    project.file("foreign", [&(foreign.len() as u64).to_le_bytes()[..], foreign].concat());
    let mut changed = bytes.clone();
    let place = changed.len() - 100;
    changed[place] ^= 1;
    project.file("changed", changed);
    let key = b"\"format_version\":\"";
    let place = bytes.windows(key.len()).position(|text| text == key).unwrap();
    let mut version = bytes.clone();
    version[place + key.len()] = b'7';
    project.file("version", version);
    let cases = [
        ("missing", "cannot be read"),
        (".", "it is a folder"),
        ("cut", "is not a complete safetensors file: its header announces"),
        ("empty", "it has 0 bytes"),
        ("text", "is not a complete safetensors file"),
        ("lie", "its header should have 18446744073709551615 bytes"),
        ("foreign", "was not written by chainrule"),
        ("changed", "the digest of its weights differs"),
        ("version", "has format version 7, and this program reads versions 1 and 2"),
    ];
    for (file, words) in cases {
        evaluate(&project, file, &[]).error(2, &[&format!("error: {file}: "), words, "\n"]);
    }
}

/// A table of your own, and a new one of the same kind.
#[test]
fn weights_of_your_own_data_are_evaluated_on_new_data() {
    let project =
        project(&xor(2, "").replace("dataset = \"xor\"", "dataset = { csv = { path = \"points.csv\" } }"));
    let table = |rows: usize| {
        let row = |i: usize| format!("{},{},{}\n", i % 7, i % 5, ["cat", "dog"][i % 2]);
        format!("x,y,animal\n{}", (0..rows).map(row).collect::<String>())
    };
    project.file("data/points.csv", table(20));
    project.file("data/new.csv", table(33));
    project.run(&RUN).well();
    let (_, path) = files(&project, "kept").pop_first().unwrap();
    let weights = path.to_str().unwrap();
    assert_eq!(scores(&evaluate(&project, weights, &[]).well())["train"].0, 20);
    let new = "{ csv = { path = \"new.csv\" } }";
    assert_eq!(scores(&evaluate(&project, weights, &["--data", new]).well())["all"].0, 33);
    let zeros = "{ csv = { path = \"/dev/zero\" } }";
    evaluate(&project, weights, &["--data", zeros])
        .error(2, &["cannot read /dev/zero: it is a pipe or a device, not a file"]);
    project.file("data/points.csv", table(21));
    evaluate(&project, weights, &[])
        .error(2, &[weights, "is not the one that the run was trained on", "--data"]);
    std::fs::remove_file(project.path("data/points.csv")).unwrap();
    evaluate(&project, weights, &[]).error(2, &["points.csv"]);
}
