//! Enums whose variants have names in files and columns.

/// Defines an enum from one list: each variant with its documentation and its name, which is also its serialised form.
macro_rules! named {
    (
        $(#[$meta:meta])*
        pub enum $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl $type {
            /// All variants, in the order of the documentation.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The names of all variants, in the same order.
            pub const NAMES: [&'static str; [$($name),+].len()] = [$($name),+];

            /// The name in files and columns.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The variant with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.name() == name)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(crate) use named;

#[cfg(test)]
mod tests {
    use crate::{ExperimentKind, Metric, RunMetric, StopReason, XAxis};
    use serde::{Serialize, de::DeserializeOwned};
    use std::fmt::{Debug, Display};

    fn check<T: Copy + PartialEq + Debug + Display + Serialize + DeserializeOwned>(
        all: &[T],
        names: &[&str],
        from_name: fn(&str) -> Option<T>,
    ) {
        for (one, name) in all.iter().zip(names) {
            let json = format!("\"{name}\"");
            assert_eq!((one.to_string().as_str(), from_name(name)), (*name, Some(*one)));
            assert_eq!(serde_json::to_string(one).unwrap(), json);
            assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *one);
        }
        assert_eq!((all.len(), from_name("")), (names.len(), None));
    }

    #[test]
    fn each_is_read_by_the_name_that_it_is_written_with() {
        check(&Metric::ALL, &Metric::NAMES, Metric::from_name);
        check(&StopReason::ALL, &StopReason::NAMES, StopReason::from_name);
        check(&ExperimentKind::ALL, &ExperimentKind::NAMES, ExperimentKind::from_name);
        check(&XAxis::ALL, &XAxis::NAMES, XAxis::from_name);
        check(&RunMetric::ALL, &RunMetric::NAMES, RunMetric::from_name);
    }

    /// These names are part of the format of the store.
    #[test]
    fn names_are_those_of_the_format() {
        let reasons = "max_epochs target_reached gradient_below_tolerance early_stopping budget_spent diverged failed \
                       timed_out not_trained";
        assert_eq!(StopReason::NAMES.join(" "), reasons);
        let metrics = "train_loss train_accuracy validation_loss validation_accuracy";
        assert_eq!(Metric::NAMES.join(" "), metrics);
        assert_eq!(ExperimentKind::NAMES.join(" "), "train gradient_check function");
        assert_eq!(XAxis::NAMES.join(" "), "epochs steps samples cost_units flops seconds");
    }
}
