//! Every configuration as a line through the values of its settings to its final metric.

use super::{Figure, look};
use crate::analysis::{Analysis, Configuration, FURTHEST};
use crate::number::rounded;
use plotly::common::{HoverInfo, Mode};
use plotly::layout::Axis;
use plotly::{Layout, Plot, Scatter};

/// More lines than this hide one another.
const MOST_LINES: usize = 300;
/// Significant digits of the metric.
const DIGITS: usize = 4;

/// `None` unless two settings vary: with one, other figures show all there is.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let grid = &analysis.grid;
    let varying = grid.factors.iter().filter(|factor| factor.levels.len() > 1).count();
    let shown: Vec<&Configuration> =
        analysis.ranking.iter().take(MOST_LINES).map(|index| &analysis.configurations[*index]).collect();
    let scale = Scale::new(analysis, &shown);
    let (Some(scale), true) = (scale, varying > 1) else { return Vec::new() };
    let mut plot = Plot::new();
    for compared in 0..analysis.compared.len() {
        let is_ours =
            |one: &&&Configuration| grid.compare.is_none_or(|factor| one.levels[factor] == compared);
        shown.iter().filter(is_ours).for_each(|one| plot.add_trace(line(analysis, &scale, compared, one)));
    }
    let is_lost = shown.iter().any(|one| one.final_metric(analysis.info.metric).median.is_none());
    plot.set_layout(layout(analysis, &scale, is_lost));
    let title =
        format!("Every configuration: from its settings to its final {}", analysis.info.metric.label());
    vec![Figure {
        signs: signs(analysis, &shown),
        caption: "Which settings go together: a line is a configuration, and goes through the value of each of its settings to what it reaches, the best on top. Where lines of a value end together, that setting decides; where they spread, others do.",
        table: "summary.csv".to_owned(),
        least_width: 120 * (varying + 1),
        height: 520,
        ..Figure::new("parallel_coordinates", title, plot)
    }]
}

/// Where a metric lies on the last axis: the best at 1, the worst, or the furthest that is drawn, at 0; by its logarithm where that is what a loss asks for.
struct Scale {
    best: f64,
    worst: f64,
    logarithmic: bool,
}

impl Scale {
    fn new(analysis: &Analysis, shown: &[&Configuration]) -> Option<Self> {
        let metric = analysis.info.metric;
        // Best first, those without a median last.
        let medians: Vec<f64> = shown.iter().filter_map(|one| one.final_metric(metric).median).collect();
        let (best, worst) = (*medians.first()?, *medians.last()?);
        let logarithmic = metric.is_loss() && best > 0.0;
        let worst = if logarithmic { worst.min(FURTHEST * best) } else { worst };
        Some(Self { best, worst, logarithmic })
    }

    fn place(&self, value: f64) -> f64 {
        let map = |value: f64| if self.logarithmic { libm::log10(value) } else { value };
        let (best, worst) = (map(self.best), map(self.worst));
        if best == worst { 1.0 } else { ((map(value) - worst) / (best - worst)).max(0.0) }
    }

    /// Five values from the worst to the best, at equal distances.
    fn ticks(&self) -> Vec<(f64, String)> {
        let at = |share: f64| match self.logarithmic {
            true => self.worst * libm::pow(self.best / self.worst, share),
            false => self.worst + share * (self.best - self.worst),
        };
        let steps = if self.best == self.worst { 4..=4 } else { 0..=4 };
        steps.map(|step| (f64::from(step) / 4.0, rounded(at(f64::from(step) / 4.0), 3))).collect()
    }
}

/// Below the worst: configurations without a median.
const LOST: f64 = -0.12;

/// The height of each level of a factor: numbers ascending, anything else as in the file, the first on top.
fn height(analysis: &Analysis, factor: usize, level: usize) -> f64 {
    let place = analysis.grid.place(factor, level) as f64;
    let factor = &analysis.grid.factors[factor];
    let last = factor.levels.len().saturating_sub(1).max(1) as f64;
    if factor.levels.len() < 2 {
        0.5
    } else if factor.is_numeric() {
        place / last
    } else {
        1.0 - place / last
    }
}

