//! Mistakes in sources, topics and concepts as a whole, as they are reported.

use super::mistakes;
use crate::config::from_str;
use insta::assert_snapshot;
use std::path::Path;

#[test]
fn a_source_has_no_address() {
    let found = mistakes(
        r#"[[source]]
id = "a"
[[source]]
id = "b"
urls = []
[[source]]
id = "c"
list = { link = "a" }
[[source]]
id = "d"
site = "https://d.example/"
list = { title = "h3" }
"#,
    );
    assert_snapshot!(found, @r#"
    error: a source needs `url`, `urls` or `list`
     --> feeds.toml:1:1
      |
    1 | [[source]]
      | ^^^^^^^^^^
      |
      = help: add the address of its feed: url = "https://…"

    error: `urls` names no address
     --> feeds.toml:5:8
      |
    5 | urls = []
      |        ^^
      |
      = help: add the address of its feed

    error: a source with `list` needs `url`, `urls` or `site`
     --> feeds.toml:8:8
      |
    8 | list = { link = "a" }
      |        ^^^^^^^^^^^^^^
      |
      = help: add the address of the list page: url = "https://…"

    error: `list` of [[source]] needs `link`
      --> feeds.toml:12:8
       |
    12 | list = { title = "h3" }
       |        ^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_source_has_two_kinds_of_address() {
    let found = mistakes(
        r#"[[source]]
id = "a"
url = "https://a.example/feed"
urls = ["https://a.example/rss"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `urls` and `url` exclude each other
     --> feeds.toml:4:8
      |
    4 | urls = ["https://a.example/rss"]
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
     ::: feeds.toml:3:7
      |
    3 | url = "https://a.example/feed"
      |       ------------------------ `url` stands here
      |
      = help: keep one: `urls` takes several, the preferred one first
    "#);
}

#[test]
fn a_rule_takes_nothing() {
    let found = mistakes(
        r#"[[topic]]
id = "t"
none = ["football"]
[[topic]]
id = "u"
any = []
[[topic]]
id = "v"
query = " "
"#,
    );
    assert_snapshot!(found, @r#"
    error: this rule takes nothing
     --> feeds.toml:3:8
      |
    3 | none = ["football"]
      |        ^^^^^^^^^^^^
      |
      = help: add `about`, `any`, `all` or `query`; query = "*" takes everything

    error: this rule takes nothing
     --> feeds.toml:6:7
      |
    6 | any = []
      |       ^^
      |
      = help: add `about`, `any`, `all` or `query`; query = "*" takes everything

    error: `query` holds an empty text
     --> feeds.toml:9:9
      |
    9 | query = " "
      |         ^^^
    "#);
}

#[test]
fn a_topic_may_have_no_rule_at_all() {
    let config = from_str(Path::new("feeds.toml"), "[[topic]]\nid = \"by-hand\"\n").expect("what editors pin");
    assert!(config.topics[0].rule.about.is_empty() && config.topics[0].rule.query.is_none());
}

#[test]
fn concepts_are_wrong() {
    let found = mistakes(
        r#"[concept."Armed groups"]
any = ["JNIM"]
[concept.empty]
mask = ["x"]
[concept.holes]
any = ["x", " "]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `Armed groups` is no name of a concept
     --> feeds.toml:1:10
      |
    1 | [concept."Armed groups"]
      |          ^^^^^^^^^^^^^^
      |
      = help: use a-z, 0-9, `_` and `-`, 64 at most

    error: the concept `empty` has no words
     --> feeds.toml:3:10
      |
    3 | [concept.empty]
      |          ^^^^^
      |
      = help: add some to `any`

    error: `any` holds an empty text
     --> feeds.toml:6:13
      |
    6 | any = ["x", " "]
      |             ^^^
    "#);
}
