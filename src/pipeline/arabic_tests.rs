//! What an Arabic desk publishes of its sources' health, and what it answers to mistakes in addresses of feeds: beside names, codes and commands nothing
//! of it is English.

use super::feed_query::FeedQueryError;
use super::health_feed::{health_feed, health_notes};
use super::sample::{DESK, Sample, at, source};
use super::site_info::site_info;
use super::source_condition::source_states;
use crate::curate::{RuleContext, compile_concepts, compile_search};
use crate::model::{Changes, FailureReason, Problem, PublishedCheck, SourceEvent, SourceHealth, SourceState};
use crate::text::html_to_text::html_to_text;
use crate::text::messages::{MessageLanguage, Messages};
use std::collections::BTreeMap;

/// Returns the lines of a text that have two English words in a row. Neither what stands in backticks nor a command is language.
fn english(text: &str) -> Vec<&str> {
    let is_english = |line: &&str| {
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let words: Vec<&str> = prose.split(' ').collect();
        let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        words.windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1])) && !line.starts_with("griot ")
    };
    text.lines().filter(is_english).collect()
}

fn desk() -> Sample {
    Sample::open(&DESK.replace("[site]\n", "[site]\nlanguage = \"ar\"\n"))
}

/// Stores that the source `soir` has been in a state for a day and longer.
fn set_state(sample: &Sample, state: SourceState) {
    let event = SourceEvent {
        source: source("soir"),
        at: at(1),
        before: SourceHealth::Ok,
        after: state.health,
        reason: state.reason,
        detail: None,
    };
    let changes = Changes {
        events: vec![event],
        sources: vec![SourceState {
            since: Some(at(1)),
            ..state
        }],
        ..Changes::default()
    };
    sample.app.store.apply(changes).expect("stored");
}

#[test]
fn states_and_remedies_are_arabic() {
    let failing = FailureReason::all().map(|reason| (SourceHealth::Failing, Some(reason)));
    let others = [SourceHealth::Flaky, SourceHealth::Silent, SourceHealth::Moved].map(|health| (health, None));
    let others = others.into_iter().chain([
        (SourceHealth::Throttled, Some(FailureReason::Throttled)),
        (SourceHealth::Blocked, Some(FailureReason::Blocked)),
        (SourceHealth::Gone, Some(FailureReason::Gone)),
    ]);
    for (health, reason) in failing.chain(others) {
        let sample = desk();
        let known = SourceState::new(source("soir"));
        set_state(&sample, SourceState { health, reason, ..known });
        let (site, states) = (site_info(&sample.app.config), source_states(&sample.app).expect("states"));
        let feed = health_feed(&sample.app, &site, &states, at(200)).expect("a feed");
        assert_eq!((feed.language.as_str(), feed.title.as_str()), ("ar", "griot: حالة المصادر"));
        assert_eq!(feed.items.len(), 1, "{health}");
        for item in &feed.items {
            let body = html_to_text(item.body.as_ref().expect("a body").as_str());
            let text = format!("{}\n{}\n{body}", item.title, item.summary);
            assert_eq!(english(&text), [""; 0], "{health} {reason:?}");
            assert!(!text.contains(health.as_str()) || reason.is_some(), "{text}");
            assert_eq!(item.language.as_deref(), Some("ar"));
        }
        let notes = health_notes(&sample.app, &site, at(200)).expect("notes");
        for note in notes {
            assert_eq!(english(&format!("{}\n{}", note.title, note.text)), [""; 0]);
        }
        sample.publish(at(200));
        for name in ["health.html", "source/soir.html"] {
            let page = sample.file(name).expect("a page");
            assert!(!page.contains("<bdi lang=\"en\""), "{page}");
            let has_remedy = reason.is_some() || health == SourceHealth::Silent;
            let advice = page
                .split_once("<bdi lang=\"ar\" dir=\"rtl\">")
                .and_then(|(_, rest)| rest.split("</bdi>").next());
            assert_eq!(advice.is_some(), has_remedy, "{health}: {page}");
            // What is code is no language.
            for prose in advice
                .unwrap_or_default()
                .split("</code>")
                .filter_map(|part| part.split("<code").next())
            {
                assert_eq!(english(prose), [""; 0]);
            }
        }
    }
}

