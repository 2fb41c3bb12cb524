use super::*;
use crate::config::PageLanguage::{Ar, En, Fr};
use crate::model::{EntryId, FailureReason, SourceEvent, SourceHealth, Timestamp};
use crate::publish::fixture::{outlet, site, time};
use crate::publish::{SourceAdvice, SourceCondition};
use ::url::Url;
use std::time::Duration;

fn event(at: &str, after: SourceHealth, reason: Option<FailureReason>) -> SourceEvent {
    SourceEvent {
        source: outlet("sahara", "").id,
        at: time(at),
        before: SourceHealth::Ok,
        after,
        reason,
        detail: Some("http://10.0.0.1/secret".to_owned()),
    }
}

fn entry(title: &str, link: &str) -> SourceEntry {
    SourceEntry {
        title: title.to_owned(),
        link: Url::parse(link).ok(),
        language: Some("ar".to_owned()),
        date: time("2026-03-01T10:00:00Z"),
        story: None,
    }
}

/// A source that fails, in Arabic.
fn page() -> SourcePage {
    let dates = [
        "2026-03-01T23:30:00Z",
        "2026-03-01T10:00:00Z",
        "2026-02-28T09:00:00Z",
        "2026-02-03T12:00:00Z",
    ];
    SourcePage {
        outlet: Outlet {
            note: Some("مصدر <قديم> & بعيد".to_owned()),
            ..outlet("sahara", "صحراء <b>ميديا</b> & \"co\"")
        },
        condition: Some(SourceCondition {
            health: SourceHealth::Failing,
            since: Some(time("2026-03-02T05:00:00Z")),
            reason: Some(FailureReason::Http4xx),
            advice: Some(SourceAdvice {
                text: "its address may have changed: look for the new one on its site".to_owned(),
                command: Some("griot doctor sahara".to_owned()),
                language: "en",
            }),
        }),
        newest: Some(time("2026-03-01T23:30:00Z")),
        dates: dates.map(time).to_vec(),
        events: vec![
            event("2026-03-02T05:00:00Z", SourceHealth::Failing, Some(FailureReason::Http4xx)),
            event("2026-02-01T05:00:00Z", SourceHealth::Ok, None),
        ],
        entries: vec![
            SourceEntry {
                story: Some(EntryId::from_bytes([7; 16]).into()),
                ..entry("النيجر: الجيش يعلن عن انتقال", "https://sahara.example/أخبار/1")
            },
            entry("<script>alert(1)</script>3 < 5", "javascript:alert(1)"),
        ],
        figures: Some(SourceFigures {
            since: time("2026-01-30T23:30:00Z"),
            entries: 4,
            shared: 2,
            first: 1,
            copied: 3,
            copies: 1,
            most_copied: Some(CopiedSource {
                page: Some("autre".to_owned()),
                name: "L'Autre <Journal>".to_owned(),
                copies: 1,
            }),
        }),
    }
}

#[test]
fn the_page_matches_its_snapshot() {
    insta::assert_snapshot!("source_page", source(&site(Ar), &page()));
}

#[test]
fn a_source_without_entries_that_is_followed_no_longer_has_a_page() {
    let page = SourcePage {
        outlet: Outlet {
            feed: None,
            site: None,
            kind: None,
            country: None,
            language: None,
            ..outlet("ancien", " ")
        },
        condition: None,
        newest: None,
        dates: Vec::new(),
        events: Vec::new(),
        entries: Vec::new(),
        figures: None,
    };
    let text = source(&site(En), &page);
    assert!(text.contains("This desk follows it no longer.") && text.contains("Nothing yet.") && !text.contains("<svg"));
    assert!(text.contains("<h1><bdi>ancien</bdi></h1>"), "{text}");
}

#[test]
fn foreign_text_stays_text_and_no_detail_of_a_server_is_told() {
    for language in [En, Fr, Ar] {
        let text = source(&site(language), &page());
        assert!(
            !text.contains("<script>alert") && !text.contains("javascript:") && !text.contains("10.0.0.1"),
            "{text}"
        );
        assert!(!text.contains("<b>ميديا") && !text.contains("<Journal>") && !text.contains("style=") && !text.contains("<قديم>"));
    }
}

#[test]
fn days_are_those_of_the_site_and_the_chart_says_them_in_words() {
    // 23:30 in UTC is the next day in Niamey.
    let text = source(&site(En), &page());
    let label = "aria-label=\"Entries a day from Tuesday 3 February 2026 to Monday 2 March 2026: 4 in all, 1 at most, on Tuesday 3 February 2026.\"";
    assert!(text.contains(label), "{text}");
    assert!(text.contains("<rect class=\"bar\" x=\"2\" y=\"0\" width=\"16\" height=\"76\"><title>Tuesday 3 February 2026: 1</title>"));
    let arabic = source(&site(Ar), &page());
    assert!(arabic.contains("x=\"542\""), "the oldest day stands at the right");
}

#[test]
fn a_page_of_long_titles_and_addresses_is_small() {
    let long = format!("https://sahara.example/{}", "%D8%A3".repeat(300));
    let page = SourcePage {
        entries: vec![entry(&"ق".repeat(3_000), &long); 15],
        dates: (0..28)
            .map(|day| Timestamp::from_unix(1_772_000_000) - Duration::from_hours(24 * day))
            .collect(),
        newest: Some(Timestamp::from_unix(1_772_000_000)),
        ..page()
    };
    for language in [En, Fr, Ar] {
        let bytes = source(&site(language), &page).len();
        assert!(bytes <= MAX_BYTES, "{bytes}");
    }
}
