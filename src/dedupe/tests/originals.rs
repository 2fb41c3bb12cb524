//! Which entry is the original, and what another source's guid or link proves.

use super::*;
use crate::model::StoryId;

const LINK: &str = "https://bon.ml/article/7";
const OTHER_TEXT: &str = "Gagnez un téléphone : répondez à trois questions sur la saison des pluies, envoyez un message au numéro affiché et partagez cette page \
    avec dix amis avant dimanche soir pour participer au tirage des lots de la semaine.";

/// Returns an entry of the source that owns the host of [`LINK`].
fn of_owner(title: &'static str, text: &str) -> Report {
    Report {
        url: Some(LINK),
        ..report("good", title, text)
    }
}

/// Returns an entry of another source with the link of [`of_owner`].
fn of_stranger(source: &'static str, title: &'static str, text: &str) -> Report {
    Report {
        url: Some(LINK),
        owns_link: false,
        ..report(source, title, text)
    }
}

/// Decides about a report in a step of its own; returns what the step changed about earlier ones as well.
fn assign_step(index: &mut Index, report: &Report) -> (EntryId, Decision, Vec<Decision>) {
    let (id, decision) = assign(index, report);
    let changed = index.finish_step();
    assert!(changed.iter().all(|changed| changed.entry != id), "decided at once");
    (id, decision, changed)
}

fn lead(candidates: &[(EntryId, &Report, bool, u8)]) -> Option<EntryId> {
    let candidates: Vec<LeadCandidate> = candidates
        .iter()
        .map(|(id, report, copy, trust)| LeadCandidate {
            id: *id,
            genre: None,
            copy: *copy,
            owns_link: report.owns_link,
            trust: *trust,
            aggregator: false,
            text_length: report.text.len(),
            date: dedupe_entry(report).date,
        })
        .collect();
    select_lead(&candidates)
}

#[test]
fn a_guid_or_link_of_another_source_proves_nothing_without_its_title_or_text() {
    let guid = Some("https://bon.ml/?p=7");
    let with_link = of_stranger("bad", "Grand jeu", OTHER_TEXT);
    let with_guid = Report {
        guid,
        ..report("bad", "Grand jeu", OTHER_TEXT)
    };
    for lie in [with_link, with_guid] {
        let mut index = Index::new(DedupePolicy::default());
        let (_, first) = assign(&mut index, &lie);
        let honest = Report {
            guid,
            ..of_owner("Convoi", WIRE)
        };
        let (id, decision, changed) = assign_step(&mut index, &honest);
        assert_eq!((decision.copy_of, decision.story, decision.is_founding()), (None, id.into(), true));
        assert_ne!(decision.story, first.story);
        assert_eq!(changed, []);
        // The lie does not keep others from the entry that they repeat.
        let short = Report {
            guid,
            ..of_stranger("c", "CONVOI", "")
        };
        assert_eq!(assign(&mut index, &short).1.copy_of, Some(id));
    }
}

#[test]
fn much_of_the_text_is_agreement_enough_for_a_link() {
    // Too little for the text alone: 10 of 30 words.
    let cut = format!(
        "{} {}",
        words(WIRE, 0..12),
        "selon la radio locale qui cite un chauffeur arrivé ce matin avec sa famille au marché"
    );
    let mut index = Index::new(DedupePolicy::default());
    let (original, _) = assign(&mut index, &of_owner("Convoi", WIRE));
    assert_eq!(assign(&mut index, &report("b", "Camions", &cut)).1.copy_of, None);
    let (_, decision) = assign(&mut index, &of_stranger("c", "La route", &cut));
    assert_eq!((decision.copy_of, decision.basis), (Some(original), Basis::Url));
}

#[test]
fn an_entry_whose_shingles_are_its_originals_agrees_as_well() {
    let guid = Some("https://agence.ml/?p=9");
    let cut = format!(
        "{} {}",
        words(WIRE, 0..12),
        "selon la radio locale qui cite un chauffeur arrivé ce matin avec sa famille au marché"
    );
    let mut index = Index::new(DedupePolicy::default());
    let (original, _) = assign(&mut index, &report("a", "Convoi", WIRE));
    let same_text = Report {
        guid,
        ..report("b", "Camions", WIRE)
    };
    assert_eq!(assign(&mut index, &same_text).1.copy_of, Some(original));
    let (_, decision) = assign(
        &mut index,
        &Report {
            guid,
            ..report("c", "La route", &cut)
        },
    );
    assert_eq!((decision.copy_of, decision.basis), (Some(original), Basis::Guid));
}

