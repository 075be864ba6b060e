//! The tables: the simulated draws, and the events that are counted.

use super::distribution::{Distribution, binomial, cumulative, uniform};
use chainrule_statistics::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The numbers of repetitions.
pub(crate) struct Effort {
    /// For calculations that take microseconds.
    pub(crate) cheap: usize,
    /// For calculations that take milliseconds.
    pub(crate) costly: usize,
}

/// The cost of a number in a table.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Exact,
    Cheap,
    Costly,
}

/// Fractions in per cent; `None` if there is no such interval or verdict.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) titles: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<Option<f64>>)>,
    kind: Kind,
}

impl Table {
    fn new(name: &'static str, kind: Kind, numbers: &[usize]) -> Self {
        let titles = numbers.iter().map(|n| format!("n = {n}")).collect();
        Self { name, titles, rows: Vec::new(), kind }
    }

    /// The repetitions for each number; `None` if it is exact.
    pub(crate) fn repetitions(&self, effort: &Effort) -> Option<usize> {
        match self.kind {
            Kind::Exact => None,
            Kind::Cheap => Some(effort.cheap),
            Kind::Costly => Some(effort.costly),
        }
    }

    pub(crate) fn markdown(&self) -> String {
        let line = |first: &str, cells: &[String]| format!("| {first} | {} |\n", cells.join(" | "));
        let cell = |cell: &Option<f64>| cell.map_or_else(|| "–".to_owned(), |share| format!("{share:.1}"));
        let mut text = line("", &self.titles);
        text += &line("---", &vec!["---".to_owned(); self.titles.len()]);
        for (name, cells) in &self.rows {
            text += &line(name, &cells.iter().map(cell).collect::<Vec<_>>());
        }
        text
    }

    /// Reads the table that follows the comment with its name.
    pub(crate) fn read(page: &str, name: &'static str) -> Option<Self> {
        let (_, rest) = page.split_once(&format!("<!-- {name} -->\n"))?;
        let cells = |line: &str| -> Vec<String> {
            line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
        };
        let mut lines = rest.lines().take_while(|line| line.starts_with('|')).map(cells);
        let titles = lines.next()?[1..].to_vec();
        let row = |cells: Vec<String>| {
            (cells[0].clone(), cells[1..].iter().map(|cell| cell.parse::<f64>().ok()).collect())
        };
        let rows = lines.skip(1).map(row).collect();
        Some(Self { name, titles, rows, kind: Kind::Exact })
    }
}

/// The tables of the page, each computed on demand.
pub(crate) const TABLES: [fn(&Effort) -> Table; 10] = [
    means,
    medians,
    interquartile_means,
    |_| shares(),
    ahead,
    skewed,
    false_differences,
    power,
    equivalence,
    chosen,
];

/// The random draws of a cell, which depend only on its name.
fn draws(cell: &str) -> ChaCha8Rng {
    ChaCha8Rng::from_seed(blake3::hash(cell.as_bytes()).into())
}

/// The fraction of successful repetitions, in per cent; `None` if any repetition has no answer.
fn percent(
    repetitions: usize,
    cell: &str,
    mut once: impl FnMut(&mut ChaCha8Rng) -> Option<bool>,
) -> Option<f64> {
    let mut draws = draws(cell);
    let mut hits = 0;
    for _ in 0..repetitions {
        hits += usize::from(once(&mut draws)?);
    }
    Some(100.0 * hits as f64 / repetitions as f64)
}

fn holds(interval: Interval, truth: f64) -> bool {
    interval.low <= truth && truth <= interval.high
}

const NUMBERS: [usize; 6] = [3, 5, 10, 20, 30, 100];

/// One row per distribution: how often an interval contains the truth.
fn coverage(
    name: &'static str,
    kind: Kind,
    effort: &Effort,
    truth: fn(Distribution) -> f64,
    interval: fn(&[f64]) -> Option<Interval>,
) -> Table {
    let mut table = Table::new(name, kind, &NUMBERS);
    let repetitions = table.repetitions(effort).unwrap_or(1);
    for of in Distribution::ALL {
        let truth = truth(of);
        let cell = |n: usize| {
            percent(repetitions, &format!("{name} {} {n}", of.name()), |draws| {
                interval(&of.sample(n, draws)).map(|found| holds(found, truth))
            })
        };
        table.rows.push((of.name().to_owned(), NUMBERS.map(cell).to_vec()));
    }
    table
}

