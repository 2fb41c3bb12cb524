//! One table of a configuration file, read key by key.
//!
//! Reading never stops at a mistake: each is recorded with its place, and the value counts as not given. Not here: which keys there are
//! (`table!`), and how their texts are parsed (`values`).

use super::keys::{Key, KeyTable, ValueKind};
use super::masking::masked_message;
use super::odd_characters::odd_character;
use super::problem::{ConfigProblem, Place, Placed};
use super::quoting::quoted_list;
use super::secret::Secret;
use super::synonyms;
use super::values::{self, Flaw};
use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How the value of a key is written and read.
pub(super) struct Format<T> {
    pub(super) kind: ValueKind,
    /// Returns the value of a key; `None` when it is not given, or wrong, which is recorded.
    read: fn(&mut Section<'_>, &str) -> Option<T>,
}

impl<T> Format<T> {
    pub(super) const fn new(kind: ValueKind, read: fn(&mut Section<'_>, &str) -> Option<T>) -> Self {
        Self { kind, read }
    }
}

/// A table with the mistakes that were found in it.
pub(super) struct Section<'a> {
    table: &'a DeTable<'a>,
    keys: &'static KeyTable,
    place: Place,
    problems: Vec<ConfigProblem>,
}

impl<'a> Section<'a> {
    /// Wraps a table at `place`, and records the required keys that are missing.
    pub(super) fn new(table: &'a DeTable<'a>, keys: &'static KeyTable, place: Place) -> Self {
        let missing = keys.required.iter().filter(|name| table.get(**name).is_none());
        let problems = missing.map(|name| ConfigProblem {
            place: Some(place.clone()),
            message: format!("{} needs `{name}`", keys.head),
            ..ConfigProblem::default()
        });
        Self {
            table,
            keys,
            problems: problems.collect(),
            place,
        }
    }

    /// Appends the recorded mistakes to `problems`.
    pub(super) fn finish(self, problems: &mut Vec<ConfigProblem>) {
        problems.extend(self.problems);
    }

    /// Returns the value of a key; `None` when it is not given, or wrong, which is recorded.
    pub(super) fn value<T>(&mut self, key: &str, format: &Format<T>) -> Option<T> {
        (format.read)(self, key)
    }

    /// Returns the place of the table, which is that of its head.
    pub(super) fn place(&self) -> Place {
        self.place.clone()
    }

    /// Returns the place of the key's value; none when it is not given.
    pub(super) fn place_of(&self, key: &str) -> Option<Place> {
        Some(self.at(self.table.get(key)?.span()))
    }

    /// Records a mistake in the key's value, or in the table where the key is not given.
    pub(super) fn wrong(&mut self, key: &str, message: impl Into<String>, help: Option<String>) {
        let place = self.place_of(key).unwrap_or_else(|| self.place());
        self.wrong_at(&place, message, help);
    }

    /// Records a mistake at a place within the table.
    pub(super) fn wrong_at(&mut self, place: &Place, message: impl Into<String>, help: Option<String>) {
        self.problems.push(ConfigProblem {
            place: Some(place.clone()),
            message: message.into(),
            help,
            also: None,
        });
    }

    /// Returns whether the key is given as an array without elements.
    pub(super) fn is_empty_list(&self, key: &str) -> bool {
        let value = self.table.get(key).map(Spanned::get_ref);
        matches!(value, Some(DeValue::Array(array)) if array.is_empty())
    }

    /// Records that two keys that exclude each other are given.
    pub(super) fn clash(&mut self, key: &str, other: &str, help: &str) {
        let also = self.place_of(other).map(|place| Placed {
            text: format!("`{other}` stands here"),
            place,
        });
        self.problems.push(ConfigProblem {
            place: self.place_of(key),
            message: format!("`{key}` and `{other}` exclude each other"),
            help: Some(help.to_owned()),
            also,
        });
    }

