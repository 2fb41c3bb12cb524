//! What word processors, web pages and other formats leave in a file, and what is said of it.

use super::{assert_translated, mistakes};
use crate::config::{ReportStyle, from_str, report_remarks};
use insta::assert_snapshot;

/// Returns what is said of each text, in one.
fn all(say: fn(&str) -> String, texts: &[&str]) -> String {
    texts.iter().map(|text| say(text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn quotation_marks_of_word_processors_are_named() {
    assert_snapshot!(all(
        mistakes,
        &[
            "[site]\ntitle = “Bureau Sahel”\n",
            "[site]\ntitle = « Bureau » # le nôtre\n",
            "[[topic]]\nid = \"mali\"\nany = [\"l’armée\", ‘putsch’]\n",
        ]
    ));
}

#[test]
fn characters_that_nobody_sees_are_named() {
    assert_snapshot!(all(
        mistakes,
        &[
            "[site]\ntitle\u{a0}= \"Bureau\"\n",
            "[[source]]\nid = \"lefaso\"\nurl = \"https://lefaso.example/fe\ted\"\n",
            "[[source]]\nid = \"lefaso\u{200b}\"\nurl = \"https://lefaso.example/\u{a0}feed\"\nkind = \"radio\u{202f}\"\n",
            "[site]\ntitle = \"a\u{1b}b\"\n",
        ]
    ));
}

#[test]
fn marks_of_other_formats_are_named() {
    assert_snapshot!(all(
        mistakes,
        &[
            "site:\n  title: Bureau\n",
            "[site]\ntitle: \"Bureau\"\n",
            "[[source]]\nid = lefaso\nurl = \"https://lefaso.example/feed\"\n",
            "[[source]]\nid = \"lefaso\nurl = \"https://lefaso.example/feed\"\n",
            "[[topic]]\nid = \"mali\"\nany = [\"junte\", \"putsch\"\ntitle = \"Mali\"\n",
            "[[topic]]\nid = \"mali\"\nquery = \"/a\\d+/\"\n",
        ]
    ));
}

#[test]
fn a_table_that_stands_twice_is_shown_with_the_first() {
    assert_snapshot!(all(
        mistakes,
        &["[site] # hier\ntitle = \"Bureau\"\n\n[fetch]\nevery = \"1h\"\n\n[site]\nlanguage = \"fr\"\n",]
    ));
}

#[test]
fn a_secret_in_a_line_that_is_no_toml_is_not_shown() {
    for line in ["auth = “desk:sesame”", "auth: desk:sesame", "auth = desk:sesame"] {
        let said = mistakes(&format!("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n{line}\n"));
        assert!(said.contains("error: ") && !said.contains("sesame"), "{said}");
    }
}

#[test]
fn an_empty_rule_is_said_once_at_its_line() {
    assert_snapshot!(all(
        mistakes,
        &[
            "[[topic]]\nid = \"mali\"\ntitle = \"Mali\"\nany = []\n",
            "[[topic]]\nid = \"mali\"\nnone = [\"football\"]\n",
        ]
    ));
}

fn remarks(text: &str) -> String {
    let config = from_str("feeds.toml".as_ref(), text).expect("no mistakes");
    config.remarks.iter().for_each(assert_translated);
    report_remarks(&config.files, &config.remarks, ReportStyle::default())
        .trim_end()
        .to_owned()
}

#[test]
fn what_is_hardly_meant_is_remarked() {
    let twice = "[site]\nmerged = \"all\"\n[[source]]\nid = \"a\"\nurl = \"https://a.example/feed\"\n\n[[source]]\nid = \"b\"\nurls = [\"http://www.a.example/feed/\", \
                 \"https://b.example/feed\"]\n";
    assert_snapshot!(all(
        remarks,
        &[
            "# Nothing yet\n",
            "[[source]]\nid = \"a\"\nurl = \"https://a.example/feed\"\nenabled = false\n",
            "[[topic]]\nid = \"mali\"\nany = [\"mali\"]\n",
            twice,
        ]
    ));
    let good = "[site]\nmerged = \"all\"\n[[source]]\nid = \"a\"\nurls = [\"https://a.example/feed\", \"http://a.example/feed\"]\n";
    assert_eq!(remarks(good), "", "two addresses of one source may be the same");
}
