//! Invented news: the entries of one week, with subjects that the topics look for, copies and further reports; and the feeds that hold them.

use crate::vocabulary::{Dice, Vocabulary};
use std::fmt::Write as _;

pub const SOURCES: usize = 300;
pub const WEEK_SECONDS: i64 = 7 * 24 * 3600;
const HOUR_SECONDS: i64 = 3600;

/// What an entry is about, and with which words of its language. The places are in the concept `@sahel`, the others in the topics' rules.
struct SubjectWords {
    places: &'static [&'static str],
    politics: &'static [&'static str],
    security: &'static [&'static str],
    harvest: &'static [&'static str],
}

const FRENCH: SubjectWords = SubjectWords {
    places: &[
        "Bamako",
        "Ouagadougou",
        "Niamey",
        "Tombouctou",
        "Kidal",
        "Mopti",
        "Tillabéri",
        "Agadez",
        "Zinder",
        "Djibo",
    ],
    politics: &["la junte", "la transition", "l’élection", "le gouvernement", "la CEDEAO"],
    security: &["une attaque", "des attaques", "une embuscade"],
    harvest: &["la récolte", "les récoltes"],
};
const ENGLISH: SubjectWords = SubjectWords {
    places: &[
        "Bamako",
        "Ouagadougou",
        "Niamey",
        "Timbuktu",
        "Kidal",
        "Mopti",
        "Agadez",
        "Zinder",
        "Djibo",
        "Maradi",
    ],
    politics: &["the junta", "the transition", "the election", "the government", "ECOWAS"],
    security: &["an attack", "the attacks", "an ambush"],
    harvest: &["the harvest"],
};
const ARABIC: SubjectWords = SubjectWords {
    places: &["باماكو", "تمبكتو", "كيدال", "واغادوغو", "نيامي"],
    politics: &["انقلاب", "انتخابات"],
    security: &["هجوم"],
    harvest: &["حصاد"],
};
const HAUSA: SubjectWords = SubjectWords {
    places: &["Bamako", "Niamey", "Agadez", "Zinder", "Maradi", "Tahoua"],
    politics: &["ECOWAS", "AES"],
    security: &["Boko Haram", "ISWAP"],
    harvest: &["girbi"],
};

/// The topics whose rules meet the words above.
pub const TOPICS: &str = r#"
[[topic]]
id    = "sahel-politics"
title = "Sahel politics"
about = ["@sahel"]
any   = ["junta", "junte", "transition", "coup d'État", "élection", "election", "government", "gouvernement", "AES", "CEDEAO", "ECOWAS", "انقلاب", "انتخابات"ADDED]
none  = ["football"]

[[topic]]
id    = "sahel-security"
title = "Sahel security"
query = '''@sahel (attaque* OR embuscade* OR attack* OR ambush* OR هجوم OR @armed_groups) -title:football'''

[[topic]]
id    = "harvests"
title = "Harvests"
any   = ["récolte", "récoltes", "harvest", "حصاد", "girbi"]

[concept.armed_groups]
any = ["JNIM", "GSIM", "EIGS", "ISGS", "Boko Haram", "ISWAP", "نصرة الإسلام", "بوكو حرام"]
"#;

/// One entry of a feed.
#[derive(Clone)]
pub struct Item {
    pub source: usize,
    guid: String,
    pub link: String,
    title: String,
    sentences: Vec<String>,
    /// In seconds since 1970, UTC.
    published: i64,
    categories: Vec<String>,
    author: Option<String>,
    has_body: bool,
}

impl Item {
    /// Returns the page of the entry: its text between the head and the links that pages have.
    pub fn page(&self) -> String {
        let title = &self.title;
        let mut page = format!("<!doctype html><html><head><meta charset=\"utf-8\"><title>{title}</title></head><body><nav><ul>");
        for number in 0..100 {
            let _ = write!(page, "<li><a href=\"/section/{number}\">Section {number}</a></li>");
        }
        let _ = write!(page, "</ul></nav><main><article><h1>{title}</h1>");
        for paragraph in self.sentences.chunks(3) {
            let _ = write!(page, "<p>{}</p>", paragraph.join(" "));
        }
        page.push_str("</article></main></body></html>");
        page
    }
}

