//! An index that is filled from stored decisions decides like the one that made them.

use super::*;
use crate::model::{StoryId, TermCounts};
use proptest::prelude::*;
use std::collections::HashMap;

const OTHER: &str = "Le comité des puits de Ber a élu sa présidente, qui veut réparer la pompe avant les pluies et former deux gardiens par village, \
    ont rapporté les délégués réunis samedi sous le grand arbre du marché pour compter les cotisations de la saison. Aminata Walet, infirmière de métier, \
    succède à Issa Touré et hérite d'une caisse de quatre cent mille francs, dont une part doit payer les pièces commandées à Tombouctou.";

fn any_report() -> impl Strategy<Value = Report> {
    let text = prop_oneof![
        4 => (0..60_usize, 8..150_usize).prop_map(|(start, length)| words(WIRE, start..start + length)),
        2 => (0..15_usize, 8..70_usize).prop_map(|(start, length)| words(OTHER, start..start + length)),
        1 => (0..40_usize, 0..15_usize).prop_map(|(start, other)| format!("{} {}", words(WIRE, start..start + 40), words(OTHER, other..other + 40))),
        1 => Just(String::new()),
    ];
    (
        proptest::sample::select(vec!["good", "bad", "a", "b", "c", "unmerged"]),
        proptest::sample::select(vec!["Convoi de nuit à Tessalit", "Puits de Ber", "Camions", "Bulletin 12 de Ber"]),
        text,
        proptest::option::of(proptest::sample::select(vec!["https://bon.ml/1", "https://bon.ml/2"])),
        proptest::option::of(proptest::sample::select(vec!["tag:bon.ml,2020:1", "https://bon.ml/?p=2"])),
        any::<bool>(),
        0..120_u64,
    )
        .prop_map(|(source, title, text, url, guid, owns_link, hours)| Report {
            url,
            guid,
            owns_link,
            hours,
            ..report(source, title, &text)
        })
}

/// Returns reports in the order in which they are composed, as entries with different ids.
fn any_entries() -> impl Strategy<Value = Vec<DedupeEntry>> {
    proptest::collection::vec(any_report(), 1..24).prop_map(|mut reports| {
        reports.sort_by_key(|report| report.hours);
        let numbered = reports.iter().enumerate();
        numbered
            .map(|(number, report)| DedupeEntry {
                id: EntryId::from_bytes([u8::try_from(number).expect("few reports"); 16]),
                ..dedupe_entry(report)
            })
            .collect()
    })
}

/// Boilerplate begins at a few documents, so that its limit is reached.
fn policy() -> DedupePolicy {
    DedupePolicy {
        max_documents_per_shingle: 4,
        ..DedupePolicy::default()
    }
}

/// The decisions as the store keeps them.
#[derive(Default)]
struct Decided {
    known: Vec<(DedupeEntry, Decision)>,
    founded: HashMap<StoryId, (Timestamp, Option<StoryId>)>,
    counts: TermCounts,
}

impl Decided {
    /// Decides about an entry in a step of its own; returns what was decided in it.
    fn step(&mut self, index: &mut Index, entry: &DedupeEntry) -> Vec<Decision> {
        index.begin_step(entry.first_seen);
        let first = index.assign(entry);
        let changed = index.finish_step();
        let counts = index.take_counts();
        self.counts.entries += counts.entries;
        self.counts.counts.extend(counts.counts);
        self.known.push((entry.clone(), first.clone()));
        for decision in std::iter::once(&first).chain(&changed) {
            if decision.is_founding() {
                self.founded.insert(decision.story, (entry.first_seen, decision.earlier));
            }
            let known = self.known.iter_mut().find(|(known, _)| known.id == decision.entry);
            known.expect("a known entry").1 = decision.clone();
        }
        std::iter::once(first).chain(changed).collect()
    }

    fn index(&self) -> Index {
        let mut index = Index::new(policy());
        index.add_frequencies(&self.counts);
        for (id, (founded, earlier)) in &self.founded {
            let members = self
                .known
                .iter()
                .filter(|(_, decision)| decision.story == *id && decision.copy_of.is_none());
            index.insert_story(&KnownStory {
                id: *id,
                founded: *founded,
                earlier: *earlier,
                first_published: None,
                members: u32::try_from(members.count()).expect("few members"),
            });
        }
        for (entry, decision) in &self.known {
            index.insert(&KnownEntry {
                entry: entry.clone(),
                copy_of: decision.copy_of,
                story: decision.story,
                is_by_hand: false,
            });
        }
        index
    }
}

