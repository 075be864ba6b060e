//! Random plots, rendered by every renderer.

use super::*;
use crate::plot::{
    Anchor, Area, Axis, Cell, ColorBar, Dash, Entry, Fill, Ink, Legend, Mark, Markers, Name, Panel, Point,
    Scale, Side, Span, Strip, Stroke, Symbol, Table, Ticks,
};
use proptest::prelude::*;
use roxmltree::Document;

/// Numbers of every magnitude, and values that are not finite.
fn number() -> BoxedStrategy<f64> {
    prop_oneof![
        6 => -10.0..10.0f64,
        2 => prop::num::f64::NORMAL,
        1 => prop::sample::select(vec![0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, 5e-324]),
    ]
    .boxed()
}

/// Texts with special characters of XML, HTML or Plotly, or with characters that are invalid in files.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => "[a-zA-Z0-9 _().=-]{0,60}",
        1 => prop::sample::select(vec!["", "<b>&\"']]>", "</script>", "\u{1}\u{fffe}\u{202e}", "größer η=β·10⁻³", "a\nb"])
            .prop_map(str::to_owned),
    ]
    .boxed()
}

fn numbers() -> BoxedStrategy<Vec<f64>> {
    prop::collection::vec(number(), 0..12).boxed()
}

fn scale() -> BoxedStrategy<Scale> {
    let of = |make: fn(Vec<f64>) -> Scale| numbers().prop_map(make);
    prop_oneof![
        of(Scale::linear),
        of(Scale::logarithmic),
        of(Scale::decades),
        of(|all| Scale::decades_down(&all)),
        of(|all| Scale::symmetric(&all)),
        of(|all| Scale::logarithmic_if_wide(&all)),
        of(|all| Scale::linear(all).reversed()),
        Just(Scale::Empty),
    ]
    .boxed()
}

fn axis() -> BoxedStrategy<Axis> {
    let names = || {
        prop::collection::vec((text(), text()), 0..8).prop_map(|names| {
            let name = |(label, detail): (String, String)| Name { details: vec![detail], ..Name::new(label) };
            names.into_iter().map(name).collect::<Vec<Name>>()
        })
    };
    let ticks = prop_oneof![
        Just(Ticks::Numbers),
        Just(Ticks::Counts),
        Just(Ticks::Hidden),
        numbers().prop_map(Ticks::At),
        names().prop_map(Ticks::Above),
    ];
    prop_oneof![
        (text(), scale(), ticks).prop_map(|(label, scale, ticks)| Axis::new(label, scale).with(ticks)),
        (text(), names()).prop_map(|(label, names)| Axis::names(label, names)),
        (text(), names()).prop_map(|(label, names)| Axis::names_downwards(label, names)),
    ]
    .boxed()
}

fn ink() -> BoxedStrategy<Ink> {
    let plain = vec![Ink::Text, Ink::Muted, Ink::Alarm, Ink::Lost, Ink::Paper];
    prop_oneof![
        (0..40usize).prop_map(Ink::Series),
        prop::sample::select(plain),
        (0.0..=1.0).prop_map(Ink::Share),
    ]
    .boxed()
}

fn stroke() -> BoxedStrategy<Stroke> {
    let dash = prop::sample::select(vec![Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::Long]);
    (0.5..6.0, dash).prop_map(|(width, dash)| Stroke { width, dash }).boxed()
}

fn points() -> BoxedStrategy<Vec<Point>> {
    let point = (number(), number(), text()).prop_map(|(x, y, hover)| Point::new(x, y).saying(hover));
    prop::collection::vec(point, 0..20).boxed()
}

fn cell() -> BoxedStrategy<Cell> {
    let fill = prop_oneof![
        (0.0..=1.0).prop_map(Fill::Share),
        Just(Fill::Lost),
        Just(Fill::Blank),
        ink().prop_map(Fill::Ink),
    ];
    let texts = prop::collection::vec(text(), 0..3);
    ((number(), number()), fill, texts, prop::option::of(ink()), prop::option::of(ink()), text())
        .prop_map(|(at, fill, texts, text_ink, frame, hover)| Cell {
            at,
            fill,
            texts,
            text_ink,
            frame,
            hover,
        })
        .boxed()
}

