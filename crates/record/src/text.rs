//! Text from outside, and how to show it safely.
//!
//! Questions, claims, labels, file names and metadata are untrusted text. Terminals, shells, Markdown and CI systems
//! each interpret some characters. Text reaches them through one function per target: [`shown`] and [`one_line`] for
//! people, [`shell_word`] for a shell, [`json`] for JSON. The report adds its own functions for Markdown and figures.
//!
//! File names need not be UTF-8. [`from_os`] turns any name into text, and [`to_os`] turns it back, byte for byte. A
//! byte that is not valid UTF-8 becomes a character of a private range, which `shown` writes as `\xff`.

use std::ffi::{OsStr, OsString};

/// Characters that represent single bytes: U+EF80 for 0x80 to U+EFFF for 0xFF.
const BYTES: std::ops::RangeInclusive<char> = '\u{ef80}'..='\u{efff}';

/// The character for the byte 0x00, if bytes below 0x80 had one.
const ZERO: u32 = 0xef00;

/// Any text or file name on one line, with an escape such as `\n`, `\u{1b}` or `\xff` for each steering character.
pub fn shown(text: impl AsRef<OsStr>) -> String {
    escape(&from_os(text.as_ref()), escaped)
}

/// Prose on one line: a space for a line break or a tab, and an escape for every other steering character.
pub fn one_line(text: &str) -> String {
    let is_space = |letter: char| letter.is_whitespace() || matches!(letter, '\u{1c}'..='\u{1f}');
    escape(text, |letter| if is_space(letter) { " ".to_owned() } else { escaped(letter) })
}

/// Whether a character does more than show text. It may end a line, control a terminal, change the writing direction,
/// be invisible, or represent a byte that is not text. Joiners are exempt, because scripts and emoji need them.
pub fn is_steering(letter: char) -> bool {
    letter.is_control()
        || BYTES.contains(&letter)
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The escape of one character.
pub fn escaped(letter: char) -> String {
    match BYTES.contains(&letter) {
        true => format!("\\x{:02x}", letter as u32 - ZERO),
        false => letter.escape_default().to_string(),
    }
}

fn escape(text: &str, replace: impl Fn(char) -> String) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_steering(letter) {
            true => safe += &replace(letter),
            false => safe.push(letter),
        }
    }
    safe
}

/// JSON text with an escape for each steering character, and for the second of two `#`, which mark commands for CI
/// systems. Line breaks between values stay.
pub fn json(text: &str) -> String {
    let text = text.replace("##", r"#\u0023");
    let mut units = [0; 2];
    let mut replace = |letter: char| -> String {
        letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
    };
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter != '\n' && is_steering(letter) {
            true => safe += &replace(letter),
            false => safe.push(letter),
        }
    }
    safe
}

/// A text of [`from_os`], or any other, as one word of a command line. A shell reads the same text back.
///
/// Steering characters need `$'…'`, and so does `##`, which marks commands for CI systems. bash, zsh, ksh and every
/// shell of POSIX 2024 read this syntax.
pub fn shell_word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./=:,@%+".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else if text.chars().any(is_steering) || text.contains("##") {
        let quoted: String = text.chars().map(in_dollar_quotes).collect();
        format!("$'{}'", quoted.replace("##", r"#\043"))
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A character between `$'` and `'`. It is written as bytes, because shells interpret `\u` differently.
fn in_dollar_quotes(letter: char) -> String {
    let octal = |byte: &u8| format!("\\{byte:03o}");
    match letter {
        '\'' | '\\' => format!("\\{letter}"),
        letter if is_steering(letter) => to_bytes(&letter.to_string()).iter().map(octal).collect(),
        letter => letter.to_string(),
    }
}

