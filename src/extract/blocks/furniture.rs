//! Recognises lines that a site puts into or below the text of every article: marks of advertisements, counters, rights, requests to share, to comment, to
//! turn off an ad blocker. Lines are compared folded, so that case, accents and the forms of Arabic letters count for nothing.

use crate::text::fold::fold;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::HashSet;
use std::sync::LazyLock;

/// The longest line that is furniture as a whole, in characters.
const MAX_LINE_CHARS: usize = 90;
/// The longest notice, in characters.
const MAX_NOTICE_CHARS: usize = 600;

/// Whole lines without digits and marks.
const LINES: &[&str] = &[
    "publicité",
    "publicités",
    "pub",
    "annonce",
    "annonces",
    "annonce publicitaire",
    "sponsorisé",
    "contenu sponsorisé",
    "article sponsorisé",
    "partenariat",
    "advertisement",
    "advertisements",
    "advertisement space",
    "advert",
    "adverts",
    "advertising",
    "ad",
    "ads",
    "sponsored",
    "sponsored content",
    "sponsored links",
    "promoted",
    "إعلان",
    "إعلانات",
    "إعلان ممول",
    "مساحة إعلانية",
    "محتوى ممول",
    "talla",
    "anuncio",
    "anuncios",
    "publicidad",
    "publicidade",
    "anzeige",
    "werbung",
    "pubblicità",
    "reklam",
];

/// How lines begin that stand where an advertisement is, or ask for something.
const STARTS: &[&str] = &[
    "la suite après cette pub",
    "la suite après la pub",
    "la suite de l'article après",
    "suite après la pub",
    "suite de l'article après",
    "lire la suite après",
    "l'article continue après",
    "la suite ci-dessous après",
    "article continues after",
    "article continues below",
    "story continues after",
    "story continues below",
    "continue reading after",
    "continues after advert",
    "scroll to continue",
    "scroll down to continue",
    "يتبع بعد الإعلان",
    "المقال يستمر بعد الإعلان",
    "تابع القراءة بعد الإعلان",
    "text ad:",
    "kindly share",
    "please share",
    "share this",
    "share your story",
    "share the story",
    "spread the word",
    "merci de partager",
    "pensez à partager",
    "n'hésitez pas à partager",
    "partagez cet article",
    "partager cet article",
    "شارك المقال",
    "شارك الخبر",
    "شارك هذا",
    "ku yada",
    "a yada",
    "copyright ",
    "©",
    "join our whatsapp",
    "join our telegram",
    "join us on whatsapp",
    "rejoignez notre chaîne",
    "rejoignez-nous sur",
    "suivez notre chaîne",
    "suivez-nous sur",
    "abonnez-vous à notre chaîne",
    "follow our whatsapp",
    "follow the whatsapp",
    "انضم إلى قناتنا",
    "انضموا إلى قناتنا",
    "تابعوا قناتنا",
    "تابعونا على",
    "ku biyo mu",
    "do you have a story",
    "do you have information",
    "have a story to tell",
    "got a tip",
    "got a news tip",
    "vous avez une information",
    "vous avez été témoin",
    "vous êtes témoin",
    "هل لديك خبر",
    "support our journalism",
    "support independent journalism",
    "soutenez notre journalisme",
    "soutenez un journalisme",
    "soutenez la presse",
    "ادعم الصحافة",
    "téléchargez l'application",
    "téléchargez notre application",
    "suivez les nouvelles",
    "retrouvez toute l'actualité",
    "retrouvez nos articles",
    "download our app",
    "download the app",
    "get our app",
    "حمل تطبيق",
    "حملوا تطبيق",
];

/// Words of counters; a line with a number that has nothing else is one, if it has a word of the first list.
const COUNTED: &[&str] = &[
    "vue",
    "vues",
    "lecture",
    "lectures",
    "lu",
    "lue",
    "visite",
    "visites",
    "visiteurs",
    "affichage",
    "affichages",
    "consultation",
    "consultations",
    "partage",
    "partages",
    "clics",
    "view",
    "views",
    "read",
    "reads",
    "reading",
    "visit",
    "visits",
    "visited",
    "visitors",
    "hits",
    "shares",
    "share",
    "clicks",
    "impressions",
    "lectores",
    "vistas",
    "visitas",
    "lecturas",
    "visualizações",
    "visualizacoes",
    "leituras",
    "aufrufe",
    "مشاهدة",
    "مشاهدات",
    "المشاهدات",
    "زيارة",
    "زيارات",
    "الزيارات",
    "قراءة",
    "قراءات",
    "القراءات",
    "القراءة",
    "شارك",
    "مشاركة",
    "مشاركات",
];
const COUNTER_WORDS: &[&str] = &[
    "post",
    "posts",
    "article",
    "articles",
    "page",
    "total",
    "totale",
    "totales",
    "nombre",
    "de",
    "d",
    "du",
    "des",
    "la",
    "le",
    "les",
    "l",
    "cet",
    "cette",
    "fois",
    "temps",
    "time",
    "times",
    "min",
    "mins",
    "minute",
    "minutes",
    "sec",
    "secondes",
    "seconds",
    "aujourd",
    "hui",
    "today",
    "daily",
    "so",
    "far",
    "s",
    "this",
    "has",
    "been",
    "by",
    "of",
    "number",
    "people",
    "personnes",
    "a",
    "été",
    "est",
    "k",
    "m",
    "عدد",
    "دقيقة",
    "دقائق",
    "مرة",
    "مرات",
    "وقت",
    "مدة",
    "زمن",
    "اليوم",
    "tiempo",
    "tempo",
    "lesezeit",
    "mal",
    "veces",
    "vezes",
];

