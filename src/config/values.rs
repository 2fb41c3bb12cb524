//! Parses the texts of feeds.toml: durations, sizes, shares, URLs, networks, languages. Pure functions from a text to a value.

use super::masking::masked_message;
use super::odd_characters::odd_character;
use super::secret::Secret;
use super::suggest::nearest;
use super::synonyms;
use ipnet::IpNet;
use std::time::Duration;
use url::Url;

/// What is wrong with a value, in words that follow the key's name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Flaw {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Splits a number from the unit behind it; `None` when there is no number.
fn number_and_rest(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

/// Reads a duration: whole numbers with the units ms, s, m, h, d, w and y (365 days), such as `90s` or `1h30m`.
pub(super) fn duration(text: &str) -> Result<Duration, Flaw> {
    let flaw = || {
        Flaw::new("is no duration").help("write a whole number and a unit: ms, s, m, h, d, w or y, such as \"30s\", \"1h30m\" or \"14d\"")
    };
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    if rest.is_empty() {
        return Err(flaw());
    }
    while !rest.is_empty() {
        let (number, behind) = number_and_rest(rest).ok_or_else(flaw)?;
        let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        let seconds = match unit {
            "ms" => None,
            "s" => Some(1),
            "m" | "min" => Some(60),
            "h" => Some(3_600),
            "d" => Some(86_400),
            "w" => Some(604_800),
            "y" => Some(31_536_000),
            _ => return Err(flaw()),
        };
        let part = match seconds {
            Some(seconds) => number.checked_mul(seconds).map(Duration::from_secs),
            None => Some(Duration::from_millis(number)),
        };
        sum = part.and_then(|part| sum.checked_add(part)).ok_or_else(flaw)?;
        rest = behind.trim_start();
    }
    // No key needs more than a century, and the bound keeps every later sum of durations from overflowing.
    if sum > Duration::from_hours(100 * 365 * 24) {
        return Err(Flaw::new("must not be longer than 100y"));
    }
    Ok(sum)
}

/// Reads a size in bytes: a whole number and B, kB, MB or GB (powers of 1000), KiB, MiB or GiB (powers of 1024).
pub(super) fn size(text: &str) -> Result<u64, Flaw> {
    let read = || {
        let (number, unit) = number_and_rest(text.trim())?;
        let factor: u64 = match unit.trim_start().to_ascii_lowercase().as_str() {
            "b" => 1,
            "kb" => 1_000,
            "mb" => 1_000_000,
            "gb" => 1_000_000_000,
            "kib" => 1 << 10,
            "mib" => 1 << 20,
            "gib" => 1 << 30,
            _ => return None,
        };
        number.checked_mul(factor)
    };
    match read() {
        Some(0) => Err(Flaw::new("must be more than 0 bytes")),
        Some(size) => Ok(size),
        None => Err(Flaw::new("is no size").help("write a whole number and a unit, such as \"15MB\", \"500kB\" or \"16MiB\"")),
    }
}

/// Reads a share such as `90%` as a number from 0 to 1.
pub(super) fn percent(text: &str) -> Result<f64, Flaw> {
    text.trim()
        .strip_suffix('%')
        .filter(|number| number.starts_with(|c: char| c.is_ascii_digit()))
        .and_then(|number| number.trim_end().parse::<f64>().ok())
        .filter(|number| (0.0..=100.0).contains(number))
        .map(|number| number / 100.0)
        .ok_or_else(|| Flaw::new("is no share").help("write a number from 0 to 100 and a percent sign, such as \"90%\""))
}

/// Reads an http or https URL with a host and without a password.
pub(super) fn web_url(text: &str) -> Result<Url, Flaw> {
    let url = any_url(text, &["https", "http"])?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Flaw::new("must not hold a user or a password")
            .help("put `user:password` into `auth`, or better its name there: auth = \"env:NAME\""));
    }
    Ok(url)
}

