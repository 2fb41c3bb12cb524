//! The values of fields that are compared as a whole: their syntax, and which of them can match. One that cannot is an error with what was meant.

use super::admin_table;
use super::context::RuleContext;
use super::expression::{Comparison, DateRange};
use super::field::Property;
use super::lexer::{QueryError, SpannedToken, Token};
use super::places;
use super::suggest::nearest;
use crate::config::{DESK, SourceKind};
use crate::model::{AdminRegion, Area, Country, Genre, Timestamp};
use std::collections::BTreeSet;

/// Languages by the names that people write in place of their tags.
const LANGUAGE_NAMES: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("arabe", "ar"),
    ("bambara", "bm"),
    ("english", "en"),
    ("anglais", "en"),
    ("french", "fr"),
    ("francais", "fr"),
    ("français", "fr"),
    ("fulfulde", "ff"),
    ("peul", "ff"),
    ("german", "de"),
    ("hausa", "ha"),
    ("haoussa", "ha"),
    ("portuguese", "pt"),
    ("portugais", "pt"),
    ("spanish", "es"),
    ("swahili", "sw"),
    ("tamasheq", "tmh"),
    ("wolof", "wo"),
    ("yoruba", "yo"),
];

/// Returns the values of a list, in lower case.
pub(super) fn list(spanned: &SpannedToken) -> Result<Vec<String>, QueryError> {
    let missing = || QueryError::new(spanned.span.clone(), "a value is missing here");
    let (Token::Word(text) | Token::Quoted(text, _) | Token::Exact(text)) = &spanned.token else {
        return Err(missing().help("write one value, or several with commas between them"));
    };
    let values: Vec<String> = text
        .split(',')
        .map(|value| value.trim().to_lowercase())
        .filter(|value| !value.is_empty())
        .collect();
    if values.is_empty() { Err(missing()) } else { Ok(values) }
}

/// Checks that a property can have each of these values.
pub(super) fn check(property: Property, values: &[String], spanned: &SpannedToken, context: &RuleContext<'_>) -> Result<(), QueryError> {
    let sources = context.sources.unwrap_or_default();
    let (what, known): (&str, BTreeSet<String>) = match property {
        Property::Source => (
            "source",
            sources
                .iter()
                .map(|source| source.id.as_str())
                .chain([DESK])
                .map(str::to_owned)
                .collect(),
        ),
        Property::Tag => {
            let tags = sources.iter().flat_map(|source| &source.tags);
            ("tag", tags.map(|tag| tag.to_lowercase()).collect())
        }
        Property::Kind => ("kind", SourceKind::words().into_iter().map(str::to_owned).collect()),
        Property::Country => return values.iter().try_for_each(|value| country(value, spanned).map(|_| ())),
        Property::Language => return values.iter().try_for_each(|value| check_language(value, spanned)),
    };
    if context.sources.is_none() && property != Property::Kind {
        return Ok(());
    }
    let Some(wrong) = values.iter().find(|value| !known.contains(*value)) else {
        return Ok(());
    };
    let error = QueryError::new(spanned.span.clone(), format!("there is no {what} `{wrong}`"));
    Err(match nearest(wrong, known.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if property == Property::Kind => error.help(format!("kinds are {}", known.into_iter().collect::<Vec<_>>().join(", "))),
        None => error.help(format!(
            "no source of feeds.toml has it; `griot list sources` shows each with its {what}"
        )),
    })
}

/// Returns the country of an ISO 3166-1 code.
pub(super) fn country(value: &str, spanned: &SpannedToken) -> Result<Country, QueryError> {
    let known = Country::new(value).filter(|country| places::is_known(*country));
    known.ok_or_else(|| {
        let error = QueryError::new(spanned.span.clone(), format!("there is no country `{value}`"));
        match places::country_by_name(value) {
            Some(country) => error.help(format!("did you mean `{country}`?")),
            None => error.help("write its ISO 3166-1 code of two letters, such as ML"),
        }
    })
}

/// Returns the country or region of an ISO 3166 code.
pub(super) fn area(value: &str, spanned: &SpannedToken) -> Result<Area, QueryError> {
    let Some(region) = AdminRegion::new(value) else {
        return country(value, spanned).map(Area::Country);
    };
    if admin_table::is_known(region) {
        return Ok(Area::Region(region));
    }
    let error = QueryError::new(spanned.span.clone(), format!("there is no region `{region}`"));
    let known: Vec<String> = admin_table::regions_of(region.country()).iter().map(ToString::to_string).collect();
    Err(if known.is_empty() {
        error.help("regions of Mali, Burkina Faso, Niger, Chad and Mauritania are known")
    } else {
        error.help(format!("regions are {}", known.join(", ")))
    })
}

