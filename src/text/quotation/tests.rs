//! All names and words are invented.

use super::*;
use proptest::prelude::*;

fn found(text: &str, language: &str) -> Vec<(String, String)> {
    let all = quotations(text, Some(language));
    all.into_iter().map(|quotation| (quotation.words, quotation.speaker)).collect()
}

/// Asserts that one quotation is found, with these words and this speaker.
fn assert_found(language: &str, text: &str, words: &str, speaker: &str) {
    assert_eq!(found(text, language), [(words.to_owned(), speaker.to_owned())], "{text}");
}

const FRENCH: &str = "Nous allons rouvrir le marché demain";

#[test]
fn french_attributions_behind_a_quotation_name_the_speaker() {
    for (attribution, speaker) in [
        (", a déclaré Awa Diallo.", "Awa Diallo"),
        (" a déclaré Awa Diallo à la presse.", "Awa Diallo"),
        (", a déclaré lundi à la presse le maire Issa Kaboré.", "maire Issa Kaboré"),
        (
            ", a pour sa part indiqué le colonel Issa Kaboré lors d'une visite.",
            "colonel Issa Kaboré",
        ),
        (", a fait savoir M. Kaboré.", "M. Kaboré"),
        (", a tenu à souligner la gouverneure Awa Diallo.", "gouverneure Awa Diallo"),
        (", explique Awa Diallo, présidente du comité.", "Awa Diallo, présidente du comité"),
        (
            ", s'est félicité le ministre du Fleuve, Issa Kaboré.",
            "ministre du Fleuve, Issa Kaboré",
        ),
        (", déclare le ministre du Fleuve.", "le ministre du Fleuve"),
        (", prévient l'armée malienne.", "l'armée malienne"),
        (", a annoncé la CEDEAO.", "CEDEAO"),
        (", a précisé le parquet de Kayes.", "le parquet de Kayes"),
        (", selon Awa Diallo.", "Awa Diallo"),
        (
            ", selon le porte-parole de l'armée, le colonel Issa Kaboré.",
            "porte-parole de l'armée, le colonel Issa Kaboré",
        ),
        (", raconte l'éleveur peul Issa Kaboré.", "éleveur peul Issa Kaboré"),
        (", s'indigne un porte-parole de la mairie.", "un porte-parole de la mairie"),
        (", a conclu le maire Issa Kaboré saluant les présents.", "maire Issa Kaboré"),
    ] {
        assert_found("fr", &format!("« {FRENCH} »{attribution}"), FRENCH, speaker);
    }
}

#[test]
fn french_attributions_before_a_quotation_name_the_speaker() {
    for (attribution, speaker) in [
        ("Awa Diallo a déclaré : ", "Awa Diallo"),
        ("Le maire de Gao, Issa Kaboré, a affirmé que ", "maire de Gao, Issa Kaboré"),
        ("Dans un communiqué, la CEDEAO a indiqué que ", "CEDEAO"),
        ("À Gao, Issa Kaboré, qui parlait aux éleveurs, a précisé : ", "Issa Kaboré"),
        ("Selon Awa Diallo, ", "Awa Diallo"),
        ("Pour le colonel Issa Kaboré, ", "colonel Issa Kaboré"),
        ("Et le maire Issa Kaboré de conclure : ", "maire Issa Kaboré"),
        ("Mme Awa Diallo, maire de Gao : ", "Mme Awa Diallo, maire de Gao"),
        ("Issa Kaboré : ", "Issa Kaboré"),
        ("Issa Kaboré a salué les présents, ajoutant que ", "Issa Kaboré"),
        ("Le gouvernement a réagi. L'opposant Issa Kaboré dénonce : ", "opposant Issa Kaboré"),
    ] {
        assert_found("fr", &format!("{attribution}« {FRENCH} »."), FRENCH, speaker);
    }
    assert_found(
        "fr",
        "Le maire Issa Kaboré a estimé que la route est « un espoir pour tous les éleveurs ».",
        "un espoir pour tous les éleveurs",
        "maire Issa Kaboré",
    );
}

