//! The words of a text with what the tables know of each of them, and with what stands before it.

use crate::text::fold::fold;
use crate::text::token::tokens;
use crate::text::word_list::Case;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

/// The tables: language, role, words.
const TABLE: &str = include_str!("words.tsv");
/// The endings of French verbs of the first group: present, past and the participle, as they are folded.
const FRENCH_ENDINGS: [&str; 11] = ["e", "ee", "es", "ent", "a", "ait", "aient", "erent", "eait", "ea", "eaient"];

/// How many words of a text are read, which is that of a long report.
const MAX_WORDS: usize = 50_000;

/// What a word can be, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Roles(u32);

macro_rules! roles {
    ($($constant:ident $name:literal $bit:literal),* $(,)?) => {
        $(pub(super) const $constant: Roles = Roles(1 << $bit);)*

        /// Returns the role of a name in the table.
        fn role_named(name: &str) -> Option<Roles> {
            match name {
                $($name => Some($constant),)*
                _ => None,
            }
        }
    };
}

roles! {
    VERB "verb" 0,
    INFINITIVE "infinitive" 1,
    GERUND "gerund" 2,
    EVALUATION "evaluation" 3,
    AUXILIARY "auxiliary" 4,
    ADVERB "adverb" 5,
    CLITIC "clitic" 6,
    DEFINITE "definite" 7,
    INDEFINITE "indefinite" 8,
    POSSESSIVE "possessive" 9,
    HE "he" 10,
    SHE "she" 11,
    IT "it" 12,
    OTHER_PRONOUN "other-pronoun" 13,
    THAT "that" 14,
    RELATIVE "relative" 15,
    TITLE "title" 16,
    FEMININE "feminine" 17,
    OFFICE "office" 18,
    INSTITUTION "institution" 19,
    MODIFIER "modifier" 20,
    CONNECTOR "connector" 21,
    STOP "stop" 22,
    LINK "link" 23,
    NAMING "naming" 24,
    DAY "day" 25,
    ABBREVIATION "abbreviation" 26,
    PARTICLE "particle" 27,
    AUDIENCE "audience" 28,
    LISTENER "listener" 29,
}

impl Roles {
    /// Returns whether one of `roles` is among these.
    pub(super) const fn any(self, roles: Self) -> bool {
        self.0 & roles.0 != 0
    }

    /// Returns the roles of both.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The languages of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Language {
    French,
    English,
    Hausa,
    Arabic,
}

impl Language {
    /// Returns the language of a BCP 47 tag.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "fr" => Some(Self::French),
            "en" => Some(Self::English),
            "ha" => Some(Self::Hausa),
            "ar" => Some(Self::Arabic),
            _ => None,
        }
    }

    /// Returns whether names are written with capitals.
    pub(super) const fn has_capitals(self) -> bool {
        !matches!(self, Self::Arabic)
    }
}

/// The roles of each word in its folded form, by language.
static ROLES: LazyLock<HashMap<Language, HashMap<String, Roles>>> = LazyLock::new(|| {
    let mut roles: HashMap<Language, HashMap<String, Roles>> = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(language), Some(role), Some(words)) = (fields.next().and_then(Language::of_tag), fields.next(), fields.next()) else {
            continue;
        };
        let endings: &[&str] = if role == "verb-er" { &FRENCH_ENDINGS } else { &[""] };
        let role = role_named(role.trim_end_matches("-er")).unwrap_or_default();
        let role = if role == EVALUATION { role.or(VERB) } else { role };
        for word in words.split_whitespace() {
            for ending in endings {
                let entry = roles.entry(language).or_default().entry(fold(word) + ending).or_default();
                *entry = entry.or(role);
            }
        }
    }
    roles
});

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks, an apostrophe, a hyphen.
    Joined,
    /// A comma, a bracket or a dash.
    Comma,
    /// A colon.
    Colon,
    /// A quotation mark or another sign.
    Other,
    /// The end of a sentence or of a block.
    Sentence,
}

/// A word of a text.
#[derive(Debug, Clone)]
pub(super) struct Word<'a> {
    /// As it is written.
    pub text: &'a str,
    /// Its byte index.
    pub start: usize,
    /// Its folded form; in Arabic without "and" before a verb.
    pub folded: Cow<'a, str>,
    /// What it can be.
    pub roles: Roles,
    /// What stands before it.
    pub gap: Gap,
    /// How it is written.
    pub case: Case,
}

impl Word<'_> {
    /// Returns the byte index behind it.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Returns whether it begins with a capital.
    pub(super) fn has_capital(&self) -> bool {
        self.case != Case::Small
    }

    /// Returns whether it has one of `roles`.
    pub(super) const fn is(&self, roles: Roles) -> bool {
        self.roles.any(roles)
    }
}

/// A text and its words.
#[derive(Debug)]
pub(super) struct Words<'a> {
    /// The text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// Its words, in order.
    pub all: Vec<Word<'a>>,
    /// The folded words that have a capital within a sentence.
    names: HashSet<Cow<'a, str>>,
}