/// Pairs of words of notices to the reader: a block that has a word of both parts is one.
const NOTICES: &[(&[&str], &[&str])] = &[
    // Against ad blockers.
    (
        &[
            "ad blocker",
            "adblock",
            "ad-block",
            "ad block",
            "bloqueur de pub",
            "bloqueurs de pub",
            "antipub",
            "anti-pub",
            "مانع الإعلانات",
            "حاجب الإعلانات",
            "مانع إعلانات",
            "bloqueador de anuncios",
            "werbeblocker",
        ],
        &[
            "please",
            "turn",
            "disable",
            "switch",
            "whitelist",
            "désactiv",
            "autoris",
            "merci",
            "veuillez",
            "يرجى",
            "الرجاء",
            "إيقاف",
            "تعطيل",
            "your browser",
            "votre navigateur",
        ],
    ),
    // On the rules for comments.
    (
        &[
            "commentaires",
            "vos commentaires",
            "comments",
            "your comments",
            "تعليقات",
            "التعليقات",
            "بتعليقاتكم",
            "تعليقاتكم",
            "comentarios",
            "ra'ayoyin",
            "sharhi",
        ],
        &[
            "modér",
            "injur",
            "insult",
            "diffam",
            "charte",
            "hors sujet",
            "responsabilité de leurs",
            "n'engagent que",
            "engagent leurs",
            "moderat",
            "abus",
            "offensive",
            "defam",
            "house rules",
            "guidelines",
            "do not reflect",
            "do not represent",
            "will be removed",
            "will not be published",
            "قواعد",
            "إساءة",
            "مسيئة",
            "تعبر عن",
            "لا تعبر",
            "شتم",
            "رأي كاتبيها",
            "رأي أصحابها",
            "شروط النشر",
        ],
    ),
    // On rights.
    (
        &[
            "rights reserved",
            "droits réservés",
            "copyright",
            "جميع الحقوق محفوظة",
            "حقوق النشر",
            "reproduction",
            "derechos reservados",
            "direitos reservados",
        ],
        &[
            "may not be",
            "without",
            "permission",
            "prohibited",
            "sans autorisation",
            "interdite",
            "interdit",
            "written",
            "préalable",
            "محفوظة",
            "إذن",
            "دون",
            "website",
            "content",
            "autorisation",
            "autorización",
            "autorização",
        ],
    ),
    // On letters by mail.
    (
        &[
            "newsletter",
            "lettre d'information",
            "notre lettre",
            "la lettre du",
            "infolettre",
            "النشرة البريدية",
            "نشرتنا",
            "boletín",
            "votre boîte mail",
            "your inbox",
            "cette lettre",
        ],
        &[
            "inscri",
            "abonn",
            "recev",
            "désinscri",
            "sign up",
            "subscrib",
            "unsubscrib",
            "delivered",
            "اشترك",
            "سجل",
            "suscrib",
            "votre adresse",
            "your email",
        ],
    ),
];

static FOLDED_LINES: LazyLock<HashSet<String>> = LazyLock::new(|| folded(LINES));
static FOLDED_COUNTED: LazyLock<HashSet<String>> = LazyLock::new(|| folded(COUNTED));
static FOLDED_COUNTER_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded(COUNTER_WORDS));
static STARTS_MATCHER: LazyLock<AhoCorasick> = LazyLock::new(|| matcher(STARTS));
static NOTICE_MATCHERS: LazyLock<Vec<[AhoCorasick; 2]>> =
    LazyLock::new(|| NOTICES.iter().map(|(one, other)| [matcher(one), matcher(other)]).collect());

fn folded(words: &[&str]) -> HashSet<String> {
    words.iter().map(|word| fold(word)).collect()
}

fn matcher(phrases: &[&str]) -> AhoCorasick {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(phrases.iter().map(|phrase| fold(phrase)))
        .expect("the phrases are few and short")
}

