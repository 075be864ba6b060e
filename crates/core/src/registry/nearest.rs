//! Suggestions for misspelt names.

/// The minimum similarity of a name, from 0 to 1: `adan` is close to `adam`, `extends` is not close to `seeds`.
const MIN_SIMILARITY: f64 = 0.83;

/// The candidate nearest to a misspelt name, if one is close enough. Upper and lower case are the same.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let similarity = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let is_beginning = name.len() > 1 && candidate.starts_with(&name);
        strsim::jaro_winkler(&name, &candidate).max(if is_beginning { MIN_SIMILARITY } else { 0.0 })
    };
    let scored = candidates.into_iter().map(|candidate| (similarity(candidate), candidate));
    scored
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
