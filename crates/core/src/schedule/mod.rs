//! Schedules: how the learning rate changes during training.

mod constant;

crate::family! {
    /// The schedule of the learning rate.
    #[derive(Copy)]
    Schedule = "schedule", kernel = dyn ScheduleKernel, default Constant {
        Constant(constant),
    }
}

/// The learning rate over the steps of a run.
pub trait ScheduleKernel {
    /// The factor that multiplies `learning_rate` at a step, counted from 0, of a run of `steps` steps.
    fn factor(&self, step: u64, steps: u64) -> f64;
}
