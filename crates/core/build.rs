//! Chooses the LAPACK library for the feature `lapack`.
//!
//! Debian's static, serial OpenBLAS comes first: it starts no threads, and a program loads nothing at its start. The
//! shared library does not work there, because its serial and threaded versions have the same soname. At run time, the
//! threaded one is chosen. Elsewhere, pkg-config or the linker finds OpenBLAS. `justw` makes the same choice.

#![expect(clippy::disallowed_methods, reason = "cargo reads paths as they are")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(threaded_openblas)");
    if env::var_os("CARGO_FEATURE_LAPACK").is_none() {
        return;
    }
    match serial_folder() {
        Some(folder) => link_serial(&folder),
        None => link_shared(),
    }
}

/// Debian's folder of the serial OpenBLAS, if it contains both the archive and the Fortran runtime it needs.
fn serial_folder() -> Option<PathBuf> {
    let architecture = env::var("CARGO_CFG_TARGET_ARCH").ok()?;
    let libraries = PathBuf::from(format!("/usr/lib/{architecture}-linux-gnu"));
    let folder = libraries.join("openblas-serial");
    // Installing or removing the package changes the choice.
    println!("cargo::rerun-if-changed={}", libraries.join("openblas-serial/libopenblas.a").display());
    (folder.join("libopenblas.a").is_file() && libraries.join(FORTRAN).is_file()).then_some(folder)
}

/// The runtime library of GNU Fortran, by its soname: the package of the serial OpenBLAS installs it, but not the file
/// that `-lgfortran` looks for.
const FORTRAN: &str = "libgfortran.so.5";

/// As `dylib`, because such libraries follow all crates on the linker's command line, which resolves an archive from
/// left to right.
fn link_serial(folder: &Path) {
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib=dylib:+verbatim=libopenblas.a");
    println!("cargo::rustc-link-lib=dylib:+verbatim={FORTRAN}");
}

/// This library may start its own threads.
fn link_shared() {
    println!("cargo::rustc-cfg=threaded_openblas");
    for folder in shared_folders() {
        println!("cargo::rustc-link-search=native={folder}");
    }
    println!("cargo::rustc-link-lib=dylib=openblas");
}

/// Additional search paths of the linker.
fn shared_folders() -> Vec<String> {
    let answer = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if let Some(folder) = answer("pkg-config", &["--variable=libdir", "openblas"]) {
        return vec![folder];
    }
    let is_mac = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "macos");
    let brewed = is_mac.then(|| answer("brew", &["--prefix", "openblas"])).flatten();
    brewed.map(|folder| format!("{folder}/lib")).into_iter().collect()
}