    fn at(&self, span: Range<usize>) -> Place {
        Place {
            file: self.place.file,
            span,
        }
    }

    /// Returns the description of a key with its value; none when it is not given.
    fn given(&self, name: &str) -> Option<(&'static Key, &'a Spanned<DeValue<'a>>)> {
        Some((self.keys.key(name)?, self.table.get(name)?))
    }

    fn flaw(&mut self, key: &str, span: Range<usize>, flaw: Flaw) {
        let place = Some(self.at(span));
        self.problems.push(ConfigProblem {
            place,
            message: format!("`{key}` {}", flaw.message),
            help: flaw.help,
            also: None,
        });
    }

    fn read<T>(&mut self, name: &str, read: impl FnOnce(&'a DeValue<'a>) -> Result<T, Flaw>) -> Option<T> {
        let (_, value) = self.given(name)?;
        read(value.get_ref()).map_err(|flaw| self.flaw(name, value.span(), flaw)).ok()
    }

    /// Reads a value that is written as a text.
    pub(super) fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Flaw>) -> Option<T> {
        let expected = self.keys.key(name)?.kind.expected();
        self.read(name, |value| parse_seen(expect_string(value, expected)?, parse))
    }

    /// Reads a text; an empty one counts as not given.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.parsed(name, |text| Ok(text.trim().to_owned())).filter(|text| !text.is_empty())
    }

    /// Reads a text with its place; an empty one is a mistake.
    pub(super) fn placed(&mut self, name: &str) -> Option<Placed> {
        let text = self.parsed(name, not_empty)?;
        Some(Placed {
            text,
            place: self.place_of(name)?,
        })
    }

    /// Reads a list of texts with their places; an empty text is a mistake, an empty list none.
    pub(super) fn list<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Flaw>) -> Vec<(T, Place)> {
        let Some((key, value)) = self.given(name) else {
            return Vec::new();
        };
        let DeValue::Array(array) = value.get_ref() else {
            let mut flaw = wrong_type(key.kind.expected(), value.get_ref());
            if let DeValue::String(text) = value.get_ref() {
                flaw.help = Some(as_list(name, text));
            }
            self.flaw(name, value.span(), flaw);
            return Vec::new();
        };
        let mut read = Vec::new();
        for element in array {
            match expect_string(element.get_ref(), "only texts").and_then(|text| parse_seen(text, &parse)) {
                Ok(one) => read.push((one, self.at(element.span()))),
                Err(flaw) => self.flaw(name, element.span(), flaw),
            }
        }
        read
    }

    /// Reads a list of texts, each with its place.
    pub(super) fn placed_list(&mut self, name: &str) -> Vec<Placed> {
        let list = self.list(name, not_empty);
        list.into_iter().map(|(text, place)| Placed { text, place }).collect()
    }

    /// Reads a text, or a list of texts.
    pub(super) fn one_or_more<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Flaw>) -> Vec<T> {
        match self.given(name).map(|(_, value)| value.get_ref()) {
            Some(DeValue::String(_)) => self.parsed(name, parse).into_iter().collect(),
            _ => self.list(name, parse).into_iter().map(|(one, _)| one).collect(),
        }
    }

    /// Reads a list of texts and tables, each text with `parse` and each table with `read`.
    pub(super) fn texts_or_tables<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Flaw>,
        read: impl Fn(&mut Section<'_>) -> Option<T>,
    ) -> Vec<T> {
        let Some((key, value)) = self.given(name) else {
            return Vec::new();
        };
        let (ValueKind::TextsOrTables(keys), DeValue::Array(array)) = (&key.kind, value.get_ref()) else {
            self.flaw(name, value.span(), wrong_type(key.kind.expected(), value.get_ref()));
            return Vec::new();
        };
        let mut all = Vec::new();
        for element in array {
            if let DeValue::Table(table) = element.get_ref() {
                let mut section = Section::new(table, keys, self.at(element.span()));
                all.extend(read(&mut section));
                section.finish(&mut self.problems);
                continue;
            }
            match expect_string(element.get_ref(), "only texts and tables").and_then(|text| parse_seen(text, &parse)) {
                Ok(one) => all.push(one),
                Err(flaw) => self.flaw(name, element.span(), flaw),
            }
        }
        all
    }

    /// Reads `true` or `false`.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.read(name, |value| match value {
            DeValue::Boolean(flag) => Ok(*flag),
            _ => Err(wrong_type("true or false", value)),
        })
    }

    /// Reads one of several words.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.parsed(name, |text| values::choice(text, words))
    }

    /// Reads a whole number within the range of the key's kind.
    pub(super) fn whole(&mut self, name: &str) -> Option<u64> {
        let ValueKind::Whole(least, most) = self.keys.key(name)?.kind else {
            return None;
        };
        self.read(name, |value| whole(value, least..=most))
    }

    /// Reads a number within the range of the key's kind.
    pub(super) fn number(&mut self, name: &str) -> Option<f64> {
        let ValueKind::Number(least, most) = self.keys.key(name)?.kind else {
            return None;
        };
        self.read(name, |value| {
            let digits = match value {
                DeValue::Float(float) => float.as_str(),
                DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
                _ => return Err(wrong_type("a number", value)),
            };
            let number: Option<f64> = digits.replace('_', "").parse().ok();
            number
                .filter(|number| (least..=most).contains(number))
                .ok_or_else(|| Flaw::new(format!("must lie between {least} and {most}")))
        })
    }

    /// Reads a table within this one with `read`; its mistakes are recorded before the later ones of this table.
    pub(super) fn nested<T>(&mut self, name: &str, read: impl FnOnce(&mut Section<'_>) -> Option<T>) -> Option<T> {
        let mut section = self.table(name)?;
        let value = read(&mut section);
        section.finish(&mut self.problems);
        value
    }

    fn table(&mut self, name: &str) -> Option<Section<'a>> {
        let (key, value) = self.given(name)?;
        let ValueKind::Table(keys) = key.kind else { return None };
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Section::new(table, keys, self.at(value.span())));
        }
        let mut flaw = wrong_type("a table", value.get_ref());
        if matches!(value.get_ref(), DeValue::Array(array) if array.iter().any(|one| one.get_ref().is_table())) {
            flaw.help = Some(format!("there is only one: write {} with single brackets", keys.head));
        }
        self.flaw(name, value.span(), flaw);
        None
    }

    /// Reads an array of tables.
    pub(super) fn tables(&mut self, name: &str) -> Vec<Section<'a>> {
        let Some((key, value)) = self.given(name) else {
            return Vec::new();
        };
        let ValueKind::Tables(keys) = key.kind else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            let mut flaw = wrong_type("an array of tables", value.get_ref());
            flaw.help = Some(format!("write {} with double brackets: there may be many", keys.head));
            self.flaw(name, value.span(), flaw);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for element in array {
            match element.get_ref() {
                DeValue::Table(table) => sections.push(Section::new(table, keys, self.at(element.span()))),
                other => self.flaw(name, element.span(), wrong_type("tables only", other)),
            }
        }
        sections
    }

    /// Reads a table of tables, each with its name and the name's place.
    pub(super) fn named(&mut self, name: &str) -> Vec<(Placed, Section<'a>)> {
        let Some((key, value)) = self.given(name) else {
            return Vec::new();
        };
        let ValueKind::Named(keys) = key.kind else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            let mut flaw = wrong_type("named tables", value.get_ref());
            flaw.help = Some(format!("write {}, where you choose the name", keys.head));
            self.flaw(name, value.span(), flaw);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (key, value) in table {
            let place = self.at(key.span());
            match value.get_ref() {
                DeValue::Table(table) => {
                    let section = Section::new(table, keys, self.at(value.span()));
                    let text = key.get_ref().to_string();
                    sections.push((Placed { text, place }, section));
                }
                other => {
                    let mut flaw = wrong_type("named tables only", other);
                    flaw.help = Some(format!("write {}, where you choose the name", keys.head));
                    self.flaw(name, key.span(), flaw);
                }
            }
        }
        sections
    }

    /// Reads a table of texts under keys that the operator chooses, such as request headers.
    pub(super) fn secrets(&mut self, name: &str, check: impl Fn(&str, &str) -> Result<Secret, Flaw>) -> BTreeMap<String, Secret> {
        let mut read = BTreeMap::new();
        let Some((_, value)) = self.given(name) else { return read };
        let DeValue::Table(table) = value.get_ref() else {
            self.flaw(name, value.span(), wrong_type("a table of texts", value.get_ref()));
            return read;
        };
        for (key, value) in table {
            match expect_string(value.get_ref(), "only texts").and_then(|text| check(key.get_ref(), text)) {
                Ok(secret) => {
                    read.insert(key.get_ref().to_string(), secret);
                }
                Err(flaw) => self.flaw(name, value.span(), flaw),
            }
        }
        read
    }
}

