//! How fast feeds are read: our reader, feed-rs, and the bare events of quick-xml, over the same documents in one run.
//!
//! The documents are made here (see `made`), so that the bench needs no data. Only the ratio between the readers says something about
//! the code; the rates themselves tell of the machine. `cargo bench --bench parse`.

mod made;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use griot::{Document, parse_feed as parse};
use std::hint::black_box;
use std::time::Duration;
use url::Url;

/// How many documents the set holds.
const DOCUMENTS: usize = 200;

/// Reads a document as `griot` does, without cleaning; returns how many entries it holds.
fn griot(document: &str, base: &Url) -> usize {
    let document = Document {
        bytes: document.as_bytes(),
        url: Some(base),
        ..Document::default()
    };
    black_box(parse(&document)).map_or(0, |feed| feed.entries.len())
}

/// The same by feed-rs, which is asked not to clean either.
fn feed_rs(document: &str, base: &Url) -> usize {
    let parser = feed_rs::parser::Builder::new()
        .sanitize_content(false)
        .base_uri(Some(base.as_str()))
        .build();
    black_box(parser.parse(document.as_bytes())).map_or(0, |feed| feed.entries.len())
}

/// The floor: nothing but tags and texts, for which nobody asks a meaning.
fn events(document: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut entries = 0;
    loop {
        match black_box(reader.read_event()) {
            Ok(quick_xml::events::Event::Start(tag)) => entries += usize::from(matches!(tag.name().as_ref(), "item" | "entry")),
            Ok(quick_xml::events::Event::Eof) | Err(_) => return entries,
            Ok(_) => {}
        }
    }
}

fn readers(criterion: &mut Criterion) {
    let documents = made::documents(DOCUMENTS);
    let base = Url::parse("https://desk.example/feed.xml").expect("a URL");
    let bytes: usize = documents.iter().map(String::len).sum();
    let entries: usize = documents.iter().map(|document| griot(document, &base)).sum();
    // A reader that loses entries is fast for nothing.
    for document in &documents {
        assert_eq!(griot(document, &base), feed_rs(document, &base));
        assert_eq!(griot(document, &base), events(document));
    }
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::ElementsAndBytes {
        elements: entries as u64,
        bytes: bytes as u64,
    });
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    let mut measure = |name: &str, read: &dyn Fn(&str) -> usize| {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || (),
                |()| documents.iter().map(|document| read(document)).sum::<usize>(),
                BatchSize::PerIteration,
            );
        });
    };
    measure("griot", &|document| griot(document, &base));
    measure("feed-rs", &|document| feed_rs(document, &base));
    measure("quick-xml events", &events);
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
