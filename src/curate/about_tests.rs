//! What invented entries are about: the evidence that counts, its weight, and what the country of the source adds.

use super::tests::{compiled, source};
use super::*;
use crate::config::Source;
use crate::model::Timestamp;

/// An entry of a source.
struct Told<'t> {
    /// The name of the source, and its country; none when it is empty.
    source: (&'t str, &'t str),
    /// Empty when it is not known.
    language: &'t str,
    title: &'t str,
    summary: &'t str,
    body: &'t str,
}

/// A source in no country of the gazetteer's tables that the tests name.
const OTHER: Told<'_> = Told {
    source: ("La Gazette", ""),
    language: "fr",
    title: "",
    summary: "",
    body: "",
};

impl Told<'_> {
    fn explained(&self) -> ExplainedAbout {
        let (name, country) = self.source;
        let source = Source {
            name: name.to_owned(),
            country: Some(country.to_owned()).filter(|country| !country.is_empty()),
            ..source()
        };
        let texts = OriginalTexts {
            title: self.title.to_owned(),
            summary: self.summary.to_owned(),
            body: self.body.to_owned(),
            ..OriginalTexts::default()
        };
        let facts = EntryFacts {
            source_id: &source.id,
            source: Some(&source),
            language: Some(self.language).filter(|language| !language.is_empty()),
            date: Timestamp::from_unix(1_785_542_400),
        };
        let (words, matcher) = (texts.word_list(), compiled("*").matcher);
        let load = || texts.clone();
        matcher.scan(facts, EntryWords::new(&words, None), &load).explain_about()
    }

    /// Returns the countries that it is about, the largest share first.
    fn countries(&self) -> String {
        let about = self.explained().about;
        let codes: Vec<&str> = about.countries().iter().map(|(country, _)| country.as_str()).collect();
        codes.join(" ")
    }

    /// Returns the regions that it is about, each with the location of its town.
    fn regions(&self) -> String {
        let about = self.explained().about;
        about.encode()[about.shares().len()..].trim_start().to_owned()
    }

    fn score(&self, code: &str) -> f64 {
        let scores = self.explained().scores;
        let own = scores.iter().find(|(country, _)| country.as_str() == code);
        own.map_or(0.0, |(_, score)| *score)
    }
}

fn titled(title: &str) -> Told<'_> {
    Told { title, ..OTHER }
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn the_country_of_the_source_counts_where_no_other_one_is_prominent() {
    let distant = format!("{} Le Mali enfin.", "mot ".repeat(70));
    for (title, body, prior, about) in [
        ("Une route rouvre", "", 3.0, "NE"),
        ("Une route rouvre au Niger", "", 3.0, "NE"),
        ("Une route rouvre", distant.as_str(), 3.0, "NE"),
        ("Une route rouvre au Mali et au Niger", "", 1.0, "NE ML"),
        ("Une route rouvre au Mali", "", 0.5, "ML"),
        ("Une route rouvre", "Elle va au Mali.", 0.5, "ML"),
        // What is named with others only is not named for itself.
        ("Le Mali écrit aux pays de l'AES", "", 0.5, "ML"),
        // The world at large is another country, and none that an entry is about.
        ("L'ONU écrit", "", 0.5, ""),
    ] {
        let told = Told {
            source: ("La Gazette", "NE"),
            body,
            ..titled(title)
        };
        let found = told.explained().prior.expect("a country");
        assert_eq!(found.0.as_str(), "NE");
        assert_near(found.1, prior);
        assert_eq!(told.countries(), about, "{title}: {:?}", told.explained().scores);
    }
    assert_eq!(titled("Une route rouvre").countries(), "");
    assert!(titled("L'ONU écrit").explained().scores.is_empty());
}