/// Which words an entry is to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Politics,
    Security,
    Harvest,
    PlaceOnly,
    Other,
}

pub struct Newsroom {
    vocabularies: Vec<Vocabulary>,
}

impl Newsroom {
    pub fn new() -> Self {
        Self {
            vocabularies: Vocabulary::all(),
        }
    }

    /// Returns the vocabulary of a source: half of the sources write French.
    fn vocabulary(&self, source: usize) -> (&Vocabulary, &'static SubjectWords) {
        match source % 20 {
            0..=9 => (&self.vocabularies[0], &FRENCH),
            10..=14 => (&self.vocabularies[1], &ENGLISH),
            15..=17 => (&self.vocabularies[2], &ARABIC),
            _ => (&self.vocabularies[3], &HAUSA),
        }
    }

    pub fn language(&self, source: usize) -> &'static str {
        self.vocabulary(source).0.language
    }

    /// Returns the `number`th rare word, for a rule that changes.
    pub fn rare_word(&self, number: usize) -> &str {
        self.vocabularies[0].rare_word(number)
    }

    /// Returns the `count` entries of the week that begins at `start`: nine in ten are news of their own, the others copies of an earlier entry or
    /// further reports on its event, by another source within a day.
    pub fn week(&self, start: i64, count: usize) -> Vec<Item> {
        let mut dice = Dice::new(1, start.unsigned_abs());
        let mut items: Vec<Item> = Vec::with_capacity(count);
        while items.len() < count {
            let (source, second) = (dice.roll(SOURCES), random_second(&mut dice, WEEK_SECONDS - 30 * HOUR_SECONDS));
            let subject = match dice.roll(100) {
                0..15 => Subject::Politics,
                15..20 => Subject::Security,
                20..23 => Subject::Harvest,
                23..28 => Subject::PlaceOnly,
                _ => Subject::Other,
            };
            let number = items.len();
            let item = self.item(&mut dice, source, start + second, number, subject);
            let follow_up = dice.roll(18);
            items.push(item);
            if follow_up < 2 && items.len() < count {
                let follow_up = self.follow_up(&mut dice, &items[number], number + 1, follow_up == 0);
                items.push(follow_up);
            }
        }
        items
    }

    /// Returns an entry of about 110 words. `number` tells it from the others of the same second.
    pub fn item(&self, dice: &mut Dice, source: usize, published: i64, number: usize, subject: Subject) -> Item {
        let (vocabulary, words) = self.vocabulary(source);
        let names: Vec<String> = (0..3).map(|_| vocabulary.name(dice)).collect();
        let place = *dice.choose(words.places);
        let terms = match subject {
            Subject::Politics => words.politics,
            Subject::Security => words.security,
            Subject::Harvest => words.harvest,
            Subject::PlaceOnly | Subject::Other => &[],
        };
        let mut marks: Vec<&str> = names.iter().map(String::as_str).collect();
        if !matches!(subject, Subject::Other | Subject::Harvest) {
            marks.push(place);
        }
        if !terms.is_empty() {
            marks.push(*dice.choose(terms));
        }
        let mut title = sentence(vocabulary, dice, 5, &marks);
        title.pop();
        let (target, mut length, mut sentences) = (80 + dice.roll(60), 0, Vec::new());
        while length < target {
            let (words, mark) = (7 + dice.roll(12), marks[sentences.len() % marks.len()]);
            length += words + 1;
            sentences.push(sentence(vocabulary, dice, words, &[mark]));
        }
        let categories = if dice.happens(60) {
            (0..=dice.roll(3))
                .map(|_| vocabulary.rare_word(dice.roll(200)).to_owned())
                .collect()
        } else {
            Vec::new()
        };
        let author = dice
            .happens(50)
            .then(|| format!("{} {}", vocabulary.name(dice), vocabulary.name(dice)));
        let address = format!("http://{}/{}/{number}", host(source), published);
        Item {
            source,
            guid: format!("{address}#guid"),
            link: address,
            title,
            sentences,
            published,
            categories,
            author,
            has_body: dice.happens(70),
        }
    }

    /// Returns what another source of the same language brings on the event of `first`: the same text, or its own with two of its sentences and
    /// most words of its title.
    fn follow_up(&self, dice: &mut Dice, first: &Item, number: usize, is_copy: bool) -> Item {
        let others: Vec<usize> = (0..SOURCES)
            .filter(|other| *other != first.source && self.language(*other) == self.language(first.source))
            .collect();
        let (source, published) = (
            *dice.choose(&others),
            first.published + 600 + random_second(dice, 20 * HOUR_SECONDS),
        );
        let mut item = self.item(dice, source, published, number, Subject::Other);
        if is_copy {
            item.title.clone_from(&first.title);
            item.sentences.clone_from(&first.sentences);
        } else {
            item.title = format!("{} {}", first.title, self.vocabulary(source).0.word(dice));
            item.sentences.truncate(item.sentences.len().saturating_sub(2));
            item.sentences.extend(first.sentences.iter().take(2).cloned());
        }
        item
    }
}

