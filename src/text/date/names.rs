//! Names of months, zones and halves of the day, as feeds of the region and of the wider web write them.
//!
//! Keys are lower case and without Latin accents; see `fold` in the parent module.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Month names that cannot be told by a common beginning.
const MONTHS: &[(&str, u32)] = &[
    // Arabic: the western names, and those of the Levant and Iraq.
    ("يناير", 1),
    ("جانفي", 1),
    ("كانون الثاني", 1),
    ("كانون ثاني", 1),
    ("فبراير", 2),
    ("فيفري", 2),
    ("شباط", 2),
    ("مارس", 3),
    ("اذار", 3),
    ("ابريل", 4),
    ("افريل", 4),
    ("نيسان", 4),
    ("مايو", 5),
    ("ماي", 5),
    ("ايار", 5),
    ("يونيو", 6),
    ("يونيه", 6),
    ("جوان", 6),
    ("حزيران", 6),
    ("يوليو", 7),
    ("يوليوز", 7),
    ("يوليه", 7),
    ("جويلية", 7),
    ("تموز", 7),
    ("اغسطس", 8),
    ("غشت", 8),
    ("اوت", 8),
    ("اب", 8),
    ("سبتمبر", 9),
    ("شتنبر", 9),
    ("ايلول", 9),
    ("اكتوبر", 10),
    ("تشرين الاول", 10),
    ("تشرين اول", 10),
    ("نوفمبر", 11),
    ("نونبر", 11),
    ("تشرين الثاني", 11),
    ("تشرين ثاني", 11),
    ("ديسمبر", 12),
    ("دجنبر", 12),
    ("كانون الاول", 12),
    ("كانون اول", 12),
    // Hausa.
    ("janairu", 1),
    ("fabrairu", 2),
    ("faburairu", 2),
    ("maris", 3),
    ("afrilu", 4),
    ("afirilu", 4),
    ("mayu", 5),
    ("yuni", 6),
    ("yuli", 7),
    ("agusta", 8),
    ("ogusta", 8),
    ("satumba", 9),
    ("oktoba", 10),
    ("nuwamba", 11),
    ("disamba", 12),
    // Greek and Hungarian, which feedparser reads.
    ("ιαν", 1),
    ("φεβ", 2),
    ("μαρ", 3),
    ("μαω", 3),
    ("μαωρτ", 3),
    ("απρ", 4),
    ("μαι", 5),
    ("μαιου", 5),
    ("ιουν", 6),
    ("ιον", 6),
    ("ιουλ", 7),
    ("ιουνιου", 6),
    ("ιουλιου", 7),
    ("ιολ", 7),
    ("αυγ", 8),
    ("σεπ", 9),
    ("οκτ", 10),
    ("νοε", 11),
    ("δεκ", 12),
    ("szeptember", 9),
    ("oktober", 10),
    ("november", 11),
    ("december", 12),
    ("majus", 5),
    ("junius", 6),
    ("julius", 7),
    ("augusztus", 8),
    ("aprilis", 4),
    ("marcius", 3),
    ("februari", 2),
    ("januar", 1),
    // Russian, in the genitive, and its short forms.
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("мая", 5),
    ("май", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("января", 1),
    ("февраля", 2),
    ("марта", 3),
    ("апреля", 4),
    ("июня", 6),
    ("июля", 7),
    ("августа", 8),
    ("сентября", 9),
    ("октября", 10),
    ("ноября", 11),
    ("декабря", 12),
];

/// Beginnings of month names in English, French, Portuguese, Spanish, German and Italian, and the names they may be the beginning of.
const LATIN: &[(&str, u32, &str)] = &[
    ("jan", 1, "january janvier janeiro januar janv janner"),
    ("ene", 1, "enero"),
    ("gen", 1, "gennaio"),
    ("feb", 2, "february febrero februar febbraio febr feber"),
    ("fev", 2, "fevrier fevereiro fevr"),
    ("mar", 3, "march mars marco marzo marz"),
    ("mae", 3, "maerz"),
    ("mrz", 3, "mrz"),
    ("apr", 4, "april aprile"),
    ("avr", 4, "avril"),
    ("abr", 4, "abril"),
    ("may", 5, "mayo"),
    ("mai", 5, "maio"),
    ("mag", 5, "maggio"),
    ("jun", 6, "june juin junho junio juni"),
    ("jui", 6, "juin"),
    ("giu", 6, "giugno"),
    ("jul", 7, "july juillet julho julio juli juil"),
    ("jui", 7, "juillet juil"),
    ("lug", 7, "luglio"),
    ("aug", 8, "august"),
    ("aou", 8, "aout"),
    ("ago", 8, "agosto"),
    ("sep", 9, "september septembre setembro septiembre setiembre sept settembre"),
    ("set", 9, "setembro setiembre settembre"),
    ("oct", 10, "october octobre octubre"),
    ("out", 10, "outubro"),
    ("okt", 10, "oktober"),
    ("ott", 10, "ottobre"),
    ("nov", 11, "november novembre novembro noviembre"),
    ("dec", 12, "december decembre"),
    ("dez", 12, "dezembro dezember"),
    ("dic", 12, "diciembre dicembre"),
];

/// Returns the month, 1 to 12, that a folded `word` names.
pub(super) fn month(word: &str) -> Option<u32> {
    KNOWN.get(word).copied()
}

/// All names, with their short forms. `jui` alone may be June or July.
static KNOWN: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut known: HashMap<&str, u32> = MONTHS.iter().copied().collect();
    for (start, month, names) in LATIN {
        let long = names.split(' ').filter(|name| name.starts_with(start));
        for name in long.chain((*start != "jui").then_some(*start)) {
            known.entry(name).or_insert(*month);
        }
    }
    known
});