#[test]
fn a_country_weighs_by_where_and_how_often_it_is_named() {
    assert_near(titled("Au Mali").score("ML"), 3.0);
    let body = |body: &'static str| Told { body, ..OTHER };
    assert_near(body("Au Mali").score("ML"), 1.0);
    let distant = format!("{} Au Mali.", "mot ".repeat(60));
    assert_near(Told { body: &distant, ..OTHER }.score("ML"), 0.5);
    let last_of_lead = format!("{} Mali", "mot ".repeat(59));
    assert_near(
        Told {
            body: &last_of_lead,
            ..OTHER
        }
        .score("ML"),
        1.0,
    );
    // Each further occurrence adds half the logarithm of their number.
    assert_near(body("Le Mali et encore le Mali").score("ML"), 1.0 + 0.5 * 2.0_f64.ln());
    assert_near(body("Le Mali, le Mali, le Mali").score("ML"), 1.0 + 0.5 * 3.0_f64.ln());
    // What stands for several countries counts half for each, unless the better one is named in the same part.
    assert_near(titled("Les pays de l'AES").score("BF"), 1.5);
    assert_near(body("Les pays de l'AES et le Mali").score("ML"), 1.0 + 0.5 * 2.0_f64.ln());
    assert_near(titled("Le HCUA écrit").score("ML"), 1.5);
}

#[test]
fn an_entry_is_about_the_countries_with_more_than_half_of_the_highest_score() {
    assert_eq!(titled("Le Mali et le Togo").countries(), "ML TG");
    let lead = Told {
        body: "Le Togo répond.",
        ..titled("Le Mali écrit")
    };
    assert_eq!(lead.countries(), "ML");
    // Exactly half is too little.
    let half = titled("Le Togo écrit aux pays de l'AES");
    assert_eq!((half.score("TG"), half.score("BF"), half.countries().as_str()), (3.0, 1.5, "TG"));
    let distant = format!("{} Au Mali.", "mot ".repeat(60));
    assert_eq!(Told { body: &distant, ..OTHER }.countries(), "", "less than one");
    // So explanations tell the score that is needed.
    assert_near(half.explained().needed_score, 1.5);
    assert_near(Told { body: &distant, ..OTHER }.explained().needed_score, 1.0);
}

#[test]
fn the_name_of_the_outlet_is_no_evidence() {
    let named = |name: &'static str, title: &'static str| Told {
        source: (name, ""),
        ..titled(title)
    };
    // At the end of the headline, whatever its length, and in a text.
    assert_eq!(named("Mali", "Un match - Mali").countries(), "");
    assert_eq!(named("Mali", "Un match à Lomé - Togo").countries(), "TG");
    let inside = |name: &'static str, body: &'static str| Told {
        source: (name, ""),
        body,
        ..OTHER
    };
    assert_eq!(inside("Le Mali du Matin", "Lu dans Le Mali du Matin.").countries(), "");
    assert_eq!(inside("Le Mali du Matin", "Lu au Mali, dans Le Mali du Matin.").countries(), "ML");
    assert_eq!(inside("Le Mali du Matin", "Le Mali du matin au soir").countries(), "");
    // A name of one word is a word as any other, unless it is written in capitals.
    assert_eq!(inside("Mali", "Lu au Mali.").countries(), "ML");
    assert_eq!(inside("MALI", "Lu au Mali.").countries(), "");
}

#[test]
fn an_outlet_at_the_end_of_a_headline_is_no_evidence() {
    for (title, about) in [
        ("Quatre mots sont là - Mali Tribune", ""),
        ("Quatre mots sont là – Mali Tribune du 12", ""),
        ("Quatre mots sont là | journal mali", ""),
        ("Quatre mots sont là - Le Journal de Mali", ""),
        // It has five words at most, and four stand before it.
        ("Quatre mots sont là - Un Deux Trois Quatre Mali", ""),
        ("Quatre mots sont là - Un Deux Trois Quatre Cinq Mali", "ML"),
        ("Trois mots là - Mali Tribune", "ML"),
        // A name has capitals, and is not only a place.
        ("Quatre mots sont là - la route du Mali rouvre", "ML"),
        ("Quatre mots sont là - Mali", "ML"),
        ("Quatre mots sont là - Bamako, Mali", "ML"),
        // A hyphen and a comma part no name from a headline.
        ("Quatre mots sont là, Mali Tribune", "ML"),
        ("Au Mali, les mots - Le Journal", "ML"),
    ] {
        assert_eq!(titled(title).countries(), about, "{title}");
    }
}