#[test]
fn defects_of_feeds_and_unusual_volume_are_arabic() {
    let sample = desk();
    let check = |code: &str, detail: &str| PublishedCheck {
        topic: "mali".to_owned(),
        code: code.to_owned(),
        detail: detail.to_owned(),
        since: at(1),
    };
    let checks = vec![
        check(
            "dead-link",
            "https://aube.example/1 answers 404\nhttps://aube.example/2 answers 410\nand 3 more",
        ),
        check("feed-empty", "it has no item any more"),
        check(
            "feed-missing",
            "https://a.example/mali.xml: connect: Connection refused (os error 111)\npublic/mali.json is not there",
        ),
        check("feed-old", "the last run began at 2026-03-01T12:00:00Z"),
        check("feed-quiet", "nothing has come since 2026-03-01T12:00:00Z"),
        check(
            "feed-stale",
            "https://a.example/mali.xml has other bytes than the file: an older copy, or another folder",
        ),
        check(
            "feed-type",
            "https://a.example/mali.xml is served with the media type text/html; charset=utf-8",
        ),
        check(
            "feed-uncached",
            "https://a.example/mali.xml is never answered with 304: each reader loads all of it each time",
        ),
        check(
            "feed-unreachable",
            "https://a.example/ does not answer from here (timeout: no answer came in time)",
        ),
    ];
    let number = checks.len();
    sample.app.store.replace_published_checks(checks).expect("stored");
    let flood = "70 new entries beyond its usual number and 50 a day (`max_new`) were not stored";
    let list =
        "no element matches `link` of its `list`: look at the markup of the page and try other selectors with `griot parse --source`";
    let problems = vec![
        (
            source("aube"),
            vec![
                Problem::new("flood", flood),
                Problem::new("undated", "none of 9 entries has a date that can be read"),
            ],
        ),
        (source("soir"), vec![Problem::new("no-entries", list)]),
    ];
    let changes = Changes {
        problems,
        ..Changes::default()
    };
    sample.app.store.apply(changes).expect("stored");
    let (site, states) = (site_info(&sample.app.config), source_states(&sample.app).expect("states"));
    let feed = health_feed(&sample.app, &site, &states, at(2)).expect("a feed");
    assert_eq!(feed.items.len(), number + 3);
    for item in &feed.items {
        let body = html_to_text(item.body.as_ref().expect("a body").as_str());
        let text = format!("{}\n{}\n{body}", item.title, item.summary);
        assert_eq!(english(&text), [""; 0]);
    }
    let links = feed.items.iter().find(|item| item.title.ends_with("dead-link")).expect("an item");
    assert_eq!(links.summary.matches(" بالرمز ").count(), 2, "{}", links.summary);
}

#[test]
fn mistakes_of_visitors_are_arabic() {
    let sample = desk();
    let (concepts, topics) = (compile_concepts(&BTreeMap::new()).expect("concepts"), BTreeMap::new());
    let context = RuleContext::new(&concepts, Some(&sample.app.config.sources), &topics);
    let messages = Messages::new(MessageLanguage::Arabic);
    let searches = "( | ) | \"mali | /x/ | /(/ | /a{2 | * | *a | a* | =Mali | mali^2 | mali^x | NEAR/5 | mali NEAR/x mali | NEAR/5(mali) | SAME(mali eau) | \
                    SAME(mali OR eau) | @ | @rien | rien:x | title: | source:rien | tag:rien | kind:rien | country:xx | about:ML-99 | lang:francais | mark:rien | \
                    date:x | since: | since:x | since:7d OR mali | mali OR topic:mali | topic:rien | sources:x | sources:>=2 | lead:mali | summary:mali | url:mali";
    for search in searches.split(" | ") {
        let Err(errors) = compile_search(search, &context, at(0)) else {
            continue;
        };
        for error in errors {
            let mistake = FeedQueryError::Search(error.message).to_string();
            let help = error.help.unwrap_or_default();
            for text in [messages.translate(&mistake), messages.translate(&help)] {
                assert_eq!(english(&text), [""; 0], "{search}");
            }
        }
    }
    for mistake in [
        FeedQueryError::Limit,
        FeedQueryError::Since,
        FeedQueryError::Language,
        FeedQueryError::About,
    ] {
        assert_eq!(english(&messages.translate(&mistake.to_string())), [""; 0]);
    }
}
