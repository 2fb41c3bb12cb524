//! The fixed texts of notifications and mail, in each language.

use crate::config::PageLanguage;

/// The fixed texts in one language.
pub(super) struct Labels {
    pub alert: &'static str,
    /// One independent source, and several; `#` stands for their number.
    pub independent: [&'static str; 2],
    /// One further story, and several.
    pub more: [&'static str; 2],
    /// One story, and several.
    pub stories: [&'static str; 2],
    pub also: &'static str,
    /// Before the beginning of the time that a digest covers.
    pub since: &'static str,
    pub digest: &'static str,
    /// Stories that are about no country.
    pub elsewhere: &'static str,
    pub nothing: &'static str,
    pub health: &'static str,
    /// Between the members of a list.
    pub comma: &'static str,
    /// After a label.
    pub colon: &'static str,
}

const EN: Labels = Labels {
    alert: "Alert",
    independent: ["1 source", "# independent sources"],
    more: ["1 more story", "# more stories"],
    stories: ["1 story", "# stories"],
    also: "Also reported by",
    since: "Since",
    digest: "digest",
    elsewhere: "Elsewhere",
    nothing: "Nothing new.",
    health: "state of the sources",
    comma: ", ",
    colon: ": ",
};

const FR: Labels = Labels {
    alert: "Alerte",
    independent: ["1 source", "# sources indépendantes"],
    more: ["1 autre sujet", "# autres sujets"],
    stories: ["1 sujet", "# sujets"],
    also: "Aussi rapporté par",
    since: "Depuis",
    digest: "résumé",
    elsewhere: "Ailleurs",
    nothing: "Rien de nouveau.",
    health: "état des sources",
    comma: ", ",
    colon: "\u{a0}: ",
};

const AR: Labels = Labels {
    alert: "تنبيه",
    independent: ["مصدر واحد", "مصادر مستقلة: #"],
    more: ["موضوع آخر", "مواضيع أخرى: #"],
    stories: ["موضوع واحد", "عدد المواضيع: #"],
    also: "نشرته أيضًا",
    since: "منذ",
    digest: "ملخّص",
    elsewhere: "أماكن أخرى",
    nothing: "لا جديد.",
    health: "حالة المصادر",
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
