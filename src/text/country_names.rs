//! The names of countries in the languages of pages and digests: those of the region and its neighbours, and others that its news is often about.

/// Code, English, French, Arabic.
const NAMES: [(&str, [&str; 3]); 40] = [
    ("AE", ["United Arab Emirates", "Émirats arabes unis", "الإمارات"]),
    ("BE", ["Belgium", "Belgique", "بلجيكا"]),
    ("BF", ["Burkina Faso", "Burkina Faso", "بوركينا فاسو"]),
    ("BJ", ["Benin", "Bénin", "بنين"]),
    ("CD", ["DR Congo", "RD Congo", "الكونغو الديمقراطية"]),
    ("CF", ["Central African Republic", "Centrafrique", "أفريقيا الوسطى"]),
    ("CG", ["Congo", "Congo", "الكونغو"]),
    ("CI", ["Ivory Coast", "Côte d’Ivoire", "ساحل العاج"]),
    ("CM", ["Cameroon", "Cameroun", "الكاميرون"]),
    ("CN", ["China", "Chine", "الصين"]),
    ("CV", ["Cape Verde", "Cap-Vert", "الرأس الأخضر"]),
    ("DE", ["Germany", "Allemagne", "ألمانيا"]),
    ("DZ", ["Algeria", "Algérie", "الجزائر"]),
    ("EG", ["Egypt", "Égypte", "مصر"]),
    ("ES", ["Spain", "Espagne", "إسبانيا"]),
    ("ET", ["Ethiopia", "Éthiopie", "إثيوبيا"]),
    ("FR", ["France", "France", "فرنسا"]),
    ("GA", ["Gabon", "Gabon", "الغابون"]),
    ("GB", ["United Kingdom", "Royaume-Uni", "المملكة المتحدة"]),
    ("GH", ["Ghana", "Ghana", "غانا"]),
    ("GM", ["Gambia", "Gambie", "غامبيا"]),
    ("GN", ["Guinea", "Guinée", "غينيا"]),
    ("GW", ["Guinea-Bissau", "Guinée-Bissau", "غينيا بيساو"]),
    ("IT", ["Italy", "Italie", "إيطاليا"]),
    ("LR", ["Liberia", "Libéria", "ليبيريا"]),
    ("LY", ["Libya", "Libye", "ليبيا"]),
    ("MA", ["Morocco", "Maroc", "المغرب"]),
    ("ML", ["Mali", "Mali", "مالي"]),
    ("MR", ["Mauritania", "Mauritanie", "موريتانيا"]),
    ("NE", ["Niger", "Niger", "النيجر"]),
    ("NG", ["Nigeria", "Nigéria", "نيجيريا"]),
    ("RU", ["Russia", "Russie", "روسيا"]),
    ("SD", ["Sudan", "Soudan", "السودان"]),
    ("SL", ["Sierra Leone", "Sierra Leone", "سيراليون"]),
    ("SN", ["Senegal", "Sénégal", "السنغال"]),
    ("TD", ["Chad", "Tchad", "تشاد"]),
    ("TG", ["Togo", "Togo", "توغو"]),
    ("TN", ["Tunisia", "Tunisie", "تونس"]),
    ("TR", ["Turkey", "Turquie", "تركيا"]),
    ("US", ["United States", "États-Unis", "الولايات المتحدة"]),
];

/// Returns the name of the country with this code in the language `en`, `fr` or `ar`, English in others; the code itself where the list has no name.
#[must_use]
pub fn country_name<'a>(code: &'a str, language: &str) -> &'a str {
    let place = match language {
        "fr" => 1,
        "ar" => 2,
        _ => 0,
    };
    NAMES.iter().find(|(own, _)| *own == code).map_or(code, |(_, names)| names[place])
}

/// Returns the flag of the country with this code as text: two regional indicators (Unicode, UTS 51); nothing for what is no code of two letters.
#[must_use]
pub fn flag(code: &str) -> String {
    let indicator = |letter: u8| char::from_u32(0x1_f1e6 + u32::from(letter - b'A'));
    match code.as_bytes() {
        [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => indicator(*first).into_iter().chain(indicator(*second)).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_names_and_flags() {
        assert_eq!(
            ["en", "fr", "ar", "ha"].map(|language| country_name("TD", language)),
            ["Chad", "Tchad", "تشاد", "Chad"]
        );
        assert_eq!(country_name("XK", "fr"), "XK");
        assert_eq!(flag("ML"), "\u{1f1f2}\u{1f1f1}");
        assert_eq!([flag("ml"), flag("MLI"), flag("")], ["", "", ""]);
    }
}
