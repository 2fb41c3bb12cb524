//! Issuer and end of validity of a certificate, to be shown. They are not trusted: rustls verifies certificates.
//!
//! No more of X.509 (RFC 5280, section 4.1) is parsed than these two need.

use crate::model::Timestamp;

/// What is shown of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The issuer's name: its common name, else its organisation.
    pub issuer: String,
    /// The last moment at which it is valid.
    pub not_after: Timestamp,
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// 2.5.4.3 and 2.5.4.10 (X.520).
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];

impl Certificate {
    /// Parses a certificate in DER; none when that fails.
    pub(super) fn from_der(der: &[u8]) -> Option<Self> {
        let (certificate, _) = expect(SEQUENCE, der)?;
        let (mut rest, _) = expect(SEQUENCE, certificate)?;
        if let Some((_, after)) = expect(VERSION, rest) {
            rest = after;
        }
        let (_serial, _, rest) = element(rest)?;
        let (_algorithm, rest) = (SEQUENCE, expect(SEQUENCE, rest)?.1);
        let (issuer, rest) = expect(SEQUENCE, rest)?;
        let (validity, _) = expect(SEQUENCE, rest)?;
        let (_, _, until) = element(validity)?;
        let (kind, time, _) = element(until)?;
        Some(Self {
            issuer: display_name(issuer),
            not_after: parse_time(kind, time)?,
        })
    }
}

/// Returns the tag and content of the first element, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest
            .split_at_checked(usize::from(first & 0x7f))
            .filter(|(digits, _)| digits.len() <= 3)?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

/// Returns the content of the first element if it has the tag `expected`, and what follows it.
fn expect(expected: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (tag, content, after) = element(der)?;
    (tag == expected).then_some((content, after))
}

/// Returns the common name of a distinguished name, else its organisation, else nothing.
fn display_name(mut rest: &[u8]) -> String {
    let mut organisation = String::new();
    while let Some((set, after)) = expect(SET, rest) {
        rest = after;
        let Some((kind, value)) = expect(SEQUENCE, set).and_then(|(pair, _)| expect(OID, pair)) else {
            continue;
        };
        let text = || element(value).map(|(_, text, _)| String::from_utf8_lossy(text).into_owned());
        if kind == COMMON_NAME {
            return text().unwrap_or_default();
        } else if kind == ORGANISATION {
            organisation = text().unwrap_or_default();
        }
    }
    organisation
}

/// Reads `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` (RFC 5280, 4.1.2.5).
fn parse_time(kind: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let (year, at) = match kind {
        UTC_TIME => (number(0..2).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?, 2),
        GENERALIZED_TIME => (number(0..4)?, 4),
        _ => return None,
    };
    let part = |index: usize| number(at + 2 * index..at + 2 * index + 2);
    Timestamp::from_civil(i32::try_from(year).ok()?, part(0)?, part(1)?, part(2)?, part(3)?, part(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(vec!["aube.example.org".to_owned()]).expect("a name");
        params.distinguished_name.push(rcgen::DnType::OrganizationName, "The desk");
        params.distinguished_name.push(rcgen::DnType::CommonName, "Desk Root");
        params.not_after = rcgen::date_time_ymd(2031, 2, 3);
        let key = rcgen::KeyPair::generate().expect("a key");
        params.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[test]
    fn issuer_and_end_are_parsed() {
        let read = Certificate::from_der(&certificate()).expect("a certificate");
        assert_eq!(read.issuer, "Desk Root");
        assert_eq!(read.not_after.rfc3339(), "2031-02-03T00:00:00Z");
        assert_eq!(
            parse_time(GENERALIZED_TIME, b"20510101000000Z").map(Timestamp::rfc3339).as_deref(),
            Some("2051-01-01T00:00:00Z")
        );
        assert_eq!(parse_time(UTC_TIME, b"soon"), None);
    }

    #[test]
    fn a_damaged_certificate_causes_no_panic() {
        let whole = certificate();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            let _ = Certificate::from_der(&damaged);
            assert!(at > 200 || Certificate::from_der(&whole[..at]).is_none(), "cut at {at}");
        }
    }
}
