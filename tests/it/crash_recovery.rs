//! What was fetched is never lost: after kill -9 at any moment, the next run leads to the same database and output.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const FEEDS: [&str; 3] = ["aube.example", "bafing.example", "courrier.example"];
/// All requests of a run of this world: host and path.
const ADDRESSES: [(&str, &str); 6] = [
    (FEEDS[0], "/feed"),
    (FEEDS[1], "/feed"),
    (FEEDS[2], "/feed"),
    (FEEDS[0], "/bac"),
    (FEEDS[0], "/foire"),
    (FEEDS[2], "/puits"),
];

fn world() -> World {
    let mut world = World::new();
    let teaser = "<p>Au Mali, la suite sur notre site.</p>";
    let feeds = [
        vec![
            item("bac", "Le bac repart", DATE, teaser),
            item("foire", "La foire ouvre", DATE, "<p>Sikasso, Mali.</p>"),
        ],
        vec![
            item("puits", "Des puits", DATE, WELLS),
            item("bac", "On traverse à Dioro", DATE, FERRY),
        ],
        vec![item(
            "puits",
            "Nara aura de l'eau",
            "Sun, 01 Mar 2026 10:00:00 GMT",
            "<p>Nara, Mali : lire.</p>",
        )],
    ];
    for (host, items) in FEEDS.iter().zip(feeds) {
        let keys = if *host == FEEDS[1] { "" } else { "article = \"page\"" };
        world.source(host, keys, Answer::feed(rss(host, host, &items)));
    }
    for (host, path, body) in [(FEEDS[0], "/bac", FERRY), (FEEDS[0], "/foire", FAIR), (FEEDS[2], "/puits", WELLS)] {
        let page =
            format!("<html lang=\"fr\"><head><title>{path}</title></head><body><article><h1>{path}</h1>{body}</article></body></html>");
        world.web.answer(host, path, Answer::page(page));
    }
    world
}

#[test]
fn a_run_after_a_kill_at_any_request_completes_the_result() {
    let undisturbed = world();
    undisturbed.succeed(["fetch"]);
    let (dump, published) = (undisturbed.dump(), undisturbed.published_files());
    assert!(dump.lines().count() > 10 && undisturbed.items("mali").len() == 3);
    for (host, path) in ADDRESSES {
        let world = world();
        let script = world.web.replace(host, path, Answer::hang());
        let mut run = world.spawn(["fetch"]);
        world.web.wait_for(1, |request| request.host == host && request.path == path);
        run.signal("KILL");
        assert_eq!(run.end(&world).code, None, "it was killed");
        world.web.answer(host, path, script.expect("it is scripted"));
        world.succeed(["fetch"]);
        assert!(world.dump() == dump, "{host}{path}: {}", world.dump());
        assert!(world.published_files() == published, "{host}{path}");
    }
}

#[test]
fn a_run_after_a_kill_while_writing_completes_the_result() {
    let undisturbed = world();
    undisturbed.succeed(["fetch"]);
    let (dump, published) = (undisturbed.dump(), undisturbed.published_files());
    for file in [
        "griot.db",
        "public",
        "public/.griot-manifest.json",
        "public/mali.xml",
        "public/feed.css",
    ] {
        let world = world();
        let mut run = world.spawn(["fetch"]);
        // The run may end before the file is seen: the kill then has no effect, and the result must be the same.
        while !world.path(file).exists() && run.child().try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        let _ = run.child().kill();
        run.end(&world);
        world.succeed(["fetch"]);
        assert!(world.dump() == dump, "{file}");
        assert!(world.published_files() == published, "{file}");
        let leftovers: Vec<String> = world.files().into_keys().filter(|name| !published.contains_key(name)).collect();
        assert_eq!(leftovers, [".griot-manifest.json"], "{file}: no temporary file is left");
    }
}

#[test]
fn a_killed_run_leaves_no_lock() {
    let world = world();
    world.web.answer(FEEDS[0], "/feed", Answer::hang());
    let mut run = world.spawn(["fetch"]);
    world.web.wait_for(1, |request| request.host == FEEDS[0]);
    assert_eq!(world.griot(["fetch"]).code, Some(75), "it runs");
    run.signal("KILL");
    run.end(&world);
    assert_eq!(world.griot(["publish"]).code, Some(0));
}

#[test]
fn a_change_that_was_fetched_before_the_kill_is_composed_after_it() {
    let changed_world = || {
        let mut world = world();
        let race = item("race", "A race", DATE, "<p>Nothing of the region.</p>");
        world.feed("dunes.example", rss("dunes.example", "Dunes", &[race]));
        world.succeed(["fetch"]);
        let race = item("race", "A race in Mali", DATE, "<p>Now it is of Mali.</p>");
        world.feed("dunes.example", rss("dunes.example", "Dunes", &[race]));
        world.now = "2026-03-01T15:00:00Z".to_owned();
        world
    };
    let undisturbed = changed_world();
    undisturbed.succeed(["fetch"]);
    assert_eq!(undisturbed.items("mali").len(), 4);
    let world = changed_world();
    let script = world.web.replace(FEEDS[0], "/feed", Answer::hang());
    let mut run = world.spawn(["fetch", "dunes", "aube"]);
    world.web.wait_for(2, |request| request.host == FEEDS[0] && request.path == "/feed");
    // The other feed is stored as soon as its entry can be listed.
    while !world.succeed(["list", "entries", "A race in Mali"]).out.contains("Mali") {
        assert!(run.child().try_wait().expect("a child").is_none(), "it hangs");
    }
    run.signal("KILL");
    run.end(&world);
    world.web.answer(FEEDS[0], "/feed", script.expect("it is scripted"));
    world.succeed(["fetch"]);
    assert!(world.dump() == undisturbed.dump(), "{}", world.dump());
    assert!(world.published_files() == undisturbed.published_files());
}
