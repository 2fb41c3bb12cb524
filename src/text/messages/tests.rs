//! Tests of the tables and of the translation.

use super::catalogue::{Catalogue, entries};
use super::isolation::isolated;
use super::template::{Part, Template};
use super::{ARABIC_TABLES, FRENCH_TABLES, MessageLanguage, Messages};
use std::collections::BTreeSet;

fn catalogue(table: &str) -> Catalogue {
    let (catalogue, flaws) = Catalogue::read(&[table], str::to_owned);
    assert_eq!(flaws, Vec::<String>::new());
    catalogue
}

/// Returns a text without what stands in backticks, which is not language.
fn prose(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// Returns the rows of a language: the English text, and the translation.
fn rows(tables: &[&str]) -> Vec<(String, String)> {
    let entries = tables.iter().flat_map(|table| entries(table));
    entries
        .map(|(english, translated)| (english, translated.expect("a translation")))
        .collect()
}

#[test]
fn the_tables_are_well_formed() {
    for tables in [FRENCH_TABLES, ARABIC_TABLES] {
        assert_eq!(Catalogue::read(&tables, isolated).1, Vec::<String>::new());
        let mut seen = BTreeSet::new();
        for (english, translated) in rows(&tables) {
            assert!(seen.insert(english.clone()), "twice: {english}");
            let template = Template::parse(&english);
            let parts = template.translation(&translated).expect("known placeholders");
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
}

#[test]
fn french_is_set_as_french() {
    for (english, french) in rows(&FRENCH_TABLES) {
        let prose = prose(&french);
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
fn arabic_is_set_as_arabic() {
    let french: BTreeSet<String> = rows(&FRENCH_TABLES).into_iter().map(|(english, _)| english).collect();
    for (english, arabic) in rows(&ARABIC_TABLES) {
        let prose = prose(&arabic);
        assert!(!prose.contains([',', ';', '?', '\u{2068}', '\u{2069}']), "{english}: {prose}");
        assert!(arabic.matches('`').count().is_multiple_of(2), "{english}: a backtick opens nothing");
        // Such braces would be isolated as a placeholder is.
        assert!(!prose.contains("{{") && !prose.contains("}}"), "{english}: {prose}");
        assert!(french.contains(&english), "not in French: {english}");
    }
}

#[test]
fn what_is_no_arabic_keeps_its_order() {
    for (translation, expected) in [
        ("يسري `since:` على {0}", "يسري \u{2068}`since:`\u{2069} على \u{2068}{0}\u{2069}"),
        (
            "`NEAR/{most}`؛ {}{b*}",
            "\u{2068}`NEAR/{most}`\u{2069}؛ \u{2068}{}\u{2069}\u{2068}{b*}\u{2069}",
        ),
        ("`{{` غير مغلق", "\u{2068}`{{`\u{2069} غير مغلق"),
    ] {
        assert_eq!(isolated(translation), expected);
    }
    let messages = Messages::new(MessageLanguage::Arabic);
    assert_eq!(
        messages.translate("https://a.example/x.xml answers 404"),
        "يرد \u{2068}https://a.example/x.xml\u{2069} بالرمز \u{2068}404\u{2069}"
    );
    assert_eq!(
        messages.translate("lang: language codes such as fr,ar are expected"),
        "\u{2068}`lang`\u{2069}: المطلوب رموز لغات مثل \u{2068}`fr,ar`\u{2069}"
    );
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
fn the_message_with_more_parts_is_meant() {
    let messages = Messages::new(MessageLanguage::French);
    assert_eq!(messages.translate("1 to 20 of 21 entries"), "1 à 20 de 21 articles");
    assert_eq!(
        messages.translate("this is no TOML: unclosed table, expected newline"),
        "ce n’est pas du TOML\u{a0}: l’en-tête de table n’est pas fermé\u{a0}; attendu\u{a0}: fin de ligne"
    );
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
        ("ar_EG.UTF-8", None),
        ("C", None),
        ("", None),
    ] {
        assert_eq!(MessageLanguage::of_tag(tag), language, "{tag}");
        assert_eq!(MessageLanguage::of_page(tag).filter(|own| own.tag() != "ar"), language, "{tag}");
    }
    assert_eq!(MessageLanguage::of_page("ar-NE"), Some(MessageLanguage::Arabic));
}
