//! Words in French, addresses and lists as people write them, and what is proposed in their place.

use super::{mistakes, problems};
use insta::assert_snapshot;

#[test]
fn words_of_other_languages_and_forms_are_understood() {
    const SOURCE: &str = "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n";
    for (line, help) in [
        ("country = \"Burkina Faso\"", "did you mean \"BF\"?"),
        ("country = \"Côte d’Ivoire\"", "did you mean \"CI\"?"),
        ("country = \"BFA\"", "did you mean \"BF\"?"),
        ("country = \"UK\"", "did you mean \"GB\"?"),
        ("kind = \"privé\"", "did you mean \"private\"?"),
        ("kind = \"ONG\"", "did you mean \"ngo\"?"),
        ("lang = \"français\"", "did you mean \"fr\"?"),
        ("nom = \"A\"", "did you mean `name`?"),
        ("pays = \"ML\"", "did you mean `country`?"),
        ("langue = \"fr\"", "did you mean `lang`?"),
        ("étiquettes = [\"a\"]", "did you mean `tags`?"),
        ("site = \"a.example/?page=1\"", "write https:// in front of it"),
        ("site = \"a.example/page\"", "did you mean `https://a.example/page`?"),
        ("site = \"https:/a.example/\"", "write https://, and the host at once behind it"),
        ("site = \"https:///a.example/\"", "write https://, and the host at once behind it"),
        ("site = \"https://https://a.example/\"", "delete one of the two"),
        ("site = \"<https://a.example/>\"", "delete `<` and `>`"),
        ("site = \"feed://a.example/\"", "write https:// at its beginning, in place of feed:"),
        ("tags = \"mali, niger\"", "write tags = [\"mali\", \"niger\"]"),
        ("enabled = \"oui\"", "write true, without quotation marks"),
        ("trust = \"60\"", "write 60, without quotation marks"),
    ] {
        let found = problems(&format!("{SOURCE}{line}\n"));
        assert_eq!(found.first().and_then(|problem| problem.help.as_deref()), Some(help), "{line}");
    }
    let about = problems("[[topic]]\nid = \"mali\"\nabout = \"Mali\"\n");
    let help = "write about = [\"@mali\"] for the concept, or any = [\"Mali\"] for the word";
    assert_eq!(about[0].help.as_deref(), Some(help));
    let id = problems("[[source]]\nid = \"L'Aube – léfaso\"\nurl = \"https://a.example/\"\n");
    assert_eq!(id[0].help.as_deref(), Some("did you mean \"l-aube-lefaso\"?"));
    assert_eq!(problems("[site]\nout = \"/\"\n").len(), 1);
}

#[test]
fn words_are_unknown() {
    let found = mistakes(
        r#"[site]
language = "english"
republish = "excerp"
[[source]]
id = "a"
url = "https://a.example/feed"
kind = "privat"
article = "pages"
dedupe = true
"#,
    );
    assert_snapshot!(found, @r#"
    error: `language` must be one of "en", "fr", "ar"
     --> feeds.toml:2:12
      |
    2 | language = "english"
      |            ^^^^^^^^^
      |
      = help: did you mean "en"?

    error: `republish` must be one of "full", "excerpt", "link"
     --> feeds.toml:3:13
      |
    3 | republish = "excerp"
      |             ^^^^^^^^
      |
      = help: did you mean "excerpt"?

    error: `kind` must be one of "state", "private", "radio", "wire", "ngo", "international", "think-tank", "aggregator", "government"
     --> feeds.toml:7:8
      |
    7 | kind = "privat"
      |        ^^^^^^^^
      |
      = help: did you mean "private"?

    error: `article` must be one of "page", "feed", "off"
     --> feeds.toml:8:11
      |
    8 | article = "pages"
      |           ^^^^^^^
      |
      = help: did you mean "page"?

    error: `dedupe` needs a word as a text, not true or false
     --> feeds.toml:9:10
      |
    9 | dedupe = true
      |          ^^^^
    "#);
}
