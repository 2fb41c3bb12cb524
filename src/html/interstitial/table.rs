//! The one table of bot walls and other interstitial pages, and of the marks by which each is recognised. A new one is a new row.
//!
//! What of a row counts, and where, is decided in [`super`]. Marks are in lower case with plain apostrophes. They are searched in the
//! markup and in the text of a page that is normalised likewise.

/// What a page is that a site shows in place of what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interstitial {
    /// A check for robots, by the vendor that is named.
    AntiBot(&'static str),
    /// A form that asks for a name and a password.
    Login,
    /// A notice that the site is under maintenance or construction.
    Maintenance,
    /// The page of a domain without a site.
    Parked,
    /// A notice that the host has suspended the site.
    Suspended,
    /// A notice that the site cannot reach its database.
    DatabaseError,
    /// The error message of a program on the site.
    ScriptError,
    /// The error page of a server.
    ServerError,
    /// A listing of files.
    DirectoryListing,
}

/// One kind of interstitial page, with its marks.
pub(super) struct Row {
    pub kind: Interstitial,
    /// Response headers that the vendor sends with a refusal.
    pub headers: &'static [HeaderMark],
    /// Words that identify the vendor on the page of a refusal. The other pages of a protected site may contain them too.
    pub refusals: &'static [&'static str],
    /// What only such a page contains. The pages of a protected site may load the vendor's script, so the script's name alone is not enough.
    pub conclusive: &'static [Mark],
    /// What identifies a page that announces no feed.
    pub likely: &'static [Mark],
    /// How the title begins on a page with little text that announces no feed.
    pub titles: &'static [&'static str],
    /// How the title begins on a page with little text that came in place of an article.
    pub article_titles: &'static [&'static str],
    /// The scripts and classes of captchas. Forms on ordinary pages contain them too.
    pub captchas: &'static [&'static str],
}

/// The name of a response header, in lower case.
pub(super) struct HeaderMark {
    pub name: &'static str,
    /// Whether the vendor sends it with challenges only, so that it counts on a successful answer (status 200) as well.
    pub only_with_challenges: bool,
}

/// Words that a page has to contain all of, while its text has at most so many bytes.
pub(super) struct Mark {
    pub words: &'static [&'static str],
    pub max_text_bytes: usize,
}

/// The most text of a page that consists of the notice alone, in bytes.
pub(super) const MAX_BARE_BYTES: usize = 400;
/// The most text of a page that explains its notice, in bytes.
pub(crate) const MAX_EXPLAINED_BYTES: usize = 1500;

/// A mark of a page that consists of the notice alone.
const fn bare(words: &'static [&'static str]) -> Mark {
    within(MAX_BARE_BYTES, words)
}

/// A mark of a page that explains its notice.
const fn explained(words: &'static [&'static str]) -> Mark {
    within(MAX_EXPLAINED_BYTES, words)
}

const fn within(max_text_bytes: usize, words: &'static [&'static str]) -> Mark {
    Mark { words, max_text_bytes }
}

/// A header that the vendor may send with any answer.
const fn on_refusals(name: &'static str) -> HeaderMark {
    HeaderMark {
        name,
        only_with_challenges: false,
    }
}

/// A row without marks.
const fn row(kind: Interstitial) -> Row {
    Row {
        kind,
        headers: &[],
        refusals: &[],
        conclusive: &[],
        likely: &[],
        titles: &[],
        article_titles: &[],
        captchas: &[],
    }
}

/// A row of a vendor of bot walls, without marks.
const fn bot(vendor: &'static str) -> Row {
    row(Interstitial::AntiBot(vendor))
}

/// The vendor where a bot wall does not name it.
const UNNAMED: &str = "an unnamed vendor";

