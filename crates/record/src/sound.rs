//! Checks that the parts of a record fit together: readers index one column by the length of another.

use crate::{FunctionCurve, ProbeTable, RunRecord};

impl RunRecord {
    /// Checks that the record belongs to its specification and that its lists have the lengths that readers rely on.
    ///
    /// # Errors
    /// The first part that does not fit, as an unfinished sentence.
    pub fn check(&self) -> Result<(), String> {
        if self.spec.run_id() != self.run_id {
            return Err("its settings belong to another run".to_owned());
        }
        equal("the columns of its curve", self.curve.lengths())?;
        check_probes(&self.probes)?;
        self.function.as_ref().map_or(Ok(()), check_function)?;
        let matrices = self.trace.iter().flat_map(|step| &step.matrices);
        for (name, rows) in matrices {
            let widths = rows.iter().map(Vec::len);
            equal(&format!("the rows of the traced `{name}`"), widths)?;
        }
        Ok(())
    }
}

fn equal(what: &str, mut lengths: impl Iterator<Item = usize>) -> Result<(), String> {
    let Some(first) = lengths.next() else { return Ok(()) };
    match lengths.find(|length| *length != first) {
        Some(other) => Err(format!("{what} have {first} and {other} entries")),
        None => Ok(()),
    }
}

fn check_probes(probes: &ProbeTable) -> Result<(), String> {
    let ProbeTable { epoch, step, series, spectra, layers: _, predicted: _ } = probes;
    let spectra = (!spectra.is_empty()).then_some(spectra.len());
    let series = series.iter().map(|series| series.values.len());
    equal("the columns of its probes", [epoch.len(), step.len()].into_iter().chain(series).chain(spectra))
}

fn check_function(function: &FunctionCurve) -> Result<(), String> {
    let FunctionCurve { x, value, derivative } = function;
    equal("the columns of its function", [x.len(), value.len(), derivative.len()].into_iter())
}
