//! The formats of values that more than one table uses: which kind of value each takes, and how it is read.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of `Section<'a>` is not general over `'a`, as the function pointer of a format must be"
)]

use super::choices::{Choice, words};
use super::keys::ValueKind;
use super::problem::Placed;
use super::secret::Secret;
use super::section::Format;
use super::table::Table;
use super::values::{self, Flaw};
use std::time::Duration;
use url::Url;

/// A text; an empty one counts as not given.
pub(super) const TEXT: Format<String> = Format::new(ValueKind::Text, |section, key| section.text(key));

/// A text with its place; an empty one is a mistake.
pub(super) const PLACED_TEXT: Format<Placed> = Format::new(ValueKind::Text, |section, key| section.placed(key));

/// A list of texts with their places; an empty text is a mistake.
pub(super) const PLACED_TEXTS: Format<Vec<Placed>> = Format::new(ValueKind::Texts, |section, key| Some(section.placed_list(key)));

/// A list of texts; an empty text is a mistake.
pub(super) const TEXTS: Format<Vec<String>> = Format::new(ValueKind::Texts, |section, key| {
    let texts = section.placed_list(key);
    Some(texts.into_iter().map(|placed| placed.text).collect())
});

/// `true` or `false`.
pub(super) const FLAG: Format<bool> = Format::new(ValueKind::Flag, |section, key| section.flag(key));

/// A duration.
pub(super) const DURATION: Format<Duration> = Format::new(ValueKind::Duration, |section, key| section.parsed(key, values::duration));

/// A duration longer than zero.
pub(super) const POSITIVE_DURATION: Format<Duration> = Format::new(ValueKind::Duration, |section, key| {
    section.parsed(key, |text| match values::duration(text)? {
        Duration::ZERO => Err(Flaw::new("must be longer than 0s")),
        duration => Ok(duration),
    })
});

/// An http or https URL.
pub(super) const WEB_URL: Format<Url> = Format::new(ValueKind::Url, |section, key| section.parsed(key, values::web_url));

/// An http or https URL; an empty text counts as not given.
pub(super) const WEB_URL_OR_EMPTY: Format<Url> = Format::new(ValueKind::Url, |section, key| {
    section.parsed(key, |text| values::unless_empty(text, values::web_url)).flatten()
});

/// A list of http or https URLs.
pub(super) const WEB_URLS: Format<Vec<Url>> = Format::new(ValueKind::Urls, |section, key| {
    let urls = section.list(key, values::web_url);
    Some(urls.into_iter().map(|(url, _)| url).collect())
});

/// A BCP 47 language tag.
pub(super) const LANGUAGE: Format<String> = Format::new(ValueKind::Text, |section, key| section.parsed(key, values::language));

/// The name of an IANA time zone.
pub(super) const TIME_ZONE: Format<String> = Format::new(ValueKind::Text, |section, key| section.parsed(key, values::zone));

/// A text for a request header; an empty one counts as not given.
pub(super) const HEADER_VALUE: Format<String> =
    Format::new(ValueKind::Text, |section, key| section.parsed(key, values::header_value).flatten());

/// A value or `env:NAME`.
pub(super) const SECRET: Format<Secret> = Format::new(ValueKind::Secret, |section, key| section.parsed(key, values::secret));

/// A whole number from `least` to `most`, which must be numbers of `T`.
pub(super) const fn whole<T: TryFrom<u64>>(least: u64, most: u64) -> Format<T> {
    Format::new(ValueKind::Whole(least, most), |section, key| {
        section.whole(key).and_then(|number| T::try_from(number).ok())
    })
}

/// A number from `least` to `most`.
pub(super) const fn number(least: f64, most: f64) -> Format<f64> {
    Format::new(ValueKind::Number(least, most), |section, key| section.number(key))
}

/// One word of those of `T`.
pub(super) const fn choice<T: Choice>() -> Format<T> {
    Format::new(ValueKind::Choice(|| words(T::WORDS)), |section, key| section.choice(key, T::WORDS))
}

/// A table within the table.
pub(super) const fn table<T: Table>() -> Format<T> {
    Format::new(ValueKind::Table(T::KEYS), |section, key| section.nested(key, T::read))
}

/// A share in percent, read as a number from 0 to 1.
pub(super) const PERCENT: Format<f64> = Format::new(ValueKind::Percent, |section, key| section.parsed(key, values::percent));
