//! The published pages in a browser: every kind of page in three languages, with the publishers' pictures and without, on narrow and wide screens, light
//! and dark. `.ci/browser` installs what this test needs and runs it.

mod browser;
#[path = "../it/fake_web.rs"]
#[expect(dead_code, reason = "other tests script more kinds of answers")]
mod fake_web;
mod findings;
mod hostile;
mod newsroom;
mod page_check;
mod site_pages;
#[path = "../it/world.rs"]
#[expect(dead_code, reason = "other tests ask the world for more")]
mod world;

use browser::in_browser;
use fake_web::Web;
use newsroom::{PICTURES, publish};
use page_check::PageCheck;
use site_pages::{Sample, served, site_feeds, site_pages};
use thirtyfour::error::WebDriverResult;
use world::World;

/// Sites: the language, and whether the publishers' pictures are kept. Of the first one every page is opened, of the others all of ordinary outlets.
const SITES: [(&str, bool); 4] = [("fr", false), ("en", false), ("ar", false), ("en", true)];

/// Searches of the topic that holds everything: of what hostile outlets tell, of nothing, of markup, and with a mistake.
const SEARCHES: [&str; 4] = [
    "q=*&limit=400",
    "q=zzzz",
    "q=%22%3E%3Cimg%20src%3Dx%20onerror%3D%22window.__xss%3D1",
    "q=(%3Cimg%20src%3Dx%20onerror%3Dwindow.__xss%3D1%3E",
];

#[test]
fn pages_are_accessible_fit_every_screen_and_run_no_script_of_an_outlet() {
    let (canary, pictures) = (Web::open(), newsroom::pictures());
    let findings = in_browser((PICTURES, pictures.address), async |browser| {
        let mut check = PageCheck::new(browser);
        for (language, with_pictures) in SITES {
            let world = publish(language, with_pictures, canary.address);
            let (_running, address) = served(&world);
            let site = format!("{language}{}", if with_pictures { ", pictures" } else { "" });
            for page in site_pages(&world.out(), Sample::OfEachKind) {
                check.page(&site, &address, &page, with_pictures.then_some(PICTURES)).await?;
            }
            for search in SEARCHES {
                let page = format!("all.html?{search}");
                check.page(&site, &address, &page, with_pictures.then_some(PICTURES)).await?;
            }
            if (language, with_pictures) == SITES[0] {
                check_every_document(&mut check, &address, &world).await?;
            }
        }
        Ok(check.findings)
    });
    let requests: Vec<String> = canary.requests().into_iter().map(|request| request.path).collect();
    assert!(requests.is_empty(), "outlets made the browser request {requests:?}");
    assert!(!pictures.requests().is_empty(), "no picture was shown");
    assert!(findings.is_empty(), "{findings}");
}

/// Opens every page and every feed, which a browser displays too: from the server, then as files without Content-Security-Policy. There, a script of an
/// outlet has to be gone, not only forbidden.
async fn check_every_document(check: &mut PageCheck<'_>, address: &str, world: &World) -> WebDriverResult<()> {
    let mut documents = site_pages(&world.out(), Sample::Every);
    assert!(documents.len() > 120, "most payloads have a page of their own: {documents:?}");
    documents.extend(site_feeds(&world.out()));
    let folder = format!("file://{}/", world.out().display());
    for (place, root) in [("server", address), ("file", &folder)] {
        check.browser.ignore_policy(place == "file").await?;
        for document in &documents {
            check.document(place, root, document).await?;
        }
    }
    check.browser.ignore_policy(false).await
}

/// Pages with one fault each, and the words by which it is told.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "handler",
        "<img alt=\"\" src=\"x\" onerror=\"window.__xss = 1\">",
        "a script ran: window.__xss",
    ),
    (
        "dialogue",
        "<script>alert(1); document.title = 'xss'</script>",
        "a script ran: it changed the title",
    ),
    ("element", "<template></template>", "an element that no page has"),
    ("attribute", "<p onclick=\"1\">text</p>", "an event handler"),
    ("scheme", "<a href=\"java\nscript:1\">text</a>", "an address of another scheme"),
    ("console", "<script>console.error('no')</script>", "the console says"),
    (
        "request",
        "<img alt=\"\" src=\"http://elsewhere.example/\">",
        "it requests http://elsewhere.example/",
    ),
    ("width", "<p style=\"width: 350px\">text</p>", "px wide in a window of 320 px"),
    (
        "contrast",
        "<style>@media (prefers-color-scheme: dark) { p { color: #777; background: #888 } }</style><p>text</p>",
        "color-contrast",
    ),
    ("name", "<a href=\"x\"></a>", "link-name"),
];

#[test]
fn each_kind_of_fault_is_found() {
    let web = Web::open();
    let host = web.address.to_string();
    let page = |title: &str, body: &str| {
        let head = "<meta charset=\"utf-8\"><link rel=\"icon\" href=\"icon.svg\">";
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head>{head}<title>{title}</title></head><body><main><h1>A page</h1>{body}</main></body></html>"
        );
        web.answer(&host, &format!("/{title}.html"), fake_web::Answer::page(page));
        format!("{title}.html")
    };
    web.answer(&host, "/icon.svg", fake_web::Answer::new(200, "image/svg+xml", newsroom::PICTURE));
    let address = format!("http://{host}/");
    in_browser((PICTURES, web.address), async |browser| {
        let mut check = PageCheck::new(browser);
        check.page("good", &address, &page("good", "<p>text</p>"), None).await?;
        assert!(check.findings.is_empty(), "{}", check.findings);
        for (title, body, words) in FAULTS {
            check.page("faulty", &address, &page(title, body), None).await?;
            let findings = std::mem::take(&mut check.findings).to_string();
            assert!(findings.contains(words), "{title}: {findings}");
        }
        Ok(())
    });
}
