//! Standard output and standard error that are full, closed, slow or gone; colours; and file names that are not UTF-8.
#![cfg(unix)]

use crate::project::{Project, xor};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{PipeWriter, Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Two learning rates, saved weights and a claim that is refuted.
const REST: &str = r#"
save_weights = true
[grid]
learning_rate = [0.1, 0.2]
[[claim]]
text = "Nothing is left to learn"
metric = "train_loss"
at_most = 1e-6
must = true
"#;

fn project() -> Project {
    let project = Project::new();
    project.file("xor.toml", xor(3, REST.split("[[claim]]").next().unwrap()));
    project.file("refuted.toml", xor(3, REST));
    project
}

/// Commands that say something on standard error, with the exit code of their work.
const SPEAKING: [(&[&str], i32); 7] = [
    (&["plan", "nosuch.toml"], 2),
    (&["plan", "xor.toml", "--set", "epochs=-1"], 2),
    (&["nonsense"], 2),
    (&["check", "xor.toml"], 2),
    (&["run", "xor.toml", "-vv"], 0),
    (&["run", "xor.toml", "-vv", "--log-format", "json"], 0),
    (&["run", "refuted.toml", "-v"], 1),
];

fn unread() -> PipeWriter {
    std::io::pipe().unwrap().1
}

/// A pipe that takes nothing more, and says so instead of blocking.
fn full() -> (std::io::PipeReader, PipeWriter) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).unwrap();
    while writer.write(&[b'.'; 512]).is_ok() {}
    (reader, writer)
}

/// A terminal: the end for the window, and the end for programs. No other program inherits them, because that would keep the
/// terminal open.
fn terminal() -> (impl Read + Send + 'static, File) {
    let window = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC).unwrap();
    grantpt(&window).unwrap();
    unlockpt(&window).unwrap();
    let programs = ptsname_r(&window).unwrap();
    let programs =
        OpenOptions::new().read(true).write(true).custom_flags(OFlag::O_NOCTTY.bits()).open(programs);
    (window, programs.unwrap())
}

/// A terminal whose window has been closed.
fn gone() -> File {
    terminal().1
}

#[test]
fn a_message_that_cannot_be_said_leaves_the_exit_code_of_the_work() {
    let project = project();
    let (_reader, writer) = full();
    for (arguments, code) in SPEAKING {
        let full_disk = File::create("/dev/full").map(Stdio::from);
        let streams = [
            ("gone", gone().into()),
            ("unread", unread().into()),
            ("full", writer.try_clone().unwrap().into()),
        ];
        for (name, stderr) in streams.into_iter().chain(full_disk.ok().map(|full| ("/dev/full", full))) {
            let status = project.command(arguments).stdout(Stdio::null()).stderr(stderr).status().unwrap();
            assert_eq!(status.code(), Some(code), "{arguments:?} with standard error {name}");
        }
    }
    assert!(project.path("results/refuted/report.md").exists());
}

#[test]
fn streams_may_be_closed() {
    let project = project();
    for closed in ["2>&-", "1>&-", "0<&- 1>&- 2>&-"] {
        for (arguments, code) in SPEAKING {
            let program = project.command(arguments);
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("exec \"$0\" \"$@\" {closed}")).arg(program.get_program());
            let status =
                shell.args(program.get_args()).current_dir(project.path("")).env_remove("CHAINRULE_DATA");
            let output = status.output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{arguments:?} {closed}: {output:?}");
        }
    }
}

#[test]
fn a_terminal_that_goes_ends_no_sweep() {
    let project = project();
    let rates: Vec<String> = (1..=12).map(|rate| format!("{:.4}", f64::from(rate) / 1000.0)).collect();
    let rates = format!("learning_rate=[{}]", rates.join(","));
    let (mut window, programs) = terminal();
    let stream = || Stdio::from(programs.try_clone().unwrap());
    let mut command = project.command(&[
        "run",
        "xor.toml",
        "-v",
        "--set",
        &rates,
        "--set",
        "epochs=20000",
        "--set",
        "evaluate_every=5000",
    ]);
    let mut child = command.env("TERM", "xterm").stdout(stream()).stderr(stream()).spawn().unwrap();
    window.read_exact(&mut [0; 32]).unwrap();
    drop((window, programs, command));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(project.table("xor", "runs.csv").len(), 37);
}

