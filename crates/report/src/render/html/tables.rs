//! Tables in the text: they scroll independently, keep their verdicts visible, and have a limited length.

use pulldown_cmark::{Event, Tag, TagEnd};

/// The largest number of rows of a table on the page; `report.md` has all of them.
const MAX_ROWS: usize = 500;

/// The title of the column that stays visible.
const VERDICTS: &str = "verdict";

/// Lets the keyboard focus a table, and then scroll it.
const BEFORE: &str = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"table\">";

/// The current position in a table.
#[derive(Default)]
pub(super) struct Tables {
    is_head: bool,
    /// Rows so far, without the titles.
    rows: usize,
    /// Cells so far in this row.
    cells: usize,
    /// Whether the next event decides how the cell of a title begins.
    begins_title: bool,
    verdicts: Option<usize>,
}

impl Tables {
    /// The events that replace the next event of the text.
    pub(super) fn shown<'e>(&mut self, event: Event<'e>) -> Vec<Event<'e>> {
        let title = std::mem::take(&mut self.begins_title).then(|| self.title(&event));
        title.into_iter().chain(self.next(event)).collect()
    }

    fn next<'e>(&mut self, event: Event<'e>) -> Vec<Event<'e>> {
        match event {
            Event::Start(Tag::Table(_)) => {
                *self = Self::default();
                vec![html(BEFORE), event]
            }
            Event::End(TagEnd::Table) => {
                let end = [event, html("</div>")].into_iter().chain(self.note()).collect();
                *self = Self::default();
                end
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                self.is_head = event == Event::Start(Tag::TableHead);
                self.rows += usize::from(!self.is_head);
                self.cells = 0;
                self.fitting(event)
            }
            Event::Start(Tag::TableCell) => self.cell(event),
            event => self.fitting(event),
        }
    }

    /// The event, or nothing in rows beyond the limit.
    fn fitting<'e>(&self, event: Event<'e>) -> Vec<Event<'e>> {
        if self.rows > MAX_ROWS { Vec::new() } else { vec![event] }
    }

    fn cell<'e>(&mut self, event: Event<'e>) -> Vec<Event<'e>> {
        self.cells += 1;
        self.begins_title = self.is_head;
        match self.is_head {
            true => Vec::new(),
            false if self.verdicts == Some(self.cells) => self.fitting(html("<td class=\"verdicts\">")),
            false => self.fitting(event),
        }
    }

    /// The start of a title cell, chosen by the event after it.
    fn title<'e>(&mut self, text: &Event) -> Event<'e> {
        if *text != Event::Text(VERDICTS.into()) {
            return Event::Start(Tag::TableCell);
        }
        self.verdicts = Some(self.cells);
        html("<th class=\"verdicts\">")
    }

    fn note<'e>(&self) -> Option<Event<'e>> {
        let note = format!(
            "<p class=\"fine\">These are the first {MAX_ROWS} of {} rows. <a href=\"report.md\"><code>report.md</code></a> has all.</p>",
            self.rows
        );
        (self.rows > MAX_ROWS).then(|| Event::InlineHtml(note.into()))
    }
}

fn html<'e>(html: &'static str) -> Event<'e> {
    Event::InlineHtml(html.into())
}

#[cfg(test)]
mod tests {
    use super::super::prose::Prose;
    use super::*;

    #[test]
    fn verdicts_are_marked_in_their_column_alone() {
        let html = Prose::new(
            "| n | verdict |\n| --- | --- |\n| 3 | **better** |\n\n| n | p |\n| --- | --- |\n| a | b |\n",
        )
        .html;
        assert!(html.contains("<th>n</th><th class=\"verdicts\">verdict</th>"), "{html}");
        assert!(html.contains("<td>3</td><td class=\"verdicts\"><strong>better</strong></td>"), "{html}");
        assert!(html.contains("<td>a</td><td>b</td>"), "{html}");
    }

    #[test]
    fn long_tables_end_and_say_so() {
        let table = |rows: usize| format!("| n |\n| --- |\n{}\ntext\n", "| 7 |\n".repeat(rows));
        let html = Prose::new(&table(MAX_ROWS)).html;
        assert!(html.matches("<tr>").count() == MAX_ROWS + 1 && !html.contains("first"), "{html}");
        let html = Prose::new(&table(MAX_ROWS + 2)).html;
        assert_eq!(html.matches("<td>").count(), MAX_ROWS);
        assert!(html.contains("the first 500 of 502 rows") && html.contains("<p>text</p>"), "{html}");
        assert_eq!(html.matches("<tr>").count(), html.matches("</tr>").count());
    }
}
