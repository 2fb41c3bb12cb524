//! How many hosts one source may lead to with the links of its feed.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS};
use crate::world::World;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const HOST: &str = "aube.example";
const PUBLIC: &str = "93.184.216.34";

/// Returns a feed with an entry for each link.
fn feed(links: &[String]) -> String {
    let mut xml = "<rss version=\"2.0\"><channel><title>L'Aube</title>".to_owned();
    for link in links {
        let words = link.replace(['/', '.', ':'], " ");
        write!(
            xml,
            "<item><title>Nouvelles {words}</title><link>{link}</link><pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate>\
             <description>En bref du Mali : {words}</description></item>"
        )
        .expect("a string takes all");
    }
    xml + "</channel></rss>"
}

fn set_feed(world: &mut World, links: &[String]) {
    world.source(HOST, "article = \"page\"", Answer::feed(feed(links)));
}

/// Adds a host with this page.
fn add_page(world: &mut World, host: &str, path: &str) {
    world.set_address(host, PUBLIC);
    let text = format!("<html><body><article><h1>{host}{path}</h1>{FERRY}{WELLS}{FAIR}</article></body></html>");
    world.web.answer(host, path, Answer::page(text));
}

fn village(number: usize) -> String {
    format!("village-{number}.example")
}

/// Returns the hosts but the source's own that got a request since request number `from`.
fn asked(world: &World, from: usize) -> BTreeSet<String> {
    let requests = world.web.requests().into_iter().skip(from);
    requests.map(|request| request.host).filter(|host| !host.ends_with(HOST)).collect()
}

#[test]
fn a_source_leads_to_twenty_new_hosts_in_a_run() {
    let mut world = World::new();
    world.topics += "stories = \"off\"\nlimit = 100\n";
    let mut links: Vec<String> = (0..60).map(|number| format!("http://{}/a", village(number))).collect();
    for number in 0..60 {
        add_page(&mut world, &village(number), "/a");
        add_page(&mut world, &village(number), "/b");
    }
    for number in 0..5 {
        let own = format!("rubrique-{number}.{HOST}");
        add_page(&mut world, &own, "/a");
        links.push(format!("http://{own}/a"));
    }
    set_feed(&mut world, &links);
    world.succeed(["fetch"]);
    let first = asked(&world, 0);
    assert_eq!(first.len(), 20);
    for number in 0..5 {
        let own = world.requests(&format!("rubrique-{number}.{HOST}"));
        assert!(
            own.iter().any(|request| request.path == "/a"),
            "the source's own sites do not count"
        );
    }
    assert_eq!(world.items("mali").len(), 65, "the others are published with the feed's text");
    let stats = |key: &str| {
        let text = world.succeed(["--json", "db", "stats"]).out;
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")[key].clone()
    };
    assert_eq!(stats("articles"), 25);
    let mut known = first;
    for count in [40, 60] {
        let from = world.web.requests().len();
        world.succeed(["fetch"]);
        let more = asked(&world, from);
        assert!(more.len() == 20 && more.is_disjoint(&known), "{more:?}");
        known.extend(more);
        assert_eq!((known.len(), stats("articles")), (count, (count + 5).into()));
    }
    let links: Vec<String> = (0..60).map(|number| format!("http://{}/b", village(number))).collect();
    set_feed(&mut world, &links);
    world.now = "2026-03-01T18:00:00Z".to_owned();
    let from = world.web.requests().len();
    world.succeed(["fetch"]);
    assert_eq!(asked(&world, from).len(), 60, "known hosts do not count");
}

#[test]
fn the_targets_of_redirects_count_as_well() {
    let mut world = World::new();
    let links: Vec<String> = (0..25).map(|number| format!("http://{HOST}/aller-{number}")).collect();
    for number in 0..25 {
        let host = village(number);
        add_page(&mut world, &host, "/a");
        let to = format!("http://{host}/a");
        world.web.answer(HOST, &format!("/aller-{number}"), Answer::redirect(302, &to));
    }
    set_feed(&mut world, &links);
    let known = |world: &World| {
        let requests = world.web.requests().into_iter();
        let of_rules = requests.filter(|request| request.path == "/robots.txt" && !request.host.ends_with(HOST));
        of_rules.count()
    };
    world.succeed(["fetch"]);
    assert_eq!(known(&world), 20);
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(known(&world), 25, "the others were requested again after an hour");
    assert!(world.succeed(["--json", "db", "stats"]).out.contains("\"articles\":25"));
}