#[test]
fn a_pronoun_means_the_one_person_who_can_be_meant() {
    let text = format!("Le maire Issa Kaboré a visité le marché. « {FRENCH} », a-t-il dit.");
    assert_found("fr", &text, FRENCH, "maire Issa Kaboré");
    let two = format!("Le maire Issa Kaboré a salué la députée Awa Diallo. Moussa Traoré, lui, était absent. « {FRENCH} », a-t-il dit.");
    assert_eq!(found(&two, "fr"), [], "several can be meant");
    let woman = format!("M. Kaboré a parlé. « {FRENCH} », a-t-elle dit.");
    assert_eq!(found(&woman, "fr"), []);
    let many = format!("M. Kaboré a parlé. « {FRENCH} », ont-ils dit.");
    assert_eq!(found(&many, "fr"), []);
    assert_eq!(found(&format!("« {FRENCH} », a-t-il dit."), "fr"), []);
    let english = "Awa Diallo opened the market. \"We waited for ten years,\" she said.";
    assert_found("en", english, "We waited for ten years", "Awa Diallo");
    let office = format!("Issa Kaboré, maire de Gao, a parlé. « {FRENCH} », a ajouté le maire.");
    assert_eq!(found(&office, "fr").len(), 1);
}

#[test]
fn a_quotation_continues_behind_its_attribution() {
    let text = "« Le marché rouvre demain matin », a dit Awa Diallo. « Nous attendions cela depuis dix ans. »";
    let speakers: Vec<String> = found(text, "fr").into_iter().map(|(_, speaker)| speaker).collect();
    assert_eq!(speakers, ["Awa Diallo", "Awa Diallo"]);
    let text = "\"The market opens tomorrow morning,\" said Awa Diallo, who sells rice. \"We waited for ten years.\"";
    assert_eq!(found(text, "en").len(), 2);
    let text = "« Le marché rouvre demain matin », a dit Awa Diallo. « Nous attendions cela depuis dix ans », dit Issa Kaboré.";
    let speakers: Vec<String> = found(text, "fr").into_iter().map(|(_, speaker)| speaker).collect();
    assert_eq!(speakers, ["Awa Diallo", "Issa Kaboré"]);
    let text = "« Le marché rouvre demain matin », a dit Awa Diallo, ajoutant que « tous les éleveurs sont invités ».";
    assert_eq!(found(text, "fr").len(), 2);
}

#[test]
fn english_attributions_name_the_speaker() {
    let words = "We will open the market tomorrow";
    for (before, speaker) in [
        ("Awa Diallo said: ", "Awa Diallo"),
        ("Mayor Issa Cole told the council: ", "Mayor Issa Cole"),
        ("According to Awa Diallo, ", "Awa Diallo"),
        ("The company said in a statement: ", "The company"),
    ] {
        assert_found("en", &format!("{before}\"{words}.\""), &format!("{words}."), speaker);
    }
    for (behind, speaker) in [
        ("said Awa Diallo, director of the clinic.", "Awa Diallo, director of the clinic"),
        ("the mayor of Gao, Issa Cole, said.", "mayor of Gao, Issa Cole"),
        ("Awa Diallo told reporters on Monday.", "Awa Diallo"),
        ("says NASA administrator Issa Cole.", "NASA administrator Issa Cole"),
        ("said Mali's prime minister Issa Cole.", "Mali's prime minister Issa Cole"),
        ("Ms Diallo recently said in a speech.", "Ms Diallo"),
        ("the army said.", "the army"),
        ("according to the United Nations.", "United Nations"),
        ("a spokesperson for the ministry said.", "a spokesperson for the ministry"),
    ] {
        assert_found("en", &format!("“{words},” {behind}"), words, speaker);
    }
}

#[test]
fn arabic_attributions_name_the_speaker() {
    let words = "سنفتح السوق أمام الجميع غدا";
    for (before, speaker) in [
        ("قال عمدة المدينة سالم ولد أحمد للصحفيين: ", "عمدة المدينة سالم ولد أحمد"),
        ("وأضاف الوزير سالم أحمد أن ", "الوزير سالم أحمد"),
        (
            "وأكد المتحدث باسم الجيش، العقيد سالم أحمد، أن ",
            "المتحدث باسم الجيش، العقيد سالم أحمد",
        ),
        ("وأعلن الجيش في بيان: ", "الجيش"),
        ("وزير التجارة قال: ", "وزير التجارة"),
        ("وأضاف سالم قائلا: ", "سالم"),
    ] {
        assert_found("ar", &format!("{before}\"{words}\"."), words, speaker);
        assert_found("ar", &format!("{before}«{words}»."), words, speaker);
    }
    assert_found("ar", &format!("“{words}”، يقول سالم أحمد في الاجتماع."), words, "سالم أحمد");
    let two = format!("قال سالم أحمد: \"{words}\". وأضاف: \"ننتظر هذا اليوم منذ سنوات\".");
    assert_eq!(found(&two, "ar").len(), 2);
    for unknown in ["قال مصدر أمني: ", "وأضاف: ", "وقال أحد السكان: ", "فيلم بعنوان "] {
        assert_eq!(found(&format!("{unknown}\"{words}\"."), "ar"), [], "{unknown}");
    }
}

