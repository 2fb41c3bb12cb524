use super::model::NgramModel;
use super::*;

#[test]
fn the_model_is_parsed_and_small() {
    let text = include_str!("ngrams.txt");
    assert!(text.len() < 400_000, "{} bytes", text.len());
    assert_eq!(MODEL.to_string().parse(), Ok(MODEL.clone()));
    for tag in ["en", "fr", "ha", "pt", "es", "de", "it", "sw"] {
        assert!(MODEL.tags.iter().any(|known| known == tag), "{tag}");
    }
}

#[test]
fn a_malformed_line_is_named() {
    let error = "tags en fr\nstart 1 2\n_le_ 3\n"
        .parse::<NgramModel>()
        .expect_err("a weight is missing");
    assert_eq!(error.to_string(), "line 3 of the table is none: `_le_ 3`");
}

#[test]
fn languages_of_headlines_are_detected() {
    for (text, tag) in [
        ("Le gouvernement de la transition a annoncé la tenue des élections", "fr"),
        ("Mali : trois ponts rouvrent après les crues du fleuve", "fr"),
        ("Mali : trois ponts rouvrent apres les crues", "fr"),
        ("The army said on Monday that the soldiers were released", "en"),
        ("Rains close two bridges on the road to Gao", "en"),
        ("Shugaban ƙasar ya ce za a yi zaɓe a cikin wannan shekara", "ha"),
        ("Shugaban kasar ya ce za a yi zabe a cikin wannan shekara", "ha"),
        ("Yadda manoma suka gyara rijiyar ƙauyen", "ha"),
        ("أعلن الرئيس في خطاب له عن حل الحكومة", "ar"),
        ("O governo anunciou novas eleições para o próximo ano", "pt"),
        ("El gobierno anunció nuevas elecciones para el próximo año", "es"),
        ("Die Regierung kündigt Neuwahlen für das nächste Jahr an", "de"),
        ("Il governo annuncia nuove elezioni per il prossimo anno", "it"),
        ("Serikali imetangaza uchaguzi mpya mwaka ujao", "sw"),
        ("መንግሥት አዲስ ምርጫ አስታወቀ", "am"),
    ] {
        let found = detect(text).map(|found| found.tag);
        assert_eq!(found, Some(tag), "{text}");
    }
}

#[test]
fn uncertain_texts_have_no_guess() {
    for text in [
        "",
        "Bamako",
        "12 345",
        "Правительство объявило о новых выборах",
        "政府宣布举行新选举",
        "دولت اعلام کرد که انتخابات در سال آینده برگزار می‌شود",
        "حکومت نے اعلان کیا ہے کہ انتخابات اگلے سال ہوں گے",
    ] {
        assert_eq!(guess(text), None, "{text}");
    }
    assert_eq!(guess("Le maire a ouvert le nouveau marché ce matin devant la foule"), Some("fr"));
}

#[test]
fn a_foreign_name_leaves_a_text_arabic() {
    assert_eq!(guess("أعلنت شركة گوگل عن فتح مكتب جديد في العاصمة خلال العام القادم"), Some("ar"));
}

#[test]
fn the_stated_language_counts_unless_a_long_text_contradicts_it() {
    let french = "Le maire a ouvert le nouveau marché ce matin devant la foule. Les commerçants attendaient depuis deux ans la fin des travaux, \
                  et les clients ont rempli les allées dès la première heure. La commune promet un second marché pour l’année prochaine.";
    let resolved = |stated, text| resolve_language(stated, text);
    assert_eq!(resolved(Some("en-US"), french).as_deref(), Some("fr"));
    assert_eq!(resolved(Some("fr-BF"), french).as_deref(), Some("fr-BF"));
    assert_eq!(resolved(None, french).as_deref(), Some("fr"));
    // A headline is too short to contradict, and the model does not know Bambara.
    assert_eq!(resolved(Some("en-US"), "Le maire ouvre le marché").as_deref(), Some("en-US"));
    assert_eq!(resolved(Some("bm"), french).as_deref(), Some("bm"));
    assert_eq!(resolved(None, "Gao"), None);
}

#[test]
fn no_text_can_panic_or_take_long() {
    for text in [
        "\u{301}\u{301}",
        "'",
        "’’’",
        "ß",
        "İ",
        "a\u{300}",
        &"é".repeat(100_000),
        &"a ".repeat(100_000),
        &"🙂".repeat(1000),
    ] {
        let _ = detect(text);
    }
}
