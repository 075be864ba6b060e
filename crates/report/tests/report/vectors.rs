//! Plots as SVG: well-formed, harmless, and with the same content as the PNG next to them.

use crate::support::{measure_probes, singular_values};
use crate::written::{Written, optimizers, write, write_over, write_records};
use chainrule_report::ReportOptions;
use roxmltree::{Document, Node};
use std::path::Path;

/// The only elements in a plot. None of them fetches or runs anything.
const ELEMENTS: [&str; 7] = ["svg", "rect", "line", "polyline", "polygon", "circle", "text"];
/// Numbers in these attributes are positions on the page.
const PLACES: [&str; 5] = ["x", "y", "cx", "cy", "points"];

/// The texts of a plot. Also checks its SVG.
pub(crate) fn texts(written: &Written, plot: &str) -> Vec<String> {
    let file = written.text(&format!("plots/{plot}.svg"));
    let document = Document::parse(&file).unwrap_or_else(|error| panic!("{plot}: {error}"));
    let view = document.root_element().attribute("viewBox").unwrap();
    assert!(view.starts_with("0 0 16000 "), "{plot}: {view}");
    let elements = || document.descendants().filter(Node::is_element);
    elements().for_each(|element| sound(plot, element));
    let texts = elements().filter(|element| element.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    texts.map(|text| text.text().unwrap_or_default().trim_matches('\n').to_owned()).collect()
}

fn sound(plot: &str, element: Node) {
    assert!(ELEMENTS.contains(&element.tag_name().name()), "{plot}: {element:?}");
    for attribute in element.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        let is_safe = !name.starts_with("on") && name != "href" && !value.contains("url");
        assert!(is_safe, "{plot}: {name} = {value}");
        if PLACES.contains(&name) {
            let mut numbers = value
                .split([' ', ','])
                .filter(|part| !part.is_empty())
                .map(|number| number.parse::<f64>().unwrap());
            // Lines may exceed the page by their own thickness, and points beyond an axis by more.
            let on_page = |number: f64| (-1_000.0..17_000.0).contains(&number);
            assert!(numbers.all(on_page), "{plot}: {name} = {value}");
        }
    }
}

#[test]
fn every_plot_has_its_svg_if_it_is_asked_for() {
    let experiment = optimizers(&["sgd", "adam"]);
    let mut records = experiment.records();
    measure_probes(&mut records, &[64, 32, 10]);
    let (info, name) = (experiment.info(), "vectors");
    let with = write_records(name, &info, &records);
    assert!(with.plots().len() > 10);
    for plot in with.plots() {
        let texts = texts(&with, &plot);
        assert!(texts.iter().any(|text| text.contains("adam")), "{plot}: {texts:?}");
        assert!(with.files.contains(&format!("plots/{plot}.svg")));
    }
    let png = |written: &Written| written.bytes("plots/convergence.png");
    let before = png(&with);
    // A report without SVG that replaces it removes all SVG files, and draws the same pixels.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let without = write_over(&folder, &info, &records, &ReportOptions::default());
    assert!(png(&without) == before);
    let left: Vec<_> =
        std::fs::read_dir(folder.join("plots")).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(left.len() > 20 && left.iter().all(|path| path.extension() != Some("svg".as_ref())), "{left:?}");
}

#[test]
fn names_are_text_whatever_is_in_them() {
    let tag = "<script>alert(1)</script>";
    let odd = "a & b \"c\" 'd' ]]> <!--";
    let unprintable = "e\u{1}\u{8}\u{1b}\u{fffe}\u{85}f\n\tg";
    let written = write("vectors_odd", &optimizers(&[tag, odd, unprintable]));
    let seen = texts(&written, "seed_spread");
    for name in [tag, odd, "e     f  g"] {
        assert!(seen.iter().any(|text| text == name), "{name} is not among {seen:?}");
    }
}

/// A line ends before a number that is not finite. Otherwise a list of points would not be drawn beyond this number.
#[test]
fn whatever_was_measured_is_well_formed() {
    let experiment = optimizers(&["sgd", "adam"]);
    for values in [vec![0.0, 0.0], vec![f64::MAX, f64::MIN_POSITIVE], vec![f64::NAN, f64::INFINITY]] {
        let mut records = experiment.records();
        measure_probes(&mut records, &[8; 4]);
        let shapes = [(8, 8), (8, 8), (8, 8)].map(|shape| (shape, values.as_slice()));
        for run in records.iter_mut().filter(|run| run.spec.seed() == 0) {
            run.probes = singular_values(&shapes);
        }
        assert!(write_records("vectors_any", &experiment.info(), &records).plots().len() > 10);
    }
}
