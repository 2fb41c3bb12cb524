//! Words that people write in place of those of feeds.toml: in French, in full, or as another format has them. For "did you mean".

use crate::text::fold::fold;

/// Keys and tables in French. A word may stand for several, of different tables.
const KEYS: &[(&str, &str)] = &[
    ("nom", "name"),
    ("pays", "country"),
    ("langue", "lang"),
    ("langue", "language"),
    ("titre", "title"),
    ("adresse", "url"),
    ("lien", "url"),
    ("flux", "url"),
    ("adresses", "urls"),
    ("mot", "any"),
    ("mots", "any"),
    ("tous", "all"),
    ("toutes", "all"),
    ("aucun", "none"),
    ("sauf", "none"),
    ("requete", "query"),
    ("sur", "about"),
    ("sujet", "about"),
    ("sujet", "topic"),
    ("sujets", "topic"),
    ("theme", "topic"),
    ("rubrique", "topic"),
    ("genre", "kind"),
    ("etiquette", "tags"),
    ("etiquettes", "tags"),
    ("proprietaire", "owner"),
    ("actif", "enabled"),
    ("active", "enabled"),
    ("fuseau", "timezone"),
    ("limite", "limit"),
    ("frequence", "every"),
    ("confiance", "trust"),
    ("jeton", "token"),
    ("identifiant", "id"),
    ("sortie", "out"),
];

/// Values that are one of several words.
const WORDS: &[(&str, &str)] = &[
    ("prive", "private"),
    ("privee", "private"),
    ("etat", "state"),
    ("etatique", "state"),
    ("public", "state"),
    ("publique", "state"),
    ("gouvernement", "government"),
    ("gouvernemental", "government"),
    ("agence", "wire"),
    ("agency", "wire"),
    ("ong", "ngo"),
    ("internationale", "international"),
    ("agregateur", "aggregator"),
    ("institut", "think-tank"),
    ("extrait", "excerpt"),
    ("lien", "link"),
    ("complet", "full"),
    ("tout", "all"),
    ("tous", "all"),
    ("aucun", "off"),
    ("non", "off"),
    ("no", "off"),
    ("false", "off"),
    ("oui", "on"),
    ("yes", "on"),
    ("true", "on"),
];

/// Languages by their names.
const LANGUAGES: &[(&str, &str)] = &[
    ("francais", "fr"),
    ("french", "fr"),
    ("anglais", "en"),
    ("english", "en"),
    ("arabe", "ar"),
    ("arabic", "ar"),
    ("haoussa", "ha"),
    ("hausa", "ha"),
    ("bambara", "bm"),
    ("peul", "ff"),
    ("fulfulde", "ff"),
    ("wolof", "wo"),
    ("portugais", "pt"),
    ("portuguese", "pt"),
    ("espagnol", "es"),
    ("spanish", "es"),
];

