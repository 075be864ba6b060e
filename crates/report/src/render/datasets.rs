//! An experiment over several data sets: the best value over all of them, and the result on each.

use super::answer::{self, Said};
use super::answer_table::{median, standings};
use super::comparisons;
use super::emphasis::Dress;
use super::markdown::{self, code, table};
use super::{claims, details, head, pictures, plain, speed, title, tradeoffs};
use crate::analysis::{Analysis, Profiles, Standing};
use crate::number::{count, list, rounded};
use crate::plot::Plot;
use crate::results::Source;
use crate::text::one_line;
use chainrule_statistics::{MIN_PROBLEMS, MIN_RANKED};

/// The results on one data set.
pub(crate) struct OfDataset<'a> {
    /// Its name.
    pub(crate) label: &'a str,
    /// The folder of its report, relative to the folder of the full report.
    pub(crate) folder: &'a str,
    /// Its runs.
    pub(crate) analysis: Analysis<'a>,
}

/// The whole page.
pub(crate) fn report(analysis: &Analysis, each: &[OfDataset], sources: &[Source], plots: &[Plot]) -> String {
    [
        title(analysis),
        claims::section(analysis),
        head(analysis, &markdown(analysis, each), &warnings(analysis, each)),
        tables(analysis, each, "md"),
        pictures(plots),
        speed::time_to_target(analysis),
        details(analysis, sources),
    ]
    .concat()
}

/// The answer for a terminal.
pub(crate) fn plain_answer(analysis: &Analysis, each: &[OfDataset]) -> String {
    let mut text =
        plain::head(analysis, plain::said(&paragraphs(analysis, each, &one_line)), &warnings(analysis, each));
    if let Some((titles, rows)) = tradeoffs::over_problems(analysis, Dress::Plain) {
        text += &format!("\n{}", plain::aligned(titles, rows));
    }
    let (titles, rows) = by_dataset(analysis, each, None);
    text + &format!("\n{}", plain::aligned(titles, rows))
}

/// The paragraphs of the answer, as Markdown.
pub(super) fn markdown(analysis: &Analysis, each: &[OfDataset]) -> String {
    answer::as_markdown(&paragraphs(analysis, each, &code))
}

/// Warnings for the reader, with the number of further warnings in the reports of single data sets.
pub(super) fn warnings(analysis: &Analysis, each: &[OfDataset]) -> Vec<String> {
    let known = &analysis.warnings;
    let more = each.iter().filter_map(|one| {
        let own = one.analysis.warnings.iter().filter(|warning| !known.contains(warning)).count();
        (own > 0).then(|| format!("{own} on {}", one.label))
    });
    let more: Vec<String> = more.collect();
    let told = (!more.is_empty())
        .then(|| format!("More are in the reports of single data sets: {}.", more.join(", ")));
    known.iter().cloned().chain(told).collect()
}

/// Tables over all problems, and for each data set. Links lead to files with this extension.
pub(super) fn tables(analysis: &Analysis, each: &[OfDataset], extension: &str) -> String {
    let (titles, rows) = by_dataset(analysis, each, Some(extension));
    [
        tradeoffs::tradeoffs(analysis),
        format!("## Each data set by itself\n\n{}\n{}\n\n", table(&titles, &rows), about(each)),
        comparisons::roles(analysis),
    ]
    .concat()
}

fn paragraphs(analysis: &Analysis, each: &[OfDataset], name: &dyn Fn(&str) -> String) -> Vec<Said> {
    let Some(profiles) = Profiles::new(analysis) else {
        let why = "no two problems were tried with all compared values, and each problem has its own report.";
        return vec![("No answer:", why.to_owned())];
    };
    vec![("Pick", pick(analysis, &profiles, name)), ("How sure?", [ranks(&profiles), decided(each)].concat())]
}

fn pick(analysis: &Analysis, profiles: &Profiles, name: &dyn Fn(&str) -> String) -> String {
    let order = profiles.by_rank();
    let label = |index: &usize| name(&analysis.compared[profiles.compared[*index]].label);
    let rank = |index: &usize| rounded(profiles.ranks[*index], 3);
    let others = order.iter().skip(1).take(2).map(|index| format!("{} with {}", label(index), rank(index)));
    let others: Vec<String> = others.collect();
    format!(
        "{} {}. Over {} ({}) its mean rank by {}{} is {} of {}; next {} {}. The table below has the best on each, because metrics \
         on different data have no common scale.",
        analysis.compared_name(),
        label(&order[0]),
        count(profiles.common.len(), "problem"),
        profiles.problems.name(&analysis.grid),
        name(analysis.info.metric.name()),
        if profiles.fresh { " on fresh seeds" } else { "" },
        rank(&order[0]),
        profiles.compared.len(),
        if others.len() > 1 { "come" } else { "comes" },
        list(&others),
    )
}

