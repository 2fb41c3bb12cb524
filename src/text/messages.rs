//! Messages to people in their language: a catalogue from the English text, which is what the program itself writes, to a translation.
//!
//! It is applied where a text is printed or published, so that whoever makes a message writes plain English. The tables hold templates with
//! placeholders, as the source has them: see `messages/fr.tsv`. What no table knows is passed on unchanged. The Arabic tables hold the messages of
//! published files alone. Not here: which language somebody wants (`cli`), and the fixed words of published pages (`publish::labels`).

mod catalogue;
mod isolation;
mod template;

#[cfg(test)]
mod tests;

use catalogue::Catalogue;
use isolation::isolated;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The French tables: messages of griot, and those of the system and of libraries.
const FRENCH_TABLES: [&str; 2] = [include_str!("messages/fr.tsv"), include_str!("messages/fr_foreign.tsv")];

/// The same in Arabic, as far as published files hold them.
const ARABIC_TABLES: [&str; 2] = [include_str!("messages/ar.tsv"), include_str!("messages/ar_foreign.tsv")];

static FRENCH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(&FRENCH_TABLES, str::to_owned).0);
static ARABIC: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(&ARABIC_TABLES, isolated).0);

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageLanguage {
    /// The language of the source.
    #[default]
    English,
    /// French.
    French,
    /// Arabic, in published files alone.
    Arabic,
}

impl MessageLanguage {
    /// Returns the language in which commands print, of a BCP 47 tag or of the name of a locale, such as `fr`, `fr-ML` or `fr_FR.UTF-8`; `None` when
    /// not all messages are there in it, as in Arabic.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::of_page(tag).filter(|language| *language != Self::Arabic)
    }

    /// Returns the language of the messages in published files, of the same tags; `None` when these are not there in it.
    #[must_use]
    pub fn of_page(tag: &str) -> Option<Self> {
        let end = tag.find(['-', '_', '.', '@']).unwrap_or(tag.len());
        match tag[..end].to_ascii_lowercase().as_str() {
            "ar" => Some(Self::Arabic),
            "en" => Some(Self::English),
            "fr" => Some(Self::French),
            _ => None,
        }
    }

    /// Returns the BCP 47 tag of the language.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Arabic => "ar",
        }
    }
}

/// Translates messages into one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Messages {
    language: MessageLanguage,
}

impl Messages {
    /// Returns the messages in `language`.
    #[must_use]
    pub const fn new(language: MessageLanguage) -> Self {
        Self { language }
    }

    /// Returns the language.
    #[must_use]
    pub const fn language(self) -> MessageLanguage {
        self.language
    }

    /// Returns a text of the program in the language; unchanged where the table does not know it.
    #[must_use]
    pub fn translate(self, text: &str) -> Cow<'_, str> {
        match self.language {
            MessageLanguage::English => Cow::Borrowed(text),
            MessageLanguage::French => FRENCH.translate(text),
            MessageLanguage::Arabic => ARABIC.translate(text),
        }
    }
}