#[test]
fn hausa_attributions_name_the_speaker() {
    let words = "Za mu bude kasuwa gobe da safe";
    assert_found("ha", &format!("\"{words},\" in ji Awa Diallo."), words, "Awa Diallo");
    assert_found(
        "ha",
        &format!("Shugaba Issa Kabore ya ce: \"{words}\"."),
        words,
        "Shugaba Issa Kabore",
    );
    assert_found("ha", &format!("\"{words},\" a cewar Dr Diallo."), words, "Dr Diallo");
}

#[test]
fn what_is_no_speech_of_a_known_speaker_is_left_out() {
    for text in [
        "Le maire Issa Kaboré a dénoncé les « djihadistes ».",
        "Awa Diallo a présenté son livre intitulé « Le pont de la rivière blanche ».",
        "La rencontre est placée sous le thème : « L'eau pour tous les éleveurs du nord ».",
        "Issa Kaboré a lancé l'opération « Tous ensemble pour la paix au nord ».",
        "« Nous allons rouvrir le marché demain », a déclaré un habitant.",
        "« Nous allons rouvrir le marché demain », a déclaré une source sécuritaire.",
        "« Nous allons rouvrir le marché demain », peut-on lire sur le mur.",
        "« Nous allons rouvrir le marché demain ». Le maire Issa Kaboré était absent.",
        "Burkina Faso : « Nous allons rouvrir le marché demain »",
        "Awa Diallo a déclaré que le film « Le Grand Retour Du Fleuve » sortira.",
        "Awa Diallo a dit : « Nous allons rouvrir le marché demain",
        "Awa Diallo a dit : « Nous allons rouvrir\nle marché demain matin ».",
        "Awa Diallo a dit\n« Nous allons rouvrir le marché demain »",
    ] {
        assert_eq!(found(text, "fr"), [], "{text}");
    }
    for text in [
        "\"We will open the market tomorrow,\" he said.",
        "\"We will open the market tomorrow,\" a resident said.",
        "\"We will open the market tomorrow,\" said Awa's brother.",
        "\"We will open the market tomorrow,\" they told Awa Diallo.",
        "The workers’ rights and the farmers’ rights, said Awa Diallo.",
    ] {
        assert_eq!(found(text, "en"), [], "{text}");
    }
    assert_eq!(found("„Wir öffnen den Markt morgen früh“, sagte Awa Diallo.", "de"), []);
}

#[test]
fn every_pair_of_marks_is_read() {
    for (open, close) in [
        ("«", "»"),
        ("« ", " »"),
        ("«\u{a0}", "\u{a0}»"),
        ("“", "”"),
        ("”", "”"),
        ("„", "“"),
        ("\"", "\""),
        ("‹", "›"),
        ("‘", "’"),
        ("''", "''"),
        ("‘‘", "’’"),
        ("’’", "’’"),
        ("<<", ">>"),
    ] {
        assert_found("fr", &format!("{open}{FRENCH}{close}, a dit Awa Diallo."), FRENCH, "Awa Diallo");
    }
    assert_found(
        "fr",
        "« Il m'a dit “venez tous ici demain” et j'ai dit “non” », raconte Awa Diallo.",
        "Il m'a dit “venez tous ici demain” et j'ai dit “non”",
        "Awa Diallo",
    );
    assert_found(
        "fr",
        "« Il a crié « venez tous ici demain » et il est parti », raconte Awa Diallo.",
        "Il a crié « venez tous ici demain » et il est parti",
        "Awa Diallo",
    );
    assert_found(
        "en",
        "‘It’s the workers’ day at the market,’ said Awa Diallo.",
        "It’s the workers’ day at the market",
        "Awa Diallo",
    );
}

