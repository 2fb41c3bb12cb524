//! `griot import` and `griot export`: lists of feeds of other programs become sources, and sources become lists.

use crate::world::{Finished, World};
use std::fmt::Write as _;
use std::fs;
use std::fs::File;

const HEAD: &str = "[site]\ntitle = \"Sahel desk\" # ours\n";

/// A world with a feeds.toml of its own, since the world writes its feeds.toml for each command.
fn world(sources: &str) -> World {
    let world = World::new();
    fs::write(world.path("desk.toml"), format!("{HEAD}{sources}")).expect("desk.toml");
    fs::write(world.path("other.toml"), HEAD).expect("other.toml");
    world
}

fn griot(world: &World, config: &str, arguments: &[&str]) -> Finished {
    world.griot(["--config", config].into_iter().chain(arguments.iter().copied()))
}

fn succeed(world: &World, config: &str, arguments: &[&str]) -> Finished {
    let ran = griot(world, config, arguments);
    assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.out, ran.err);
    ran
}

fn read(world: &World, name: &str) -> String {
    fs::read_to_string(world.path(name)).expect("a file")
}

fn import(world: &World, config: &str, format: &str, list: &str) -> Finished {
    fs::write(world.path("list"), list).expect("the list");
    succeed(world, config, &["import", format, "list"])
}

