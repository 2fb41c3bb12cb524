//! The fixed texts of items and pages, in each page language.

use crate::config::PageLanguage;

/// The fixed texts in one language.
pub(super) struct Labels {
    pub source: &'static str,
    /// The link to the publisher's page.
    pub read_there: &'static str,
    /// Before the time of a correction.
    pub corrected: &'static str,
    pub licence: &'static str,
    pub also: &'static str,
    /// Before the last members of a list.
    pub and: &'static str,
    /// One copy, and several; `#` stands for their number.
    pub copies: [&'static str; 2],
    /// One further report, and several; `#` stands for their number.
    pub more: [&'static str; 2],
    pub earlier: &'static str,
    pub note: &'static str,
    pub by: &'static str,
    pub read: &'static str,
    pub attachment: &'static str,
    pub why: &'static str,
    pub feeds: &'static str,
    pub topics: &'static str,
    pub sources: &'static str,
    /// The link to the state of the sources.
    pub health: &'static str,
    pub items: &'static str,
    pub newest: &'static str,
    pub nothing: &'static str,
    /// Between the members of a list.
    pub comma: &'static str,
    /// After a label.
    pub colon: &'static str,
}

const EN: Labels = Labels {
    source: "Source",
    read_there: "read there",
    corrected: "Corrected",
    licence: "Licence",
    also: "Also reported by",
    and: "and ",
    copies: ["1 copy of the same text", "# copies of the same text"],
    more: ["1 more report", "# more reports"],
    earlier: "Earlier",
    note: "Editor’s note",
    by: "by",
    read: "Read",
    attachment: "Attachment",
    why: "Why is this here?",
    feeds: "Subscribe",
    topics: "Topics",
    sources: "Sources",
    health: "Health of the sources",
    items: "Items",
    newest: "newest",
    nothing: "Nothing yet.",
    comma: ", ",
    colon: ": ",
};

const FR: Labels = Labels {
    source: "Source",
    read_there: "lire sur place",
    corrected: "Corrigé",
    licence: "Licence",
    also: "Aussi rapporté par",
    and: "et ",
    copies: ["1 copie du même texte", "# copies du même texte"],
    more: ["1 autre article", "# autres articles"],
    earlier: "Plus tôt",
    note: "Note de la rédaction",
    by: "par",
    read: "Lire",
    attachment: "Pièce jointe",
    why: "Pourquoi est-ce ici ?",
    feeds: "S’abonner",
    topics: "Thèmes",
    sources: "Sources",
    health: "État des sources",
    items: "Articles",
    newest: "le plus récent",
    nothing: "Rien pour le moment.",
    comma: ", ",
    colon: "\u{a0}: ",
};

const AR: Labels = Labels {
    source: "المصدر",
    read_there: "اقرأ هناك",
    corrected: "صُحّح",
    licence: "الترخيص",
    also: "نشرته أيضًا",
    and: "و",
    copies: ["نسخة واحدة من النص نفسه", "نسخ من النص نفسه: #"],
    more: ["مادة أخرى", "مواد أخرى: #"],
    earlier: "سابقًا",
    note: "ملاحظة التحرير",
    by: "بقلم",
    read: "اقرأ",
    attachment: "مرفق",
    why: "لماذا هذا هنا؟",
    feeds: "اشترك",
    topics: "المواضيع",
    sources: "المصادر",
    health: "حالة المصادر",
    items: "المواد",
    newest: "الأحدث",
    nothing: "لا شيء حتى الآن.",
    comma: "، ",
    colon: ": ",
};

/// Returns the texts in `language`.
pub(super) const fn labels(language: PageLanguage) -> &'static Labels {
    match language {
        PageLanguage::En => &EN,
        PageLanguage::Fr => &FR,
        PageLanguage::Ar => &AR,
    }
}
