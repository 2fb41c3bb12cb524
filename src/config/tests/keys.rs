//! Mistakes in keys and tables, as they are reported.

use super::mistakes;
use insta::assert_snapshot;

#[test]
fn a_key_is_misspelt() {
    let found = mistakes(
        r#"[site]
langage = "fr"
evry = "1h"
"#,
    );
    assert_snapshot!(found, @r#"
    error: unknown key `langage` in [site]
     --> feeds.toml:2:1
      |
    2 | langage = "fr"
      | ^^^^^^^
      |
      = help: did you mean `language`?

    error: unknown key `evry` in [site]
     --> feeds.toml:3:1
      |
    3 | evry = "1h"
      | ^^^^
      |
      = help: did you mean `every`, which belongs to [[source]] or [fetch] or [[include_opml]]?
    "#);
}

#[test]
fn a_table_is_misspelt() {
    let found = mistakes(
        r#"[fetsh]
every = "1h"
[[sources]]
id = "a"
"#,
    );
    assert_snapshot!(found, @r#"
    error: unknown key `fetsh` at the top level
     --> feeds.toml:1:2
      |
    1 | [fetsh]
      |  ^^^^^
      |
      = help: did you mean [fetch]?

    error: unknown key `sources` at the top level
     --> feeds.toml:3:3
      |
    3 | [[sources]]
      |   ^^^^^^^
      |
      = help: did you mean [[source]]?
    "#);
}

#[test]
fn a_key_belongs_to_another_table_than_the_one_above_it() {
    let found = mistakes(
        r#"[[topic]]
id = "politics"
any = ["junta"]
budget = "5m"
include = ["sources.d/*.toml"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: unknown key `budget` in [[topic]]
     --> feeds.toml:4:1
      |
    4 | budget = "5m"
      | ^^^^^^
      |
     ::: feeds.toml:1:1
      |
    1 | [[topic]]
      | --------- TOML puts every key into the table above it: this one
      |
      = help: `budget` belongs to [fetch]: move it there

    error: unknown key `include` in [[topic]]
     --> feeds.toml:5:1
      |
    5 | include = ["sources.d/*.toml"]
      | ^^^^^^^
      |
     ::: feeds.toml:1:1
      |
    1 | [[topic]]
      | --------- TOML puts every key into the table above it: this one
      |
      = help: `include` belongs to [site]: move it there
    "#);
}

#[test]
fn a_key_precedes_every_table() {
    let found = mistakes(
        r#"every = "1h"
title = "Desk"
"#,
    );
    assert_snapshot!(found, @r#"
    error: unknown key `every` at the top level
     --> feeds.toml:1:1
      |
    1 | every = "1h"
      | ^^^^^
      |
      = help: `every` belongs to [[source]] or [fetch] or [[include_opml]]: move it below that head

    error: unknown key `title` at the top level
     --> feeds.toml:2:1
      |
    2 | title = "Desk"
      | ^^^^^
      |
      = help: `title` belongs to [site] or [[topic]]: move it below that head
    "#);
}

#[test]
fn a_key_of_another_table_is_a_duplicate() {
    let found = mistakes(
        r#"[site]
out = "public"
[[topic]]
id = "politics"
title = "Politics"
any = ["junta"]
title = "Sahel desk"
"#,
    );
    assert_snapshot!(found, @r#"
    error: `title` is given twice
     --> feeds.toml:7:1
      |
    7 | title = "Sahel desk"
      | ^^^^^
      |
      = help: TOML puts every key into the table above it, where `title` already stands; `title` is known to [site] or [[topic]]
    "#);
}

#[test]
fn a_key_of_an_inline_table_is_wrong() {
    let found = mistakes(
        r#"[[source]]
id = "a"
url = "https://a.example/feed"
select = { bodi = "main", url = "x" }
"#,
    );
    assert_snapshot!(found, @r#"
    error: unknown key `bodi` in `select` of [[source]]
     --> feeds.toml:4:12
      |
    4 | select = { bodi = "main", url = "x" }
      |            ^^^^
      |
      = help: did you mean `body`?

    error: unknown key `url` in `select` of [[source]]
     --> feeds.toml:4:27
      |
    4 | select = { bodi = "main", url = "x" }
      |                           ^^^
      |
      = help: `url` belongs to [[source]] or [smtp] or [[include_opml]]: move it there
    "#);
}

#[test]
fn tables_have_the_wrong_brackets() {
    let found = mistakes(
        r#"[source]
id = "a"
[[fetch]]
jobs = 2
[concept]
any = ["x"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: `source` needs an array of tables, not a table
     --> feeds.toml:1:1
      |
    1 | [source]
      | ^^^^^^^^
      |
      = help: write [[source]] with double brackets: there may be many

    error: `fetch` needs a table, not an array
     --> feeds.toml:3:1
      |
    3 | [[fetch]]
      | ^^^^^^^^^
      |
      = help: there is only one: write [fetch] with single brackets

    error: `concept` needs named tables only, not an array
     --> feeds.toml:6:1
      |
    6 | any = ["x"]
      | ^^^
      |
      = help: write [concept.NAME], where you choose the name
    "#);
}

#[test]
fn ids_are_duplicates() {
    let found = mistakes(
        r#"[[source]]
id = "a"
url = "https://a.example/feed"
[[source]]
id = "a"
url = "https://b.example/feed"
[[topic]]
id = "a"
any = ["x"]
[[topic]]
id = "a"
any = ["y"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: the source `a` is already there
     --> feeds.toml:5:6
      |
    5 | id = "a"
      |      ^^^
      |
     ::: feeds.toml:2:6
      |
    2 | id = "a"
      |      --- first used here
      |
      = help: give one of the two another id

    error: the topic `a` is already there
      --> feeds.toml:11:6
       |
    11 | id = "a"
       |      ^^^
       |
      ::: feeds.toml:8:6
       |
     8 | id = "a"
       |      --- first used here
       |
       = help: give one of the two another id
    "#);
}

#[test]
fn ids_are_missing_or_wrong() {
    let found = mistakes(
        r#"[[source]]
url = "https://a.example/feed"
[[source]]
id = "Le Faso"
url = "https://b.example/feed"
[[topic]]
id = "index"
any = ["x"]
[[topic]]
id = "x.lite"
any = ["x"]
"#,
    );
    assert_snapshot!(found, @r#"
    error: [[source]] needs `id`
     --> feeds.toml:1:1
      |
    1 | [[source]]
      | ^^^^^^^^^^

    error: `id` is no id: an id is 1 to 64 characters long, of a-z, 0-9, `-`, `_` and `.`, and starts with a letter or a digit
     --> feeds.toml:4:6
      |
    4 | id = "Le Faso"
      |      ^^^^^^^^^

    error: `id` must not be `index`: griot writes files of that name itself
     --> feeds.toml:7:6
      |
    7 | id = "index"
      |      ^^^^^^^

    error: `id` must not be `x.lite`: griot writes files of that name itself
      --> feeds.toml:10:6
       |
    10 | id = "x.lite"
       |      ^^^^^^^^
    "#);
}
