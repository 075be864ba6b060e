//! The memory available to this process: from the machine, its address space (`ulimit -v`) and its control groups.

/// The available memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Available {
    /// Bytes.
    pub bytes: u64,
    /// The limiting resource, for people.
    pub limit: &'static str,
}

/// The smallest of all limits; `None` if the system reports none.
pub fn available() -> Option<Available> {
    let limits = [
        (machine(), "memory of the machine"),
        (address_space(), "limit of the address space, `ulimit -v`"),
        (control_groups(), "limit of the control group"),
    ];
    let known = limits.into_iter().filter_map(|(bytes, limit)| Some(Available { bytes: bytes?, limit }));
    known.min_by_key(|available| available.bytes)
}

#[cfg(target_os = "linux")]
use linux::{address_space, control_groups, machine};

#[cfg(not(target_os = "linux"))]
use unknown::{address_space, control_groups, machine};

/// Systems whose limits are not determined.
#[cfg(not(target_os = "linux"))]
mod unknown {
    pub(super) fn machine() -> Option<u64> {
        None
    }

    pub(super) fn address_space() -> Option<u64> {
        None
    }

    pub(super) fn control_groups() -> Option<u64> {
        None
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use procfs::process::{LimitValue, Process};
    use procfs::{Current, Meminfo};
    use std::fs::read_to_string;
    use std::path::{Path, PathBuf};

    /// The memory that the machine can provide without swapping.
    pub(super) fn machine() -> Option<u64> {
        Meminfo::current().ok()?.mem_available
    }

    /// The remaining address space.
    pub(super) fn address_space() -> Option<u64> {
        let process = Process::myself().ok()?;
        match process.limits().ok()?.max_address_space.soft_limit {
            LimitValue::Unlimited => None,
            LimitValue::Value(most) => Some(most.saturating_sub(process.stat().ok()?.vsize)),
        }
    }

    /// The remaining memory of the tightest control group of the process, including outer groups.
    pub(super) fn control_groups() -> Option<u64> {
        let groups = Process::myself().ok()?.cgroups().ok()?;
        let left = groups.into_iter().filter_map(|group| {
            if group.controllers.iter().any(|controller| controller == "memory") {
                return tightest(Path::new("/sys/fs/cgroup/memory"), &group.pathname, &VERSION_1);
            }
            (group.hierarchy == 0)
                .then(|| tightest(Path::new("/sys/fs/cgroup"), &group.pathname, &VERSION_2))?
        });
        left.min()
    }

    /// The files of a control group with its memory values.
    struct Files {
        limit: &'static str,
        used: &'static str,
        /// The line of `memory.stat` with the file memory that is released on demand.
        given_back: &'static str,
    }

    const VERSION_1: Files = Files {
        limit: "memory.limit_in_bytes",
        used: "memory.usage_in_bytes",
        given_back: "total_inactive_file ",
    };

    const VERSION_2: Files =
        Files { limit: "memory.max", used: "memory.current", given_back: "inactive_file " };

    /// The least remaining memory of a group and its parents. A group whose folder this process cannot see counts as
    /// unlimited.
    fn tightest(root: &Path, group: &str, files: &Files) -> Option<u64> {
        let inner: PathBuf = root.join(group.trim_start_matches('/'));
        inner.ancestors().take_while(|folder| folder.starts_with(root)).filter_map(|at| left(at, files)).min()
    }

    fn left(folder: &Path, files: &Files) -> Option<u64> {
        let number = |file: &str| read_to_string(folder.join(file)).ok()?.trim().parse::<u64>().ok();
        let stat = read_to_string(folder.join("memory.stat")).unwrap_or_default();
        let given_back =
            stat.lines().find_map(|line| line.strip_prefix(files.given_back)?.parse::<u64>().ok());
        // The word `max` is not a number: there is no limit.
        let used = number(files.used)?.saturating_sub(given_back.unwrap_or(0));
        Some(number(files.limit)?.saturating_sub(used))
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::fs::{create_dir_all, write};

        #[test]
        fn the_tightest_of_the_groups_around_counts() {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path();
            let group = |at: &str, limit: &str, used: &str| {
                create_dir_all(root.join(at)).unwrap();
                write(root.join(at).join("memory.max"), limit).unwrap();
                write(root.join(at).join("memory.current"), used).unwrap();
                write(root.join(at).join("memory.stat"), "anon 5\ninactive_file 40\nfile 9\n").unwrap();
            };
            assert_eq!(tightest(root, "/outer/inner", &VERSION_2), None);
            group("outer/inner", "max\n", "100\n");
            assert_eq!(tightest(root, "/outer/inner", &VERSION_2), None);
            group("outer", "1000\n", "140\n");
            assert_eq!(tightest(root, "/outer/inner", &VERSION_2), Some(900));
            group("outer/inner", "300\n", "100\n");
            assert_eq!(tightest(root, "/outer/inner", &VERSION_2), Some(240));
            assert_eq!(tightest(root, "/", &VERSION_2), None);
        }

        #[test]
        fn this_machine_tells_its_memory() {
            assert!(machine().is_some_and(|bytes| bytes > 1_000_000));
        }
    }
}
