//! Decisions about entries in order, with invented texts.

mod originals;
mod replay;

use super::decision::CopyBasis;
use super::*;
use crate::model::{EntryId, SourceId, Timestamp};
use std::time::Duration;
use url::Url;

const WIRE: &str = "Une colonne de véhicules a quitté la base de Tessalit dans la nuit de mardi à mercredi, ont indiqué deux habitants joints par \
    téléphone. Les pompiers ont compté quatorze camions et trois citernes, dont une a versé dans un fossé à l'entrée du village. Le préfet a promis une \
    enquête et demandé aux transporteurs de ne plus rouler après le coucher du soleil, une mesure que le syndicat des chauffeurs juge intenable pendant la \
    saison chaude. Aucun blessé grave n'a été signalé, selon l'infirmier du poste de santé.";
const DAY: u64 = 86_400;

#[derive(Debug)]
struct Report {
    source: &'static str,
    title: &'static str,
    text: String,
    url: Option<&'static str>,
    guid: Option<&'static str>,
    owns_link: bool,
    day: u64,
}

fn report(source: &'static str, title: &'static str, text: &str) -> Report {
    Report {
        source,
        title,
        text: text.to_owned(),
        url: None,
        guid: None,
        owns_link: true,
        day: 0,
    }
}

fn dedupe_entry(report: &Report) -> DedupeEntry {
    let source = SourceId::new(report.source).expect("a slug");
    let date = Timestamp::from_unix(1_700_000_000) + Duration::from_secs(report.day * DAY);
    DedupeEntry {
        id: EntryId::derive(
            &source,
            "guid",
            &format!("{}{}{}{:?}", report.title, report.text, report.day, report.url),
        ),
        guid: report.guid.map(str::to_owned),
        canonical: report.url.map(|url| crate::model::canonical(&Url::parse(url).expect("a URL"))),
        declared: None,
        title: report.title.to_owned(),
        date,
        first_seen: date,
        mergeable: source.as_str() != "unmerged",
        owns_link: report.owns_link,
        source,
        fingerprint: Fingerprint::new(report.title, &report.text, Some("fr")),
    }
}

fn assign(index: &mut Index, report: &Report) -> (EntryId, Decision) {
    let dedupe_entry = dedupe_entry(report);
    (dedupe_entry.id, index.assign(&dedupe_entry))
}

fn words(text: &str, range: std::ops::Range<usize>) -> String {
    text.split_whitespace()
        .skip(range.start)
        .take(range.len())
        .collect::<Vec<_>>()
        .join(" ")
}

/// An index that is restricted to what some entries are compared by decides about them as one that holds everything.
#[test]
fn a_restricted_index_decides_the_same() {
    let sources = ["aube", "soir", "courrier", "bafing", "echo", "radio"];
    let subjects = [
        "le pont de Kayes",
        "la foire de Mopti",
        "les puits de Nara",
        "la route de Gao",
        "le lycée de Ségou",
    ];
    let made = |number: usize| {
        let subject = subjects[number % subjects.len()];
        let cut = words(WIRE, number % 7 * 6..number % 7 * 6 + 30 + number % 5 * 10);
        let text = format!(
            "Au sujet de {subject}, la commission a tranché. {cut} {subject} encore, et {}.",
            number % 11
        );
        let mut report = report(sources[number % sources.len()], subjects[(number / 3) % subjects.len()], &text);
        report.day = (number / 12) as u64;
        report
    };
    let reports: Vec<Report> = (0..120).map(made).collect();
    let (former, new) = reports.split_at(80);
    let mut whole = Index::new(DedupePolicy::default());
    let known: Vec<KnownEntry> = former
        .iter()
        .map(|report| {
            let entry = dedupe_entry(report);
            let decision = whole.assign(&entry);
            KnownEntry {
                founded: entry.first_seen,
                copy_of: decision.copy_of,
                story: decision.story,
                entry,
            }
        })
        .collect();
    let filled = |fingerprints: Option<&[Fingerprint]>| {
        let mut index = Index::new(DedupePolicy::default());
        if let Some(fingerprints) = fingerprints {
            index.restrict_to(fingerprints);
        }
        for known in &known {
            index.insert(known);
        }
        index
    };
    let fingerprints: Vec<Fingerprint> = new.iter().map(|report| dedupe_entry(report).fingerprint).collect();
    let (mut open, mut restricted) = (filled(None), filled(Some(&fingerprints)));
    let mut copies = 0;
    for report in new {
        let decision = assign(&mut open, report).1;
        copies += usize::from(decision.copy_of.is_some());
        assert_eq!(
            format!("{decision:?}"),
            format!("{:?}", assign(&mut restricted, report).1),
            "{report:?}"
        );
    }
    assert!((5..new.len()).contains(&copies), "{copies} copies show nothing");
}