#[test]
fn of_summary_and_body_the_longer_one_is_read() {
    let told = |summary: &'static str, body: &'static str| Told { summary, body, ..OTHER };
    assert_eq!(told("Au Togo, dix longs mots suivent", "Au Mali").countries(), "TG");
    assert_eq!(told("Au Togo", "Au Mali, dix longs mots suivent").countries(), "ML");
    assert_eq!(told("Au Togo", "Au Mali").countries(), "ML");
}

#[test]
fn terms_count_in_their_language_and_with_their_capitals() {
    let told = |language: &'static str, title: &'static str| Told { language, ..titled(title) };
    assert_eq!(told("ha", "Kasar ANDORA").countries(), "AD");
    assert_eq!(told("fr", "Le mot ANDORA").countries(), "");
    assert_eq!(told("ha-NG", "Kasar ANDORA").countries(), "AD");
    assert_eq!(
        told("", "Kasar ANDORA").countries(),
        "AD",
        "a language that is not known may be any"
    );
    assert_eq!(told("fr", "L'armée au Tchad").countries(), "TD");
    assert_eq!(told("fr", "le mot tchad").countries(), "");
    assert_eq!(
        told("fr", "اجتماع في مالي").countries(),
        "ML",
        "Arabic script means the same everywhere"
    );
}

#[test]
fn a_weak_term_needs_other_evidence_of_its_country() {
    assert_eq!(titled("La Primature communique").countries(), "");
    assert_eq!(titled("La Primature communique à Lomé").countries(), "TG");
    let told = Told {
        body: "La Primature du Mali communique.",
        ..OTHER
    };
    assert_near(told.score("ML"), 1.0 + 0.5 * 2.0_f64.ln());
    // The source's own country is such evidence.
    let source = |country: &'static str| Told {
        source: ("La Gazette", country),
        ..titled("La Primature communique")
    };
    assert_near(source("ML").score("ML"), 6.0);
    assert_near(source("TG").score("ML"), 0.0);
    // Nigeria's press calls Niger State so.
    let niger = |country: &'static str| Told {
        source: ("The Gazette", country),
        language: "en",
        ..titled("Niger opens a road")
    };
    assert_eq!((niger("NG").countries().as_str(), niger("GH").countries().as_str()), ("NG", "NE"));
    let both = Told {
        source: ("The Gazette", "NG"),
        language: "en",
        ..titled("Niger meets envoys in Niamey")
    };
    assert_eq!(both.countries(), "NE");
}

#[test]
fn a_town_that_is_a_persons_name_is_no_evidence() {
    for (title, about) in [
        ("Un marché à Djibo", "BF"),
        ("Un marché à Djibo, dans le nord", "BF"),
        ("Hier, Salif Djibo au stade", ""),
        ("Djibo Salif au stade", ""),
        // The first word of a sentence has a capital in any case, and a short one may be an article.
        ("Marché. Djibo attend", "BF"),
        ("Les Djibo attendent", "BF"),
        ("Salif, Djibo attend", "BF"),
        // What is a person's name once is one everywhere.
        ("Djibo répond, dit Salif Djibo au stade", ""),
        ("Hier, Salif Djibo au Burkina Faso", "BF"),
        ("M. GAO répond", "ML"),
    ] {
        assert_eq!(titled(title).countries(), about, "{title}: {:?}", titled(title).explained());
    }
}

#[test]
fn a_longer_name_hides_the_shorter_one_in_it() {
    let told = |title: &'static str, body: &'static str| Told { body, ..titled(title) };
    assert_eq!(told("Le golfe de Guinée", "").countries(), "");
    assert_eq!(told("Le golfe de Guinée vu de Guinée", "").countries(), "GN");
    // A name that is another place in one language: a town in Spain.
    let nijar = |language: &'static str| Told {
        language,
        ..titled("Labari: Nijar")
    };
    assert_eq!((nijar("ha").countries().as_str(), nijar("es").countries().as_str()), ("NE", ""));
    // Elsewhere in the text the short name may stand for the long one of another country.
    assert_eq!(told("Guinée-Bissau : le vote", "En Guinée, on vote.").countries(), "GW");
    assert_eq!(told("De Guinée-Bissau à Conakry", "En Guinée, on vote.").countries(), "GN GW");
}

