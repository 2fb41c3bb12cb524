//! Stories over several steps: what joins, what stays, and what follows.

use super::*;
use crate::model::StoryId;

const VISIT: &str = "Pavel Dorin et le général Salou Garba ont parlé à Niamey de coopération militaire entre la Varenia et le Niger, puis ils ont signé \
    un accord sur la formation de trois cents instructeurs à l'école de Tandibou.";
const AGAIN: &str = "Le général Salou Garba et Pavel Dorin se sont revus à Niamey : la Varenia livrera des instruments à l'école de Tandibou et \
    formera trois cents instructeurs, selon l'accord sur la coopération militaire.";

#[test]
fn reports_of_one_event_join_across_languages() {
    let mut index = Index::new(DedupePolicy::default());
    let french = report(
        "a",
        "Niamey : le ministre Salou Garba reçoit une délégation de Varenia",
        "Le général Salou Garba a reçu lundi à Niamey une délégation militaire de la Varenia conduite par Pavel Dorin. Les documents sur la coopération militaire ont été signés.",
    );
    let (original, first) = assign(&mut index, &french);
    let english = Report {
        language: "en",
        ..report(
            "b",
            "Varenia delegation signs military cooperation in Niamey with Salou Garba",
            "A military delegation led by Pavel Dorin met General Salou Garba in Niamey on Monday. Documents on military cooperation with Varenia were signed.",
        )
    };
    let decision = assign(&mut index, &english).1;
    assert_eq!(
        (decision.story, decision.copy_of, decision.basis),
        (first.story, None, Basis::Event)
    );
    assert_eq!(decision.like, Some(original));
    assert!(decision.measure.is_some());
    let other = report(
        "c",
        "Niamey : le prix du mil baisse sur les marchés",
        "Les commerçants de Niamey ont constaté lundi une baisse du prix du mil après l'arrivée des premières récoltes de Dosso et de Maradi.",
    );
    assert!(assign(&mut index, &other).1.is_founding());
}

#[test]
fn a_later_report_founds_a_story_that_goes_on_from_the_first() {
    let mut index = Index::new(DedupePolicy::default());
    let (_, first) = assign(&mut index, &report("a", "Pavel Dorin reçu par Salou Garba à Niamey", VISIT));
    let next = Report {
        hours: 24,
        ..report("b", AGAIN_TITLE, AGAIN)
    };
    let decision = assign(&mut index, &next).1;
    assert_eq!((decision.story, decision.earlier), (first.story, None));
    let last = Report {
        hours: 73,
        ..report("c", AGAIN_TITLE, LATER)
    };
    let decision = assign(&mut index, &last).1;
    assert!(decision.is_founding());
    assert_eq!(decision.earlier, Some(first.story));
}

#[test]
fn the_words_that_two_entries_share_are_told() {
    let mut index = Index::new(DedupePolicy::default());
    let (one, _) = assign(&mut index, &report("a", "Pavel Dorin reçu par Salou Garba à Niamey", VISIT));
    let (other, _) = assign(&mut index, &report("b", "Salou Garba et Pavel Dorin se retrouvent à Niamey", AGAIN));
    let shared = index.shared_terms(one, other, 4);
    assert_eq!(shared.len(), 4);
    let name = |name: &str| crate::dedupe::story_features::term_hash("n", name);
    for told in ["dorin", "garba", "salou", "niamey"] {
        assert!(index.shared_terms(one, other, 8).contains(&name(told)), "{told}");
    }
    let names = ["dorin", "garba", "salou", "niamey", "varenia", "tandibou"].map(name);
    assert!(shared.iter().all(|term| names.contains(term)), "names say most");
    assert_eq!(index.shared_terms(one, EntryId::from_bytes([1; 16]), 4), [0; 0]);
}

/// A third one.
const LATER: &str = "À Niamey, Pavel Dorin est venu pour la deuxième fois chez le général Salou Garba. La Varenia enverra ses instruments à l'école de     Tandibou, où trois cents instructeurs seront formés dès mai.";

/// Returns an entry with this number of the source `s<number>`.
fn numbered(number: u8, hours: u64, title: &str, text: &str) -> DedupeEntry {
    DedupeEntry {
        id: EntryId::from_bytes([number; 16]),
        source: SourceId::new(&format!("s{number}")).expect("a slug"),
        ..dedupe_entry(&Report {
            hours,
            ..report("a", Box::leak(title.to_owned().into_boxed_str()), text)
        })
    }
}

fn story(number: u8) -> StoryId {
    EntryId::from_bytes([number; 16]).into()
}

fn known_story(number: u8, members: u32, first_published: Option<Timestamp>) -> KnownStory {
    KnownStory {
        id: story(number),
        founded: at(0),
        earlier: None,
        first_published,
        members,
    }
}

const VISIT_TITLE: &str = "Pavel Dorin reçu par Salou Garba à Niamey";
const NEWS_TITLE: &str = "Varenia : Pavel Dorin chez Salou Garba à Niamey";
const NEWS: &str = "Salou Garba accueille Pavel Dorin à Niamey : Niger et Varenia scellent leur coopération militaire, avec trois cents \
    instructeurs pour Tandibou et des instruments livrés au général.";
const AGAIN_TITLE: &str = "Salou Garba et Pavel Dorin se retrouvent à Niamey";

