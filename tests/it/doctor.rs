//! `griot doctor`: what is wrong with the machine, or with one source.

use crate::news::{FERRY, WELLS, item, rss};
use crate::web::Answer;
use crate::world::{Ran, World};
use serde_json::Value;
use std::fs;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const SECRET: &str = "s3cr3t-of-the-desk";

fn good_feed(host: &str) -> String {
    let later = "Sun, 01 Mar 2026 10:00:00 GMT";
    rss(
        host,
        "L'Aube",
        &[item("bac", "Le bac repart", DATE, FERRY), item("puits", "Des puits", later, WELLS)],
    )
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("no JSON: {}{}", ran.out, ran.err))
}

/// Talks with a source that has to be found wanting for this reason.
fn troubled(world: &World, id: &str, reason: &str) -> Value {
    let ran = world.griot(["--json", "doctor", id]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let told = json(&ran);
    assert_eq!(told["reason"], reason, "{told}");
    assert_eq!(told["ok"], false);
    told
}

#[test]
fn a_healthy_machine_has_nothing_to_say_but_ok() {
    let mut world = World::new();
    world.feed("aube.example", good_feed("aube.example"));
    for _ in 0..2 {
        let ran = world.good(["--json", "doctor"]);
        let told = json(&ran);
        let checks = told["checks"].as_array().expect("checks");
        assert_eq!(told["ok"], true, "{told}");
        assert!(checks.len() >= 8 && checks.iter().all(|check| check["verdict"] != "fail"), "{told}");
        assert!(world.web.asked().is_empty() || world.path("griot.db").exists());
        world.good(["fetch"]);
    }
    assert_eq!(world.good(["-q", "doctor"]).out, "");
    assert_eq!(world.asked("aube.example").len(), 1, "only the runs have asked");
}

#[test]
fn what_is_wrong_with_the_machine_is_named_with_its_remedy() {
    let mut world = World::new();
    for host in ["aube.example", "bafing.example", "courrier.example"] {
        world.source(
            host,
            "headers = { X-Key = \"env:GRIOT_TEST_NOWHERE\" }",
            Answer::feed(good_feed(host)),
        );
    }
    assert_eq!(world.griot(["fetch"]).code, Some(3), "nobody can be asked without the secret");
    world.now = "2026-02-01T12:00:00Z".to_owned();
    fs::remove_dir_all(world.out()).ok();
    fs::write(world.out(), "a file where the folder should be").expect("a file");
    let ran = world.griot(["--json", "doctor", "--resolve", "/dev/null"]);
    assert_eq!(ran.code, Some(1));
    let told = json(&ran);
    let verdict = |subject: &str| {
        let checks = told["checks"].as_array().expect("checks");
        let check = checks.iter().find(|check| check["check"] == subject).expect("it is checked");
        (check["verdict"].as_str().expect("a word").to_owned(), check["remedy"].is_string())
    };
    for (subject, expected) in [
        ("clock", "fail"),
        ("dns", "fail"),
        ("environment", "warn"),
        ("output-folder", "fail"),
        ("database", "ok"),
        ("lock", "ok"),
    ] {
        assert_eq!(verdict(subject), (expected.to_owned(), expected != "ok"), "{subject}: {told}");
    }
    fs::write(world.path("griot.db"), vec![b'x'; 9000]).expect("a file");
    let damaged = json(&world.griot(["--json", "doctor"])).to_string();
    assert!(
        damaged.contains("\"check\":\"database\"") && damaged.contains("\"verdict\":\"fail\""),
        "{damaged}"
    );
}

#[test]
fn a_configuration_with_mistakes_is_a_finding() {
    let mut world = World::new();
    world.topics.push_str("colour = \"red\"\n");
    let ran = world.griot(["--json", "doctor"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(json(&ran)["checks"][0]["check"], "configuration");
    assert!(ran.err.contains("colour"), "{}", ran.err);
}

#[test]
fn a_good_source_is_shown_step_by_step_without_its_secrets() {
    let mut world = World::new();
    let keys = format!("headers = {{ X-Key = \"{SECRET}\" }}\nauth = \"desk:{SECRET}\"");
    let answer = Answer::feed(good_feed("aube.example")).with("Set-Cookie", &format!("sid={SECRET}"));
    world.source("aube.example", &keys, answer);
    world.web.answer(
        "aube.example",
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nCrawl-delay: 5\nAllow: /feed\nDisallow: /\n"),
    );
    world.good(["fetch"]);
    let dump = world.good(["status", "--json"]).out;
    let ran = world.good(["--json", "doctor", "aube"]);
    assert!(!ran.out.contains(SECRET), "{}", ran.out);
    let told = json(&ran);
    assert_eq!((&told["ok"], &told["reason"]), (&Value::Bool(true), &Value::Null));
    assert_eq!(told["document"]["entries"], 2);
    assert_eq!(told["document"]["newest"][0]["title"], "Des puits", "the newest first");
    assert_eq!(told["robots"]["status"], 200);
    assert_eq!(
        (&told["robots"]["feed_allowed"], &told["robots"]["page_allowed"]),
        (&Value::Bool(true), &Value::Bool(false))
    );
    assert_eq!(told["robots"]["crawl_delay_s"], 5.0);
    assert_eq!(told["steps"][0]["addresses"][0]["address"], "93.184.216.34");
    assert_eq!(told["steps"][1]["status"], 200);
    assert_eq!(told["schedule"]["due"], false, "it was fetched a moment ago");
    let text = world.good(["doctor", "aube"]).out;
    assert!(!text.contains(SECRET) && text.contains("x-key: [withheld]") && text.contains("authorization: [withheld]"));
    assert!(text.contains("verdict   ok: the feed is good, with 2 entries"), "{text}");
    let visit = &world.asked("aube.example")[1];
    assert_eq!(visit.header("X-Key"), Some(SECRET), "it is sent all the same");
    assert_eq!(world.good(["status", "--json"]).out, dump, "it counts as no visit");
}

#[test]
fn each_redirect_is_a_step() {
    let mut world = World::new();
    world.source("aube.example", "", Answer::redirect(301, "http://www.aube.example/rss"));
    world.name("www.aube.example", "93.184.216.35");
    world
        .web
        .answer("www.aube.example", "/rss", Answer::feed(good_feed("aube.example")));
    let told = json(&world.good(["--json", "doctor", "aube"]));
    let requests: Vec<_> = told["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter(|step| step["step"] == "request")
        .collect();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        (&requests[0]["status"], &requests[1]["address"]),
        (&Value::from(301), &Value::from("93.184.216.35"))
    );
    assert!(
        told["detail"]
            .as_str()
            .expect("words")
            .contains("moved for good to http://www.aube.example/rss"),
        "{told}"
    );
    assert!(!world.path("griot.db").exists(), "no database is made");
}

#[test]
fn an_anti_bot_page_is_named() {
    let mut world = World::new();
    let page =
        "<html><head><title>Just a moment...</title></head><body><script src=\"/cdn-cgi/challenge-platform/x.js\"></script></body></html>";
    let answer = Answer::new(403, "text/html", page)
        .with("Server", "cloudflare")
        .with("cf-mitigated", "challenge");
    world.source("mur.example", "", answer);
    let told = troubled(&world, "mur", "blocked");
    assert!(told["advice"].as_str().expect("advice").contains("write to the site"), "{told}");
    assert_eq!(told["remedy"], Value::Null, "no command but the one that runs");
}

#[test]
fn a_refused_address_is_shown_with_the_guards_word_and_nobody_is_asked() {
    let mut world = World::new();
    world.feed("dedans.example", good_feed("dedans.example"));
    world.name("dedans.example", "10.1.2.3");
    let told = troubled(&world, "dedans", "refused-address");
    assert!(
        told["steps"][0]["addresses"][0]["refusal"]
            .as_str()
            .expect("a refusal")
            .contains("private"),
        "{told}"
    );
    assert_eq!(world.web.asked().len(), 0, "not even for robots.txt");
    assert_eq!(told["robots"]["status"], Value::Null);
}

#[test]
fn a_page_that_announces_a_feed_suggests_it_with_a_command() {
    let mut world = World::new();
    let page = "<html><head><title>L'Aube \u{1b}[31m</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml?a=1&amp;b=it's\"></head>\
                <body><h1>L'Aube</h1><p>Bonjour</p></body></html>";
    world.source("aube.example", "", Answer::page(page));
    let told = troubled(&world, "aube", "not-a-feed");
    assert_eq!(told["document"]["kind"], "html");
    let announced = told["document"]["announced"][0].as_str().expect("an address");
    assert!(announced.starts_with("http://aube.example/rss.xml?a=1&b=it"), "{announced}");
    assert!(
        told["remedy"]
            .as_str()
            .expect("a command")
            .starts_with("griot edit aube 'url=http://aube.example/rss.xml"),
        "{told}"
    );
    let text = world.griot(["doctor", "aube"]).out;
    assert!(
        text.contains("announces http://aube.example/rss.xml") && !text.contains('\u{1b}'),
        "{text}"
    );
}

#[test]
fn a_host_that_asked_us_to_wait_is_not_asked() {
    let mut world = World::new();
    world.source("mur.example", "", Answer::status(429).with("Retry-After", "3600"));
    world.good(["fetch"]);
    assert_eq!(world.asked("mur.example").len(), 1);
    let told = troubled(&world, "mur", "throttled");
    assert!(told["detail"].as_str().expect("words").contains("not asked"), "{told}");
    assert_eq!(world.asked("mur.example").len(), 1);
}

#[test]
fn an_unknown_source_ends_with_2_and_a_suggestion() {
    let mut world = World::new();
    world.feed("courrier.example", good_feed("courrier.example"));
    let ran = world.griot(["doctor", "courier"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("no source is called `courier`") && ran.err.contains("did you mean `courrier`?"),
        "{}",
        ran.err
    );
    let far = world.griot(["doctor", "zzz"]);
    assert!(far.code == Some(2) && far.err.contains("griot list sources"), "{}", far.err);
}
