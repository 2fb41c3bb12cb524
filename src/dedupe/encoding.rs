//! What the store keeps as bytes: the fingerprint of an entry, and what an outlet repeats.
//!
//! Both begin with a version, which changes with the encoding and with whatever the hashes are made of: bytes of another version are not read, and
//! the caller computes anew. Numbers are little endian; lists are sorted, so that equal values have equal bytes on every machine.

use super::boilerplate::{Gram, MAX_ENTRY_GRAMS, MAX_GRAMS, MAX_RECENT, OutletMemory};
use super::copy_text::{CopyText, MAX_LEAD, MAX_SHINGLES, MAX_TITLE_WORDS};
use super::fingerprint::Fingerprint;
use super::story_features::{MAX_TERMS, MAX_VALUES, Number, StoryFeatures, Term};
use crate::model::prehashed_map::PrehashedMap;
use crate::model::{Country, Timestamp};

/// The version of fingerprints.
const FINGERPRINT_VERSION: u8 = 3;
/// The version of the features in them.
const FEATURES_VERSION: u8 = 1;
/// The version of what an outlet repeats.
const MEMORY_VERSION: u8 = 1;
/// The count of a term shares a byte with its flags while it is smaller; otherwise a byte of its own follows.
const LONG_COUNT: u8 = 31;

impl Fingerprint {
    /// Returns the fingerprint as bytes for the store: about 2 kB for an entry of 300 words.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![FINGERPRINT_VERSION, flags([self.copy.is_complete])];
        put_number(&mut out, u64::from(self.copy.chars));
        for hashes in [&self.copy.shingles, &self.copy.lead, &self.copy.title_words] {
            put_length(&mut out, hashes.len());
            for hash in hashes {
                out.extend(hash.to_le_bytes());
            }
        }
        out.extend(self.story.to_bytes());
        out
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` when another version wrote it or it is damaged.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        if input.byte()? != FINGERPRINT_VERSION {
            return None;
        }
        let [is_complete] = input.flags()?;
        let chars = input.small_number()?;
        let mut hashes = |max| {
            let length = input.length(max)?;
            let hashes = (0..length).map(|_| input.hash()).collect::<Option<Vec<u32>>>()?;
            Some(hashes).filter(|hashes| is_ascending(hashes, |hash| *hash))
        };
        let (shingles, lead, title_words) = (hashes(MAX_SHINGLES)?, hashes(MAX_LEAD)?, hashes(MAX_TITLE_WORDS)?);
        let copy = CopyText {
            shingles,
            lead,
            title_words,
            chars,
            is_complete,
        };
        let read = Self {
            copy,
            story: StoryFeatures::from_bytes(input.0)?,
        };
        // A number can be written in more than one way.
        (read.to_bytes() == bytes).then_some(read)
    }
}

impl StoryFeatures {
    /// Returns the features as bytes for the store: about 1 kB for an entry of 110 words. Of a longer list than [`StoryFeatures::new`] makes only the
    /// first values are written.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_024);
        out.extend([FEATURES_VERSION, flags([self.is_series, self.is_bare])]);
        out.extend(self.title.to_le_bytes());
        // The stems stand with the names that they belong to.
        let mut stems = self.name_stems.iter();
        put_list(&mut out, &self.terms, MAX_TERMS, |out, term| {
            let count = term.count.min(LONG_COUNT);
            out.push(count << 3 | flags([term.in_title, term.in_lead, term.is_name]));
            if count == LONG_COUNT {
                out.push(term.count);
            }
            out.extend(term.hash.to_le_bytes());
            if term.is_name {
                out.extend(stems.next().copied().unwrap_or_default().to_le_bytes());
            }
        });
        put_list(&mut out, &self.numbers, MAX_VALUES, |out, number| {
            out.push(flags([number.in_title, number.is_small]));
            out.extend(number.hash.to_le_bytes());
        });
        put_list(&mut out, &self.title_words, MAX_VALUES, |out, (word, is_special)| {
            out.push(flags([*is_special]));
            out.extend(word.to_le_bytes());
        });
        for hashes in [&self.skeletons, &self.places, &self.title_places] {
            put_list(&mut out, hashes, MAX_VALUES, |out, hash| out.extend(hash.to_le_bytes()));
        }
        for days in [&self.days, &self.title_days] {
            put_list(&mut out, days, MAX_VALUES, |out, day| out.extend(day.to_le_bytes()));
        }
        for countries in [&self.countries, &self.title_countries] {
            put_list(&mut out, countries, MAX_VALUES, |out, country| {
                out.extend(country.as_str().bytes());
            });
        }
        out
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` when another version wrote it or it is damaged.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        if input.byte()? != FEATURES_VERSION {
            return None;
        }
        let [is_series, is_bare] = input.flags()?;
        let title = input.hash()?;
        let mut name_stems = Vec::new();
        let terms = input.list(MAX_TERMS, |input| {
            let head = input.byte()?;
            let count = match head >> 3 {
                LONG_COUNT => input.byte().filter(|count| *count >= LONG_COUNT)?,
                count => count,
            };
            let [in_title, in_lead, is_name] = [head & 1 != 0, head & 2 != 0, head & 4 != 0];
            let hash = input.hash()?;
            if is_name {
                name_stems.push(input.hash()?);
            }
            Some(Term {
                hash,
                count,
                in_title,
                in_lead,
                is_name,
            })
        })?;
        let numbers = input.list(MAX_VALUES, |input| {
            let [in_title, is_small] = input.flags()?;
            let hash = input.hash()?;
            Some(Number { hash, in_title, is_small })
        })?;
        let title_words = input.list(MAX_VALUES, |input| {
            let [is_special] = input.flags()?;
            Some((input.hash()?, is_special))
        })?;
        let read = Self {
            skeletons: input.sorted(Input::hash)?,
            places: input.sorted(Input::hash)?,
            title_places: input.sorted(Input::hash)?,
            days: input.sorted(Input::day)?,
            title_days: input.sorted(Input::day)?,
            countries: input.sorted(Input::country)?,
            title_countries: input.sorted(Input::country)?,
            terms,
            name_stems,
            numbers,
            title_words,
            title,
            is_series,
            is_bare,
        };
        // The comparisons rely on the order.
        let sound = input.0.is_empty()
            && is_ascending(&read.terms, |term| term.hash)
            && is_ascending(&read.numbers, |number| number.hash)
            && is_ascending(&read.title_words, |(word, _)| *word);
        sound.then_some(read)
    }
}

