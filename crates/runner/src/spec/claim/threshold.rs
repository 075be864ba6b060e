//! Tests whether the mean, or every run, is on one side of a bound: `at_least` and `at_most`.

use super::{Reader, Said, Test};
use crate::spec::diagnostic::Diagnostic;
use crate::spec::kind::Kind;
use crate::spec::parse::Entry;
use chainrule_record::{ClaimTest, Extent, Side, Subject};

pub(super) const TESTS: &[Test] = &[
    Test {
        key: "at_least",
        with: Some("of"),
        read: |reader, entry, said| threshold(reader, Side::AtLeast, entry, said),
    },
    Test {
        key: "at_most",
        with: Some("of"),
        read: |reader, entry, said| threshold(reader, Side::AtMost, entry, said),
    },
];

fn threshold(reader: &mut Reader<'_, '_, '_>, side: Side, entry: &Entry, said: &Said) -> Option<ClaimTest> {
    let bound = reader.number(entry);
    let of = match reader.find("of") {
        Some(entry) => {
            let word = reader.read(Kind::Choice(&["mean", "every"]), entry)?;
            if word == "every" { Extent::Every } else { Extent::Mean }
        }
        None => Extent::Mean,
    };
    if of == Extent::Mean && said.subject.as_ref().is_some_and(Subject::is_flag) {
        share(reader, side, entry, bound?);
    }
    Some(ClaimTest::Threshold { side, bound: bound?, of })
}

/// Checks the bound of a fraction. A fraction is from 0 to 1; seeds cannot show that it is exactly 0 or exactly 1.
fn share(reader: &mut Reader<'_, '_, '_>, side: Side, entry: &Entry, bound: f64) {
    let last = if side == Side::AtLeast { 1.0 } else { 0.0 };
    let place = &entry.value.span;
    if !(0.0..=1.0).contains(&bound) {
        reader.error(Diagnostic::new("a fraction of runs must be between 0 and 1", place, "out of range"));
    } else if bound == last {
        let message = format!("no number of seeds can show that a fraction is exactly {last}");
        let error = Diagnostic::new(message, place, "can only be refuted");
        reader.error(error.help("set of = \"every\" to test each run, or use another bound"));
    }
}
