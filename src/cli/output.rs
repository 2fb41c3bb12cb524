//! Where words go: data to stdout, talk to stderr. A reader that went away is no error.

use super::args::{ColorChoice, Global};
use std::io::{self, IsTerminal, Write};

/// The two streams, and how they may be used.
#[expect(clippy::struct_excessive_bools, reason = "they are independent wishes of the user")]
pub struct Output {
    /// Whether programs read: one JSON object a line.
    pub json: bool,
    /// Whether nothing is to be said when all is well.
    pub quiet: bool,
    /// Whether talk may be coloured.
    pub color: bool,
    closed: bool,
    failed: Option<io::Error>,
}

impl Output {
    /// Decides what the streams may be used for.
    #[must_use]
    pub fn new(global: &Global) -> Self {
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Self {
            json: global.json,
            quiet: global.quiet,
            color,
            closed: false,
            failed: None,
        }
    }

    /// Prints a line of data.
    pub fn line(&mut self, line: &str) {
        if !self.closed {
            // Somebody who reads only the head of a list closes the pipe: that is their right.
            if let Err(error) = writeln!(io::stdout().lock(), "{line}") {
                self.closed = true;
                self.failed = Some(error).filter(|error| error.kind() != io::ErrorKind::BrokenPipe);
            }
        }
    }

    /// Returns what kept data from being printed, a full disk for one; none when all is well or the reader went away.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// Prints a JSON value on a line. JSON has to escape only some of the control characters (RFC 8259, 7); here all are, since what a
    /// stranger wrote may stand in it and a terminal may show it.
    /// So are the separators of lines and paragraphs, at which some readers would end the line.
    pub fn value(&mut self, value: &serde_json::Value) {
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let text = value.to_string();
        if text.chars().any(breaks) {
            // They can stand within strings only.
            let escape = |c: char| {
                if breaks(c) {
                    format!("\\u{:04x}", u32::from(c))
                } else {
                    c.to_string()
                }
            };
            return self.line(&text.chars().map(escape).collect::<String>());
        }
        self.line(&text);
    }

    /// Returns whether a progress bar may be drawn.
    #[must_use]
    pub fn may_draw(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }
}

/// Says something on stderr.
pub fn talk(line: &str) {
    // Where stderr is closed there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Makes foreign text safe for a terminal: control characters, and those that turn the direction of what follows, are shown, not obeyed.
/// The marks that Arabic text needs stay.
#[must_use]
pub fn shown(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => char::REPLACEMENT_CHARACTER,
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// Cuts or fills `text` to `width` characters.
#[must_use]
pub fn column(text: &str, width: usize) -> String {
    let text = shown(text);
    let length = text.chars().count();
    if length <= width {
        return text + &" ".repeat(width - length);
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_drive_the_terminal() {
        assert_eq!(shown("a\u{1b}[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(shown("a\u{202e}b\u{2067}c\u{200f}"), "a\u{fffd}b\u{fffd}c\u{200f}");
        assert_eq!(column("Abdourahamane", 6), "Abdou…");
        assert_eq!(column("é", 3), "é  ");
    }
}
