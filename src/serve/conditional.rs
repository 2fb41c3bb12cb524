//! Conditional requests and ranges (RFC 9110, sections 13 and 14): what a request wants of a document, decided from its headers. Pure.

use axum::http::header::{self, HeaderMap, HeaderName};
use std::ops::Range;
use std::time::{Duration, SystemTime};

/// The validators of the representation that would be sent.
#[derive(Debug, Clone, Copy)]
pub struct Validators<'a> {
    /// The strong `ETag`, with its quotes.
    pub etag: &'a str,
    /// The time of the last change; none when it is not known.
    pub modified: Option<SystemTime>,
}

/// What a request gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The whole representation: 200.
    Whole,
    /// These bytes of it: 206.
    Part(Range<usize>),
    /// The client has it: 304.
    NotModified,
    /// A condition of the request does not hold: 412.
    PreconditionFailed,
    /// The range lies behind the end: 416.
    NotSatisfiable,
}

/// Decides in the order of RFC 9110, section 13.2.2. `length` is that of the representation, in bytes; ranges hold for GET only (14.2).
#[must_use]
pub fn judge(headers: &HeaderMap, is_get: bool, validators: Validators<'_>, length: usize) -> Verdict {
    let modified = validators.modified.map(whole_seconds);
    if headers.contains_key(header::IF_MATCH) {
        if !lists_tag(headers, &header::IF_MATCH, validators.etag, Comparison::Strong) {
            return Verdict::PreconditionFailed;
        }
    } else if let (Some(until), Some(modified)) = (date(headers, &header::IF_UNMODIFIED_SINCE), modified)
        && modified > until
    {
        return Verdict::PreconditionFailed;
    }
    if headers.contains_key(header::IF_NONE_MATCH) {
        if lists_tag(headers, &header::IF_NONE_MATCH, validators.etag, Comparison::Weak) {
            return Verdict::NotModified;
        }
    } else if let (Some(since), Some(modified)) = (date(headers, &header::IF_MODIFIED_SINCE), modified)
        && modified <= since
    {
        return Verdict::NotModified;
    }
    if !is_get || !allows_range(headers, validators.etag, modified) {
        return Verdict::Whole;
    }
    let mut ranges = headers.get_all(header::RANGE).iter();
    match (ranges.next().and_then(|value| value.to_str().ok()), ranges.next()) {
        (Some(range), None) => single_range(range, length),
        _ => Verdict::Whole,
    }
}

/// Returns the time without its fraction of a second, which no HTTP date has.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

/// Returns the date of a header; none when it is no HTTP date, which has to be ignored (RFC 9110, 13.1.3).
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    let text = headers.get(name)?.to_str().ok()?;
    httpdate::parse_http_date(text.trim()).ok()
}

/// How entity tags are compared (RFC 9110, 8.8.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// A weak tag matches nothing.
    Strong,
    /// Only the opaque parts count.
    Weak,
}

/// Returns whether the header, which may stand several times, is `*` or lists the tag.
fn lists_tag(headers: &HeaderMap, name: &HeaderName, etag: &str, comparison: Comparison) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.into_iter().any(|value| {
        let mut rest = value.trim();
        if rest == "*" {
            return true;
        }
        while let Some((is_weak, tag, behind)) = next_tag(rest) {
            if tag == etag && !(is_weak && comparison == Comparison::Strong) {
                return true;
            }
            rest = behind;
        }
        false
    })
}

/// Returns the first entity tag of a list: whether it is weak, the tag with its quotes, and what follows. A comma may stand within a tag.
fn next_tag(list: &str) -> Option<(bool, &str, &str)> {
    let list = list.trim_start_matches([',', ' ', '\t']);
    let (is_weak, quoted) = match list.strip_prefix("W/") {
        Some(quoted) => (true, quoted),
        None => (false, list),
    };
    let inside = quoted.strip_prefix('"')?;
    let end = inside.find('"')? + 2;
    Some((is_weak, &quoted[..end], &quoted[end..]))
}

/// Returns whether `If-Range` lets the range be used: it is missing, or names exactly this version (RFC 9110, 13.1.5).
fn allows_range(headers: &HeaderMap, etag: &str, modified: Option<SystemTime>) -> bool {
    let Some(value) = headers.get(header::IF_RANGE) else { return true };
    let Ok(value) = value.to_str() else { return false };
    let value = value.trim();
    if value.starts_with('"') || value.starts_with("W/") {
        return value == etag;
    }
    httpdate::parse_http_date(value).is_ok_and(|date| Some(date) == modified)
}

/// Reads `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-LAST_BYTES`. What is no such range, or several, is ignored, as RFC 9110 (14.2) allows.
fn single_range(value: &str, length: usize) -> Verdict {
    let Some((unit, set)) = value.split_once('=') else {
        return Verdict::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Verdict::Whole;
    }
    let Some((first, last)) = set.trim().split_once('-') else {
        return Verdict::Whole;
    };
    let (Ok(first), Ok(last)) = (position(first), position(last)) else {
        return Verdict::Whole;
    };
    let range = match (first, last) {
        (None, None) => return Verdict::Whole,
        (None, Some(count)) => length.saturating_sub(count)..length,
        (Some(first), None) => first..length,
        (Some(first), Some(last)) if last < first => return Verdict::Whole,
        (Some(first), Some(last)) => first..length.min(last.saturating_add(1)),
    };
    if range.start < range.end {
        Verdict::Part(range)
    } else {
        Verdict::NotSatisfiable
    }
}

/// What stands in a range and is no number.
struct NoNumber;

