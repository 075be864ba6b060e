//! The values of a baseline file as text, and the columns of its table.

use super::row::Row;
use crate::analysis::{FINALS, Part};
use crate::number::exact;
use chainrule_record::{RunId, StopReason};

/// A value in a baseline file.
pub(super) trait Cell {
    /// The value as text.
    fn text(&self) -> String;

    /// Reads the value from text; `None` if the text is invalid.
    fn read(&mut self, text: &str) -> Option<()>;

    /// Describes valid text.
    fn expected(&self) -> &'static str;
}

/// Each type with a description of its text, the text of a value, and the value of a text.
macro_rules! values {
    ($($type:ty: $expected:literal, $text:expr, $parse:expr;)+) => {
        $(impl Cell for $type {
            fn text(&self) -> String {
                ($text)(self)
            }

            fn read(&mut self, text: &str) -> Option<()> {
                *self = ($parse)(text)?;
                Some(())
            }

            fn expected(&self) -> &'static str {
                $expected
            }
        })+
    };
}

values! {
    String: "text", Self::clone, |text: &str| Some(text.to_owned());
    u32: "a whole number", Self::to_string, |text: &str| text.parse().ok();
    u64: "a whole number", Self::to_string, |text: &str| text.parse().ok();
    f64: "a number", |value: &Self| exact(*value), |text: &str| text.parse().ok();
    bool: "`true` or `false`", Self::to_string, |text: &str| text.parse().ok();
    RunId: "64 hexadecimal digits", Self::to_string, Self::from_hex;
    Part: "`planned` or `fresh`", |part: &Self| part.name().to_owned(), part;
    StopReason: "a reason to stop", Self::to_string, Self::from_name;
    (String, String): "`name:digest`", |(name, digest): &Self| format!("{name}:{digest}"), named_digest;
    (u64, String): "`epoch:digest`", |(epoch, digest): &Self| format!("{epoch}:{digest}"), epoch_digest;
}

fn part(name: &str) -> Option<Part> {
    Part::ALL.into_iter().find(|part| part.name() == name)
}

fn named_digest(text: &str) -> Option<(String, String)> {
    text.rsplit_once(':').map(|(name, digest)| (name.to_owned(), digest.to_owned()))
}

fn epoch_digest(text: &str) -> Option<(u64, String)> {
    let (epoch, digest) = text.split_once(':')?;
    Some((epoch.parse().ok()?, digest.to_owned()))
}

/// Empty text means `None`.
impl<T: Cell + Default> Cell for Option<T> {
    fn text(&self) -> String {
        self.as_ref().map(T::text).unwrap_or_default()
    }

    fn read(&mut self, text: &str) -> Option<()> {
        *self = if text.is_empty() { None } else { Some(parse(text)?) };
        Some(())
    }

    fn expected(&self) -> &'static str {
        T::default().expected()
    }
}

/// Spaces separate the items of a list; `-` is an empty item.
impl<T: Cell + Default> Cell for Vec<T> {
    fn text(&self) -> String {
        let item = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        self.iter().map(|one| item(one.text())).collect::<Vec<_>>().join(" ")
    }

    fn read(&mut self, text: &str) -> Option<()> {
        let items = text.split_ascii_whitespace().map(|item| parse(if item == "-" { "" } else { item }));
        *self = items.collect::<Option<_>>()?;
        Some(())
    }

    fn expected(&self) -> &'static str {
        T::default().expected()
    }
}

fn parse<T: Cell + Default>(text: &str) -> Option<T> {
    let mut value = T::default();
    value.read(text).map(|()| value)
}

/// Titles, each with the value of a row.
pub(super) type Columns<'t, 'v> = Vec<(&'t str, &'v mut dyn Cell)>;

impl Row {
    /// The columns of the table. `varying` are the names of [`Row::settings`].
    pub(super) fn columns<'t, 'v>(&'v mut self, varying: &'t [String]) -> Columns<'t, 'v> {
        let mut columns: Columns = vec![("run_id", &mut self.run_id), ("runs", &mut self.part)];
        let settings = varying.iter().zip(&mut self.settings);
        columns.extend(settings.map(|(name, value)| (name.as_str(), value as &mut dyn Cell)));
        let ending: [(&str, &mut dyn Cell); 4] = [
            ("seed", &mut self.seed),
            ("stop_reason", &mut self.stop),
            ("epochs_run", &mut self.epochs),
            ("steps_run", &mut self.steps),
        ];
        columns.extend(ending);
        let metrics = FINALS.into_iter().zip(&mut self.metrics);
        columns.extend(metrics.map(|(metric, value)| (metric.name(), value as &mut dyn Cell)));
        let others: [(&str, &mut dyn Cell); 10] = [
            ("target_epoch", &mut self.target_epoch),
            ("divergence", &mut self.divergence),
            ("failure", &mut self.failure),
            ("check_as_expected", &mut self.check_as_expected),
            ("weights_digest", &mut self.weights_digest),
            ("layer_digests", &mut self.layer_digests),
            ("record_digest", &mut self.record_digest),
            ("part_digests", &mut self.part_digests),
            ("curve_digests", &mut self.curve_digests),
            ("curve", &mut self.curve),
        ];
        columns.extend(others);
        columns
    }
}