/// Countries by their names in French and English and their codes of three letters: those of Africa, and those of the international press.
const COUNTRIES: &[(&str, &str)] = &[
    ("AE", "emirats arabes unis|united arab emirates|are|uae"),
    ("AO", "angola|ago"),
    ("BE", "belgique|belgium|bel"),
    ("BF", "burkina faso|burkina|bfa"),
    ("BI", "burundi|bdi"),
    ("BJ", "benin|ben"),
    ("BW", "botswana|bwa"),
    ("CA", "canada|can"),
    (
        "CD",
        "republique democratique du congo|democratic republic of the congo|congo-kinshasa|rd congo|dr congo|rdc|drc|cod",
    ),
    ("CF", "republique centrafricaine|centrafrique|central african republic|rca|caf"),
    ("CG", "congo|republique du congo|congo-brazzaville|cog"),
    ("CH", "suisse|switzerland|che"),
    ("CI", "cote d'ivoire|ivory coast|civ"),
    ("CM", "cameroun|cameroon|cmr"),
    ("CN", "chine|china|chn"),
    ("CV", "cap-vert|cabo verde|cape verde|cpv"),
    ("DE", "allemagne|germany|deu"),
    ("DJ", "djibouti|dji"),
    ("DZ", "algerie|algeria|dza"),
    ("EG", "egypte|egypt|egy"),
    ("EH", "sahara occidental|western sahara|esh"),
    ("ER", "erythree|eritrea|eri"),
    ("ES", "espagne|spain|esp"),
    ("ET", "ethiopie|ethiopia|eth"),
    ("FR", "france|fra"),
    ("GA", "gabon|gab"),
    (
        "GB",
        "royaume-uni|united kingdom|uk|grande-bretagne|great britain|angleterre|england|gbr",
    ),
    ("GH", "ghana|gha"),
    ("GM", "gambie|gambia|the gambia|gmb"),
    ("GN", "guinee|guinea|guinee-conakry|gin"),
    ("GQ", "guinee equatoriale|equatorial guinea|gnq"),
    ("GW", "guinee-bissau|guinea-bissau|gnb"),
    ("IT", "italie|italy|ita"),
    ("KE", "kenya|ken"),
    ("KM", "comores|comoros|com"),
    ("LR", "liberia|lbr"),
    ("LS", "lesotho|lso"),
    ("LY", "libye|libya|lby"),
    ("MA", "maroc|morocco|mar"),
    ("MG", "madagascar|mdg"),
    ("ML", "mali|mli"),
    ("MR", "mauritanie|mauritania|mrt"),
    ("MU", "maurice|mauritius|mus"),
    ("MW", "malawi|mwi"),
    ("MZ", "mozambique|moz"),
    ("NA", "namibie|namibia|nam"),
    ("NE", "niger|ner"),
    ("NG", "nigeria|nga"),
    ("NL", "pays-bas|netherlands|nld"),
    ("PT", "portugal|prt"),
    ("QA", "qatar|qat"),
    ("RU", "russie|russia|rus"),
    ("RW", "rwanda|rwa"),
    ("SA", "arabie saoudite|saudi arabia|sau"),
    ("SC", "seychelles|syc"),
    ("SD", "soudan|sudan|sdn"),
    ("SL", "sierra leone|sle"),
    ("SN", "senegal|sen"),
    ("SO", "somalie|somalia|som"),
    ("SS", "soudan du sud|south sudan|ssd"),
    ("ST", "sao tome-et-principe|sao tome and principe|stp"),
    ("SZ", "eswatini|swaziland|swz"),
    ("TD", "tchad|chad|tcd"),
    ("TG", "togo|tgo"),
    ("TN", "tunisie|tunisia|tun"),
    ("TR", "turquie|turkey|turkiye|tur"),
    ("TZ", "tanzanie|tanzania|tza"),
    ("UA", "ukraine|ukr"),
    ("UG", "ouganda|uganda|uga"),
    ("US", "etats-unis|united states|usa"),
    ("ZA", "afrique du sud|south africa|zaf"),
    ("ZM", "zambie|zambia|zmb"),
    ("ZW", "zimbabwe|zwe"),
];

fn all(table: &'static [(&str, &'static str)], word: &str) -> impl Iterator<Item = &'static str> {
    let word = fold(word.trim());
    table.iter().filter(move |(other, _)| *other == word).map(|(_, own)| *own)
}

/// Returns the keys and tables that a word may stand for.
pub(super) fn keys(word: &str) -> impl Iterator<Item = &'static str> {
    all(KEYS, word)
}

/// Returns the word of feeds.toml, among `words`, that a value may stand for.
pub(super) fn value<'w>(value: &str, mut words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let meant: Vec<&str> = all(WORDS, value).chain(language(value)).collect();
    words.find(|word| meant.contains(word))
}

/// Returns the BCP 47 tag of a language that is given by its name.
pub(super) fn language(name: &str) -> Option<&'static str> {
    all(LANGUAGES, name).next()
}

/// Returns the ISO 3166-1 alpha-2 code of a country that is given by its name or its code of three letters.
pub(super) fn country(name: &str) -> Option<&'static str> {
    let name = fold(name.trim());
    COUNTRIES
        .iter()
        .find(|(_, names)| names.split('|').any(|other| other == name))
        .map(|(code, _)| *code)
}

/// Returns `true` or `false` for a word that stands for one of them.
pub(super) fn truth(word: &str) -> Option<&'static str> {
    match fold(word.trim()).as_str() {
        "true" | "yes" | "on" | "oui" | "vrai" | "1" => Some("true"),
        "false" | "no" | "off" | "non" | "faux" | "0" => Some("false"),
        _ => None,
    }
}

/// Returns the text as an id: folded, with `-` for every other character; `None` when no letter or digit is left.
pub(super) fn id(text: &str) -> Option<String> {
    let folded = fold(text);
    let parts = folded.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.'));
    let id = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let id: String = id.trim_start_matches(['_', '.']).chars().take(64).collect();
    (!id.is_empty()).then_some(id)
}
