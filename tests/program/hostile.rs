//! Text from users, in every possible place, cannot control a terminal, be a command of a CI system, or be mark-up.

use crate::project::{Ended, Project};
use chainrule_record::text::{is_steering, json};
use std::path::{Path, PathBuf};

/// Line breaks, sequences of a terminal, letters that turn or hide text, commands of CI systems, HTML and Markdown.
const HOSTILE: &str = "a\n::error file=README.md,line=1::b\r\n  ::warning::c\u{1b}[31m\u{1b}]0;t\u{7}\u{9b}2J\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}::d \
                       ##[error]e ##vso[task.x]f <img src=x onerror=alert(1)> <script>g()</script> | `h` [i](http://j) ![k](http://l) # m %0A::notice::n";

/// A text as TOML and JSON write it.
fn quoted(text: &str) -> String {
    json(&serde_json::Value::from(text).to_string())
}

/// A file name, of which systems allow 255 bytes.
fn file_name(extension: &str) -> String {
    format!(
        "a\n::error file=README.md,line=1::b\r\n  ::warning::c\u{1b}[31m\u{9b}2J\u{202e}\u{200b} ##[error]e <img src=x> | `h` [i](j) # m %0A.{extension}"
    )
}

/// Rows of two classes with hostile names, in a column with one.
fn table() -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let rows = (0..24).map(|row| format!("{row},{}\n", cell(&format!("{HOSTILE}{}", row % 2))));
    format!("{},{}\n{}", cell(&format!("x{HOSTILE}")), cell(&format!("y{HOSTILE}")), rows.collect::<String>())
}

fn experiment() -> String {
    let data = |name: &str, column: &str| {
        format!("{{ csv = {{ path = {}, target = {} }} }}", quoted(name), quoted(column))
    };
    let column = format!("y{HOSTILE}");
    format!(
        "question = {}\nseeds = 4\n[data]\nvalidation = 0.25\ntest = 0.25\n[model]\narchitecture = [2]\n[train]\nepochs = 2\nbatch_size = 4\nsave_weights = true\n\
         [grid]\ndataset = [{}, {}]\nlearning_rate = [0.1, 0.2, 0.3]\nexclude = [{{ learning_rate = 0.3 }}]\n\
         [[claim]]\ntext = {}\nmetric = \"train_loss\"\nat_most = 1e-9\nmust = true\n",
        quoted(HOSTILE),
        data(&file_name("csv"), &column),
        data("other.csv", &column),
        quoted(&format!("= {HOSTILE}")),
    )
}

/// Text that a terminal or a CI system would obey.
fn obeyed(text: &str, may_command: bool) -> Option<String> {
    let steers = |letter: char| letter != '\n' && is_steering(letter);
    // A line break of somebody else, after which the program has stopped a command.
    let breaks = |line: &str| line.trim_start().starts_with("\\::");
    let commands = |line: &&str| {
        breaks(line)
            || (!may_command && line.trim_start().starts_with("::"))
            || ["##[", "##vso["].iter().any(|mark| line.contains(mark))
            || (line.trim_start().starts_with("::")
                && !line.starts_with("::error file=")
                && !line.starts_with("::notice file="))
    };
    let before = |end: usize| {
        text[..end].chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect::<String>()
    };
    let steering =
        text.find(steers).map(|place| format!("{:?} after {}", &text[place..].chars().next(), before(place)));
    steering.or_else(|| text.lines().find(commands).map(str::to_owned))
}

#[track_caller]
fn assert_tame(ended: &Ended, arguments: &[&str]) {
    let is_for_github = arguments.contains(&"github");
    for (text, may_command) in [(&ended.stdout, is_for_github), (&ended.stderr, false)] {
        if let Some(found) = obeyed(text, may_command) {
            panic!("{arguments:?} says {found:?} in:\n{text}");
        }
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, here): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    here.into_iter().chain(folders.iter().flat_map(|folder| files(folder))).collect()
}

/// The files for people and programs, except for pictures, the store and weights.
fn assert_files_are_tame(folder: &Path) {
    let mut seen = 0;
    for file in files(folder) {
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !["md", "html", "csv", "json", "svg"].contains(&extension) {
            continue;
        }
        seen += 1;
        let mut text = std::fs::read_to_string(&file).unwrap();
        if extension == "html" {
            text = without_library(&text);
            let tags = ["<img src=x", "<script>g()", "href=\"http"];
            assert!(!tags.iter().any(|tag| text.contains(tag)), "{file:?}");
        }
        if extension == "md" {
            let marks = ["<img", "<script", "![k]", "[i](http"];
            let lines = text.lines().filter(|line| !line.starts_with("    "));
            let outside = lines.map(without_code).collect::<Vec<_>>().join("\n");
            assert!(!marks.iter().any(|mark| outside.contains(mark)), "{file:?}: {outside}");
        }
        // Nobody shows these in a log.
        let is_for_browsers = ["html", "svg", "csv"].contains(&extension);
        let text = if is_for_browsers { text.replace("##", "") } else { text };
        if let Some(found) = obeyed(&text, false) {
            panic!("{file:?} has {found:?}");
        }
    }
    assert!(seen > 10, "{seen} files");
}

