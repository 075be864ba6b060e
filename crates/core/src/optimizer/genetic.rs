use super::{OptimizerKernel, Rule, SearchState, Trial, perturb};
use crate::cancel::{Cancelled, DRAW};
use crate::error::SettingsError;
use crate::real::Real;
use crate::registry::Range;
use crate::seed::Stream;

crate::item! {
    /// A genetic algorithm without a gradient: the best networks of a population survive, and children of two parents with
    /// random mutations replace the rest. The network of the run is the best of its population.
    ///
    /// A step is one generation. The first population is the initial network and random changes of it. Each network is rated
    /// by its cost on the batch, and the `elite` best survive unchanged. Each parent is the best of `tournament` networks
    /// drawn at random. A child takes each parameter from either parent (or all from one, without crossover). Then each
    /// parameter changes with probability `mutation`.
    ///
    /// - Formula: child `θᵢ = aᵢ or bᵢ` with equal chances, then `θᵢ ← θᵢ + η·ξᵢ` with `ξᵢ ~ N(0, 1)` for mutated ones
    /// - Cost: `population` forward passes of the batch per step
    /// - Source: Montana and Davis, *Training feedforward neural networks using genetic algorithms* (1989), with real-valued
    ///   genes and tournaments; uniform crossover after Syswerda (1989), elitism after De Jong (1975)
    Genetic = "genetic" {
        /// Number of networks in the population.
        population: u64 = 20, Range::closed(2.0, 1000.0);
        /// Number of best networks that survive unchanged; fewer than the population.
        elite: u64 = 2, Range::closed(1.0, 1000.0);
        /// Number of networks drawn to choose a parent.
        tournament: u64 = 3, Range::closed(1.0, 1000.0);
        /// Probability that a child has two parents.
        crossover: f64 = 0.5, Range::closed(0.0, 1.0);
        /// Probability that a parameter of a child is changed.
        mutation: f64 = 0.1, Range::closed(0.0, 1.0);
        /// Standard deviation of the changes that make the first population.
        spread: f64 = 0.1, Range::NON_NEGATIVE;
    }
}

impl<F: Real> OptimizerKernel<F> for Genetic {
    fn start(&self, n_parameters: usize) -> Rule<F> {
        let population = self.population as usize;
        let room = || vec![F::ZERO; population * n_parameters];
        let (genomes, children) = (room(), room());
        let costs = vec![0.0; population];
        Rule::Search(Box::new(State {
            settings: *self,
            begun: false,
            genomes,
            children,
            costs,
            ranking: (0..population).collect(),
        }))
    }

    fn check(&self) -> Result<(), SettingsError> {
        if self.elite < self.population {
            return Ok(());
        }
        Err(SettingsError::Conflict {
            settings: &["optimizer"],
            problem: "`elite` of `genetic` is the whole population, so it never tries new parameters",
            advice: "make it smaller than `population`",
        })
    }

    fn numbers_per_parameter(&self) -> u64 {
        2 * self.population
    }
}

struct State<F> {
    settings: Genetic,
    begun: bool,
    /// The parameters of each network, one after the other.
    genomes: Vec<F>,
    children: Vec<F>,
    costs: Vec<f64>,
    /// The networks, best first.
    ranking: Vec<usize>,
}

impl<F: Real> SearchState<F> for State<F> {
    fn step(&mut self, parameters: &mut [F], trial: &mut Trial<'_, F>) -> Result<(), Cancelled> {
        if self.begun {
            self.breed(parameters.len(), trial)?;
        } else {
            self.begin(parameters, trial)?;
        }
        for (genome, cost) in self.genomes.chunks_exact(parameters.len()).zip(&mut self.costs) {
            *cost = (trial.cost)(genome)?;
        }
        let costs = &self.costs;
        self.ranking.sort_unstable_by(|&a, &b| costs[a].total_cmp(&costs[b]).then(a.cmp(&b)));
        parameters.copy_from_slice(genome(&self.genomes, self.ranking[0], parameters.len()));
        Ok(())
    }
}

impl<F: Real> State<F> {
    fn begin(&mut self, parameters: &[F], trial: &mut Trial<'_, F>) -> Result<(), Cancelled> {
        self.begun = true;
        for (index, genome) in self.genomes.chunks_exact_mut(parameters.len()).enumerate() {
            let spread = if index == 0 { 0.0 } else { self.settings.spread };
            perturb(parameters, spread, trial, genome)?;
        }
        Ok(())
    }

    /// The next generation, bred from the ranked previous one.
    fn breed(&mut self, n: usize, trial: &mut Trial<'_, F>) -> Result<(), Cancelled> {
        let elite = self.settings.elite as usize;
        for (index, child) in self.children.chunks_exact_mut(n).enumerate() {
            if index < elite {
                child.copy_from_slice(genome(&self.genomes, self.ranking[index], n));
                continue;
            }
            let [a, b] = [0; 2].map(|_| parent(&self.settings, &self.ranking, &mut trial.stream));
            let [a, b] = [a, b].map(|parent| genome(&self.genomes, parent, n));
            cross(&self.settings, a, b, &mut trial.stream, child);
            mutate(&self.settings, trial.step_size, &mut trial.stream, child);
            trial.cancel.after(2 * DRAW * n as u64)?;
        }
        std::mem::swap(&mut self.genomes, &mut self.children);
        Ok(())
    }
}

fn genome<F>(genomes: &[F], index: usize, n: usize) -> &[F] {
    &genomes[index * n..][..n]
}

/// The best of a few drawn at random, by rank.
fn parent(settings: &Genetic, ranking: &[usize], stream: &mut Stream) -> usize {
    let drawn = (0..settings.tournament).map(|_| stream.below(ranking.len() as u64) as usize);
    ranking[drawn.min().unwrap_or(0)]
}

fn cross<F: Real>(settings: &Genetic, a: &[F], b: &[F], stream: &mut Stream, child: &mut [F]) {
    child.copy_from_slice(a);
    if stream.uniform() < settings.crossover {
        for (gene, &other) in child.iter_mut().zip(b) {
            if stream.uniform() < 0.5 {
                *gene = other;
            }
        }
    }
}

fn mutate<F: Real>(settings: &Genetic, size: f64, stream: &mut Stream, child: &mut [F]) {
    for gene in child {
        if stream.uniform() < settings.mutation {
            *gene += F::from_f64(size * stream.normal());
        }
    }
}
