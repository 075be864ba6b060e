//! The text of `report.md` as HTML, so that both agree.

use super::tables::Tables;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Text that is HTML already.
pub(super) struct Prose {
    pub(super) html: String,
    pub(super) headings: Vec<Heading>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// The target of links to the section.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
}

impl Prose {
    /// Escapes HTML in the Markdown, and keeps only links to files beside the page.
    pub(super) fn new(markdown: &str) -> Self {
        let mut headings = Vec::new();
        let mut is_heading = false;
        let mut tables = Tables::default();
        let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).flat_map(|event| {
            if let (true, Event::Text(text)) = (is_heading, &event) {
                headings.push(Heading { id: id(text), title: text.to_string() });
            }
            is_heading = matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }));
            harmless(event)
        });
        let events = events.flat_map(|event| tables.shown(event));
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, events);
        for Heading { id, title } in &headings {
            // Titles come from the program and contain no character that HTML would escape.
            html = html.replacen(&format!("<h2>{title}</h2>"), &format!("<h2 id=\"{id}\">{title}</h2>"), 1);
        }
        Self { html, headings }
    }
}

fn id(title: &str) -> String {
    let letter = |letter: char| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    title.chars().map(letter).collect()
}

fn harmless(event: Event) -> Vec<Event> {
    let is_beside = |url: &str| !url.contains([':', '\\']) && !url.starts_with('/');
    match event {
        Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if is_beside(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            vec![Event::Start(Tag::Link { link_type, dest_url, title, id })]
        }
        // The text contains no pictures, even if a name looks like one.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Vec::new(),
        event => vec![event],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::markdown::{code, plain};

    #[test]
    fn sections_are_found_and_can_be_linked_to() {
        let prose = Prose::new("## How runs ended\n\ntext\n\n## Data\n\n[`a`](runs.csv)\n");
        let titles: Vec<&str> = prose.headings.iter().map(|heading| heading.title.as_str()).collect();
        assert_eq!(titles, ["How runs ended", "Data"]);
        assert!(prose.html.contains("<h2 id=\"how-runs-ended\">How runs ended</h2>"), "{}", prose.html);
        assert!(prose.html.contains("<a href=\"runs.csv\"><code>a</code></a>"), "{}", prose.html);
    }

    #[test]
    fn nothing_but_text_comes_of_text() {
        let hostile =
            "<script>alert(1)</script> ![x](http://a/b) [y](javascript:alert) <img src=x onerror=a()> \\";
        for text in [plain(hostile), code(hostile), hostile.to_owned(), format!("- a\n\n{hostile}\n\n<b>\n")]
        {
            let html = Prose::new(&text).html;
            for tag in ["<script", "<img", "<b>", "href=\"javascript", "href=\"http"] {
                assert!(!html.contains(tag), "{tag} in {html}");
            }
        }
    }
}
