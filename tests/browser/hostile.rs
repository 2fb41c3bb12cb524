//! Outlets that try to run a script in the reader's browser, to have it request something, or to cover the page: by titles, texts, quotations, authors,
//! categories, links, pictures, and the names of sources.

use crate::newsroom::{Item, Outlet};
use std::net::SocketAddr;

/// One payload a line. `ACTION` is the script that must not run, `CANARY` the server that must get no request.
const PAYLOADS: &str = include_str!("payloads.txt");
/// It leaves four marks: a global name, the page's title, a request and a dialogue. It has no space, so that it stands in attributes without quotation marks.
const ACTION: &str = "window.__xss=1,document.title='xss',fetch('http://CANARY/ran'),alert(1)";
/// Addresses of entries and pictures. An empty one stands for an ordinary link.
const ADDRESSES: &[&str] = &[
    "",
    "javascript:ACTION",
    "",
    "data:text/html,<script>ACTION</script>",
    "",
    "HOST/\" onmouseover=\"ACTION\" x=\"",
    "",
    "HOST/'><script>ACTION</script>",
    "",
    " java\tscript:ACTION",
    "",
    "HOST/?q=</a><img src=x onerror=ACTION>",
];
const ITEMS_PER_OUTLET: usize = 13;

/// Returns the payloads, with the address of the server that must get no request.
pub fn payloads(canary: SocketAddr) -> Vec<String> {
    PAYLOADS.lines().map(|line| armed(line, canary)).collect()
}

fn armed(text: &str, canary: SocketAddr) -> String {
    text.replace("ACTION", ACTION).replace("CANARY", &canary.to_string())
}

/// Returns outlets that send every payload once in each place.
pub fn outlets(canary: SocketAddr, corrected: bool) -> Vec<Outlet> {
    let items: Vec<Item> = payloads(canary)
        .iter()
        .enumerate()
        .map(|(number, payload)| item(number, payload, canary, corrected))
        .collect();
    let mut items = items.into_iter();
    let names = payloads(canary);
    (0..names.len().div_ceil(ITEMS_PER_OUTLET))
        .map(|number| Outlet {
            id: format!("hostile-{number}"),
            name: names[number * ITEMS_PER_OUTLET].clone(),
            keys: String::new(),
            title: names[number].clone(),
            items: items.by_ref().take(ITEMS_PER_OUTLET).collect(),
        })
        .collect()
}

/// Returns an item with words of its own, so that it is no copy of another. Some are corrected at the second visit: a page of theirs shows what was
/// removed and added.
fn item(number: usize, payload: &str, canary: SocketAddr, corrected: bool) -> Item {
    let host = format!("http://hostile-{}.example", number / ITEMS_PER_OUTLET);
    let address = armed(ADDRESSES[number % ADDRESSES.len()], canary).replace("HOST", &host);
    let words: Vec<String> = (0..40).map(|word| format!("mot{number}x{word}")).collect();
    let words = words.join(" ");
    let shown = payload.replace('&', "&amp;").replace('<', "&lt;");
    let change = if corrected && number.is_multiple_of(3) {
        shown.as_str()
    } else {
        "rien"
    };
    Item {
        id: format!("h{number}"),
        title: format!("{payload} mot{number}"),
        link: Some(address.clone()).filter(|address| !address.is_empty()),
        date: format!("Sun, 01 Mar 2026 {:02}:{:02}:00 GMT", number / 60, number % 60),
        author: payload.to_owned(),
        category: payload.to_owned(),
        picture: if address.is_empty() {
            format!("http://{canary}/thumbnail.png")
        } else {
            address
        },
        body: format!(
            "<p>{words}</p><p>« Le pont {shown} sera ouvert à tous avant la fin du mois », a déclaré le ministre Amadou {shown}.</p><p>Au Mali \
             {change} avant le marché.</p>{payload}<p>La suite.</p>"
        ),
    }
}
