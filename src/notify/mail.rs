//! A mail: its texts, and the whole message (RFC 5322) with a text and an HTML part.

use crate::model::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

/// The longest subject, in characters.
const MAX_SUBJECT_CHARS: usize = 160;

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailText {
    /// The subject.
    pub subject: String,
    /// The text for programs without HTML.
    pub text: String,
    /// The same as an HTML document. It loads nothing.
    pub html: String,
    /// The BCP 47 tag of its language.
    pub language: String,
}

/// Who writes to whom, and when.
#[derive(Debug, Clone)]
pub struct MailFrame<'a> {
    /// The sender's address.
    pub from: &'a str,
    /// The sender's name.
    pub name: &'a str,
    /// The recipient's address.
    pub to: &'a str,
    /// The id of the message, without its domain: the same in each attempt.
    pub id: &'a str,
    /// When it was made.
    pub date: Timestamp,
}

/// A message that is ready to be sent.
#[derive(Debug, Clone)]
pub struct MailMessage(pub(super) Message);

impl MailMessage {
    /// Returns the message.
    ///
    /// # Errors
    /// What is wrong with an address, in words.
    pub fn new(frame: &MailFrame<'_>, mail: &MailText) -> Result<Self, String> {
        let address = |text: &str| {
            text.parse::<Address>()
                .map_err(|error| format!("{text} is no mail address: {error}"))
        };
        let from = address(frame.from)?;
        let domain = from.domain().to_owned();
        let seconds = Duration::from_secs(u64::try_from(frame.date.unix()).unwrap_or_default());
        let header = |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        let parts = MultiPart::alternative()
            .boundary(format!("griot-{}", frame.id))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text.clone()))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(mail.html.clone()));
        let message = Message::builder()
            .from(Mailbox::new(Some(one_line(frame.name)), from))
            .to(Mailbox::new(None, address(frame.to)?))
            .subject(one_line(&mail.subject))
            .date(SystemTime::UNIX_EPOCH + seconds)
            .message_id(Some(format!("<{}@{domain}>", frame.id)))
            // RFC 3834: out-of-office programs answer no such mail.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", &mail.language))
            .multipart(parts);
        message.map(Self).map_err(|error| error.to_string())
    }

    /// Returns the message as it is sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.formatted()
    }
}

/// Returns `text` on one line without control characters, so that it begins no further header, and of bounded length.
fn one_line(text: &str) -> String {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_SUBJECT_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
