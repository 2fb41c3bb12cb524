//! The pages of stories: what they tell, how long they stay, and the pages of the whole site, which show stories of all topics.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::world::World;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const HOST: &str = "aube.example";
const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const TEN: &str = "Sun, 01 Mar 2026 10:00:00 GMT";

/// The text with something that somebody said.
fn ferry(price: &str) -> String {
    let said =
        "<p>« Le bac sera prêt avant la foire, et personne ne dormira plus sur la berge », a déclaré le maire de Dioro, Amadou Touré.</p>";
    format!("{}{said}", FERRY.replace("deux cents francs", price))
}

/// A world with a story that two outlets tell with one text, and another story.
fn world() -> World {
    let mut world = World::new();
    let first = [
        item("bac", "Mali : le bac de Dioro repart", NINE, &ferry("deux cents francs")),
        item("puits", "Mali : quarante puits à Nara", NINE, WELLS),
    ];
    world.source(HOST, "country = \"ML\"", Answer::feed(rss(HOST, "L'Aube", &first)));
    let second = [item(
        "bateau",
        "Le bac de Dioro reprend lundi au Mali",
        TEN,
        &ferry("deux cents francs"),
    )];
    world.feed("soir.example", rss("soir.example", "Le Soir", &second));
    world.succeed(["fetch"]);
    world
}

/// Returns the names of the pages of stories.
fn pages(world: &World) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = world.published_files().into_keys().collect();
    names.retain(|name| name.starts_with("story/"));
    names
}

/// Returns the page of the story whose item has this in its title.
fn page(world: &World, title: &str) -> String {
    let items = world.items("mali");
    let item = items
        .iter()
        .find(|item| item["title"].as_str().is_some_and(|own| own.contains(title)));
    let id = item.expect("an item")["_griot"]["story"].as_str().expect("an id").to_owned();
    world.published(&format!("story/{id}.html"))
}

#[test]
fn a_story_is_told_with_every_report_what_was_said_and_what_was_changed() {
    let mut world = world();
    let told = page(&world, "bac");
    for part in [
        "Mali : le bac de Dioro repart",
        "Le bac de Dioro reprend lundi au Mali",
        "href=\"http://soir.example/bateau\"",
        "<b><bdi>first</bdi></b>",
        "<b><bdi>copy of The aube</bdi></b>",
        "<time datetime=\"2026-03-01T09:00:00Z\">09:00</time>",
        "<blockquote lang=\"fr\" dir=\"auto\">Le bac sera prêt avant la foire, et personne ne dormira plus sur la berge</blockquote>",
        "<bdi>maire de Dioro, Amadou Touré</bdi>",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("<del>"), "{told}");
    let others = page(&world, "puits");
    world.now = "2026-03-01T15:00:00Z".to_owned();
    let corrected = [
        item("bac", "Mali : le bac de Dioro repart", NINE, &ferry("trois cents francs")),
        item("puits", "Mali : quarante puits à Nara", NINE, WELLS),
    ];
    world.source(HOST, "country = \"ML\"", Answer::feed(rss(HOST, "L'Aube", &corrected)));
    world.succeed(["fetch", "--force"]);
    let told = page(&world, "bac");
    assert!(told.contains("<del>deux</del> <ins>trois</ins>"), "{told}");
    assert!(
        told.contains("<b><bdi>Corrected Sunday 1 March 2026, 15:00 UTC</bdi></b>"),
        "{told}"
    );
    assert_eq!(page(&world, "puits"), others, "the other story has not changed");
}

#[test]
fn no_words_of_a_source_that_passes_on_links_are_quoted() {
    let mut world = world();
    world.settings = world.settings.replace("republish = \"full\"", "republish = \"link\"");
    world.succeed(["publish"]);
    let told = page(&world, "bac");
    assert!(!told.contains("<blockquote") && !told.contains("berge"), "{told}");
    assert!(told.contains("Le bac de Dioro reprend lundi au Mali"), "{told}");
}