impl<'a> Words<'a> {
    /// Returns the words of `text`.
    pub(super) fn new(text: &'a str, language: Language) -> Self {
        let mut all: Vec<Word<'a>> = Vec::new();
        for token in tokens(text).take(MAX_WORDS) {
            let span = token.span();
            let gap = gap(text, all.last(), span.clone());
            let (folded, roles) = known(language, token.folded);
            all.push(Word {
                text: token.text,
                start: span.start,
                case: Case::of(token.text),
                folded,
                roles,
                gap,
            });
        }
        let within = all.iter().filter(|word| word.has_capital() && word.gap == Gap::Joined);
        let names = within.map(|word| word.folded.clone()).collect();
        Self {
            text,
            language,
            all,
            names,
        }
    }

    /// Returns the word at an index; `None` behind the last one.
    pub(super) fn get(&self, at: usize) -> Option<&Word<'a>> {
        self.all.get(at)
    }

    /// Returns the index of the first word that begins at `byte` or behind it.
    pub(super) fn index_at(&self, byte: usize) -> usize {
        self.all.partition_point(|word| word.start < byte)
    }

    /// Returns whether a word has a capital somewhere within a sentence too.
    pub(super) fn is_name(&self, word: &Word<'_>) -> bool {
        self.names.contains(&word.folded)
    }

    /// Returns whether the word at an index has one of `roles`.
    pub(super) fn is(&self, at: usize, roles: Roles) -> bool {
        self.get(at).is_some_and(|word| word.is(roles))
    }

    /// Returns whether nothing but blanks, a hyphen or an apostrophe stands before the word at an index.
    pub(super) fn is_joined(&self, at: usize) -> bool {
        self.get(at).is_some_and(|word| word.gap == Gap::Joined)
    }

    /// Returns whether the words from an index on are `folded`, with nothing but blanks between them.
    pub(super) fn are(&self, at: usize, folded: &[&str]) -> bool {
        folded.iter().enumerate().all(|(number, own)| {
            let word = self.get(at + number);
            word.is_some_and(|word| word.folded == *own && (number == 0 || word.gap == Gap::Joined))
        })
    }

    /// Returns the text of a range of words.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        let start = self.get(range.start).map(|word| word.start);
        let end = range.end.checked_sub(1).and_then(|last| self.get(last)).map(Word::end);
        start
            .zip(end)
            .and_then(|(start, end)| self.text.get(start..end))
            .unwrap_or_default()
    }

    /// Returns the index of the first word of the sentence before the word at `at`, not before `floor`; `None` when the sentence is very long.
    pub(super) fn sentence_start(&self, at: usize, floor: usize) -> Option<usize> {
        /// How many words of a sentence are looked at.
        const MAX_WORDS: usize = 70;
        let mut start = at;
        while start > floor && (start == at || self.get(start).is_some_and(|word| word.gap != Gap::Sentence)) {
            if at - start >= MAX_WORDS {
                return None;
            }
            start -= 1;
        }
        Some(start)
    }
}

/// Returns a folded word as the tables have it, and its roles.
fn known(language: Language, folded: Cow<'_, str>) -> (Cow<'_, str>, Roles) {
    let table = ROLES.get(&language);
    let roles = |word: &str| table.and_then(|table| table.get(word)).copied().unwrap_or_default();
    if language == Language::Arabic {
        for prefix in ['و', 'ف'] {
            if let Some(rest) = folded.strip_prefix(prefix)
                && roles(rest).any(VERB.or(GERUND))
            {
                let rest = rest.to_owned();
                let own = roles(&rest);
                return (Cow::Owned(rest), own);
            }
        }
    }
    let own = roles(&folded);
    (folded, own)
}

/// Returns what stands before the word at `span`, which follows `previous`.
fn gap(text: &str, previous: Option<&Word<'_>>, span: Range<usize>) -> Gap {
    let Some(previous) = previous else { return Gap::Sentence };
    let between = text.get(previous.end()..span.start).unwrap_or_default();
    let word = text.get(span).unwrap_or_default();
    if between.trim_start().starts_with(':') {
        return Gap::Colon;
    }
    if between.contains('\n') {
        return Gap::Sentence;
    }
    let is_initial = || previous.is(ABBREVIATION) || (previous.has_capital() && previous.text.chars().nth(1).is_none());
    let ends = if is_initial() {
        between.strip_prefix('.').unwrap_or(between)
    } else {
        between
    };
    if ends.contains(';') {
        return Gap::Sentence;
    }
    let has_end = ends.contains(['.', '?', '!', '…', '؟']) && ends.chars().nth(1).is_some();
    if has_end && !word.starts_with(char::is_lowercase) {
        return Gap::Sentence;
    }
    if between.contains([',', '،', '(', ')', '–', '—', '[', ']', '؛']) || between.contains(" - ") {
        Gap::Comma
    } else if between.contains(':') {
        Gap::Colon
    } else if between
        .chars()
        .all(|c| c.is_whitespace() || matches!(c, '\'' | '’' | '-' | '‑' | '‐' | '.' | 'ـ') || !c.is_ascii_punctuation() && !is_mark(c))
    {
        Gap::Joined
    } else {
        Gap::Other
    }
}

const fn is_mark(letter: char) -> bool {
    matches!(letter, '«' | '»' | '“' | '”' | '„' | '‹' | '›' | '…' | '•')
}
