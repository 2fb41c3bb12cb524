//! Output: data to stdout, messages to stderr. A closed pipe is no error.
//!
//! Messages are translated here, where they are printed. JSON and logs stay English: programs read them.

use super::args::{ColorChoice, Global, LogFormat};
use super::failure::Failure;
use crate::config::ReportStyle;
use crate::pipeline::Clock;
use crate::text::messages::{MessageLanguage, Messages};
use std::io::{self, IsTerminal, Write};

/// How the two streams are used.
#[expect(clippy::struct_excessive_bools, reason = "they are independent options of the user")]
pub struct Output {
    /// Whether data is printed as JSON, one object per line.
    pub json: bool,
    /// Whether only errors are printed.
    pub quiet: bool,
    /// Whether messages may be coloured.
    pub color: bool,
    /// Whether data may be coloured.
    pub color_data: bool,
    /// Translates what people read.
    pub messages: Messages,
    /// Whether messages on stderr are JSON, as the lines of the log.
    is_json_log: bool,
    closed: bool,
    failed: Option<io::Error>,
}

impl Output {
    /// Returns the output that the options ask for, for people who read `language`.
    #[must_use]
    pub fn new(global: &Global, language: MessageLanguage) -> Self {
        let may_color = |is_terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let is_json_log = global.log_format == LogFormat::Json;
        let is_for_programs = global.json || is_json_log;
        Self {
            messages: Messages::new(if is_for_programs { MessageLanguage::English } else { language }),
            json: global.json,
            quiet: global.quiet,
            color: may_color(io::stderr().is_terminal()),
            color_data: may_color(io::stdout().is_terminal()),
            is_json_log,
            closed: false,
            failed: None,
        }
    }

    /// Prints a line of data.
    pub fn line(&mut self, line: &str) {
        if !self.closed {
            // A reader such as head closes the pipe: what follows is dropped.
            if let Err(error) = writeln!(io::stdout().lock(), "{line}") {
                self.closed = true;
                self.failed = Some(error).filter(|error| error.kind() != io::ErrorKind::BrokenPipe);
            }
        }
    }

    /// Prints a line that is a message.
    pub fn tell(&mut self, message: &str) {
        self.line(&self.messages.translate(message));
    }

    /// Returns how reports and failures are printed.
    #[must_use]
    pub const fn style(&self) -> ReportStyle {
        ReportStyle {
            color: self.color,
            messages: self.messages,
        }
    }

    /// Returns the error that kept data from being printed, such as a full disk; none for a closed pipe.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// Prints a JSON value on a line. JSON has to escape only some of the control characters (RFC 8259, 7); here all are, since the value may
    /// hold foreign text and be printed on a terminal.
    /// The separators of lines and paragraphs are escaped too, since some readers end a line there.
    pub fn value(&mut self, value: &serde_json::Value) {
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let text = value.to_string();
        if text.chars().any(breaks) {
            // They occur within JSON strings only.
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

    /// Prints a message of the program itself on stderr, in the format of the log.
    pub fn announce(&self, message: &str) {
        self.message("INFO", &self.messages.translate(message));
    }

    /// Prints why the program ends, in the format of the log.
    pub fn fail(&self, failure: &Failure) {
        let style = ReportStyle {
            color: self.color && !self.is_json_log,
            ..self.style()
        };
        self.message("ERROR", &failure.render(style));
    }

    /// Prints a message of the program itself on stderr, as text.
    pub fn warn(&self, message: &str) {
        eprint_line(&self.messages.translate(message));
    }

    fn message(&self, level: &str, message: &str) {
        if !self.is_json_log {
            return eprint_line(message);
        }
        let timestamp = Clock::System.now().rfc3339();
        let line = serde_json::json!({ "timestamp": timestamp, "level": level, "fields": { "message": message }, "target": "griot" });
        eprint_line(&line.to_string());
    }

    /// Returns whether a progress bar may be drawn.
    #[must_use]
    pub fn may_draw(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }
}

/// Prints a message on stderr.
pub fn eprint_line(line: &str) {
    // A closed stderr cannot be reported anywhere.
    let _ = writeln!(io::stderr().lock(), "{line}");
}
