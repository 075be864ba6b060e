//! The order of the modules inside each crate.

use crate::crates;
use crate::graph::{Graph, order};
use std::sync::LazyLock;

/// How the modules of a crate may know each other.
struct Order {
    /// The root file of the crate, which may know all modules.
    root: &'static str,
    /// The modules below the root: each knows only modules named before it.
    modules: &'static [&'static str],
}

const ORDERS: [Order; 6] = [
    Order {
        root: "core/src/lib.rs",
        #[rustfmt::skip]
        modules: &[
            // Numbers, and functions of plain slices of them.
            "cancel", "error", "registry", "word", "math", "real", "dual", "simd", "seed", "product", "decomposition", "linalg",
            // Families of functions, each documented in its own file.
            "output", "activation", "loss", "initializer", "optimizer", "schedule", "penalty", "function", "propagation",
            // Networks.
            "dataset", "network", "cost", "reference", "fault", "hessian", "probe", "train", "gradient_check",
        ],
    },
    Order {
        root: "record/src/lib.rs",
        #[rustfmt::skip]
        modules: &[
            "text", "exact", "digest", "without_folders", "named", "kind", "as_before", "settings", "run_spec", "metric", "task",
            "function", "gradient_check", "curve", "outcome", "probes", "trace", "manifest", "folder", "claim", "experiment", "run_record",
            "sound",
        ],
    },
    Order {
        root: "runner/src/lib.rs",
        #[rustfmt::skip]
        modules: &[
            "file", "provenance", "memory", "data", "spec", "plan", "reference", "store", "weights", "evaluate", "execute",
        ],
    },
    Order {
        root: "statistics/src/lib.rs",
        #[rustfmt::skip]
        modules: &[
            "quantile", "interval", "mean", "median", "proportion", "interquartile_mean", "skewness", "friedman", "holm",
            "kaplan_meier", "power", "best_of_trials", "sign_flip", "paired",
        ],
    },
    Order {
        root: "report/src/lib.rs",
        #[rustfmt::skip]
        modules: &[
            "error", "number", "output", "results", "text", "analysis", "shared", "datasets", "joined", "table", "plot", "files", "draw",
            "render", "baseline",
        ],
    },
    Order {
        root: "cli/src/main.rs",
        #[rustfmt::skip]
        modules: &[
            "address_space", "interrupt", "terminal", "exit", "say", "arguments", "logging", "progress", "commands",
        ],
    },
];

#[test]
fn modules_know_only_modules_before_them() {
    assert_no_faults(out_of_order);
}

/// Below the root no order is written down, but there is one.
#[test]
fn no_siblings_know_each_other_in_a_circle() {
    assert_no_faults(|_, graph| graph.parents().flat_map(|parent| circles(graph, parent)).collect());
}