fn random_second(dice: &mut Dice, span: i64) -> i64 {
    i64::try_from(dice.roll(usize::try_from(span).expect("a week of seconds"))).expect("a week of seconds")
}

/// Returns a sentence of `length` words besides `marks`, which stand within it.
fn sentence(vocabulary: &Vocabulary, dice: &mut Dice, length: usize, marks: &[&str]) -> String {
    let mut text = String::new();
    for at in 0..length {
        let word = vocabulary.word(dice);
        if at == 0 {
            let mut letters = word.chars();
            text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            text.push_str(letters.as_str());
        } else {
            text.push(' ');
            text.push_str(word);
        }
        if let Some(mark) = marks.get(at) {
            text.push(' ');
            text.push_str(mark);
        }
    }
    text.push('.');
    text
}

/// Returns the host of a source.
pub fn host(source: usize) -> String {
    format!("s{source:03}.example")
}

/// Returns the RSS document of a source with `items`.
pub fn document(source: usize, items: &[&Item]) -> String {
    let host = host(source);
    let mut rss = String::with_capacity(2000 * (items.len() + 1));
    rss.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" ");
    rss.push_str("xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n");
    let _ = writeln!(rss, "<channel><title>Outlet {source}</title><link>http://{host}/</link>");
    for item in items {
        write_item(&mut rss, item, &host);
    }
    rss.push_str("</channel></rss>\n");
    rss
}

fn write_item(rss: &mut String, item: &Item, host: &str) {
    let _ = write!(
        rss,
        "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">{}</guid><pubDate>{}</pubDate>",
        item.title,
        item.link,
        item.guid,
        rss_date(item.published)
    );
    for category in &item.categories {
        let _ = write!(rss, "<category>{category}</category>");
    }
    if let Some(author) = &item.author {
        let _ = write!(rss, "<dc:creator>{author}</dc:creator>");
    }
    if item.has_body {
        let _ = write!(rss, "<description>{}</description><content:encoded><![CDATA[", item.sentences[0]);
        for paragraph in item.sentences.chunks(3) {
            let _ = writeln!(rss, "<p>{}</p>", paragraph.join(" "));
        }
        let _ = write!(rss, "<p><a href=\"http://{host}/about\">{host}</a></p>]]></content:encoded>");
    } else {
        let _ = write!(rss, "<description>{}</description>", item.sentences.join(" "));
    }
    rss.push_str("</item>\n");
}

/// Returns year, month and day of a day since 1970 (H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// Returns a time as RFC 3339 writes it.
pub fn iso_date(time: i64) -> String {
    let (year, month, day) = civil(time.div_euclid(86_400));
    let second = time.rem_euclid(86_400);
    format!(
        "{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// Returns a time as RSS 2.0 writes it (RFC 822, section 5).
fn rss_date(time: i64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = civil(time.div_euclid(86_400));
    let second = time.rem_euclid(86_400);
    let name = MONTHS[usize::try_from(month - 1).expect("a month")];
    format!(
        "{day:02} {name} {year} {:02}:{:02}:{:02} +0000",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}
