//! The contract of every schedule.

use crate::items::every;
use chainrule_core::schedule::Schedule;

#[test]
fn factors_are_finite_and_not_negative() {
    let schedules: Vec<Schedule> = every(&Schedule::entries());
    for schedule in schedules {
        for steps in [1, 2, 10, 1000] {
            let factors = (0..steps).map(|step| schedule.kernel().factor(step, steps));
            assert!(factors.into_iter().all(|factor| factor.is_finite() && factor >= 0.0), "{schedule:?}");
        }
    }
}
