//! Names of months in the languages of the region and of the feeds it reads, in the form that `normalize` returns.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Month names and abbreviations of other scripts, and those that have no three-letter prefix in [`LATIN_MONTHS`].
const MONTHS: &[(&str, u32)] = &[
    // Arabic: the names of Egypt, of the Maghreb, and of the Levant and Iraq.
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
    // Arabic as Mauritania and others spell the names.
    ("جانفيي", 1),
    ("فبرائر", 2),
    ("ابريال", 4),
    ("يونية", 6),
    ("يولية", 7),
    ("جويليه", 7),
    ("اغشت", 8),
    ("شتمبر", 9),
    ("سبتنبر", 9),
    ("اكتوبار", 10),
    ("نوفنبر", 11),
    ("نونمبر", 11),
    ("دجمبر", 12),
    ("دسمبر", 12),
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
    // Hausa in the genitive, and other spellings.
    ("janairun", 1),
    ("fabrairun", 2),
    ("marisi", 3),
    ("afrilun", 4),
    ("mayun", 5),
    ("yunin", 6),
    ("yulin", 7),
    ("agustan", 8),
    ("satumban", 9),
    ("oktoban", 10),
    ("nuwamban", 11),
    ("disamban", 12),
    ("fabarairu", 2),
    ("afurilu", 4),
    ("satunba", 9),
    ("nuwanba", 11),
    // Finnish: the nominative, the partitive, the genitive and the inessive.
    ("tammikuu", 1),
    ("tammikuuta", 1),
    ("tammikuun", 1),
    ("tammikuussa", 1),
    ("helmikuu", 2),
    ("helmikuuta", 2),
    ("helmikuun", 2),
    ("helmikuussa", 2),
    ("maaliskuu", 3),
    ("maaliskuuta", 3),
    ("maaliskuun", 3),
    ("maaliskuussa", 3),
    ("huhtikuu", 4),
    ("huhtikuuta", 4),
    ("huhtikuun", 4),
    ("huhtikuussa", 4),
    ("toukokuu", 5),
    ("toukokuuta", 5),
    ("toukokuun", 5),
    ("toukokuussa", 5),
    ("kesakuu", 6),
    ("kesakuuta", 6),
    ("kesakuun", 6),
    ("kesakuussa", 6),
    ("heinakuu", 7),
    ("heinakuuta", 7),
    ("heinakuun", 7),
    ("heinakuussa", 7),
    ("elokuu", 8),
    ("elokuuta", 8),
    ("elokuun", 8),
    ("elokuussa", 8),
    ("syyskuu", 9),
    ("syyskuuta", 9),
    ("syyskuun", 9),
    ("syyskuussa", 9),
    ("lokakuu", 10),
    ("lokakuuta", 10),
    ("lokakuun", 10),
    ("lokakuussa", 10),
    ("marraskuu", 11),
    ("marraskuuta", 11),
    ("marraskuun", 11),
    ("marraskuussa", 11),
    ("joulukuu", 12),
    ("joulukuuta", 12),
    ("joulukuun", 12),
    ("joulukuussa", 12),
    // Swedish, Norwegian, Danish and Dutch.
    ("januari", 1),
    ("marts", 3),
    ("maart", 3),
    ("mrt", 3),
    ("maj", 5),
    ("mei", 5),
    ("augusti", 8),
    ("augustus", 8),
    ("desember", 12),
    // Turkish.
    ("ocak", 1),
    ("subat", 2),
    ("nisan", 4),
    ("mayis", 5),
    ("haziran", 6),
    ("temmuz", 7),
    ("agustos", 8),
    ("eylul", 9),
    ("ekim", 10),
    ("kasim", 11),
    ("aralik", 12),
    // Swahili.
    ("machi", 3),
    ("aprili", 4),
    ("julai", 7),
    ("agosti", 8),
    ("septemba", 9),
    ("novemba", 11),
    ("desemba", 12),
    // German in Austria.
    ("jaenner", 1),
    ("feber", 2),
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

/// Abbreviations in Finnish, Turkish, Swahili and Hausa, and short names, that are words elsewhere: they count only between a day and a year.
const SHORT_MONTHS: &[(&str, u32)] = &[
    // Finnish.
    ("tammi", 1),
    ("tammik", 1),
    ("helmi", 2),
    ("helmik", 2),
    ("maalis", 3),
    ("maalisk", 3),
    ("huhti", 4),
    ("huhtik", 4),
    ("touko", 5),
    ("toukok", 5),
    ("kesa", 6),
    ("kesak", 6),
    ("heina", 7),
    ("heinak", 7),
    ("elo", 8),
    ("elok", 8),
    ("syys", 9),
    ("syysk", 9),
    ("loka", 10),
    ("lokak", 10),
    ("marras", 11),
    ("marrask", 11),
    ("joulu", 12),
    ("jouluk", 12),
    ("tam", 1),
    ("hel", 2),
    ("maa", 3),
    ("huh", 4),
    ("tou", 5),
    ("kes", 6),
    ("hei", 7),
    ("syy", 9),
    ("lok", 10),
    ("marr", 11),
    ("jou", 12),
    // Turkish.
    ("oca", 1),
    ("sub", 2),
    ("mart", 3),
    ("nis", 4),
    ("haz", 6),
    ("tem", 7),
    ("agu", 8),
    ("eyl", 9),
    ("eki", 10),
    ("kas", 11),
    ("ara", 12),
    // Swahili.
    ("mac", 3),
    ("des", 12),
    // Hausa.
    ("fab", 2),
    ("afi", 4),
    ("yun", 6),
    ("yul", 7),
    ("sat", 9),
    ("nuw", 11),
    ("dis", 12),
];

/// Prefixes of month names in English, French, Portuguese, Spanish, German and Italian; the month; the names with that prefix.
const LATIN_MONTHS: &[(&str, u32, &str)] = &[
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

/// Returns the month, 1 to 12, of a normalized name or abbreviation.
pub(super) fn month(word: &str) -> Option<u32> {
    MONTH_BY_NAME.get(word).copied()
}

/// Returns the month, 1 to 12, of a normalized abbreviation that is one only between a day and a year.
pub(super) fn month_between_numbers(word: &str) -> Option<u32> {
    SHORT_MONTHS.iter().find(|(name, _)| *name == word).map(|(_, month)| *month)
}

/// All names with their abbreviations, but for `jui`, which may be June or July.
static MONTH_BY_NAME: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut known: HashMap<&str, u32> = MONTHS.iter().copied().collect();
    for (start, month, names) in LATIN_MONTHS {
        let long = names.split(' ').filter(|name| name.starts_with(start));
        for name in long.chain((*start != "jui").then_some(*start)) {
            known.entry(name).or_insert(*month);
        }
    }
    known
});

