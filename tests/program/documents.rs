//! The documents are correct: commands run, output is real, recipes work, evidence exists.

use chainrule_record::text::from_os;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project's folder")
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn chainrule(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chainrule"))
        .current_dir(project())
        .args(arguments)
        .output()
        .expect("chainrule runs")
}

/// The bodies of the code blocks of a language.
fn blocks<'a>(markdown: &'a str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.trim() != format!("```{language}") {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let body: Vec<&'a str> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
        blocks.push(body.iter().map(|line| format!("{}\n", line.get(indent..).unwrap_or(""))).collect());
    }
    blocks
}

/// The recipes of the justfile that users see.
fn recipes() -> Vec<String> {
    let justfile = read("justfile");
    let heads = justfile
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(':'));
    heads.filter_map(|head| head.split([' ', ':']).next().map(str::to_owned)).collect()
}

/// Every command of the README and of CONTRIBUTING. Commands that run the program are executed, long ones shortened. For
/// commands that build or test, which would call this test again, the recipe must exist.
#[test]
fn every_command_works() {
    let results = tempfile::tempdir().expect("a temporary folder");
    let results = results.path().to_str().expect("a path in UTF-8");
    let mut ran = 0;
    for document in ["README.md", "CONTRIBUTING.md", "docs/regressions.md"] {
        let blocks = blocks(&read(document), "sh").concat();
        for line in blocks.lines().filter(|line| !line.is_empty()) {
            let command = line.split('#').next().unwrap_or("").trim();
            let words: Vec<&str> = command.split_whitespace().collect();
            let [program, recipe, rest @ ..] = words.as_slice() else {
                panic!("{document}: what is `{line}`?")
            };
            assert!(
                ["./justw", "just", "chainrule"].contains(program),
                "{document}: `{line}` runs an unknown program"
            );
            assert!(
                recipes().iter().any(|known| known == recipe),
                "{document}: there is no recipe `{recipe}`"
            );
            if ["run", "plan", "report", "list", "new", "bless", "check"].contains(recipe) {
                if *recipe == "check" {
                    try_command("bless", &rest[..1], results, document);
                }
                try_command(recipe, rest, results, document);
                ran += 1;
            }
        }
    }
    assert!(ran >= 7, "only {ran} commands were found");
}

fn try_command(recipe: &str, rest: &[&str], results: &str, document: &str) {
    let mut arguments: Vec<String> =
        [&[recipe], rest].concat().iter().map(|word| (*word).to_owned()).collect();
    let is_own = rest.iter().any(|word| word.contains("my-question"));
    if recipe == "new" {
        arguments.extend(["--folder".to_owned(), results.to_owned()]);
    } else if recipe != "list" {
        arguments.extend(["--results".to_owned(), results.to_owned()]);
    }
    if is_own {
        arguments.iter_mut().for_each(|word| *word = word.replace("experiments/", &format!("{results}/")));
    }
    if ["bless", "check"].contains(&recipe) {
        arguments.extend(["--baselines".to_owned(), format!("{results}/baselines")]);
    }
    let short: &[&str] = match recipe {
        "run" | "report" => &["epochs=1", "seeds=1", "learning_rate=[0.1]"],
        "bless" | "check" => &["epochs=1", "seeds=1"],
        _ => &[],
    };
    let key = |assignment: &str| assignment.split('=').next().map(str::to_owned);
    for assignment in short {
        // Each key is set once.
        if !rest.iter().any(|word| key(word) == key(assignment)) {
            arguments.extend(["--set", assignment].map(str::to_owned));
        }
    }
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = chainrule(&words);
    let text = String::from_utf8_lossy(&output.stderr);
    // A file of the same name from the other document is not overwritten, which is right too.
    let is_there = recipe == "new" && text.contains("exists already");
    assert!(output.status.success() || is_there, "{document}: `chainrule {}`: {text}", words.join(" "));
}

/// The workflow for a user's own CI calls recipes that exist.
#[test]
fn the_workflow_calls_recipes() {
    let workflow = blocks(&read("README.md"), "yaml").concat();
    let commands: Vec<&str> =
        workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: ")).collect();
    assert_eq!(commands, ["./justw check experiments/xor.toml --format github"]);
    assert!(recipes().iter().any(|recipe| recipe == "check"));
    assert!(workflow.contains("hashFiles('Cargo.lock')") && project().join("Cargo.lock").is_file());
}

