//! Tells the program which commit and which compiler it is made of.

use std::process::Command;

fn main() {
    for path in ["../../.git/HEAD", "../../.git/index"] {
        if std::path::Path::new(path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    println!("cargo::rerun-if-changed=build.rs");
    let commit = output("git", &["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]);
    let compiler = output(&std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()), &["--version"]);
    println!("cargo::rustc-env=CHAINRULE_COMMIT={}", commit.unwrap_or_else(|| "unknown".to_owned()));
    println!("cargo::rustc-env=CHAINRULE_COMPILER={}", compiler.unwrap_or_else(|| "unknown".to_owned()));
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
