//! What word processors, web pages and other formats leave in a file, and what is said of it.

use super::{assert_translated, mistakes, problems};
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
fn every_line_that_is_no_toml_is_named() {
    assert_snapshot!(all(
        mistakes,
        &[
            "[site]\ntitle = ”Bureau”\n[[source]]\nid = ”a”\nurl = ”https://a.example/?page=x”\n",
            "[site]\ntitle = \"Bureau”\n[[topic]]\nid = \"mali\"\nany = [“Mali”, “l’Azawad”]\nall = [\n  “Gao”,\n  \"Kidal”,\n]\n",
        ]
    ));
    let many = "title = “Bureau”\n".repeat(50);
    assert_eq!(problems(&many).len(), 20);
}

/// The line of a topic or a source that is wrong, and what is to be written.
#[test]
fn a_line_that_is_no_toml_is_shown_as_it_is_right() {
    for (line, right) in [
        ("enabled = oui", "enabled = true"),
        ("enabled = False", "enabled = false"),
        ("any = [Mali, Bamako]", "any = [\"Mali\", \"Bamako\"]"),
        ("any = Mali, Bamako", "any = [\"Mali\", \"Bamako\"]"),
        ("any = \"Mali\", \"Bamako\"", "any = [\"Mali\", \"Bamako\"]"),
        ("any = (\"Mali\"; \"Bamako\")", "any = [\"Mali\", \"Bamako\"]"),
        ("title = &quot;Mali&quot;", "title = \"Mali\""),
        ("title =", "title = \"…\", or delete the line"),
        ("any =", "any = [\"…\"], or delete the line"),
        ("title \"Mali\"", "title = \"Mali\""),
        ("title == \"Mali\"", "title = \"Mali\""),
        ("title = `Mali` # le Mali", "title = \"Mali\""),
        ("title = « Mali »", "title = \"Mali\""),
        ("title = \"Mali\"\"", "title = \"Mali\""),
        ("title = \"C:\\Users\"", "title = 'C:\\Users'"),
        ("query = \"Mali AND \"coup\"\"", "query = 'Mali AND \"coup\"'"),
        ("query = \"d'État AND \"coup\"\"", "query = \"d'État AND \\\"coup\\\"\""),
        ("limit = dix", "limit = 10"),
        ("[[topic]", "this head as [[topic]]"),
        ("[ [topic] ]", "this head as [[topic]]"),
        ("[site", "this head as [site]"),
        ("// Mali", "# in place of `//`, or delete the line"),
        ("/* Mali */", "# in place of `/*`, or delete the line"),
        ("; Mali", "# in place of `;`, or delete the line"),
        ("limit = 20 // au plus", "# in front of the comment"),
    ] {
        let found = problems(&format!("[[topic]]\nid = \"mali\"\n{line}\n"));
        let help = found.first().and_then(|problem| problem.help.as_deref());
        assert_eq!(help, Some(format!("write {right}").as_str()), "{line}");
        assert_eq!(found.len(), 1, "{line}");
    }
    for line in [
        "title = \"Mali\",",
        "title = \"Mali\";",
        "limit = 20,",
        "---",
        "```toml",
        "— Mali —",
    ] {
        let found = problems(&format!("[[topic]]\nid = \"mali\"\n{line}\n"));
        let help = found.first().and_then(|problem| problem.help.as_deref());
        assert!(help.is_some_and(|help| help.starts_with("delete it")), "{line}");
    }
}

#[test]
fn line_breaks_of_old_macs_are_named_once() {
    let found = problems("[site]\rtitle = \"Bureau\"\r[fetch]\rjobs = 2\r");
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("carriage return alone"), "{found:?}");
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
    let topic = "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\ntags = [\"mali, niger\"]\n[[topic]]\nid = \"mali\"\n";
    let lists = "any = [\"Mali”, “Bamako\", \"lang:fr,ar\", \"/a{1,2}/\", \"3,5 milliards\"]\nall = [\"lang:fr\", \"lang:ar\", \"kind:radio,wire\", \"kind:ngo\"]\n";
    assert_snapshot!("lists_that_are_hardly_meant", remarks(&format!("{topic}{lists}")));
    let good = "[site]\nmerged = \"all\"\n[[source]]\nid = \"a\"\nurls = [\"https://a.example/feed\", \"http://a.example/feed\"]\n";
    assert_eq!(remarks(good), "", "two addresses of one source may be the same");
}
