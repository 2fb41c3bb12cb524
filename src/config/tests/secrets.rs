//! No report shows a secret, whatever it is about.

use super::mistakes;

#[test]
fn a_report_shows_no_secret() {
    for text in [
        // The secret itself is wrong.
        "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nheaders = { Cookie = \"S3CRET\\r\" }",
        "[[source]]\nid = \"a\"\nurl = \"https://user:S3CRET@a.example/\"",
        "[[source]]\nid = \"a\"\nurl = \"a.example/feed?key=S3CRET\"",
        "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nproxy = \"user:S3CRET@proxy.example\"",
        "[smtp]\nurl = \"S3CRET\"",
        // It stands in the line of another mistake.
        "source = [{ id = \"a\", url = \"https://a.example/\", auth = \"user:S3CRET\", nme = \"x\" }]",
        "[[source]]\nid = \"a\"\nurl = \"https://a.example/?key=S3CRET\" x",
        "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nheaders.Cookie.x = \"S3CRET\"",
        // It stands at the second place of a report.
        "[[topic]]\nid = \"t\"\ntoken = [\"S3CRET\"]\n[[topic]]\nid = \"t\"\nany = [\"x\"]",
        // Its key is misspelt or in another table.
        "[site]\nauth = \"user:S3CRET\"",
        "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\ntokn = \"S3CRET\"",
        // The file is no TOML.
        "[[source]]\nauth = \"user:S3CRET",
        "[[source]]\nauth \"user:S3CRET\"",
        "[[source]]\nauth = user:S3CRET",
        "[[source]]\nheaders = { Cookie = \"S3CRET\"\nid = \"a\"",
        "[[source]]\ntoken = \"\"\"\nS3CRET\"\"\" x",
        "[[source]]\nauth = \"a\"\nauth = \"S3CRET\"",
        "[admin]\npassword_hash = \"S3CRET\" # S3CRET\n[admin]",
    ] {
        let report = mistakes(text);
        assert!(report.contains("error: "), "{text}");
        assert!(!report.contains("S3CRET"), "{text}\n{report}");
    }
}

#[test]
fn the_place_in_a_line_with_a_secret_is_right() {
    let text = "source = [{ auth = \"é:S3CRET\", nme = \"x\", id = \"a\", url = \"https://a.example/\" }]";
    insta::assert_snapshot!(mistakes(text), @r#"
    error: unknown key `nme` in [[source]]
     --> feeds.toml:1:32
      |
    1 | source = [{ auth = "********", nme = "x", id = "a", url = "https://a.example/" }]
      |                                ^^^
      |
      = help: did you mean `name`?
    "#);
}
