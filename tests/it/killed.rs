//! What was fetched is never lost: kill -9 at any moment, run again, and nobody can tell.

use crate::news::{FAIR, FERRY, WELLS, item, rss};
use crate::web::Answer;
use crate::world::World;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const FEEDS: [&str; 3] = ["aube.example", "bafing.example", "courrier.example"];
/// Everything that a run of this world asks for.
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
    let told = [
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
    for (host, items) in FEEDS.iter().zip(told) {
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
fn killed_at_any_request_a_second_run_makes_it_whole() {
    let calm = world();
    calm.good(["fetch"]);
    let (dump, told) = (calm.dump(), calm.told());
    assert!(dump.lines().count() > 10 && calm.items("mali").len() == 3);
    for (host, path) in ADDRESSES {
        let world = world();
        let script = world.web.replace(host, path, Answer::hang());
        let mut run = world.spawn(["fetch"]);
        world.web.wait_for(1, |asked| asked.host == host && asked.path == path);
        run.signal("KILL");
        assert_eq!(run.end(&world).code, None, "it was killed");
        world.web.answer(host, path, script.expect("it is scripted"));
        world.good(["fetch"]);
        assert!(world.dump() == dump, "{host}{path}: {}", world.dump());
        assert!(world.told() == told, "{host}{path}");
    }
}

#[test]
fn killed_while_it_writes_a_second_run_makes_it_whole() {
    let calm = world();
    calm.good(["fetch"]);
    let (dump, told) = (calm.dump(), calm.told());
    for sign in [
        "griot.db",
        "public",
        "public/.griot-manifest.json",
        "public/mali.xml",
        "public/feed.css",
    ] {
        let world = world();
        let mut run = world.spawn(["fetch"]);
        // A run that is over before the sign is seen proves no less.
        while !world.path(sign).exists() && run.child().try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        let _ = run.child().kill();
        run.end(&world);
        world.good(["fetch"]);
        assert!(world.dump() == dump, "{sign}");
        assert!(world.told() == told, "{sign}");
        let strangers: Vec<String> = world.files().into_keys().filter(|name| !told.contains_key(name)).collect();
        assert_eq!(strangers, [".griot-manifest.json"], "{sign}: nothing half written is left");
    }
}

#[test]
fn a_killed_run_leaves_no_lock() {
    let world = world();
    world.web.answer(FEEDS[0], "/feed", Answer::hang());
    let mut run = world.spawn(["fetch"]);
    world.web.wait_for(1, |asked| asked.host == FEEDS[0]);
    assert_eq!(world.griot(["fetch"]).code, Some(75), "it runs");
    run.signal("KILL");
    run.end(&world);
    assert_eq!(world.griot(["publish"]).code, Some(0));
}

#[test]
fn a_change_that_was_fetched_before_the_kill_is_judged_after_it() {
    let begun = || {
        let mut world = world();
        let race = item("race", "A race", DATE, "<p>Nothing of the region.</p>");
        world.feed("dunes.example", rss("dunes.example", "Dunes", &[race]));
        world.good(["fetch"]);
        let race = item("race", "A race in Mali", DATE, "<p>Now it is of Mali.</p>");
        world.feed("dunes.example", rss("dunes.example", "Dunes", &[race]));
        world.now = "2026-03-01T15:00:00Z".to_owned();
        world
    };
    let calm = begun();
    calm.good(["fetch"]);
    assert_eq!(calm.items("mali").len(), 4);
    let world = begun();
    let script = world.web.replace(FEEDS[0], "/feed", Answer::hang());
    let mut run = world.spawn(["fetch", "dunes", "aube"]);
    world.web.wait_for(2, |asked| asked.host == FEEDS[0] && asked.path == "/feed");
    // The other feed is known to be in when a look at the store shows it.
    while !world.good(["list", "entries", "A race in Mali"]).out.contains("Mali") {
        assert!(run.child().try_wait().expect("a child").is_none(), "it hangs");
    }
    run.signal("KILL");
    run.end(&world);
    world.web.answer(FEEDS[0], "/feed", script.expect("it is scripted"));
    world.good(["fetch"]);
    assert!(world.dump() == calm.dump(), "{}", world.dump());
    assert!(world.told() == calm.told());
}
