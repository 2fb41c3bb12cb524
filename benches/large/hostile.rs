//! Sources that cost more than their share: one with thousands of new guids at each visit, and one whose entries link to as many hosts.

use crate::entries::{Item, Newsroom, Subject, TOPICS, document, host, iso_date};
use crate::measure::{Desk, megabytes};
use crate::server::Server;
use crate::store::PUBLIC_ADDRESS;
use crate::vocabulary::Dice;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

const VISITS: usize = 20;
const NEW_GUIDS: usize = 10_000;
const HONEST_ENTRIES_PER_VISIT: usize = 2;
const LINKED_HOSTS: usize = 500;
const BEGIN: i64 = 1_793_534_400; // 2026-11-01, 12:00
const HOUR_SECONDS: i64 = 3600;

/// The numbers of the sources: both write French.
const HONEST: usize = 0;
const HOSTILE: usize = 1;

/// Writes the configuration of two sources with the defaults of griot, except that no request waits.
fn configure(desk: &Desk, server: &Server, article: &str) {
    fs::create_dir_all(&desk.folder).expect("a folder");
    let mut toml = String::from("[site]\ntitle = \"Hostile sources\"\nbase_url = \"https://feeds.example.org/\"\nout = \"public\"\n\n");
    toml.push_str("[fetch]\nhost_delay = \"0s\"\n");
    toml.push_str(&TOPICS.replace("ADDED", ""));
    let mut names = String::new();
    for source in [HONEST, HOSTILE] {
        let host = host(source);
        let _ = writeln!(
            toml,
            "\n[[source]]\nid = \"s{source:03}\"\nname = \"Outlet {source}\"\nurl = \"http://{host}/feed\""
        );
        let _ = writeln!(toml, "lang = \"fr\"\narticle = \"{article}\"");
        let _ = writeln!(names, "{host} {PUBLIC_ADDRESS} {}", server.address);
    }
    for linked in 0..LINKED_HOSTS {
        let _ = writeln!(names, "{} {PUBLIC_ADDRESS} {}", linked_host(linked), server.address);
    }
    fs::write(desk.path("feeds.toml"), toml).expect("feeds.toml");
    fs::write(desk.path("names"), names).expect("the table of names");
}

fn linked_host(number: usize) -> String {
    format!("p{number:03}.example")
}

/// Prints one line for each visit of a source with thousands of new guids, beside a source that brings two entries.
pub fn flood(folder: PathBuf, server: &Server, newsroom: &Newsroom) {
    let desk = Desk { folder };
    configure(&desk, server, "feed");
    println!(
        "\n{VISITS} visits of {NEW_GUIDS} new guids each, an hour apart, beside a source with {HONEST_ENTRIES_PER_VISIT} new entries a visit\n"
    );
    println!("| visit | CPU s | peak MB | database MB | of the honest source in the topic | items of the topic |");
    println!("|---|---|---|---|---|---|");
    let mut honest: Vec<Item> = Vec::new();
    for visit in 0..VISITS {
        let now = BEGIN + i64::try_from(visit).expect("a small number") * HOUR_SECONDS;
        let mut dice = Dice::new(3, now.unsigned_abs());
        for number in 0..HONEST_ENTRIES_PER_VISIT {
            honest.push(newsroom.item(&mut dice, HONEST, now - 1800, number, Subject::Politics));
        }
        let flood: Vec<Item> = (0..NEW_GUIDS)
            .map(|number| newsroom.item(&mut dice, HOSTILE, now - 60, number, Subject::Politics))
            .collect();
        server.feed(&host(HONEST), document(HONEST, &honest.iter().collect::<Vec<_>>()));
        server.feed(&host(HOSTILE), document(HOSTILE, &flood.iter().collect::<Vec<_>>()));
        let usage = desk.run(&iso_date(now), &["fetch", "--quiet", "--force"]);
        let (own, all) = topic_items(&desk);
        let (cpu, peak, size) = (usage.cpu.as_secs_f64(), megabytes(usage.peak), megabytes(desk.database_bytes()));
        println!(
            "| {} | {cpu:.2} | {peak:.0} | {size:.1} | {own} of {} | {all} |",
            visit + 1,
            honest.len()
        );
    }
}

/// Returns how many items of the first topic are the honest source's, and how many there are.
fn topic_items(desk: &Desk) -> (usize, usize) {
    let feed = fs::read(desk.path("public/sahel-politics.json")).expect("the topic's feed");
    let feed: serde_json::Value = serde_json::from_slice(&feed).expect("JSON");
    let items = feed["items"].as_array().expect("items");
    let prefix = format!("http://{}/", host(HONEST));
    let is_honest = |item: &&serde_json::Value| {
        ["url", "external_url"]
            .iter()
            .any(|key| item[key].as_str().is_some_and(|url| url.starts_with(&prefix)))
    };
    (items.iter().filter(is_honest).count(), items.len())
}

/// Prints one line for each run with a feed whose entries link to as many hosts.
pub fn many_hosts(folder: PathBuf, server: &Server, newsroom: &Newsroom) {
    let desk = Desk { folder };
    configure(&desk, server, "page");
    let mut dice = Dice::new(4, 0);
    let mut items: Vec<Item> = Vec::new();
    for linked in 0..LINKED_HOSTS {
        let mut item = newsroom.item(&mut dice, HOSTILE, BEGIN - 60, linked, Subject::Politics);
        item.link = format!("http://{}/{linked}", linked_host(linked));
        server.page(&linked_host(linked), item.page());
        items.push(item);
    }
    server.feed(&host(HONEST), document(HONEST, &[]));
    server.feed(&host(HOSTILE), document(HOSTILE, &items.iter().collect::<Vec<_>>()));
    println!("\nA feed of {LINKED_HOSTS} links to as many hosts, with `article = \"page\"`, an hour between the runs\n");
    println!("| run | CPU s | peak MB | pages requested |\n|---|---|---|---|");
    let mut before = server.page_requests();
    for run in 0..5 {
        let now = BEGIN + run * HOUR_SECONDS;
        let usage = desk.run(&iso_date(now), &["fetch", "--quiet", "--force"]);
        let pages = server.page_requests();
        println!(
            "| {} | {:.2} | {:.0} | {} |",
            run + 1,
            usage.cpu.as_secs_f64(),
            megabytes(usage.peak),
            pages - before
        );
        before = pages;
    }
}
