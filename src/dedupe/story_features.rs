//! What stories compare of an entry: weighed terms that meet across languages, names, numbers, days and places, told from the folded words of its
//! headline and text.

use super::lexicon::{body, concept, is_empty_word};
use super::skeleton::skeleton;
use crate::model::digest::fnv1a_32;
use crate::model::{Country, NameKind, NamedSpan};
use crate::text::date::month_number;
use crate::text::stem::stem;
use crate::text::word_list::{Case, Gap, Word};
use std::collections::{BTreeMap, BTreeSet};

/// The number of words of a text that are read, boilerplate apart: news reports begin with the essential facts.
const MAX_TEXT_WORDS: usize = 150;
/// The first words of a text, which are its lead.
const LEAD_WORDS: usize = 30;
/// The first words of a text that stand in for a headline where there is none.
const TITLE_WORDS: usize = 15;
/// The maximum number of terms kept, the most frequent.
pub(super) const MAX_TERMS: usize = 128;
/// The maximum number of values of every other list, which no ordinary entry reaches.
pub(super) const MAX_VALUES: usize = 255;
/// How often a word of the headline counts.
const TITLE_COUNT: u8 = 2;
/// A name has so many letters at least.
const MIN_NAME_CHARS: usize = 3;
/// An acronym has so many letters at most.
const MAX_ACRONYM_CHARS: usize = 6;
/// A text of fewer words is none.
const MIN_TEXT_WORDS: usize = 5;
/// Words of the headline that tell, beside a number, that an entry is one of a series.
const SERIES: [&str; 20] = [
    " bulletin ",
    " journal ",
    " situation report ",
    " sitrep ",
    " flash ",
    " newsletter ",
    " weekly ",
    " hebdomadaire ",
    " update ",
    " mise a jour ",
    " apercu ",
    " overview ",
    " edition ",
    " infographic ",
    " dashboard ",
    " snapshot ",
    " factsheet ",
    " revue de presse ",
    " horoscope ",
    " meteo ",
];

/// A term of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The hash of what it stands for.
    pub hash: u32,
    /// How often it stands there; twice in the headline counts four times.
    pub count: u8,
    /// Whether it stands in the headline.
    pub in_title: bool,
    /// Whether it stands in headline or lead.
    pub in_lead: bool,
    /// Whether it is a name.
    pub is_name: bool,
}

/// A number of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    /// The hash of its digits, which is that of its term.
    pub hash: u32,
    /// Whether it stands in the headline.
    pub in_title: bool,
    /// Whether it has one digit, which is weak evidence.
    pub is_small: bool,
}

/// What is compared of an entry; every list is sorted and has each value once. It is stored with the entry in the encoding of `encoding.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryFeatures {
    /// Words, names, countries, numbers.
    pub terms: Vec<Term>,
    /// The stems of the names, by the order of `terms`: what a name may be in another entry that does not write it as one.
    pub name_stems: Vec<u32>,
    /// The consonants of names, which meet across alphabets.
    pub skeletons: Vec<u32>,
    /// The numbers.
    pub numbers: Vec<Number>,
    /// The days that are named, each as month × 32 + day.
    pub days: Vec<u16>,
    /// Those of the headline.
    pub title_days: Vec<u16>,
    /// Places below the country.
    pub places: Vec<u32>,
    /// The places and capitals of the headline.
    pub title_places: Vec<u32>,
    /// The countries.
    pub countries: Vec<Country>,
    /// Those of the headline.
    pub title_countries: Vec<Country>,
    /// The words of the headline, and whether each is a name, a part of a place, a number or a month.
    pub title_words: Vec<(u32, bool)>,
    /// The hash of the whole headline.
    pub title: u32,
    /// Whether the headline names a series and a number.
    pub is_series: bool,
    /// Whether there is hardly a text.
    pub is_bare: bool,
}

/// What features are made of.
pub struct StoryText<'a> {
    /// The words of the headline, without what the site appends.
    pub title: &'a [Word<'a>],
    /// The words of the text.
    pub text: &'a [Word<'a>],
    /// Whether a word of the headline, or of the text, belongs to what the outlet repeats.
    pub is_boilerplate: [&'a [bool]; 2],
    /// The names of the gazetteer.
    pub names: &'a [NamedSpan],
    /// The primary subtag of its language.
    pub language: Option<&'a str>,
}

/// Returns the hash of a term of some kind.
pub(super) fn term_hash(kind: &str, value: &str) -> u32 {
    fnv1a_32(kind.bytes().chain([0]).chain(value.bytes()))
}

/// A word that is read.
#[derive(Clone, Copy)]
struct ReadWord<'a> {
    word: Word<'a>,
    in_title: bool,
    /// Its number in headline or text.
    number: usize,
    /// Its number among those that are read of headline or text.
    place: usize,
}

