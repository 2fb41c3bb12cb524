//! Tests of the bytes that the store keeps of stories: what is written reads back, damage is noticed, and the sizes.

use super::boilerplate::{Gram, MAX_GRAMS, MAX_RECENT};
use super::copy_text::{CopyText, MAX_LEAD, MAX_SHINGLES, MAX_TITLE_WORDS};
use super::story_features::{MAX_TERMS, MAX_VALUES, Number, StoryFeatures, StoryText, Term};
use super::{Fingerprint, OutletMemory};
use crate::model::{Country, Timestamp};
use crate::text::word_list::{Word, cased_words, encode};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

const FRENCH: &str = "Le gouverneur de la région de Gao a inauguré jeudi 12 mars une station de pompage qui doit desservir 4 500 \
    familles de Bourem et des villages voisins. Financé par la Banque ouest-africaine de développement pour 320 millions de francs CFA, \
    l'ouvrage succède à deux forages tombés en panne pendant la saison sèche. Amadou Cissé, président du comité des usagers, a demandé que \
    le prix du mètre cube soit à la portée des éleveurs. Selon la direction régionale de l'hydraulique, trois autres stations seront \
    construites avant décembre à Ansongo, Ménaka et Kidal. Les travaux avaient pris huit mois de retard après l'attaque d'un convoi de \
    matériel sur la route de Sévaré, qui avait fait deux blessés parmi les chauffeurs.";

const ARABIC: &str = "افتتح والي منطقة غاو يوم الخميس محطة لضخ المياه تزود 4500 أسرة في بوريم والقرى المجاورة. وقال رئيس لجنة المنتفعين أمادو \
    سيسي إن سعر المتر المكعب يجب أن يبقى في متناول الرعاة. وتحل المحطة محل بئرين تعطلتا خلال موسم الجفاف، وبلغت كلفتها 320 مليون فرنك \
    بتمويل من مصرف التنمية لغرب أفريقيا. وأوضحت المديرية الجهوية أن ثلاث محطات أخرى ستقام قبل ديسمبر في أنسونغو وميناكا وكيدال. وكانت الأشغال \
    قد تأخرت ثمانية أشهر بعد هجوم على قافلة معدات في طريق سيفاري أسفر عن إصابة سائقين اثنين بجروح متفاوتة نقلا على إثرها إلى المستشفى. وعبر \
    سكان البلدة عن ارتياحهم بعد سنوات من المشقة في جلب الماء من النهر، وطالبوا السلطات بصيانة دائمة للمضخات وبتكوين شبان محليين على تشغيلها.";

fn words(encoded: &str) -> Vec<Word<'_>> {
    cased_words(encoded).flatten().collect()
}

/// The features of a headline and a text, without names of the gazetteer.
fn features(title: &str, text: &str, language: &str) -> StoryFeatures {
    let (title, text) = (encode(&[&[title]]), encode(&[&[text]]));
    let (title, text) = (words(&title), words(&text));
    StoryFeatures::new(&StoryText {
        title: &title,
        text: &text,
        is_boilerplate: [&[], &[]],
        names: &[],
        language: Some(language),
    })
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(1_780_000_000 + seconds)
}

/// An outlet that told `entries` texts of 150 words, of which thirty are its footer, one each 5 hours and 7 seconds.
fn outlet(entries: i64) -> OutletMemory {
    let mut memory = OutletMemory::default();
    let footer: Vec<String> = (0..30).map(|word| format!("pied{word}")).collect();
    for number in 0..entries {
        let text: Vec<String> = (0..120).map(|word| format!("mot{}", number * 120 + word)).collect();
        let text = encode(&[&[&format!("{} {}", text.join(" "), footer.join(" "))]]);
        memory.teach(&[], &words(&text), at(number * 18_007));
    }
    memory
}

