//! Every run has a value: `equals` with `tolerance`.

use super::{Reader, Said, Test};
use crate::spec::kind::Kind;
use crate::spec::parse::Entry;
use chainrule_core::registry::Range;
use chainrule_record::ClaimTest;

pub(super) const TESTS: &[Test] = &[Test { key: "equals", with: Some("tolerance"), read: equals }];

fn equals(reader: &mut Reader<'_, '_, '_>, entry: &Entry, _: &Said) -> Option<ClaimTest> {
    let value = reader.number(entry);
    let Some(tolerance) = reader.find("tolerance") else {
        reader.missing("tolerance", "set the largest allowed difference, as in tolerance = 1e-12");
        return None;
    };
    let tolerance = reader.read(Kind::Number(Range::NON_NEGATIVE), tolerance)?.as_f64();
    Some(ClaimTest::Equals { value: value?, tolerance: tolerance? })
}
