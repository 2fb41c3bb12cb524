//! Private topics: which one a file belongs to, and whether a request holds its token. The same check for every file of the topic.

use crate::pipeline::served_site::PrivateTopic;
use crate::publish;
use axum::http::header::{self, HeaderMap};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use url::form_urlencoded;

/// Returns the private topic to which the file `name` belongs.
#[must_use]
pub fn private_topic<'a>(topics: &'a [PrivateTopic], name: &str) -> Option<&'a PrivateTopic> {
    topics.iter().find(|topic| publish::is_topic_file(&topic.id, name))
}

/// Returns whether a request holds the token of a topic: as `token` in the query, as a bearer token (RFC 6750), or as the password of Basic
/// authentication (RFC 7617), which feed readers know.
#[must_use]
pub fn is_admitted(topic: &PrivateTopic, query: Option<&str>, headers: &HeaderMap) -> bool {
    given_tokens(query, headers).iter().any(|given| topic.token.admits(given))
}

/// Returns whether a request holds any token, which must be in no log.
#[must_use]
pub fn holds_token(query: Option<&str>, headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || query.is_some_and(|query| pairs(query).any(|(name, _)| name == "token"))
}

fn given_tokens(query: Option<&str>, headers: &HeaderMap) -> Vec<String> {
    let of_query = query.into_iter().flat_map(pairs).filter(|(name, _)| name == "token");
    let mut tokens: Vec<String> = of_query.map(|(_, value)| value.into_owned()).collect();
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((scheme, credentials)) = authorization.and_then(|value| value.trim().split_once(' ')) {
        let credentials = credentials.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            tokens.push(credentials.to_owned());
        } else if scheme.eq_ignore_ascii_case("basic")
            && let Some(decoded) = BASE64.decode(credentials).ok().and_then(|bytes| String::from_utf8(bytes).ok())
            && let Some((_, password)) = decoded.split_once(':')
        {
            tokens.push(password.to_owned());
        }
    }
    tokens
}

fn pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TopicId;
    use crate::pipeline::served_site::Token;
    use axum::http::HeaderValue;

    fn topic() -> PrivateTopic {
        PrivateTopic {
            id: TopicId::new("enquete").expect("an id"),
            token: Token::new("sés ame"),
        }
    }

    #[test]
    fn every_file_of_a_private_topic_needs_its_token() {
        let topics = [topic()];
        for name in [
            "enquete.xml",
            "enquete.atom.xml",
            "enquete.json",
            "enquete.html",
            "enquete.opml",
            "enquete.lite.xml",
            "enquete.xml.gz",
            "enquete.archive-0001.xml",
            "enquete.archive-12345.atom.xml.br",
        ] {
            assert!(private_topic(&topics, name).is_some(), "{name}");
        }
        for name in [
            "enquete",
            "enquete.2.xml",
            "enquete.archive-x.xml",
            "enquetes.xml",
            "enquete-2.xml",
            "index.html",
            "mali.xml",
        ] {
            assert!(private_topic(&topics, name).is_none(), "{name}");
        }
    }

    fn admitted(query: Option<&str>, authorization: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).expect("a value"));
        }
        is_admitted(&topic(), query, &headers)
    }

    #[test]
    fn the_token_is_taken_from_the_query_or_the_authorization() {
        assert!(admitted(Some("token=s%C3%A9s+ame"), None));
        assert!(admitted(Some("limit=5&token=s%C3%A9s%20ame&q=x"), None));
        // reader:sés ame
        assert!(admitted(None, Some("basic cmVhZGVyOnPDqXMgYW1l")));
        let headers = HeaderMap::new();
        let plain = PrivateTopic {
            token: Token::new("sesame"),
            ..topic()
        };
        assert!(is_admitted(&plain, Some("token=sesame"), &headers));
        let mut bearer = HeaderMap::new();
        bearer.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer sesame"));
        assert!(is_admitted(&plain, None, &bearer));
    }

    #[test]
    fn everything_else_is_refused() {
        for query in [
            None,
            Some(""),
            Some("token"),
            Some("token="),
            Some("token=sesame"),
            Some("Token=s%C3%A9s+ame"),
            Some("t=s%C3%A9s+ame"),
        ] {
            assert!(!admitted(query, None), "{query:?}");
        }
        for authorization in ["Bearer", "Bearer ", "Bearer sesame", "Basic !!", "Basic cmVhZGVy", "Digest x"] {
            assert!(!admitted(None, Some(authorization)), "{authorization}");
        }
    }
}