#[test]
fn what_a_text_is_about_and_how_much_it_weighs_is_seen_on_the_pages_of_the_site() {
    let world = world();
    let region = world.published("region.html");
    assert!(region.contains("<a href=\"#ML\">Mali</a>"), "{region}");
    assert!(
        region.contains("<svg class=\"map\"") && region.contains("<section id=\"ML\">"),
        "{region}"
    );
    let about = world.published("about.html");
    assert!(
        about.contains("any: Mali") && about.contains("Sources: 2, of which 2 bring news."),
        "{about}"
    );
    for name in ["index.html", "region.html", "about.html"] {
        assert!(
            world.published(name).contains("href=\"mali.xml\"") || name != "index.html",
            "{name}"
        );
    }
    let index = world.published("index.html");
    for story in pages(&world) {
        assert!(index.contains(&format!("href=\"{story}\"")), "{story}: {index}");
    }
}

#[test]
fn a_rule_that_names_a_private_topic_is_not_told() {
    let mut world = world();
    world
        .topics
        .push_str("\n[[topic]]\nid = \"enquete\"\ntoken = \"sesame\"\nany = [\"bac\"]\n\n[[topic]]\nid = \"autre\"\nquery = \"topic:enquete puits\"\n");
    world.succeed(["publish"]);
    let about = world.published("about.html");
    assert!(
        about.contains("any: Mali") && about.contains("topic-autre") && !about.contains("enquete"),
        "{about}"
    );
}

#[test]
fn only_public_topics_have_pages_of_stories() {
    let mut world = World::new();
    world.topics = "[[topic]]\nid = \"enquete\"\ntoken = \"sesame\"\nquery = \"*\"\n".to_owned();
    world.feed(HOST, rss(HOST, "L'Aube", &[item("bac", "Le bac repart", NINE, FERRY)]));
    world.succeed(["fetch"]);
    assert_eq!(pages(&world), BTreeSet::new());
    for (name, bytes) in world.published_files() {
        assert!(!String::from_utf8_lossy(&bytes).contains("Le bac repart"), "{name}");
    }
}

#[test]
fn a_report_that_is_hidden_in_the_topic_is_told_on_no_page_of_it() {
    let world = world();
    let id = world.succeed(["list", "entries", "--json", "reprend"]).out;
    let entries: Vec<serde_json::Value> = id.lines().map(|line| serde_json::from_str(line).expect("an entry")).collect();
    let copy = entries.iter().find(|entry| entry["source"] == "soir").expect("the copy");
    world.succeed(["hide", copy["id"].as_str().expect("an id"), "--topic", "mali"]);
    let told = page(&world, "bac");
    assert!(
        !told.contains("soir.example") && told.contains("Mali : le bac de Dioro repart"),
        "{told}"
    );
}

#[test]
fn a_topic_that_merges_no_stories_has_a_page_of_each_entry() {
    let mut world = world();
    world.topics.push_str("stories = \"off\"\n");
    world.succeed(["publish"]);
    assert_eq!(pages(&world).len(), 3);
    let told = page(&world, "reprend lundi");
    assert!(told.contains("<b><bdi>copy of The aube</bdi></b>"), "{told}");
}

/// The page of the story of the ferry, which two topics hold; the first is `topics`.
const TWO_TOPICS: &str = "[[topic]]\nid = \"premier\"\ntitle = \"Premier\"\nany = [\"Dioro\"]\n";

#[test]
fn a_topic_that_is_public_no_more_is_named_on_no_page_of_a_story() {
    for end in ["token = \"sesame\"\n", "enabled = false\n"] {
        let mut world = world();
        let public = format!("{TWO_TOPICS}\n{}", world.topics);
        world.topics.clone_from(&public);
        world.succeed(["fetch"]);
        assert!(page(&world, "bac").contains("premier.html"));
        world.topics = public.replace("title = \"Premier\"\n", &format!("title = \"Premier\"\n{end}"));
        world.succeed(["fetch"]);
        let told = page(&world, "bac");
        assert!(
            told.contains("mali.html") && !told.contains("premier") && !told.contains("Premier"),
            "{told}"
        );
    }
}

