//! What probes measured.

use super::Analysis;

/// The names of what was measured of layers, or of whole networks, in any run: in the order of the experiment.
pub(crate) fn probe_names<'a>(analysis: &Analysis<'a>, of_layers: bool) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for name in analysis.records.iter().flat_map(|run| run.probes.names(of_layers)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
