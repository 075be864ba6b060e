//! Errors with their place in a text.

use super::renamed::renamed;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use chainrule_core::registry::nearest;
use chainrule_record::text::{is_steering, shown};
use std::fmt;
use std::ops::Range;
use std::path::Path;

/// A place in one of the sources: the experiment file (0) or a `--set` assignment (1, 2, …).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The index of the source.
    pub source: usize,
    /// The range of bytes in its text.
    pub bytes: Range<usize>,
}

/// A text that was parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name for people: a path, or `--set`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// One error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The problem.
    pub message: String,
    /// The place, if there is a single one.
    pub span: Option<Span>,
    /// The text beside the underlined place.
    pub label: String,
    /// Further problems at the same place.
    pub also: Box<[String]>,
    /// The advice.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn new(message: impl Into<String>, span: &Span, label: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            span: Some(span.clone()),
            label: label.into(),
            also: Box::default(),
            help: None,
        }
    }

    /// An error about the whole file.
    pub fn whole(message: impl Into<String>) -> Self {
        Self { message: message.into(), span: None, label: String::new(), also: Box::default(), help: None }
    }

    /// Adds advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Every error of an experiment, with the texts they are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// The experiment file, then the `--set` assignments.
    pub sources: Vec<Source>,
    /// The errors, in the order of their places.
    pub errors: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Sorts the errors by place; errors without a place come last. Removes duplicates at the same place.
    pub fn new(sources: Vec<Source>, mut errors: Vec<Diagnostic>) -> Self {
        let place = |error: &Diagnostic| {
            error.span.as_ref().map_or((usize::MAX, 0), |span| (span.source, span.bytes.start))
        };
        errors.sort_by_key(place);
        errors.dedup();
        Self { sources, errors }
    }

    /// The error of a file that cannot be read.
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let help = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "check the path; `chainrule new NAME` writes a new experiment file"
            }
            std::io::ErrorKind::InvalidData => "save the file as UTF-8 text",
            std::io::ErrorKind::FileTooLarge | std::io::ErrorKind::IsADirectory => {
                "name an experiment file, FILE.toml"
            }
            std::io::ErrorKind::Unsupported => "write the experiment to a file, and name that",
            _ => "check the file and its permissions",
        };
        let error = Diagnostic::whole(format!("cannot read `{}`: {error}", shown(path))).help(help);
        Self { sources: Vec::new(), errors: vec![error] }
    }

    /// The errors as text, each with its line underlined; with terminal colours if `styled`.
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut text = String::new();
        for error in &self.errors {
            text += &renderer.render(&[self.group(error)]);
            text += "\n\n";
        }
        let summary = match self.errors.len() {
            1 => "1 error; nothing was run".to_owned(),
            n => format!("{n} errors; nothing was run"),
        };
        text + &summary
    }

    fn group<'a>(&'a self, error: &'a Diagnostic) -> Group<'a> {
        let title = Level::ERROR.primary_title(shown(&error.message));
        let also = error.also.iter().map(|problem| Level::ERROR.with_name("also").message(shown(problem)));
        let help = error.help.as_ref().map(|help| Level::HELP.message(shown(help)));
        let notes = also.chain(help);
        let snippet = error.span.as_ref().and_then(|span| {
            let source = self.sources.get(span.source)?;
            let annotation = AnnotationKind::Primary.span(span.bytes.clone()).label(shown(&error.label));
            Some(Snippet::source(in_place(&source.text)).path(source.name.as_str()).annotation(annotation))
        });
        match snippet {
            Some(snippet) => title.element(snippet).elements(notes),
            None => Group::with_title(title).elements(notes),
        }
    }
}

/// Source text without characters that control a terminal. Each is replaced by one of the same length in bytes, so
/// that places stay valid.
fn in_place(text: &str) -> String {
    let sign = |letter: char| match letter.len_utf8() {
        1 => '?',
        2 => '¤',
        3 => char::REPLACEMENT_CHARACTER,
        _ => '🖹',
    };
    let steers = |letter: char| is_steering(letter) && !matches!(letter, '\n' | '\r' | '\t');
    text.chars().map(|letter| if steers(letter) { sign(letter) } else { letter }).collect()
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// The maximum number of candidates to list beside the nearest one.
const SHORT: usize = 8;

/// The new name of a renamed candidate; "did you mean `x`?"; or all candidates if none is near.
pub fn suggestion(name: &str, candidates: &[&str]) -> String {
    if let Some(new) = renamed(name).filter(|new| candidates.contains(new)) {
        return format!("`{name}` is now called `{new}`");
    }
    match nearest(name, candidates.iter().copied()) {
        Some(near) if (2..=SHORT).contains(&candidates.len()) => {
            format!("did you mean `{near}`? Known: {}", list(candidates))
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known: {}", list(candidates)),
    }
}

/// `a`, `b` and `c`
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
