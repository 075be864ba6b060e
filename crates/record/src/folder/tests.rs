use super::partial::Partial;
use super::*;
use crate::text::shown;
use std::io;
use std::process::Command;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// Creates a folder with files.
fn with(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn text(root: &TempDir, name: &str) -> String {
    fs::read_to_string(root.path().join(name)).unwrap()
}

fn put(folder: &mut Folder, name: &str, text: &str) -> Result<(), FolderError> {
    folder.put(name, |path| fs::write(path, text).map_err(FolderError::at(path)))
}

/// Writes files. Listed files that are not among them are stale.
fn write(root: &TempDir, force: bool, files: &[(&str, &str)]) -> Outcome {
    let mut folder = Folder::open(root.path(), force).unwrap();
    files.iter().for_each(|(name, text)| put(&mut folder, name, text).unwrap());
    folder.finish(|_| true, []).unwrap()
}

fn kept(outcome: &Outcome) -> Vec<(&str, Why, bool)> {
    outcome.kept.iter().map(|kept| (kept.name.as_str(), kept.why, kept.is_known)).collect()
}

#[track_caller]
fn is_in_the_way(result: Result<impl std::fmt::Debug, FolderError>, name: &str, expected: Obstacle) {
    match result {
        Err(FolderError::InTheWay { path, obstacle }) => {
            assert!(path.ends_with(name) && obstacle == expected, "{}: {obstacle}", shown(&path));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn own_files_are_replaced_and_removed_and_others_stay() {
    let root = with(&[("notes.csv", "mine"), ("plots/mine.png", "mine")]);
    assert_eq!(write(&root, false, &[("a.csv", "1"), ("plots/b.csv", "1"), ("old/c", "1")]).kept, []);
    let outcome = write(&root, false, &[("a.csv", "2"), ("plots/b.csv", "2")]);
    assert_eq!(outcome.written, ["a.csv", "plots/b.csv"].map(|name| root.path().join(name)));
    assert_eq!((outcome.kept, outcome.unreadable), (vec![], 0));
    assert_eq!((text(&root, "a.csv"), text(&root, "plots/b.csv")), ("2".into(), "2".into()));
    assert!(!root.path().join("old").exists(), "what is not written any more goes, and its empty folder");
    assert_eq!((text(&root, "notes.csv"), text(&root, "plots/mine.png")), ("mine".into(), "mine".into()));
}

/// The list has the format of `b3sum`, so that anybody can check the files.
#[test]
fn the_list_has_a_line_a_file() {
    let root = with(&[]);
    write(&root, false, &[("b", "2"), ("a", "old"), ("a", "1")]);
    let line = |name: &str, content: &str| format!("{}  {name}\n", blake3::hash(content.as_bytes()).to_hex());
    assert_eq!(text(&root, LIST), line("a", "1") + &line("b", "2"));
}

#[test]
fn a_changed_file_is_kept_and_told_every_time_until_it_is_forced() {
    let root = with(&[]);
    write(&root, false, &[("a", "1"), ("b", "1")]);
    fs::write(root.path().join("a"), "mine").unwrap();
    for _ in 0..2 {
        let outcome = write(&root, false, &[("a", "2"), ("b", "2")]);
        assert_eq!(kept(&outcome), [("a", Why::Changed, false)]);
        assert_eq!((text(&root, "a"), text(&root, "b")), ("mine".into(), "2".into()));
    }
    assert_eq!(kept(&write(&root, true, &[("a", "2"), ("b", "2")])), []);
    assert_eq!(text(&root, "a"), "2");
    assert_eq!(kept(&write(&root, false, &[("a", "3")])), [], "it is ours again");
}

#[test]
fn a_changed_file_that_is_not_written_any_more_stays_even_if_forced() {
    let root = with(&[]);
    write(&root, false, &[("a", "1"), ("b", "1")]);
    fs::write(root.path().join("a"), "mine").unwrap();
    assert_eq!(kept(&write(&root, true, &[("b", "2")])), [("a", Why::Outdated, false)]);
    assert_eq!(kept(&write(&root, true, &[("b", "2")])), [("a", Why::Outdated, true)], "told once");
    assert_eq!(text(&root, "a"), "mine");
}

#[test]
fn files_from_before_the_list_are_kept_and_told_once_until_they_are_forced() {
    let root = with(&[("a", "earlier"), ("same", "1"), ("gone", "earlier")]);
    let files = [("a", "1"), ("same", "1")];
    let write = |force| {
        let mut folder = Folder::open(root.path(), force).unwrap();
        files.iter().for_each(|(name, text)| put(&mut folder, name, text).unwrap());
        folder.finish(|_| true, ["a", "same", "gone"].map(str::to_owned)).unwrap()
    };
    assert_eq!(kept(&write(false)), [("a", Why::Unlisted, false), ("gone", Why::Outdated, false)]);
    assert_eq!(kept(&write(false)), [("a", Why::Unlisted, true), ("gone", Why::Outdated, true)]);
    assert_eq!(text(&root, "a"), "earlier");
    fs::write(root.path().join("a"), "changed").unwrap();
    assert_eq!(kept(&write(false))[0], ("a", Why::Unlisted, false), "another content is told again");
    assert_eq!(kept(&write(true)), [("gone", Why::Outdated, true)]);
    assert_eq!((text(&root, "a"), text(&root, "gone")), ("1".into(), "earlier".into()));
    assert_eq!(kept(&write(false)), [("gone", Why::Outdated, true)]);
}

/// The line is in the list before the file has its name, so a kill at any moment leaves only files that are ours.
#[test]
fn a_kill_before_or_after_the_renaming_leaves_the_file_ours() {
    for present in ["1", "2"] {
        let root = with(&[]);
        write(&root, false, &[("a", "1")]);
        List::lock(root.path()).unwrap().append(Digest::of(b"2"), "a").unwrap();
        fs::write(root.path().join("a"), present).unwrap();
        let outcome = write(&root, false, &[("a", "3")]);
        assert_eq!(kept(&outcome), []);
        assert_eq!(text(&root, "a"), "3");
        assert_eq!(text(&root, LIST).lines().count(), 1, "one line is left");
    }
}

#[test]
fn of_several_contents_the_present_one_is_left() {
    let root = with(&[("a", "2")]);
    let mut list = List::lock(root.path()).unwrap();
    ["1", "2", "3"].iter().for_each(|content| list.append(Digest::of(content.as_bytes()), "a").unwrap());
    drop(list);
    Folder::open(root.path(), false).unwrap().finish(|_| false, []).unwrap();
    assert_eq!(text(&root, LIST), format!("{}  a\n", Digest::of(b"2")));
    // If the content matches none of the lines, the file was changed, and may be restored.
    List::lock(root.path()).unwrap().append(Digest::of(b"4"), "a").unwrap();
    fs::write(root.path().join("a"), "mine").unwrap();
    Folder::open(root.path(), false).unwrap().finish(|_| false, []).unwrap();
    assert_eq!(text(&root, LIST).lines().count(), 2);
}

#[test]
fn a_damaged_list_loses_its_lines_and_no_file() {
    let digest = Digest::of(b"1");
    let damaged = [
        "\u{0}\u{1}\n".to_owned(),
        format!("{digest} a\n"),
        format!("{digest}  \n"),
        format!("{digest}  ../outside\n"),
        format!("{digest}  /tmp/outside\n"),
        format!("{digest}  a/../../outside\n"),
        format!("{digest}  a//b\n"),
        format!("{digest}  ././a\n"),
        format!("\\{digest}  a\\nb\n"),
        format!("{}  a\n", &digest.to_string()[1..]),
        format!("x{}  a\n", &digest.to_string()[1..]),
    ];
    for line in damaged {
        let root = with(&[("sub/a", "1"), ("outside", "1"), ("sub/b", "1")]);
        fs::write(root.path().join("sub").join(LIST), format!("{line}{digest}  b\n")).unwrap();
        let folder = Folder::open(&root.path().join("sub"), false).unwrap();
        let outcome = folder.finish(|_| true, ["a".to_owned()]).unwrap();
        assert_eq!(outcome.unreadable, 1, "{line:?}");
        assert_eq!(kept(&outcome), [("a", Why::Outdated, false)], "{line:?}");
        assert_eq!((text(&root, "sub/a"), text(&root, "outside")), ("1".into(), "1".into()));
        assert!(!root.path().join("sub/b").exists(), "other lines count");
    }
    let root = with(&[("a", "1")]);
    fs::write(root.path().join(LIST), [0xff, 0xfe, b'\n', 0, b'\n', b'\n']).unwrap();
    assert_eq!(write(&root, false, &[]).unreadable, 2);
}

/// A full disk or a kill may cut a line short.
#[test]
fn a_line_cut_short_does_not_spoil_the_next() {
    let root = with(&[]);
    fs::write(root.path().join(LIST), "0123").unwrap();
    let mut folder = Folder::open(root.path(), false).unwrap();
    put(&mut folder, "a", "1").unwrap();
    assert!(text(&root, LIST).ends_with(&format!("0123\n{}  a\n", Digest::of(b"1"))));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    for force in [false, true] {
        let elsewhere = with(&[("b.png", "theirs"), ("report.md", "theirs"), ("list", "")]);
        let root = with(&[]);
        write(&root, false, &[("plots/b.png", "theirs"), ("a/plots/b.png", "theirs"), ("c", "1")]);
        fs::remove_dir_all(root.path().join("plots")).unwrap();
        symlink(elsewhere.path(), root.path().join("plots")).unwrap();
        symlink(elsewhere.path().join("report.md"), root.path().join("report.md")).unwrap();
        symlink("nowhere", root.path().join("dangling")).unwrap();
        let mut folder = Folder::open(root.path(), force).unwrap();
        is_in_the_way(put(&mut folder, "plots/b.png", "2"), "plots", Obstacle::Link);
        is_in_the_way(folder.make("plots/more"), "plots", Obstacle::Link);
        is_in_the_way(check_way(&root.path().join("plots")), "plots", Obstacle::Link);
        assert!(folder.files("plots").is_empty());
        fs::write(elsewhere.path().join("x.partial-4194999.png"), "theirs").unwrap();
        folder.remove_leftovers("plots", |_| true);
        put(&mut folder, "report.md", "2").unwrap();
        put(&mut folder, "dangling", "2").unwrap();
        let outcome = folder.finish(|name| name != "c", ["plots/b.png".to_owned()]).unwrap();
        assert_eq!(kept(&outcome), [("report.md", Why::Link, false), ("dangling", Why::Link, false)]);
        for name in ["b.png", "report.md", "x.partial-4194999.png"] {
            assert_eq!(text(&elsewhere, name), "theirs");
        }
        assert!(!root.path().join("nowhere").exists() && !root.path().join("a").exists());
        // The list itself may also be a link.
        fs::remove_file(root.path().join(LIST)).unwrap();
        symlink(elsewhere.path().join("list"), root.path().join(LIST)).unwrap();
        let mut folder = Folder::open(root.path(), force).unwrap();
        is_in_the_way(put(&mut folder, "c", "2"), LIST, Obstacle::Link);
        assert_eq!((text(&elsewhere, "list"), text(&root, "c")), (String::new(), "1".into()));
    }
}

#[cfg(unix)]
#[test]
fn the_folder_itself_may_be_a_link() {
    let elsewhere = with(&[("notes.csv", "mine")]);
    let root = with(&[]);
    let link = root.path().join("results");
    std::os::unix::fs::symlink(elsewhere.path(), &link).unwrap();
    let mut folder = Folder::open(&link, false).unwrap();
    put(&mut folder, "plots/a", "1").unwrap();
    assert_eq!(kept(&folder.finish(|_| true, []).unwrap()), []);
    assert_eq!((text(&elsewhere, "plots/a"), text(&elsewhere, "notes.csv")), ("1".into(), "mine".into()));
}

/// A copy made of hard links (`cp -al`) shares the files: the program replaces them and never writes into them.
#[cfg(unix)]
#[test]
fn a_copy_of_hard_links_keeps_its_files_and_its_list() {
    let root = with(&[]);
    write(&root, false, &[("a", "1")]);
    let copy = with(&[]);
    let list = text(&root, LIST);
    ["a", LIST]
        .iter()
        .for_each(|name| fs::hard_link(root.path().join(name), copy.path().join(name)).unwrap());
    let mut folder = Folder::open(root.path(), false).unwrap();
    put(&mut folder, "a", "2").unwrap();
    assert_eq!((text(&copy, "a"), text(&copy, LIST)), ("1".into(), list));
    assert_eq!(text(&root, "a"), "2");
}

#[test]
fn folders_and_files_in_each_others_place_are_named_and_stay() {
    let root = with(&[("plots", "a file"), ("report.md/mine", "mine")]);
    let mut folder = Folder::open(root.path(), true).unwrap();
    is_in_the_way(put(&mut folder, "plots/a.png", "1"), "plots", Obstacle::NoFolder);
    put(&mut folder, "report.md", "1").unwrap();
    assert_eq!(kept(&folder.finish(|_| true, []).unwrap()), [("report.md", Why::NoFile, false)]);
    assert_eq!((text(&root, "plots"), text(&root, "report.md/mine")), ("a file".into(), "mine".into()));
    let root = with(&[(&format!("{LIST}/mine"), "mine")]);
    is_in_the_way(put(&mut Folder::open(root.path(), true).unwrap(), "a", "1"), LIST, Obstacle::NoFile);
}

#[test]
fn what_fails_leaves_the_earlier_file_and_nothing_else() {
    let root = with(&[]);
    write(&root, false, &[("a.md", "earlier")]);
    let mut folder = Folder::open(root.path(), false).unwrap();
    let error = folder.put("a.md", |path| {
        fs::write(path, "half").unwrap();
        Err(FolderError::at(path)(io::Error::other("no more paper")))
    });
    assert!(error.unwrap_err().to_string().contains("no more paper"));
    assert_eq!(kept(&folder.finish(|_| false, []).unwrap()), []);
    assert_eq!(text(&root, "a.md"), "earlier");
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2, "the file and the list");
}

/// Eight writers write the same files, and each also writes and removes a file of its own.
#[test]
fn writers_at_the_same_time_lose_no_file_and_no_line() {
    let root = with(&[]);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let root = &root;
            scope.spawn(move || {
                for round in 0..20 {
                    let mut folder = Folder::open(root.path(), false).unwrap();
                    let own = format!("own/{writer}");
                    let files = [("a", "same".to_owned()), ("b", format!("{writer} {round}"))];
                    files.iter().for_each(|(name, text)| put(&mut folder, name, text).unwrap());
                    put(&mut folder, &own, "1").unwrap();
                    let outcome = folder.finish(|_| false, []).unwrap();
                    assert_eq!((outcome.kept, outcome.unreadable), (vec![], 0));
                }
            });
        }
    });
    let outcome = Folder::open(root.path(), false).unwrap().finish(|_| false, []).unwrap();
    assert_eq!((outcome.kept, outcome.unreadable), (vec![], 0));
    assert_eq!(text(&root, LIST).lines().count(), 10);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 4, "a, b, own and the list, and no partial file");
    let outcome = write(&root, false, &[("a", "1"), ("b", "1")]);
    assert_eq!(
        (outcome.kept, root.path().join("own").exists()),
        (vec![], false),
        "every file was known as ours"
    );
}