#[test]
fn a_wire_text_is_known_under_other_headlines_and_cuts() {
    let mut index = Index::new(DedupePolicy::default());
    let (original, first) = assign(&mut index, &report("wire", "Tessalit : une colonne quitte la base", WIRE));
    assert!(first.founded && first.copy_of.is_none());
    let half = words(WIRE, 0..45);
    let ending = format!("{} Lire aussi notre dossier sur les routes du Nord.", words(WIRE, 20..70));
    for copy in [
        report("a", "Quatorze camions sur la route", WIRE),
        report("b", "Nord : convoi de nuit", &half),
        report("c", "Le syndicat des chauffeurs proteste", &ending),
    ] {
        let (_, decision) = assign(&mut index, &copy);
        assert_eq!(decision.copy_of, Some(original), "{}", copy.title);
        assert_eq!(decision.story, first.story);
        assert!(matches!(decision.basis, Some(CopyBasis::Text { containment }) if containment >= 0.5));
    }
}

#[test]
fn neither_a_title_nor_one_source_makes_a_copy() {
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
    assign(&mut index, &report("a", "Convoi", WIRE));
    let again = report("a", "Convoi, suite", &words(WIRE, 0..60));
    assert_eq!(assign(&mut index, &again).1.copy_of, None);
}

#[test]
fn an_entry_is_no_copy_of_its_own_source_by_way_of_another_copy() {
    let mut index = Index::new(DedupePolicy::default());
    let (original, _) = assign(&mut index, &report("a", "Convoi", WIRE));
    let longer = format!(
        "{WIRE} {}",
        "Le maire de la commune attend maintenant que la société de transport répare la clôture du puits, renversée par le dernier camion."
    );
    assert_eq!(assign(&mut index, &report("b", "Camions", &longer)).1.copy_of, Some(original));
    assert_eq!(assign(&mut index, &report("a", "Convoi, suite", &longer)).1.copy_of, None);
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
    assert_eq!((decision.copy_of, decision.basis), (Some(original), Some(CopyBasis::Url)));
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
    assert_eq!((decision.copy_of, decision.basis), (Some(first), Some(CopyBasis::Guid)));
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
    assert_eq!((decision.story, decision.founded), (id.into(), true));
    let (_, decision) = assign(&mut index, &report("b", "Convoi", WIRE));
    assert!(decision.founded && decision.copy_of.is_none());
    assert!(assign(&mut index, &report("unmerged", "Convoi", WIRE)).1.founded);
}

#[test]
fn reports_of_one_event_join_across_languages() {
    let mut index = Index::new(DedupePolicy::default());
    let french = report(
        "a",
        "Niamey : le ministre Salou Garba reçoit une délégation de Varenia",
        "Le général Salou Garba a reçu lundi à Niamey une délégation militaire de la Varenia conduite par Pavel Dorin. Les documents sur la coopération militaire ont été signés.",
    );
    let (_, first) = assign(&mut index, &french);
    let english = report(
        "b",
        "Varenia delegation signs military cooperation in Niamey",
        "A military delegation led by Pavel Dorin met General Salou Garba in Niamey on Monday. Documents on military cooperation with Varenia were signed.",
    );
    let decision = assign(&mut index, &english).1;
    assert_eq!((decision.story, decision.copy_of), (first.story, None));
    let other = report(
        "c",
        "Niamey : le prix du mil baisse sur les marchés",
        "Les commerçants de Niamey ont constaté lundi une baisse du prix du mil après l'arrivée des premières récoltes de Dosso et de Maradi.",
    );
    assert!(assign(&mut index, &other).1.founded);
}

#[test]
fn a_later_report_founds_a_story_that_goes_on_from_the_first() {
    let mut index = Index::new(DedupePolicy::default());
    let visit = "Pavel Dorin et le général Salou Garba ont parlé à Niamey de coopération militaire entre la Varenia et le Niger.";
    let (_, first) = assign(&mut index, &report("a", "Pavel Dorin reçu par Salou Garba à Niamey", visit));
    let on = |day| Report {
        day,
        ..report(
            "b",
            "Salou Garba et Pavel Dorin se retrouvent à Niamey",
            "Le général Salou Garba et Pavel Dorin se sont revus à Niamey : la Varenia livrera des instruments.",
        )
    };
    let decision = assign(&mut index, &on(3)).1;
    assert_eq!(decision.story, first.story);
    let decision = assign(&mut index, &on(5)).1;
    assert!(decision.founded);
    assert_eq!(decision.earlier, Some(first.story));
}

#[test]
fn copies_and_earlier_stories_are_found_for_ten_days() {
    let visit = "Pavel Dorin et le général Salou Garba ont parlé à Niamey de coopération militaire entre la Varenia et le Niger.";
    let again = "Le général Salou Garba et Pavel Dorin se sont revus à Niamey : la Varenia livrera des instruments.";
    for (day, is_found) in [(9, true), (11, false)] {
        let mut index = Index::new(DedupePolicy::default());
        let (original, _) = assign(&mut index, &report("a", "Convoi", WIRE));
        let (_, first) = assign(&mut index, &report("a", "Pavel Dorin reçu par Salou Garba à Niamey", visit));
        let on_day = |title, text| Report {
            day,
            ..report("b", title, text)
        };
        let (_, copy) = assign(&mut index, &on_day("Camions", WIRE));
        assert_eq!(copy.copy_of, is_found.then_some(original), "day {day}");
        let (_, later) = assign(&mut index, &on_day("Salou Garba et Pavel Dorin se retrouvent à Niamey", again));
        assert_eq!((later.founded, later.earlier), (true, is_found.then_some(first.story)), "day {day}");
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