fn check_language(value: &str, spanned: &SpannedToken) -> Result<(), QueryError> {
    let primary = value.split(['-', '_']).next().unwrap_or_default();
    if matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(());
    }
    let error = QueryError::new(spanned.span.clone(), format!("there is no language `{value}`"));
    let meant = LANGUAGE_NAMES.iter().find(|(name, _)| *name == value).map(|(_, tag)| *tag);
    let near = meant.or_else(|| {
        let near = nearest(value, LANGUAGE_NAMES.iter().map(|(name, _)| *name))?;
        LANGUAGE_NAMES.iter().find(|(name, _)| *name == near).map(|(_, tag)| *tag)
    });
    Err(match near {
        Some(tag) => error.help(format!("did you mean `{tag}`?")),
        None => error.help("write its tag of two or three letters, such as fr"),
    })
}

/// Returns the genre of a word.
pub(super) fn genre(value: &str, spanned: &SpannedToken) -> Result<Genre, QueryError> {
    Genre::parse(value).ok_or_else(|| {
        let words = Genre::ALL.map(Genre::as_str);
        let error = QueryError::new(spanned.span.clone(), format!("there is no mark `{value}`"));
        match nearest(value, words.into_iter()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("marks are {}", words.join(", "))),
        }
    })
}

/// Parses `2026-08-01`, `2026-08`, `2026`, `2026-07-01..2026-08-31`, `>=2026-08-01` and `<2026-09-01`.
pub(super) fn date_range(spanned: &SpannedToken) -> Result<DateRange, QueryError> {
    let (Token::Word(text) | Token::Exact(text) | Token::Quoted(text, _)) = &spanned.token else {
        return Err(wrong_date(spanned));
    };
    let span = |text: &str| day_span(text).ok_or_else(|| wrong_date(spanned));
    let range = |from, until| DateRange { from, until };
    Ok(if let Some(day) = text.strip_prefix(">=") {
        range(Some(span(day)?.0), None)
    } else if let Some(day) = text.strip_prefix('>') {
        range(Some(span(day)?.1), None)
    } else if let Some(day) = text.strip_prefix("<=") {
        range(None, Some(span(day)?.1))
    } else if let Some(day) = text.strip_prefix('<') {
        range(None, Some(span(day)?.0))
    } else if let Some((from, until)) = text.split_once("..").or_else(|| text.split_once('/')) {
        let from = if from.is_empty() { None } else { Some(span(from)?.0) };
        let until = if until.is_empty() { None } else { Some(span(until)?.1) };
        range(from, until)
    } else {
        let (from, until) = span(text)?;
        range(Some(from), Some(until))
    })
}

fn wrong_date(spanned: &SpannedToken) -> QueryError {
    let error = QueryError::new(spanned.span.clone(), "this is no date");
    error.help("write date:2026-08-01, date:2026-07-01..2026-08-31 or date:>=2026-08-01 (UTC); the topic's `keep` limits the age")
}

/// Returns the first second of a year, month or day, and the first behind it, in UTC.
pub(super) fn day_span(text: &str) -> Option<(Timestamp, Timestamp)> {
    let numbers: Vec<u32> = text.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let time = |year: u32, month: u32, day: u32| Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z")).ok();
    let after = |year: u32, month: u32| {
        if month == 12 {
            time(year + 1, 1, 1)
        } else {
            time(year, month + 1, 1)
        }
    };
    match *numbers.as_slice() {
        [year] => Some((time(year, 1, 1)?, time(year + 1, 1, 1)?)),
        [year, month @ 1..=12] => Some((time(year, month, 1)?, after(year, month)?)),
        [year, month, day] => {
            let from = time(year, month, day)?;
            Some((from, from + std::time::Duration::from_hours(24)))
        }
        _ => None,
    }
}

/// Parses `2`, `>=2`, `>2`, `<=2` and `<2`.
pub(super) fn source_count(spanned: &SpannedToken) -> Result<(Comparison, usize), QueryError> {
    let wrong = || QueryError::new(spanned.span.clone(), "a number of sources is missing here").help("write sources:>=2");
    let (Token::Word(text) | Token::Exact(text)) = &spanned.token else {
        return Err(wrong());
    };
    let number = |digits: &str| digits.trim().parse::<usize>().map_err(|_| wrong());
    Ok(if let Some(rest) = text.strip_prefix(">=") {
        (Comparison::AtLeast, number(rest)?)
    } else if let Some(rest) = text.strip_prefix('>') {
        (Comparison::AtLeast, number(rest)?.saturating_add(1))
    } else if let Some(rest) = text.strip_prefix("<=") {
        (Comparison::AtMost, number(rest)?)
    } else if let Some(rest) = text.strip_prefix('<') {
        (Comparison::AtMost, number(rest)?.saturating_sub(1))
    } else {
        (Comparison::Equal, number(text)?)
    })
}
