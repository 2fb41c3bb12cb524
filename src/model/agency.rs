//! The news agencies whose texts many outlets publish, with the names by which bylines and datelines tell them.

/// A news agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Agency(usize);

/// How an agency is named.
#[derive(Debug)]
pub struct AgencyNames {
    /// Its code, which is stored and shown. It is never changed.
    pub code: &'static str,
    /// Names that mean this agency alone, in any case and with or without accents.
    pub names: &'static [&'static str],
    /// Initials that may be a word or mean something else: they count in this case only, and where nothing but an agency is named.
    pub initials: &'static [&'static str],
    /// The languages in which the initials mean this agency; empty: all.
    pub languages: &'static [&'static str],
    /// The places of datelines in which the initials mean this agency; empty: all. In the form of `text::fold`.
    pub places: &'static [&'static str],
}

const fn agency(code: &'static str, names: &'static [&'static str], initials: &'static [&'static str]) -> AgencyNames {
    AgencyNames {
        code,
        names,
        initials,
        languages: &[],
        places: &[],
    }
}

/// The agencies. Of two with the same initials, the one with languages or places comes first. Broadcasters and distributors of press releases are no
/// agencies.
pub const AGENCIES: &[AgencyNames] = &[
    // The world.
    agency(
        "AFP",
        &[
            "AFP",
            "Agence France-Presse",
            "France-Presse",
            "afp.com",
            "أ ف ب",
            "فرانس برس",
            "وكالة الصحافة الفرنسية",
            "Kamfanin dillancin labaran Faransa",
        ],
        &[],
    ),
    agency("Reuters", &["Reuters", "Thomson Reuters", "Reuters Staff", "رويترز"], &[]),
    agency("AP", &["Associated Press", "AP News", "أسوشيتد برس", "أسوشييتد برس"], &["AP"]),
    agency("UPI", &["United Press International"], &["UPI"]),
    agency("Bloomberg", &["Bloomberg", "Bloomberg News", "بلومبرغ"], &[]),
    agency("dpa", &["dpa", "Deutsche Presse-Agentur", "د ب أ"], &[]),
    agency("EFE", &["Agencia EFE"], &["EFE"]),
    agency("ANSA", &["Agenzia ANSA"], &["ANSA"]),
    agency("Lusa", &["Agência Lusa"], &["Lusa", "LUSA"]),
    agency("Belga", &["Agence Belga"], &["Belga", "BELGA"]),
    agency("ATS", &["Keystone-ATS"], &["ATS"]),
    AgencyNames {
        languages: &["nl"],
        ..agency("ANP-NL", &["Algemeen Nederlands Persbureau"], &["ANP"])
    },
    AgencyNames {
        languages: &["de"],
        ..agency("APA-AT", &["Austria Presse Agentur"], &["APA"])
    },
    agency("TASS", &["TASS", "ITAR-TASS", "تاس"], &[]),
    agency("RIA Novosti", &["RIA Novosti"], &[]),
    agency("Interfax", &["Interfax"], &[]),
    agency("Sputnik", &["Sputnik", "Sputnik Afrique", "Sputnik Africa", "سبوتنيك"], &[]),
    agency("Anadolu", &["Anadolu", "Anadolu Agency", "Anadolu Ajansı", "الأناضول"], &["AA"]),
    agency("Xinhua", &["Xinhua", "Chine Nouvelle", "شينخوا"], &[]),
    agency("Kyodo", &["Kyodo", "Kyodo News"], &[]),
    agency("Yonhap", &["Yonhap"], &[]),
    agency("PTI", &["Press Trust of India"], &["PTI"]),
    agency("IRNA", &["Islamic Republic News Agency", "إرنا"], &["IRNA"]),
    agency("WAM", &["Emirates News Agency", "وكالة أنباء الإمارات"], &["WAM"]),
    agency("SPA", &["Saudi Press Agency", "وكالة الأنباء السعودية"], &["SPA"]),
    agency("QNA", &["Qatar News Agency", "وكالة الأنباء القطرية"], &["QNA"]),
    agency("MENA", &["Middle East News Agency", "وكالة أنباء الشرق الأوسط", "أ ش أ"], &["MENA"]),
    // Africa.
    agency(
        "APA",
        &["APA News", "APAnews", "Agence de presse africaine", "African Press Agency"],
        &["APA"],
    ),
    agency(
        "PANA",
        &["Panapress", "Agence panafricaine de presse", "Panafrican News Agency"],
        &["PANA"],
    ),
    agency("AIB", &["Agence d'information du Burkina"], &["AIB"]),
    agency(
        "AMAP",
        &["Agence malienne de presse et de publicité", "Agence malienne de presse"],
        &["AMAP"],
    ),
    agency("ANP", &["Agence nigérienne de presse"], &["ANP"]),
    agency(
        "ATPE",
        &["Agence tchadienne de presse et d'édition", "Agence tchadienne de presse"],
        &["ATPE"],
    ),
    agency(
        "AMI",
        &["Agence mauritanienne d'information", "الوكالة الموريتانية للأنباء"],
        &["AMI"],
    ),
    AgencyNames {
        places: &["alger", "algiers", "oran", "constantine", "annaba", "tamanrasset", "tindouf"],
        ..agency("APS-DZ", &["Algérie Presse Service", "وكالة الأنباء الجزائرية"], &["APS"])
    },
    agency("APS", &["Agence de presse sénégalaise"], &["APS"]),
    agency("MAP", &["Maghreb Arabe Presse", "وكالة المغرب العربي للأنباء"], &["MAP"]),
    agency("TAP", &["Tunis Afrique Presse", "وكالة تونس إفريقيا للأنباء"], &["TAP"]),
    agency("LANA", &["Libyan News Agency", "وكالة الأنباء الليبية"], &["LANA"]),
    agency(
        "NAN",
        &[
            "News Agency of Nigeria",
            "Kamfanin dillancin labarai na Najeriya",
            "Kamfanin dillancin labaran Najeriya",
        ],
        &["NAN"],
    ),
    agency("GNA", &["Ghana News Agency"], &["GNA"]),
    agency("AIP", &["Agence ivoirienne de presse"], &["AIP"]),
    agency("ABP", &["Agence Bénin Presse"], &["ABP"]),
    agency("ATOP", &["Agence togolaise de presse"], &["ATOP"]),
    agency("AGP", &["Agence guinéenne de presse"], &["AGP"]),
    agency("ACP", &["Agence congolaise de presse"], &["ACP"]),
    agency("ACI", &["Agence congolaise d'information"], &["ACI"]),
    agency("ACAP", &["Agence Centrafrique Presse"], &["ACAP"]),
    agency("ENA", &["Ethiopian News Agency"], &["ENA"]),
    agency("KNA", &["Kenya News Agency"], &["KNA"]),
    agency("SUNA", &["Sudan News Agency", "سونا"], &["SUNA"]),
    agency("ADI", &["Agence djiboutienne d'information"], &["ADI"]),
    agency("Inforpress", &["Inforpress"], &[]),
    agency("ANG", &["Agência de Notícias da Guiné"], &["ANG"]),
    agency("ANGOP", &["Agência Angola Press"], &["ANGOP"]),
    agency("Ecofin", &["Agence Ecofin", "Ecofin Agency"], &[]),
];

impl Agency {
    /// Returns every agency, in the order of [`AGENCIES`].
    pub fn all() -> impl Iterator<Item = Self> {
        (0..AGENCIES.len()).map(Self)
    }

    /// Returns how it is named.
    #[must_use]
    pub fn names(self) -> &'static AgencyNames {
        &AGENCIES[self.0]
    }

    /// Returns its code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.names().code
    }

    /// Returns the agency with this code; `None` for one that is not in the table.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|agency| agency.as_str() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_distinct_and_are_read_back() {
        let codes: BTreeSet<&str> = Agency::all().map(Agency::as_str).collect();
        assert_eq!(codes.len(), AGENCIES.len());
        for agency in Agency::all() {
            assert_eq!(Agency::parse(agency.as_str()), Some(agency));
        }
        assert_eq!(Agency::parse("RFI"), None);
    }

    #[test]
    fn of_two_agencies_with_the_same_initials_the_narrower_comes_first() {
        for (at, agency) in AGENCIES.iter().enumerate() {
            let is_narrow = |agency: &AgencyNames| !agency.languages.is_empty() || !agency.places.is_empty();
            for later in &AGENCIES[at + 1..] {
                let both = agency.initials.iter().filter(|initials| later.initials.contains(initials));
                assert!(both.count() == 0 || is_narrow(agency), "{} hides {}", agency.code, later.code);
            }
        }
    }
}