#[test]
fn features_read_back() {
    let features = features("Gao : une station de pompage pour 4 500 familles", FRENCH, "fr");
    assert!(features.terms.len() > 50 && !features.name_stems.is_empty() && !features.days.is_empty() && features.numbers.len() > 1);
    assert_eq!(StoryFeatures::from_bytes(&features.to_bytes()), Some(features));
    let empty = StoryFeatures::default();
    assert_eq!(StoryFeatures::from_bytes(&empty.to_bytes()), Some(empty));
}

#[test]
fn features_are_small() {
    let sizes = [
        ("Gao : une station de pompage pour 4 500 familles", FRENCH, "fr"),
        ("محطة جديدة لضخ المياه في غاو", ARABIC, "ar"),
    ]
    .map(|(title, text, language)| features(title, text, language).to_bytes().len());
    assert!(sizes.iter().all(|size| *size <= 1_024), "{sizes:?}");
}

#[test]
fn every_list_is_bounded() {
    let many: Vec<String> = (0..2_000).map(|word| format!("Élan{} {}", word, word + 20_000)).collect();
    let features = features(&many.join(" "), &many.join(" "), "fr");
    assert_eq!(
        (features.terms.len(), features.title_words.len(), features.numbers.len()),
        (MAX_TERMS, MAX_VALUES, MAX_VALUES)
    );
    assert_eq!(StoryFeatures::from_bytes(&features.to_bytes()), Some(features));
}

#[test]
fn a_list_out_of_order_is_damage() {
    let sound = StoryFeatures {
        days: vec![33, 34],
        ..StoryFeatures::default()
    };
    assert!(StoryFeatures::from_bytes(&sound.to_bytes()).is_some());
    for days in [vec![34, 33], vec![33, 33]] {
        let wrong = StoryFeatures { days, ..sound.clone() };
        assert_eq!(StoryFeatures::from_bytes(&wrong.to_bytes()), None);
    }
}

#[test]
fn another_version_or_length_is_not_read() {
    let features = features("Gao", FRENCH, "fr").to_bytes();
    let memory = outlet(5).to_bytes();
    let read = |bytes: &[u8]| {
        [
            StoryFeatures::from_bytes(bytes).is_some(),
            OutletMemory::from_bytes(bytes).is_some(),
        ]
    };
    assert_eq!((read(&features)[0], read(&memory)[1]), (true, true));
    for (bytes, kind) in [(features, 0), (memory, 1)] {
        let mut other = bytes.clone();
        other[0] += 1;
        assert!(!read(&other)[kind]);
        assert!(!read(&[bytes.as_slice(), &[0]].concat())[kind]);
        for length in 0..bytes.len() {
            assert!(!read(&bytes[..length])[kind], "{length}");
        }
    }
}

#[test]
fn a_fingerprint_of_another_version_or_of_a_longer_text_is_not_read() {
    let shingles = |count: usize| (0..u32::try_from(count).expect("a number")).collect::<Vec<u32>>();
    let of = |length| Fingerprint {
        copy: CopyText {
            shingles: shingles(length),
            ..CopyText::default()
        },
        ..Fingerprint::default()
    };
    let sound = of(MAX_SHINGLES).to_bytes();
    assert!(Fingerprint::from_bytes(&sound).is_some());
    assert!(Fingerprint::from_bytes(&[]).is_none() && Fingerprint::from_bytes(&of(MAX_SHINGLES + 1).to_bytes()).is_none());
    for length in 0..sound.len() {
        assert!(Fingerprint::from_bytes(&sound[..length]).is_none(), "{length}");
    }
    let mut former = sound.clone();
    former[0] -= 1;
    assert!(Fingerprint::from_bytes(&former).is_none());
    assert!(Fingerprint::from_bytes(&[sound.as_slice(), &[0]].concat()).is_none());
    // The number of characters, zero, can be written in more than one way.
    let empty = Fingerprint::default().to_bytes();
    assert!(Fingerprint::from_bytes(&empty).is_some() && empty[2] == 0);
    assert!(Fingerprint::from_bytes(&[&empty[..2], &[0x80, 0], &empty[3..]].concat()).is_none());
}

