//! When a delivery is tried again, and what is sent.

use super::attempt::{Attempt, Failure, Reply, judge};
use super::mail::{MailFrame, MailMessage, MailText};
use super::run_ping::{RunSignal, message};
use super::slack::plain;
use super::smtp::MailServer;
use super::webhook::message_id;
use crate::model::{Digest128, Timestamp};
use std::time::Duration;
use url::Url;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(1_772_366_400 + seconds)
}

#[test]
fn attempts_grow_rarer_and_end_after_three_days() {
    let failure = Failure::new("dns", "no such name");
    let (mut now, mut tries, mut waits) = (at(0), 0, Vec::new());
    while let Attempt::Again(next) = Attempt::after(&failure, at(0), tries, now) {
        waits.push(next.since(now).as_secs() / 60);
        (now, tries) = (next, tries + 1);
    }
    assert_eq!(waits[..10], [1, 5, 15, 30, 60, 120, 240, 360, 360, 360]);
    assert!(now.since(at(0)) >= Duration::from_hours(72) && tries < 25, "{tries}");
}

#[test]
fn a_target_may_ask_for_a_longer_wait_but_for_no_shorter_one() {
    let wait = |retry_after: i64| {
        let failure = Failure {
            retry_after: Some(at(retry_after)),
            ..Failure::new("status", "")
        };
        Attempt::after(&failure, at(0), 1, at(0))
    };
    assert_eq!(wait(1), Attempt::Again(at(300)));
    assert_eq!(wait(3_000), Attempt::Again(at(3_000)));
    assert_eq!(wait(9_000_000), Attempt::Again(at(24 * 3_600)), "a day at most");
}

#[test]
fn some_answers_are_final() {
    let reply = |status| Reply {
        status,
        retry_after: None,
        text: "no\n such thing".to_owned(),
    };
    for status in [200, 202, 204] {
        assert_eq!(judge(&reply(status)), Ok(()), "{status}");
    }
    for (status, is_final) in [
        (400, true),
        (410, true),
        (413, true),
        (301, false),
        (401, false),
        (404, false),
        (408, false),
        (429, false),
        (500, false),
    ] {
        let failure = judge(&reply(status)).expect_err("a failure");
        assert_eq!(failure.is_final, is_final, "{status}");
        assert_eq!(Attempt::after(&failure, at(0), 0, at(0)) == Attempt::GivenUp, is_final);
    }
    assert_eq!(judge(&reply(500)).expect_err("a failure").detail, "status 500: no such thing");
}

#[test]
fn a_title_is_plain_text_in_a_chat() {
    for (text, expected) in [
        ("<!channel> & <@U1>", "&lt;!_channel&gt; &amp; &lt;@_U1&gt;"),
        ("@all [x](http://a.example)", "@_all [x]_(http://a.example)"),
        ("![x](http://a.example/1.png)", "!_[x]_(http://a.example/1.png)"),
        ("*a* `b` ~c~", "∗a∗ ˋbˋ ∼c∼"),
        ("a\nb\u{0}", "ab"),
        ("L'armée « avance » : 3 < 5", "L'armée « avance » : 3 &lt; 5"),
    ] {
        assert_eq!(plain(text).replace('\u{200b}', "_"), expected, "{text}");
    }
    assert_eq!(plain(&"é".repeat(1_000)).chars().count(), 301);
}

#[test]
fn the_id_of_a_delivery_depends_on_database_event_and_target() {
    let id = |database: &str, event: &str, target: u8| message_id(database, event, Digest128::from_bytes([target; 16]));
    assert_eq!(id("a", "story:1", 1), id("a", "story:1", 1));
    let all = [
        id("a", "story:1", 1),
        id("b", "story:1", 1),
        id("a", "story:2", 1),
        id("a", "story:1", 2),
        id("as", "tory:1", 1),
    ];
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 5);
    assert!(id("a", "b", 1).starts_with("msg_") && id("a", "b", 1).len() == 36);
}

#[test]
fn a_monitor_is_asked_below_its_own_path() {
    for (monitor, start, end) in [
        (
            "https://hc.example/uuid",
            "https://hc.example/uuid/start",
            "https://hc.example/uuid/75",
        ),
        (
            "https://hc.example/uuid/",
            "https://hc.example/uuid/start",
            "https://hc.example/uuid/75",
        ),
        (
            "https://hc.example/?a=1",
            "https://hc.example/start?a=1",
            "https://hc.example/75?a=1",
        ),
    ] {
        let monitor = Url::parse(monitor).expect("a URL");
        assert_eq!(message(&monitor, RunSignal::Start, "").url.as_str(), start);
        assert_eq!(message(&monitor, RunSignal::End(75), "").url.as_str(), end);
    }
}

#[test]
fn the_address_of_a_mail_server_is_read() {
    for (text, host, port) in [
        ("smtps://mail.example", "mail.example", 465),
        ("smtp://mail.example", "mail.example", 25),
        ("smtp://a:b@mail.example?tls=required", "mail.example", 587),
        (" smtp://mail.example:2525/?tls=none ", "mail.example", 2_525),
        ("smtp://[::1]", "[::1]", 25),
    ] {
        let server = MailServer::parse(text).expect("an address");
        assert_eq!((server.host.as_str(), server.port), (host, port), "{text}");
    }
    for wrong in [
        "",
        "mail.example:25",
        "https://mail.example",
        "smtp://",
        "smtp://S3CRET:x@mail.example?tls=maybe",
    ] {
        let mistake = MailServer::parse(wrong).expect_err("a mistake");
        assert!(!mistake.contains("S3CRET") && !mistake.is_empty(), "{mistake}");
    }
}

#[test]
fn a_header_stays_one_header() {
    let mail = MailText {
        subject: format!("Crue\r\nBcc: all@example.org\u{0}\n {}", "é".repeat(500)),
        text: "x\r\n.\r\nMAIL FROM:<a@b.example>\r\n".to_owned(),
        html: "<p>x</p>".to_owned(),
        language: "fr".to_owned(),
    };
    let frame = MailFrame {
        from: "griot@feeds.example.org",
        name: "Desk\r\nBcc: all@example.org",
        to: "awa@example.org",
        id: "msg_1",
        date: at(0),
    };
    let message = MailMessage::new(&frame, &mail).expect("a message").to_bytes();
    let message = String::from_utf8(message).expect("ASCII");
    let head = message.split("\r\n\r\n").next().expect("a head");
    let names: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(':').next())
        .collect();
    let expected = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ];
    let mut sorted = (names.clone(), expected.to_vec());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1, "{head}");
    assert!(message.is_ascii() && head.lines().all(|line| line.len() <= 100), "{head}");
    for wrong in ["awa", "awa@example.org\r\nBcc: x@y.example", "a b@example.org"] {
        assert!(
            MailMessage::new(
                &MailFrame {
                    to: wrong,
                    ..frame.clone()
                },
                &mail
            )
            .is_err(),
            "{wrong}"
        );
    }
}
