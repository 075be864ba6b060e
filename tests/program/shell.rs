//! Shell completions and manual pages.

use crate::project::{Project, XOR};
use std::process::Command;

/// The words of the help of a command that are accepted by `is_wanted`.
fn words(project: &Project, arguments: &[&str], is_wanted: fn(&str) -> bool) -> Vec<String> {
    let help = project.run(arguments).well().stdout;
    let words = help.split_whitespace().filter(|word| is_wanted(word)).map(str::to_owned).collect::<Vec<_>>();
    assert!(!words.is_empty(), "{help}");
    words
}

/// The subcommands: the first word of each line under "Commands".
fn commands(project: &Project) -> Vec<String> {
    let help = project.run(&["--help"]).well().stdout;
    let list = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names =
        list.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(' ').map(|(name, _)| name));
    let names: Vec<_> = names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect();
    assert!(names.len() > 10, "{names:?}");
    names
}

#[test]
fn completion_scripts_have_every_command() {
    let project = Project::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = project.run(&["completions", shell]).well().stdout;
        for command in commands(&project) {
            assert!(script.contains(&command), "{shell}: {command} is missing");
        }
    }
}

#[test]
fn bash_accepts_its_completion_script() {
    let project = Project::new();
    let script = project.file("chainrule.bash", project.run(&["completions", "bash"]).well().stdout);
    let parsed = Command::new("bash").arg("-n").arg(&script).output().unwrap();
    assert!(parsed.status.success() && parsed.stderr.is_empty(), "{parsed:?}");
    let complete = ". ./chainrule.bash; COMP_WORDS=(chainrule run --se) COMP_CWORD=2; \
                    _chainrule chainrule --se run; echo \"${COMPREPLY[@]}\"";
    let completed =
        Command::new("bash").args(["-c", complete]).current_dir(project.path(".")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&completed.stdout).trim(), "--set", "{completed:?}");
}

#[test]
fn manual_pages_have_every_option() {
    let project = Project::new();
    project.run(&["man", "pages"]).well();
    let is_option = |word: &str| word.starts_with("--") && word.len() > 2;
    for command in commands(&project) {
        let page = std::fs::read_to_string(project.path(&format!("pages/chainrule-{command}.1"))).unwrap();
        assert!(page.contains(&format!(".TH chainrule-{command} 1")), "{page}");
        for option in words(&project, &[&command, "-h"], is_option) {
            let name = option.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
            assert!(page.contains(&name.replace('-', r"\-")), "{command}: {name} is missing");
        }
    }
    let main = project.run(&["man"]).well().stdout;
    assert!(main.contains(".TH chainrule 1") && main.contains(r"chainrule\-run(1)"), "{main}");
    assert_eq!(main, std::fs::read_to_string(project.path("pages/chainrule.1")).unwrap());
}

#[test]
fn manual_pages_overwrite_only_manual_pages() {
    let project = Project::new();
    project.run(&["man", "pages"]).well();
    project.run(&["man", "pages"]).well();
    project.file("pages/chainrule-run.1", "mine");
    project.run(&["man", "pages"]).error(2, &["chainrule-run.1 exists already", "another folder"]);
    assert_eq!(std::fs::read_to_string(project.path("pages/chainrule-run.1")).unwrap(), "mine");
}

/// Options win over the environment, and the environment over the defaults.
#[test]
fn folders_can_be_set_by_the_environment() {
    let project = Project::new();
    project.file("x.toml", XOR);
    let bless = |arguments: &[&str]| {
        let mut command = project.command(arguments);
        command.env("CHAINRULE_RESULTS", "elsewhere").env("CHAINRULE_BASELINES", "kept");
        assert!(command.status().unwrap().success());
    };
    bless(&["bless", "x.toml"]);
    assert!(project.path("elsewhere/x/runs.sqlite").is_file() && project.path("kept/x.csv").is_file());
    bless(&["bless", "x.toml", "--results", "typed", "--baselines", "typed"]);
    assert!(project.path("typed/x/runs.sqlite").is_file() && project.path("typed/x.csv").is_file());
    assert!(!project.path("results").exists());
}