/// The rows. The first that matches decides, so vendors come before the rows that name none.
pub(super) const ROWS: &[Row] = &[
    Row {
        headers: &[HeaderMark {
            name: "cf-mitigated",
            only_with_challenges: true,
        }],
        refusals: &[
            "/cdn-cgi/challenge-platform",
            "cf-error-details",
            "cf_chl_",
            "attention required! | cloudflare",
        ],
        conclusive: &[
            explained(&["_cf_chl_opt"]),
            explained(&["cf-browser-verification"]),
            explained(&["cf-chl-"]),
            explained(&["/cdn-cgi/challenge-platform/", "/orchestrate/"]),
            explained(&["<title>just a moment...</title>"]),
            explained(&["<title>attention required! | cloudflare</title>"]),
            explained(&["cf-error-details", "access denied"]),
            explained(&["cf-error-details", "you have been blocked"]),
            bare(&["error code: 1020"]),
            bare(&["error code: 1010"]),
            bare(&["error code: 1015"]),
        ],
        article_titles: &["just a moment", "un instant", "attention required"],
        captchas: &["challenges.cloudflare.com/turnstile", "cf-turnstile"],
        ..bot("Cloudflare")
    },
    Row {
        conclusive: &[bare(&["ddos-guard"])],
        article_titles: &["ddos-guard"],
        ..bot("DDoS-Guard")
    },
    Row {
        headers: &[on_refusals("x-sucuri-block")],
        conclusive: &[explained(&["sucuri_cloudproxy"]), explained(&["sucuri website firewall"])],
        ..bot("Sucuri")
    },
    Row {
        refusals: &["_incapsula_resource"],
        conclusive: &[
            explained(&["incapsula incident id"]),
            explained(&["_incapsula_resource?cwudnsai"]),
            within(60, &["_incapsula_resource"]),
        ],
        article_titles: &["pardon our interruption"],
        ..bot("Imperva")
    },
    Row {
        headers: &[on_refusals("x-datadome")],
        refusals: &["captcha-delivery.com"],
        conclusive: &[explained(&["captcha-delivery.com", "var dd="]), bare(&["geo.captcha-delivery.com"])],
        ..bot("DataDome")
    },
    // Formerly PerimeterX.
    Row {
        conclusive: &[
            explained(&["px-captcha"]),
            bare(&["captcha.px-cdn.net"]),
            explained(&["_pxappid", "access to this page has been denied"]),
        ],
        ..bot("HUMAN")
    },
    Row {
        conclusive: &[
            explained(&["errors.edgesuite.net"]),
            explained(&["access denied", "you don't have permission to access", "reference #"]),
            explained(&["sec-if-cpt-container"]),
            bare(&["bm-verify="]),
        ],
        ..bot("Akamai")
    },
    Row {
        headers: &[on_refusals("x-amzn-waf-action")],
        conclusive: &[bare(&["awswafintegration"]), bare(&["aws-waf-token"]), bare(&["gokuprops"])],
        ..bot("AWS WAF")
    },
    Row {
        conclusive: &[explained(&["anubis_challenge"]), explained(&["/.within.website/x/cmd/anubis"])],
        ..bot("Anubis")
    },
    Row {
        headers: &[on_refusals("sg-captcha")],
        conclusive: &[explained(&["/.well-known/sgcaptcha"]), bare(&["sgcaptcha"])],
        ..bot("SiteGround")
    },
    Row {
        conclusive: &[
            explained(&["imunify360"]),
            explained(&["one moment, please", "your request is being verified"]),
        ],
        article_titles: &["one moment, please"],
        ..bot("Imunify360")
    },
    Row {
        conclusive: &[
            explained(&["generated by wordfence"]),
            explained(&["wordfence", "your access to this site has been limited"]),
        ],
        ..bot("Wordfence")
    },
    Row {
        conclusive: &[bare(&["/__qrator/"]), bare(&["qauth_utm"])],
        ..bot("Qrator")
    },
    Row {
        conclusive: &[bare(&["ips.js", "kpsdk"])],
        ..bot("Kasada")
    },
    Row {
        conclusive: &[
            explained(&["validate.perfdrive.com"]),
            explained(&["radware bot manager captcha"]),
            bare(&["shieldsquare"]),
        ],
        ..bot("Radware")
    },
    Row {
        conclusive: &[
            explained(&["the requested url was rejected. please consult with your administrator"]),
            bare(&["bobcmn"]),
        ],
        ..bot("F5 BIG-IP")
    },
    Row {
        conclusive: &[
            explained(&["error was generated by mod_security"]),
            explained(&["not acceptable!", "mod_security"]),
        ],
        ..bot("ModSecurity")
    },
    Row {
        conclusive: &[bare(&["vercel security checkpoint"])],
        ..bot("Vercel")
    },
    Row {
        conclusive: &[bare(&["/_fs-ch-"])],
        ..bot("Fastly")
    },
    Row {
        conclusive: &[bare(&["arvancloud", "transferring to the website"])],
        ..bot("ArvanCloud")
    },
    Row {
        conclusive: &[explained(&["bitninja", "captcha"])],
        ..bot("BitNinja")
    },
    Row {
        conclusive: &[bare(&["ninjafirewall", "403 forbidden"])],
        ..bot("NinjaFirewall")
    },
    Row {
        conclusive: &[explained(&["anti-crawler protection is checking your browser"])],
        ..bot("CleanTalk")
    },
    Row {
        conclusive: &[bare(&["azure waf", "challenge"])],
        ..bot("Azure WAF")
    },
    Row {
        conclusive: &[bare(&["slowaes.decrypt"]), bare(&["tonumbers(", "document.cookie"])],
        likely: &[
            within(120, &["document.cookie", "location.reload("]),
            within(60, &["document.cookie", "location.href"]),
            within(60, &["document.cookie", "location.replace("]),
        ],
        ..bot("the host's cookie test")
    },
    Row {
        conclusive: &[bare(&["o2s-chl"])],
        ..bot("o2switch")
    },
    Row {
        captchas: &["h-captcha", "hcaptcha.com"],
        ..bot("hCaptcha")
    },
    Row {
        captchas: &["g-recaptcha", "recaptcha/api.js"],
        ..bot("reCAPTCHA")
    },
    Row {
        likely: &[
            explained(&["checking your browser before acce"]),
            explained(&["enable javascript and cookies to continue"]),
            explained(&["verify you are human"]),
            explained(&["verify that you are human"]),
            explained(&["verify you are not a robot"]),
            explained(&["verifying you are human"]),
            explained(&["prove you are not a robot"]),
            explained(&["confirm you are not a robot"]),
            explained(&["unusual traffic from your"]),
            explained(&["vérifiez que vous êtes humain"]),
            explained(&["vérifier que vous êtes humain"]),
            explained(&["que vous n'êtes pas un robot"]),
            bare(&["vous n'êtes pas un robot"]),
            bare(&["vérification de votre navigateur"]),
            explained(&["أنك لست روبوت"]),
            explained(&["التحقق من أنك إنسان"]),
        ],
        article_titles: &[
            "access denied",
            "are you a robot",
            "checking your browser",
            "verifying you are human",
            "security check",
        ],
        ..bot(UNNAMED)
    },
    // Services that show advertisements on parked domains. Hosts' own first pages follow behind the suspended sites.
    Row {
        conclusive: &[
            explained(&["sedoparking"]),
            explained(&["parkingcrew"]),
            bare(&["bodis.com"]),
            bare(&["window.park", "parking"]),
            bare(&["location.href=\"/lander\""]),
        ],
        ..row(Interstitial::Parked)
    },
    Row {
        likely: &[
            explained(&["error establishing a database connection"]),
            explained(&["erreur lors de la connexion à la base de données"]),
            explained(&["erreur de connexion à la base"]),
            explained(&["impossible de se connecter à la base"]),
            explained(&["problème technique", "serveur sql"]),
            explained(&["problème technique", "l'accès à cette partie du site"]),
            explained(&["unable to connect to the database"]),
            explained(&["unable to connect to database"]),
            explained(&["could not connect to mysql"]),
            bare(&["database connection error"]),
            explained(&["sqlstate["]),
            explained(&["mysqli_connect(", "on line"]),
            explained(&["خطأ في الاتصال بقاعدة البيانات"]),
            explained(&["خطأ في إنشاء اتصال بقاعدة البيانات"]),
        ],
        titles: &["database error"],
        ..row(Interstitial::DatabaseError)
    },
    Row {
        likely: &[
            explained(&["fatal error:", "on line"]),
            explained(&["parse error:", "on line"]),
            explained(&["uncaught", "stack trace"]),
            explained(&["there has been a critical error on this website"]),
            bare(&["une erreur critique"]),
            bare(&["حدث خطأ فادح"]),
        ],
        ..row(Interstitial::ScriptError)
    },
    Row {
        conclusive: &[explained(&["suspendedpage.cgi"])],
        likely: &[
            explained(&["account suspended"]),
            explained(&["account has been suspended"]),
            bare(&["this site has been suspended"]),
            bare(&["website has been suspended"]),
            bare(&["compte suspendu"]),
            bare(&["site suspendu"]),
            bare(&["site est suspendu"]),
            bare(&["hébergement suspendu"]),
            bare(&["hébergement a été suspendu"]),
            bare(&["compte a été suspendu"]),
            bare(&["bandwidth limit exceeded"]),
            bare(&["تم تعليق الحساب"]),
            bare(&["تم إيقاف هذا الموقع"]),
        ],
        ..row(Interstitial::Suspended)
    },
    Row {
        conclusive: &[explained(&["defaultwebpage.cgi"])],
        likely: &[
            explained(&["domain is for sale"]),
            explained(&["domain name is for sale"]),
            explained(&["buy this domain"]),
            explained(&["domain is parked"]),
            explained(&["parked free"]),
            explained(&["this domain has expired"]),
            explained(&["domain name has expired"]),
            explained(&["nom de domaine est à vendre"]),
            explained(&["domaine est à vendre"]),
            explained(&["domaine a expiré"]),
            explained(&["domaine est expiré"]),
            explained(&["domaine est parqué"]),
            bare(&["domaine a bien été"]),
            explained(&["welcome to nginx!"]),
            // The default page of a distribution is long.
            within(usize::MAX, &["apache2", "default page"]),
            explained(&["domain default page"]),
            bare(&["<h1>it works!</h1>"]),
            explained(&["if you are the owner of this website", "hosting provider"]),
            bare(&["نطاق للبيع"]),
        ],
        ..row(Interstitial::Parked)
    },
    Row {
        likely: &[
            explained(&["briefly unavailable for scheduled maintenance"]),
            explained(&["brièvement indisponible", "maintenance"]),
            explained(&["is currently under maintenance"]),
            explained(&["down for maintenance"]),
            bare(&["site is under maintenance"]),
            explained(&["site est en maintenance"]),
            bare(&["en cours de maintenance"]),
            bare(&["site en maintenance"]),
            bare(&["site en construction"]),
            bare(&["site est en construction"]),
            bare(&["site is under construction"]),
            bare(&["website is under construction"]),
            bare(&["website coming soon"]),
            bare(&["الموقع قيد الصيانة"]),
            bare(&["الموقع تحت الصيانة"]),
            bare(&["الموقع قيد الإنشاء"]),
        ],
        titles: &[
            "maintenance",
            "site en maintenance",
            "under maintenance",
            "site maintenance",
            "en maintenance",
            "under construction",
            "en construction",
            "coming soon",
            "bientôt",
            "قيد الصيانة",
        ],
        ..row(Interstitial::Maintenance)
    },
    Row {
        likely: &[
            explained(&["web server is down", "cf-error-details"]),
            explained(&["connection timed out", "cf-error-details"]),
            explained(&["error code 52", "cf-error-details"]),
            explained(&["the website encountered an unexpected error"]),
            bare(&["guru meditation"]),
            bare(&["resource limit is reached"]),
        ],
        titles: &[
            "500 ",
            "502 ",
            "503 ",
            "504 ",
            "508 ",
            "internal server error",
            "bad gateway",
            "service unavailable",
            "service temporarily unavailable",
            "gateway time",
        ],
        ..row(Interstitial::ServerError)
    },
    Row {
        likely: &[
            explained(&["wp-login.php", "loginform"]),
            explained(&["com_users", "type=\"password\""]),
            bare(&["this site is currently private"]),
            explained(&["site is marked private by its owner"]),
            bare(&["401 authorization required"]),
            bare(&["401 unauthorized"]),
        ],
        ..row(Interstitial::Login)
    },
    Row {
        titles: &["index of /", "directory listing for"],
        ..row(Interstitial::DirectoryListing)
    },
];
