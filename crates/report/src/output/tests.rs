#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("chainrule-output-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        folder
    }

    #[test]
    fn stale_plots_go_and_other_files_stay() {
        let folder = folder("stale");
        fs::create_dir_all(folder.join(PLOTS)).unwrap();
        for name in [
            "plots/old.png",
            "plots/old.svg",
            "plots/old.csv",
            "plots/notes.txt",
            "old.csv",
            "layers.csv",
            "claims.csv",
            "hessian.csv",
        ] {
            fs::write(folder.join(name), "x").unwrap();
        }
        let mut silent = |_: &str| {};
        let mut output = Output::create(&folder, &ReportOptions { svg: false }, &mut silent).unwrap();
        output.text("plots/new.csv", "y").unwrap();
        assert_eq!(output.finish().unwrap(), [folder.join("plots/new.csv")]);
        let exists = |name: &str| folder.join(name).exists();
        assert!(!exists("plots/old.png") && !exists("plots/old.svg") && !exists("plots/old.csv"));
        assert!(!exists("layers.csv") && !exists("claims.csv") && !exists("hessian.csv"));
        assert!(exists("plots/notes.txt") && exists("old.csv") && exists("plots/new.csv"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn only_what_a_killed_process_left_long_ago_is_removed() {
        let folder = folder("leftovers");
        let mut silent = |_: &str| {};
        let output = Output::create(&folder, &ReportOptions { svg: false }, &mut silent).unwrap();
        let leave = |name: &str, age: Duration| {
            let file = fs::File::create(folder.join(name)).unwrap();
            let now = file.metadata().unwrap().modified().unwrap();
            file.set_modified(now - age).unwrap();
        };
        let long = LEFTOVER_AFTER + Duration::from_secs(60);
        leave("report.partial-77.md", long);
        leave("plots/a.partial-77.png", long);
        leave("report.partial-78.md", Duration::ZERO);
        leave("plots/b.partial-78.png", Duration::ZERO);
        leave("mine.partial-x.md", long);
        output.finish().unwrap();
        let exists = |name: &str| folder.join(name).exists();
        assert!(!exists("report.partial-77.md") && !exists("plots/a.partial-77.png"));
        assert!(exists("report.partial-78.md") && exists("plots/b.partial-78.png"), "another may be writing");
        assert!(exists("mine.partial-x.md"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn reports_of_data_sets_that_are_gone_go_and_other_files_stay() {
        let folder = folder("datasets");
        for name in [
            "iris/report.md",
            "iris/plots/a.png",
            "wine/report.md",
            "wine/summary.csv",
            "wine/notes.txt",
            "mine/notes.txt",
        ] {
            let path = folder.join(DATASETS).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let mut silent = |_: &str| {};
        let options = ReportOptions::default();
        let mut output = Output::create(&folder, &options, &mut silent).unwrap();
        let mut digits = output.within("datasets/digits").unwrap();
        digits.text(REPORT, "y").unwrap();
        let files = digits.finish().unwrap();
        output.has(files);
        assert_eq!(output.finish().unwrap(), [folder.join("datasets/digits/report.md")]);
        let exists = |name: &str| folder.join(DATASETS).join(name).exists();
        assert!(exists("digits/report.md") && exists("wine/notes.txt") && exists("mine/notes.txt"));
        assert!(!exists("iris") && !exists("wine/report.md") && !exists("wine/summary.csv"));
        // Without data sets that vary nothing of theirs stays.
        fs::remove_dir_all(folder.join("datasets/wine")).unwrap();
        fs::remove_dir_all(folder.join("datasets/mine")).unwrap();
        Output::create(&folder, &options, &mut silent).unwrap().finish().unwrap();
        assert!(!folder.join(DATASETS).exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_that_fails_leaves_the_earlier_one_and_nothing_else() {
        let folder = folder("failing");
        let mut silent = |_: &str| {};
        let mut output = Output::create(&folder, &ReportOptions { svg: false }, &mut silent).unwrap();
        output.text("report.md", "earlier").unwrap();
        let error = output.file("report.md", |path| {
            fs::write(path, "half").unwrap();
            Err(ReportError::Draw { path: path.to_owned(), cause: "no more paper".to_owned() })
        });
        assert!(error.unwrap_err().to_string().contains("no more paper"));
        assert_eq!(fs::read_to_string(folder.join("report.md")).unwrap(), "earlier");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "report.md and plots");
        fs::remove_dir_all(&folder).unwrap();
    }
}