/// The differences between the ranks over all problems.
fn ranks(profiles: &Profiles) -> String {
    match profiles.friedman {
        Some(p) if p <= 0.05 => {
            format!(
                "Not all rank alike (Friedman's test: p = {}); the test does not show which ones differ. ",
                rounded(p, 2)
            )
        }
        Some(p) => format!("The ranks may be chance (Friedman's test: p = {}). ", rounded(p, 2)),
        None => format!(
            "{} with {} are too few to test ranks: {MIN_PROBLEMS} with {MIN_RANKED} would do. ",
            count(profiles.common.len(), "problem"),
            count(profiles.compared.len(), "compared value")
        ),
    }
}

/// The number of comparisons decided on single data sets.
fn decided(each: &[OfDataset]) -> String {
    let against =
        || each.iter().filter_map(|one| one.analysis.comparisons.as_ref()).flat_map(|all| &all.against);
    let finds = |(standing, word): (Standing, &str)| {
        let found = against().filter(|one| one.standing == standing).count();
        (found > 0).then(|| format!("{found} find it {word}"))
    };
    let all =
        [(Standing::Better, "better"), (Standing::Equivalent, "equivalent"), (Standing::Worse, "worse")];
    let told: Vec<String> = all.into_iter().filter_map(finds).collect();
    let told = if told.is_empty() { "none decides anything".to_owned() } else { told.join(", ") };
    match against().count() {
        0 => String::new(),
        all => format!(
            "Of {} of the best on a data set with the others on it, {told}.",
            count(all, "comparison")
        ),
    }
}

/// A row for each data set: the best value, and how certain that is. With Markdown, links lead to files with this
/// extension.
fn by_dataset(
    analysis: &Analysis,
    each: &[OfDataset],
    links: Option<&str>,
) -> (Vec<String>, Vec<Vec<String>>) {
    let dress = if links.is_some() { Dress::Markdown } else { Dress::Plain };
    let name = |text: &str| dress.name(text);
    let mut titles: Vec<String> =
        ["dataset", analysis.compared_name(), "best settings"].map(str::to_owned).into();
    titles.push(format!("{}: median [interval]", analysis.info.metric));
    titles.extend(["n", "better than", "equivalent to", "undecided against"].map(str::to_owned));
    if links.is_some() {
        titles.push("report".to_owned());
    }
    let columns = titles.len();
    let row = |one: &OfDataset| {
        let mut row = vec![name(one.label)];
        let first = one.analysis.compared_ranking.first().copied();
        match first.and_then(|first| Some((first, one.analysis.best_of(first)?))) {
            Some((first, best)) => {
                row.push(name(&one.analysis.compared[first].label));
                row.push(answer::settings(&one.analysis, best, &name));
                row.extend(measured(&one.analysis, first, &name));
            }
            None => row.push("no run on record".to_owned()),
        }
        row.resize(columns, String::new());
        if let Some(extension) = links {
            row[columns - 1] = format!("[{}]({}/report.{extension})", markdown::plain(one.label), one.folder);
        }
        row
    };
    (titles, each.iter().map(row).collect())
}

/// The cells of the best value: median, runs, and its relation to the others.
fn measured(analysis: &Analysis, first: usize, name: &dyn Fn(&str) -> String) -> Vec<String> {
    let Some(runs) = analysis.judged(first) else { return vec!["not on record".to_owned()] };
    let seeds = runs.runs.len().to_string();
    let stands = [Standing::Better, Standing::Equivalent, Standing::Undecided];
    let stands = stands.map(|standing| standings(analysis, standing, name));
    [median(analysis, first, runs), seeds].into_iter().chain(stands).collect()
}

fn about(each: &[OfDataset]) -> String {
    let fresh = each.first().is_some_and(|one| one.analysis.info.confirm_seeds > 0);
    let runs = if fresh { "the runs on fresh seeds" } else { "the planned runs" };
    format!(
        "Each at its best settings, as the planned seeds chose them; numbers are of {runs}. p is adjusted over the comparisons on a data set, not over data sets. Curves, learning rates, comparisons in \
         full and the spread of seeds are in the report of each."
    )
}