/// Every baseline is of an experiment that CI compares with it.
#[test]
fn every_baseline_is_checked() {
    let ci = read(".ci/run");
    let folder = fs::read_dir(project().join("results/baselines")).expect("the baselines");
    let mut found = 0;
    for file in folder.map(|entry| entry.expect("an entry").path()) {
        let name = from_os(file.file_stem().expect("a name"));
        let is_checked = ci
            .lines()
            .any(|line| line.starts_with("step ./justw check ") && line.contains(&format!("/{name}.toml")));
        assert!(is_checked, "{name} is not checked by .ci/run");
        found += 1;
    }
    assert_eq!(found, 2);
}

#[test]
fn the_readme_shows_the_experiment_that_is_shipped() {
    assert_eq!(blocks(&read("README.md"), "toml"), [read("experiments/xor.toml")]);
}

/// The output in the README equals the output of the program, except for the seconds and the folder. The last digits of
/// numbers may differ too, because processors differ.
#[test]
fn the_readme_shows_real_output() {
    let block = blocks(&read("README.md"), "console").concat();
    let (command, shown) = block.split_once('\n').expect("a command and its output");
    assert_eq!(command, "$ chainrule run experiments/xor.toml");
    let results = tempfile::tempdir().expect("a temporary folder");
    let output =
        chainrule(&["run", "experiments/xor.toml", "--results", results.path().to_str().expect("UTF-8")]);
    let real = String::from_utf8(output.stdout).expect("UTF-8");
    let (shown, real): (Vec<_>, Vec<_>) =
        (shown.split_whitespace().collect(), real.split_whitespace().collect());
    assert_eq!(shown.len(), real.len(), "{}", real.join(" "));
    // The last words are `in 0.2 s report: PATH page: PATH`.
    let seconds = real.len() - 6;
    for (index, (shown, real)) in shown.iter().zip(&real).enumerate() {
        let same = index == seconds
            || shown.ends_with("report.md")
            || shown.ends_with("report.html")
            || similar(shown, real);
        assert!(same, "the README shows `{shown}`, the program prints `{real}`");
    }
}

fn similar(shown: &str, real: &str) -> bool {
    let number = |word: &str| word.trim_matches(|c: char| !c.is_ascii_digit()).parse::<f64>().ok();
    match (number(shown), number(real)) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-3 * a.abs().max(b.abs()),
        _ => shown == real,
    }
}

/// Every fault on the page of reliability names a test that exists.
#[test]
fn every_fault_is_tested() {
    let sources: String = ["tests", "crates"].map(|folder| sources_below(&project().join(folder))).concat();
    let page = read("docs/reliability.md");
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |")).collect();
    for row in &rows {
        let name = row.rsplit('`').nth(1).and_then(|test| test.rsplit("::").next()).expect("a test");
        assert!(sources.contains(&format!("fn {name}(")), "there is no test `{name}`: {row}");
    }
    assert!(rows.len() > 40, "only {} faults were found", rows.len());
}

/// The text of every Rust file below a folder.
fn sources_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let text = |path: PathBuf| match path.extension() {
        _ if path.is_dir() => sources_below(&path),
        Some(extension) if extension == "rs" => fs::read_to_string(&path).expect("a source file"),
        _ => String::new(),
    };
    entries.map(text).collect()
}

/// The page of the experiments has the text of its template. Its figures are not checked: that takes every experiment.
#[test]
fn the_page_of_the_experiments_is_made_from_its_template() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = words(&read("docs/experiments.md"));
    let template = read("docs/experiments.md.jinja");
    // The text outside of {{ figures }} and {% definitions %}.
    let texts = template.split('{').map(|piece| piece.rsplit('}').next().unwrap_or(piece));
    let mut rest = page.as_str();
    let mut found = 0;
    for text in texts.map(words).filter(|text| !text.is_empty()) {
        let place =
            rest.find(&text).unwrap_or_else(|| panic!("`{text}` is missing: type `just renew --docs-only`"));
        rest = &rest[place + text.len()..];
        found += 1;
    }
    assert!(found > 50, "only {found} pieces of text were found");
}

