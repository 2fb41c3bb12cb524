//! What the words of class and id names hint at: `related`, `share` or `entry` say what an element is for on most sites.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The number of kinds of hints.
pub(super) const KIND_COUNT: usize = 18;

/// The kinds of hints, each with the words of class and id names that give it. The name of a kind is the name of its feature.
const KIND_WORDS: [(&str, &str); KIND_COUNT] = [
    (
        "named body",
        "article articlebody articletext body bodycopy bodytext content contenu conteudo copy corps cuerpo entry fulltext inhalt \
         longform main maincontent paragraph paragraphs post postcontent prose richtext singlepost story storybody text texte \
         wysiwyg",
    ),
    (
        "named summary",
        "abstract bajada chapeau chapo deck dek description entradilla excerpt intro introduction kicker lead lede sapo soustitre \
         standfirst subhead subheading subheadline subtitle summary surtitre teasertext vorspann",
    ),
    ("named headline", "heading headline hed titel title titre titulo"),
    (
        "named meta",
        "breadcrumb breadcrumbs cat categories category date dateline dates details duration entrymeta hits info infoline infos \
         meta metadata posted postmeta publication publish published reading readtime rubrique section time timestamp updated \
         views",
    ),
    (
        "named author",
        "about auteur author authors autor bio byline bylines contributor contributors credits journalist profile redakteur \
         signature vcard writer",
    ),
    (
        "named share",
        "action actions addthis addtoany buttons compartir email facebook follow like likes partage partager print reactions \
         share shareaholic sharebar sharedaddy shares sharing sns social socials suivez teilen toolbar tools twitter whatsapp",
    ),
    (
        "named related",
        "also associes aussi card cards cluster feed further grid jp latest liens linkbox linklist links lire list mehr more \
         morefrom most next noticias onward outbrain popular prev previous promo promos read readalso readmore recirc \
         recirculation recommend recommendation recommendations recommended relacionadas relacionados related relatedposts river \
         see similaires similar suggested suggestions taboola teaser teasers thumb thumbnails tile tiles trending weiterlesen \
         zergnet",
    ),
    (
        "named comment",
        "comentarios comment commentaire commentaires commenting comments coral disqus forum kommentare livefyre replies reply \
         respond",
    ),
    (
        "named newsletter",
        "abonnement abonner account app cta donate donation download login mailchimp mailing mc member membership newsletter \
         newsletters optin register registration signin signup subscribe subscription subscriptions support",
    ),
    (
        "named ad",
        "ad adbox ads adsbygoogle adslot adv advert advertisement advertisements advertising affiliate anzeige banner buy \
         commercial deal deals dfp gpt leaderboard mpu partner partners partnership product products pub publicidad publicite \
         pubs shop sponsor sponsored sponsors werbung",
    ),
    (
        "named navigation",
        "bar bottom foot footer header masthead menu menus nav navbar navigation page pager pages pagination paging search site \
         skip skiplink submenu tab tabs topbar",
    ),
    (
        "named aside",
        "aside box boxes callout col complementary factbox infobox inset module panel pullout rail right secondary sidebar widget \
         widgets widgettitle",
    ),
    (
        "named caption",
        "bildunterschrift caption captions copyright credit credito figcaption imagecaption legend legende photocredit \
         photographer source sources",
    ),
    (
        "named notice",
        "alert consent cookie cookies correction corrections disclaimer footnote footnotes gate gdpr legal message modal notice \
         notification overlay paid paywall popup premium privacy regwall terms warning",
    ),
    (
        "named gallery",
        "audio carousel embed embeds figure gallery illustration image images img instagram media photo photos picture player \
         podcast slick slide slider slides slideshow swiper thumbnail tweet video videos",
    ),
    ("named tags", "keyword keywords label labels tag taglist tags topic topics"),
    ("named quote", "blockquote citation exergue pullquote quote quotes"),
    (
        "named hidden",
        "collapse collapsed hidden hide invisible mobile noprint offscreen only screenreader sr visually",
    ),
];

static WORD_BITS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let kinds = KIND_WORDS.iter().enumerate();
    kinds
        .flat_map(|(kind, (_, words))| words.split_whitespace().map(move |word| (word, 1 << kind)))
        .collect()
});

/// Returns the name of a kind.
pub(super) fn kind_name(kind: usize) -> &'static str {
    KIND_WORDS[kind].0
}

/// Returns a bit set of the kinds with these names.
pub(super) fn bits_of_kinds(names: &[&str]) -> u32 {
    (0..KIND_COUNT)
        .filter(|kind| names.contains(&kind_name(*kind)))
        .fold(0, |bits, kind| bits | 1 << kind)
}

/// Returns the kinds that the words of a class or id name hint at, one bit a kind. Words end at what is no ASCII letter, and where
/// `camelCase` begins a new one.
pub(super) fn bits_of_name(name: &str) -> u32 {
    let mut bits = 0;
    let mut word = String::new();
    let mut previous = ' ';
    for letter in name.chars().chain(['-']) {
        let ends = !letter.is_ascii_alphabetic() || (letter.is_ascii_uppercase() && previous.is_ascii_lowercase());
        if ends && !word.is_empty() {
            bits |= WORD_BITS.get(word.as_str()).copied().unwrap_or_default();
            word.clear();
        }
        if letter.is_ascii_alphabetic() {
            word.push(letter.to_ascii_lowercase());
        }
        previous = letter;
    }
    bits
}
