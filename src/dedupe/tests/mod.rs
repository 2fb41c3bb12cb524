//! Decisions about entries in order, with invented texts.

mod originals;
mod replay;
mod steps;

use super::*;
use crate::model::{Basis, EntryId, SourceId, Timestamp};
use crate::text::word_list::encode;
use std::time::Duration;
use url::Url;

const WIRE: &str = "Une colonne de véhicules a quitté la base de Tessalit dans la nuit de mardi à mercredi, ont indiqué deux habitants joints par \
    téléphone. Les pompiers ont compté quatorze camions et trois citernes, dont une a versé dans un fossé à l'entrée du village. Le préfet a promis une \
    enquête et demandé aux transporteurs de ne plus rouler après le coucher du soleil, une mesure que le syndicat des chauffeurs juge intenable pendant la \
    saison chaude. Aucun blessé grave n'a été signalé, selon l'infirmier du poste de santé. La citerne renversée contenait du gazole, qui s'est répandu sur \
    une trentaine de mètres avant que des riverains ne posent des sacs de sable autour du puits communal. Un agent des eaux est attendu jeudi pour \
    prélever des échantillons, et la mairie donne en attendant des bidons remplis au forage de l'école. Le conducteur, un homme de vingt-neuf ans, a \
    raconté qu'un troupeau de dromadaires avait surgi devant ses phares au sortir d'un virage. La société qui l'emploie n'a pas répondu aux appels, mais un \
    de ses mécaniciens a passé la matinée à démonter la pompe du véhicule accidenté.";

#[derive(Debug, Clone)]
struct Report {
    source: &'static str,
    title: &'static str,
    text: String,
    url: Option<&'static str>,
    guid: Option<&'static str>,
    owns_link: bool,
    language: &'static str,
    hours: u64,
}

fn report(source: &'static str, title: &'static str, text: &str) -> Report {
    Report {
        source,
        title,
        text: text.to_owned(),
        url: None,
        guid: None,
        owns_link: true,
        language: "fr",
        hours: 0,
    }
}

fn at(hours: u64) -> Timestamp {
    Timestamp::from_unix(1_700_000_000) + Duration::from_hours(hours)
}

/// Returns the fingerprint of a headline and a text, without names of the gazetteer.
fn fingerprint(title: &str, text: &str, language: &str) -> Fingerprint {
    let (title, text) = (encode(&[&[title]]), encode(&[&[text]]));
    let text = EntryText {
        title: &title,
        text: &text,
        language: Some(language),
    };
    Fingerprint::new(&text, &text.words(), &[], &OutletMemory::default())
}

fn dedupe_entry(report: &Report) -> DedupeEntry {
    let source = SourceId::new(report.source).expect("a slug");
    let date = at(report.hours);
    DedupeEntry {
        id: EntryId::derive(
            &source,
            "guid",
            &format!("{}{}{}{:?}", report.title, report.text, report.hours, report.url),
        ),
        guid: report.guid.map(str::to_owned),
        canonical: report.url.map(|url| crate::model::canonical(&Url::parse(url).expect("a URL"))),
        declared: None,
        title: report.title.to_owned(),
        language: Some(report.language.to_owned()),
        date,
        first_seen: date,
        mergeable: source.as_str() != "unmerged",
        owns_link: report.owns_link,
        source,
        fingerprint: fingerprint(report.title, &report.text, report.language),
    }
}

/// Decides about a report in a step of its own.
fn assign(index: &mut Index, report: &Report) -> (EntryId, Decision) {
    let dedupe_entry = dedupe_entry(report);
    index.begin_step(dedupe_entry.first_seen);
    (dedupe_entry.id, index.assign(&dedupe_entry))
}

