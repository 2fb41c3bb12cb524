//! Tests of the tables and of the translation.

use super::catalogue::{Catalogue, entries};
use super::template::{Part, Template};
use super::{FRENCH_TABLES, MessageLanguage, Messages};

fn catalogue(table: &str) -> Catalogue {
    let (catalogue, flaws) = Catalogue::read(&[table]);
    assert_eq!(flaws, Vec::<String>::new());
    catalogue
}

/// Returns a text without what stands in backticks, which is not language.
fn prose(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

#[test]
fn the_tables_are_well_formed() {
    assert_eq!(Catalogue::read(&FRENCH_TABLES).1, Vec::<String>::new());
    let mut seen = std::collections::BTreeSet::new();
    for (english, french) in FRENCH_TABLES.iter().flat_map(|table| entries(table)) {
        let french = french.expect("a translation");
        assert!(seen.insert(english.clone()), "twice: {english}");
        let template = Template::parse(&english);
        let parts = template.translation(&french).expect("known placeholders");
        for name in template.names() {
            let is_used = parts
                .iter()
                .any(|part| matches!(part, Part::Captured(used, _) if template.names()[*used] == *name));
            let is_number_of_system = english.contains("(os error {})") || english.contains("close_notify");
            // A literal may have braces of its own, such as those of an inline table.
            assert!(is_used || is_number_of_system || name.contains(' '), "{english}: {{{name}}}");
        }
    }
}

#[test]
fn french_is_set_as_french() {
    for (english, french) in FRENCH_TABLES.iter().flat_map(|table| entries(table)) {
        let prose = prose(&french.expect("a translation"));
        for sign in [':', ';', '?', '!', '»'] {
            assert!(
                !prose.contains(&format!(" {sign}")),
                "{english}: a no-break space belongs before {sign}"
            );
        }
        let letters: Vec<char> = prose.chars().collect();
        let apostrophe = letters
            .windows(3)
            .any(|three| three[1] == '\'' && three[0].is_alphabetic() && three[2] != ' ');
        assert!(!apostrophe && !prose.contains("« "), "{english}: {prose}");
    }
}

#[test]
fn messages_are_found_by_their_templates() {
    let catalogue = catalogue(
        "a plain text\tun texte simple\n\
         `{name}` is given twice\t`{name}` est donné deux fois\n\
         {} of {}\t{2} : {1}\n\
         {id} is {}; {}\t{id} est {1*} ; {2}\n\
         known to {homes}\tconnu de {homes+}\n\
         \\n{} or {{that}}: U+{:04X}\t\\n{} ou {{cela}} : U+{2}\n \
         or \t ou \n",
    );
    for (english, french) in [
        ("a plain text", "un texte simple"),
        ("a plain text.", "a plain text."),
        ("`a` or `b` is given twice", "`a` or `b` est donné deux fois"),
        ("`` is given twice", "`` est donné deux fois"),
        ("1 of 2 of 3", "2 of 3 : 1"),
        ("x is a plain text; a plain text", "x est un texte simple ; a plain text"),
        ("known to [site] or [[topic]]", "connu de [site] ou [[topic]]"),
        ("\na or {that}: U+0007", "\na ou {cela} : U+0007"),
        ("", ""),
    ] {
        assert_eq!(catalogue.translate(english), french);
    }
}

#[test]
fn the_longest_literal_text_decides() {
    let catalogue = catalogue("{}: {}\t{1} → {2}\nfile {}: it is {}\tfichier {1}, {2}\n");
    assert_eq!(catalogue.translate("file a: it is b"), "fichier a, b");
    assert_eq!(catalogue.translate("a: it is b"), "a → it is b");
}

#[test]
fn a_message_does_not_take_the_beginning_of_the_one_around_it() {
    let catalogue =
        catalogue("{}: {}\t{1} → {2*}\n{address} is not asked at all\t{address} n'est pas demandé\n{}, in the end\t{1*}, enfin\n");
    assert_eq!(catalogue.translate("a: b is not asked at all"), "a → b n'est pas demandé");
    assert_eq!(
        catalogue.translate("a: b is not asked at all, in the end"),
        "a → b n'est pas demandé, enfin",
        "but a message may stand in one"
    );
}

#[test]
fn messages_stand_in_each_other_to_a_small_depth() {
    let catalogue = catalogue("why: {}\tcar {1*}\nend\tfin\n");
    assert_eq!(catalogue.translate("why: why: end"), "car car fin");
    let deep = format!("{}end", "why: ".repeat(100_000));
    let translated = catalogue.translate(&deep);
    assert!(translated.starts_with("car car ") && translated.ends_with("why: end"));
}

#[test]
fn long_foreign_texts_are_passed_on() {
    let messages = Messages::new(MessageLanguage::French);
    for part in ["x", "` is given twice", ": ", "; ", " or ", "é", "`", "{}"] {
        let long = part.repeat(1_000_000 / part.len());
        let translated = messages.translate(&format!("unknown key `{long}` at the top level")).into_owned();
        assert_eq!(
            translated,
            format!("clé inconnue `{long}` au début du fichier, hors de toute table")
        );
        // Whatever comes of it, it ends.
        drop(messages.translate(&long));
    }
}

#[test]
fn english_stays_as_it_is() {
    assert_eq!(Messages::default().translate("nothing is added"), "nothing is added");
    assert_eq!(Messages::new(MessageLanguage::French).translate("Le Faso"), "Le Faso");
}

#[test]
fn languages_are_known_by_tags_and_locales() {
    for (tag, language) in [
        ("fr", Some(MessageLanguage::French)),
        ("fr-ML", Some(MessageLanguage::French)),
        ("FR_fr.UTF-8", Some(MessageLanguage::French)),
        ("fr@euro", Some(MessageLanguage::French)),
        ("en_US.UTF-8", Some(MessageLanguage::English)),
        ("fro", None),
        ("ar", None),
        ("C", None),
        ("", None),
    ] {
        assert_eq!(MessageLanguage::of_tag(tag), language, "{tag}");
    }
}
