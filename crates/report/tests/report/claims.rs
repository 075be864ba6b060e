//! Claims in whole reports.

use crate::support::{Synthetic, axis, run};
use crate::written::{results, write_records};
use chainrule_record::*;
use chainrule_report::ReportOptions;
use serde_json::json;

fn optimizer(name: &str) -> Selection {
    let conditions = vec![("optimizer".to_owned(), vec![Condition::Item(name.to_owned())])];
    Selection { conditions, label: format!("optimizer {name}") }
}

fn claim(text: &str, test: ClaimTest) -> Claim {
    Claim {
        text: text.to_owned(),
        must: false,
        filter: Selection::default(),
        subject: Subject::Run(RunMetric::TrainLoss),
        test,
    }
}

/// Eight seeds of two optimizers; `adam` is better by 0.25 on each.
fn records() -> Vec<RunRecord> {
    let loss = |name: &str, seed: u64| f64::from(seed as u32) + if name == "adam" { 1.0 } else { 1.25 };
    let one = |name: &'static str, seed: u64| {
        run(json!({"optimizer": name, "seed": seed}), &[9.0, loss(name, seed)], StopReason::MaxEpochs)
    };
    ["sgd", "adam"].into_iter().flat_map(|name| (0..8).map(move |seed| one(name, seed))).collect()
}

fn info(records: &[RunRecord]) -> ExperimentInfo {
    let axes = vec![("optimizer", axis(&[json!("sgd"), json!("adam")]))];
    let mut info = Synthetic {
        axes,
        compare: Some("optimizer"),
        seeds: 8,
        metric: Metric::TrainLoss,
        ..Synthetic::default()
    }
    .info();
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    let order = |first: &str, second: &str| ClaimTest::Order {
        arms: vec![optimizer(first), optimizer(second)],
        prefers: Better::Lower,
    };
    info.claims = vec![
        claim("=Adam *is* better", order("adam", "sgd")),
        Claim { must: true, ..claim("Plain descent is better", order("sgd", "adam")) },
        claim(
            "Every loss is small",
            ClaimTest::Threshold { side: Side::AtMost, bound: 5.0, of: Extent::Every },
        ),
    ];
    info
}