fn not_empty(text: &str) -> Result<String, Flaw> {
    if text.trim().is_empty() {
        return Err(Flaw::new("holds an empty text"));
    }
    Ok(text.to_owned())
}

fn whole(value: &DeValue<'_>, range: RangeInclusive<u64>) -> Result<u64, Flaw> {
    let DeValue::Integer(integer) = value else {
        return Err(wrong_type("a whole number", value));
    };
    u64::from_str_radix(integer.as_str(), integer.radix())
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| Flaw::new(format!("must lie between {} and {}", range.start(), range.end())))
}

/// Parses a text. What is wrong with a text that holds a character nobody sees is most often that character.
fn parse_seen<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Flaw>) -> Result<T, Flaw> {
    parse(text).map_err(|flaw| match odd_character(text.trim_matches(' ')) {
        Some(name) => flaw.help(format!("it holds {name}: delete it")),
        None => flaw,
    })
}

fn expect_string<'v>(value: &'v DeValue<'_>, expected: &str) -> Result<&'v str, Flaw> {
    match value {
        DeValue::String(text) => Ok(text),
        other => Err(wrong_type(expected, other)),
    }
}

fn wrong_type(expected: &str, found: &DeValue<'_>) -> Flaw {
    let found_name = match found {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    let mut flaw = Flaw::new(format!("needs {expected}, not {found_name}"));
    let DeValue::String(text) = found else { return flaw };
    flaw.help = if expected.starts_with("an array of texts") {
        Some("put it into square brackets".to_owned())
    } else if expected == "true or false" {
        synonyms::truth(text).map(|value| format!("write {value}, without quotation marks"))
    } else if expected.ends_with("number") && text.trim().parse::<f64>().is_ok() {
        let value = text.trim();
        Some(format!("write {value}, without quotation marks"))
    } else {
        None
    };
    flaw
}

/// Returns the advice to write a text, in which commas may stand, as a list.
fn as_list(key: &str, text: &str) -> String {
    let texts = || text.split(',').map(str::trim).filter(|text| !text.is_empty());
    let value = quoted_list(texts());
    if masked_message(&value) != value || value.len() > MAX_LIST_BYTES || texts().next().is_none() {
        return "put it into square brackets".to_owned();
    }
    if key == "about" && !text.starts_with('@') {
        let concepts: Vec<String> = texts().filter_map(|text| Some(format!("@{}", synonyms::id(text)?))).collect();
        let concepts = quoted_list(concepts.iter().map(String::as_str));
        return format!("write about = {concepts} for the concept, or any = {value} for the word");
    }
    format!("write {key} = {value}")
}

/// The longest list that is proposed.
const MAX_LIST_BYTES: usize = 200;
