//! Reading from the disk: includes, encodings, missing files.

use super::assert_translated;
use crate::config::{Config, ConfigFailure, ReportStyle, load, report};
use std::fs;
use std::path::Path;

fn source(id: &str) -> String {
    format!("[[source]]\nid = \"{id}\"\nurl = \"https://{id}.example/feed\"\n")
}

/// Loads the feeds.toml of a folder; the report shows paths without the folder.
fn loaded(folder: &Path) -> Result<Config, String> {
    load(&folder.join("feeds.toml")).map_err(|failure| match failure {
        ConfigFailure::Problems { files, problems, .. } => {
            problems.iter().for_each(assert_translated);
            report(&files, &problems, ReportStyle::default()).replace(&format!("{}/", folder.display()), "")
        }
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
#[cfg(unix)]
fn what_is_no_file_or_leads_back_is_refused_and_nothing_is_waited_for() {
    use std::os::unix::fs::symlink;
    use std::process::Command;
    let folder = folder(&[
        (
            "feeds.toml",
            b"[site]\ninclude = [\n  \"feeds.toml\",\n  \"./sources.d/../feeds.toml\",\n  \"loop.toml\",\n  \"pipe.toml\",\n  \"/dev/zero\",\n  \"sources.d\",\n  \"sources.d/*.toml\",\n  \"long.toml\",\n]\n",
        ),
        ("sources.d/a.toml", source("first").as_bytes()),
        ("sources.d/folder.toml/x", b""),
        ("long.toml", "#".repeat(4_000_001).as_bytes()),
    ]);
    let at = |name: &str| folder.path().join(name);
    symlink("loop.toml", at("loop.toml")).expect("a link");
    symlink("../feeds.toml", at("sources.d/back.toml")).expect("a link");
    symlink("a.toml", at("sources.d/same.toml")).expect("a link");
    symlink("../pipe.toml", at("sources.d/pipe.toml")).expect("a link");
    assert!(Command::new("mkfifo").arg(at("pipe.toml")).status().expect("mkfifo").success());
    insta::assert_snapshot!(loaded(folder.path()).expect_err("mistakes"), @r#"
    error: feeds.toml is being read already: the include would never end
     --> feeds.toml:3:3
      |
    3 |   "feeds.toml",
      |   ^^^^^^^^^^^^
      |
      = help: leave it out of `include`, or remove the symbolic link

    error: ./sources.d/../feeds.toml is being read already: the include would never end
     --> feeds.toml:4:3
      |
    4 |   "./sources.d/../feeds.toml",
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: leave it out of `include`, or remove the symbolic link

    error: loop.toml cannot be read: Too many levels of symbolic links (os error 40)
     --> feeds.toml:5:3
      |
    5 |   "loop.toml",
      |   ^^^^^^^^^^^
      |
      = help: remove this symbolic link, or let it point at a file

    error: pipe.toml is a named pipe, a socket or a device, not a file
     --> feeds.toml:6:3
      |
    6 |   "pipe.toml",
      |   ^^^^^^^^^^^
      |
      = help: put its content into a regular file

    error: /dev/zero is a named pipe, a socket or a device, not a file
     --> feeds.toml:7:3
      |
    7 |   "/dev/zero",
      |   ^^^^^^^^^^^
      |
      = help: put its content into a regular file

    error: sources.d is a folder, not a file
     --> feeds.toml:8:3
      |
    8 |   "sources.d",
      |   ^^^^^^^^^^^
      |
      = help: name the files in it, such as "sources.d/*.toml", or give the folder a name that matches no pattern

    error: sources.d/back.toml is being read already: the include would never end
     --> feeds.toml:9:3
      |
    9 |   "sources.d/*.toml",
      |   ^^^^^^^^^^^^^^^^^^
      |
      = help: leave it out of `include`, or remove the symbolic link

    error: sources.d/folder.toml is a folder, not a file
     --> feeds.toml:9:3
      |
    9 |   "sources.d/*.toml",
      |   ^^^^^^^^^^^^^^^^^^
      |
      = help: name the files in it, such as "sources.d/*.toml", or give the folder a name that matches no pattern

    error: long.toml cannot be read: it is longer than 4 MB
      --> feeds.toml:10:3
       |
    10 |   "long.toml",
       |   ^^^^^^^^^^^
       |
       = help: split it into several files
    "#);
}

#[test]
fn a_file_of_the_greatest_size_is_read() {
    let folder = folder(&[("feeds.toml", "#".repeat(4_000_000).as_bytes())]);
    assert!(loaded(folder.path()).is_ok());
    fs::write(folder.path().join("feeds.toml"), "#".repeat(4_000_001)).expect("a file");
    let refused = loaded(folder.path()).expect_err("too long");
    assert!(refused.ends_with("feeds.toml cannot be read: it is longer than 4 MB"), "{refused}");
}

#[test]
#[cfg(unix)]
fn a_rule_file_that_is_no_file_is_refused() {
    let folder = folder(&[
        ("feeds.toml", source("a").as_bytes()),
        ("rules/a.example.txt", b"title: //h1"),
        ("rules/notes.md", b""),
    ]);
    assert_eq!(loaded(folder.path()).map(|config| config.rules.len()), Ok(1));
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("rules/b.example.txt")).expect("a link");
    insta::assert_snapshot!(loaded(folder.path()).expect_err("a mistake"), @r#"
    error: rules/b.example.txt is a named pipe, a socket or a device, not a file
     |
     = help: put its content into a regular file
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