/// A file name or a word of a command line as text. UTF-8 is unchanged.
pub fn from_os(name: &OsStr) -> String {
    let mut text = String::with_capacity(name.len());
    let letter_of =
        |byte: &u8| char::from_u32(ZERO + u32::from(*byte)).unwrap_or(char::REPLACEMENT_CHARACTER);
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for letter in chunk.valid().chars() {
            match BYTES.contains(&letter) {
                // A name that already contains such a character must be restored too.
                true => text.extend(letter.to_string().as_bytes().iter().map(letter_of)),
                false => text.push(letter),
            }
        }
        text.extend(chunk.invalid().iter().map(letter_of));
    }
    text
}

/// The original file name or word of a text of [`from_os`].
pub fn to_os(text: &str) -> OsString {
    os_string(to_bytes(text))
}

fn to_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match BYTES.contains(&letter) {
            true => bytes.push((letter as u32 - ZERO) as u8),
            false => bytes.extend(letter.to_string().as_bytes()),
        }
    }
    bytes
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    const HOSTILE: &str =
        "a\n::error::b\r\t\u{1b}[31m\u{7f}\u{9b}0m\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}η größer";

    #[test]
    fn nothing_that_steers_is_shown() {
        assert_eq!(
            shown(HOSTILE),
            r"a\n::error::b\r\t\u{1b}[31m\u{7f}\u{9b}0m\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}η größer"
        );
        assert_eq!(
            one_line("a\n\u{1b}[31mred\u{202e}b η=0.1 größer\u{2028}"),
            r"a \u{1b}[31mred\u{202e}b η=0.1 größer "
        );
        for letter in
            (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|letter| is_steering(*letter))
        {
            let text = letter.to_string();
            assert!(!shown(&text).chars().chain(one_line(&text).chars()).any(is_steering), "{letter:?}");
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let value = serde_json::json!(["##[a]\u{1b}\u{7f}\u{85}\u{202e}\u{e0041}\u{ef80}"]);
        let safe = json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!safe.replace('\n', "").chars().any(is_steering), "{safe}");
        assert!(!safe.contains("##"), "{safe}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }

    #[cfg(unix)]
    #[test]
    fn any_file_name_comes_back() {
        use std::os::unix::ffi::OsStrExt;
        let all: Vec<u8> = (1..=255).chain("é\u{ef80}\u{efff}🦀".bytes()).collect();
        for bytes in [&b"plain"[..], b"", b"a\xffb", b"\xed\xa0\x80", b"\xf0\x9f", &all] {
            let name = OsStr::from_bytes(bytes);
            assert_eq!(to_os(&from_os(name)), name, "{bytes:?}");
        }
        assert_eq!(shown(OsStr::from_bytes(b"a\xff.toml")), r"a\xff.toml");
    }

    /// A real shell reads every word back, byte for byte.
    #[cfg(unix)]
    #[test]
    fn a_shell_reads_words_back() {
        use std::os::unix::ffi::OsStrExt;
        if Command::new("bash").arg("--version").output().is_err() {
            println!("skipped: there is no bash here");
            return;
        }
        let all: Vec<u8> = (1..=255).collect();
        for bytes in [
            &b"sweep-2.toml"[..],
            b"",
            b"it's",
            b"a b",
            b"$HOME `id`",
            b"~",
            b"-x",
            b"##[a]###",
            b"a\xffb\n'\\7",
            &all,
        ] {
            let line = format!("printf %s {}", shell_word(&from_os(OsStr::from_bytes(bytes))));
            assert!(!line.chars().any(is_steering), "{line}");
            let output = Command::new("bash").args(["-c", &line]).output().unwrap();
            assert_eq!(output.stdout, bytes, "{line}");
        }
    }

    #[test]
    fn usual_words_need_no_quotes() {
        assert_eq!(shell_word("experiments/sweep-2.toml"), "experiments/sweep-2.toml");
        assert_eq!(shell_word("my file's.toml"), r"'my file'\''s.toml'");
        assert_eq!(shell_word("learning_rate=[0.1, 1]"), "'learning_rate=[0.1, 1]'");
    }
}