/// Reads a URL of one of these schemes, with a host.
pub(super) fn any_url(text: &str, schemes: &[&str]) -> Result<Url, Flaw> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Flaw::new("holds an empty URL"));
    }
    if let Some(name) = odd_character(text) {
        return Err(Flaw::new(format!("is no URL: it holds {name}")));
    }
    if text.contains(' ') {
        return Err(Flaw::new("is no URL: it holds a space").help("delete it, or write %20 where the address has one"));
    }
    let heads: Vec<String> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
    let url = Url::parse(text).map_err(|error| {
        let flaw = match error {
            url::ParseError::RelativeUrlWithoutBase => Flaw::new(format!("is no URL: it does not begin with {}", heads.join(" or "))),
            error => Flaw::new(format!("is no URL: {error}")),
        };
        if text.starts_with('<') && text.ends_with('>') {
            return flaw.help("delete `<` and `>`");
        }
        let whole = heads.first().map(|head| format!("{head}{text}")).filter(|_| !text.contains("://"));
        match whole.and_then(|whole| Url::parse(&whole).ok()) {
            Some(url) if url.host_str().is_some_and(|host| host.contains('.')) => flaw.help(whole_address(&heads[0], &url)),
            _ => flaw,
        }
    })?;
    if !schemes.contains(&url.scheme()) {
        let flaw = Flaw::new(format!("must be a URL of {}, not of {}", schemes.join(" or "), url.scheme()));
        return Err(match url.scheme() {
            "feed" => flaw.help("write https:// at its beginning, in place of feed:"),
            _ => flaw,
        });
    }
    // The parser reads both as browsers do: as an address of another host, or as one that was hardly meant.
    if !text[url.scheme().len()..].starts_with("://") || text[url.scheme().len() + 3..].starts_with('/') {
        return Err(
            Flaw::new("is no URL: its scheme has `://` behind it, with two slashes").help("write https://, and the host at once behind it")
        );
    }
    if schemes.iter().any(|scheme| url.host_str() == Some(scheme)) {
        return Err(Flaw::new("is no URL: its scheme stands there twice").help("delete one of the two"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(Flaw::new("is a URL without a host"));
    }
    Ok(url)
}

/// Returns the advice to write an address as a whole. A query may be a secret, which reports mask.
fn whole_address(head: &str, url: &Url) -> String {
    if masked_message(url.as_str()) == url.as_str() {
        return format!("did you mean `{url}`?");
    }
    format!("write {head} in front of it")
}

/// Reads where `out` is served: a URL without query and fragment, with a trailing slash.
pub(super) fn base_url(text: &str) -> Result<Url, Flaw> {
    let mut url = web_url(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Flaw::new("must not hold a query or a fragment"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Returns `None` for an empty text, for keys that an empty text switches off.
pub(super) fn unless_empty<T>(text: &str, read: impl FnOnce(&str) -> Result<T, Flaw>) -> Result<Option<T>, Flaw> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    read(text).map(Some)
}

/// Reads one of several words.
pub(super) fn choice<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, Flaw> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*value);
    }
    let all: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let flaw = Flaw::new(format!("must be one of {}", all.join(", ")));
    let meant = synonyms::value(text, words.iter().map(|(word, _)| *word));
    Err(
        match meant.or_else(|| Some(nearest(text, words.iter().map(|(word, _)| *word))?.0)) {
            Some(word) => flaw.help(format!("did you mean \"{word}\"?")),
            None => flaw,
        },
    )
}

/// Returns the flaw of a text that is no id, for the reason `error`.
pub(super) fn no_id(text: &str, error: impl std::fmt::Display) -> Flaw {
    let flaw = Flaw::new(format!("is no id: {error}"));
    match synonyms::id(text) {
        Some(word) => flaw.help(format!("did you mean \"{word}\"?")),
        None => flaw,
    }
}

/// Reads a network in CIDR notation (RFC 4632).
pub(super) fn network(text: &str) -> Result<IpNet, Flaw> {
    text.parse().map_err(|_| {
        let flaw = Flaw::new("holds something that is no network");
        match text.parse::<std::net::IpAddr>() {
            Ok(address) => flaw.help(format!("did you mean `{}`?", IpNet::from(address))),
            Err(_) => flaw.help("write it in CIDR notation, such as \"10.0.0.0/8\""),
        }
    })
}

/// Reads an IANA time zone.
pub(super) fn zone(text: &str) -> Result<String, Flaw> {
    if crate::model::time::is_zone(text) {
        return Ok(text.to_owned());
    }
    Err(Flaw::new("is no time zone that we know").help("write a name of the IANA database, such as \"Africa/Bamako\" or \"UTC\""))
}