#[test]
fn a_quotation_of_several_paragraphs_has_one_speaker() {
    let text =
        "Awa Diallo said: \"The market opens tomorrow morning.\n\"We waited for ten years.\n\"Everybody is invited to come.\"\nThe end.";
    let all = found(text, "en");
    let words: Vec<&str> = all.iter().map(|(words, _)| words.as_str()).collect();
    assert_eq!(
        words,
        [
            "The market opens tomorrow morning.",
            "We waited for ten years.",
            "Everybody is invited to come."
        ]
    );
    assert!(all.iter().all(|(_, speaker)| speaker == "Awa Diallo"));
    let joined = text.replace('\n', " ");
    assert_eq!(found(&joined, "en").len(), 3, "paragraphs that were joined");
    let french = "« Le marché rouvre demain matin.\n« Nous attendions cela depuis dix ans », a dit Awa Diallo.";
    assert_eq!(found(french, "fr").len(), 2);
}

#[test]
fn length_and_number_are_bounded() {
    let long = format!("« {} », a dit Awa Diallo.", "Nous parlons longtemps ".repeat(40));
    let all = found(&long, "fr");
    assert!(
        all[0].0.ends_with("longtemps…") || all[0].0.ends_with("parlons…") || all[0].0.ends_with("Nous…"),
        "{}",
        all[0].0
    );
    assert!(all[0].0.chars().count() <= MAX_CHARS);
    let many = format!("« {FRENCH} », a dit Awa Diallo.\n").repeat(90);
    assert_eq!(found(&many, "fr").len(), MAX_QUOTATIONS);
    let titled = format!("« {FRENCH} », a dit le ministre {}.", "du Fleuve et des Routes ".repeat(9));
    assert!(
        found(&titled, "fr")
            .iter()
            .all(|(_, speaker)| speaker.chars().count() <= MAX_SPEAKER_CHARS)
    );
}

#[test]
fn hostile_texts_are_read() {
    for part in [
        "\"",
        "« ",
        "»",
        "“",
        "” ",
        "'",
        " ‘",
        "<<",
        "« \n",
        "\"a b c d ",
        "« a dit Awa Diallo « ",
        ", a dit : « x », ",
        "\n\n«",
        "قال \"",
        "A. ",
    ] {
        let text = part.repeat(20_000);
        for language in ["fr", "en", "ar", "ha"] {
            assert!(quotations(&text, Some(language)).len() <= MAX_QUOTATIONS, "{part}");
        }
    }
}

/// Pieces of texts that meet every branch: marks, verbs, names, ends of sentences.
const PIECES: &[&str] = &[
    "«",
    "»",
    "“",
    "”",
    "„",
    "\"",
    "''",
    "‘",
    "’",
    "‹",
    "›",
    "<<",
    ">>",
    " ",
    " ",
    " ",
    "\n",
    ". ",
    ", ",
    " : ",
    "(",
    ")",
    "-",
    "a",
    "-t-il ",
    "déclaré",
    "dit",
    "said",
    "told",
    " Awa Diallo",
    " le maire",
    " de Gao",
    "M. ",
    " Selon ",
    "according to ",
    "que ",
    "qu'",
    "nous allons ouvrir",
    "the market",
    "ajoutant que",
    "de conclure",
    "قال",
    " الوزير",
    " أن ",
    "، ",
    "in ji",
    " ya ce",
    "'s ",
    "é",
    "\u{a0}",
    "…",
];

proptest! {
    #[test]
    fn words_stand_in_the_text(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60), language in prop::sample::select(&["fr", "en", "ar", "ha"][..])) {
        let text = pieces.concat();
        for quotation in quotations(&text, Some(language)) {
            let words = quotation.words.strip_suffix('…').unwrap_or(&quotation.words);
            prop_assert!(text.contains(words));
            prop_assert!(quotation.words.chars().count() <= MAX_CHARS && !quotation.speaker.is_empty());
            prop_assert!(quotation.speaker.chars().count() <= MAX_SPEAKER_CHARS);
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,80}", language in prop::sample::select(&["fr", "en", "ar", "ha"][..])) {
        for quotation in quotations(&text, Some(language)) {
            prop_assert!(text.contains(quotation.words.trim_end_matches('…')));
        }
    }
}