/// Returns why a line is furniture whatever surrounds it: the mark of an advertisement, a counter, a request.
pub(super) fn furniture_reason(line: &str, chars: usize) -> Option<&'static str> {
    if chars > MAX_NOTICE_CHARS {
        return None;
    }
    let folded = fold(line);
    if is_list_position(&folded) {
        return Some("counts a list");
    }
    if chars <= MAX_LINE_CHARS {
        let words = folded.trim_matches(|c: char| !c.is_alphabetic());
        if FOLDED_LINES.contains(words) {
            return Some("marks an advertisement");
        }
        if is_counter(&folded) {
            return Some("counts readers");
        }
        let start = folded.len() - folded.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©').len();
        if STARTS_MATCHER.find_iter(&folded).any(|found| found.start() == start) {
            return Some("asks for something else");
        }
    }
    None
}

/// Returns whether a block is a notice to the reader, which counts above and below the text only: an article may speak of such things.
pub(super) fn is_notice(text: &str, chars: usize) -> bool {
    if chars > MAX_NOTICE_CHARS {
        return false;
    }
    let folded = fold(text);
    NOTICE_MATCHERS
        .iter()
        .any(|[one, other]| one.is_match(&folded) && other.is_match(&folded))
        || is_contact(&folded)
}

/// Returns whether a folded line has a number, a word of counters, and no other words.
fn is_counter(folded: &str) -> bool {
    let words = || folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    folded.contains(|c: char| c.is_ascii_digit())
        && words().any(|word| FOLDED_COUNTED.contains(word))
        && words().all(|word| FOLDED_COUNTED.contains(word) || FOLDED_COUNTER_WORDS.contains(word))
}

/// Returns whether a folded line begins as what screen readers are told of lists of other articles: `list of 3 items`, `list 1 of 3`, `end of list`.
fn is_list_position(folded: &str) -> bool {
    let mut words = folded.split_whitespace();
    let [one, two, three, four] = std::array::from_fn(|_| words.next().unwrap_or_default());
    let begins_with_digit = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    match (one, two) {
        ("list", "of") => begins_with_digit(three) && four.starts_with("item"),
        ("list", at) => begins_with_digit(at) && three == "of" && begins_with_digit(four),
        ("end", "of") => three == "list" && four.is_empty(),
        _ => false,
    }
}

/// Returns whether a folded line is the address of the newsroom: `Contact: [email protected]`.
fn is_contact(folded: &str) -> bool {
    let rest = [
        "contact",
        "contacts",
        "e-mail",
        "email",
        "mail",
        "courriel",
        "للتواصل",
        "whatsapp",
        "tel",
    ]
    .iter()
    .find_map(|start| folded.strip_prefix(start))
    .map(|rest| rest.trim_start_matches([' ', ':', '-']));
    rest.is_some_and(|rest| {
        let is_address =
            rest.contains('@') || rest.starts_with("[email") || rest.starts_with('+') || rest.starts_with(|c: char| c.is_ascii_digit());
        is_address && folded.len() <= MAX_LINE_CHARS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(line: &str) -> Option<&'static str> {
        furniture_reason(line, line.chars().count())
    }

    #[test]
    fn marks_counters_and_requests_are_furniture() {
        for line in [
            "— PUBLICITÉ —",
            "إعلان",
            "La suite après cette publicité",
            "Article continues after advertisement",
            "Vues : 1 245",
            "Temps de lecture : 3 minutes",
            "Cet article a été lu 320 fois",
            "Post Views: 412",
            "Visited 34 times, 1 visit(s) today",
            "4 min read",
            "list of 3 items",
            "list 1 of 3The old ferry is for sale",
            "end of list",
            "عدد المشاهدات: 412",
            "Kindly share this story:",
            "Rejoignez notre chaîne WhatsApp",
        ] {
            assert!(reason(line).is_some(), "{line}");
        }
    }

    #[test]
    fn sentences_with_such_words_are_none() {
        for line in [
            "La publicité mensongère est interdite depuis 1998.",
            "Le pont a été vu par 300 visiteurs en une journée.",
            "3 minutes",
            "12 morts",
            "Le partage des eaux",
            "Il a lu 34 pages du rapport",
            "End of list prices for the ferry",
            "أعلن الوزير عن المشروع",
        ] {
            assert_eq!(reason(line), None, "{line}");
        }
    }

    #[test]
    fn notices_address_the_reader() {
        for text in [
            "Your browser hides our adverts; please switch the ad blocker off.",
            "Merci de désactiver votre bloqueur de publicité pour lire ces pages.",
            "Les commentaires sont modérés : les injures n’y ont pas leur place.",
            "التعليقات تعبر عن رأي كاتبيها",
            "All rights reserved. This text may not be reproduced without permission.",
            "Recevez chaque matin la lettre du fleuve : inscrivez-vous.",
            "Contact: [email protected]",
        ] {
            assert!(is_notice(text, text.chars().count()), "{text}");
        }
        for text in [
            "Le ministre a fait des commentaires sur la crue.",
            "Le contact a été rompu lundi avec le village.",
            "La reproduction des poissons commence en mai.",
        ] {
            assert!(!is_notice(text, text.chars().count()), "{text}");
        }
    }
}
