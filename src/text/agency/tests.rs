//! All names of people and outlets are invented.

use super::*;
use proptest::prelude::*;

const BODY: &str = "Le gouvernement a ouvert lundi un nouveau pont sur le fleuve. Les habitants l'attendaient depuis dix ans.";

fn in_text(text: &str) -> Option<&'static str> {
    agency_of_text(&TextCredits {
        texts: &[text],
        language: Some("fr"),
        ..TextCredits::default()
    })
    .map(Agency::as_str)
}

fn by_author(name: &str) -> Option<&'static str> {
    let authors = [Author {
        name: name.to_owned(),
        email: None,
    }];
    agency_of_text(&TextCredits {
        authors: &authors,
        texts: &[BODY],
        language: Some("fr"),
        ..TextCredits::default()
    })
    .map(Agency::as_str)
}

#[test]
fn datelines_name_the_agency() {
    for (head, expected) in [
        ("LOMÉ, 3 août (Xinhua) — ", "Xinhua"),
        ("BAMAKO (Reuters) - ", "Reuters"),
        ("Niamey, 28 juillet(ANP)-", "ANP"),
        ("Niamey, 27juillet (ANP)- ", "ANP"),
        ("Niamey, 28 juil (ANP) –", "ANP"),
        ("Dosso, 1 er Août (ANP) – ", "ANP"),
        ("Gorou (Dosso), 28 juillet 2026 (ANP) – ", "ANP"),
        ("Kaya : une centrale est ouverte Kaya, 11 août 2026 (AIB)-", "AIB"),
        ("Sapouy, 13 août 2026– AIB. ", "AIB"),
        ("Bamako, 3 août (AMAP). ", "AMAP"),
        ("N'Djaména, 03/08/2026 (ATPE) : ", "ATPE"),
        ("Nouakchott, 03/08/2026 (AMI) - ", "AMI"),
        ("Dakar, 3 août (APS) – ", "APS"),
        ("Alger, 3 août (APS) – ", "APS-DZ"),
        ("Rabat (MAP) - ", "MAP"),
        ("APA-Dakar (Sénégal) ", "APA"),
        ("Dakar, Sénégal (PANA) - ", "PANA"),
        ("AFP - ", "AFP"),
        ("(AFP) - ", "AFP"),
        ("[AFP] – ", "AFP"),
        ("PARIS (AFP/Reuters) - ", "AFP"),
        ("AA / Niamey / Awa Diallo ", "Anadolu"),
        ("MOSCOU, 3 août. /TASS/. ", "TASS"),
        ("Madrid, 3 ago (EFE).- ", "EFE"),
        ("Aug 3 (Reuters) - ", "Reuters"),
        ("Abuja, Aug. 3, 2026 (NAN) ", ""),
        ("ABUJA, AUG. 3 (NAN) ", "NAN"),
        ("Bissau, 03 ago 2026 (Lusa) – ", "Lusa"),
        ("Par AFP\n", "AFP"),
        ("Agence France-Presse\n", "AFP"),
        ("Source : Xinhua\n", "Xinhua"),
        ("(avec AFP)\n", "AFP"),
        ("Daga: Reuters\n", "Reuters"),
    ] {
        let expected = Some(expected).filter(|expected| !expected.is_empty());
        assert_eq!(in_text(&format!("{head}{BODY}")), expected, "{head}");
    }
    for (head, expected) in [
        ("باماكو (أ ف ب) - ", "AFP"),
        ("باماكو (أ.ف.ب) – ", "AFP"),
        ("نيامي / الأناضول\n", "Anadolu"),
        ("نواكشوط (رويترز) - ", "Reuters"),
        ("المصدر: وكالة شينخوا\n", "Xinhua"),
    ] {
        let text = format!("{head}أعلن الجيش اليوم أنه فتح الطريق إلى المدينة بعد شهرين.");
        assert_eq!(in_text(&text), Some(expected), "{head}");
    }
}

#[test]
fn credits_behind_the_last_sentence_name_the_agency() {
    for (tail, expected) in [
        (" (AFP)", "AFP"),
        (" (avec AFP)", "AFP"),
        (" (Source : AFP)", "AFP"),
        ("\nAFP", "AFP"),
        ("\n© AFP", "AFP"),
        ("\n© 2026 AFP", "AFP"),
        ("\nSource: Xinhua", "Xinhua"),
        ("\nPar Reuters", "Reuters"),
        ("\nLe Fanal avec AFP", "AFP"),
        ("\nLe Fanal avec l'AFP et Reuters", "AFP"),
        ("\nlefanal.example avec AFP", "AFP"),
        (" AFP", "AFP"),
        (" - AFP", "AFP"),
        (" Avec AP", "AP"),
        (" HA/AS/ANP 0369 juillet 2026", "ANP"),
        ("\nNAK/KPM/ANP-354 Juillet 2026", "ANP"),
        ("\nAgence d’information du Burkina", "AIB"),
        ("\nMajiya: Kamfanin dillancin labaran Najeriya", "NAN"),
        ("\nالمصدر: رويترز", "Reuters"),
        (" (أ ف ب)", "AFP"),
        ("\nAFP\nPartager", "AFP"),
    ] {
        assert_eq!(in_text(&format!("{BODY}{tail}")), Some(expected), "{tail}");
    }
}

