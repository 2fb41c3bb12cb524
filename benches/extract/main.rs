//! How long the article of a page takes: griot's whole way beside `dom_smoothie` alone and beside parsing the HTML alone, on the same pages
//! in one run, in one thread.
//!
//! The pages are those of tests/corpus/pages; `GRIOT_BENCH_PAGES` names a folder of other ones, such as real pages that are not ours to
//! keep. Times are for all pages together; the number of pages is in the name.

use criterion::{Criterion, criterion_group, criterion_main};
use dom_smoothie::Readability;
use griot::{Page, Selectors, extract_article as extract};
use griot::{Syntax, decode};
use scraper::Html;
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// Lists the pages below a folder, decoded.
fn pages() -> Vec<String> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/pages");
    let folder = std::env::var_os("GRIOT_BENCH_PAGES").map_or(ours, PathBuf::from);
    let mut paths = Vec::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of pages").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let bytes = paths.iter().map(|path| std::fs::read(path).expect("a page"));
    bytes
        .map(|bytes| decode(&bytes, None, None, Syntax::Html).text.into_owned())
        .collect()
}

fn extraction(criterion: &mut Criterion) {
    let pages = pages();
    let selectors = Selectors::default();
    let mut group = criterion.benchmark_group(format!("{} pages", pages.len()));
    group.sample_size(10);
    group.bench_function("griot", |bencher| {
        bencher.iter(|| {
            for html in &pages {
                let page = Page {
                    html,
                    url: None,
                    requested_url: None,
                    title_hint: None,
                    feed_body: None,
                    selectors: &selectors,
                    rule: None,
                    images: true,
                    now: None,
                };
                let _ = black_box(extract(&page));
            }
        });
    });
    group.bench_function("dom_smoothie alone", |bencher| {
        bencher.iter(|| {
            for html in &pages {
                let read = Readability::new(html.as_str(), None, None).map(|mut page| page.parse().is_ok());
                let _ = black_box(read.is_ok());
            }
        });
    });
    group.bench_function("HTML parsing alone", |bencher| {
        bencher.iter(|| {
            for html in &pages {
                black_box(Html::parse_document(html));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, extraction);
criterion_main!(benches);