/// Returns the month that a folded `word` names when it is cut short (`juill`) or has one typing error (`fevrrier`, `decmbre`).
pub(super) fn nearly_month(word: &str) -> Option<u32> {
    /// Shorter words are too near to other words and to people's names.
    const SHORTEST: usize = 5;
    if word.len() < SHORTEST || !word.is_ascii() {
        return None;
    }
    LATIN.iter().find_map(|(_, month, names)| {
        let mut names = names
            .split(' ')
            .filter(|name| name.len() > SHORTEST || matches!(*name, "april" | "avril" | "abril"));
        names
            .any(|name| name.starts_with(word) || is_one_slip(word.as_bytes(), name.as_bytes()))
            .then_some(*month)
    })
}

/// Returns whether one letter too many, too few or wrong, or two that changed places, make `word` of `name`.
fn is_one_slip(word: &[u8], name: &[u8]) -> bool {
    let same = word.iter().zip(name).take_while(|(one, other)| one == other).count();
    match (&word[same..], &name[same..]) {
        ([one, two, word @ ..], [three, four, name @ ..]) if word == name && one == four && two == three => true,
        ([_, word @ ..], [_, name @ ..]) if word == name => true,
        ([_, word @ ..], name) if word == name => true,
        (word, [_, name @ ..]) => word == name,
        _ => false,
    }
}

/// Names of zones and their distance from UTC in minutes. Where a name has several meanings, the one of RFC 822 or of most feeds.
const ZONES: &[(&str, i64)] = &[
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("ist", 330),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("wat", 60),
    ("cat", 120),
    ("sast", 120),
    ("eat", 180),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("ast", -240),
    ("adt", -180),
    ("at", -240),
    ("est", -300),
    ("edt", -240),
    ("et", -300),
    ("cst", -360),
    ("cdt", -300),
    ("ct", -360),
    ("mst", -420),
    ("mdt", -360),
    ("mt", -420),
    ("pst", -480),
    ("pdt", -420),
    ("pt", -480),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("brt", -180),
    ("art", -180),
    ("clt", -240),
    ("cot", -300),
    ("pet", -300),
    ("sgt", 480),
    ("hkt", 480),
    ("jst", 540),
    ("kst", 540),
    ("awst", 480),
    ("acst", 570),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("trt", 180),
    ("irst", 210),
    ("gst", 240),
    ("pkt", 300),
    ("npt", 345),
    ("wib", 420),
    ("ict", 420),
    ("pht", 480),
];

/// Returns the distance from UTC, in minutes, of the zone that a folded `word` names.
pub(super) fn zone(word: &str) -> Option<i64> {
    if let [letter] = word.as_bytes() {
        return military(*letter);
    }
    ZONES.iter().find(|(name, _)| *name == word).map(|(_, minutes)| *minutes)
}

/// Returns the minutes from UTC that a letter means in RFC 822, 5.1, which other readers follow too. `J` is nobody's, and `h` is the hour's.
fn military(letter: u8) -> Option<i64> {
    let hours = match letter {
        b'z' => 0,
        b'a'..=b'g' | b'i' => -i64::from(letter - b'a' + 1),
        b'k'..=b'm' => -i64::from(letter - b'a'),
        b'n'..=b'y' => i64::from(letter - b'n' + 1),
        _ => return None,
    };
    Some(hours * 60)
}

/// Returns whether a folded `word` names the half of the day after noon (`Some(true)`), before noon, or neither.
pub(super) fn afternoon(word: &str) -> Option<bool> {
    match word {
        "pm" | "p.m" | "p.m." | "م" | "مساء" | "ظهرا" | "عصرا" | "오후" => Some(true),
        "am" | "a.m" | "a.m." | "ص" | "صباحا" | "فجرا" | "오전" => Some(false),
        _ => None,
    }
}
