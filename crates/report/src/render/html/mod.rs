//! `report.html`: one file that opens from disk, with figures that answer to the pointer and a table of all runs.
//!
//! The text is that of `report.md`. Nothing is fetched, and nothing runs but the two scripts of the page: its
//! Content-Security-Policy names them by their digests. No number is computed here.

mod checks;
mod data;
mod datasets;
mod functions;
mod prose;
mod runs;
mod script;
mod training;

pub(crate) use checks::checks;
pub(crate) use datasets::datasets;
pub(crate) use functions::functions;
pub(crate) use training::training;

use super::{claims, markdown, provenance};
use crate::ReportError;
use crate::analysis::{Analysis, Verdict};
use crate::draw::Figure;
use crate::results::Source;
use crate::text::{one_line, shell_word};
use askama::Template;
use prose::{Heading, Prose};
use runs::Runs;

/// What kinds of experiments fill in differently.
struct Parts<'a> {
    analysis: &'a Analysis<'a>,
    sources: &'a [Source],
    /// The answer, as Markdown.
    answer: String,
    warnings: Vec<String>,
    /// The table of the answer and what else belongs before the figures, as Markdown.
    tables: String,
    figures: Vec<Figure>,
    /// Sections after the figures, as Markdown.
    results: String,
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
    tables: Prose,
    figures: Vec<Shown>,
    results: Prose,
    runs: Option<Runs>,
    details: Prose,
    command: String,
    style: &'static str,
    script: &'static str,
    plotly: &'static str,
    policy: String,
}

/// What became of a claim.
struct Claim {
    verdict: &'static str,
    text: String,
    must: bool,
    evidence: String,
}

/// A figure in the page.
struct Shown {
    figure: Figure,
    data: String,
}

impl Page {
    /// The sections, for the list of contents.
    fn headings(&self) -> Vec<Heading> {
        let heading = |id: &str, title: &str| Heading { id: id.to_owned(), title: title.to_owned() };
        let claims = (!self.claims.is_empty()).then(|| heading("claims", "Claims"));
        let figures = (!self.figures.is_empty()).then(|| heading("figures", "Figures"));
        let runs = self.runs.as_ref().map(|_| heading("runs", "All runs"));
        let mut all: Vec<Heading> = claims.into_iter().chain([heading("answer", "Answer")]).collect();
        all.extend(self.tables.headings.iter().cloned());
        all.extend(figures);
        all.extend(self.results.headings.iter().cloned());
        all.extend(runs);
        all.extend(self.details.headings.iter().cloned());
        all.extend((!self.figures.is_empty()).then(|| heading("remake", "Make the figures again")));
        all
    }
}

fn page(parts: Parts) -> Result<String, ReportError> {
    let info = parts.analysis.info;
    let script = script::own();
    let page = Page {
        name: one_line(&info.name),
        question: one_line(info.question.trim()),
        claims: parts.analysis.verdicts.iter().map(claim).collect(),
        rule: Prose::new(claims::RULE),
        answer: Prose::new(&parts.answer),
        warnings: parts.warnings.iter().map(|warning| one_line(warning)).collect(),
        tables: Prose::new(&parts.tables),
        figures: parts.figures.into_iter().map(shown).collect(),
        results: Prose::new(&parts.results),
        runs: Runs::new(parts.analysis),
        details: Prose::new(&parts.details),
        command: command(parts.sources),
        style: script::STYLE,
        script,
        plotly: script::plotly(),
        policy: script::policy(),
    };
    page.render().map_err(|source| ReportError::Page { source })
}

/// What writes this report again, from the runs on record.
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

fn shown(mut figure: Figure) -> Shown {
    let texts = std::iter::once(&mut figure.title).chain(&mut figure.signs);
    texts.for_each(|text| *text = one_line(text));
    Shown { data: data::figure(&figure), figure }
}