#[test]
fn a_memory_reads_back_and_goes_on() {
    for entries in [0, 1, 20, 45] {
        let memory = outlet(entries);
        let mut read = OutletMemory::from_bytes(&memory.to_bytes()).expect("a memory");
        assert_eq!(read.to_bytes(), memory.to_bytes());
        assert_eq!(
            (&read.grams, &read.recent, read.taught),
            (&memory.grams, &memory.recent, memory.taught)
        );
        let mut memory = memory;
        let next = encode(&[&["Un texte de plus avec pied0 pied1 pied2 pied3 pied4 pied5"]]);
        memory.teach(&[], &words(&next), at(20_000_000));
        read.teach(&[], &words(&next), at(20_000_000));
        assert_eq!(read.to_bytes(), memory.to_bytes());
    }
}

#[test]
fn equal_memories_have_equal_bytes() {
    let grown = outlet(12);
    let mut other = OutletMemory::default();
    // Another order of insertion gives the map another order.
    let mut grams: Vec<(u32, Gram)> = grown.grams.iter().map(|(gram, known)| (*gram, *known)).collect();
    grams.sort_unstable_by_key(|(gram, _)| std::cmp::Reverse(*gram));
    other.grams.extend(grams);
    other.taught = grown.taught;
    for (date, grams) in &grown.recent {
        other.remember(*date, grams.clone());
    }
    assert_eq!(other.to_bytes(), grown.to_bytes());
}

#[test]
fn a_memory_is_small() {
    let mut memory = outlet(45);
    assert_eq!(memory.recent.len(), MAX_RECENT);
    let recent = memory.to_bytes().len();
    assert!(recent <= 20_000, "{recent}");
    // As full as it gets, over a year.
    for number in 0..u32::try_from(MAX_GRAMS - memory.grams.len()).expect("a number") {
        let first = i64::from(number) * 7_800;
        let known = Gram {
            entries: 3 + number % 300,
            first: at(first),
            last: at(first + 300_000 + i64::from(number) * 7_000),
        };
        memory.grams.insert(number.wrapping_mul(2_654_435_769), known);
    }
    let full = memory.to_bytes();
    assert!(full.len() <= 68_000, "{}", full.len());
    let read = OutletMemory::from_bytes(&full).expect("a memory");
    assert_eq!((read.grams, read.recent), (memory.grams, memory.recent));
}

fn hashes() -> impl Strategy<Value = Vec<u32>> {
    btree_set(any::<u32>(), 0..20).prop_map(|set| set.into_iter().collect())
}

fn days() -> impl Strategy<Value = Vec<u16>> {
    btree_set(any::<u16>(), 0..5).prop_map(|set| set.into_iter().collect())
}

fn countries() -> impl Strategy<Value = Vec<Country>> {
    btree_set("[A-Z]{2}".prop_filter_map("a code", |code| Country::new(&code)), 0..5).prop_map(|set| set.into_iter().collect())
}

fn any_terms() -> impl Strategy<Value = (Vec<Term>, Vec<u32>)> {
    btree_map(any::<u32>(), any::<(u8, bool, bool, bool, u32)>(), 0..40).prop_map(|map| {
        let stems = map.values().filter(|value| value.3).map(|value| value.4).collect();
        let term = |(hash, (count, in_title, in_lead, is_name, _))| Term {
            hash,
            count,
            in_title,
            in_lead,
            is_name,
        };
        (map.into_iter().map(term).collect(), stems)
    })
}