#[test]
fn a_slow_reader_gets_all_of_an_answer() {
    let project = project();
    let expected = project.run(&["list", "dataset"]).well().stdout;
    let (mut reader, writer) = full();
    let mut child =
        project.command(&["list", "dataset"]).stdout(writer).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(read.trim_start_matches('.'), expected);
}

/// The output of a command on a terminal.
fn shown_on_terminal(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let (mut window, programs) = terminal();
    let stream = || Stdio::from(programs.try_clone().unwrap());
    let mut command = project.command(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").envs(variables.iter().copied()).stdout(stream()).stderr(stream());
    let mut child = command.spawn().unwrap();
    // It holds copies of the terminal.
    drop((command, programs));
    let reader = std::thread::spawn(move || {
        let (mut all, mut some) = (Vec::new(), [0; 4096]);
        // A terminal that nobody writes to any more is an error, not an end.
        while let Ok(n @ 1..) = window.read(&mut some) {
            all.extend(&some[..n]);
        }
        String::from_utf8_lossy(&all).into_owned()
    });
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn colours_are_shown_where_they_are_wanted() {
    let project = project();
    let commands: [&[&str]; 4] =
        [&["plan", "nosuch.toml"], &["nonsense"], &["--help"], &["run", "refuted.toml", "--quiet"]];
    for arguments in commands {
        let of = |variables: &[(&str, &str)]| shown_on_terminal(&project, arguments, variables);
        assert!(of(&[]).contains("\u{1b}["), "{arguments:?}");
        for variable in [("NO_COLOR", "1"), ("TERM", "dumb"), ("CLICOLOR", "0")] {
            let shown = of(&[variable]);
            assert!(
                !shown.is_empty() && !shown.contains('\u{1b}'),
                "{arguments:?} with {variable:?}: {shown:?}"
            );
        }
        let both = of(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]);
        assert!(!both.contains('\u{1b}'), "{arguments:?}: {both:?}");
    }
    let forced =
        project.command(&["plan", "nosuch.toml"]).env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1").output();
    assert!(String::from_utf8_lossy(&forced.unwrap().stderr).contains("\u{1b}["));
    // A bar needs a cursor that moves.
    let run = ["run", "xor.toml", "--set", "seeds=3"];
    let dumb = shown_on_terminal(&project, &run, &[("TERM", "dumb")]);
    assert!(!dumb.contains('\u{1b}') && !dumb.replace("\r\n", "").contains('\r'), "{dumb:?}");
}

fn bytes(bytes: &[u8]) -> OsString {
    OsString::from_vec(bytes.to_vec())
}

/// From a run to a verdict, in a folder whose name is not UTF-8.
#[test]
fn file_names_need_not_be_utf_8() {
    let project = Project::new();
    let folder = project.path("").join(bytes(b"folder \xff\xfe"));
    std::fs::create_dir(&folder).unwrap();
    let names =
        [&b"a\xff b.toml"[..], b"res\xffults", b"kept\xff", b"other\xff", b"out\xff.csv", b"compared\xff"];
    let [file, results, kept, other, rows, compared] = names.map(bytes);
    std::fs::write(folder.join(&file), xor(3, REST)).unwrap();
    let run = |words: &[&OsStr], code: i32| -> String {
        let output = project.command(&[]).args(words).current_dir(&folder).output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        assert_eq!(output.status.code(), Some(code), "{words:?}: {stdout}{stderr}");
        stdout + &stderr
    };
    let word = OsStr::new;
    let option = [word("--results"), &results];
    let its = folder.join(&results).join(bytes(b"a\xff b"));
    assert!(
        run(&[&[word("run"), &file], &option[..]].concat(), 1)
            .contains(r"report: res\xffults/a\xff b/report.md")
    );
    run(&[&[word("plan"), &file], &option[..]].concat(), 0);
    run(&[&[word("report"), &file], &option[..]].concat(), 0);
    run(&[word("report"), its.as_os_str()], 0);
    let baselines = [&option[..], &[word("--baselines"), &kept]].concat();
    assert!(
        run(&[&[word("check"), &file], &baselines[..]].concat(), 2)
            .contains(r"there is no baseline kept\xff/a\xff b.csv")
    );
    run(&[&[word("bless"), &file], &baselines[..]].concat(), 0);
    assert!(folder.join(&kept).join(bytes(b"a\xff b.csv")).exists());
    run(&[&[word("check"), &file], &baselines[..]].concat(), 0);
    run(&[&[word("check"), &file, word("--stored")], &baselines[..]].concat(), 0);
    let weights = std::fs::read_dir(its.join("weights")).unwrap().next().unwrap().unwrap().path();
    run(&[word("evaluate"), weights.as_os_str(), word("--predictions"), &rows], 0);
    assert!(folder.join(&rows).exists());
    run(&[word("run"), &file, word("--results"), &other, word("--set"), word("epochs=4")], 1);
    let second = folder.join(&other).join(bytes(b"a\xff b"));
    run(&[word("compare"), its.as_os_str(), second.as_os_str(), word("--output"), &compared], 0);
    again_as_reported(&folder, &its);
}

/// The command that a report names is read by a shell as it was typed.
fn again_as_reported(folder: &std::path::Path, results: &std::path::Path) {
    let report = std::fs::read_to_string(results.join("report.md")).unwrap();
    let line = report.lines().find_map(|line| line.strip_prefix("    chainrule ")).unwrap();
    if Command::new("bash").arg("--version").output().is_err() {
        crate::project::say_skipped("the command of a report", "there is no bash here");
        return;
    }
    let program = env!("CARGO_BIN_EXE_chainrule");
    let output =
        Command::new("bash").arg("-c").arg(format!("{program} {line}")).current_dir(folder).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("0 runs executed, 6 reused from the store"), "{line}: {stdout}");
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let project = project();
    let pipe = project.path("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let pipe = pipe.to_str().unwrap();
    for file in [pipe, "/dev/zero", "/dev/tty", "."] {
        project.run(&["plan", file]).error(2, &["cannot read", "name"]);
        project.run(&["evaluate", file]).error(2, &["cannot be read"]);
    }
    project.file("baselines/xor.csv", "");
    std::fs::remove_file(project.path("baselines/xor.csv")).unwrap();
    nix::unistd::mkfifo(&project.path("baselines/xor.csv"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    project.run(&["check", "xor.toml", "--baselines", "baselines"]).error(2, &["it is a pipe or a device"]);
    std::fs::File::create(project.path("large.toml")).unwrap().set_len(1 << 40).unwrap();
    project.run(&["plan", "large.toml"]).error(2, &["it has more than 16777216 bytes"]);
    // A name that another program would take for an address is a name.
    project.run(&["run", "xor.toml", "--results", "file:x?mode=memory"]).well();
    assert!(project.path("file:x?mode=memory/xor/runs.sqlite").exists());
}

#[test]
fn too_many_runs_are_said_as_they_are() {
    let project = project();
    let axis = |name: &str, to: u32| format!("{name}={{ linear = [1, {to}], points = {to} }}");
    let [epochs, width, patience, batch] =
        [("epochs", 100_000), ("batch_size", 100_000), ("split_seed", 100_000), ("evaluate_every", 100_000)]
            .map(|(name, to)| axis(name, to));
    let arguments =
        ["plan", "xor.toml", "--yes", "--set", &epochs, "--set", &width, "--set", &patience, "--set", &batch];
    project.run(&arguments).error(2, &["about 6e20 runs", "the maximum is 10000000"]);
    project.run(&[&arguments[..2], &arguments[3..]].concat()).error(2, &["about 6e20 runs"]);
}