/// Reads a BCP 47 language tag (RFC 5646, 2.1) by its form; the language itself comes back in lower case, as queries compare it.
pub(super) fn language(text: &str) -> Result<String, Flaw> {
    let (primary, rest) = text.split_once('-').unwrap_or((text, ""));
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let well_formed = (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && (primary.len() == text.len() || rest.split('-').all(is_part));
    if !well_formed {
        if let Some(word) = synonyms::language(text) {
            return Err(Flaw::new("is no language tag").help(format!("did you mean \"{word}\"?")));
        }
        let help = "write a BCP 47 tag, such as \"fr\", \"ar\", \"ha\" or \"fr-ML\"";
        return Err(Flaw::new("is no language tag").help(help));
    }
    Ok(primary.to_ascii_lowercase() + text.get(primary.len()..).unwrap_or_default())
}

/// ISO 3166-1 alpha-2, and XK, which is in wide use for Kosovo.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF \
    CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ \
    GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV \
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR \
    PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ \
    UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Reads an ISO 3166-1 alpha-2 country code.
pub(super) fn country(text: &str) -> Result<String, Flaw> {
    let known = |code: &str| code.len() == 2 && COUNTRIES.split(' ').any(|known| known == code);
    if known(text) {
        return Ok(text.to_owned());
    }
    let flaw = Flaw::new("is no country code");
    let upper = text.trim().to_uppercase();
    let meant = synonyms::country(text).or_else(|| known(&upper).then_some(upper.as_str()));
    Err(match meant {
        Some(word) => flaw.help(format!("did you mean \"{word}\"?")),
        None => flaw.help("write two letters of ISO 3166-1, such as \"ML\", or leave the key out for an international source"),
    })
}

/// Reads a charset label; `None` for `auto`.
pub(super) fn charset(text: &str) -> Result<Option<String>, Flaw> {
    if matches!(text, "" | "auto") {
        return Ok(None);
    }
    if encoding_rs::Encoding::for_label(text.as_bytes()).is_none() {
        let help = "write \"auto\" or a label of the Encoding Standard, such as \"utf-8\", \"windows-1252\" or \"windows-1256\"";
        return Err(Flaw::new("is no charset that we know").help(help));
    }
    Ok(Some(text.to_owned()))
}

/// Reads a value or `env:NAME`; an empty value and an empty name are mistakes.
pub(super) fn secret(text: &str) -> Result<Secret, Flaw> {
    match text.strip_prefix("env:") {
        None if text.is_empty() => Err(Flaw::new("must not be empty").help("leave the key out, or write \"env:NAME\"")),
        None => Ok(Secret::Plain(text.to_owned())),
        Some(name)
            if !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
        {
            Ok(Secret::Env(name.to_owned()))
        }
        Some("") => Err(Flaw::new("names no environment variable").help("write its name behind the colon: \"env:NAME\"")),
        Some(_) => {
            Err(Flaw::new("names no possible environment variable")
                .help("a name is made of letters, digits and `_`, and starts with no digit"))
        }
    }
}

/// Reads a text that goes into a request header (RFC 9110, 5.5); empty counts as not given.
pub(super) fn header_value(text: &str) -> Result<Option<String>, Flaw> {
    if text.bytes().any(|b| !(0x20..0x7f).contains(&b)) {
        return Err(Flaw::new(
            "must be of visible ASCII characters and spaces, since it goes into a request header",
        ));
    }
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// Checks a request header's name (RFC 9110, 5.1) and value.
pub(super) fn header(name: &str, value: &str) -> Result<Secret, Flaw> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b)) {
        return Err(Flaw::new(format!("holds `{name}`, which is no name of a header")));
    }
    // These headers frame the request or address it: a wrong one lets a server read another request than was sent (request smuggling).
    if ["host", "content-length", "transfer-encoding", "connection", "te", "upgrade"].contains(&name.to_ascii_lowercase().as_str()) {
        return Err(Flaw::new(format!("must not set `{name}`: the connection itself does")));
    }
    header_value(value)?;
    secret(value)
}

/// Reads a mail address or an http URL, by its form; empty counts as not given.
pub(super) fn contact(text: &str) -> Result<Option<String>, Flaw> {
    let Some(text) = header_value(text)? else { return Ok(None) };
    let is_mail = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(' '));
    if !is_mail && web_url(&text).is_err() {
        return Err(Flaw::new("must be a mail address or a URL"));
    }
    Ok(Some(text))
}

