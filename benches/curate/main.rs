//! How fast topics are evaluated, by their number: the cost for an entry should hardly depend on it.
//!
//! Entries and queries are made here. `cargo bench --bench curate` prints entries a second for 1, 50 and 500 topics.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use griot::{LabTopics, Timestamp};
use std::hint::black_box;

/// How many entries are evaluated in one iteration.
const ENTRIES: usize = 200;
/// The number of words of an entry's text.
const TEXT_WORDS: usize = 110;

/// Words that stand in an entry at a place of their own, so that entries differ.
const PLACES: [&str; 8] = [
    "Bamako",
    "Niamey",
    "Ouagadougou",
    "Tchad",
    "Nouakchott",
    "Abidjan",
    "Paris",
    "Lagos",
];
const SUBJECTS: [&str; 8] = [
    "la junte annonce un scrutin",
    "une embuscade a fait douze morts",
    "le prix du mil augmente au marché",
    "des pluies ont détruit les maisons",
    "le ministre des transports inaugure une route",
    "l'équipe nationale gagne le match",
    "la cour suprême reporte le procès",
    "les déplacés attendent des vivres",
];
const FILLER: [&str; 24] = [
    "de",
    "la",
    "ville",
    "les",
    "habitants",
    "ont",
    "dit",
    "que",
    "depuis",
    "lundi",
    "plusieurs",
    "personnes",
    "sur",
    "le",
    "terrain",
    "une",
    "source",
    "locale",
    "indique",
    "au",
    "cours",
    "du",
    "mois",
    "dernier",
];

/// Returns the stored words of each entry.
fn entries() -> Vec<String> {
    let entry = |number: usize| {
        let (place, subject) = (PLACES[number % PLACES.len()], SUBJECTS[number / PLACES.len() % SUBJECTS.len()]);
        let filler: Vec<&str> = (0..TEXT_WORDS).map(|word| FILLER[(word * 7 + number * 5) % FILLER.len()]).collect();
        LabTopics::words(
            &format!("{place} : {subject}"),
            &format!("À {place}, {subject}. {}.", filler.join(" ")),
        )
    };
    (0..ENTRIES).map(entry).collect()
}

/// Returns queries as people write them: concepts, words, phrases, prefixes and words near each other.
fn queries(number: usize) -> Vec<String> {
    let query = |number: usize| match number % 5 {
        0 => format!("@sahel @politics (scrutin OR junte OR mot{number})"),
        1 => format!("about:ML,NE @security -title:sport{number}"),
        2 => format!("\"marché de quartier{number}\" OR attaqu{number}* OR =\"Ville{number}\""),
        3 => format!("(pluie NEAR/5 maison{number}) OR SAME(habitant ville{number}) OR @humanitarian"),
        _ => format!("title:(route OR pont{number}) lang:fr"),
    };
    (0..number).map(query).collect()
}

fn evaluate(criterion: &mut Criterion) {
    let entries = entries();
    let mut group = criterion.benchmark_group("topics");
    group.throughput(Throughput::Elements(ENTRIES as u64));
    for number in [1, 50, 500] {
        let queries = queries(number);
        let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
        let topics = LabTopics::new(&queries, Timestamp::from_unix(1_785_542_400)).expect("queries that compile");
        group.bench_function(number.to_string(), |bencher| {
            bencher.iter(|| entries.iter().map(|words| topics.count(black_box(words), "fr")).sum::<usize>());
        });
    }
    group.finish();
    criterion.bench_function("a matcher of three topics", |bencher| {
        let queries = ["@sahel @politics", "@sahel @security", "@sahel @humanitarian"];
        bencher.iter(|| LabTopics::new(black_box(&queries), Timestamp::from_unix(0)).expect("queries that compile"));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = evaluate
}
criterion_main!(benches);
