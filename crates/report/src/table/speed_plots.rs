//! The tables beside the plots of speed, and beside that of all configurations.

use super::plots::{first_cells_of, first_titles};
use super::{Row, save};
use crate::ReportError;
use crate::analysis::{Analysis, Parallel, Profiles, TimeToTarget};
use crate::output::Output;

/// The table of the shares that have reached the target: each is the share from that time on.
pub(crate) fn time_to_target(
    analysis: &Analysis,
    times: &TimeToTarget,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, "plots/time_to_target.csv", |table| {
        let last = ["seeds", analysis.clock().name(), "share_reached"];
        Row::titles(first_titles(analysis).into_iter().chain(last)).write(table)?;
        for line in times.panels(analysis).iter().flat_map(|panel| &panel.lines) {
            for (time, share) in &line.points {
                let mut row = first_cells_of(analysis, line.cell.compared, line.cell.configuration);
                row.text(if times.fresh { "fresh" } else { "planned" });
                row.number(Some(*time)).number(Some(*share)).write(table)?;
            }
        }
        Ok(())
    })
}

/// The table of the performance profile: where each line rises, and to what.
pub(crate) fn performance_profile(
    analysis: &Analysis,
    profiles: &Profiles,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, "plots/performance_profile.csv", |table| {
        Row::titles([analysis.compared_name(), "ratio", "share_of_problems"]).write(table)?;
        for line in &profiles.lines {
            for (ratio, share) in &line.steps {
                let mut row = Row::default();
                row.text(&analysis.compared[line.compared].label);
                row.number(Some(*ratio)).number(Some(*share)).write(table)?;
            }
        }
        Ok(())
    })
}

/// The table of the parallel coordinates: a row a line, the best first.
pub(crate) fn parallel(analysis: &Analysis, plot: &Parallel, output: &mut Output) -> Result<(), ReportError> {
    save(output, "plots/configurations.csv", |table| {
        let names = plot.factors.iter().map(|factor| analysis.grid.factors[*factor].setting.as_str());
        Row::titles(names.chain(["metric", "median", "lost"])).write(table)?;
        for configuration in plot.configurations.iter().map(|index| &analysis.configurations[*index]) {
            let mut row = Row::default();
            let label = |factor: &usize| analysis.grid.label(*factor, configuration.levels[*factor]);
            row.texts(plot.factors.iter().map(label)).text(analysis.info.metric.name());
            let spread = configuration.final_metric(analysis.info.metric);
            row.number(spread.median).count(spread.worst as u64).write(table)?;
        }
        Ok(())
    })
}