prop_compose! {
    fn any_features()(
        (terms, name_stems) in any_terms(),
        numbers in btree_map(any::<u32>(), any::<(bool, bool)>(), 0..9),
        title_words in btree_map(any::<u32>(), any::<bool>(), 0..20),
        [skeletons, places, title_places] in [hashes(), hashes(), hashes()],
        [days, title_days] in [days(), days()],
        [countries, title_countries] in [countries(), countries()],
        (title, is_series, is_bare) in any::<(u32, bool, bool)>(),
    ) -> StoryFeatures {
        let number = |(hash, (in_title, is_small))| Number { hash, in_title, is_small };
        StoryFeatures {
            terms,
            name_stems,
            skeletons,
            numbers: numbers.into_iter().map(number).collect(),
            days,
            title_days,
            places,
            title_places,
            countries,
            title_countries,
            title_words: title_words.into_iter().collect(),
            title,
            is_series,
            is_bare,
        }
    }
}

prop_compose! {
    fn any_memory()(
        grams in btree_map(any::<u32>(), (any::<u32>(), -9_000_000_000_i64..9_000_000_000, 0..9_000_000_000_i64), 0..60),
        recent in vec((-9_000_000_000_i64..9_000_000_000, btree_set(any::<u32>(), 0..30)), 0..MAX_RECENT),
        taught in any::<u32>(),
    ) -> OutletMemory {
        let mut memory = OutletMemory::default();
        memory.taught = taught;
        for (gram, (entries, first, span)) in grams {
            memory.grams.insert(gram, Gram { entries, first: at(first), last: at(first + span) });
        }
        for (date, grams) in recent {
            memory.remember(at(date), grams.into_iter().collect());
        }
        memory
    }
}

prop_compose! {
    fn any_fingerprint()(
        story in any_features(),
        shingles in btree_set(any::<u32>(), 0..80),
        lead in btree_set(any::<u32>(), 0..MAX_LEAD),
        title_words in btree_set(any::<u32>(), 0..MAX_TITLE_WORDS),
        (chars, is_complete) in any::<(u32, bool)>(),
    ) -> Fingerprint {
        let copy = CopyText {
            shingles: shingles.into_iter().collect(),
            lead: lead.into_iter().collect(),
            title_words: title_words.into_iter().collect(),
            chars,
            is_complete,
        };
        Fingerprint { story, copy }
    }
}

proptest! {
    #[test]
    fn any_fingerprint_reads_back(fingerprint in any_fingerprint()) {
        prop_assert_eq!(Fingerprint::from_bytes(&fingerprint.to_bytes()), Some(fingerprint));
    }

    #[test]
    fn a_damaged_fingerprint_never_panics(fingerprint in any_fingerprint(), place: prop::sample::Index, byte: u8) {
        let mut bytes = fingerprint.to_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Some(read) = Fingerprint::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }

    #[test]
    fn any_features_read_back(features in any_features()) {
        prop_assert_eq!(StoryFeatures::from_bytes(&features.to_bytes()), Some(features));
    }

    #[test]
    fn any_memory_reads_back(memory in any_memory()) {
        let read = OutletMemory::from_bytes(&memory.to_bytes()).expect("a memory");
        prop_assert_eq!((read.grams, read.recent, read.taught), (memory.grams, memory.recent, memory.taught));
    }

    #[test]
    fn damaged_features_never_panic(features in any_features(), place: prop::sample::Index, byte: u8) {
        let mut bytes = features.to_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Some(read) = StoryFeatures::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_damaged_memory_never_panics(memory in any_memory(), place: prop::sample::Index, byte: u8) {
        let mut bytes = memory.to_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Some(read) = OutletMemory::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }

    #[test]
    fn any_bytes_never_panic(mut bytes in vec(any::<u8>(), 1..400)) {
        bytes[0] = 1;
        let fingerprint = [&[2], bytes.as_slice()].concat();
        if let Some(read) = Fingerprint::from_bytes(&fingerprint) {
            prop_assert_eq!(read.to_bytes(), fingerprint);
        }
        if let Some(read) = StoryFeatures::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes.clone());
        }
        if let Some(read) = OutletMemory::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