/// Returns the month of a normalized name that is truncated (`juill`) or has one typing error (`fevrrier`, `decmbre`).
pub(super) fn month_within_one_edit(word: &str) -> Option<u32> {
    /// Shorter words are too similar to other words and to personal names.
    const MIN_WORD_BYTES: usize = 5;
    if word.len() < MIN_WORD_BYTES || !word.is_ascii() {
        return None;
    }
    LATIN_MONTHS.iter().find_map(|(_, month, names)| {
        let mut names = names
            .split(' ')
            .filter(|name| name.len() > MIN_WORD_BYTES || matches!(*name, "april" | "avril" | "abril"));
        names
            .any(|name| name.starts_with(word) || is_within_one_edit(word.as_bytes(), name.as_bytes()))
            .then_some(*month)
    })
}

/// Returns whether the Damerau-Levenshtein distance of `word` and `name` is at most 1.
fn is_within_one_edit(word: &[u8], name: &[u8]) -> bool {
    let same = word.iter().zip(name).take_while(|(one, other)| one == other).count();
    match (&word[same..], &name[same..]) {
        ([one, two, word @ ..], [three, four, name @ ..]) if word == name && one == four && two == three => true,
        ([_, word @ ..], [_, name @ ..]) if word == name => true,
        ([_, word @ ..], name) if word == name => true,
        (word, [_, name @ ..]) => word == name,
        _ => false,
    }
}
