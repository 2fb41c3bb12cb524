//! `griot doctor`: checks of the machine and of one source.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::world::{Finished, World};
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

fn json(ran: &Finished) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("no JSON: {}{}", ran.out, ran.err))
}

/// Runs `griot doctor ID`, which has to fail for this reason, and returns its report.
fn report_of_failure(world: &World, id: &str, reason: &str) -> Value {
    let ran = world.griot(["--json", "doctor", id]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let report = json(&ran);
    assert_eq!(report["reason"], reason, "{report}");
    assert_eq!(report["ok"], false);
    report
}

#[test]
fn a_machine_without_defects_passes_all_checks() {
    let mut world = World::new();
    world.feed("aube.example", good_feed("aube.example"));
    for _ in 0..2 {
        let ran = world.succeed(["--json", "doctor"]);
        let report = json(&ran);
        let checks = report["checks"].as_array().expect("checks");
        assert_eq!(report["ok"], true, "{report}");
        assert!(
            checks.len() >= 8 && checks.iter().all(|check| check["verdict"] != "fail"),
            "{report}"
        );
        assert!(world.web.requests().is_empty() || world.path("griot.db").exists());
        world.succeed(["fetch"]);
    }
    assert_eq!(world.succeed(["-q", "doctor"]).out, "");
    assert_eq!(world.requests("aube.example").len(), 1, "only the runs have sent requests");
}

#[test]
fn each_defect_of_the_machine_has_a_remedy() {
    let mut world = World::new();
    for host in ["aube.example", "bafing.example", "courrier.example"] {
        world.source(
            host,
            "headers = { X-Key = \"env:GRIOT_TEST_NOWHERE\" }",
            Answer::feed(good_feed(host)),
        );
    }
    assert_eq!(world.griot(["fetch"]).code, Some(3), "no source can be visited without the secret");
    world.now = "2026-02-01T12:00:00Z".to_owned();
    fs::remove_dir_all(world.out()).ok();
    fs::write(world.out(), "a file where the folder should be").expect("a file");
    let ran = world.griot(["--json", "doctor", "--resolve", "/dev/null"]);
    assert_eq!(ran.code, Some(1));
    let report = json(&ran);
    let verdict = |subject: &str| {
        let checks = report["checks"].as_array().expect("checks");
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
        assert_eq!(verdict(subject), (expected.to_owned(), expected != "ok"), "{subject}: {report}");
    }
    fs::write(world.path("griot.db"), vec![b'x'; 9000]).expect("a file");
    let damaged = json(&world.griot(["--json", "doctor"])).to_string();
    assert!(
        damaged.contains("\"check\":\"database\"") && damaged.contains("\"verdict\":\"fail\""),
        "{damaged}"
    );
}

#[test]
fn mistakes_in_the_configuration_are_a_failed_check() {
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
    world.succeed(["fetch"]);
    let dump = world.succeed(["status", "--json"]).out;
    let ran = world.succeed(["--json", "doctor", "aube"]);
    assert!(!ran.out.contains(SECRET), "{}", ran.out);
    let report = json(&ran);
    assert_eq!((&report["ok"], &report["reason"]), (&Value::Bool(true), &Value::Null));
    assert_eq!(report["document"]["entries"], 2);
    assert_eq!(report["document"]["newest"][0]["title"], "Des puits", "the newest first");
    assert_eq!(report["robots"]["status"], 200);
    assert_eq!(
        (&report["robots"]["feed_allowed"], &report["robots"]["page_allowed"]),
        (&Value::Bool(true), &Value::Bool(false))
    );
    assert_eq!(report["robots"]["crawl_delay_s"], 5.0);
    assert_eq!(report["steps"][0]["addresses"][0]["address"], "93.184.216.34");
    assert_eq!(report["steps"][1]["status"], 200);
    assert_eq!(report["schedule"]["due"], false, "it was fetched a moment ago");
    let text = world.succeed(["doctor", "aube"]).out;
    assert!(!text.contains(SECRET) && text.contains("x-key: [withheld]") && text.contains("authorization: [withheld]"));
    assert!(text.contains("verdict   ok: the feed is good, with 2 entries"), "{text}");
    let visit = &world.requests("aube.example")[1];
    assert_eq!(visit.header("X-Key"), Some(SECRET), "it is sent all the same");
    assert_eq!(world.succeed(["status", "--json"]).out, dump, "it counts as no visit");
}

#[test]
fn each_redirect_is_a_step() {
    let mut world = World::new();
    world.source("aube.example", "", Answer::redirect(301, "http://www.aube.example/rss"));
    world.set_address("www.aube.example", "93.184.216.35");
    world
        .web
        .answer("www.aube.example", "/rss", Answer::feed(good_feed("aube.example")));
    let report = json(&world.succeed(["--json", "doctor", "aube"]));
    let requests: Vec<_> = report["steps"]
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
        report["detail"]
            .as_str()
            .expect("words")
            .contains("moved for good to http://www.aube.example/rss"),
        "{report}"
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
    let report = report_of_failure(&world, "mur", "blocked");
    assert!(report["advice"].as_str().expect("advice").contains("write to the site"), "{report}");
    assert_eq!(report["remedy"], Value::Null, "no command but the one that runs");
}

#[test]
fn a_refused_address_is_shown_with_its_class_and_nothing_is_requested() {
    let mut world = World::new();
    world.feed("dedans.example", good_feed("dedans.example"));
    world.set_address("dedans.example", "10.1.2.3");
    let report = report_of_failure(&world, "dedans", "refused-address");
    assert!(
        report["steps"][0]["addresses"][0]["refusal"]
            .as_str()
            .expect("a refusal")
            .contains("private"),
        "{report}"
    );
    assert_eq!(world.web.requests().len(), 0, "not even for robots.txt");
    assert_eq!(report["robots"]["status"], Value::Null);
}

#[test]
fn a_page_that_announces_a_feed_suggests_it_with_a_command() {
    let mut world = World::new();
    let page = "<html><head><title>L'Aube \u{1b}[31m</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml?a=1&amp;b=it's\"></head>\
                <body><h1>L'Aube</h1><p>Bonjour</p></body></html>";
    world.source("aube.example", "", Answer::page(page));
    let report = report_of_failure(&world, "aube", "not-a-feed");
    assert_eq!(report["document"]["kind"], "html");
    let announced = report["document"]["announced"][0].as_str().expect("an address");
    assert!(announced.starts_with("http://aube.example/rss.xml?a=1&b=it"), "{announced}");
    assert!(
        report["remedy"]
            .as_str()
            .expect("a command")
            .starts_with("griot edit aube 'url=http://aube.example/rss.xml"),
        "{report}"
    );
    let text = world.griot(["doctor", "aube"]).out;
    assert!(
        text.contains("announces http://aube.example/rss.xml") && !text.contains('\u{1b}'),
        "{text}"
    );
}

#[test]
fn a_host_on_hold_is_not_visited() {
    let mut world = World::new();
    world.source("mur.example", "", Answer::status(429).with("Retry-After", "3600"));
    world.succeed(["fetch"]);
    assert_eq!(world.requests("mur.example").len(), 1);
    let report = report_of_failure(&world, "mur", "throttled");
    assert!(report["detail"].as_str().expect("words").contains("not asked"), "{report}");
    assert_eq!(world.requests("mur.example").len(), 1);
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

/// Returns the codes of the findings, and whether the command ended with 0.
fn published_findings(world: &World) -> (Vec<String>, bool) {
    let ran = world.griot(["--json", "doctor", "--published"]);
    let report = json(&ran);
    let checks = report["checks"].as_array().expect("checks").clone();
    let codes = checks.iter().map(|check| check["check"].as_str().expect("a word").to_owned());
    (codes.collect(), ran.code == Some(0))
}

#[test]
fn the_published_feeds_are_read_as_a_subscriber_reads_them() {
    const HOST: &str = "aube.example";
    let mut world = World::new();
    world.settings = world.settings.replace("base_url = \"https://feeds.example.org/\"\n", "");
    world.topics = world.topics.replace("any = [\"Mali\"]", "query = \"*\"");
    world.feed(HOST, good_feed(HOST));
    for path in ["/bac", "/puits"] {
        world.web.answer(HOST, path, Answer::page("<p>Le bac</p>"));
    }
    assert_eq!(
        published_findings(&world),
        (vec!["feed-missing".to_owned()], false),
        "nothing is published yet"
    );
    world.succeed(["fetch"]);
    assert_eq!(published_findings(&world), (vec!["published".to_owned()], true));
    let good = fs::read(world.out().join("mali.xml")).expect("a feed");
    fs::write(world.out().join("mali.xml"), &good[..good.len() / 2]).expect("a feed");
    assert_eq!(published_findings(&world), (vec!["feed-invalid".to_owned()], false));
    fs::remove_file(world.out().join("mali.xml")).expect("removed");
    assert_eq!(published_findings(&world), (vec!["feed-missing".to_owned()], false));
    world.succeed(["publish"]);
    // The page of an item is gone: the feed of the sources' health tells it too.
    world.web.replace(HOST, "/bac", Answer::status(410));
    assert_eq!(published_findings(&world), (vec!["dead-link".to_owned()], true));
    world.succeed(["publish"]);
    assert!(world.published("health.xml").contains("dead-link"));
    world.web.replace(HOST, "/bac", Answer::page("<p>Le bac</p>"));
    assert!(published_findings(&world).1);
    world.succeed(["publish"]);
    assert!(!world.published("health.xml").contains("dead-link"));
}

#[test]
fn what_base_url_serves_is_compared_with_what_was_published() {
    const HOST: &str = "aube.example";
    const DESK: &str = "desk.example";
    let mut world = World::new();
    world.feed(HOST, good_feed(HOST));
    for path in ["/bac", "/puits"] {
        world.web.answer(HOST, path, Answer::page("<p>Le bac</p>"));
    }
    world.topics = world.topics.replace("any = [\"Mali\"]", "query = \"*\"");
    world.set_address(DESK, "93.184.216.34");
    world.succeed(["fetch"]);
    let (codes, _) = published_findings(&world);
    assert_eq!(codes, ["feed-unreachable"], "the folder is read instead");
    world.settings = world.settings.replace("https://feeds.example.org/", &format!("http://{DESK}/"));
    world.succeed(["publish"]);
    for (name, bytes) in world.files() {
        let kind = if name.rsplit('.').next() == Some("json") {
            "application/feed+json"
        } else {
            "application/xml"
        };
        let answer = Answer::new(200, kind, bytes).validated("\"1\"", "Sun, 01 Mar 2026 12:00:00 GMT");
        world.web.answer(DESK, &format!("/{name}"), answer);
    }
    assert_eq!(published_findings(&world), (vec!["published".to_owned()], true));
    let older = world.published("mali.xml").replace("Le bac repart", "Le bac part");
    world.web.replace(DESK, "/mali.xml", Answer::new(200, "text/plain", older));
    let (codes, is_good) = published_findings(&world);
    assert_eq!(
        (codes, is_good),
        (["feed-stale", "feed-type", "feed-uncached"].map(str::to_owned).to_vec(), false)
    );
    world.web.replace(DESK, "/mali.xml", Answer::status(404));
    assert_eq!(published_findings(&world), (vec!["feed-missing".to_owned()], false));
}