/// Reads a mail address by its form: a dot-atom and a host in ASCII (RFC 5321, 4.1.2, without quoted strings and address literals).
pub(super) fn mail_address(text: &str) -> Result<String, Flaw> {
    let text = text.trim();
    let is_atom = |part: &str, extra: &[u8]| {
        !part.is_empty()
            && part.split('.').all(|label| !label.is_empty())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || extra.contains(&b))
    };
    let is_address = text.len() <= 254
        && text
            .rsplit_once('@')
            .is_some_and(|(name, host)| name.len() <= 64 && is_atom(name, b"!#$%&'*+-/=?^_`{|}~.") && is_atom(host, b"-."));
    if !is_address {
        return Err(Flaw::new("must be a mail address, such as desk@example.org"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, seconds) in [
            ("0s", 0),
            ("30s", 30),
            ("8m", 480),
            ("1h", 3_600),
            ("1h30m", 5_400),
            ("14d", 1_209_600),
            ("2y", 63_072_000),
            ("1w", 604_800),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(duration("20ms"), Ok(Duration::from_millis(20)));
        for bad in [
            "",
            "1",
            "h",
            "1.5h",
            "-1h",
            "1 hour",
            "99999999999999999999h",
            "101y",
            "18446744073709551615y",
            "1h é",
        ] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_and_shares_are_read() {
        assert_eq!(size("15MB"), Ok(15_000_000));
        assert_eq!(size("500 kB"), Ok(500_000));
        assert_eq!(size("16MiB"), Ok(16 << 20));
        for bad in ["", "15", "MB", "0MB", "-1MB", "15M", "99999999999999GB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
        assert_eq!(percent("90%"), Ok(0.9));
        assert_eq!(percent("0%"), Ok(0.0));
        for bad in ["", "%", "90", "101%", "-1%", "NaN%", "inf%"] {
            assert!(percent(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn urls_are_checked_and_a_base_ends_in_a_slash() {
        assert_eq!(base_url("https://a.example/x").map(String::from), Ok("https://a.example/x/".into()));
        assert!(base_url("https://a.example/?x").is_err());
        assert!(web_url("https://user:word@a.example/").is_err());
        for bad in ["", "a.example/feed", "ftp://a.example/", "https://", "mailto:a@b.example", "/feed"] {
            assert!(web_url(bad).is_err(), "{bad}");
        }
        assert_eq!(
            web_url("lefaso.net/feed").expect_err("no URL").help.as_deref(),
            Some("did you mean `https://lefaso.net/feed`?")
        );
    }

    #[test]
    fn languages_and_countries_are_checked() {
        assert_eq!(language("FR"), Ok("fr".into()));
        assert_eq!(language("fr-ML"), Ok("fr-ML".into()));
        for bad in ["", "f", "french", "fr_ML", "fr-", "fr-toolongtag"] {
            assert!(language(bad).is_err(), "{bad}");
        }
        assert_eq!(COUNTRIES.split(' ').count(), 250);
        assert!(COUNTRIES.split(' ').all(|code| code.len() == 2) && COUNTRIES.split(' ').is_sorted());
        assert_eq!(country("ml").expect_err("lower case").help.as_deref(), Some("did you mean \"ML\"?"));
        for bad in ["", "Mali", "ZZ", "A ", "BF B"] {
            assert!(country(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_name_their_variable() {
        assert_eq!(secret("env:TOKEN"), Ok(Secret::Env("TOKEN".into())));
        assert_eq!(secret("word"), Ok(Secret::Plain("word".into())));
        for bad in ["", "env:", "env:A B", "env:1A", "env:A=B"] {
            assert!(secret(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn headers_cannot_break_out_of_their_line() {
        assert_eq!(header("Cookie", "env:COOKIE"), Ok(Secret::Env("COOKIE".into())));
        for (name, value) in [
            ("Co okie", "a"),
            ("", "a"),
            ("Cookie", "a\r\nHost: b"),
            ("Host", "b"),
            ("Cookie", "é"),
        ] {
            assert!(header(name, value).is_err(), "{name}: {value}");
        }
    }

    #[test]
    fn networks_charsets_and_contacts_are_checked() {
        assert!(network("127.0.0.1/32").is_ok() && network("fd00::/8").is_ok());
        assert_eq!(
            network("127.0.0.1").expect_err("an address").help.as_deref(),
            Some("did you mean `127.0.0.1/32`?")
        );
        assert_eq!(charset("auto"), Ok(None));
        assert_eq!(charset("latin1"), Ok(Some("latin1".into())));
        assert!(charset("klingon").is_err());
        assert!(contact("desk@example.org").is_ok() && contact("https://example.org/").is_ok());
        assert!(contact("the desk").is_err() && contact("@x").is_err());
    }
}
