//! Entries placed in order, with invented texts.

use super::*;
use url::Url;

const WIRE: &str = "Une colonne de véhicules a quitté la base de Tessalit dans la nuit de mardi à mercredi, ont indiqué deux habitants joints par \
    téléphone. Les pompiers ont compté quatorze camions et trois citernes, dont une a versé dans un fossé à l'entrée du village. Le préfet a promis une \
    enquête et demandé aux transporteurs de ne plus rouler après le coucher du soleil, une mesure que le syndicat des chauffeurs juge intenable pendant la \
    saison chaude. Aucun blessé grave n'a été signalé, selon l'infirmier du poste de santé.";
const DAY: u64 = 86_400;

struct Told {
    source: &'static str,
    title: &'static str,
    text: String,
    url: Option<&'static str>,
    guid: Option<&'static str>,
    day: u64,
}

fn told(source: &'static str, title: &'static str, text: &str) -> Told {
    Told {
        source,
        title,
        text: text.to_owned(),
        url: None,
        guid: None,
        day: 0,
    }
}

fn candidate(told: &Told) -> Candidate {
    let source = SourceId::new(told.source).expect("a slug");
    let date = Timestamp::from_unix(1_700_000_000) + Duration::from_secs(told.day * DAY);
    Candidate {
        id: EntryId::derive(&source, "guid", &format!("{}{}{}{:?}", told.title, told.text, told.day, told.url)),
        guid: told.guid.map(str::to_owned),
        canonical: told.url.map(|url| crate::model::canonical(&Url::parse(url).expect("a URL"))),
        title: told.title.to_owned(),
        date,
        first_seen: date,
        merge: source.as_str() != "apart",
        source,
        fingerprint: Fingerprint::of(told.title, &told.text, Some("fr")),
    }
}

fn place(index: &mut Index, told: &Told) -> (EntryId, Decision) {
    let candidate = candidate(told);
    (candidate.id, index.place(candidate))
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
    let (original, first) = place(&mut index, &told("wire", "Tessalit : une colonne quitte la base", WIRE));
    assert!(first.founded && first.copy_of.is_none());
    let half = words(WIRE, 0..45);
    let ending = format!("{} Lire aussi notre dossier sur les routes du Nord.", words(WIRE, 20..70));
    for copy in [
        told("a", "Quatorze camions sur la route", WIRE),
        told("b", "Nord : convoi de nuit", &half),
        told("c", "Le syndicat des chauffeurs proteste", &ending),
    ] {
        let (_, decision) = place(&mut index, &copy);
        assert_eq!(decision.copy_of, Some(original), "{}", copy.title);
        assert_eq!(decision.story, first.story);
        assert!(matches!(decision.basis, Some(CopyBasis::Text { containment }) if containment >= 0.5));
    }
}

#[test]
fn neither_a_title_nor_one_source_makes_a_copy() {
    let mut index = Index::new(DedupePolicy::default());
    place(
        &mut index,
        &told(
            "a",
            "Météo du jour",
            "Ciel clair sur Gao, vents faibles, trente-neuf degrés à midi et nuit calme sur la boucle.",
        ),
    );
    let other = told(
        "b",
        "Météo du jour",
        "Orages attendus à Sikasso dans la soirée, prudence sur les pistes.",
    );
    assert_eq!(place(&mut index, &other).1.copy_of, None);
    place(&mut index, &told("a", "Convoi", WIRE));
    let again = told("a", "Convoi, suite", &words(WIRE, 0..60));
    assert_eq!(place(&mut index, &again).1.copy_of, None);
}

#[test]
fn a_quotation_is_no_copy() {
    let mut index = Index::new(DedupePolicy::default());
    place(&mut index, &told("a", "Convoi", WIRE));
    let quoting = format!(
        "Le conseil régional s'est réuni jeudi pour voter le budget des puits. Interrogé, un élu a rappelé que {}. Le budget a été adopté à main levée, après \
         deux heures de débats sur l'entretien des pompes solaires, le prix des pièces, la formation des comités villageois et la paie des gardiens.",
        words(WIRE, 25..38)
    );
    assert_eq!(place(&mut index, &told("b", "Budget des puits", &quoting)).1.copy_of, None);
}

#[test]
fn addresses_and_permanent_guids_are_shared_across_sources() {
    let mut index = Index::new(DedupePolicy::default());
    let at = |source, url| Told {
        url: Some(url),
        ..told(source, "Un titre", "")
    };
    let (original, _) = place(&mut index, &at("a", "https://www.exemple.ml/un?utm_source=rss"));
    let decision = place(&mut index, &at("b", "http://exemple.ml/un")).1;
    assert_eq!((decision.copy_of, decision.basis), (Some(original), Some(CopyBasis::Url)));
    place(
        &mut index,
        &Told {
            title: "Autre",
            ..at("a", "https://exemple.ml/")
        },
    );
    let home = Told {
        title: "Encore un",
        ..at("c", "https://exemple.ml")
    };
    assert_eq!(place(&mut index, &home).1.copy_of, None, "a home page names no entry");

    let with_guid = |source, title, guid| Told {
        guid: Some(guid),
        ..told(source, title, "")
    };
    let (first, _) = place(&mut index, &with_guid("a", "Le puits", "https://exemple.ml/?p=77"));
    let decision = place(&mut index, &with_guid("b", "LE PUITS", "https://exemple.ml/?p=77")).1;
    assert_eq!((decision.copy_of, decision.basis), (Some(first), Some(CopyBasis::Guid)));
    assert_eq!(
        place(&mut index, &with_guid("c", "La pompe", "https://exemple.ml/?p=77")).1.copy_of,
        None
    );
    place(&mut index, &with_guid("a", "Marché", "77"));
    assert_eq!(
        place(&mut index, &with_guid("b", "Marché", "77")).1.copy_of,
        None,
        "a number is no name"
    );
}

