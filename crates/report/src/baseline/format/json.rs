//! Everything, for programs. `docs/regressions.md` describes the format, which has a version.

use super::{Comparison, Files, Layer, remedy, word};
use crate::baseline::{Counts, Finding, FoundRun, Provenance};
use chainrule_record::text;
use serde_json::{Map, Value, json};

/// Version of the format.
const VERSION: u32 = 1;

pub(super) fn render(comparison: &Comparison, files: Files) -> String {
    let Counts { same, changed, missing, extra } = comparison.counts;
    let value = json!({
        "format_version": VERSION,
        "experiment": files.experiment,
        "baseline": files.baseline,
        "passed": comparison.passes(),
        "layer": match comparison.layer {
            Layer::Bits => 1,
            Layer::Statistics => 2,
        },
        "why_layer_2": comparison.why,
        "runs": { "same": same, "changed": changed, "missing": missing, "extra": extra },
        "before": provenance(&comparison.before),
        "now": provenance(&comparison.now),
        "remedy": remedy(comparison, files).map(|(_, command)| command),
        "findings": comparison.findings.iter().map(finding).collect::<Vec<_>>(),
    });
    text::json(&format!("{value:#}\n"))
}

fn provenance(of: &Provenance) -> Value {
    json!({
        "results_version": of.results_version,
        "chainrule_version": of.chainrule_version,
        "git_commit": of.git_commit,
        "compiler": of.compiler,
        "cpu": of.cpu,
        "simd": of.simd,
        "platform": of.platform,
    })
}

fn finding(finding: &Finding) -> Value {
    let run = finding.run.as_ref().map(|FoundRun { run_id, settings, seed }| {
        let settings: Map<String, Value> =
            settings.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        json!({ "run_id": run_id.to_string(), "settings": settings, "seed": seed })
    });
    let place = &finding.place;
    json!({
        "severity": word(finding.severity),
        "kind": finding.kind.name(),
        "message": finding.message,
        "run": run,
        "epoch": place.epoch,
        "layer": place.layer,
        "metric": place.metric,
        "before": place.before,
        "now": place.now,
    })
}