/// One trace a configuration, so that the pointer finds it as a whole.
fn line(analysis: &Analysis, scale: &Scale, compared: usize, one: &Configuration) -> Box<Scatter<f64, f64>> {
    let settings = one.levels.iter().enumerate().map(|(factor, level)| height(analysis, factor, *level));
    let median = one.final_metric(analysis.info.metric).median;
    let y: Vec<f64> = settings.chain([median.map_or(LOST, |value| scale.place(value))]).collect();
    let x = (0..y.len()).map(|index| index as f64).collect();
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(look::line(compared).width(1.3))
        .marker(look::marker(compared).size(5))
        .opacity(0.55)
        .name(look::label(&analysis.compared[compared].label))
        .hover_info(HoverInfo::Text)
        .hover_text_array(vec![told(analysis, one); one.levels.len() + 1])
        .legend_group(look::group(compared))
}

fn told(analysis: &Analysis, one: &Configuration) -> String {
    let median = one.final_metric(analysis.info.metric).median;
    let median = median.map_or_else(|| one.absence().to_owned(), |median| rounded(median, DIGITS));
    let settings = analysis.settings(one, &[]);
    let settings: Vec<String> =
        settings.iter().map(|(name, value)| format!("{name} {}", look::label(value))).collect();
    format!("{} {median}<br>{}", analysis.info.metric, settings.join("<br>"))
}

/// The axes are vertical lines; what stands beside them is text.
fn layout(analysis: &Analysis, scale: &Scale, is_lost: bool) -> Layout {
    let factors = &analysis.grid.factors;
    let last = factors.len();
    let names = factors.iter().map(|factor| factor.setting.as_str()).chain([analysis.info.metric.name()]);
    let x = Axis::new()
        .tick_values((0..=last).map(|index| index as f64).collect())
        .tick_text(names.map(look::label).collect())
        .range(vec![-0.25, last as f64 + 0.55])
        .zero_line(false);
    let y = Axis::new().visible(false).range(vec![LOST - 0.06, 1.08]);
    let of_factor = |index: usize| {
        let levels = 0..factors[index].levels.len();
        levels.map(move |level| {
            (index, height(analysis, index, level), analysis.grid.short_label(index, level))
        })
    };
    let settings = (0..last).flat_map(of_factor);
    let metric = scale.ticks().into_iter().map(|(height, text)| (last, height, text));
    let lost = is_lost.then(|| (last, LOST, "lost".to_owned()));
    let texts = settings.chain(metric).chain(lost).map(|(axis, height, text)| beside(axis, height, &text));
    Layout::new().x_axis(x).y_axis(y).annotations(texts.collect())
}

/// A value beside its axis.
fn beside(axis: usize, height: f64, text: &str) -> plotly::layout::Annotation {
    plotly::layout::Annotation::new()
        .x(axis as f64)
        .y(height)
        .x_anchor(plotly::common::Anchor::Left)
        .x_shift(5.0)
        .show_arrow(false)
        .text(look::label(&shortened(text)))
}

/// As much of a label as there is room for.
fn shortened(text: &str) -> String {
    const LETTERS: usize = 18;
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn signs(analysis: &Analysis, shown: &[&Configuration]) -> Vec<String> {
    let mut signs =
        vec!["a line: a configuration".to_owned(), "on the last axis: its median over the seeds".to_owned()];
    if shown.len() < analysis.configurations.len() {
        signs.push(format!("the best {} of {} configurations", shown.len(), analysis.configurations.len()));
    }
    let metric = analysis.info.metric;
    let medians = || shown.iter().filter_map(|one| one.final_metric(metric).median);
    if metric.is_loss() && medians().any(|median| median > FURTHEST * medians().fold(f64::INFINITY, f64::min))
    {
        signs.push("at the lower end: more than 1000 times the best".to_owned());
    }
    if shown.iter().any(|one| one.final_metric(metric).median.is_none()) {
        signs.push("lost: half or more of the seeds diverged or failed".to_owned());
    }
    signs
}