#[test]
fn claims_head_the_report() {
    let records = records();
    let written = write_records("claims", &info(&records), &records);
    let report = written.text("report.md");
    // 2 of 2⁸ sign flips are as extreme; twice that for the two claims that have p.
    let first = "| **supported** | =Adam \\*is\\* better | mean difference 0.25 [0.25, 0.25] over 8 seeds, ahead in 100 % of the \
                 pairs [67.6 %, 100 %], p = 0.0078, adjusted 0.016 |";
    let second = "| **refuted** | Plain descent is better (must hold) | mean difference -0.25 [-0.25, -0.25] over 8 seeds, ahead \
                  in 0 % of the pairs [0 %, 32.4 %], p = 0.0078, adjusted 0.016 |";
    let third = "| **refuted** | Every loss is small | worst value 8.25 over 16 runs |";
    for text in [first, second, third] {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
    let place = |text: &str| report.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(
        place("> Which optimizer") < place("## Claims")
            && place("## Claims") < place("**Pick** optimizer `adam`")
    );
    assert!(
        written.answer.starts_with("Supported: =Adam *is* better\n    mean difference 0.25"),
        "{}",
        written.answer
    );
    assert!(written.files.contains(&"claims.csv".to_owned()));
}

#[test]
fn the_table_of_claims_has_every_number() {
    let records = records();
    let written = write_records("claims_table", &info(&records), &records);
    let (titles, rows) = written.table("claims.csv");
    let cell = |row: usize, title: &str| {
        let column = titles.iter().position(|known| known == title).unwrap_or_else(|| panic!("no {title}"));
        rows[row][column].as_str()
    };
    assert_eq!(rows.len(), 3);
    assert_eq!([0, 1, 2].map(|row| cell(row, "verdict")), ["supported", "refuted", "refuted"]);
    assert_eq!([0, 1, 2].map(|row| cell(row, "must")), ["0", "1", "0"]);
    assert_eq!(cell(0, "text"), "'=Adam *is* better", "no formula for a spreadsheet");
    assert_eq!([cell(0, "estimate"), cell(1, "estimate"), cell(2, "estimate")], ["0.25", "-0.25", "8.25"]);
    assert_eq!([cell(0, "p"), cell(0, "p_holm"), cell(2, "p")], ["0.0078125", "0.015625", ""]);
    assert_eq!([cell(0, "unit"), cell(2, "unit"), cell(2, "n")], ["seeds", "runs", "16"]);
    let described = include_str!("../../../../docs/results.md");
    let described = described.split("## `claims.csv`").nth(1).unwrap_or_default();
    for title in &titles {
        assert!(described.contains(&format!("`{title}`")), "column `{title}` is not described");
    }
}

#[test]
fn refuted_claims_that_must_hold_are_named() {
    let records = records();
    let info = info(&records);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("claims_broken");
    let summary = chainrule_report::write(
        &results(&info, &records, &[]),
        &ReportOptions::default(),
        &folder,
        &mut |_| {},
    )
    .unwrap();
    assert_eq!(summary.broken, ["Plain descent is better"]);
}

#[test]
fn without_claims_there_is_nothing_of_them() {
    let records = records();
    let silent = ExperimentInfo { claims: Vec::new(), ..info(&records) };
    write_records("claims_gone", &info(&records), &records);
    let written = write_records("claims_gone", &silent, &records);
    assert!(!written.text("report.md").contains("laim"), "{}", written.text("report.md"));
    assert!(!written.files.contains(&"claims.csv".to_owned()) && written.answer.starts_with("Pick"));
}

#[test]
fn runs_on_fresh_seeds_stand_beside_those_that_chose() {
    let records = records();
    let mut info = info(&records);
    info.seeds = (0..8).collect();
    info.confirm_seeds = 6;
    let waiting = write_records("claims_waiting", &info, &records);
    let page = waiting.text("report.md");
    assert!(
        page.contains("12 of 12 runs of the chosen configurations on fresh seeds are not on record"),
        "{page}"
    );
    assert!(page.contains("| `adam` | 4.5 [1, 8] | not on record | 0 |"), "{page}");

    let one = |name: &'static str, loss: f64, seed: u64| {
        run(json!({"optimizer": name, "seed": seed}), &[9.0, loss], StopReason::MaxEpochs)
    };
    let fresh: Vec<RunRecord> = [("sgd", 1.0), ("adam", 2.0)]
        .into_iter()
        .flat_map(|(n, l)| (8..14).map(move |s| one(n, l, s)))
        .collect();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("claims_confirmed");
    chainrule_report::write(
        &results(&info, &records, &fresh),
        &ReportOptions::default(),
        &folder,
        &mut |_| {},
    )
    .unwrap();
    let page = std::fs::read_to_string(folder.join("report.md")).unwrap();
    for text in [
        "| **undecided** | =Adam",
        "on fresh seeds: mean difference -1 [-1, -1] over 6 seeds",
        "on the planned seeds, which chose: mean difference 0.25 [0.25, 0.25] over 8 seeds",
        "| `adam` | 4.5 [1, 8] | 2 [2, 2] | 6 |",
    ] {
        assert!(page.contains(text), "{text}\nis not in\n{page}");
    }
    assert!(page.contains("**Not the best:** optimizer `adam` was chosen on the planned seeds; on 6 fresh seeds, `sgd` was better by 1 "), "{page}");
    // Every run is in the tables, and the curves show the judging runs.
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let kinds = |kind: &str| text("runs.csv").lines().filter(|line| line.contains(kind)).count();
    assert_eq!((kinds(",planned,"), kinds(",fresh,")), (16, 12));
    assert_eq!(text("curves.csv").lines().count(), 1 + 2 * (16 + 12));
    assert!(text("report.html").contains("\"labels\":[\"planned\",\"fresh\"]"));
    let seed = |line: &str| line.split(',').nth(2).and_then(|seed| seed.parse::<u64>().ok());
    let seeds: Vec<_> = text("plots/seed_spread.csv").lines().skip(1).map(seed).collect();
    assert!(seeds.len() == 12 && seeds.iter().all(|seed| *seed >= Some(8)), "{seeds:?}");
    let table = std::fs::read_to_string(folder.join("claims.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + 2 * 3, "{table}");
}
