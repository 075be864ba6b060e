//! Fits text into a width.

pub(super) use super::sheet::text_width;

/// No line of a picture has room for more letters.
const MAX_LETTERS: usize = 200;

/// Breaks `parts` into lines of at most `width` pixels, with `separator` between parts of one line. A part that is
/// wider is broken at its spaces, and a word that is still wider is cut.
pub(super) fn wrap(parts: &[String], separator: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line}{separator}{part}"), size) <= width => {
                line.push_str(separator);
                line.push_str(part);
            }
            _ if text_width(part, size) > width && part.contains(' ') => {
                let words: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
                lines.extend(wrap(&words, " ", size, width));
            }
            _ => lines.push(shortened(part, size, width)),
        }
    }
    lines
}

/// `text`, without its middle if it is wider than `width` pixels.
pub(super) fn shortened(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| -> String {
        let (head, tail) = (kept.div_ceil(2), kept / 2);
        letters[..head].iter().chain(['…'].iter()).chain(&letters[letters.len() - tail..]).collect()
    };
    let fits = |kept: &usize| text_width(&cut(*kept), size) <= width;
    cut((0..letters.len().min(MAX_LETTERS)).rev().find(fits).unwrap_or(0))
}

/// Shortens the labels of an axis to a width so that they remain distinguishable. If a label is wider, long words are
/// shortened, each in the same way in every label. If that is not enough, [`cut_apart`] shortens the wide labels.
pub(super) fn told_apart(labels: &[String], size: f64, width: f64) -> Vec<String> {
    let fits = |labels: &Vec<String>| labels.iter().all(|label| text_width(label, size) <= width);
    let mut words: Vec<String> =
        labels.iter().flat_map(|label| label.split(' ')).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    let widest = words.iter().map(|word| text_width(word, size)).fold(0.0, f64::max);
    let least = MIN_WORD * text_width("n", size);
    let limits = (0..).map(|step| widest * 0.95f64.powi(step)).take_while(|limit| *limit >= least);
    let shortened = |limit: f64| -> Vec<String> {
        let short = cut_apart(&words, size, limit);
        let word = |word: &str| match words.binary_search_by(|known| known.as_str().cmp(word)) {
            Ok(at) => short[at].as_str(),
            Err(_) => "",
        };
        labels.iter().map(|label| label.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect()
    };
    limits.map(shortened).find(fits).unwrap_or_else(|| cut_apart(labels, size, width))
}

/// The number of letters to which words of a label are shortened at most.
const MIN_WORD: f64 = 8.0;

/// Shortens each label that is too wide: it loses letters in the middle that it shares with others, but never the
/// letters that distinguish it.
fn cut_apart(labels: &[String], size: f64, width: f64) -> Vec<String> {
    let letters: Vec<Vec<char>> = labels.iter().map(|label| label.chars().collect()).collect();
    let mut short: Vec<String> = Vec::new();
    for (label, own) in labels.iter().zip(&letters) {
        let fits = text_width(label, size) <= width;
        let mut text = if fits { label.clone() } else { cut(own, &letters, size, width) };
        // Different labels may have the same pieces.
        let taken = |text: &String, short: &[String]| {
            short.iter().zip(labels).any(|(one, of)| one == text && of != label)
        };
        for number in 2.. {
            if !taken(&text, &short) {
                break;
            }
            text = format!("{}… ({number})", own.first().unwrap_or(&' '));
        }
        short.push(text);
    }
    short
}

/// The number of letters kept after each letter that distinguishes a label from another.
const AFTER: usize = 3;

/// Keeps the letters that distinguish `own` from every other label, and as many letters from both ends as fit.
fn cut(own: &[char], all: &[Vec<char>], size: f64, width: f64) -> String {
    let Some(last) = own.len().checked_sub(1) else { return String::new() };
    let mut kept = vec![false; own.len()];
    for other in all.iter().filter(|other| other.as_slice() != own) {
        let alike = own.iter().zip(other).take_while(|(a, b)| a == b).count();
        // The last letter distinguishes it from a longer label with the same beginning.
        kept[alike.min(last)] = true;
    }
    let told: Vec<usize> = (0..own.len()).filter(|at| kept[*at]).collect();
    let after = (1..=AFTER).flat_map(|step| told.iter().map(move |at| at + step));
    let ends = (0..own.len()).flat_map(|step| [step, last - step]);
    let wanted: Vec<usize> =
        ends.clone().take(4).chain(after).chain(ends).filter(|at| *at < own.len()).collect();
    for at in wanted {
        if !std::mem::replace(&mut kept[at], true) && text_width(&pieces(own, &kept), size) > width {
            kept[at] = false;
        }
    }
    pieces(own, &kept)
}

/// The kept letters, with an ellipsis for each gap.
fn pieces(letters: &[char], kept: &[bool]) -> String {
    let mut text = String::new();
    for (letter, is_kept) in letters.iter().zip(kept) {
        match is_kept {
            true => text.push(*letter),
            false if !text.ends_with('…') => text.push('…'),
            false => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn the_middle_of_what_is_equal_is_left_out() {
        let labels = [
            "adam(beta1=0.912345678, beta2=0.99912345678, epsilon=1.2345678e-9)",
            "adam(beta1=0.912345678, beta2=0.99812345678, epsilon=1.2345678e-9)",
            "sgd",
        ]
        .map(str::to_owned);
        let short = told_apart(&labels, 23.0, 300.0);
        assert!(short[0].contains("912") && short[1].contains("812"), "{short:?}");
        assert!(short.iter().all(|label| text_width(label, 23.0) <= 300.0), "{short:?}");
        assert_eq!(short[2], "sgd");
    }

    #[test]
    fn a_word_is_shortened_in_the_same_way_in_every_label() {
        let labels =
            ["none · 0", "patience 10 on validation_loss · 0", "patience 10 on validation_loss · 0.2"];
        let labels = labels.map(str::to_owned);
        let width = text_width(&labels[1], 23.0) + 1.0;
        let short = told_apart(&labels, 23.0, width);
        assert_eq!(short[0], "none · 0");
        let ends = short[1].strip_suffix(" · 0").zip(short[2].strip_suffix(" · 0.2"));
        assert!(ends.is_some_and(|(one, other)| one == other && one.contains('…')), "{short:?}");
        assert!(text_width(&short[2], 23.0) <= width, "{short:?}");
    }

    proptest! {
        /// Labels with a common beginning and end that differ in the middle.
        #[test]
        fn different_labels_stay_different(
            middles in prop::collection::hash_set("[a-z0-9]{1,12}", 2..8),
            (head, tail) in ("[a-z(=]{0,40}", "[a-z)=]{0,40}"),
        ) {
            let labels: Vec<String> = middles.iter().map(|middle| format!("{head}{middle}{tail}")).collect();
            let short = told_apart(&labels, 20.0, 180.0);
            prop_assert_eq!(short.iter().collect::<HashSet<_>>().len(), labels.iter().collect::<HashSet<_>>().len());
        }
    }
}
