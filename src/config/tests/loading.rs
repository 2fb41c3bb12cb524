//! Reading from the disk: includes, encodings, missing files.

use crate::config::{Config, ConfigFailure, load, report};
use std::fs;
use std::path::Path;

fn source(id: &str) -> String {
    format!("[[source]]\nid = \"{id}\"\nurl = \"https://{id}.example/feed\"\n")
}

/// Loads the feeds.toml of a folder; the report shows paths without the folder.
fn loaded(folder: &Path) -> Result<Config, String> {
    load(&folder.join("feeds.toml")).map_err(|failure| match failure {
        ConfigFailure::Problems { files, problems, .. } => report(&files, &problems, false).replace(&format!("{}/", folder.display()), ""),
        unreadable @ ConfigFailure::Unreadable { .. } => unreadable.to_string(),
    })
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

#[test]
fn includes_are_read_in_order_and_once() {
    let root = b"[site]\ninclude = [\"sources.d/*.toml\", \"sources.d/b.toml\", \"*.toml\"]\n";
    let folder = folder(&[
        ("feeds.toml", root),
        ("sources.d/b.toml", source("second").as_bytes()),
        ("sources.d/a.toml", source("first").as_bytes()),
        ("sources.d/.hidden.toml", b"not read"),
        ("sources.d/notes.txt", b"not read"),
        (
            "topics.toml",
            b"[[topic]]\nid = \"t\"\nany = [\"@words\"]\n[concept.words]\nany = [\"x\"]\n",
        ),
    ]);
    let config = loaded(folder.path()).expect("a configuration");
    let ids: Vec<&str> = config.sources.iter().map(|source| source.id.as_str()).collect();
    assert_eq!(ids, ["first", "second"]);
    assert_eq!(config.files.len(), 4);
    assert!(config.files[1].path.ends_with("sources.d/a.toml"));
    assert_eq!(config.topics[0].rule.any[0].place.file, 3);
    assert_eq!(config.site.out, folder.path().join("public"));
    assert!(config.concepts.contains_key("words") && config.topics.len() == 1);
}

#[test]
fn a_pattern_may_match_nothing_but_a_named_file_must_exist() {
    let folder = folder(&[
        (
            "feeds.toml",
            b"[site]\ninclude = [\"empty/*.toml\", \"gone.toml\", \"*/x.toml\", \"none/*.toml\"]\n",
        ),
        ("empty/x.txt", b""),
    ]);
    insta::assert_snapshot!(loaded(folder.path()).expect_err("mistakes"), @r#"
    error: gone.toml cannot be read: No such file or directory (os error 2)
     --> feeds.toml:2:28
      |
    2 | include = ["empty/*.toml", "gone.toml", "*/x.toml", "none/*.toml"]
      |                            ^^^^^^^^^^^

    error: this pattern names no files
     --> feeds.toml:2:41
      |
    2 | include = ["empty/*.toml", "gone.toml", "*/x.toml", "none/*.toml"]
      |                                         ^^^^^^^^^^
      |
      = help: wildcards may stand behind the last `/` only, such as "sources.d/*.toml"
    "#);
}

#[test]
fn mistakes_of_every_file_are_found_at_once() {
    let folder = folder(&[
        (
            "feeds.toml",
            format!("[site]\nlangage = \"fr\"\ninclude = [\"sources.d/*.toml\"]\n{}", source("first")).as_bytes(),
        ),
        (
            "sources.d/a.toml",
            format!("{}\n[fetch]\nevery = \"1h\"\n", source("first")).as_bytes(),
        ),
        ("sources.d/b.toml", b"this is none"),
        (
            "sources.d/c.toml",
            b"# caf\xe9\n[[source]]\nid = \"c\"\nurl = \"https://c.example/\"\n",
        ),
    ]);
    insta::assert_snapshot!(loaded(folder.path()).expect_err("mistakes"), @r#"
    error: unknown key `langage` in [site]
     --> feeds.toml:2:1
      |
    2 | langage = "fr"
      | ^^^^^^^
      |
      = help: did you mean `language`?

    error: the source `first` is already there
     --> sources.d/a.toml:2:6
      |
    2 | id = "first"
      |      ^^^^^^^
      |
     ::: feeds.toml:5:6
      |
    5 | id = "first"
      |      ------- first used here
      |
      = help: give one of the two another id

    error: [fetch] must stand in feeds.toml itself
     --> sources.d/a.toml:5:1
      |
    5 | [fetch]
      | ^^^^^^^
      |
      = help: an included file holds [[source]], [[topic]] and [concept.NAME] only

    error: this is no TOML: key with no value, expected `=`
     --> sources.d/b.toml:1:6
      |
    1 | this is none
      |      ^

    error: the file is not in UTF-8 from here on
     --> sources.d/c.toml:1:6
      |
    1 | # caf�
      |      ^
      |
      = help: save it as UTF-8
    "#);
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    let folder = folder(&[("feeds.toml", b"\xef\xbb\xbf[site]\r\ntitle = \"caf\xe9\"\r\n")]);
    insta::assert_snapshot!(loaded(folder.path()).expect_err("a mistake"), @r#"
    error: the file is not in UTF-8 from here on
     --> feeds.toml:2:13
      |
    2 | title = "caf�"
      |             ^
      |
      = help: save it as UTF-8
    "#);
    fs::write(folder.path().join("feeds.toml"), "\u{feff}[site]\r\ntitle = \"café\"\r\n").expect("a file");
    assert_eq!(loaded(folder.path()).map(|config| config.site.title), Ok("café".to_owned()));
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder(&[]);
    let failure = load(&folder.path().join("feeds.toml")).expect_err("no file");
    assert!(matches!(failure, ConfigFailure::Unreadable { .. }));
    assert!(failure.to_string().contains("feeds.toml cannot be read: "), "{failure}");
}

#[test]
fn wildcards_match_as_in_a_shell() {
    use crate::config::load::wildcard_matches;
    for (pattern, name) in [
        ("*.toml", "a.toml"),
        ("*", ""),
        ("a*b*c", "aXbYbZc"),
        ("?.toml", "é.toml"),
        ("**a", "ba"),
        ("a", "a"),
    ] {
        assert!(wildcard_matches(pattern, name), "{pattern} {name}");
    }
    for (pattern, name) in [
        ("*.toml", "a.txt"),
        ("?", ""),
        ("a*b", "aXbY"),
        ("", "a"),
        ("a?", "a"),
        ("*aab", "aaaac"),
    ] {
        assert!(!wildcard_matches(pattern, name), "{pattern} {name}");
    }
}
