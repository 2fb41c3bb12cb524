//! Whose report an entry is: an agency's text counts as the agency's, once, wherever independent reports are counted.

use super::curation_tests::{ALERT, ATTACK, alerts, compose_as_one, desk, four, members};
use super::independence::{Teller, independent_counts, tellers};
use super::sample::{DESK, Sample, article, at, draft};
use crate::model::{Agency, Article, ArticleForms, Changes, MarkKind, MarkTarget, SourceId};
use std::collections::BTreeSet;

/// Stores one report by each source, which ends in what stands beside it, as one story of texts that are no copies.
fn tell(sample: &Sample, reports: &[(&str, &str)], hours: i64) {
    gather(sample, reports, hours);
    compose_as_one(sample, at(hours));
}

fn gather(sample: &Sample, reports: &[(&str, &str)], hours: i64) {
    for (slug, ending) in reports {
        let text = format!("{ATTACK} {slug}. {ending}");
        sample.gather(slug, &[draft(slug, "1", "Attaque au Mali", &text, at(hours))], at(hours));
    }
}

fn told_by(sample: &Sample) -> BTreeSet<Teller> {
    let source = |id: &SourceId| sample.app.source(id).map(|prepared| &prepared.source);
    tellers(&members(sample), source)
}

/// Returns the number of independent reports of the only story, as lists count them.
fn listed(sample: &Sample) -> usize {
    let source = |id: &SourceId| sample.app.source(id).map(|prepared| &prepared.source);
    let entries = members(sample);
    independent_counts(&sample.app.store, &entries, source).expect("counts")[&entries[0].story]
}

#[test]
fn all_places_count_an_agency_once_in_each_story() {
    for (reports, expected) in [
        ([("a", "(AFP)"), ("b", "(AFP)")].as_slice(), 1),
        (&[("a", "(AFP)"), ("b", "Avec AFP")], 1),
        (&[("a", "(AFP)"), ("b", "")], 2),
        (&[("a", "(AFP)"), ("b", "(Reuters)")], 2),
        // One owner who publishes an agency's text and one of his own.
        (&[("a", "(AFP)"), ("c", "")], 2),
        (&[("a", "selon l'AFP"), ("b", "selon l'AFP")], 2),
    ] {
        for keys in ["query = \"Mali sources:>=2\"", "any = [\"Mali\"]\nmin_reports = 2"] {
            let sample = four(keys);
            tell(&sample, reports, 0);
            assert_eq!(sample.placements("mali").len(), usize::from(expected >= 2), "{reports:?} {keys}");
        }
        let sample = four("any = [\"Mali\"]");
        tell(&sample, reports, 0);
        sample.publish(at(0));
        assert_eq!(told_by(&sample).len(), expected, "{reports:?}");
        assert_eq!(listed(&sample), expected, "{reports:?}");
        assert_eq!(sample.items("mali")[0]["_griot"]["independent"], expected, "{reports:?}");
    }
}

#[test]
fn the_feed_of_an_agency_is_the_agency_with_and_without_a_credit() {
    for keys in ["kind = \"wire\"\nowner = \"Agence France-Presse\"", "owner = \"AFP\""] {
        let sample = Sample::open(&desk(&[("a", ""), ("w", keys)], "any = [\"Mali\"]"));
        tell(&sample, &[("w", "")], 0);
        assert_eq!(told_by(&sample), [Teller::Agency(Agency::parse("AFP").expect("an agency"))].into());
        tell(&sample, &[("a", "(AFP)")], 0);
        assert_eq!((members(&sample).len(), told_by(&sample).len()), (2, 1), "{keys}");
    }
    // The name tells it too, unless the source is of a kind that is no agency.
    let named = |kind: &str| {
        let text = desk(&[("a", kind)], "any = [\"Mali\"]").replace("name = \"Le a\"", "name = \"Agence d'information du Burkina (AIB)\"");
        let sample = Sample::open(&text);
        tell(&sample, &[("a", "")], 0);
        told_by(&sample).into_iter().next().expect("a teller")
    };
    let aib = Teller::Agency(Agency::parse("AIB").expect("an agency"));
    assert_eq!(
        (named("kind = \"wire\""), named("kind = \"state\""), named("")),
        (aib.clone(), aib.clone(), aib.clone())
    );
    assert_ne!(named("kind = \"radio\""), aib);
}

