//! Simulates how often intervals contain the true value and tests err: the tables of `docs/statistics.md`.
//!
//! The numbers on the page come from many repetitions. The test repeats them with fewer and allows for differences by
//! chance. To compute the numbers for the page:
//!
//! ```sh
//! cargo test --release --workspace --test simulation -- --ignored --nocapture
//! ```

mod distribution;
mod tables;

use tables::{Effort, TABLES, Table};

const PAGE: &str = include_str!("../../../../docs/statistics.md");

/// Repetitions for the page, and for the test.
const PAGE_EFFORT: Effort = Effort { cheap: 4_000, costly: 1_000 };
const TEST_EFFORT: Effort = Effort { cheap: 300, costly: 40 };

#[test]
#[ignore = "takes minutes: makes the tables of the page"]
fn simulated_tables() {
    for make in TABLES {
        let table = make(&PAGE_EFFORT);
        println!("<!-- {} -->\n{}", table.name, table.markdown());
    }
}

#[test]
fn the_page_has_the_numbers_that_the_simulation_gives() {
    for table in TABLES.map(|make| make(&TEST_EFFORT)) {
        let shown = Table::read(PAGE, table.name).unwrap_or_else(|| panic!("no table of {}", table.name));
        assert_eq!(shown.titles, table.titles, "{}", table.name);
        assert_eq!(shown.rows.len(), table.rows.len(), "{}", table.name);
        for ((name, shown), (expected, again)) in shown.rows.iter().zip(&table.rows) {
            assert_eq!(name, expected, "{}", table.name);
            for (title, (shown, again)) in table.titles.iter().zip(shown.iter().zip(again)) {
                let place = format!("{}, {name}, {title}", table.name);
                let (Some(shown), Some(again)) = (shown, again) else {
                    assert_eq!(shown.is_some(), again.is_some(), "{place}");
                    continue;
                };
                let off = tolerance(*shown, table.repetitions(&PAGE_EFFORT), table.repetitions(&TEST_EFFORT));
                assert!(
                    (shown - again).abs() <= off,
                    "{place}: {shown} there, {again} here, {off:.1} allowed"
                );
            }
        }
    }
}

/// Four standard errors of the difference of two fractions, in per cent, plus the rounding. Exact fractions have only
/// the rounding.
fn tolerance(percent: f64, page: Option<usize>, test: Option<usize>) -> f64 {
    let rounding = 0.051;
    let Some((page, test)) = page.zip(test) else { return rounding };
    // A fraction of 0 or 1 has an error too: assume that half a repetition came out otherwise.
    let share = (percent / 100.0).clamp(0.5 / test as f64, 1.0 - 0.5 / test as f64);
    let variance = share * (1.0 - share) * (1.0 / page as f64 + 1.0 / test as f64);
    rounding + 400.0 * variance.sqrt()
}
