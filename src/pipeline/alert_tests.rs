//! The borders in time of alerts.

use super::curation_tests::{ATTACK, alerts, compose_as_one, four, tell};
use super::sample::{Sample, at, draft};

const ALERT_WITHIN_A_DAY: &str = "any = [\"Mali\"]\nalert = { sources = 2, within = \"24h\" }";

#[test]
fn a_report_counts_up_to_the_end_of_the_time_and_of_the_delay() {
    for (hours, count) in [(24, 1), (25, 0)] {
        let sample = four(ALERT_WITHIN_A_DAY);
        tell(&sample, &["a"], "Attaque au Mali", at(0));
        tell(&sample, &["b"], "Attaque au Mali", at(hours));
        assert_eq!(alerts(&sample).len(), count, "{hours}");
    }
    for (hours, count) in [(6, 1), (7, 0)] {
        let sample = four(ALERT_WITHIN_A_DAY);
        for slug in ["a", "b"] {
            let entry = draft(slug, "1", "Attaque au Mali", &format!("{ATTACK} {slug}"), at(-hours));
            sample.gather(slug, &[entry], at(0));
        }
        compose_as_one(&sample, at(0));
        assert_eq!(alerts(&sample).len(), count, "{hours}");
    }
}

#[test]
fn the_cool_down_ends_after_six_hours() {
    for (hours, count) in [(5, 1), (6, 2)] {
        let sample = four(ALERT_WITHIN_A_DAY);
        tell(&sample, &["a", "b"], "Attaque au Mali", at(0));
        // A further report of an owner that has told it already.
        tell(&sample, &["c"], "Attaque au Mali", at(hours));
        assert_eq!(alerts(&sample).len(), count, "{hours}");
    }
}

#[test]
fn what_alerts_before_the_cool_down_told_is_told_again() {
    let sample = four("any = [\"Mali\"]\nalert = { sources = 2, within = \"1h\" }");
    tell(&sample, &["a", "b"], "Attaque au Mali : 12 morts", at(0));
    let correct = |sample: &Sample, title: &str, hours| {
        let entry = draft("a", "1", title, &format!("{ATTACK} a {hours}"), at(0));
        sample.gather("a", &[entry], at(hours));
        sample.evaluate(at(hours));
        alerts(sample).len()
    };
    assert_eq!(correct(&sample, "Attaque au Mali : 25 morts", 5), 2);
    assert_eq!(
        correct(&sample, "Attaque au Mali : 12 morts", 6),
        3,
        "the first alert was raised six hours ago"
    );
}
