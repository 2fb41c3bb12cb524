//! The names of countries in the languages of digests: those of the region and its neighbours, and others that its news is often about.

use crate::config::PageLanguage;

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

/// Returns the name of the country with this code; the code itself where the list has no name.
pub(super) fn name(code: &str, language: PageLanguage) -> &str {
    let place = match language {
        PageLanguage::En => 0,
        PageLanguage::Fr => 1,
        PageLanguage::Ar => 2,
    };
    NAMES.iter().find(|(own, _)| *own == code).map_or(code, |(_, names)| names[place])
}