/// The sources of a configuration as JSON lines, in the order of their ids.
fn sources(world: &World, config: &str) -> Vec<String> {
    let said = succeed(world, config, &["export", "json", "--sources"]).out;
    let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// A list of 200 invented feeds in folders three deep, with the settings of miniflux and `FreshRSS`.
fn large_list() -> String {
    let mut list = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\" xmlns:miniflux=\"https://miniflux.app/opml\" \
                    xmlns:frss=\"https://freshrss.org/opml\"><head><title>Miniflux</title></head><body>\n"
        .to_owned();
    for (number, place) in (0..200).zip(["Mali", "Niger", "Tchad", "Sénégal"].iter().cycle()) {
        let settings = match number % 8 {
            0 => "miniflux:scraperRules=\"div.texte &gt; p\" miniflux:crawler=\"true\" miniflux:blocklistRules=\"sport\"",
            1 => "frss:cssFullContent=\"article\" frss:cssContentFilter=\".pub, .suite\" frss:CURLOPT_COOKIE=\"session=geheim\"",
            2 => "miniflux:disabled=\"true\" miniflux:userAgent=\"Desk/1.0 (essai)\"",
            3 => "frss:ttl=\"7200\" frss:CURLOPT_USERAGENT=\"Desk/2.0\"",
            4 => "language=\"fr\" category=\"/Presse/Quotidiens,une\"",
            5 => "miniflux:scraperRules=\"div[\" miniflux:crawler=\"true\"",
            6 => "frss:ttl=\"-1\"",
            _ => "",
        };
        writeln!(
            list,
            "<outline text=\"Afrique\"><outline text=\"{place}\"><outline text=\"Presse &amp; radios\"><outline type=\"rss\" title=\"L'Aube n° {number} &amp; radio\" \
             text=\"L'Aube\" xmlUrl=\"https://aube{number}.example.org/feed?a=1&amp;b={number}\" htmlUrl=\"https://aube{number}.example.org/\" {settings}/></outline></outline></outline>"
        )
        .expect("a string takes all");
    }
    list + "<outline text=\"Page\" type=\"HTML+XPath\" xmlUrl=\"https://page.example.org/\" frss:xPathItem=\"//a\"/></body></opml>\n"
}

#[test]
fn a_large_list_comes_in_and_goes_out_without_loss() {
    let world = world("");
    let before = read(&world, "desk.toml");
    fs::write(world.path("list"), large_list()).expect("the list");
    let dry = succeed(&world, "desk.toml", &["import", "opml", "list", "--dry-run"]).out;
    assert_eq!(read(&world, "desk.toml"), before);
    assert!(dry.ends_with("would be added: 200, followed already: 0, not taken: 1\n"), "{dry}");
    for words in [
        "without select.body: `div[` is not a CSS selector",
        "`headers` takes it, as Cookie = \"env:NAME\"",
        "without miniflux:blocklistrules: the rules of topics choose entries",
        "not taken  Page  https://page.example.org/  it is no feed, but a page",
        "with the tags afrique, mali, presse-radios, presse, quotidiens, une",
    ] {
        assert!(dry.contains(words), "{words}: {dry}");
    }
    succeed(&world, "desk.toml", &["import", "opml", "list"]);
    let after = read(&world, "desk.toml");
    assert!(after.starts_with(&before) && !after.contains("geheim"), "the rest is kept");
    assert_eq!(after.matches("[[source]]").count(), 200);
    assert!(succeed(&world, "desk.toml", &["check"]).out.contains("200"));
    let again = succeed(&world, "desk.toml", &["import", "opml", "list"]).out;
    assert!(again.ends_with("added: 0, followed already: 200, not taken: 1\n"), "{again}");
    assert_eq!(read(&world, "desk.toml"), after);

    for format in ["opml", "csv", "json"] {
        fs::write(world.path("other.toml"), HEAD).expect("other.toml");
        let list = succeed(&world, "desk.toml", &["export", format, "--sources"]).out;
        let said = import(&world, "other.toml", format, &list).out;
        assert!(said.contains("added: 200, followed already: 0, not taken: 0"), "{format}: {said}");
        assert!(!said.contains("without"), "{format}: {said}");
        assert_eq!(sources(&world, "other.toml"), sources(&world, "desk.toml"), "{format}");
        if format != "opml" {
            // OPML sorts the sources into folders.
            assert_eq!(read(&world, "other.toml"), after, "{format}");
        }
    }
    for (format, enabled) in [("newsboat", 150), ("sfeed", 150)] {
        fs::write(world.path("other.toml"), HEAD).expect("other.toml");
        let list = succeed(&world, "desk.toml", &["export", format]).out;
        let said = import(&world, "other.toml", format, &list).out;
        assert!(said.contains(&format!("added: {enabled},")), "{format}: {said}");
        let known = import(&world, "desk.toml", format, &list).out;
        assert!(
            known.contains(&format!("added: 0, followed already: {enabled},")),
            "{format}: {known}"
        );
    }
}

#[test]
fn every_line_of_a_list_is_answered_in_json() {
    let world = world("\n[[source]]\nid = \"bac\"\nurl = \"https://bac.example.org/feed\"\n");
    let list =
        "url,name,country,id\nhttp://www.bac.example.org/feed/,Le bac,,\nhttps://aube.ml/feed,L'Aube,Mali,matin\nftp://x.example/,X,,\n";
    fs::write(world.path("list"), list).expect("the list");
    let mut command = world.command(["--config", "desk.toml", "--json", "import", "csv", "-"]);
    let output = command
        .stdin(File::open(world.path("list")).expect("the list"))
        .output()
        .expect("griot starts");
    let said = world.finished(&output).out;
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["followed"], "bac");
    assert_eq!(
        (&lines[1]["new"], &lines[1]["source"]["url"]),
        (&"matin".into(), &"https://aube.ml/feed".into())
    );
    assert_eq!(lines[1]["not_taken"][0]["setting"], "country");
    assert!(lines[2]["refused"].as_str().is_some_and(|reason| reason.contains("http")), "{said}");
    assert_eq!(
        lines[3],
        serde_json::json!({"added": 1, "followed": 1, "refused": 1, "dry_run": false})
    );
    let text = read(&world, "desk.toml");
    assert!(
        text.ends_with("\n[[source]]\nid      = \"matin\"\nname    = \"L'Aube\"\nurl     = \"https://aube.ml/feed\"\n"),
        "{text}"
    );
}

#[test]
fn a_document_that_is_no_list_is_named_and_changes_nothing() {
    let world = world("");
    let before = read(&world, "desk.toml");
    let feed = "<rss version=\"2.0\"><channel><title>t</title><item><title>x</title><link>http://a.example/</link></item></channel></rss>";
    for (format, document, words) in [
        ("opml", feed, "griot add takes its address"),
        ("opml", "<html><body><p>404</p></body></html>", "a web page"),
        ("opml", "", "an empty document"),
        (
            "csv",
            "<opml><outline xmlUrl='http://a.example/'/></opml>",
            "griot import opml takes it",
        ),
        ("csv", "a;b\n1;2\n", "call it `url`"),
        ("json", "{", "no JSON"),
    ] {
        fs::write(world.path("list"), document).expect("the list");
        let ran = griot(&world, "desk.toml", &["import", format, "list"]);
        assert_eq!(ran.code, Some(1), "{format} {document}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{format} {document}: {}", ran.err);
    }
    assert_eq!(griot(&world, "desk.toml", &["import", "opml", "missing"]).code, Some(2));
    assert_eq!(read(&world, "desk.toml"), before);
}