#[test]
fn the_strictest_extent_holds_for_quotations_and_changes() {
    let said = "personne ne dormira";
    let mut by_topic = world();
    assert!(page(&by_topic, "bac").contains(said));
    by_topic.topics.push_str("body = \"link\"\n");
    by_topic.succeed(["fetch"]);
    assert!(!page(&by_topic, "bac").contains(said));
    // Of a source that is configured no longer nobody says how much may be passed on.
    let mut removed = world();
    let other = "<p>« Le port attend ses clients, et chacun répare sa pirogue », a déclaré le maire de Dioro, Amadou Touré.</p>";
    let told = [item(
        "nuit",
        "Le bac de Dioro repart, dit le maire",
        TEN,
        &format!("{FERRY}{other}"),
    )];
    removed.source(
        "nuit.example",
        "republish = \"link\"",
        Answer::feed(rss("nuit.example", "La Nuit", &told)),
    );
    removed.succeed(["fetch"]);
    let told = page(&removed, "bac");
    assert!(told.contains("nuit.example/nuit") && !told.contains("pirogue"), "{told}");
    removed.remove_source("nuit.example");
    removed.succeed(["fetch"]);
    assert!(!page(&removed, "bac").contains("pirogue"));
}

#[test]
fn the_page_of_a_story_that_left_the_feed_follows_the_configuration() {
    let mut world = World::new();
    world.topics.push_str("limit = 4\n");
    for day in 1..=6 {
        visit(&mut world, &format!("2026-03-{day:02}T12:00:00Z"), day);
    }
    let archived = || {
        pages(&world)
            .into_iter()
            .map(|name| world.published(&name))
            .find(|page| page.contains("Mali n3q"))
    };
    assert!(archived().is_some_and(|page| page.contains("mot3x1")));
    world.settings = world
        .settings
        .replace("Sahel desk", "Another desk")
        .replace("republish = \"full\"", "republish = \"link\"");
    world.succeed(["fetch"]);
    let archived = pages(&world)
        .into_iter()
        .map(|name| world.published(&name))
        .find(|page| page.contains("Mali n3q"));
    let archived = archived.expect("a page");
    assert!(archived.contains("Another desk") && !archived.contains("mot3x1"), "{archived}");
}

/// Returns a feed of two entries of a day, each with other words.
fn day_feed(day: usize) -> String {
    let mut items = String::new();
    for number in [2 * day, 2 * day + 1] {
        let words: Vec<String> = (0..40).map(|word| format!("mot{number}x{word}")).collect();
        write!(
            items,
            "<item><title>Mali n{number}q</title><guid isPermaLink=\"false\">{number}</guid><link>http://{HOST}/{number}</link>\
             <pubDate>{day:02} Mar 2026 06:00:00 GMT</pubDate><description>{}</description></item>",
            words.join(" ")
        )
        .expect("a string takes all");
    }
    format!("<rss version=\"2.0\"><channel><title>L'Aube</title><link>http://{HOST}/</link>{items}</channel></rss>")
}

fn visit(world: &mut World, now: &str, day: usize) {
    now.clone_into(&mut world.now);
    world.feed(HOST, day_feed(day));
    world.succeed(["fetch", "--force"]);
}

#[test]
fn a_story_that_left_the_feed_keeps_its_page_while_its_archive_is_young_and_not_hidden() {
    let mut world = World::new();
    world.topics.push_str("limit = 4\n");
    for day in 1..=6 {
        visit(&mut world, &format!("2026-03-{day:02}T12:00:00Z"), day);
    }
    assert_eq!(world.items("mali").len(), 4);
    let titles = |world: &World| -> BTreeSet<String> {
        let told = pages(world).into_iter().map(|name| world.published(&name));
        told.filter_map(|page| Some(page.split("<title>").nth(1)?.split(" ·").next()?.to_owned()))
            .collect()
    };
    let all: BTreeSet<String> = (2..14).map(|number| format!("Mali n{number}q")).collect();
    assert_eq!(titles(&world), all);
    let first = world.succeed(["list", "entries", "--json", "n2q"]).out;
    let first: serde_json::Value = serde_json::from_str(&first).expect("an entry");
    world.succeed(["hide", first["id"].as_str().expect("an id")]);
    let mut left = all.clone();
    left.remove("Mali n2q");
    assert_eq!(titles(&world), left, "what is hidden has no page");
    visit(&mut world, "2026-03-29T12:00:00Z", 28);
    left.extend(["Mali n56q".to_owned(), "Mali n57q".to_owned()]);
    assert_eq!(titles(&world), left);
    visit(&mut world, "2026-04-20T12:00:00Z", 30);
    let left = titles(&world);
    assert!(
        !left.contains("Mali n3q") && left.contains("Mali n57q") && left.contains("Mali n60q"),
        "{left:?}"
    );
}
