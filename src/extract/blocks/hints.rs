//! What the words of class and id names hint at.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How many kinds of hints there are.
pub(super) const HINTS: usize = 18;

/// The kinds of hints, each with the words of class and id names that give it.
const WORDS: [(&str, &str); HINTS] = [
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
        "named letter",
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

static KINDS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let kinds = WORDS.iter().enumerate();
    kinds
        .flat_map(|(kind, (_, words))| words.split_whitespace().map(move |word| (word, 1 << kind)))
        .collect()
});

/// Returns the name of a kind.
pub(super) fn name(kind: usize) -> &'static str {
    WORDS[kind].0
}

/// Returns the bits of the kinds with these names.
pub(super) fn bits(names: &[&str]) -> u32 {
    (0..HINTS)
        .filter(|kind| names.contains(&name(*kind)))
        .fold(0, |bits, kind| bits | 1 << kind)
}

/// Returns the hints of a class or id name, one bit a kind.
pub(super) fn of_name(name: &str) -> u32 {
    let mut bits = 0;
    let mut word = String::new();
    let mut previous = ' ';
    for letter in name.chars().chain(['-']) {
        let ends = !letter.is_ascii_alphabetic() || (letter.is_ascii_uppercase() && previous.is_ascii_lowercase());
        if ends && !word.is_empty() {
            bits |= KINDS.get(word.as_str()).copied().unwrap_or_default();
            word.clear();
        }
        if letter.is_ascii_alphabetic() {
            word.push(letter.to_ascii_lowercase());
        }
        previous = letter;
    }
    bits
}