#[test]
fn hostile_lists_never_break_the_configuration() {
    let world = world("");
    let title = "x".repeat(1_000_000);
    let opml = format!(
        "<!DOCTYPE opml [<!ENTITY a '&a;&a;'>]><opml><body><outline text='&a;'>\
         <outline text='\"]]&#10;[[source]]&#10;id = \"x\"&#27;[31m&#x202e;&apos;&apos;&apos;' xmlUrl='https://a.example.org/'/>\
         <outline text='{title}' xmlUrl='https://b.example.org/' htmlUrl='javascript:x' language='{title}'/>\
         <outline text='c' xmlUrl='file:///etc/passwd'/><outline text='d' xmlUrl='https://a.example.org/'/><outline text='e' xmlUrl='http://u:geheim@e.example.org/'/>\
         <outline text='f' xmlUrl='http://127.0.0.1/feed'/>{}<outline text='g' xmlUrl='https://g.exa",
        "<outline text='tief'>".repeat(50_000)
    );
    let said = import(&world, "desk.toml", "opml", &opml).out;
    assert!(said.contains("added: 3, followed already: 0, not taken: 3"), "{said}");
    assert!(
        said.contains("problem truncated") && !said.contains(['\u{1b}', '\u{202e}']) && !said.contains("geheim"),
        "{said}"
    );
    let text = read(&world, "desk.toml");
    assert!(text.len() < 2000 && !text.contains("geheim"), "{text}");
    for (format, list) in [
        (
            "csv",
            "url,name\nhttps://h.example.org/,\"=HYPERLINK(\"\"x\"\")\n[[topic]]\"\n".to_owned(),
        ),
        (
            "json",
            "[{\"url\":\"https://i.example.org/\",\"name\":\"\\u0000\\\"\\n[x]\",\"tags\":[\"a\\nb\",\"\"]},7]".to_owned(),
        ),
        ("newsboat", "https://j.example.org/ \"~a\\\"]]\" \"open\n\u{0}\n".to_owned()),
        (
            "sfeed",
            "feeds() {\nfeed 'a\nb' 'https://k.example.org/' '' 'klingon'\nfeed \"$(touch pwned)\" https://l.example.org/\n}\n".to_owned(),
        ),
    ] {
        let said = import(&world, "desk.toml", format, &list).out;
        assert!(said.contains("added: 1,"), "{format}: {said}");
    }
    assert!(!world.path("pwned").exists(), "nothing is run");
    succeed(&world, "desk.toml", &["check"]);
    let csv = succeed(&world, "desk.toml", &["export", "csv"]).out;
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\") [[topic]]\""), "{csv}");
}

#[test]
fn secrets_and_addresses_within_a_network_do_not_go_out() {
    let world = world(
        "[[source]]\nid = \"offen\"\nurl = \"https://offen.example.org/feed\"\nuser_agent = \"Desk/1.0\"\n\
         [[source]]\nid = \"innen\"\nurl = \"http://10.0.0.8/geheim\"\n\
         [[source]]\nid = \"login\"\nurl = \"https://login.example.org/geheim\"\nauth = \"desk:geheim\"\n\
         [[source]]\nid = \"kopf\"\nurl = \"https://kopf.example.org/geheim\"\nheaders = { Cookie = \"geheim\" }\npublic_url = \"https://kopf.example.org/feed\"\n\
         [[source]]\nid = \"weg\"\nurl = \"https://weg.example.org/geheim\"\nproxy = \"socks5://geheim.example.org:1080\"\n",
    );
    for format in ["opml", "csv", "json", "newsboat", "sfeed"] {
        let ran = succeed(&world, "desk.toml", &["export", format, "--sources"]);
        assert!(
            !ran.out.contains("geheim") && !ran.err.contains("geheim"),
            "{format}: {}{}",
            ran.out,
            ran.err
        );
        assert!(
            ran.out.contains("https://offen.example.org/feed") && ran.out.contains("https://kopf.example.org/feed"),
            "{format}"
        );
        for id in ["innen", "login", "weg"] {
            assert!(ran.err.contains(&format!("`{id}` is left out: ")), "{format}: {}", ran.err);
        }
    }
}
