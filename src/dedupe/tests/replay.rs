//! An index that is filled from stored decisions, or that was used for a trial, decides like the one that was not.

use super::*;
use crate::model::StoryId;
use proptest::prelude::*;
use std::collections::HashMap;

const OTHER: &str = "Le comité des puits de Ber a élu sa présidente, qui veut réparer la pompe avant les pluies et former deux gardiens par village, \
    ont rapporté les délégués réunis samedi sous le grand arbre du marché pour compter les cotisations de la saison.";

fn any_report() -> impl Strategy<Value = Report> {
    let text = prop_oneof![
        4 => (0..40_usize, 8..60_usize).prop_map(|(start, length)| words(WIRE, start..start + length)),
        2 => (0..15_usize, 8..40_usize).prop_map(|(start, length)| words(OTHER, start..start + length)),
        1 => (0..40_usize, 0..15_usize).prop_map(|(start, other)| format!("{} {}", words(WIRE, start..start + 14), words(OTHER, other..other + 14))),
        1 => Just(String::new()),
    ];
    (
        proptest::sample::select(vec!["good", "bad", "a", "b", "c", "unmerged"]),
        proptest::sample::select(vec!["Convoi de nuit", "Puits de Ber", "Camions"]),
        text,
        proptest::option::of(proptest::sample::select(vec!["https://bon.ml/1", "https://bon.ml/2"])),
        proptest::option::of(proptest::sample::select(vec!["tag:bon.ml,2020:1", "https://bon.ml/?p=2"])),
        any::<bool>(),
        0..14_u64,
    )
        .prop_map(|(source, title, text, url, guid, owns_link, day)| Report {
            source,
            title,
            text,
            url,
            guid,
            owns_link,
            day,
        })
}

/// Returns reports in the order in which they are composed, as entries with different ids.
fn any_entries() -> impl Strategy<Value = Vec<DedupeEntry>> {
    proptest::collection::vec(any_report(), 1..24).prop_map(|mut reports| {
        reports.sort_by_key(|report| report.day);
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
    known: Vec<KnownEntry>,
    founded: HashMap<StoryId, Timestamp>,
}

impl Decided {
    fn record(&mut self, entry: &DedupeEntry, decision: &Decision) {
        for known in &mut self.known {
            if decision.displaced.contains(&known.entry.id) {
                known.copy_of = Some(entry.id);
            }
        }
        self.known.push(KnownEntry {
            entry: entry.clone(),
            copy_of: decision.copy_of,
            story: decision.story,
            founded: *self.founded.entry(decision.story).or_insert(entry.first_seen),
        });
    }

    fn index(&self) -> Index {
        let mut index = Index::new(policy());
        for known in &self.known {
            index.insert(known);
        }
        index
    }
}

fn assign_all(index: &mut Index, entries: &[DedupeEntry]) -> Vec<Decision> {
    entries.iter().map(|entry| index.assign(entry)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stored_decisions_lead_to_the_same_later_decisions(entries in any_entries()) {
        let decisions = assign_all(&mut Index::new(policy()), &entries);
        let mut decided = Decided::default();
        for (done, (entry, decision)) in entries.iter().zip(&decisions).enumerate() {
            prop_assert_eq!(&assign_all(&mut decided.index(), &entries[done..]), &decisions[done..], "after {}", done);
            decided.record(entry, decision);
        }
    }

    #[test]
    fn stored_originals_are_never_copies(entries in any_entries()) {
        let mut decided = Decided::default();
        let mut index = Index::new(policy());
        for entry in &entries {
            decided.record(entry, &index.assign(entry));
        }
        let copies: Vec<EntryId> = decided.known.iter().filter(|known| known.copy_of.is_some()).map(|known| known.entry.id).collect();
        for known in &decided.known {
            prop_assert!(known.copy_of.is_none_or(|original| !copies.contains(&original)));
        }
    }

    #[test]
    fn a_trial_leaves_no_trace(before in any_entries(), tried in any_entries(), after in any_entries()) {
        let (mut index, mut untouched) = (Index::new(policy()), Index::new(policy()));
        prop_assert_eq!(assign_all(&mut index, &before), assign_all(&mut untouched, &before));
        let renumbered = |entries: Vec<DedupeEntry>, offset| -> Vec<DedupeEntry> {
            entries.into_iter().zip(offset..).map(|(entry, number)| DedupeEntry { id: EntryId::from_bytes([number; 16]), ..entry }).collect()
        };
        let mut trial = index.trial();
        for entry in renumbered(tried, 100) {
            trial.is_copy(entry);
        }
        drop(trial);
        let after = renumbered(after, 200);
        prop_assert_eq!(assign_all(&mut index, &after), assign_all(&mut untouched, &after));
    }

    #[test]
    fn a_trial_finds_the_copies_that_are_decided_later(entries in any_entries(), split in 0..24_usize) {
        let (known, new) = entries.split_at(split.min(entries.len()));
        let mut index = Index::new(policy());
        assign_all(&mut index, known);
        let mut trial = index.trial();
        let tried: Vec<bool> = new.iter().map(|entry| trial.is_copy(entry.clone())).collect();
        drop(trial);
        let decided: Vec<bool> = assign_all(&mut index, new).iter().map(|decision| decision.copy_of.is_some()).collect();
        prop_assert_eq!(tried, decided);
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
        decided.record(entry, &index.assign(entry));
    }
    assert_eq!(decided.known[0].copy_of, Some(owned.id));
    let later = dedupe_entry(&report("c", "Camions", WIRE));
    let decision = decided.index().assign(&later);
    assert_eq!((decision.copy_of, decision.story), (Some(owned.id), stolen.id.into()));
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
        founded: Timestamp::from_unix(1_699_000_000),
    };
    let mut index = Index::new(DedupePolicy::default());
    index.insert(&copy("a", "Convoi", 1));
    index.insert(&copy("b", "Camions", 2));
    let decision = index.assign(&dedupe_entry(&report("c", "La route", WIRE)));
    assert_eq!(decision.copy_of, Some(EntryId::from_bytes([1; 16])));
    assert_eq!(decision.story, EntryId::from_bytes([9; 16]).into());
    let owned = dedupe_entry(&report("d", "Citernes", WIRE));
    assert!(index.assign(&owned).displaced.is_empty());
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
