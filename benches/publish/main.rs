//! How fast topic feeds are rendered: 1,000 items in each format, and a topic of 60 items in all of them.
//!
//! The items are made. `cargo bench --bench publish` prints the processor time of one feed; a feed of 1,000 items as RSS should take less than
//! 10 ms.

mod cpu_time;

use cpu_time::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use griot::LabFeed;
use std::hint::black_box;

fn render(criterion: &mut Criterion<CpuTime>) {
    let feed = LabFeed::new(1000);
    let mut group = criterion.benchmark_group("1,000 items");
    for suffix in [".xml", ".atom.xml", ".json", ".html"] {
        group.throughput(Throughput::Bytes(feed.render(suffix) as u64));
        group.bench_function(suffix, |bencher| bencher.iter(|| black_box(&feed).render(black_box(suffix))));
    }
    group.finish();
    let feed = LabFeed::new(60);
    criterion.bench_function("60 items in all formats", |bencher| bencher.iter(|| black_box(&feed).render_all()));
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime::new()).sample_size(20);
    targets = render
}
criterion_main!(benches);
