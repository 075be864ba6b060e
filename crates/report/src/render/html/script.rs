//! The scripts and the style of the page, and the policy that blocks all others.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The style sheet of the page.
pub(super) const STYLE: &str = include_str!("../../../templates/report.css");

/// The scripts of the page, one file for each part.
const OWN: &str = concat!(
    "\"use strict\";\n",
    include_str!("../../../templates/theme.js"),
    include_str!("../../../templates/figures.js"),
    include_str!("../../../templates/runs.js"),
);

/// Plotly itself: the first of the scripts that its crate provides for pages without a network. The other one
/// typesets formulas, which figures do not contain.
static PLOTLY: LazyLock<String> = LazyLock::new(|| {
    let sources = plotly::Plot::offline_js_sources();
    let first = sources.split_once('>').and_then(|(_, rest)| rest.split_once("</script>"));
    first.map(|(script, _)| script.to_owned()).unwrap_or_default()
});

/// The page's own script.
pub(super) fn own() -> &'static str {
    OWN
}

/// The plotting library.
pub(super) fn plotly() -> &'static str {
    &PLOTLY
}

/// Blocks every fetch, and every script but these two, named by their digests. Plotly draws maps as pictures inside
/// the page, and sets styles.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; script-src {} {}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
        source(OWN),
        source(&PLOTLY)
    )
});

/// The value of the page's Content-Security-Policy.
pub(super) fn policy() -> String {
    POLICY.clone()
}

fn source(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plotly_is_there_and_nothing_else() {
        assert!(plotly().contains("plotly.js v"), "{}", &plotly()[..200]);
        assert!(!plotly().contains("MathJax.version=") && !plotly().contains("</script"));
    }

    #[test]
    fn scripts_are_named_by_their_digests() {
        // `printf 'alert(1)' | openssl dgst -sha256 -binary | base64`
        assert_eq!(source("alert(1)"), "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
    }
}
