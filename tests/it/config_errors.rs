//! Every mistake in feeds.toml is reported with its line and column, and all of them at once.

use crate::world::World;

/// Checks a configuration that has a mistake; returns the place of the first one and the report.
fn report(text: &str) -> (String, String) {
    let world = World::new();
    let mut command = world.command(["check"]);
    std::fs::write(world.path("feeds.toml"), text).expect("feeds.toml");
    let ran = world.finished(&command.output().expect("griot starts"));
    assert_eq!((ran.code, ran.out.as_str()), (Some(78), ""), "{text}\n{}", ran.err);
    let place = ran
        .err
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> "))
        .unwrap_or_default()
        .to_owned();
    (place, ran.err)
}

const SITE: &str = "[site]\ntitle = \"Desk\"\nout = \"public\"\n";
const SOURCE: &str = "[[source]]\nid = \"aube\"\nname = \"L'Aube\"\nurl = \"http://aube.example/feed\"\n";

#[test]
fn each_mistake_has_its_place_and_a_hint() {
    for (text, place, words) in [
        (format!("{SITE}titel = \"x\"\n"), "4:1", "title"),
        (format!("{SITE}[fetch]\nevery = 3\n"), "5:9", "every"),
        (format!("{SITE}[fetch]\nevery = \"soon\"\n"), "5:9", "1h"),
        (format!("{SITE}[fetch]\nmax_body = \"big\"\n"), "5:12", "MB"),
        (format!("{SITE}[fecth]\njobs = 3\n"), "4:2", "fetch"),
        (format!("{SITE}{SOURCE}{SOURCE}"), "9:6", "aube"),
        (format!("{SITE}{SOURCE}kind = \"radoi\"\n"), "8:8", "radio"),
        (
            format!("{SITE}[[source]]\nid = \"A b\"\nname = \"x\"\nurl = \"http://a.example/\"\n"),
            "5:6",
            "id",
        ),
        (
            format!("{SITE}[[source]]\nid = \"a\"\nname = \"x\"\nurl = \"aube.example/feed\"\n"),
            "7:7",
            "http",
        ),
        (
            format!("{SITE}[[source]]\nid = \"a\"\nname = \"x\"\nurl = \"ftp://aube.example/\"\n"),
            "7:7",
            "http",
        ),
        (format!("{SITE}[[source]]\nid = \"a\"\nname = \"x\"\n"), "4:1", "url"),
        (
            format!("{SITE}[[topic]]\nid = \"t\"\ntitle = \"T\"\nabout = [\"@sahle\"]\n"),
            "7:11",
            "@sahel",
        ),
        (
            format!("{SITE}[[topic]]\nid = \"t\"\ntitle = \"T\"\nquery = '''mali AND ('''\n"),
            "7:",
            "",
        ),
        (
            format!("{SITE}[[topic]]\nid = \"t\"\ntitle = \"T\"\nany = [\"Mali\"]\nlanguage = 7\n"),
            "8:12",
            "language",
        ),
        (format!("{SITE}{SOURCE}select = {{ body = \"div[\" }}\n"), "8:", "select"),
        (format!("{SITE}timezone = \"Afrique/Bamako\"\n"), "4:12", "Africa/Bamako"),
        (format!("{SITE}{SOURCE}every = \"2h\"\nevery = \"3h\"\n"), "9:1", "every"),
        ("[site\n".to_owned(), "1:", ""),
    ] {
        let (found, report) = report(&text);
        assert!(found.starts_with(&format!("feeds.toml:{place}")), "{place}: {report}");
        assert!(report.contains('^') && report.contains(words), "{words}: {report}");
    }
}

#[test]
fn a_key_that_belongs_to_another_table_is_found() {
    let (place, report) = report(&format!("{SITE}{SOURCE}jobs = 3\n"));
    assert!(place.starts_with("feeds.toml:8:1"), "{report}");
    assert!(report.contains("[fetch]"), "{report}");
}

#[test]
fn a_mistake_in_an_included_file_names_that_file() {
    let mut world = World::new();
    std::fs::create_dir(world.path("sources.d")).expect("a folder");
    std::fs::write(
        world.path("sources.d/mali.toml"),
        "[[source]]\nid = \"a\"\nname = \"x\"\nurl = \"nowhere\"\n",
    )
    .expect("a file");
    world.settings = world.settings.replacen("[site]\n", "[site]\ninclude = [\"sources.d/*.toml\"]\n", 1);
    let ran = world.griot(["check"]);
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    assert!(ran.err.contains("sources.d/mali.toml:4:7"), "{}", ran.err);
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let (_, report) = report(&format!(
        "{SITE}titel = \"x\"\n{SOURCE}kind = \"radoi\"\n[[topic]]\nid = \"t\"\nabout = [\"@sahle\"]\n"
    ));
    for word in ["titel", "radoi", "@sahle"] {
        assert!(report.contains(word), "{word}: {report}");
    }
}
