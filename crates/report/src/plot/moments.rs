//! Lines before and after training: medians over the seeds at 1, 2, 3, …

use super::spreads::{band, bands, drawn, median_over, medians};
use super::table::{SPREAD, first_cells_of};
use super::{Axis, Ink, Legend, Mark, Markers, Panel, Point, Stroke, Table, words};
use crate::analysis::{Analysis, Spread};
use crate::number::rounded;

/// Lines at both moments, as far as there are data.
pub(super) struct Moments<'a> {
    pub(super) start: Vec<Line<'a>>,
    pub(super) end: Vec<Line<'a>>,
    /// The quantity along x, such as `layer`.
    pub(super) along: &'static str,
    /// The name of the measurement.
    pub(super) metric: &'a str,
}

/// The line of a compared value.
pub(super) struct Line<'a> {
    pub(super) compared: usize,
    /// The index of the drawn configuration.
    pub(super) configuration: usize,
    pub(super) points: Vec<(u64, &'a Spread)>,
    /// The values that theory predicts; `None` if it never predicts any.
    pub(super) expected: Option<&'a [(u64, f64)]>,
}

impl Line<'_> {
    fn expected(&self) -> impl Iterator<Item = &(u64, f64)> {
        self.expected.into_iter().flatten()
    }

    fn points(&self) -> impl Iterator<Item = (f64, &Spread)> {
        self.points.iter().map(|(x, spread)| (*x as f64, *spread))
    }

    /// The predicted values as a dotted line, and the medians.
    fn marks(&self, along: &str, markers: Markers) -> impl Iterator<Item = Mark> + use<> {
        let point = |(x, value): &(u64, f64)| {
            Point::new(*x as f64, *value).saying(format!("{along} {x}: {} expected", rounded(*value, 4)))
        };
        let line = |points| Mark::line(Ink::Series(self.compared), Stroke::dotted(2.2), points);
        let expected = self.expected.map(|expected| line(expected.iter().map(point).collect()));
        let medians = medians(self.points(), |x, spread| format!("{along} {x}: {}", median_over(spread)));
        expected.into_iter().chain([Mark::series(self.compared, markers, medians)])
    }
}

impl<'a> Moments<'a> {
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line<'a>> {
        self.start.iter().chain(&self.end)
    }

    /// The last number on the x axis.
    pub(super) fn last(&self) -> u64 {
        self.lines().flat_map(|line| &line.points).map(|(x, _)| *x).max().unwrap_or(1)
    }

    /// All drawn values.
    pub(super) fn values(&self) -> Vec<f64> {
        let spreads = self.lines().flat_map(|line| &line.points).flat_map(|(_, spread)| drawn(spread));
        spreads.chain(self.lines().flat_map(Line::expected).map(|(_, value)| *value)).collect()
    }

    /// A panel for each moment; `middle` is between the bands and the lines.
    pub(super) fn panels(
        &self,
        (x, y): (Axis, Axis),
        middle: impl Fn() -> Option<Mark>,
        markers: impl Fn(&Line) -> Markers,
    ) -> Vec<Panel> {
        let panel = |(when, lines): (&str, &Vec<Line>)| {
            let bands = bands(lines, |line| band(line.compared, line.points()));
            let lines = lines.iter().flat_map(|line| line.marks(self.along, markers(line)));
            let marks = bands.chain(middle()).chain(lines).collect();
            Panel { title: when.to_owned(), ..Panel::new(x.clone(), y.clone(), marks) }
        };
        let moments = [("before training", &self.start), ("after training", &self.end)];
        moments.into_iter().filter(|(_, lines)| !lines.is_empty()).map(panel).collect()
    }

    /// The meaning of lines and bands.
    pub(super) fn notes(&self, analysis: &Analysis) -> [Option<String>; 2] {
        words::line_and_band(analysis, self.end.len())
    }

    /// The compared values, each with its configuration and a note.
    pub(super) fn legend(&self, analysis: &Analysis, note: impl Fn(usize) -> Option<String>) -> Legend {
        let mut shown: Vec<_> = self.lines().map(|line| (line.compared, line.configuration)).collect();
        shown.sort_unstable();
        shown.dedup();
        let shown = shown.into_iter().map(|(compared, configuration)| {
            (compared, analysis.configurations.get(configuration), note(compared))
        });
        Legend::of_compared(analysis, shown)
    }

    /// A row for each point, with its predicted value if theory predicts any. `when` is `start` or `end`.
    pub(super) fn table(&self, analysis: &Analysis) -> Table {
        let expected = self.lines().any(|line| line.expected.is_some()).then_some("expected");
        let titles = ["when", self.along, "metric"].into_iter().chain(SPREAD).chain(expected);
        let mut table = Table::of_compared(analysis, titles);
        for (when, lines) in [("start", &self.start), ("end", &self.end)] {
            for line in lines {
                for (x, values) in &line.points {
                    let mut row = first_cells_of(analysis, line.compared, line.configuration);
                    row.text(when).count(*x).text(self.metric).seeds(values);
                    if expected.is_some() {
                        let expected = line.expected().find(|(expected, _)| expected == x);
                        row.number(expected.map(|(_, value)| *value));
                    }
                    table.push(&row);
                }
            }
        }
        table
    }
}