/// What is decided, without how it came about: an index does not know the evidence of former decisions.
fn outcomes(decisions: &[Decision]) -> Vec<(EntryId, Option<EntryId>, StoryId, Option<StoryId>)> {
    let outcome = |decision: &Decision| (decision.entry, decision.copy_of, decision.story, decision.earlier);
    decisions.iter().map(outcome).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stored_decisions_lead_to_the_same_later_decisions(entries in any_entries()) {
        let (mut index, mut decided) = (Index::new(policy()), Decided::default());
        for (done, entry) in entries.iter().enumerate() {
            let mut filled = decided.index();
            let mut counts = Decided { known: decided.known.clone(), ..Decided::default() };
            let expected = outcomes(&decided.step(&mut index, entry));
            prop_assert_eq!(outcomes(&counts.step(&mut filled, entry)), expected, "after {}", done);
        }
    }

    #[test]
    fn stored_originals_are_never_copies(entries in any_entries()) {
        let (mut index, mut decided) = (Index::new(policy()), Decided::default());
        for entry in &entries {
            decided.step(&mut index, entry);
        }
        let copies: Vec<EntryId> = decided.known.iter().filter(|(_, known)| known.copy_of.is_some()).map(|(entry, _)| entry.id).collect();
        for (entry, known) in &decided.known {
            prop_assert!(known.copy_of.is_none_or(|original| !copies.contains(&original)));
            // A copy is where its original is.
            let original = decided.known.iter().find(|(other, _)| Some(other.id) == known.copy_of);
            prop_assert!(original.is_none_or(|(_, original)| original.story == known.story), "{}", entry.id);
        }
    }

    #[test]
    fn a_trial_finds_the_copies_that_are_decided_later(entries in any_entries(), split in 0..24_usize) {
        // Copies within one source are told by more than a trial knows.
        let apart = entries.into_iter().enumerate().map(|(number, entry)| DedupeEntry {
            source: SourceId::new(&format!("s{number}")).expect("a slug"),
            ..entry
        });
        let entries: Vec<DedupeEntry> = apart.collect();
        let (known, new) = entries.split_at(split.min(entries.len()));
        let (mut index, mut decided) = (Index::new(policy()), Decided::default());
        for entry in known {
            decided.step(&mut index, entry);
        }
        let mut trial = decided.index();
        let tried: Vec<bool> = new.iter().map(|entry| trial.try_copy(entry)).collect();
        let copies: Vec<bool> = new.iter().map(|entry| decided.step(&mut index, entry)[0].copy_of.is_some()).collect();
        prop_assert_eq!(tried, copies);
    }
}

#[test]
fn a_displaced_original_comes_back_as_a_copy() {
    let stolen = dedupe_entry(&Report {
        owns_link: false,
        ..report("bad", "Convoi", WIRE)
    });
    let owned = dedupe_entry(&Report {
        url: Some("https://bon.ml/1"),
        ..report("good", "Le convoi", WIRE)
    });
    let mut index = Index::new(policy());
    let mut decided = Decided::default();
    for entry in [&stolen, &owned] {
        decided.step(&mut index, entry);
    }
    assert_eq!(decided.known[0].1.copy_of, Some(owned.id));
    let later = dedupe_entry(&report("c", "Camions", WIRE));
    // The store keeps the order of the last decisions: the displaced one may come behind its original as well.
    for order in [[0, 1], [1, 0]] {
        let known = order.map(|place| decided.known[place].clone()).to_vec();
        let reordered = Decided {
            known,
            founded: decided.founded.clone(),
            counts: decided.counts.clone(),
        };
        let decision = reordered.index().assign(&later);
        assert_eq!((decision.copy_of, decision.story), (Some(owned.id), stolen.id.into()));
    }
}

#[test]
fn copies_of_an_original_that_is_not_in_the_index_stay_together() {
    let copy = |source, title, number| KnownEntry {
        entry: DedupeEntry {
            id: EntryId::from_bytes([number; 16]),
            ..dedupe_entry(&report(source, title, WIRE))
        },
        copy_of: Some(EntryId::from_bytes([9; 16])),
        story: EntryId::from_bytes([9; 16]).into(),
        is_by_hand: false,
    };
    let mut index = Index::new(DedupePolicy::default());
    index.insert(&copy("a", "Convoi", 1));
    index.insert(&copy("b", "Camions", 2));
    let (_, decision) = assign(&mut index, &report("c", "La route", WIRE));
    assert_eq!(decision.copy_of, Some(EntryId::from_bytes([1; 16])));
    assert_eq!(decision.story, EntryId::from_bytes([9; 16]).into());
    assign(&mut index, &report("d", "Citernes", WIRE));
    assert_eq!(index.finish_step(), []);
}

#[test]
fn a_url_that_a_page_states_finds_the_original() {
    let url = |text: &str| crate::model::canonical(&url::Url::parse(text).expect("a URL"));
    let entry = |source, title, text: &str, link: &'static str, stated: Option<&str>| DedupeEntry {
        declared: stated.map(url),
        ..dedupe_entry(&Report {
            url: Some(link),
            ..report(source, title, text)
        })
    };
    let original = entry(
        "a",
        "Le bac repart",
        "Le ferry réparé a quitté le quai de Gao.",
        "https://a.example/le-bac-repart-1",
        None,
    );
    let stating = Some("https://a.example/le-bac-repart-1");
    let copy = entry(
        "b",
        "Le bac repart",
        "La traversée du fleuve reprend après six semaines.",
        "https://a.example/?p=1",
        stating,
    );
    let other = entry(
        "c",
        "Une foire ouvre",
        "Trois cents éleveurs présentent leurs bêtes.",
        "https://a.example/?p=2",
        stating,
    );
    for (first, second, is_copy) in [(&original, &copy, true), (&copy, &original, true), (&original, &other, false)] {
        let mut index = Index::new(DedupePolicy::default());
        index.assign(first);
        let decision = index.assign(second);
        assert_eq!(
            decision.copy_of,
            is_copy.then_some(first.id),
            "{} after {}",
            second.title,
            first.title
        );
    }
    // A URL that all pages of a source state is no evidence.
    let mut index = Index::new(DedupePolicy::default());
    index.assign(&entry(
        "b",
        "Le bac repart",
        "La traversée du fleuve reprend après six semaines.",
        "https://a.example/?p=1",
        stating,
    ));
    index.assign(&entry(
        "b",
        "Un marché rouvre",
        "Les étals de légumes sont de nouveau garnis.",
        "https://a.example/?p=3",
        stating,
    ));
    assert_eq!(index.assign(&original).copy_of, None);
}
