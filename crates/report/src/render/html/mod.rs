//! `report.html`: one file that opens from disk, with interactive figures and a table of all runs.
//!
//! The text equals the text of `report.md`. The page fetches nothing and runs only two scripts: its
//! Content-Security-Policy names them by their digests. This module computes no numbers.

mod budget;
mod data;
mod deciding;
mod pages;
mod prose;
mod runs;
mod script;
mod tables;
mod thinning;

pub(crate) use pages::{checks, datasets, functions, training};

use super::{claims, markdown, provenance};
use crate::ReportError;
use crate::analysis::{Analysis, Verdict};
use crate::draw::Figure;
use crate::results::Source;
use crate::text::{one_line, shell_word};
use askama::Template;
use budget::{Data, Room};
use prose::{Heading, Prose};
use runs::Runs;

/// The parts of the page that depend on the kind of experiment.
struct Parts<'a> {
    analysis: &'a Analysis<'a>,
    sources: &'a [Source],
    /// The answer, as Markdown.
    answer: String,
    warnings: Vec<String>,
    /// The sections with the results, as Markdown.
    tables: String,
    figures: Vec<Figure>,
    /// Sections after the runs, as Markdown.
    details: String,
}

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    name: String,
    question: String,
    claims: Vec<Claim>,
    rule: Prose,
    answer: Prose,
    warnings: Vec<String>,
    /// The figure beside the answer.
    deciding: Option<Shown>,
    tables: Prose,
    others: Vec<Shown>,
    runs: Option<Runs>,
    details: Prose,
    command: String,
    style: &'static str,
    script: &'static str,
    plotly: &'static str,
    policy: String,
}

/// The verdict on a claim.
struct Claim {
    verdict: &'static str,
    text: String,
    must: bool,
    evidence: String,
}

/// A figure in the page.
struct Shown {
    figure: Figure,
    /// The height in pixels.
    height: usize,
    data: String,
    /// A note about data omitted to keep the page small.
    note: Option<String>,
}

impl Page {
    fn figures(&self) -> impl Iterator<Item = &Shown> {
        self.deciding.iter().chain(&self.others)
    }

    /// Adds the figures and the runs, as many as fit beside the rest of the page.
    fn fill(&mut self, mut parts: Parts) -> Result<(), ReportError> {
        let mut room = Room::beside(&rendered(self)?);
        let deciding = deciding::take(parts.analysis, &mut parts.figures);
        let figures: Vec<Figure> = deciding.into_iter().chain(parts.figures).collect();
        let mut shown = room.figures(figures).map(|(figure, data)| shown(figure, data));
        self.deciding =
            shown.next().map(|first| Shown { height: first.height.min(deciding::MAX_HEIGHT), ..first });
        self.others = shown.collect();
        self.runs = Runs::new(parts.analysis, room.left());
        Ok(())
    }

    /// The sections, for the table of contents.
    fn headings(&self) -> Vec<Heading> {
        let heading = |id: &str, title: &str| Heading { id: id.to_owned(), title: title.to_owned() };
        let mut all = vec![heading("answer", "Answer")];
        all.extend((!self.claims.is_empty()).then(|| heading("claims", "Claims")));
        all.extend(self.tables.headings.iter().cloned());
        all.extend((!self.others.is_empty()).then(|| heading("figures", "More figures")));
        all.extend(self.runs.as_ref().map(|_| heading("runs", "All runs")));
        all.extend(self.details.headings.iter().cloned());
        all.extend(self.deciding.as_ref().map(|_| heading("remake", "Make the figures again")));
        all
    }
}

fn page(parts: Parts) -> Result<String, ReportError> {
    let info = parts.analysis.info;
    let mut page = Page {
        name: one_line(&info.name),
        question: one_line(info.question.trim()),
        claims: parts.analysis.verdicts.iter().map(claim).collect(),
        rule: Prose::new(claims::RULE),
        answer: Prose::new(&parts.answer),
        warnings: parts.warnings.iter().map(|warning| one_line(warning)).collect(),
        deciding: None,
        tables: Prose::new(&parts.tables),
        others: Vec::new(),
        runs: None,
        details: Prose::new(&parts.details),
        command: command(parts.sources),
        style: script::STYLE,
        script: script::own(),
        plotly: script::plotly(),
        policy: script::policy(),
    };
    page.fill(parts)?;
    rendered(&page)
}

fn rendered(page: &Page) -> Result<String, ReportError> {
    page.render().map_err(|source| ReportError::Page { source })
}

/// The command that writes this report again from the recorded runs.
fn command(sources: &[Source]) -> String {
    match sources {
        [one] => format!("chainrule report {}", shell_word(&one.folder)),
        several => provenance::commands(several).pop().unwrap_or_default(),
    }
}

fn claim(verdict: &Verdict) -> Claim {
    Claim {
        verdict: verdict.decision.name(),
        text: one_line(&verdict.claim.text),
        must: verdict.claim.must,
        evidence: one_line(&claims::evidence(verdict, &str::to_owned)),
    }
}

fn shown(mut figure: Figure, data: Data) -> Shown {
    let texts = std::iter::once(&mut figure.title).chain(&mut figure.signs);
    texts.for_each(|text| *text = one_line(text));
    Shown { height: figure.height, data: data.text, note: data.note, figure }
}
