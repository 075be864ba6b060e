//! Tests of `report.html`. Its behaviour in a browser is tested in `tests/browser/`.

use crate::checks::checked;
use crate::support::{Synthetic, axis, sweep};
use crate::written::{Written, optimizers, write, write_records};
use chainrule_record::{RunRecord, StopReason, XAxis};
use serde_json::{Value, json};

/// The JSON with this name in a page.
fn data(page: &str, name: &str) -> Value {
    let (_, rest) = page.split_once(&format!("id=\"data-{name}\">")).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// The files that figures name, and the names of the figures.
fn named(page: &str) -> (Vec<String>, Vec<String>) {
    let after = |mark: &str| -> Vec<String> {
        page.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let files = after("<a href=\"").into_iter().filter(|file| !file.starts_with('#')).collect();
    (files, after("data-figure=\""))
}

fn assert_names_its_files(written: &Written, figures: &[&str]) {
    let page = written.text("report.html");
    // Plotly's code contains addresses too; leave it out.
    let (files, names) = named(page.split("<script>").next().unwrap());
    assert_eq!(names, figures);
    for file in files {
        assert!(written.files.contains(&file), "{file} is not written");
    }
    for name in names {
        let figure = data(&page, &name);
        assert!(!figure["data"].as_array().unwrap().is_empty(), "{name} draws nothing");
    }
}

#[test]
fn every_figure_names_the_table_of_what_it_draws() {
    let figures =
        ["seed_spread", "convergence", "final_metric", "configurations", "learning_rate_sensitivity"];
    assert_names_its_files(&write("html_sweep", &sweep()), &figures);
    let (info, records) = checked("scheme", &[json!("central"), json!("five_point")]);
    assert_names_its_files(&write_records("html_checks", &info, &records), &["error_by_layer"]);
}

#[test]
fn the_page_is_one_file_that_fetches_nothing() {
    let page = write("html_alone", &optimizers(&["sgd", "adam"])).text("report.html");
    let text = page.split("<script>").next().unwrap();
    for word in ["src=", "href=\"http", "@import", "url(", "<link"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("default-src &#39;none&#39;; script-src &#39;sha256-"), "{}", &text[..600]);
    assert_eq!(page.matches("<script>").count(), 2, "the page's own, and Plotly");
}

#[test]
fn the_page_says_what_the_report_says() {
    let written = write("html_answer", &optimizers(&["sgd", "adam"]));
    let (report, page) = (written.text("report.md"), written.text("report.html"));
    for head in ["Pick", "It reaches", "How sure?"] {
        let start = format!("**{head}** ");
        let paragraph = report.lines().find_map(|line| line.strip_prefix(&start)).unwrap();
        let last = paragraph.rsplit('`').next().unwrap();
        assert!(page.contains(&format!("<strong>{head}</strong>")) && page.contains(last), "{last}");
    }
    for heading in report.lines().filter_map(|line| line.strip_prefix("## ")) {
        assert!(page.contains(&format!(">{heading}</h2>")), "{heading}");
    }
}

/// The numbers in the curves' figure equal the numbers in its table at every x.
#[test]
fn the_table_of_the_curves_has_what_the_figure_draws_at_every_x() {
    let written = write("html_axes", &Synthetic { x_axis: XAxis::Steps, ..optimizers(&["sgd"]) });
    let figure = data(&written.text("report.html"), "convergence");
    let names: Vec<&str> =
        figure["axes"].as_array().unwrap().iter().map(|axis| axis["name"].as_str().unwrap()).collect();
    assert_eq!(names[..2], ["steps", "epochs"], "the one of the experiment first");
    let (titles, rows) = written.table("plots/convergence_axes.csv");
    let column = |name: &str, metric: &str| -> Vec<f64> {
        let at = |title: &str| titles.iter().position(|known| known == title).unwrap();
        let ours = rows.iter().filter(|row| row[at("metric")] == metric);
        ours.map(|row| row[at(name)].parse().unwrap()).collect()
    };
    // Two panels, each with a band and then a line.
    let numbers = |value: &Value| -> Vec<f64> {
        value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    for (trace, metric) in [(1, "validation_loss"), (3, "validation_accuracy")] {
        assert_eq!(numbers(&figure["data"][trace]["y"]), column("median", metric));
        for (axis, name) in [(0, "steps"), (1, "epoch"), (2, "samples"), (3, "cost_units")] {
            assert_eq!(numbers(&figure["axes"][axis]["x"][trace]), column(name, metric), "{name}");
        }
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = "</script><script>hacked()</script><!-- <img src=x onerror=hacked()>";
    let axes = vec![
        ("optimizer", axis(&[json!(hostile), json!("b")])),
        ("learning_rate", axis(&[json!(0.1), json!(1)])),
    ];
    let experiment = Synthetic { axes, compare: Some("optimizer"), ..Synthetic::default() };
    let mut info = experiment.info();
    info.question = hostile.to_owned();
    info.name = "a\"b<i>".to_owned();
    let page = write_records("html_hostile", &info, &experiment.records()).text("report.html");
    for sign in ["<script>hacked", "<img", "<!-- ", "<i>"] {
        assert!(!page.split("<script>\"use strict\"").next().unwrap().contains(sign), "{sign}");
    }
    assert!(page.contains("&#60;/script&#62;&#60;script&#62;hacked()"), "the question is shown");
    assert_eq!(data(&page, "runs")["columns"][1]["labels"][0], hostile);
    assert!(
        data(&page, "seed_spread")["layout"]["yaxis"]["ticktext"][0]
            .as_str()
            .unwrap()
            .starts_with("&lt;/script")
    );
}

#[test]
fn odd_results_have_a_page() {
    let experiment = optimizers(&["sgd"]);
    let info = experiment.info();
    let page = |name: &str, records: &[RunRecord]| write_records(name, &info, records).text("report.html");
    assert!(page("html_empty", &[]).contains("no run is on record yet."));
    assert!(page("html_one", &experiment.records()[..1]).contains("1 run on record"));
    let mut lost = experiment.records();
    for run in &mut lost {
        run.stop = StopReason::Failed;
        run.failure = Some("no <b>memory</b>".to_owned());
    }
    let page = page("html_lost", &lost);
    assert!(page.contains("runs failed, so no value is best") && !page.contains("<b>memory"));
    assert_eq!(data(&page, "runs")["reasons"]["0"], "no <b>memory</b>");
}

#[test]
fn curves_of_many_runs_have_fewer_points() {
    // 4 rates × 1,500 seeds = 6,000 runs with two losses: 240,000 / 12,000 = 20 points.
    let experiment = Synthetic { seeds: 1500, ..optimizers(&["sgd"]) };
    let page = write("html_many", &experiment).text("report.html");
    assert!(page.contains("a curve has at most 20 of its measured epochs"));
    let curves = &data(&page, "runs")["curves"];
    let (epochs, numbers) = (&curves["epochs"][0], &curves["runs"][0][1]);
    assert_eq!((epochs.as_array().unwrap().len(), &epochs[0], &epochs[19]), (20, &json!(0), &json!(30)));
    assert_eq!(numbers[0].as_array().unwrap().len(), 20);
}
