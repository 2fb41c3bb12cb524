//! No text makes the check or the report panic, and every place lies within its file.

use super::super::{ConfigFailure, ConfigFile, ConfigProblem, PRESET_SAHEL, Place, Placed, ReportStyle, from_str, report};
use proptest::prelude::*;
use std::path::Path;

const COMPLETE: &str = include_str!("complete.toml");

fn check(text: &str) {
    let Err(ConfigFailure::Problems { files, problems, .. }) = from_str(Path::new("feeds.toml"), text) else {
        return;
    };
    assert!(!problems.is_empty());
    for problem in &problems {
        let place = problem.place.as_ref().expect("a place");
        let file = &files[place.file].text;
        assert!(file.get(place.span.clone()).is_some(), "{problem:?} in {file:?}");
    }
    let shown = report(&files, &problems, ReportStyle::default());
    assert!(shown.matches("error: ").count() >= problems.len());
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
}

proptest! {
    #[test]
    fn any_text_is_checked(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_text_that_looks_like_toml_is_checked(
        text in "(\\[{0,2}(site|source|topic|concept\\.[a-z\"é]{0,3}|fetch|select)\\]{0,2}\r?\n|[a-z_]{1,6} ?= ?(\"[^\"]{0,5}\"|[0-9.-]{1,4}|\\[|\\]|\\{|\\}|true)[\n ]?|\t|#é\n){0,12}"
    ) {
        check(&text);
    }

    #[test]
    fn any_change_of_a_valid_text_is_checked(at in any::<prop::sample::Index>(), length in 0_usize..40, with in "\\PC{0,3}|[\\[\\]{}\"'=\n\r\t\u{0}\u{feff}]{0,3}") {
        for text in [COMPLETE, PRESET_SAHEL] {
            let from = text.floor_char_boundary(at.index(text.len()));
            let to = text.ceil_char_boundary((from + length).min(text.len()));
            check(&format!("{}{with}{}", &text[..from], &text[to..]));
        }
    }

    #[test]
    fn any_place_is_shown(text in "[a\u{e9}\u{62a}\u{1f600}\r\n\t\u{7}]{0,12}", spans in prop::array::uniform4(0_usize..60), file in 0_usize..2) {
        // Reversed spans too: `report` must not rely on its callers.
        let place = |start, end| Place { file, span: start..end };
        let problem = ConfigProblem {
            place: Some(place(spans[0], spans[1])),
            message: "a\nb".to_owned(),
            help: Some("\u{1b}[31m".to_owned()),
            also: Some(Placed { text: "c".to_owned(), place: place(spans[2], spans[3]) }),
        };
        let files = [ConfigFile { path: "a\u{1b}.toml".into(), text }];
        prop_assert!(report(&files, &[problem], ReportStyle::default()).starts_with("error: a␊b"));
    }
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    for text in [
        "[".repeat(100_000),
        "a = ".to_owned() + &"[".repeat(100_000),
        "a = ".to_owned() + &"{a=".repeat(100_000),
        "a.".repeat(100_000),
    ] {
        check(&text);
    }
}

#[test]
fn the_time_is_linear_in_the_number_of_mistakes() {
    let text = "[[source]]\nid = \"same\"\nurk = 1\n".repeat(5_000);
    let Err(ConfigFailure::Problems { files, problems, .. }) = from_str(Path::new("feeds.toml"), &text) else {
        panic!("there are mistakes");
    };
    // Unknown keys, missing addresses, and every id but the first.
    assert_eq!(problems.len(), 3 * 5_000 - 1);
    assert_eq!(
        report(&files, &problems, ReportStyle::default()).matches("error: ").count(),
        problems.len()
    );
}