#[test]
fn saved_files_set_others_aside() {
    let root = with(&[("w/x.bin", "sound"), ("w/y.bin", "mine"), ("w/y.changed.bin", "mine too")]);
    let folder = Folder::open(root.path(), false).unwrap();
    let save = |name: &str, text: &str| {
        folder.save(name, text.as_bytes(), |path| fs::read_to_string(path).unwrap() == "sound").unwrap()
    };
    assert_eq!(save("w/new.bin", "1"), None);
    assert_eq!(save("w/new.bin", "2"), None, "listed");
    assert_eq!(save("w/x.bin", "1"), None, "not listed, and sound");
    assert_eq!(save("w/y.bin", "1"), Some(root.path().join("w/y.changed-2.bin")));
    fs::write(root.path().join("w/new.bin"), "damaged").unwrap();
    assert_eq!(save("w/new.bin", "2"), Some(root.path().join("w/new.changed.bin")));
    assert_eq!((text(&root, "w/new.bin"), text(&root, "w/new.changed.bin")), ("2".into(), "damaged".into()));
    assert_eq!((text(&root, "w/y.bin"), text(&root, "w/y.changed-2.bin")), ("1".into(), "mine".into()));
    assert_eq!(text(&root, "w/y.changed.bin"), "mine too");
    let list = text(&root, LIST);
    fs::create_dir_all(root.path().join("w/folder.bin")).unwrap();
    is_in_the_way(folder.save("w/folder.bin", b"1", |_| true), "folder.bin", Obstacle::NoFile);
    assert_eq!(text(&root, LIST), list);
}