fn means(effort: &Effort) -> Table {
    coverage("mean", Kind::Cheap, effort, Distribution::mean, mean_interval)
}

fn medians(effort: &Effort) -> Table {
    coverage("median", Kind::Cheap, effort, Distribution::median, median_interval)
}

fn interquartile_means(effort: &Effort) -> Table {
    let interval = |values: &[f64]| {
        let text: String = values.iter().map(f64::to_string).collect();
        interquartile_interval(values, blake3::hash(text.as_bytes()).into())
    };
    coverage("interquartile mean", Kind::Costly, effort, Distribution::interquartile_mean, interval)
}

/// Adds up the binomial probabilities of the counts whose interval contains the proportion: minimum and mean over 0.01
/// … 0.99.
fn shares() -> Table {
    let mut table = Table::new("share", Kind::Exact, &NUMBERS);
    type OfShare = fn(usize, usize) -> Option<Interval>;
    let intervals: [(&str, OfShare); 2] =
        [("Wilson", |k, n| wilson(k as f64, n)), ("Clopper-Pearson", clopper_pearson)];
    for (name, interval) in intervals {
        let of = |n: usize| -> Vec<f64> {
            let found: Vec<Option<Interval>> = (0..=n).map(|k| interval(k, n)).collect();
            let at = |share: f64| -> f64 {
                let chances = binomial(n, share);
                found
                    .iter()
                    .zip(chances)
                    .filter(|(one, _)| one.is_some_and(|one| holds(one, share)))
                    .map(|(_, chance)| chance)
                    .sum()
            };
            (1..100).map(|percent| 100.0 * at(f64::from(percent) / 100.0)).collect()
        };
        let least = |n: usize| of(n).into_iter().reduce(f64::min);
        let average = |n: usize| mean(&of(n));
        table.rows.push((format!("{name}, least"), NUMBERS.map(least).to_vec()));
        table.rows.push((format!("{name}, mean"), NUMBERS.map(average).to_vec()));
    }
    table
}

/// How often one is ahead of another, counting ties as half. Accuracies of 200 samples, with many ties.
fn ahead(effort: &Effort) -> Table {
    let mut table = Table::new("ahead", Kind::Cheap, &NUMBERS);
    for behind in [0.95, 0.93, 0.90] {
        let (first, second) = (binomial(200, 0.95), binomial(200, behind));
        let pick = |below: &[f64], draws: &mut ChaCha8Rng| {
            let share = uniform(draws);
            below.partition_point(|below| *below < share) as f64
        };
        let mut truth = 0.0;
        for (a, one) in first.iter().enumerate() {
            for (b, other) in second.iter().enumerate() {
                truth += one
                    * other
                    * if a > b {
                        1.0
                    } else if a == b {
                        0.5
                    } else {
                        0.0
                    };
            }
        }
        let (first, second) = (cumulative(&first), cumulative(&second));
        let cell = |n: usize| {
            percent(effort.cheap, &format!("ahead {behind} {n}"), |draws| {
                let once = |_| pick(&first, draws) - pick(&second, draws);
                // As in `paired`, but without p, which is the most expensive part.
                let halves = |lead: f64| if lead == 0.0 { 0.5 } else { f64::from(u8::from(lead > 0.0)) };
                wilson((0..n).map(once).map(halves).sum(), n).map(|found| holds(found, truth))
            })
        };
        let name = format!("0.95 against {behind:.2}, ahead in {:.1} %", 100.0 * truth);
        table.rows.push((name, NUMBERS.map(cell).to_vec()));
    }
    table
}

/// How often values look skewed.
fn skewed(effort: &Effort) -> Table {
    let mut table = Table::new("looks skewed", Kind::Cheap, &NUMBERS);
    for of in Distribution::ALL {
        let cell = |n: usize| {
            percent(effort.cheap, &format!("skewed {} {n}", of.name()), |draws| {
                Some(looks_skewed(&of.sample(n, draws)))
            })
        };
        table.rows.push((of.name().to_owned(), NUMBERS.map(cell).to_vec()));
    }
    table
}

const PAIRS: [usize; 5] = [5, 6, 10, 20, 30];

