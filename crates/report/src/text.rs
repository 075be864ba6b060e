//! Text for display.

pub(crate) use chainrule_record::text::{is_steering, one_line, shell_word};

/// Capitalizes the first letter.
pub(crate) fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Longer names omit the parameters that distinguish nothing.
const LONG_NAME: usize = 28;

/// `adam(beta1=0.9, …)` for `adam(beta1=0.9, beta2=0.99)`, if all names with `adam` have the same `beta2`.
pub(crate) fn shortest(names: &[&str]) -> Vec<String> {
    let parts = |name: &str| -> Option<(String, Vec<String>)> {
        let (head, rest) = name.strip_suffix(')')?.split_once('(')?;
        Some((head.to_owned(), rest.split(", ").map(str::to_owned).collect()))
    };
    let all: Vec<_> = names.iter().map(|name| parts(name)).collect();
    let short = |(name, own): (&&str, &Option<(String, Vec<String>)>)| {
        let Some((head, parameters)) = own.as_ref().filter(|_| name.chars().count() > LONG_NAME) else {
            return (*name).to_owned();
        };
        let alike = || all.iter().flatten().filter(|(other, _)| other == head);
        let differs = |parameter: &&String| alike().any(|(_, others)| !others.contains(parameter));
        let kept: Vec<&str> = parameters.iter().filter(differs).map(String::as_str).collect();
        match kept.len() {
            all if all == parameters.len() => (*name).to_owned(),
            0 => format!("{head}(…)"),
            _ => format!("{head}({}, …)", kept.join(", ")),
        }
    };
    names.iter().zip(&all).map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_what_tells_them_apart() {
        let names = [
            "adam(beta1=0.912345678, beta2=0.99912345678, epsilon=1.2345678e-9)",
            "adam(beta1=0.812345678, beta2=0.99912345678, epsilon=1.2345678e-9)",
            "momentum(mu=0.5)",
        ];
        let expected = ["adam(beta1=0.912345678, …)", "adam(beta1=0.812345678, …)", "momentum(mu=0.5)"];
        assert_eq!(shortest(&names), expected);
        assert_eq!(shortest(&names[1..]), ["adam(…)", "momentum(mu=0.5)"]);
    }
}