impl StoryFeatures {
    /// Returns the features of an entry.
    #[must_use]
    pub fn new(text: &StoryText<'_>) -> Self {
        Builder::new(text).build()
    }

    /// Returns the hashes whose number of entries is counted: those of terms and of consonants.
    pub(super) fn counted_terms(&self) -> impl Iterator<Item = u32> {
        self.terms.iter().map(|term| term.hash).chain(self.skeletons.iter().copied())
    }
}

struct Builder<'t, 'a> {
    text: &'t StoryText<'a>,
    read: Vec<ReadWord<'a>>,
    spans: BTreeMap<(bool, usize), &'a NamedSpan>,
    /// Words that stand with a capital where no sentence begins, and those that stand without one.
    capital: BTreeSet<&'a str>,
    small: BTreeSet<&'a str>,
    /// Words of names of the gazetteer.
    known: BTreeSet<&'a str>,
    terms: BTreeMap<u32, Term>,
    stems: BTreeMap<u32, u32>,
    features: StoryFeatures,
}

impl<'t, 'a> Builder<'t, 'a> {
    fn new(text: &'t StoryText<'a>) -> Self {
        let part = |words: &'a [Word<'a>], dropped: &'a [bool], in_title: bool, limit: usize| {
            let kept = words
                .iter()
                .enumerate()
                .filter(move |(number, _)| !dropped.get(*number).copied().unwrap_or_default());
            kept.take(limit).enumerate().map(move |(place, (number, word))| ReadWord {
                word: *word,
                in_title,
                number,
                place,
            })
        };
        let title = part(text.title, text.is_boilerplate[0], true, usize::MAX);
        let read = title
            .chain(part(text.text, text.is_boilerplate[1], false, MAX_TEXT_WORDS))
            .collect();
        Self {
            spans: text.names.iter().map(|span| ((span.in_title, span.start), span)).collect(),
            text,
            read,
            capital: BTreeSet::new(),
            small: BTreeSet::new(),
            known: BTreeSet::new(),
            terms: BTreeMap::new(),
            stems: BTreeMap::new(),
            features: StoryFeatures::default(),
        }
    }

    fn build(mut self) -> StoryFeatures {
        self.read_case();
        self.read_places();
        self.read_numbers();
        self.read_terms();
        self.read_title();
        self.features.is_bare = self.text.text.len() < MIN_TEXT_WORDS;
        self.finish()
    }

    /// A headline in which most words have a capital shows no name by one.
    fn is_title_case(&self) -> bool {
        let long = || self.text.title.iter().filter(|word| word.text.chars().count() > 3);
        let capitals = long().filter(|word| word.case != Case::Small).count();
        self.text.language != Some("de") && long().count() >= 4 && capitals * 10 > long().count() * 7
    }

    fn read_case(&mut self) {
        let is_title_case = self.is_title_case();
        for read in &self.read {
            match read.word.case {
                Case::Small => {
                    self.small.insert(read.word.text);
                }
                _ if read.word.gap == Gap::Joined && !(read.in_title && is_title_case) => {
                    self.capital.insert(read.word.text);
                }
                _ => {}
            }
        }
    }

    fn words_of(&self, span: &NamedSpan) -> &'a [Word<'a>] {
        let words = if span.in_title { self.text.title } else { self.text.text };
        words.get(span.start..span.start + span.word_count).unwrap_or_default()
    }

    fn is_dropped(&self, span: &NamedSpan) -> bool {
        let dropped = self.text.is_boilerplate[usize::from(!span.in_title)];
        dropped.get(span.start).copied().unwrap_or_default()
            || (!span.in_title && self.read.iter().all(|read| read.in_title || read.number != span.start))
    }

    fn read_places(&mut self) {
        for span in self.text.names {
            if self.is_dropped(span) {
                continue;
            }
            let words = self.words_of(span);
            let joined: Vec<&str> = words.iter().map(|word| word.text).collect();
            let hash = term_hash("place", &joined.join(" "));
            match span.kind {
                NameKind::Country | NameKind::Capital => {
                    self.features.countries.extend(&span.countries);
                    if span.in_title {
                        self.features.title_countries.extend(&span.countries);
                    }
                }
                NameKind::Place { is_weak: false } => self.features.places.push(hash),
                NameKind::Place { .. } | NameKind::Actor => {}
            }
            if span.in_title && matches!(span.kind, NameKind::Place { .. } | NameKind::Capital) {
                self.features.title_places.push(hash);
            }
            if span.kind != NameKind::Country {
                self.known.extend(joined);
            }
        }
    }

    /// Reads numbers, whose groups of three digits are joined, and days. Years are neither.
    fn read_numbers(&mut self) {
        let mut at = 0;
        while let Some(read) = self.read.get(at).copied() {
            at += 1;
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let ordinal = ["er", "st", "nd", "rd", "th"]
                .iter()
                .find_map(|ending| read.word.text.strip_suffix(ending))
                .filter(|rest| digits(rest));
            let Some(number) = ordinal.or(Some(read.word.text).filter(|text| digits(text))) else {
                continue;
            };
            let near = |at: Option<usize>| {
                let other = at
                    .and_then(|at| self.read.get(at))
                    .filter(|other| other.in_title == read.in_title)?;
                month(other.word.text)
            };
            let day: u16 = number.parse().unwrap_or_default();
            let month = near(Some(at)).or_else(|| near(at.checked_sub(2)));
            if let Some(month) = month.filter(|_| (1..=31).contains(&day)) {
                self.features.days.push(month * 32 + day);
                if read.in_title {
                    self.features.title_days.push(month * 32 + day);
                }
                continue;
            }
            if ordinal.is_some() {
                continue;
            }
            let mut value = number.trim_start_matches('0').to_owned();
            // `1 617` and `1,617` are one number.
            while number.len() <= 3
                && let Some(next) = self.read.get(at)
                && next.in_title == read.in_title
                && next.word.text.len() == 3
                && digits(next.word.text)
                && matches!(next.word.gap, Gap::Joined | Gap::Punctuation)
            {
                value.push_str(next.word.text);
                at += 1;
            }
            let is_year = value.len() == 4 && number.len() == 4 && (value.starts_with("19") || value.starts_with("20"));
            if is_year || matches!(value.as_str(), "" | "1") {
                continue;
            }
            let hash = term_hash("#", &value);
            self.features.numbers.push(Number {
                hash,
                in_title: read.in_title,
                is_small: value.len() == 1,
            });
            self.add(hash, read, false);
        }
    }

    fn add(&mut self, hash: u32, read: ReadWord<'_>, is_name: bool) {
        let has_title = self.text.title.iter().any(|word| !is_empty_word(word.text));
        let term = self.terms.entry(hash).or_insert(Term {
            hash,
            count: 0,
            in_title: false,
            in_lead: false,
            is_name,
        });
        term.count = term.count.saturating_add(if read.in_title { TITLE_COUNT } else { 1 });
        term.in_title |= read.in_title || (!has_title && read.place < TITLE_WORDS);
        term.in_lead |= read.in_title || read.place < LEAD_WORDS;
    }

    fn is_name(&self, read: ReadWord<'_>, has_concept: bool) -> bool {
        let word = read.word.text;
        if word.chars().nth(MIN_NAME_CHARS - 1).is_none() {
            return false;
        }
        if !word.is_ascii() && read.word.case == Case::Small {
            return self.known.contains(word);
        }
        if read.word.case == Case::Small {
            return false;
        }
        if self.known.contains(word) {
            return true;
        }
        let is_acronym = read.word.case == Case::Capitals && word.chars().count() <= MAX_ACRONYM_CHARS;
        if has_concept && !is_acronym {
            return false;
        }
        self.capital.contains(word) && (read.word.case == Case::Capitals || !self.small.contains(word))
    }

    fn read_terms(&mut self) {
        let shouted = |words: &[Word<'_>]| {
            words
                .iter()
                .all(|word| word.case == Case::Capitals || word.text.chars().nth(2).is_none())
        };
        let is_shouted = [shouted(self.text.title), shouted(self.text.text)];
        let mut at = 0;
        while let Some(read) = self.read.get(at).copied() {
            at += 1;
            let all = if read.in_title { self.text.title } else { self.text.text };
            let rest = all.get(read.number..).unwrap_or_default();
            if let Some((id, length)) = body(rest, is_shouted[usize::from(!read.in_title)]) {
                self.add_name(term_hash("n", id), term_hash("", id), id, read);
                while self
                    .read
                    .get(at)
                    .is_some_and(|next| next.in_title == read.in_title && next.number < read.number + length)
                {
                    at += 1;
                }
                continue;
            }
            let span = self.spans.get(&(read.in_title, read.number)).copied();
            if let Some(span) = span.filter(|span| matches!(span.kind, NameKind::Country)) {
                let codes: Vec<String> = span.countries.iter().map(ToString::to_string).collect();
                self.add(term_hash("c", &codes.join(",")), read, false);
                while self
                    .read
                    .get(at)
                    .is_some_and(|next| next.in_title == read.in_title && next.number < span.start + span.word_count)
                {
                    at += 1;
                }
                continue;
            }
            self.read_word(read);
        }
    }

    fn read_word(&mut self, read: ReadWord<'_>) {
        let word = read.word.text;
        let is_digits = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_date = is_weekday(word) || (month(word).is_some() && word.chars().nth(3).is_some());
        if is_empty_word(word) || word.chars().nth(1).is_none() || is_digits || is_date {
            return;
        }
        let meaning = concept(word);
        if self.is_name(read, meaning.is_some()) {
            self.add_name(term_hash("n", word), term_hash("", &stem(word)), word, read);
        } else if let Some(meaning) = meaning {
            self.add(term_hash("x", meaning), read, false);
        } else {
            self.add(term_hash("", &stem(word)), read, false);
            if !word.is_ascii() {
                self.features
                    .skeletons
                    .extend(skeleton(word).map(|skeleton| term_hash("~", &skeleton)));
            }
        }
    }

    fn add_name(&mut self, hash: u32, stem_hash: u32, word: &str, read: ReadWord<'_>) {
        self.add(hash, read, true);
        self.stems.insert(hash, stem_hash);
        self.features
            .skeletons
            .extend(skeleton(word).map(|skeleton| term_hash("~", &skeleton)));
    }

    fn read_title(&mut self) {
        let place_words: BTreeSet<&str> = (self.text.names.iter())
            .filter(|span| span.in_title && matches!(span.kind, NameKind::Place { .. } | NameKind::Capital))
            .flat_map(|span| self.words_of(span))
            .map(|word| word.text)
            .collect();
        let mut title_words = BTreeMap::new();
        for word in self.text.title.iter().filter(|word| !is_empty_word(word.text)) {
            let is_name = self.terms.get(&term_hash("n", word.text)).is_some_and(|term| term.is_name);
            let begins_with_digit = word.text.starts_with(|c: char| c.is_ascii_digit());
            let is_special = is_name || begins_with_digit || place_words.contains(word.text) || month(word.text).is_some();
            *title_words.entry(term_hash("", word.text)).or_insert(false) |= is_special;
        }
        self.features.title_words = title_words.into_iter().take(MAX_VALUES).collect();
        let whole: Vec<&str> = self.text.title.iter().map(|word| word.text).collect();
        self.features.title = term_hash("title", &whole.join(" "));
        let padded = format!(" {} ", whole.join(" "));
        let names_series = SERIES.iter().any(|phrase| padded.contains(phrase));
        self.features.is_series = names_series && whole.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
    }

    fn finish(mut self) -> StoryFeatures {
        fn sort<T: Ord>(list: &mut Vec<T>) {
            list.sort_unstable();
            list.dedup();
            list.truncate(MAX_VALUES);
        }
        let mut terms: Vec<Term> = self.terms.into_values().collect();
        // Of equally frequent terms those with the smaller hashes stay: the same on every machine.
        terms.sort_by_key(|term| (std::cmp::Reverse(term.count), term.hash));
        terms.truncate(MAX_TERMS);
        terms.sort_unstable();
        let stems = self.stems;
        self.features.name_stems = terms
            .iter()
            .filter(|term| term.is_name)
            .map(|term| stems.get(&term.hash).copied().unwrap_or_default())
            .collect();
        let features = &mut self.features;
        features.terms = terms;
        sort(&mut features.skeletons);
        sort(&mut features.days);
        sort(&mut features.title_days);
        sort(&mut features.places);
        sort(&mut features.title_places);
        sort(&mut features.countries);
        sort(&mut features.title_countries);
        // A number of the headline counts as one of the headline.
        features.numbers.sort_by_key(|number| (number.hash, !number.in_title));
        features.numbers.dedup_by_key(|number| number.hash);
        features.numbers.truncate(MAX_VALUES);
        self.features
    }
}

/// Abbreviations of months, in one language, that are common words in others.
const NO_MONTHS: [&str; 4] = ["ago", "out", "set", "اب"];

/// Returns the number of a month by its name or a usual abbreviation.
fn month(word: &str) -> Option<u16> {
    let number = month_number(word).filter(|_| !NO_MONTHS.contains(&word))?;
    u16::try_from(number).ok()
}

/// Returns whether a folded word is a day of the week.
fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 35] = [
        "lundi",
        "monday",
        "montag",
        "lunes",
        "الاثنين",
        "mardi",
        "tuesday",
        "dienstag",
        "martes",
        "الثلاثاء",
        "mercredi",
        "wednesday",
        "mittwoch",
        "miercoles",
        "الاربعاء",
        "jeudi",
        "thursday",
        "donnerstag",
        "jueves",
        "الخميس",
        "vendredi",
        "friday",
        "freitag",
        "viernes",
        "الجمعه",
        "samedi",
        "saturday",
        "samstag",
        "sabado",
        "السبت",
        "dimanche",
        "sunday",
        "sonntag",
        "domingo",
        "الاحد",
    ];
    DAYS.contains(&word)
}