/// A process number that no process has: it exceeds the largest number that Linux assigns.
const GONE: u32 = 4_194_999;

#[test]
fn leftovers_of_processes_that_are_gone_are_removed() {
    let mut alive = Command::new("sleep").arg("600").spawn().unwrap();
    let (pid, own) = (alive.id(), std::process::id());
    let weights = "ab".repeat(32);
    let old = [format!("a.partial-{pid}.md")];
    let gone = [
        format!("a.partial-{GONE}.md"),
        format!("a.partial-{GONE}-2.md"),
        format!("a.partial-{own}.md"),
        format!("noextension.partial-{GONE}"),
        format!("{weights}.{GONE}.tmp"),
    ];
    let stay = [
        format!("b.partial-{pid}.md"),
        "a.partial-x.md".to_owned(),
        format!("a.partial-{GONE}-x.md"),
        format!("foreign.partial-{GONE}.md"),
        format!("{weights}.tmp"),
        format!("foreign.{GONE}.tmp"),
    ];
    let files: Vec<(&str, &str)> =
        old.iter().chain(&gone).chain(&stay).map(|name| (name.as_str(), "half")).collect();
    let root = with(&files);
    let file = File::options().write(true).open(root.path().join(&old[0])).unwrap();
    let now = file.metadata().unwrap().modified().unwrap();
    file.set_modified(now - Duration::from_secs(4000)).unwrap();
    fs::create_dir(root.path().join(format!("c.partial-{GONE}.md"))).unwrap();
    let is_ours = |name: &str| !name.contains("foreign");
    Folder::open(root.path(), false).unwrap().remove_leftovers("", is_ours);
    let exists = |name: &String| root.path().join(name).exists();
    assert!(
        !old.iter().chain(&gone).any(exists),
        "{:?}",
        fs::read_dir(root.path()).unwrap().collect::<Vec<_>>()
    );
    assert!(stay.iter().all(exists), "{:?}", fs::read_dir(root.path()).unwrap().collect::<Vec<_>>());
    alive.kill().unwrap();
    alive.wait().unwrap();
}