#[test]
fn bylines_name_the_agency() {
    for (author, expected) in [
        ("AFP", Some("AFP")),
        ("afp", Some("AFP")),
        ("A.F.P.", Some("AFP")),
        ("Par AFP", Some("AFP")),
        ("Agence France-Presse", Some("AFP")),
        ("Le Fanal avec AFP", Some("AFP")),
        ("AFP/Le Fanal", Some("AFP")),
        ("Awa Diallo (Reuters)", Some("Reuters")),
        ("By Awa Diallo, The Associated Press", Some("AP")),
        ("Awa Diallo Associated Press", Some("AP")),
        ("Reuters Staff", Some("Reuters")),
        ("Xinhua News Agency", Some("Xinhua")),
        ("الأناضول", Some("Anadolu")),
        ("وكالة فرانس برس", Some("AFP")),
        ("Photo : AFP", None),
        ("Awa Diallo/AFP via Getty Images", None),
        // Words that are initials of agencies in capitals only.
        ("ami", None),
        ("Map", None),
        ("nan", None),
        ("RFI", None),
        ("Deutsche Welle", None),
        ("Awa Diallo", None),
        ("", None),
    ] {
        assert_eq!(by_author(author), expected, "{author}");
    }
}

#[test]
fn a_mention_is_no_credit() {
    for text in [
        "Selon l'AFP, le pont est ouvert. Les habitants sont heureux.",
        "Le pont est ouvert, a appris l'AFP de source officielle.",
        "Le pont est ouvert, a déclaré le maire à l'AFP.",
        "Le pont est ouvert, a déclaré le maire à l'AFP",
        "L'Agence d'information du Burkina (AIB) - le pont est ouvert, dit-elle.",
        "L'Agence France-Presse (AFP) a un nouveau bureau.",
        "Le Mouvement des amis (AMI) a tenu son congrès.",
        "Le pont est ouvert, selon un communiqué de l'Agence nigérienne de presse (ANP).",
        "Le pont est ouvert, selon l'agence Anadolu (AA)",
        "Un correspondant de Reuters – présent sur place – a vu le pont.",
        "Le maire a parlé à la presse (AFP, Reuters) - il est content.",
        "AP-HP : les hôpitaux recrutent. Les syndicats demandent plus.",
        "Le pont est ouvert.\nPhoto : AFP",
        "Le pont est ouvert.\nCrédit : AFP",
        "AFP\nLe pont est ouvert. Les habitants l'attendaient.",
        "Awa Diallo/AFP\nLe pont est ouvert. Les habitants l'attendaient.",
        "Voir la map\nLe pont est ouvert.\nUn ami",
        "(RFI) - Le pont est ouvert.",
        "Le pont est ouvert. (avec agences)",
        "قال مسؤول لوكالة فرانس برس إن الجسر مفتوح. ويعبره السكان.",
        "",
        "(",
        "()",
        "/",
        "-",
    ] {
        assert_eq!(in_text(text), None, "{text}");
    }
    let middle = format!("{BODY}\n{BODY}\n(AFP) - {BODY}\n{BODY}\n{BODY}");
    assert_eq!(in_text(&middle), None, "the middle of a text holds no credit");
}

#[test]
fn initials_of_two_agencies_are_told_apart_by_language_and_place() {
    let of = |language, texts: &[&str]| {
        let language = Some(language);
        agency_of_text(&TextCredits {
            texts,
            language,
            ..TextCredits::default()
        })
    };
    let code = |language, text| of(language, &[text]).map(Agency::as_str);
    assert_eq!(code("nl-NL", "DEN HAAG (ANP) - De brug is open."), Some("ANP-NL"));
    assert_eq!(code("fr", "NIAMEY (ANP) - Le pont est ouvert."), Some("ANP"));
    assert_eq!(code("de", "Wien (APA) - Die Brücke ist offen."), Some("APA-AT"));
    assert_eq!(code("fr", "Dakar (APA) - Le pont est ouvert."), Some("APA"));
}

#[test]
fn rights_attribution_and_lines_left_out_are_credits() {
    let credits = ["(avec Reuters)".to_owned()];
    let text = |rights, attribution, credits| {
        agency_of_text(&TextCredits {
            rights,
            attribution,
            credits,
            texts: &[BODY],
            ..TextCredits::default()
        })
        .map(Agency::as_str)
    };
    assert_eq!(text(Some("© AFP"), None, &[]), Some("AFP"));
    assert_eq!(text(Some("Tous droits réservés"), None, &[]), None);
    assert_eq!(text(None, Some("Xinhua"), &[]), Some("Xinhua"));
    assert_eq!(text(None, None, &credits), Some("Reuters"));
    assert_eq!(text(None, None, &[]), None);
}

#[test]
fn outlets_that_are_agencies_are_known_by_their_names() {
    for (name, expected) in [
        ("AIB", Some("AIB")),
        ("Agence d'Information du Burkina (AIB)", Some("AIB")),
        ("Xinhua – Afrique", Some("Xinhua")),
        ("Agence nigérienne de presse", Some("ANP")),
        ("Le Fanal", None),
        ("Radio AMI", None),
    ] {
        assert_eq!(agency_of_outlet(name).map(Agency::as_str), expected, "{name}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "[\\PC\n]{0,200}", author in "\\PC{0,40}") {
        in_text(&text);
        by_author(&author);
    }

    #[test]
    fn no_text_of_signs_panics(text in "[A-Za-zé ()\\[\\]/–—.,:\n0-9«»ف-]{0,200}") {
        in_text(&text);
    }
}
