//! All problems of a table in one message.

/// The most problems that a message lists.
const MAX_LISTED: usize = 20;

/// The problems found so far, each with what to do about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::dataset) struct Problems(Vec<String>);

impl Problems {
    pub(super) fn add(&mut self, problem: impl Into<String>) {
        self.0.push(problem.into());
    }

    /// The problems, if there are any.
    pub(super) fn check(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// These problems and others.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Keeps the problem of a failure.
    pub(super) fn note<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|problem| self.add(problem)).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problems; the first of very many.
    pub(in crate::dataset) fn all(mut self) -> Vec<String> {
        let more = self.0.len().saturating_sub(MAX_LISTED);
        self.0.truncate(MAX_LISTED);
        self.0.extend((more > 0).then(|| format!("{more} more problems are not listed")));
        self.0
    }
}

impl From<String> for Problems {
    fn from(problem: String) -> Self {
        Self(vec![problem])
    }
}

impl From<&str> for Problems {
    fn from(problem: &str) -> Self {
        problem.to_owned().into()
    }
}

/// A name in a message.
pub(super) fn named(name: &str) -> String {
    format!("`{}`", super::cell::short(name.as_bytes()))
}

/// Some names in a message, the first few of many.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MAX_NAMED: usize = 12;
    let names: Vec<String> = names.into_iter().map(named).collect();
    let more = names.len().saturating_sub(MAX_NAMED);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// The `columns` key that reads a column as a word says, as it is written in an experiment file.
pub(super) fn columns_key(name: &str, word: &str) -> String {
    let is_bare =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let name = if is_bare { name.to_owned() } else { format!("{name:?}") };
    format!("columns = {{ {name} = \"{word}\" }}")
}