#[test]
fn places_tell_the_regions_of_the_countries_that_an_entry_is_about() {
    let told = |country: &'static str, title: &'static str, body: &'static str| {
        let source = ("La Gazette", country);
        (Told {
            source,
            title,
            body,
            ..OTHER
        })
        .regions()
    };
    for (country, title, body, regions) in [
        ("ML", "Un pont s'effondre près de Ménaka", "", "ML-7@15.92,2.40"),
        (
            "NE",
            "La récolte commence à Tahoua et à Dosso",
            "",
            "NE-3@13.05,3.19 NE-5@14.89,5.27",
        ),
        // The region, whose town has the same name.
        ("NE", "La région de Tahoua manque de semences", "", "NE-5"),
        // Two towns of it are named alike.
        ("ML", "La route de Niono à Ségou rouvre", "", "ML-4"),
        (
            "ML",
            "Un pont s'effondre",
            "La crue a emporté le pont de Niono.",
            "ML-4@14.25,-5.99",
        ),
        // One that is only mentioned.
        (
            "ML",
            "Un pont s'effondre à Niono",
            "Les camions font le détour par Sikasso.",
            "ML-4@14.25,-5.99",
        ),
        // Another country's.
        ("NE", "Le Ghana ouvre une école", "Une délégation de Ménaka était là.", ""),
        // The whole country.
        ("NE", "Agadez, Diffa, Maradi, Tahoua, Zinder : les semences arrivent", "", ""),
        ("ML", "Le riz manque", "", ""),
    ] {
        assert_eq!(told(country, title, body), regions, "{title}");
    }
    let late = "un mot ".repeat(30) + "à Niono";
    let late = Told {
        source: ("La Gazette", "ML"),
        title: "Le riz manque",
        body: &late,
        ..OTHER
    };
    assert_eq!(late.regions(), "", "a mention far behind");
}

#[test]
fn a_capital_is_a_region_beside_something_of_the_city_only() {
    for (country, title, regions) in [
        ("ML", "Bamako et Dakar signent un accord", ""),
        ("NE", "Niamey : le ministre reçoit une délégation", ""),
        ("ML", "Le conseil des ministres siège à Koulouba", ""),
        ("NE", "Niamey : un incendie au marché de nuit", "NE-8@13.51,2.11"),
        ("TD", "Le maire de N'Djamena inaugure une route", "TD-ND@12.11,15.04"),
        ("TD", "N'Djamena : une école ouvre à Farcha", "TD-ND@12.11,15.04"),
    ] {
        let source = ("La Gazette", country);
        assert_eq!((Told { source, title, ..OTHER }).regions(), regions, "{title}");
    }
}

#[test]
fn a_name_that_may_be_a_word_or_a_persons_tells_no_region() {
    for (country, title, regions) in [
        ("BF", "La coupe revient à Adama Manga", ""),
        ("BF", "La coupe revient à Manga", "BF-07@11.66,-1.07"),
        ("ML", "« Dire que le riz manque » : un Malien témoigne", ""),
        ("ML", "Le riz du Mali manque à Diré", "ML-6@16.26,-3.40"),
        ("BF", "Kaya", "BF-05@13.09,-1.08"),
        ("BF", "Kaya attend la pluie", ""),
        ("BF", "Kaya attend la pluie après Koudougou", ""),
        ("BF", "Kaya attend la pluie ; à Kaya on prie", "BF-05@13.09,-1.08"),
    ] {
        let source = ("La Gazette", country);
        assert_eq!((Told { source, title, ..OTHER }).regions(), regions, "{title}");
    }
}