#[test]
fn a_copy_that_credits_the_agency_tells_whose_text_the_original_is() {
    let sample = four("any = [\"Mali\"]");
    gather(&sample, &[("a", ""), ("b", "(AFP)"), ("e", "(AFP)")], 0);
    let ids: Vec<_> = ["a", "b"].map(|slug| draft_id(&sample, slug)).into();
    sample.evaluate_as(at(0), |compositions, first| {
        for composition in compositions {
            composition.story = first;
            composition.copy_of = (composition.entry == ids[1]).then_some(ids[0]);
        }
    });
    assert_eq!(told_by(&sample).len(), 1);
}

fn draft_id(sample: &Sample, slug: &str) -> crate::model::EntryId {
    let mut found = None;
    let read = sample.app.store.entries_by_date(None, 100, &mut |entry| {
        if entry.source.as_str() == slug {
            found = Some(entry.id);
        }
    });
    read.expect("entries");
    found.expect("an entry")
}

#[test]
fn an_agency_is_one_owner_for_alerts() {
    let sample = four(ALERT);
    tell(&sample, &[("a", "(AFP)"), ("b", "(AFP)")], 0);
    assert_eq!(alerts(&sample), [], "two outlets, one agency");
    tell(&sample, &[("e", "")], 0);
    let raised = alerts(&sample);
    assert_eq!(raised.len(), 1);
    assert_eq!(
        (raised[0].owners.as_slice(), raised[0].sources),
        (["AFP".to_owned(), "Groupe E".to_owned()].as_slice(), 2)
    );
}

#[test]
fn what_is_hidden_everywhere_counts_in_no_list() {
    let sample = four("any = [\"Mali\"]");
    tell(&sample, &[("a", ""), ("b", "")], 0);
    assert_eq!(listed(&sample), 2);
    sample.mark(MarkKind::Hide, MarkTarget::Entry(draft_id(&sample, "b")), None);
    assert_eq!(listed(&sample), 1);
}

#[test]
fn the_agency_follows_the_text_and_the_page() {
    let sample = Sample::open(DESK);
    let tell = |ending: &str, hours| {
        let text = format!("{ATTACK} {ending}");
        sample.gather("aube", &[draft("aube", "1", "Attaque au Mali", &text, at(0))], at(hours));
        compose_as_one(&sample, at(hours));
    };
    let agency = || members(&sample)[0].agency.map(Agency::as_str);
    tell("(AFP)", 0);
    assert_eq!(agency(), Some("AFP"));
    sample.publish(at(0));
    assert_eq!(sample.items("mali")[0]["_griot"]["sources"][0]["agency"], "AFP");
    assert!(sample.file("mali.html").expect("a page").contains("<b>AFP</b>"));
    assert!(sample.file("mali.xml").expect("a feed").contains("</a> (AFP) — "));
    tell("", 1);
    assert_eq!(agency(), None, "the publisher took the credit out");
    let page = |code: Option<&str>, hours| {
        let article = Article {
            agency: code.and_then(Agency::parse),
            ..article(ATTACK)
        };
        let changes = Changes {
            articles: vec![(members(&sample)[0].id, article, ArticleForms::default(), at(hours))],
            ..Changes::default()
        };
        sample.app.store.apply(changes).expect("stored");
        sample.evaluate(at(hours));
        sample.publish(at(hours));
    };
    page(Some("Reuters"), 2);
    assert_eq!(agency(), Some("Reuters"));
    assert_eq!(
        sample.items("mali")[0]["_griot"]["sources"][0]["agency"],
        "Reuters",
        "the feed is rendered again"
    );
    tell("(AFP)", 3);
    assert_eq!(agency(), Some("Reuters"), "the page is more complete than the feed");
    page(None, 4);
    assert_eq!(agency(), Some("AFP"));
}
