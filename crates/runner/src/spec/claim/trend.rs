//! Tests whether a value falls or rises over an axis: `trend` with `over`.

use super::{DEPTH, LAYER, Reader, Said, Test};
use crate::spec::diagnostic::{Diagnostic, suggestion};
use crate::spec::kind::Kind;
use crate::spec::parse::Entry;
use chainrule_record::{ClaimTest, Direction, TrendAxis};

pub(super) const TESTS: &[Test] = &[Test { key: "trend", with: Some("over"), read: trend }];

impl Reader<'_, '_, '_> {
    /// `over = "…"`: a numeric axis, `depth` or `layer`.
    pub(super) fn over(&mut self) -> Option<TrendAxis> {
        let entry = self.find("over")?;
        let value = self.read(Kind::Text, entry)?;
        let name = value.as_str()?;
        match name {
            LAYER => return Some(TrendAxis::Layer),
            DEPTH => return Some(TrendAxis::Depth),
            _ => {}
        }
        let axes = self.grids.iter().flat_map(|grid| &grid.axes);
        let numeric = axes.filter(|axis| axis.points.iter().all(|point| point.value.is_number()));
        let names: Vec<_> = numeric.map(|axis| axis.setting.name).chain([DEPTH, LAYER]).collect();
        if names.contains(&name) || self.checker.is_assigned(name) {
            return Some(TrendAxis::Setting(name.to_owned()));
        }
        let error = Diagnostic::new(
            format!("cannot test a trend over `{name}`"),
            &entry.value.span,
            "not an axis of numbers",
        );
        self.error(error.help(suggestion(name, &names)));
        None
    }
}

fn trend(reader: &mut Reader<'_, '_, '_>, entry: &Entry, said: &Said) -> Option<ClaimTest> {
    let word = reader.read(Kind::Choice(&["falls", "rises"]), entry);
    if reader.find("over").is_none() {
        reader.missing("over", "set `over` to an axis of numbers, \"depth\" or \"layer\"");
    }
    let direction = if word? == "falls" { Direction::Falls } else { Direction::Rises };
    Some(ClaimTest::Trend { direction, over: said.over.clone()? })
}