/// A line of Markdown without its code spans, whose fences are rows of backquotes of one length.
fn without_code(line: &str) -> String {
    let mut rest = line;
    let mut outside = String::new();
    while let Some(start) = rest.find('`') {
        outside += &rest[..start];
        let is_escaped = rest[..start].ends_with('\\');
        let fence = &rest[start..start + rest[start..].len() - rest[start..].trim_start_matches('`').len()];
        let after = &rest[start + fence.len()..];
        match after.find(fence).filter(|_| !is_escaped) {
            Some(end) => rest = &after[end + fence.len()..],
            None => rest = after,
        }
    }
    outside + rest
}

/// A page without the library that draws its figures, which has odd letters of its own.
fn without_library(page: &str) -> String {
    let pieces = page.split("<script").max_by_key(|piece| piece.len()).unwrap();
    page.replace(pieces, "")
}

#[test]
fn nothing_of_it_is_obeyed() {
    let project = Project::new();
    let [name, data] = [file_name("toml"), file_name("csv")];
    let name = name.as_str();
    project.file(name, experiment());
    project.file(&data, table());
    project.file("other.csv", table());
    let run = |arguments: &[&str], code: i32| {
        let with_data: &[&str] =
            if ["report", "compare"].contains(&arguments[0]) { &[] } else { &["--data-dir", "."] };
        let ended = project.run(&[arguments, with_data].concat());
        assert_eq!(ended.code, Some(code), "{arguments:?}: {ended:?}");
        assert_tame(&ended, arguments);
        ended
    };
    run(&["plan", name, "--all"], 0);
    run(&["run", name, "-vv", "--svg"], 1);
    run(&["run", name, "-vv", "--log-format", "json", "--retry"], 1);
    run(&["report", name, "--svg"], 0);
    run(&["bless", name], 0);
    for format in ["text", "markdown", "json", "github"] {
        run(&["check", name, "--stored", "--format", format], 0);
        run(&["check", name, "--stored", "--format", format, "--set", "epochs=3"], 1);
    }
    let folder = project.path("results").join(name.strip_suffix(".toml").unwrap());
    let folder = folder.to_str().unwrap();
    run(&["report", folder], 0);
    let question = format!("question=<img>{HOSTILE}");
    run(&["run", name, "--results", "second", "--set", &question, "--set", "epochs=1"], 1);
    let second = folder.replacen("results", "second", 1);
    run(&["compare", folder, &second, "--svg", "--output", "compared"], 0);
    run(&["trace", name, "--set", "dataset=xor", "--set", "learning_rate=0.1"], 2);
    ["results", "second", "compared"].iter().for_each(|folder| assert_files_are_tame(&project.path(folder)));
    changed_weights(&project, Path::new(folder), &run);
    changed_baseline(&project, name, &run);
}

/// Weights whose metadata somebody has written.
fn changed_weights(project: &Project, folder: &Path, run: &dyn Fn(&[&str], i32) -> Ended) {
    let weights = std::fs::read_dir(folder.join("weights")).unwrap().next().unwrap().unwrap().path();
    run(
        &["evaluate", weights.to_str().unwrap(), "--predictions", &file_name("csv").replacen('a', "p", 1)],
        0,
    );
    let bytes = std::fs::read(&weights).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let keys: Vec<String> = header["__metadata__"].as_object().unwrap().keys().cloned().collect();
    let write = |header: &serde_json::Value| {
        let text = header.to_string();
        let file = [&(text.len() as u64).to_le_bytes()[..], text.as_bytes(), &bytes[8 + length..]].concat();
        project.file("changed.safetensors", file);
        run(&["evaluate", "changed.safetensors"], 2);
    };
    for key in keys {
        let mut changed = header.clone();
        changed["__metadata__"][&key] = HOSTILE.into();
        write(&changed);
    }
    let mut renamed = header.clone();
    let tensors = renamed.as_object_mut().unwrap();
    let first = tensors.keys().find(|key| *key != "__metadata__").unwrap().clone();
    let tensor = tensors.remove(&first).unwrap();
    tensors.insert(HOSTILE.to_owned(), tensor);
    write(&renamed);
    project.file("changed.safetensors", HOSTILE);
    run(&["evaluate", "changed.safetensors"], 2);
    for data in [HOSTILE.to_owned(), format!("{{ csv = {{ path = {} }} }}", quoted(HOSTILE))] {
        run(&["evaluate", weights.to_str().unwrap(), "--data", &data], 2);
    }
}