impl OutletMemory {
    /// Returns what is remembered of the outlet as bytes for the store: about 18 kB for thirty recent entries of 150 words, and up to 12 bytes for each
    /// sequence that has recurred.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![MEMORY_VERSION];
        put_number(&mut out, u64::from(self.taught));
        let firsts = self.grams.values().map(|gram| gram.first);
        let base = firsts.chain(self.recent.iter().map(|(date, _)| *date)).min().unwrap_or_default();
        out.extend(base.unix().to_le_bytes());
        put_length(&mut out, self.recent.len());
        for (date, grams) in &self.recent {
            put_number(&mut out, date.since(base).as_secs());
            put_length(&mut out, grams.len());
            let mut before = 0;
            for gram in grams {
                put_number(&mut out, u64::from(*gram - before));
                before = *gram;
            }
        }
        let mut grams: Vec<(u32, Gram)> = self.grams.iter().map(|(gram, known)| (*gram, *known)).collect();
        grams.sort_unstable_by_key(|(gram, _)| *gram);
        put_length(&mut out, grams.len());
        let mut before = 0;
        for (gram, known) in grams {
            put_number(&mut out, u64::from(gram - before));
            before = gram;
            put_number(&mut out, u64::from(known.entries));
            put_number(&mut out, known.first.since(base).as_secs());
            put_number(&mut out, known.last.since(known.first).as_secs());
        }
        out
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` when another version wrote it or it is damaged.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        if input.byte()? != MEMORY_VERSION {
            return None;
        }
        let mut read = Self::default();
        read.taught = input.small_number()?;
        let (base, rest) = input.0.split_first_chunk()?;
        input.0 = rest;
        let base = i64::from_le_bytes(*base);
        for _ in 0..input.length(MAX_RECENT)? {
            let date = input.seconds_after(base)?;
            let mut grams = Vec::new();
            let mut gram: u32 = 0;
            for _ in 0..input.length(MAX_ENTRY_GRAMS)? {
                gram = gram.checked_add(input.small_number()?)?;
                grams.push(gram);
            }
            read.remember(date, grams);
        }
        let mut grams = PrehashedMap::default();
        let mut gram: u32 = 0;
        for _ in 0..input.length(MAX_GRAMS)? {
            gram = gram.checked_add(input.small_number()?)?;
            let entries = input.small_number()?;
            let first = input.seconds_after(base)?;
            let last = input.seconds_after(first.unix())?;
            grams.insert(gram, Gram { entries, first, last });
        }
        read.grams = grams;
        // One memory has one encoding: what would be written otherwise is damaged (a repeated sequence, a time that no clock shows).
        (read.to_bytes() == bytes).then_some(read)
    }
}

/// Returns flags as bits, the first the lowest.
fn flags<const N: usize>(flags: [bool; N]) -> u8 {
    flags.iter().rev().fold(0, |bits, flag| bits << 1 | u8::from(*flag))
}

/// Writes the length of a list, at most `max` values and 255, and its values.
fn put_list<T>(out: &mut Vec<u8>, list: &[T], max: usize, mut put: impl FnMut(&mut Vec<u8>, &T)) {
    let length = u8::try_from(list.len().min(max)).unwrap_or(u8::MAX);
    out.push(length);
    for value in list.iter().take(usize::from(length)) {
        put(out, value);
    }
}

/// Writes a number in groups of seven bits, the lowest first (LEB128).
fn put_number(out: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap_or_default();
        rest >>= 7;
        out.push(if rest == 0 { low } else { low | 0x80 });
        if rest == 0 {
            return;
        }
    }
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    put_number(out, u64::try_from(length).unwrap_or_default());
}

fn is_ascending<T, K: Ord>(list: &[T], key: impl Fn(&T) -> K) -> bool {
    list.windows(2).all(|pair| key(&pair[0]) < key(&pair[1]))
}

/// The bytes that are not read yet.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn hash(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn day(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_le_bytes)
    }

    fn country(&mut self) -> Option<Country> {
        let code = self.bytes::<2>()?;
        code.iter().all(u8::is_ascii_uppercase).then(|| Country::of(code))
    }

    /// Reads flags; `None` when other bits are set.
    fn flags<const N: usize>(&mut self) -> Option<[bool; N]> {
        let bits = self.byte()?;
        (u32::from(bits) >> N == 0).then(|| std::array::from_fn(|at| bits >> at & 1 == 1))
    }

    fn list<T>(&mut self, max: usize, mut value: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = usize::from(self.byte()?);
        if length > max {
            return None;
        }
        (0..length).map(|_| value(self)).collect()
    }

    /// Reads a list that has each value once, in order.
    fn sorted<T: Ord + Copy>(&mut self, value: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.list(MAX_VALUES, value).filter(|list| is_ascending(list, |value| *value))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn small_number(&mut self) -> Option<u32> {
        self.number().and_then(|number| u32::try_from(number).ok())
    }

    fn length(&mut self, max: usize) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|length| *length <= max)
    }

    fn seconds_after(&mut self, base: i64) -> Option<Timestamp> {
        let seconds = i64::try_from(self.number()?).ok()?;
        base.checked_add(seconds).map(Timestamp::from_unix)
    }
}