/// A file that a process has locked is being written, whatever its process number and its age suggest.
#[test]
fn a_file_that_is_being_written_is_no_leftover() {
    let root = with(&[]);
    let partial = Partial::create(&root.path().join("a.md")).unwrap();
    File::options().write(true).open(partial.path()).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    let folder = Folder::open(root.path(), false).unwrap();
    folder.remove_leftovers("", |_| true);
    partial.place().unwrap();
    assert!(root.path().join("a.md").exists());
}

#[test]
fn a_leftover_of_a_process_with_the_same_number_is_stepped_over() {
    let own = format!("a.partial-{}.md", std::process::id());
    let root = with(&[(&own, "half")]);
    assert_eq!(kept(&write(&root, false, &[("a.md", "1")])), []);
    assert_eq!((text(&root, "a.md"), text(&root, &own)), ("1".into(), "half".into()));
}

#[cfg(unix)]
#[test]
fn a_single_file_is_written_whole_and_never_through_a_link() {
    let root = with(&[("a.csv", "old"), (&format!("a.partial-{GONE}.csv"), "half"), ("folder/b", "")]);
    let path = root.path().join("a.csv");
    write_whole(&path, b"new").unwrap();
    assert_eq!(text(&root, "a.csv"), "new");
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2, "the leftover is gone");
    let link = root.path().join("link.csv");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    is_in_the_way(write_whole(&link, b"other"), "link.csv", Obstacle::Link);
    is_in_the_way(write_whole(&root.path().join("folder"), b"other"), "folder", Obstacle::NoFile);
    assert_eq!(text(&root, "a.csv"), "new");
}