/// Returns a position of a range: none where nothing is written; of a number that is too large, the largest.
fn position(text: &str) -> Result<Option<usize>, NoNumber> {
    let text = text.trim();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoNumber);
    }
    Ok((!text.is_empty()).then(|| text.parse().unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const ETAG: &str = "\"abc,d\"";
    const MODIFIED: &str = "Tue, 05 Dec 2023 11:00:01 GMT";

    fn judged(lines: &[(&'static str, &str)]) -> Verdict {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).expect("a value"));
        }
        let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(1_701_774_001_700);
        let validators = Validators {
            etag: ETAG,
            modified: Some(modified),
        };
        judge(&headers, true, validators, 1000)
    }

    #[test]
    fn a_matching_tag_is_not_modified() {
        for tag in [
            ETAG,
            "W/\"abc,d\"",
            "*",
            "\"other\", \"abc,d\"",
            "\"x\",W/\"abc,d\" , \"y\"",
            " \"abc,d\" ",
        ] {
            assert_eq!(judged(&[("if-none-match", tag)]), Verdict::NotModified, "{tag}");
        }
        assert_eq!(
            judged(&[("if-none-match", "\"other\""), ("if-none-match", ETAG)]),
            Verdict::NotModified
        );
        for tag in ["\"other\"", "abc,d", "\"abc", "\"d\"", "", "\"*\"", "\"abc,d", "w/\"abc,d\""] {
            assert_eq!(judged(&[("if-none-match", tag)]), Verdict::Whole, "{tag}");
        }
    }

    #[test]
    fn dates_count_in_whole_seconds_and_what_is_no_date_is_ignored() {
        assert_eq!(judged(&[("if-modified-since", MODIFIED)]), Verdict::NotModified);
        assert_eq!(
            judged(&[("if-modified-since", "Tuesday, 05-Dec-23 11:00:01 GMT")]),
            Verdict::NotModified
        );
        assert_eq!(judged(&[("if-modified-since", "Tue Dec  5 11:00:01 2023")]), Verdict::NotModified);
        assert_eq!(judged(&[("if-modified-since", "Tue, 05 Dec 2023 11:00:00 GMT")]), Verdict::Whole);
        for text in ["2023-12-06", "tomorrow", "1799999999"] {
            assert_eq!(judged(&[("if-modified-since", text)]), Verdict::Whole, "{text}");
        }
    }

    #[test]
    fn tags_come_before_dates() {
        assert_eq!(
            judged(&[("if-none-match", "\"other\""), ("if-modified-since", MODIFIED)]),
            Verdict::Whole
        );
        let old = "Mon, 04 Dec 2023 11:00:01 GMT";
        assert_eq!(judged(&[("if-match", ETAG), ("if-unmodified-since", old)]), Verdict::Whole);
        assert_eq!(judged(&[("if-unmodified-since", old)]), Verdict::PreconditionFailed);
        assert_eq!(judged(&[("if-unmodified-since", MODIFIED)]), Verdict::Whole);
    }

    #[test]
    fn if_match_compares_strongly() {
        assert_eq!(judged(&[("if-match", "*")]), Verdict::Whole);
        assert_eq!(judged(&[("if-match", "\"x\", \"abc,d\"")]), Verdict::Whole);
        assert_eq!(judged(&[("if-match", "W/\"abc,d\"")]), Verdict::PreconditionFailed);
        assert_eq!(judged(&[("if-match", "\"x\"")]), Verdict::PreconditionFailed);
    }

    #[test]
    fn a_single_range_is_cut_and_others_are_ignored() {
        for (range, verdict) in [
            ("bytes=0-0", Verdict::Part(0..1)),
            ("bytes=10-19", Verdict::Part(10..20)),
            ("Bytes = 990-", Verdict::Part(990..1000)),
            ("bytes=990-4000", Verdict::Part(990..1000)),
            ("bytes=-5", Verdict::Part(995..1000)),
            ("bytes=-5000", Verdict::Part(0..1000)),
            ("bytes=0-99999999999999999999999", Verdict::Part(0..1000)),
            ("bytes=1000-", Verdict::NotSatisfiable),
            ("bytes=-0", Verdict::NotSatisfiable),
            ("bytes=99999999999999999999999-", Verdict::NotSatisfiable),
            ("bytes=5-4", Verdict::Whole),
            ("bytes=-", Verdict::Whole),
            ("bytes=a-b", Verdict::Whole),
            ("bytes=+1-2", Verdict::Whole),
            ("bytes=0-1,5-6", Verdict::Whole),
            ("items=0-1", Verdict::Whole),
            ("bytes", Verdict::Whole),
        ] {
            assert_eq!(judged(&[("range", range)]), verdict, "{range}");
        }
        assert_eq!(judged(&[("range", "bytes=0-1"), ("range", "bytes=3-4")]), Verdict::Whole);
    }

    #[test]
    fn a_range_of_another_version_is_the_whole() {
        let range = ("range", "bytes=0-1");
        for same in [ETAG, MODIFIED] {
            assert_eq!(judged(&[range, ("if-range", same)]), Verdict::Part(0..2), "{same}");
        }
        for other in ["\"x\"", "W/\"abc,d\"", "Tue, 05 Dec 2023 11:00:02 GMT", "soon"] {
            assert_eq!(judged(&[range, ("if-range", other)]), Verdict::Whole, "{other}");
        }
        assert_eq!(judged(&[range, ("if-none-match", ETAG)]), Verdict::NotModified);
    }

    #[test]
    fn ranges_hold_for_get_only() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        let validators = Validators {
            etag: ETAG,
            modified: None,
        };
        assert_eq!(judge(&headers, false, validators, 10), Verdict::Whole);
        assert_eq!(judge(&headers, true, validators, 10), Verdict::Part(0..2));
    }
}
