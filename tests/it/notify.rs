//! What is told outside: pings to a hub, webhooks and the health ping, each once, whenever the run is killed and whoever does not answer.

use crate::fake_web::{Answer, Request};
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::serve::serve;
use crate::world::{Finished, World};
use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use insta::assert_snapshot;
use serde_json::Value;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const FEEDS: [&str; 2] = ["aube.example", "bafing.example"];
const HOOK: &str = "hooks.example";
const HUB: &str = "hub.example";
const PUBLIC: &str = "93.184.216.34";

/// Returns a world of two feeds with three stories, whose topic has these keys.
fn world(keys: &str) -> World {
    let mut world = World::new();
    let ferry = item("bac", "Le bac <repart> & @channel", DATE, FERRY);
    let fair = item("foire", "La foire ouvre", DATE, FAIR);
    world.feed(FEEDS[0], rss(FEEDS[0], "L'Aube", &[ferry, fair]));
    world.feed(FEEDS[1], rss(FEEDS[1], "Bafing", &[item("puits", "Des puits", DATE, WELLS)]));
    for host in [HOOK, HUB] {
        world.set_address(host, PUBLIC);
    }
    for path in ["/griot", "/chat"] {
        world.web.answer(HOOK, path, Answer::new(200, "text/plain", "ok"));
    }
    world.web.answer(HUB, "/", Answer::new(202, "text/plain", ""));
    world.topics.push_str(keys);
    world
}

fn run(world: &World, arguments: &[&str]) -> Finished {
    let mut command = world.command(arguments.iter().copied());
    command.env("HOOK", "http://hooks.example/griot").env("HOOK_SECRET", "sesame");
    world.finished(&command.output().expect("griot starts"))
}

fn fetch(world: &World) -> Finished {
    let finished = run(world, &["fetch"]);
    assert_eq!(finished.code, Some(0), "{}{}", finished.out, finished.err);
    finished
}

fn told(world: &World) -> Vec<Request> {
    world.requests(HOOK)
}

