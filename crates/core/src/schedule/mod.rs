//! Schedules: how the learning rate changes during training.

mod constant;
mod cosine;
mod exponential;
mod inverse_time;
mod step;

crate::family! {
    /// The schedule of the learning rate.
    #[derive(Copy)]
    Schedule = "schedule", kernel = dyn ScheduleKernel, default Constant {
        Constant(constant),
        Step(step),
        Exponential(exponential),
        InverseTime(inverse_time),
        Cosine(cosine),
    }
}

/// A step within a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The step, counted from 0.
    pub step: u64,
    /// Steps of the whole run; greater than `step`.
    pub steps: u64,
    /// Steps of an epoch, at least 1.
    pub steps_per_epoch: u64,
}

impl Moment {
    /// Whole epochs that have passed.
    pub fn epoch(self) -> u64 {
        self.step / self.steps_per_epoch
    }

    /// Epochs that have passed, including the fraction of the current one.
    pub fn epochs(self) -> f64 {
        self.step as f64 / self.steps_per_epoch as f64
    }
}

/// The learning rate over the steps of a run.
pub trait ScheduleKernel {
    /// The factor that multiplies `learning_rate` at a moment, in [0, 1].
    fn factor(&self, at: Moment) -> f64;
}

impl Schedule {
    /// The factor that multiplies `learning_rate` with a linear warm-up before the schedule. There are w warm-up steps,
    /// `warmup_epochs` rounded to whole steps; step s has the factor (s + 1)/w. For the schedule, the remaining steps
    /// are a run of their own.
    ///
    /// Source: Goyal and others, *Accurate, large minibatch SGD: training ImageNet in 1 hour* (2017), section 2.2.
    pub fn factor(&self, warmup_epochs: f64, at: Moment) -> f64 {
        let warmup = (warmup_epochs * at.steps_per_epoch as f64).round() as u64;
        match at.step.checked_sub(warmup) {
            Some(step) => self.kernel().factor(Moment { step, steps: at.steps - warmup, ..at }),
            None => (at.step + 1) as f64 / warmup as f64,
        }
    }
}