/// Differences of two values from one distribution, shifted by `effect` standard deviations of a difference.
fn differences(of: Distribution, effect: f64, n: usize, draws: &mut ChaCha8Rng) -> Vec<f64> {
    let shift = effect * of.spread() * std::f64::consts::SQRT_2;
    (0..n).map(|_| of.draw(draws) - of.draw(draws) + shift).collect()
}

fn is_found(differences: &[f64]) -> Option<bool> {
    sign_flip_p(differences).map(|p| p <= 1.0 - LEVEL)
}

fn false_differences(effort: &Effort) -> Table {
    let mut table = Table::new("false differences", Kind::Costly, &PAIRS);
    for of in Distribution::ALL {
        let cell = |n: usize| {
            percent(effort.costly, &format!("false {} {n}", of.name()), |draws| {
                is_found(&differences(of, 0.0, n, draws))
            })
        };
        table.rows.push((of.name().to_owned(), PAIRS.map(cell).to_vec()));
    }
    table
}

fn power(effort: &Effort) -> Table {
    let mut table = Table::new("power", Kind::Costly, &PAIRS);
    for of in [Distribution::Normal, Distribution::BadRuns] {
        for effect in [0.5, 1.0, 2.0] {
            let cell = |n: usize| {
                percent(effort.costly, &format!("power {} {effect} {n}", of.name()), |draws| {
                    is_found(&differences(of, effect, n, draws))
                })
            };
            table.rows.push((format!("{}, {effect} s", of.name()), PAIRS.map(cell).to_vec()));
        }
    }
    table
}

const EQUIVALENCE: [usize; 6] = [5, 6, 10, 20, 30, 100];

/// How often two values are called equivalent, with a margin of one standard deviation of the differences.
fn equivalence(effort: &Effort) -> Table {
    let mut table = Table::new("equivalence", Kind::Cheap, &EQUIVALENCE);
    for of in [Distribution::Normal, Distribution::HeavyTailed, Distribution::BadRuns] {
        for (name, effect) in [("at the margin", 1.0), ("at half of it", 0.5), ("the same", 0.0)] {
            let margin = of.spread() * std::f64::consts::SQRT_2;
            let cell = |n: usize| {
                percent(effort.cheap, &format!("equivalence {} {effect} {n}", of.name()), |draws| {
                    let found = summary(&differences(of, effect, n, draws));
                    (n >= MIN_PAIRS).then(|| found.is_within(margin))
                })
            };
            table.rows.push((format!("{}, {name}", of.name()), EQUIVALENCE.map(cell).to_vec()));
        }
    }
    table
}

/// Without p, which is expensive and not used for equivalence.
fn summary(differences: &[f64]) -> Paired {
    let few = paired(&differences[..differences.len().min(1)], false);
    Paired { n: differences.len(), interval: mean_interval(differences), ..few }
}

/// Two equal values, each at its best configuration by the median over ten seeds: how often the exact test finds a
/// difference on the seeds that chose, and on ten fresh ones.
fn chosen(effort: &Effort) -> Table {
    const SEEDS: usize = 10;
    let titles = ["on the seeds that chose", "on fresh seeds"].map(str::to_owned).to_vec();
    let mut table = Table { name: "chosen", titles, rows: Vec::new(), kind: Kind::Costly };
    let best = |among: usize, draws: &mut ChaCha8Rng| -> Vec<f64> {
        let tried = (0..among).map(|_| Distribution::Normal.sample(SEEDS, draws));
        let middle = |values: &Vec<f64>| median(values).unwrap_or(f64::INFINITY);
        tried.min_by(|a, b| middle(a).total_cmp(&middle(b))).unwrap_or_default()
    };
    for (first, second) in [(1, 1), (7, 7), (98, 98), (98, 7), (98, 1)] {
        let cell = |fresh: bool| {
            percent(effort.costly, &format!("chosen {first} {second} {fresh}"), |draws| {
                let (mut a, mut b) = (best(first, draws), best(second, draws));
                if fresh {
                    (a, b) = (
                        Distribution::Normal.sample(SEEDS, draws),
                        Distribution::Normal.sample(SEEDS, draws),
                    );
                }
                let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| b - a).collect();
                is_found(&differences)
            })
        };
        table.rows.push((format!("{first} and {second} configurations"), vec![cell(false), cell(true)]));
    }
    table
}
