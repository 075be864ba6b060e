//! No file makes the program panic, whatever its content.

use chainrule_core::dataset::{Dataset, parse_idx};
use chainrule_runner::data::DataCache;
use chainrule_runner::plan::{Plan, PlanError};
use chainrule_runner::spec::{check, parse};
use proptest::prelude::*;
use proptest::sample::Index;
use std::path::Path;

const EXPERIMENTS: [&str; 4] = [
    include_str!("../../../experiments/sweep.toml"),
    include_str!("../../../experiments/xor.toml"),
    include_str!("../../../experiments/mnist.toml"),
    include_str!("../../cli/src/commands/template.toml"),
];

/// Replacements for valid words.
const WORDS: [&str; 32] = [
    "",
    "0",
    "-1",
    "nan",
    "-inf",
    "1e400",
    "0.0",
    "99999999999999999999999999999999999999999",
    "\"\"",
    "\"none\"",
    "[]",
    "[[]]",
    "{}",
    "{",
    "]",
    "=",
    ".",
    "\"",
    "true",
    "1979-05-27",
    "é🦀",
    "\0",
    "\r\n",
    "\n[[grid]]\n",
    "\n[grid]\n",
    "zip = [[\"epochs\"]]\n",
    "{ log = [1, 2], points = 3 }",
    "{ linear = [-1e308, 1e308], points = 2 }",
    "dataset",
    "exclude = [{ epochs = 1 }]\n",
    "loss",
    "\"full\"",
];

/// Parses, checks, expands and renders the errors. Plans of many runs are not built.
fn read(text: &str, assignments: &[String]) {
    let parsed = parse::parse("hostile.toml", text, assignments);
    let checked =
        parsed.and_then(|(file, assignments)| check::check(Path::new("hostile.toml"), file, assignments));
    let problems = match checked {
        Err(problems) => problems,
        Ok(experiment) => {
            let count = |grid: &chainrule_runner::spec::Grid| {
                grid.axes.iter().map(|axis| axis.points.len()).product::<usize>()
            };
            let combinations: usize = experiment.grids.iter().map(count).sum();
            if combinations.saturating_mul(experiment.seeds.len()) > 5000 {
                return;
            }
            match Plan::new(&experiment, &DataCache::new("no data folder".into()), false) {
                Err(PlanError::Invalid(problems)) => problems,
                _ => return,
            }
        }
    };
    assert!(!problems.errors.is_empty());
    for styled in [false, true] {
        assert!(problems.render(styled).contains("nothing was run"));
    }
}

/// Splits a text into tokens: words, numbers, and the text between them.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || "_.-".contains(c);
    let mut previous = None;
    for c in text.chars() {
        match (previous, tokens.last_mut()) {
            (Some(previous), Some(token)) if is_word(previous) && is_word(c) => token.push(c),
            _ => tokens.push(c.to_string()),
        }
        previous = Some(c);
    }
    tokens
}

#[derive(Debug, Clone)]
enum Change {
    Delete(Index),
    Double(Index),
    Swap(Index, Index),
    Replace(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    prop_oneof![
        place().prop_map(Change::Delete),
        place().prop_map(Change::Double),
        (place(), place()).prop_map(|(a, b)| Change::Swap(a, b)),
        (place(), proptest::sample::select(&WORDS[..]))
            .prop_map(|(place, word)| Change::Replace(place, word)),
    ]
}

fn apply(tokens: &mut Vec<String>, change: &Change) {
    if tokens.is_empty() {
        return;
    }
    let n = tokens.len();
    match change {
        Change::Delete(place) => drop(tokens.remove(place.index(n))),
        Change::Double(place) => tokens.insert(place.index(n), tokens[place.index(n)].clone()),
        Change::Swap(a, b) => tokens.swap(a.index(n), b.index(n)),
        Change::Replace(place, word) => tokens[place.index(n)] = (*word).to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_experiments(which in 0..EXPERIMENTS.len(), changes in prop::collection::vec(change(), 1..6)) {
        let mut tokens = tokens(EXPERIMENTS[which]);
        changes.iter().for_each(|change| apply(&mut tokens, change));
        read(&tokens.concat(), &[]);
    }

    #[test]
    fn changed_bytes(which in 0..EXPERIMENTS.len(), changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..8)) {
        let mut bytes = EXPERIMENTS[which].as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read(&String::from_utf8_lossy(&bytes), &[]);
    }

    #[test]
    fn assignments(text in "[a-z_]{0,12}[ =.]{0,2}[^\\x00]{0,20}", word in proptest::sample::select(&WORDS[..])) {
        for key in ["epochs", "architecture", "learning_rate", "seeds", "compare", "dataset"] {
            read(EXPERIMENTS[0], &[format!("{key}={word}"), text.clone()]);
        }
    }

    #[test]
    fn any_text(text in any::<String>()) {
        read(&text, &[]);
    }

    /// The header is valid more often than by chance.
    #[test]
    fn idx_bytes(header in prop::option::of(0..4u8), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let start = header.map_or_else(Vec::new, |dimensions| vec![0, 0, 8, dimensions]);
        let bytes = [start, bytes].concat();
        let _ = (parse_idx::<1>(&bytes), parse_idx::<2>(&bytes), parse_idx::<3>(&bytes));
        let mnist = Dataset::from_name("mnist").expect("a data set");
        let _ = mnist.kernel().samples(&vec![bytes; 4]);
    }

    #[test]
    fn idx_sizes(n in 0..4u32, height in 0..3u32, width in 0..3u32, pixels in prop::collection::vec(any::<u8>(), 0..30), digits in prop::collection::vec(0..12u8, 0..4)) {
        let header = |dimensions: &[u32]| {
            let sizes = dimensions.iter().flat_map(|n| n.to_be_bytes());
            [0, 0, 8, dimensions.len() as u8].into_iter().chain(sizes).collect::<Vec<u8>>()
        };
        let images = [header(&[n, height, width]), pixels].concat();
        let labels = [header(&[n]), digits].concat();
        let mnist = Dataset::from_name("mnist").expect("a data set");
        if let Ok(samples) = mnist.kernel().samples(&[images.clone(), labels.clone(), images, labels]) {
            prop_assert_eq!(samples.features.nrows(), 2 * n as usize);
        }
    }
}
