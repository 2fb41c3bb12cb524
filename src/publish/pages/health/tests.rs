use super::*;
use crate::config::PageLanguage::{Ar, En, Fr};
use crate::model::FailureReason;
use crate::publish::fixture::{site, time};
use crate::publish::{SourceAdvice, SourceCondition, render_health_page};

fn line(id: &str, health: SourceHealth) -> HealthLine {
    HealthLine {
        id: id.to_owned(),
        name: format!("La source <{id}> & Cie"),
        country: Some("NE".to_owned()),
        is_trouble: !matches!(health, SourceHealth::Ok | SourceHealth::New),
        condition: SourceCondition {
            health,
            since: Some(time("2026-02-27T04:00:00Z")),
            reason: None,
            advice: None,
        },
        next_try: None,
        newest: Some(time("2026-02-28T04:00:00Z")),
        usual_gap: Some(Duration::from_hours(5)),
    }
}

fn failing(id: &str) -> HealthLine {
    HealthLine {
        condition: SourceCondition {
            reason: Some(FailureReason::Dns),
            advice: Some(SourceAdvice {
                text: "le nom de son serveur n’a pas d’adresse : vérifiez l’orthographe".to_owned(),
                command: Some(format!("griot doctor {id}")),
                language: "fr",
            }),
            ..line(id, SourceHealth::Failing).condition
        },
        next_try: Some(time("2026-03-01T18:00:00Z")),
        ..line(id, SourceHealth::Failing)
    }
}

fn page() -> HealthPage {
    HealthPage {
        sources: vec![
            line("a", SourceHealth::Ok),
            line("muet", SourceHealth::Silent),
            failing("b"),
            HealthLine {
                newest: None,
                usual_gap: None,
                ..line("neuf", SourceHealth::New)
            },
        ],
        today: time("2026-03-01T12:00:00Z"),
        runs: vec![
            (time("2026-02-01T11:00:00Z"), 4, 1),
            (time("2026-02-28T10:00:00Z"), 4, 2),
            (time("2026-02-28T11:00:00Z"), 4, 2),
            (time("2026-03-01T11:00:00Z"), 99, 99),
        ],
    }
}

fn text(language: crate::config::PageLanguage, page: &HealthPage) -> String {
    String::from_utf8(render_health_page(&site(language), page).bytes).expect("UTF-8")
}

#[test]
fn the_page_matches_its_snapshot() {
    insta::assert_snapshot!("health_page", text(Fr, &page()));
}

#[test]
fn charts_hold_whole_days_only() {
    let text = text(En, &page());
    assert!(text.contains(
        "Visits a day from Sunday 1 February 2026 to Saturday 28 February 2026: 12 in all, 8 at most, on Saturday 28 February 2026."
    ));
    assert!(text.contains("Failed visits a day from Sunday 1 February 2026 to Saturday 28 February 2026: 5 in all, 4 at most"));
}

#[test]
fn the_worst_come_first_and_those_that_bring_news_last() {
    let text = text(En, &page());
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"));
    let order = ["source/b.html", "source/muet.html", "source/a.html", "source/neuf.html"].map(place);
    assert!(order.is_sorted(), "{order:?}");
    assert!(
        text.contains("Sources that bring news: 1 of 4 (fails: 1, silent: 1, not visited yet: 1)."),
        "{text}"
    );
}

#[test]
fn cadences_are_told_in_words() {
    let words = source_labels(En);
    let told = [600, 3_600, 5 * 3_600, 47 * 3_600, 48 * 3_600, 9 * 86_400].map(|gap| cadence(words, Duration::from_secs(gap)));
    let expected = [
        "news several times an hour",
        "news about every hour",
        "news about every 5 hours",
        "news about every 47 hours",
        "news about every 2 days",
        "news about every 9 days",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_page_of_many_sources_is_small() {
    let many = |count: usize, troubled: usize| HealthPage {
        sources: (0..count)
            .map(|number| {
                let id = format!("source-of-news-{number}");
                if number < troubled {
                    failing(&id)
                } else {
                    line(&id, SourceHealth::Ok)
                }
            })
            .collect(),
        ..page()
    };
    for language in [En, Fr, Ar] {
        let some = text(language, &many(150, 12));
        assert!(
            some.len() <= MAX_PAGE_BYTES && some.contains("source/source-of-news-149.html"),
            "{}",
            some.len()
        );
        let more = text(language, &many(1_000, 12));
        assert!(
            more.len() <= MAX_PAGE_BYTES && more.contains("988") && more.contains("source-of-news-11.html"),
            "{}",
            more.len()
        );
        let all = text(language, &many(1_000, 1_000));
        assert!(all.len() <= MAX_PAGE_BYTES && all.contains("+ 9"), "{}", all.len());
    }
}