/// An index with the story 1 on a column of trucks and the story 3 on a visit; the report 2 of the visit stands in the wrong one, with its copy 4.
fn misplaced(first_published: Option<Timestamp>, is_by_hand: bool) -> Index {
    let mut index = Index::new(DedupePolicy::default());
    index.insert_story(&known_story(1, 2, first_published));
    // It was published long ago, so it is merged into none.
    index.insert_story(&known_story(3, 2, Some(at(1))));
    for (number, in_story, copy_of, title, text) in [
        (1, 1, None, "Tessalit : une colonne quitte la base", WIRE),
        (7, 3, None, "Niamey : Salou Garba et Pavel Dorin parlent d'instructeurs", LATER),
        (2, 1, None, AGAIN_TITLE, AGAIN),
        (3, 3, None, VISIT_TITLE, VISIT),
        (4, 1, Some(2), AGAIN_TITLE, AGAIN),
    ] {
        index.insert(&KnownEntry {
            entry: numbered(number, 10, title, text),
            copy_of: copy_of.map(|number: u8| EntryId::from_bytes([number; 16])),
            story: story(in_story),
            is_by_hand: is_by_hand && number == 2,
        });
    }
    index
}

fn moved(mut index: Index) -> Vec<(u8, StoryId, Option<EntryId>)> {
    index.begin_step(at(12));
    let last = numbered(5, 12, NEWS_TITLE, NEWS);
    index.assign(&last);
    let changed = index.finish_step();
    changed
        .iter()
        .map(|changed| (changed.entry.as_bytes()[0], changed.story, changed.copy_of))
        .collect()
}

#[test]
fn copies_follow_a_moved_original() {
    let original = EntryId::from_bytes([2; 16]);
    assert_eq!(moved(misplaced(None, false)), [(2, story(3), None), (4, story(3), Some(original))]);
    assert_eq!(moved(misplaced(Some(at(7)), false)).len(), 2, "published five hours ago");
}

#[test]
fn nothing_leaves_a_story_that_was_published_long_ago_or_that_editors_made() {
    assert_eq!(moved(misplaced(Some(at(5)), false)), []);
    assert_eq!(moved(misplaced(None, true)), []);
}

#[test]
fn an_entry_is_looked_at_again_for_three_hours() {
    let later = |hours: u64| {
        let mut index = misplaced(None, false);
        index.begin_step(at(hours));
        index.assign(&numbered(5, hours, NEWS_TITLE, NEWS));
        index.finish_step().len()
    };
    assert_eq!((later(13), later(14)), (2, 0));
    let mut index = misplaced(None, false);
    index.begin_step(at(12));
    assert_eq!(index.finish_step(), [], "nothing is looked at where nothing is new");
}

#[test]
fn an_original_that_stands_for_the_founder_does_not_leave_the_others() {
    // The founder 1 became a copy of the entry 2, which fits the story 3 better.
    let mut index = Index::new(DedupePolicy::default());
    index.insert_story(&known_story(1, 2, None));
    // It was published long ago, so it is merged into none.
    index.insert_story(&known_story(3, 2, Some(at(1))));
    for (number, in_story, copy_of, title, text) in [
        (2, 1, None, AGAIN_TITLE, AGAIN),
        (1, 1, Some(2), AGAIN_TITLE, AGAIN),
        (6, 1, None, "Tessalit : une colonne quitte la base", WIRE),
        (3, 3, None, VISIT_TITLE, VISIT),
        (7, 3, None, "Niamey : Salou Garba et Pavel Dorin parlent d'instructeurs", LATER),
    ] {
        index.insert(&KnownEntry {
            entry: numbered(number, 10, title, text),
            copy_of: copy_of.map(|number: u8| EntryId::from_bytes([number; 16])),
            story: story(in_story),
            is_by_hand: false,
        });
    }
    let moved = moved(index);
    assert!(moved.iter().all(|(number, ..)| *number == 6), "{moved:?}");
}

#[test]
fn a_flood_of_near_identical_texts_costs_each_entry_the_same() {
    for (sources, is_copied) in [(1, true), (1, false), (200, true), (200, false)] {
        let mut index = Index::new(DedupePolicy::default());
        index.begin_step(at(0));
        let (mut most, mut copies) = (0, 0);
        for number in 0..2_000_u32 {
            // One word in four of its own leaves no common run of three.
            let own = if is_copied { "lot".to_owned() } else { format!("lot{number}") };
            let text = ["Le sac de", "mil se vend", "au marché de", "Korbalé au prix", "de la veille"].join(&format!(" {own} "));
            let entry = DedupeEntry {
                id: EntryId::from_bytes(u128::from(number).to_be_bytes()),
                source: SourceId::new(&format!("s{}", number % sources)).expect("a slug"),
                // What stories compare is bounded by a test of its own.
                fingerprint: Fingerprint {
                    story: crate::dedupe::story_features::StoryFeatures::default(),
                    ..fingerprint("Cours du mil", &format!("{text} {number}"), "fr")
                },
                ..dedupe_entry(&report("a", "Cours du mil", ""))
            };
            let before = index.copy_hits();
            copies += usize::from(index.assign(&entry).copy_of.is_some());
            most = most.max(index.copy_hits() - before);
        }
        let policy = DedupePolicy::default();
        assert!(most <= 20 * policy.max_documents_per_shingle, "{sources} {is_copied}: {most}");
        assert_eq!(copies > 1_900, is_copied, "{sources}: {copies}");
    }
}