fn mark() -> BoxedStrategy<Mark> {
    let markers = prop_oneof![
        Just(Markers::None),
        (1.0..12.0).prop_map(Markers::All),
        (0.0..1.0).prop_map(Markers::Some),
    ];
    let symbol = prop_oneof![
        (0..20usize).prop_map(Symbol::Series),
        prop::sample::select(vec![Symbol::Cross, Symbol::Upright, Symbol::Level]),
    ];
    let spans = prop::collection::vec((number(), number(), number()), 0..10)
        .prop_map(|all| all.into_iter().map(|(x, low, high)| Span::new(x, (low, high))).collect());
    let boxes = prop::collection::vec(((number(), number()), (number(), number()), text()), 0..6)
        .prop_map(|all| all.into_iter().map(|(x, y, hover)| Area { x, y, hover }).collect());
    let anchor = prop::sample::select(vec![Anchor::Left, Anchor::Center, Anchor::Right]);
    prop_oneof![
        (ink(), stroke(), points(), markers)
            .prop_map(|(ink, stroke, points, markers)| Mark::line(ink, stroke, points).marked(markers)),
        (ink(), spans).prop_map(|(ink, spans)| Mark::band(ink, spans)),
        (ink(), symbol, 1.0..20.0, points())
            .prop_map(|(ink, symbol, size, at)| Mark::points(ink, symbol, size, at)),
        (ink(), 0.0..=1.0, boxes).prop_map(|(ink, opacity, boxes)| Mark::boxes(ink, opacity, boxes)),
        prop::collection::vec(cell(), 0..10).prop_map(Mark::cells),
        (ink(), number(), stroke()).prop_map(|(ink, x, stroke)| Mark::upright(ink, x, stroke)),
        (ink(), number(), stroke()).prop_map(|(ink, y, stroke)| Mark::level(ink, y, stroke)),
        (ink(), (number(), number()), text(), anchor).prop_map(|(ink, at, text, anchor)| Mark::text(
            ink,
            at,
            text,
            anchor,
            (5.0, -5.0)
        )),
    ]
    .boxed()
}

fn marks() -> BoxedStrategy<Vec<Mark>> {
    prop::collection::vec(mark(), 0..5).boxed()
}

fn panel() -> BoxedStrategy<Panel> {
    let side = prop::sample::select(vec![Side::Top, Side::Bottom, Side::Left, Side::Right]);
    let strip = (side, text(), 1..5usize, marks()).prop_map(|(side, label, rows, marks)| Strip {
        side,
        label,
        rows,
        marks,
    });
    (axis(), axis(), marks(), prop::collection::vec(strip, 0..3), text(), text())
        .prop_map(|(x, y, marks, strips, title, subtitle)| Panel {
            strips,
            title,
            subtitle,
            ..Panel::new(x, y, marks)
        })
        .boxed()
}

fn entry() -> BoxedStrategy<Entry> {
    (0..40usize, text(), prop::collection::vec(text(), 0..3))
        .prop_map(|(group, label, details)| Entry {
            notes: details.clone(),
            details,
            ..Entry::series(group, label)
        })
        .boxed()
}

fn color_bar() -> BoxedStrategy<ColorBar> {
    (text(), scale(), any::<bool>(), any::<bool>())
        .prop_map(|(label, scale, is_reversed, is_axis)| ColorBar {
            label,
            scale,
            is_reversed,
            brightest: 1.0,
            is_axis,
        })
        .boxed()
}

fn plot() -> BoxedStrategy<Plot> {
    let panels = prop::collection::vec(panel(), 0..5);
    let entries = prop::collection::vec(entry(), 0..30);
    (panels, 1..6usize, entries, prop::option::of(color_bar()), any::<bool>(), text())
        .prop_map(|(panels, columns, entries, color_bar, can_switch, text)| Plot {
            panels,
            columns,
            legend: Legend { title: text.clone(), entries },
            color_bar,
            can_switch,
            notes: vec![text.clone(), text.clone()],
            settings: vec![text.clone()],
            nothing: text.clone(),
            tables: vec![Table::new(["x"])],
            title: text,
            ..Plot::default()
        })
        .boxed()
}

/// Attributes whose numbers are coordinates.
const PLACES: [&str; 11] = ["x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height"];

fn assert_sound(svg: &str) {
    let document = Document::parse(svg).unwrap();
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        for attribute in element.attributes() {
            let numbers = match attribute.name() {
                "points" => attribute.value().split([' ', ',']).filter(|part| !part.is_empty()).collect(),
                name if PLACES.contains(&name) => vec![attribute.value()],
                _ => Vec::new(),
            };
            for number in numbers {
                let number: f64 = number.parse().unwrap();
                assert!(number.abs() <= 1e6, "{element:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_plots_are_drawn_as_svg_and_for_the_page(plot in plot()) {
        assert_sound(&svg::draw(&plot).unwrap());
        let is_empty = plot.panels.is_empty();
        let figures = figures(&[plot]);
        prop_assert_eq!(figures.is_empty(), is_empty);
        for figure in figures {
            let text = figure.plot.to_string();
            prop_assert!(!text.contains("<script") && !text.contains("</script"), "{}", text);
            prop_assert!(figure.plot["layout"]["xaxis"].is_object() && figure.plot["layout"]["yaxis"].is_object());
        }
    }
}

proptest! {
    // Rendering pixels is slow.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_plots_are_drawn_as_png(plot in plot()) {
        prop_assert!(is_drawn(&plot));
    }
}