#[test]
fn an_address_that_one_source_gives_to_several_entries_names_none() {
    let mut index = Index::new(DedupePolicy::default());
    let live = |source, title| Told {
        url: Some("https://exemple.ml/direct"),
        ..told(source, title, "")
    };
    place(&mut index, &live("a", "Neuf heures"));
    place(&mut index, &live("a", "Dix heures"));
    assert_eq!(place(&mut index, &live("b", "Onze heures")).1.copy_of, None);
}

#[test]
fn a_source_that_wants_no_merging_stays_apart() {
    let mut index = Index::new(DedupePolicy::default());
    let (id, decision) = place(&mut index, &told("apart", "Convoi", WIRE));
    assert_eq!((decision.story, decision.founded), (id.into(), true));
    let (_, decision) = place(&mut index, &told("b", "Convoi", WIRE));
    assert!(decision.founded && decision.copy_of.is_none());
    assert!(place(&mut index, &told("apart", "Convoi", WIRE)).1.founded);
}

#[test]
fn reports_of_one_event_join_across_languages() {
    let mut index = Index::new(DedupePolicy::default());
    let french = told(
        "a",
        "Niamey : le ministre Salou Garba reçoit une délégation de Varenia",
        "Le général Salou Garba a reçu lundi à Niamey une délégation militaire de la Varenia conduite par Pavel Dorin. Les documents sur la coopération militaire ont été signés.",
    );
    let (_, first) = place(&mut index, &french);
    let english = told(
        "b",
        "Varenia delegation signs military cooperation in Niamey",
        "A military delegation led by Pavel Dorin met General Salou Garba in Niamey on Monday. Documents on military cooperation with Varenia were signed.",
    );
    let decision = place(&mut index, &english).1;
    assert_eq!((decision.story, decision.copy_of), (first.story, None));
    let other = told(
        "c",
        "Niamey : le prix du mil baisse sur les marchés",
        "Les commerçants de Niamey ont constaté lundi une baisse du prix du mil après l'arrivée des premières récoltes de Dosso et de Maradi.",
    );
    assert!(place(&mut index, &other).1.founded);
}

#[test]
fn a_later_report_founds_a_story_that_goes_on_from_the_first() {
    let mut index = Index::new(DedupePolicy::default());
    let visit = "Pavel Dorin et le général Salou Garba ont parlé à Niamey de coopération militaire entre la Varenia et le Niger.";
    let (_, first) = place(&mut index, &told("a", "Pavel Dorin reçu par Salou Garba à Niamey", visit));
    let on = |day| Told {
        day,
        ..told(
            "b",
            "Salou Garba et Pavel Dorin se retrouvent à Niamey",
            "Le général Salou Garba et Pavel Dorin se sont revus à Niamey : la Varenia livrera des instruments.",
        )
    };
    let decision = place(&mut index, &on(3)).1;
    assert_eq!(decision.story, first.story);
    let decision = place(&mut index, &on(5)).1;
    assert!(decision.founded);
    assert_eq!(decision.earlier, Some(first.story));
    let decision = place(&mut index, &on(40)).1;
    assert_eq!((decision.founded, decision.earlier), (true, None));
}

#[test]
fn what_is_remembered_decides_as_what_was_placed() {
    let all = [
        told("a", "Convoi", WIRE),
        told("b", "Camions", &words(WIRE, 0..50)),
        told(
            "c",
            "Puits de Ber",
            "Le comité des puits de Ber a élu sa présidente, qui veut réparer la pompe avant les pluies.",
        ),
        told("d", "Citernes", &words(WIRE, 10..70)),
        told(
            "e",
            "Ber : une présidente pour les puits",
            "La présidente du comité des puits de Ber a été élue ; la pompe sera réparée.",
        ),
    ];
    let mut whole = Index::new(DedupePolicy::default());
    let decisions: Vec<Decision> = all.iter().map(|told| place(&mut whole, told).1).collect();
    for cut in 0..all.len() {
        let mut index = Index::new(DedupePolicy::default());
        for (told, decision) in all.iter().zip(&decisions).take(cut) {
            let candidate = candidate(told);
            index.remember(Remembered {
                copy_of: decision.copy_of,
                story: decision.story,
                founded: candidate.first_seen,
                candidate,
            });
        }
        let rest: Vec<Decision> = all.iter().skip(cut).map(|told| place(&mut index, told).1).collect();
        assert_eq!(rest, decisions[cut..], "after {cut}");
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
        let mut entry = candidate(&told("a", "Titre", &format!("{own} {tail}")));
        entry.id = EntryId::derive(source, "guid", &own);
        entry.source = source.clone();
        copies += usize::from(index.place(entry).copy_of.is_some());
    }
    let short = told("z", "Brève", &format!("Le maire a parlé hier. {tail}"));
    let decision = place(&mut index, &short).1;
    assert_eq!(decision.copy_of, None, "{copies} copies before");
}