/// Every shipped experiment can be planned, and is listed in the README.
#[test]
fn every_experiment_is_in_the_readme() {
    let readme = read("README.md");
    let folder = fs::read_dir(project().join("experiments")).expect("the experiments");
    let mut planned = 0;
    for file in folder.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
        let name = from_os(file.file_name().expect("a name"));
        assert!(readme.contains(&format!("(experiments/{name})")), "{name} is not in the README");
        if !name.starts_with("mnist") {
            let plan = chainrule(&["plan", &format!("experiments/{name}")]);
            assert!(plan.status.success(), "{name}: {}", String::from_utf8_lossy(&plan.stderr));
            planned += 1;
        }
    }
    assert!(planned >= 8);
}

/// Every column of the tables is described.
#[test]
fn every_column_is_described() {
    let results = tempfile::tempdir().expect("a temporary folder");
    let folder = results.path().to_str().expect("UTF-8");
    let run = chainrule(&[
        "run",
        "experiments/xor.toml",
        "--results",
        folder,
        "--set",
        "epochs=1",
        "--set",
        "seeds=1",
    ]);
    assert!(run.status.success());
    let described = read("docs/results.md") + &read("docs/reference/experiment-file.md");
    for table in ["runs.csv", "curves.csv", "summary.csv"] {
        let text = fs::read_to_string(results.path().join("xor").join(table)).expect("a table");
        for column in text.lines().next().expect("a header").split(',') {
            assert!(
                described.contains(&format!("`{column}`")),
                "column `{column}` of {table} is not described"
            );
        }
    }
}

/// The reference equals the output of the program.
#[test]
fn the_reference_is_fresh() {
    let fresh = tempfile::tempdir().expect("a temporary folder");
    assert!(chainrule(&["reference", fresh.path().to_str().expect("UTF-8")]).status.success());
    let names = |folder: &Path| {
        let entries =
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = entries.collect();
        names.sort();
        names
    };
    let kept = project().join("docs/reference");
    assert_eq!(names(&kept), names(fresh.path()), "type `just docs`");
    for name in names(&kept) {
        let (kept, fresh) =
            (fs::read_to_string(kept.join(&name)), fs::read_to_string(fresh.path().join(&name)));
        assert!(
            kept.ok() == fresh.ok(),
            "docs/reference/{} is out of date: type `just docs`",
            from_os(&name)
        );
    }
}

/// Follows the recipe "Add an activation" in a copy of the project, and runs the contract tests there.
#[test]
fn the_recipe_for_an_activation_works() {
    // Always the same folder, so that cargo's files for it do not accumulate.
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recipe");
    if copy.exists() {
        fs::remove_dir_all(&copy).expect("the last copy removed");
    }
    fs::create_dir_all(&copy).expect("a folder");
    for file in ["Cargo.lock", "clippy.toml"] {
        fs::copy(project().join(file), copy.join(file)).expect("a copy");
    }
    // Cargo names build products by paths from the workspace: with other paths, the copy's libraries do not replace ours.
    let manifest = read("Cargo.toml").replace("crates/", "copy/crates/");
    fs::write(copy.join("Cargo.toml"), manifest).expect("written");
    for folder in ["crates", "tests"] {
        copy_folder(&project().join(folder), &copy.join("copy").join(folder));
    }

    let recipe = read("CONTRIBUTING.md");
    let file = blocks(&recipe, "rust").first().expect("the file of the recipe").clone();
    let folder = copy.join("copy/crates/core/src/activation");
    fs::write(folder.join("gaussian.rs"), file).expect("written");
    assert!(recipe.contains("`mod gaussian;`") && recipe.contains("`Gaussian(gaussian),`"));
    let registry = fs::read_to_string(folder.join("mod.rs")).expect("the registry");
    let registry = registry.replacen("mod tanh;", "mod gaussian;\nmod tanh;", 1);
    let registry = registry.replacen("Tanh(tanh),", "Gaussian(gaussian),\n        Tanh(tanh),", 1);
    fs::write(folder.join("mod.rs"), registry).expect("written");

    // With the whole workspace, so that dependencies have the features they were built with in the project's build folder.
    let target = Path::new(env!("CARGO_BIN_EXE_chainrule")).ancestors().nth(2).expect("the build folder");
    let test = Command::new(env!("CARGO"))
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", target)
        .args(["test", "--release", "--offline", "--workspace", "--test", "engine"])
        .output()
        .expect("cargo runs");
    let said = format!("{}{}", String::from_utf8_lossy(&test.stdout), String::from_utf8_lossy(&test.stderr));
    assert!(test.status.success(), "{said}");
    assert!(said.contains("test result: ok"), "{said}");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
