//! Missing and damaged data.

use crate::project::{Project, experiment, say_skipped};
use std::path::Path;

const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

fn mnist() -> String {
    experiment("mnist.toml").to_str().unwrap().to_owned()
}

#[test]
fn missing_files_are_named_before_anything_is_written() {
    let project = Project::new();
    let words = [
        "mnist/train-images-idx3-ubyte.gz",
        "`nowhere`",
        "--data-dir",
        "CHAINRULE_DATA",
        "dataset = \"mnist\"",
    ];
    project.run(&["run", &mnist(), "--data-dir", "nowhere"]).error(2, &words);
    assert!(!project.path("results").exists());
    let by_variable: crate::project::Ended =
        project.command(&["plan", &mnist()]).env("CHAINRULE_DATA", "elsewhere").output().unwrap().into();
    by_variable.error(2, &["`elsewhere`"]);
}

#[test]
fn damaged_files_are_named() {
    let project = Project::new();
    let compressed =
        project.file("data/mnist/train-images-idx3-ubyte.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\0 no deflate");
    project
        .run(&["run", &mnist()])
        .error(2, &["cannot read data/mnist/train-images-idx3-ubyte.gz", "dataset = \"mnist\""]);
    std::fs::remove_file(compressed).unwrap();
    FILES
        .iter()
        .for_each(|file| drop(project.file(&format!("data/mnist/{file}"), b"\0\0\x08\x03\0\0\0\x05")));
    project
        .run(&["run", &mnist()])
        .error(2, &["mnist/train-images-idx3-ubyte: it ends within its header", "restore a copy"]);
    assert!(!project.path("results").exists());
}

#[test]
fn mnist_is_planned_where_it_is() {
    let folder = std::env::var_os("CHAINRULE_DATA").map(|folder| Path::new(&folder).join("mnist"));
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        say_skipped("mnist_is_planned_where_it_is", "CHAINRULE_DATA names no folder with mnist/ in it");
        return;
    };
    let project = Project::new();
    let data = folder.parent().unwrap().to_str().unwrap();
    let plan = project.run(&["plan", &mnist(), "--data-dir", data]).well().stdout;
    assert!(plan.contains("3 combinations × 3 seeds = 9 runs"), "{plan}");
}
