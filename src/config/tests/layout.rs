//! Texts that are no TOML, and unusual layouts: lines and columns stay right.

use super::mistakes;
use crate::config::{ConfigFailure, ConfigFile, ConfigProblem, Place, ReportStyle, from_str, report};
use insta::assert_snapshot;
use std::path::Path;

#[test]
fn it_is_no_toml() {
    let found = mistakes(
        r#"[site]
title = Sahel desk
langage = "fr"
"#,
    );
    assert_snapshot!(found, @r#"
    error: a text needs quotation marks
     --> feeds.toml:2:9
      |
    2 | title = Sahel desk
      |         ^^^^^^^^^^
      |
      = help: write title = "…"
    "#);
}

#[test]
fn a_string_is_not_closed() {
    let found = mistakes(
        r#"[site]
title = "Sahel
"#,
    );
    assert_snapshot!(found, @r#"
    error: this text does not end on its line
     --> feeds.toml:2:9
      |
    2 | title = "Sahel
      |         ^^^^^^
      |
      = help: put its quotation mark at its end; within "…" write `\"` for a quotation mark
    "#);
}

#[test]
fn control_characters_are_replaced() {
    let found = mistakes("[site]\ntitle = \"a\u{1b}[31mb\"\n");
    assert_snapshot!(found, @r#"
    error: a control character (U+001B) stands in this text
     --> feeds.toml:2:11
      |
    2 | title = "a␛[31mb"
      |           ^
      |
      = help: delete it
    "#);
}

#[test]
fn lines_end_in_crlf() {
    let found = mistakes("\u{feff}[site]\r\ntitle = \"a\"\r\n\r\n\tlangage = \"fr\"\r\n");
    assert_snapshot!(found, @r#"
    error: unknown key `langage` in [site]
     --> feeds.toml:4:2
      |
    4 |     langage = "fr"
      |     ^^^^^^^
      |
      = help: did you mean `language`?
    "#);
}

#[test]
fn columns_count_characters_not_bytes() {
    let found = mistakes(
        r#"[site]
title = "é"
[[topic]]
id = "t"
about = ["@تشاد", "تشاد"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `about` takes concepts only
     --> feeds.toml:5:19
      |
    5 | about = ["@تشاد", "تشاد"]
      |                   ^^^^^^
      |
      = help: write "@تشاد" for the concept, or put the word into `any`
    "#);
}

#[test]
fn a_value_spans_several_lines() {
    let found = mistakes(
        r#"[[topic]]
id = "t"
any = [
  "x",
  7,
]
about = """
@sahel
"""
"#,
    );
    assert_snapshot!(found, @r#"
    error: `any` needs only texts, not a number
     --> feeds.toml:5:3
      |
    5 |   7,
      |   ^

    error: `about` needs an array of texts, not a text
     --> feeds.toml:7:9
      |
    7 | about = """
      |         ^^^
      |
      = help: put it into square brackets
    "#);
}

#[test]
fn colours_are_given_only_when_asked_for() {
    let Err(ConfigFailure::Problems { files, problems, .. }) = from_str(Path::new("feeds.toml"), "[site]\nx = 1\n") else {
        panic!("there is a mistake");
    };
    assert!(
        report(
            &files,
            &problems,
            ReportStyle {
                color: true,
                ..ReportStyle::default()
            }
        )
        .contains('\u{1b}')
    );
    assert!(!report(&files, &problems, ReportStyle::default()).contains('\u{1b}'));
}

#[test]
fn a_problem_without_a_place_comes_first() {
    let whole = ConfigProblem {
        message: "there is no source".to_owned(),
        help: Some("`griot add URL` appends one".to_owned()),
        ..ConfigProblem::default()
    };
    let placed = ConfigProblem {
        place: Some(Place { file: 0, span: 0..1 }),
        message: "wrong".to_owned(),
        ..ConfigProblem::default()
    };
    let files = [ConfigFile {
        path: "feeds.toml".into(),
        text: "x".to_owned(),
    }];
    assert_snapshot!(report(&files, &[placed, whole], ReportStyle::default()), @r#"
    error: there is no source
     |
     = help: `griot add URL` appends one

    error: wrong
     --> feeds.toml:1:1
      |
    1 | x
      | ^
    "#);
}