fn words(text: &str, range: std::ops::Range<usize>) -> String {
    text.split_whitespace()
        .skip(range.start)
        .take(range.len())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_wire_text_is_known_under_other_headlines_and_cuts() {
    let mut index = Index::new(DedupePolicy::default());
    let (original, first) = assign(&mut index, &report("wire", "Tessalit : une colonne quitte la base", WIRE));
    assert!(first.is_founding() && first.copy_of.is_none());
    let half = words(WIRE, 0..90);
    let ending = format!("{} Lire aussi notre dossier sur les routes du Nord.", words(WIRE, 40..150));
    for copy in [
        report("a", "Quatorze camions sur la route", WIRE),
        report("b", "Nord : convoi de nuit", &half),
        report("c", "Le syndicat des chauffeurs proteste", &ending),
    ] {
        let (_, decision) = assign(&mut index, &copy);
        assert_eq!(decision.copy_of, Some(original), "{}", copy.title);
        assert_eq!((decision.story, decision.basis), (first.story, Basis::Text));
        assert!(decision.measure.is_some_and(|contained| contained >= 0.5), "{:?}", decision.measure);
    }
}

#[test]
fn a_title_alone_makes_no_copy() {
    let mut index = Index::new(DedupePolicy::default());
    assign(
        &mut index,
        &report(
            "a",
            "Météo du jour",
            "Ciel clair sur Gao, vents faibles, trente-neuf degrés à midi et nuit calme sur la boucle.",
        ),
    );
    let other = report(
        "b",
        "Météo du jour",
        "Orages attendus à Sikasso dans la soirée, prudence sur les pistes.",
    );
    assert_eq!(assign(&mut index, &other).1.copy_of, None);
}

#[test]
fn a_teaser_proves_nothing_by_a_short_run_of_words() {
    for (length, is_copy) in [(12, false), (40, true)] {
        let mut index = Index::new(DedupePolicy::default());
        assign(&mut index, &report("a", "Convoi", WIRE));
        let teaser = format!("{} lire la suite sur notre site dès demain matin à l'aube", words(WIRE, 0..length));
        let decision = assign(&mut index, &report("b", "Camions", &teaser)).1;
        assert_eq!(decision.copy_of.is_some(), is_copy, "{length} words");
    }
}

#[test]
fn a_later_version_of_a_text_is_a_copy_in_its_own_source_and_one_of_a_series_is_not() {
    let mut index = Index::new(DedupePolicy::default());
    let (original, _) = assign(&mut index, &report("a", "Une colonne quitte la base", WIRE));
    let longer = format!("{WIRE} Le maire de la commune attend maintenant que la société de transport répare la clôture du puits.");
    let update = assign(&mut index, &report("a", "Le puits de la commune est souillé", &longer)).1;
    assert_eq!((update.copy_of, update.basis), (Some(original), Basis::Text));

    let mut index = Index::new(DedupePolicy::default());
    assign(&mut index, &report("a", "Bulletin 12 : une colonne quitte la base", WIRE));
    let next = report("a", "Bulletin 13 : une colonne quitte la base", &longer);
    let decision = assign(&mut index, &next).1;
    assert_eq!((decision.copy_of, decision.is_founding()), (None, true));
    // Another outlet has no series with it.
    let copied = Report { source: "b", ..next };
    assert!(assign(&mut index, &copied).1.copy_of.is_some());
}

#[test]
fn a_text_that_many_sources_carry_does_not_become_boilerplate() {
    let mut index = Index::new(DedupePolicy {
        max_documents_per_shingle: 3,
        ..DedupePolicy::default()
    });
    let (original, _) = assign(&mut index, &report("wire", "Convoi", WIRE));
    for source in ["a", "b", "c", "d", "e", "f"] {
        assert_eq!(
            assign(&mut index, &report(source, "Camions", WIRE)).1.copy_of,
            Some(original),
            "{source}"
        );
    }
}

#[test]
fn a_quotation_is_no_copy() {
    let mut index = Index::new(DedupePolicy::default());
    assign(&mut index, &report("a", "Convoi", WIRE));
    let quoting = format!(
        "Le conseil régional s'est réuni jeudi pour voter le budget des puits. Interrogé, un élu a rappelé que {}. Le budget a été adopté à main levée, après \
         deux heures de débats sur l'entretien des pompes solaires, le prix des pièces, la formation des comités villageois et la paie des gardiens.",
        words(WIRE, 25..38)
    );
    assert_eq!(assign(&mut index, &report("b", "Budget des puits", &quoting)).1.copy_of, None);
}

#[test]
fn addresses_and_permanent_guids_are_shared_across_sources() {
    let mut index = Index::new(DedupePolicy::default());
    let at = |source, url| Report {
        url: Some(url),
        ..report(source, "Un titre", "")
    };
    let (original, _) = assign(&mut index, &at("a", "https://www.exemple.ml/un?utm_source=rss"));
    let decision = assign(&mut index, &at("b", "http://exemple.ml/un")).1;
    assert_eq!((decision.copy_of, decision.basis), (Some(original), Basis::Url));
    assign(&mut index, &at("a", "https://exemple.ml/"));
    assert_eq!(
        assign(&mut index, &at("c", "https://exemple.ml")).1.copy_of,
        None,
        "a home page names no entry"
    );

    let with_guid = |source, title, guid| Report {
        guid: Some(guid),
        ..report(source, title, "")
    };
    let (first, _) = assign(&mut index, &with_guid("a", "Le puits", "https://exemple.ml/?p=77"));
    let decision = assign(&mut index, &with_guid("b", " LE PUITS", "https://exemple.ml/?p=77")).1;
    assert_eq!(
        (decision.copy_of, decision.basis, decision.like),
        (Some(first), Basis::Guid, Some(first))
    );
    assign(&mut index, &with_guid("a", "Marché", "77"));
    assert_eq!(
        assign(&mut index, &with_guid("b", "Marché", "77")).1.copy_of,
        None,
        "a number is no name"
    );
}

#[test]
fn an_address_that_one_source_gives_to_several_entries_names_none() {
    let mut index = Index::new(DedupePolicy::default());
    let live = |source, text| Report {
        url: Some("https://exemple.ml/direct"),
        ..report(source, "En direct", text)
    };
    assign(&mut index, &live("a", "neuf heures"));
    assign(&mut index, &live("a", "dix heures"));
    assert_eq!(assign(&mut index, &live("b", "onze heures")).1.copy_of, None);
}

#[test]
fn a_source_that_wants_no_merging_stays_apart() {
    let mut index = Index::new(DedupePolicy::default());
    let (id, decision) = assign(&mut index, &report("unmerged", "Convoi", WIRE));
    assert_eq!((decision.story, decision.is_founding()), (id.into(), true));
    let (_, decision) = assign(&mut index, &report("b", "Convoi", WIRE));
    assert!(decision.is_founding() && decision.copy_of.is_none());
    let unmerged = report("unmerged", "Convoi", WIRE);
    assert!(assign(&mut index, &unmerged).1.is_founding());
    assert!(!index.try_copy(&dedupe_entry(&unmerged)));
    let linked = dedupe_entry(&Report {
        url: Some("https://a.ml/1"),
        ..unmerged
    });
    for hashes in [
        index.postings(&linked),
        Index::copy_keys(&linked),
        Index::copy_probes(&linked),
        index.story_probes(&linked),
    ] {
        assert_eq!(hashes, [0; 0], "it finds nothing and is found by nothing");
    }
}

#[test]
fn a_copy_is_found_by_what_makes_copies_alone() {
    let mut index = Index::new(DedupePolicy::default());
    let (original, copy) = (report("a", "Convoi de nuit", WIRE), report("b", "Camions à Tessalit", WIRE));
    assign(&mut index, &original);
    assign(&mut index, &copy);
    let (original, copy) = (dedupe_entry(&original), dedupe_entry(&copy));
    let terms = |entry: &DedupeEntry| {
        let postings = index.postings(entry);
        index.story_probes(entry).iter().filter(|term| postings.contains(term)).count()
    };
    assert_eq!((terms(&original), terms(&copy)), (index.story_probes(&original).len(), 0));
    let postings = index.postings(&copy);
    assert!(Index::copy_probes(&copy).iter().any(|probe| postings.contains(probe)));
}

#[test]
fn copies_are_found_for_ten_days() {
    for (hours, is_found) in [(240, true), (241, false)] {
        let mut index = Index::new(DedupePolicy::default());
        let (original, _) = assign(&mut index, &report("a", "Convoi", WIRE));
        let late = Report {
            hours,
            ..report("b", "Camions", WIRE)
        };
        assert_eq!(assign(&mut index, &late).1.copy_of, is_found.then_some(original), "{hours} hours");
    }
}

#[test]
fn boilerplate_makes_no_copies() {
    let mut index = Index::new(DedupePolicy::default());
    let tail = "Abonnez-vous à notre lettre du matin pour recevoir chaque jour le meilleur de la région et soutenez une presse libre et proche de vous";
    let sources: Vec<SourceId> = (0..70).map(|n| SourceId::new(&format!("s{n}")).expect("a slug")).collect();
    let mut copies = 0;
    for (number, source) in sources.iter().enumerate() {
        // Long texts of their own, so that the common tail is a small part of each.
        let own: String = (0..40).map(|word| format!("mot{number}x{word}")).collect::<Vec<_>>().join(" ");
        let mut entry = dedupe_entry(&report("a", "Titre", &format!("{own} {tail}")));
        entry.id = EntryId::derive(source, "guid", &own);
        entry.source = source.clone();
        copies += usize::from(index.assign(&entry).copy_of.is_some());
    }
    let short = report("z", "Brève", &format!("Le maire a parlé hier. {tail}"));
    let decision = assign(&mut index, &short).1;
    assert_eq!(decision.copy_of, None, "{copies} copies before");
}