#[test]
fn an_owner_whose_shingles_are_those_of_the_displaced_entry_agrees_as_well() {
    let cut = format!(
        "{} {}",
        words(WIRE, 0..12),
        "selon la radio locale qui cite un chauffeur arrivé ce matin avec sa famille au marché"
    );
    let mut index = Index::new(DedupePolicy::default());
    assign(&mut index, &of_stranger("bad", "Grand convoi", WIRE));
    let (original, _) = assign(&mut index, &of_owner("Convoi", WIRE));
    let (_, decision) = assign(&mut index, &of_stranger("c", "La route", &cut));
    assert_eq!((decision.copy_of, decision.basis), (Some(original), Basis::Url));
}

#[test]
fn one_source_cannot_fill_the_entries_of_a_link() {
    let mut index = Index::new(DedupePolicy::default());
    for number in 0..100 {
        assign(&mut index, &of_stranger("bad", "Grand jeu", &format!("Lot {number}")));
    }
    let (id, _) = assign(&mut index, &of_owner("Convoi", ""));
    assert_eq!(assign(&mut index, &of_stranger("c", "Convoi", "")).1.copy_of, Some(id));
}

#[test]
fn the_owner_of_the_link_displaces_an_earlier_original() {
    let mut index = Index::new(DedupePolicy::default());
    let bad = of_stranger("bad", "Convoi de nuit", WIRE);
    let (stolen, first) = assign(&mut index, &bad);
    let (copy, _) = assign(&mut index, &of_stranger("b", "Camions", &words(WIRE, 0..90)));
    let good = of_owner("Convoi", WIRE);
    let (id, decision, changed) = assign_step(&mut index, &good);
    assert_eq!(
        (decision.copy_of, decision.basis, decision.story),
        (None, Basis::Original, first.story)
    );
    assert_eq!((decision.like, decision.earlier), (Some(stolen), None));
    let displaced: Vec<_> = changed
        .iter()
        .map(|changed| (changed.entry, changed.copy_of, changed.story))
        .collect();
    assert_eq!(displaced, [(stolen, Some(id), first.story), (copy, Some(id), first.story)]);
    assert!(changed.iter().all(|changed| !changed.is_founding()));
    assert_eq!(decision.story, StoryId::from(stolen), "the story stays");
    assert_eq!(lead(&[(stolen, &bad, true, 100), (id, &good, false, 10)]), Some(id));
    let (_, later) = assign(&mut index, &report("c", "Citernes", &words(WIRE, 10..120)));
    assert_eq!((later.copy_of, later.story), (Some(id), first.story));
    let another = Report {
        url: Some("https://autre.ml/1"),
        ..report("d", "La base", WIRE)
    };
    let (_, later, changed) = assign_step(&mut index, &another);
    assert_eq!(
        later.copy_of,
        Some(id),
        "of two that own their links the earlier one is the original"
    );
    assert_eq!(changed, []);
}

#[test]
fn equal_titles_make_the_owner_of_the_link_the_original_whatever_the_texts_say() {
    let mut index = Index::new(DedupePolicy::default());
    let (stolen, _) = assign(&mut index, &of_stranger("bad", "Convoi", OTHER_TEXT));
    let (id, decision, changed) = assign_step(&mut index, &of_owner("Convoi", WIRE));
    assert_eq!((decision.copy_of, decision.basis), (None, Basis::Original));
    assert_eq!((changed.len(), changed[0].entry, changed[0].copy_of), (1, stolen, Some(id)));
    assert_eq!(assign(&mut index, &report("c", "Citernes", WIRE)).1.copy_of, Some(id));
}

#[test]
fn a_stranger_displaces_nobody() {
    let mut index = Index::new(DedupePolicy::default());
    let (first, _) = assign(&mut index, &of_stranger("a", "Convoi", WIRE));
    let (_, decision, changed) = assign_step(&mut index, &of_stranger("b", "Convoi", WIRE));
    assert_eq!((decision.copy_of, changed), (Some(first), vec![]));
}

#[test]
fn a_low_trust_and_a_late_date_do_not_take_the_lead_from_the_owner_of_the_link() {
    let (bad, good) = (of_stranger("bad", "Convoi", OTHER_TEXT), of_owner("Convoi du Nord", WIRE));
    let (bad_id, good_id) = (dedupe_entry(&bad).id, dedupe_entry(&good).id);
    assert_eq!(lead(&[(bad_id, &bad, false, 100), (good_id, &good, false, 10)]), Some(good_id));
}
