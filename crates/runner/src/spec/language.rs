//! All settings, and the behaviour of runs before later settings existed.

use super::kind::written;
use super::setting::Setting;
use super::settings::SETTINGS;
use chainrule_record::{AsBefore, ExperimentKind, RunSpec};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Fields of tables and parameters of items added after the first version of the format. Each has the value that means
/// "as before", written as in a file: `("optimizer.adam.amsgrad", "false")`.
const LATER_PARTS: &[(&str, &str)] =
    &[("dataset.npy.test_x", "\"none\""), ("dataset.npy.test_y", "\"none\"")];

/// A table of settings, and the values derived from it.
pub(crate) struct Language {
    settings: &'static [Setting],
    /// By kind of experiment, in the order of [`ExperimentKind::ALL`].
    as_before: [Arc<AsBefore>; ExperimentKind::ALL.len()],
}

impl Language {
    pub(crate) fn new(settings: &'static [Setting], later_parts: &[(&'static str, &'static str)]) -> Self {
        let as_before = ExperimentKind::ALL.map(|kind| {
            let mut all = AsBefore::default();
            let belongs = |name: &str| settings.iter().any(|s| s.name == name && s.belongs_to(kind));
            let whole = settings.iter().filter_map(|setting| Some((setting.name, setting.as_before?)));
            for (path, text) in whole.chain(later_parts.iter().copied()) {
                let (name, part) = path.split_once('.').unwrap_or((path, ""));
                let setting = settings.iter().find(|setting| setting.name == name);
                let value = setting.and_then(|setting| written(&setting.kind.part(part)?, text));
                if belongs(name) {
                    all.add(path, value.expect("a value that the setting takes"));
                }
            }
            Arc::new(all)
        });
        Self { settings, as_before }
    }
}

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| Language::new(SETTINGS, LATER_PARTS));

#[cfg(test)]
thread_local! {
    /// Another language for tests on this thread.
    static SPOKEN: std::cell::Cell<Option<&'static Language>> = const { std::cell::Cell::new(None) };
}

/// Uses another language on this thread while `work` runs.
#[cfg(test)]
pub(crate) fn speaking<T>(language: &'static Language, work: impl FnOnce() -> T) -> T {
    SPOKEN.set(Some(language));
    let done = work();
    SPOKEN.set(None);
    done
}

fn language() -> &'static Language {
    #[cfg(test)]
    if let Some(language) = SPOKEN.get() {
        return language;
    }
    &LANGUAGE
}

/// Every setting, in the order of the documentation.
pub fn settings() -> &'static [Setting] {
    language().settings
}

/// The setting with this name.
pub fn setting(name: &str) -> Option<&'static Setting> {
    settings().iter().find(|setting| setting.name == name)
}

/// Fills in the settings that the stored specification omits because they are as before.
pub(crate) fn fill_in(spec: &mut RunSpec) {
    let kind = spec.kind();
    let position = ExperimentKind::ALL.iter().position(|known| *known == kind);
    spec.0.complete(&language().as_before[position.unwrap_or_default()]);
}

/// The later settings without effect in a run with these settings, each with its value as before.
pub(crate) fn without_effect(settings: &BTreeMap<String, Value>) -> Vec<(&'static str, Value)> {
    let as_before = |setting: &Setting| {
        let text = setting.as_before.filter(|_| settings.contains_key(setting.name))?;
        (!(setting.has_effect)(settings)).then(|| Some((setting.name, written(&setting.kind, text)?)))?
    };
    self::settings().iter().filter_map(as_before).collect()
}