#[track_caller]
fn assert_no_faults(find: impl Fn(&Order, &Graph) -> Vec<String>) {
    static GRAPHS: LazyLock<Vec<Graph>> =
        LazyLock::new(|| ORDERS.iter().map(|order| Graph::read(&crates().join(order.root))).collect());
    let faults: Vec<_> = ORDERS.iter().zip(&*GRAPHS).flat_map(|(order, graph)| find(order, graph)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The faults in the order of the modules at the root of a crate.
fn out_of_order(order: &Order, graph: &Graph) -> Vec<String> {
    let Order { root, modules, .. } = order;
    let place = |name: &str| modules.iter().position(|other| *other == name);
    let children = graph.children(&[]);
    let unlisted = children.iter().filter(|child| place(child).is_none());
    let missing = modules.iter().filter(|name| !children.contains(**name));
    let mut faults: Vec<_> = unlisted
        .map(|child| format!("{root}: `{child}` has no place in the order"))
        .chain(missing.map(|name| format!("{root}: there is no module `{name}`")))
        .collect();
    let arrows = graph.arrows_below(&[]);
    let is_later = |(from, to): (usize, usize)| from < to;
    let later = arrows.iter().filter(|((from, to), _)| place(from).zip(place(to)).is_some_and(is_later));
    faults.extend(later.map(|(_, arrow)| format!("{arrow}, which comes later")));
    if !faults.is_empty() {
        faults.push(format!("{root}: an order that holds: {:?}", self::order(children, &arrows).0));
    }
    faults
}

/// The arrows of the circles among the direct children of a module.
fn circles(graph: &Graph, parent: &[String]) -> Vec<String> {
    let arrows = graph.arrows_below(parent);
    let (_, rest) = order(graph.children(parent), &arrows);
    let among = arrows.iter().filter(|((from, to), _)| rest.contains(from) && rest.contains(to));
    among.map(|(_, arrow)| format!("in a circle: {arrow}")).collect()
}

/// A crate whose module `early` contains some text, and whose module `late` comes after it.
fn is_arrow(text: &str) -> bool {
    let graph = Graph::parse(&format!(
        "mod early {{ {text} }}
         mod late {{
             pub struct Type;
             pub fn function() {{}}
             #[macro_export]
             macro_rules! made {{ () => {{}} }}
         }}
         pub use late::Type as Known;"
    ));
    graph.arrows_below(&[]).contains_key(&("early", "late"))
}

#[test]
fn every_path_is_an_arrow() {
    for text in [
        "use crate::late::Type;",
        "use super::late;",
        "use super::{late::{self, Type as Other}};",
        "use crate::late::*;",
        "use crate::Known;",
        "fn f() { crate::late::function(); }",
        "fn f() { use super::late::function; }",
        "fn f(_: Option<super::late::Type>) {}",
        "impl From<crate::late::Type> for u8 {}",
        "fn f() { println!(\"{}\", super::late::function()); }",
        "fn f() { vec![1, crate::late::function()]; }",
        "macro_rules! m { () => { $crate::late::function() } }",
        "crate::made! {}",
        "#[serde(with = \"crate::late\")] struct S;",
        "#[derive(crate::late::Made)] struct S;",
        "mod below { use super::super::late::Type; }",
        "mod below { fn f() { super::super::late::function(); } }",
        "use super::*; fn f() { late::function(); }",
    ] {
        assert!(is_arrow(text), "{text}");
    }
}

#[test]
fn tests_and_documentation_are_no_arrows() {
    for text in [
        "#[cfg(test)] mod tests { use crate::late::Type; }",
        "#[cfg(test)] use crate::late::Type;",
        "#[cfg(all(test, unix))] fn f() { crate::late::function(); }",
        "impl S { #[cfg(test)] fn f() { crate::late::function(); } }",
        "/// See [`crate::late::Type`].\nfn f() {}",
        "fn f(late: u8) -> u32 { late.count_ones() }",
        "use late::function;",
        "fn f() { ::late::function(); }",
    ] {
        assert!(!is_arrow(text), "{text}");
    }
}

/// The message names the file, the path and both modules.
#[test]
fn an_arrow_to_a_later_module_is_a_fault() {
    let graph = Graph::parse("mod early { use super::late::Type; } mod late { pub struct Type; }");
    let with = |modules| Order { root: "lib.rs", modules };
    assert_eq!(out_of_order(&with(&["late", "early"]), &graph), [""; 0]);
    let faults = out_of_order(&with(&["early", "late"]), &graph);
    let expected = "lib.rs:1: `super::late::Type` leads from `early` to `late`, which comes later";
    assert_eq!(faults[0], expected);
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn siblings_in_a_circle_are_a_fault_however_deep_they_are() {
    let text = "mod top {
        mod a { use super::Y; }
        mod b { fn f() { super::c::X::new(); } }
        mod c { pub struct X; use super::a::Z; }
        pub use b::Y;
    }";
    let graph = Graph::parse(text);
    assert_eq!(circles(&graph, &["top".to_owned()]).len(), 3);
    let graph = Graph::parse(&text.replace("use super::Y;", ""));
    assert_eq!(circles(&graph, &["top".to_owned()]), [""; 0]);
}