fn json(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

fn titles(requests: &[Request]) -> BTreeSet<String> {
    requests
        .iter()
        .map(|request| json(request)["story"]["title"].as_str().unwrap_or_default().to_owned())
        .collect()
}

fn keys_of(requests: &[Request]) -> BTreeSet<String> {
    requests
        .iter()
        .map(|request| request.header("Idempotency-Key").expect("a key").to_owned())
        .collect()
}

const PLAIN: &str = "notify = [\"env:HOOK\"]\n";

#[test]
fn each_new_story_is_told_once_with_its_key() {
    let mut world = world(PLAIN);
    fetch(&world);
    let first = told(&world);
    assert_eq!((first.len(), titles(&first).len(), keys_of(&first).len()), (3, 3, 3));
    let ferry = first
        .iter()
        .map(json)
        .find(|body| body["story"]["link"] == "http://aube.example/bac")
        .expect("a story");
    let [id, guid, story] = [&ferry["id"], &ferry["story"]["guid"], &ferry["story"]["story"]].map(|text| text.as_str().expect("a text"));
    let text = serde_json::to_string_pretty(&ferry).expect("JSON");
    assert_snapshot!(text.replace(guid, "[GUID]").replace(id, "[ID]").replace(story, "[STORY]"), @r#"
    {
      "created": "2026-03-01T12:00:00Z",
      "event": "story",
      "id": "[ID]",
      "site": {
        "title": "Sahel desk"
      },
      "story": {
        "about": [
          {
            "country": "ML",
            "share": 1.0
          }
        ],
        "copies": 0,
        "first_published": "2026-03-01T12:00:00Z",
        "first_seen": "2026-03-01T12:00:00Z",
        "guid": "[GUID]",
        "independent": 1,
        "language": "fr",
        "link": "http://aube.example/bac",
        "more": 0,
        "outlet": {
          "id": "aube",
          "name": "The aube",
          "url": "http://aube.example/"
        },
        "published": "2026-03-01T09:00:00Z",
        "sources": [
          {
            "date": "2026-03-01T09:00:00Z",
            "id": "aube",
            "language": "fr",
            "name": "The aube",
            "title": "Le bac ‹repart> & @channel",
            "url": "http://aube.example/bac"
          }
        ],
        "story": "[STORY]",
        "summary": "Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port. Le passage coûtera deux cents francs pour une personne et mille pour…",
        "title": "Le bac ‹repart> & @channel",
        "updated": "2026-03-01T12:00:00Z"
      },
      "topic": {
        "id": "mali",
        "title": "Mali",
        "url": "https://feeds.example.org/mali.html"
      }
    }
    "#);
    // Nothing has changed.
    fetch(&world);
    world.now = "2026-03-01T14:00:00Z".to_owned();
    fetch(&world);
    assert_eq!(told(&world).len(), 3);
    // A correction is no new story, and a further report neither.
    let more = [
        item("bac", "Le bac repart lundi", DATE, FERRY),
        item("pont", "Un pont à Mopti, au Mali", "Sun, 01 Mar 2026 15:00:00 GMT", "<p>Mali.</p>"),
    ];
    world.feed(FEEDS[0], rss(FEEDS[0], "L'Aube", &more));
    world.now = "2026-03-01T16:00:00Z".to_owned();
    assert_eq!(run(&world, &["fetch", "--force"]).code, Some(0));
    let all = told(&world);
    assert_eq!(all.len(), 4);
    assert_eq!(json(&all[3])["story"]["title"], "Un pont à Mopti, au Mali");
    // A target that is new hears of none of them.
    world.topics = world.topics.replace("\"env:HOOK\"", "\"env:HOOK\", \"http://hooks.example/chat\"");
    fetch(&world);
    assert_eq!(told(&world).len(), 4);
    for name in ["griot.db", "griot.db-wal"] {
        let bytes = std::fs::read(world.path(name)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("hooks.example"), "no address is stored");
    }
}

#[test]
fn what_is_sent_is_signed() {
    let world = world("notify = [{ url = \"env:HOOK\", secret = \"env:HOOK_SECRET\" }]\n");
    fetch(&world);
    for request in told(&world) {
        let mac = |parts: &[&[u8]]| {
            let mut mac = Hmac::<Sha256>::new_from_slice(b"sesame").expect("a key");
            for part in parts {
                mac.update(part);
            }
            mac.finalize().into_bytes()
        };
        let hex = mac(&[&request.body])
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert_eq!(request.header("X-Hub-Signature-256"), Some(format!("sha256={hex}").as_str()));
        let id = request.header("webhook-id").expect("an id");
        assert_eq!(
            (request.header("Idempotency-Key"), json(&request)["id"].as_str()),
            (Some(id), Some(id))
        );
        let time = request.header("webhook-timestamp").expect("a time");
        assert_eq!(time, "1772366400", "2026-03-01T12:00:00Z");
        let signed = mac(&[id.as_bytes(), b".", time.as_bytes(), b".", &request.body]);
        let expected = format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(signed));
        assert_eq!(request.header("webhook-signature"), Some(expected.as_str()));
        assert_eq!(
            (request.method.as_str(), request.header("Content-Type")),
            ("POST", Some("application/json"))
        );
    }
    assert_eq!(told(&world).len(), 3);
}

#[test]
fn a_kill_at_any_moment_loses_nothing_and_repeats_no_key() {
    // While it gathers, while the first story is under way, and while the second is.
    for (host, path, count) in [(FEEDS[0], "/feed", 1), (HOOK, "/griot", 1), (HUB, "/", 1)] {
        let world = world("notify = [\"env:HOOK\"]\nhub = \"http://hub.example/\"\n");
        let script = world.web.replace(host, path, Answer::hang());
        let mut command = world.command(["fetch"]);
        command
            .env("HOOK", "http://hooks.example/griot")
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut running = crate::world::RunningCommand::of(command.spawn().expect("griot starts"));
        world.web.wait_for(count, |request| request.host == host && request.path == path);
        running.signal("KILL");
        running.end(&world);
        world.web.answer(host, path, script.expect("it is scripted"));
        fetch(&world);
        fetch(&world);
        let all = told(&world);
        assert_eq!((titles(&all).len(), keys_of(&all).len()), (3, 3), "{host}");
        // Only what was under way came twice, with the same key.
        assert!((3..=4).contains(&all.len()), "{host}: {}", all.len());
        let pings = world.requests(HUB).len();
        assert!((3..=4).contains(&pings), "{host}: {pings}");
    }
}

#[test]
fn a_target_that_fails_is_tried_later_and_holds_back_no_other() {
    let mut world = world("notify = [\"env:HOOK\", \"http://dead.example/x\", \"http://hooks.example/chat\"]\n");
    // The name is not in the table: it cannot be looked up.
    world.web.answer(HOOK, "/griot", Answer::status(503).with("Retry-After", "600"));
    fetch(&world);
    let paths = |path: &str| told(&world).into_iter().filter(|request| request.path == path).count();
    assert_eq!((paths("/griot"), paths("/chat")), (1, 3), "in order: the first failure ends it");
    let problems = run(&world, &["status", "--problems"]).out;
    assert!(
        problems.contains("notify hooks.example (mali): delivery-waits: 0 given up, 1 waiting"),
        "{problems}"
    );
    assert!(
        problems.contains("status 503") && problems.contains("notify dead.example"),
        "{problems}"
    );
    world.web.answer(HOOK, "/griot", Answer::new(204, "text/plain", ""));
    world.now = "2026-03-01T12:09:59Z".to_owned();
    fetch(&world);
    assert_eq!(
        told(&world).iter().filter(|request| request.path == "/griot").count(),
        1,
        "Retry-After holds"
    );
    world.now = "2026-03-01T12:10:00Z".to_owned();
    fetch(&world);
    assert_eq!(told(&world).iter().filter(|request| request.path == "/griot").count(), 4);
    assert_eq!(keys_of(&told(&world)).len(), 6);
    // The one that never answers is given up after three days.
    world.now = "2026-03-04T12:30:00Z".to_owned();
    fetch(&world);
    let problems = run(&world, &["status", "--problems"]).out;
    assert!(
        problems.contains("notify dead.example (mali): undelivered: 3 given up, 0 waiting"),
        "{problems}"
    );
    let lines = run(&world, &["--json", "status", "--problems"]).out;
    assert!(lines.contains("\"code\":\"undelivered\""), "{lines}");
}

#[test]
fn a_new_topic_tells_no_history() {
    let mut world = world(PLAIN);
    let old = item("vieux", "Une vieille histoire", "Thu, 26 Feb 2026 09:00:00 GMT", "<p>Mali.</p>");
    world.feed(FEEDS[1], rss(FEEDS[1], "Bafing", &[old]));
    fetch(&world);
    assert_eq!(
        titles(&told(&world)),
        BTreeSet::from(["La foire ouvre".to_owned(), "Le bac ‹repart> & @channel".to_owned()])
    );
}

#[test]
fn stories_beyond_the_limit_are_counted() {
    let mut world = world(
        "notify = [\"env:HOOK\", { url = \"http://hooks.example/chat\", format = \"mattermost\" }]\nlimit = 100\nmax_share = \"100%\"\n",
    );
    let mut xml = rss(FEEDS[1], "Bafing", &[]).replace("</channel></rss>\n", "");
    for number in 0..30 {
        write!(
            xml,
            "<item><title>Mali {number} w{number}a w{number}b w{number}c</title><link>http://{}/{number}</link><guid>{number}</guid><pubDate>{DATE}</pubDate>\
             <description>z{number}a z{number}b z{number}c z{number}d z{number}e</description></item>",
            FEEDS[1]
        )
        .expect("a string takes all");
    }
    world.feed(FEEDS[1], xml + "</channel></rss>\n");
    fetch(&world);
    let all = told(&world);
    let (web, chat): (Vec<Request>, Vec<Request>) = all.into_iter().partition(|request| request.path == "/griot");
    assert_eq!((web.len(), chat.len()), (21, 21));
    let last = json(&web[20]);
    assert_eq!((&last["event"], &last["summary"]["stories"]), (&"summary".into(), &12.into()));
    assert_eq!(
        json(&chat[20])["text"],
        "Mali · <https://feeds.example.org/mali.html|12 more stories>"
    );
}

#[test]
fn chat_gets_a_text_without_mentions() {
    let world = world("notify = [{ url = \"http://hooks.example/chat\", format = \"slack\" }]\nlanguage = \"fr\"\n");
    fetch(&world);
    let texts: BTreeSet<String> = told(&world)
        .iter()
        .map(|request| json(request)["text"].as_str().expect("a text").to_owned())
        .collect();
    let text = texts.into_iter().collect::<Vec<_>>().join("\n\n").replace('\u{200b}', "[ZWSP]");
    assert_snapshot!(text, @r#"
    <http://aube.example/bac|Le bac ‹repart&gt; &amp; @[ZWSP]channel>
    The aube · 2026-03-01 09:00 UTC · Mali
    Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port. Le passage coûtera deux cents francs pour une personne et mille pour…

    <http://aube.example/foire|La foire ouvre>
    The aube · 2026-03-01 09:00 UTC · Mali
    La foire du livre de Sikasso ouvre vendredi avec soixante maisons du Mali et des pays voisins. Les écoles recevront des bons d'achat, et douze auteurs liront leurs textes dans la cour du lycée. Les organisateurs attendent huit mille visiteurs en trois jours. L'an dernier, une tempête de sable avait…

    <http://bafing.example/puits|Des puits>
    The bafing · 2026-03-01 09:00 UTC · Mali
    Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages par tirage au sort, devant les chefs de quartier et une délégation des éleveurs. Chaque puits aura une pompe à main et une clôture contre le bétail. Les travaux…
    "#);
}

#[test]
fn a_hub_is_told_of_changed_feeds_only() {
    let mut world = world("hub = \"http://hub.example/\"\n");
    fetch(&world);
    let pings = |world: &World| -> Vec<String> {
        let bodies = world
            .requests(HUB)
            .into_iter()
            .map(|request| String::from_utf8(request.body).expect("text"));
        bodies.collect()
    };
    assert_snapshot!(pings(&world).join("\n"), @r#"
    hub.mode=publish&hub.url=https%3A%2F%2Ffeeds.example.org%2Fmali.xml&hub.topic=https%3A%2F%2Ffeeds.example.org%2Fmali.xml
    hub.mode=publish&hub.url=https%3A%2F%2Ffeeds.example.org%2Fmali.atom.xml&hub.topic=https%3A%2F%2Ffeeds.example.org%2Fmali.atom.xml
    hub.mode=publish&hub.url=https%3A%2F%2Ffeeds.example.org%2Fmali.json&hub.topic=https%3A%2F%2Ffeeds.example.org%2Fmali.json
    "#);
    for file in ["mali.xml", "mali.atom.xml", "mali.json"] {
        assert!(world.published(file).contains("http://hub.example/"), "{file}");
    }
    assert!(
        world
            .published("mali.xml")
            .contains("<atom:link href=\"http://hub.example/\" rel=\"hub\"")
    );
    assert!(
        world
            .published("mali.atom.xml")
            .contains("<link rel=\"hub\" href=\"http://hub.example/\"/>")
    );
    assert!(
        world
            .published("mali.json")
            .contains("\"hubs\":[{\"type\":\"WebSub\",\"url\":\"http://hub.example/\"}]")
    );
    world.now = "2026-03-01T14:00:00Z".to_owned();
    fetch(&world);
    run(&world, &["publish"]);
    fetch(&world);
    assert_eq!(pings(&world).len(), 3, "no byte has changed");
    // A hub that is down is told once, of all changes.
    world.web.answer(HUB, "/", Answer::status(500));
    for (hour, title) in [(16, "Un pont au Mali"), (18, "Un marché au Mali")] {
        world.feed(
            FEEDS[1],
            rss(
                FEEDS[1],
                "Bafing",
                &[item("puits", "Des puits", DATE, WELLS), item("neuf", title, DATE, "<p>Mali.</p>")],
            ),
        );
        world.now = format!("2026-03-01T{hour}:00:00Z");
        fetch(&world);
    }
    world.web.answer(HUB, "/", Answer::new(204, "text/plain", ""));
    let before = pings(&world).len();
    world.now = "2026-03-02T16:00:00Z".to_owned();
    fetch(&world);
    assert_eq!(pings(&world).len() - before, 3);
    let served = serve(&world, &["--no-fetch"]);
    let links = |path: &str| served.ask("GET", path, "").header("Link").to_owned();
    assert_eq!(
        links("/mali.atom.xml"),
        "<http://hub.example/>; rel=\"hub\", <https://feeds.example.org/mali.atom.xml>; rel=\"self\""
    );
    assert_eq!((links("/mali.html"), links("/health.xml")), (String::new(), String::new()));
}

#[test]
fn the_guard_holds_for_what_is_sent() {
    let mut world = world("notify = [\"http://metadata.example/x\", \"http://169.254.169.254/y\", \"http://inside.example/z\"]\n");
    world.set_address("metadata.example", "169.254.169.254");
    world.set_address("inside.example", "10.0.0.1");
    fetch(&world);
    let inside = |world: &World| world.web.requests().into_iter().filter(|request| request.method == "POST").count();
    assert_eq!(inside(&world), 0);
    let problems = run(&world, &["status", "--problems"]).out;
    assert_eq!(problems.matches("it is no public address").count(), 3, "{problems}");
    world.web.answer("inside.example", "/z", Answer::new(200, "text/plain", ""));
    world.settings.push_str("allow_networks = [\"10.0.0.0/8\", \"169.254.0.0/16\"]\n");
    world.now = "2026-03-01T14:00:00Z".to_owned();
    fetch(&world);
    assert_eq!(world.requests("inside.example").len(), 3);
    assert_eq!(inside(&world), 3, "link-local addresses are never asked");
}

/// Returns a world in which two owners tell one story.
fn alerting(keys: &str) -> World {
    let mut world = world(&format!("alert = {{ sources = 2, within = \"1h\" }}\n{keys}"));
    let recent = "Sun, 01 Mar 2026 11:30:00 GMT";
    // The same words in another order: a report of the same event, and no copy.
    let other: String = FERRY.split(' ').rev().flat_map(|word| [word, " "]).collect();
    for (host, owner, title, text) in [
        (FEEDS[0], "A", "Mali : le bac de Dioro reprend", FERRY),
        (FEEDS[1], "B", "À Dioro, au Mali, le bac a repris", &other),
    ] {
        let feed = rss(host, host, &[item("bac", title, recent, text)]);
        world.source(host, &format!("owner = \"{owner}\""), Answer::feed(feed));
    }
    world
}

#[test]
fn an_alert_is_told_once() {
    let world = alerting("notify = [{ url = \"env:HOOK\", on = \"alert\" }]\n");
    fetch(&world);
    fetch(&world);
    let all = told(&world);
    assert_eq!(all.len(), 1, "{:?}", all.iter().map(json).collect::<Vec<_>>());
    let body = json(&all[0]);
    assert_eq!((&body["event"], &body["alert"]["sources"]), (&"alert".into(), &2.into()));
    assert_eq!(body["alert"]["owners"], serde_json::json!(["A", "B"]));
    assert_eq!(body["story"]["sources"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_target_that_is_new_hears_of_no_former_alert() {
    let mut world = alerting("");
    fetch(&world);
    assert!(world.dump().contains("\"kind\":\"alert\""));
    world.topics.push_str("notify = [{ url = \"env:HOOK\", on = \"alert\" }]\n");
    fetch(&world);
    assert_eq!(told(&world).len(), 0);
}

#[test]
fn no_word_of_the_text_is_sent_where_only_the_link_may_be() {
    let mut world = world(PLAIN);
    world.settings = world.settings.replace("republish = \"full\"", "republish = \"link\"");
    fetch(&world);
    for request in told(&world) {
        let text = String::from_utf8(request.body).expect("text");
        assert!(
            !text.contains("summary") && !text.contains("Dioro") && !text.contains("Nara"),
            "{text}"
        );
    }
}

#[test]
fn what_the_environment_lacks_is_an_error() {
    let world = world("notify = [{ url = \"env:HOOK\", secret = \"env:HOOK_SECRET\" }]\n");
    let checked = world.griot(["check"]);
    assert_eq!(checked.code, Some(78));
    assert!(
        checked.err.contains("HOOK is missing or empty") && checked.err.contains("HOOK_SECRET is missing or empty"),
        "{}",
        checked.err
    );
    assert_eq!(run(&world, &["check"]).code, Some(0));
}

#[test]
fn the_daemon_tells_beside_its_runs() {
    let mut world = world("notify = [\"http://hooks.example/griot\"]\n");
    world.web.answer(HOOK, "/griot", Answer::new(200, "text/plain", ""));
    world.settings.push_str("[report]\nping = \"http://hooks.example/monitor\"\n");
    let served = serve(&world, &[]);
    world.web.wait_for(3, |request| request.host == HOOK && request.path == "/griot");
    world.web.wait_for(1, |request| request.path == "/monitor/0");
    drop(served);
    assert_eq!(
        keys_of(
            &told(&world)
                .into_iter()
                .filter(|request| request.path == "/griot")
                .collect::<Vec<_>>()
        )
        .len(),
        3
    );
}

#[test]
fn a_monitor_is_told_of_each_run() {
    let mut world = world("");
    world.set_address("monitor.example", PUBLIC);
    world
        .settings
        .push_str("[report]\nping = \"http://monitor.example/ping/uuid?rid=1\"\n");
    let pings = |world: &World| -> Vec<(String, String)> {
        let all = world.requests("monitor.example").into_iter();
        all.map(|request| (request.path, String::from_utf8(request.body).expect("text")))
            .collect()
    };
    fetch(&world);
    let text = |path: &str, body: &str| (path.to_owned(), body.to_owned());
    let line = "2 sources due, 2 with news, 0 unchanged, 0 failed, 0 left; 3 new entries, 3 new stories";
    assert_eq!(
        pings(&world),
        [text("/ping/uuid/start?rid=1", ""), text("/ping/uuid/0?rid=1", line)]
    );
    // The flag goes before the key, and a run that cannot begin is told too.
    world.topics.push_str("colour = \"red\"\n");
    let ended = run(&world, &["fetch", "--ping", "http://monitor.example/other"]);
    assert_eq!(ended.code, Some(78));
    let all = pings(&world);
    assert_eq!((all.len(), all[2].0.as_str(), all[3].0.as_str()), (4, "/other/start", "/other/78"));
    assert!(all[3].1.contains("unknown key `colour`"), "{}", all[3].1);
}

#[test]
fn a_private_topic_tells_its_webhook_and_no_token() {
    let mut world = world("");
    world
        .topics
        .push_str("\n[[topic]]\nid = \"enquete\"\ntitle = \"Enquête\"\nany = [\"Mali\"]\ntoken = \"t0ken\"\nnotify = [\"env:HOOK\"]\n");
    fetch(&world);
    let all = told(&world);
    assert_eq!(all.len(), 3);
    for request in all {
        let body = json(&request);
        assert_eq!((&body["topic"]["id"], &body["topic"]["url"]), (&"enquete".into(), &Value::Null));
        assert!(!body.to_string().contains("t0ken"));
    }
}