/// A baseline in which somebody has written something else into every field.
fn changed_baseline(project: &Project, name: &str, run: &dyn Fn(&[&str], i32) -> Ended) {
    let path = project.path("results/baselines").join(name.replace(".toml", ".csv"));
    let good = std::fs::read_to_string(&path).unwrap();
    let hostile = "a\r::error::b\u{1b}[31m\u{9b}2J\u{202e}##[error]<img>|`c`";
    for (index, line) in good.lines().enumerate() {
        let changed = match line.split_once(": ") {
            Some((key, _)) => format!("{key}: {hostile}"),
            None => line.replacen(',', &format!(",\"{hostile}\","), 1),
        };
        let lines: Vec<&str> =
            good.lines().enumerate().map(|(at, line)| if at == index { &*changed } else { line }).collect();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        for format in ["text", "markdown", "json", "github"] {
            let arguments = ["check", name, "--stored", "--format", format, "--data-dir", "."];
            let ended = project.run(&arguments);
            assert_tame(&ended, &arguments);
        }
    }
    std::fs::write(&path, good).unwrap();
    run(&["check", name, "--stored"], 0);
}

/// Errors quote the wrong text.
#[test]
fn nothing_of_it_is_obeyed_in_errors() {
    let project = Project::new();
    project.file(
        "good.toml",
        "question = \"q\"\nseeds = 1\n[data]\ndataset = \"xor\"\nvalidation = 0\ntest = 0\n",
    );
    let text = quoted(HOSTILE);
    let wrong = [
        format!("{text} = 1\n"),
        format!("question = \"q\"\n[{text}]\n"),
        format!("question = \"q\"\n[data]\ndataset = {text}\n"),
        format!("question = \"q\"\n[data]\n{text} = 1\n"),
        format!("question = \"q\"\n[grid]\n{text} = [1]\n"),
        format!("question = \"q\"\n[grid]\noptimizer = [{text}, {{ {text} = {{ a = 1 }} }}]\n"),
        format!("question = \"q\"\n[analysis]\nmetric = {text}\ncompare = {text}\ntune = [{text}]\n"),
        format!("question = \"q\"\n[[claim]]\ntext = \"t\"\nmetric = {text}\n{text} = 1\n"),
        format!("question = \"q\"\n[data]\ndataset = {{ csv = {{ path = {text}, target = {text} }} }}\n"),
        format!("kind = {text}\nquestion = {text}\n"),
        // Not even TOML.
        format!("# {HOSTILE}\nquestion = \"{HOSTILE}\n"),
        HOSTILE.to_owned(),
    ];
    for (index, text) in wrong.iter().enumerate() {
        project.file("wrong.toml", text);
        let ended = project.run(&["plan", "wrong.toml"]).error(2, &["error"]);
        assert_tame(&ended, &[&index.to_string()]);
    }
    let set = format!("{HOSTILE}=1");
    let value = format!("optimizer={HOSTILE}");
    let tolerance = format!("{HOSTILE}=1");
    for arguments in [
        &["plan", "good.toml", "--set", &set][..],
        &["plan", "good.toml", "--set", &value],
        &["plan", "good.toml", "--set", HOSTILE],
        &["plan", "good.toml", "--data-dir", HOSTILE, "--set", "dataset=mnist"],
        &["plan", HOSTILE],
        &["report", HOSTILE],
        &["report", "good.toml", "--results", HOSTILE],
        &["compare", HOSTILE, "b"],
        &["evaluate", HOSTILE],
        &["check", "good.toml", "--baselines", HOSTILE],
        &["check", "good.toml", "--tolerance", &tolerance],
        &["check", "good.toml", "--format", HOSTILE],
        &["new", HOSTILE],
        &["list", HOSTILE],
        &["run", "good.toml", "--threads", HOSTILE],
        &["run", "good.toml", "--results", "/dev/null/\n::error::x"],
        &[HOSTILE],
        &["plan", HOSTILE, HOSTILE],
    ] {
        let ended = project.run(arguments).error(2, &["error"]);
        assert_tame(&ended, arguments);
    }
}
