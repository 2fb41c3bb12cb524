//! Broken feeds.toml of the kind that people write, and how `griot check` explains each: in English and in French.

use crate::world::World;
use std::fmt::Write as _;
use std::fs;

const SITE: &str = "[site]\ntitle = \"Bureau\"\n";
const SOURCE: &str = "[[source]]\nid = \"aube\"\nurl = \"https://aube.example/feed\"\n";
const TOPIC: &str = "[[topic]]\nid = \"mali\"\n";

/// What is wrong, and the lines behind the parts that are named.
const FILES: &[(&str, &[&str])] = &[
    ("an empty file", &[]),
    ("quotation marks of a word processor", &["[site]\ntitle = “Bureau”\n"]),
    ("a no-break space before the equals sign", &["[site]\ntitle\u{a0}= \"Bureau\"\n"]),
    (
        "a tab in an address",
        &[SITE, "[[source]]\nid = \"aube\"\nurl = \"https://aube.example/\tfeed\"\n"],
    ),
    ("a second [site]", &[SITE, SOURCE, SITE]),
    (
        "a key given twice",
        &["[[source]]\nid = \"aube\"\nurl = \"https://aube.example/\"\nurl = \"https://aube.example/feed\"\n"],
    ),
    ("a colon for the equals sign", &["[site]\ntitle: \"Bureau\"\n"]),
    ("a text that does not end", &["[site]\ntitle = \"Bureau\nlanguage = 'fr'\n"]),
    ("a text without quotation marks", &["[site]\ntitle = Bureau\n"]),
    (
        "a list that does not end",
        &[SITE, TOPIC, "any = [\"Mali\", \"Bamako\"\nlimit = 20\n"],
    ),
    ("a backslash", &["[site]\ntitle = \"C:\\Bureau\"\n"]),
    ("unknown keys", &["[site]\ntitel = \"Bureau\"\nfoo = 1\n\n[fecht]\njobs = 3\n"]),
    (
        "keys in the wrong table",
        &[SITE, "every = \"1h\"\n", SOURCE, "[source.select]\narticle = \"page\"\n"],
    ),
    (
        "values of the wrong kind",
        &[
            "[site]\ntitle = 3\nlanguage = \"french\"\nbase_url = \"https://a.example/?x\"\n[fetch]\nhost_delay = \"1 hour\"\njobs = 10000\nmax_body = \"big\"\n",
        ],
    ),
    (
        "a wrong country, kind and language",
        &[SOURCE, "country = \"Mali\"\nkind = \"radoi\"\nlang = \"français\"\n"],
    ),
    ("a duplicate id", &[SOURCE, SOURCE]),
    (
        "the same address twice",
        &[
            SITE,
            SOURCE,
            "[[source]]\nid = \"soir\"\nurl = \"http://www.aube.example/feed/\"\n",
            TOPIC,
            "any = [\"Mali\"]\n",
        ],
    ),
    ("no topic", &[SITE, SOURCE]),
    ("a topic without a rule", &[SITE, TOPIC]),
    (
        "a rule with an unknown concept and an empty term",
        &[SITE, TOPIC, "about = [\"@sahle\"]\nany = [\"\", \"…\"]\n"],
    ),
    (
        "a query with mistakes",
        &[SITE, TOPIC, "query = '''title:mali AND (@polics OR \"coup'''\n"],
    ),
    ("a source without an address", &["[[source]]\nid = \"aube\"\n"]),
    (
        "wrong addresses",
        &[
            "[[source]]\nid = \"a\"\nurl = \"aube.example/feed\"\n[[source]]\nid = \"b\"\nurl = \"ftp://aube.example/\"\n[[source]]\nid = \"c\"\nurl = \"https://me:word@aube.example/\"\n[[source]]\nid = \"d\"\nurl = \"https://aube .example/\"\n",
        ],
    ),
    (
        "an id with a space",
        &["[[source]]\nid = \"L'Aube du Sahel\"\nurl = \"https://aube.example/feed\"\n"],
    ),
    (
        "mail without a server",
        &[SITE, TOPIC, "any = [\"Mali\"]\nnotify = [{ url = \"mailto:desk@example.org\" }]\n"],
    ),
];

/// Returns what `check` says of each file where the locale is `locale`.
fn reports(locale: &str) -> String {
    let world = World::new();
    let mut reports = String::new();
    for (name, parts) in FILES {
        let mut command = world.command(["check"]);
        fs::write(world.path("feeds.toml"), parts.concat()).expect("feeds.toml");
        let ran = world.finished(&command.env("LANG", locale).output().expect("griot starts"));
        let code = ran.code.unwrap_or_default();
        writeln!(reports, "━━ {name} (exit {code})\n{}{}", ran.out, ran.err).expect("a string takes all");
    }
    reports
}

#[test]
fn mistakes_are_explained_in_english() {
    insta::assert_snapshot!(reports("en_GB.UTF-8"));
}

#[test]
fn mistakes_are_explained_in_french() {
    insta::assert_snapshot!(reports("fr_ML.UTF-8"));
}
