//! The outlets whose pages are tested: several tell one story, one copies, one corrects itself, in French, English, Arabic and Hausa, with pictures, long
//! words and wide tables; two fail; and some are hostile. All names and texts are invented.

use crate::fake_web::{Answer, Web};
use crate::hostile;
use crate::world::World;
use std::fmt::Write as _;
use std::net::SocketAddr;

/// The host of all pictures, which the browser finds on loopback.
pub const PICTURES: &str = "images.example";
/// A picture that grows to any size.
pub const PICTURE: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 5\"><rect width=\"8\" height=\"5\" fill=\"teal\"/></svg>";

/// An outlet and its feed.
pub struct Outlet {
    pub id: String,
    pub name: String,
    /// Further keys of its source.
    pub keys: String,
    /// The title of its feed.
    pub title: String,
    pub items: Vec<Item>,
}

/// An item of a feed; its texts are escaped where the feed is written.
pub struct Item {
    pub id: String,
    pub title: String,
    /// None for a link to a page of the outlet.
    pub link: Option<String>,
    pub date: String,
    pub author: String,
    pub category: String,
    pub picture: String,
    pub body: String,
}

/// Returns an item of 1 March with a picture. `time` is an hour and a minute.
fn item(id: &str, time: &str, title: &str, body: &str) -> Item {
    Item {
        id: id.to_owned(),
        title: title.to_owned(),
        link: None,
        date: format!("Sun, 01 Mar 2026 {time}:00 GMT"),
        author: "Fanta Coulibaly".to_owned(),
        category: "Transports".to_owned(),
        picture: format!("http://{PICTURES}/{id}.svg"),
        body: format!("<p><img src=\"http://{PICTURES}/{id}-large.svg\" alt=\"\" width=\"1600\" height=\"1000\"></p>{body}"),
    }
}

impl Outlet {
    fn new(id: &str, name: &str, keys: &str, items: Vec<Item>) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            keys: keys.to_owned(),
            title: name.to_owned(),
            items,
        }
    }

    fn host(&self) -> String {
        format!("{}.example", self.id)
    }

    /// Returns its feed as WordPress writes it.
    fn feed(&self) -> String {
        let host = self.host();
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>\
             <title>{title}</title><description>{title}</description><link>http://{host}/</link>\n",
            title = escaped(&self.title)
        );
        for item in &self.items {
            let link = item.link.clone().unwrap_or_else(|| format!("http://{host}/{}", item.id));
            writeln!(
                xml,
                "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">{}</guid><pubDate>{}</pubDate><dc:creator>{}</dc:creator>\
                 <category>{}</category><media:thumbnail url=\"{}\"/><content:encoded>{}</content:encoded></item>",
                escaped(&item.title),
                escaped(&link),
                item.id,
                item.date,
                escaped(&item.author),
                escaped(&item.category),
                escaped(&item.picture),
                escaped(&item.body),
            )
            .expect("a string takes all");
        }
        xml + "</channel></rss>\n"
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

const FERRY: &str = "<p>Au Mali, le bac de Dioro reprend ses traversées du Niger dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de \
la région de Ségou. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port.</p><p>« Nous avons promis aux riverains que plus \
personne ne passera le fleuve en pirogue la nuit », a déclaré le président de la commission, Amadou Keïta. Le passage coûtera deux cents francs pour une personne et \
mille pour une charrette.</p><p>Les marchands de riz, qui perdaient une journée par la route, espèrent retrouver leurs clients avant la fin du mois.</p>";
const FERRY_TOLD: &str = "<p>Le bac de Dioro, au Mali, va reprendre lundi ses traversées du fleuve Niger. La commission des transports de la région de Ségou a fait \
poser deux moteurs neufs après onze semaines d'arrêt ; les charpentiers du port ont réparé la coque.</p><p>« Nous avons promis aux riverains que plus personne ne \
passera le fleuve en pirogue la nuit », a répété Amadou Keïta, le président de la commission, devant les marchands de riz de Dioro.</p>";
const FERRY_LATER: &str = "<p>Les marchands de riz de Dioro, au Mali, se réjouissent de la reprise du bac : lundi, il traversera de nouveau le fleuve Niger, après \
onze semaines d'arrêt. La commission des transports de la région de Ségou a posé deux moteurs neufs.</p><p>Une charrette paiera mille francs.</p>";
const WELLS: &str = "<p>Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages par tirage au \
sort.</p><table><tr><th>Village</th><th>Profondeur en mètres</th><th>Ménages</th><th>Distance en kilomètres</th><th>Chargés</th></tr><tr><td>Goumbou</td>\
<td>42</td><td>310</td><td>18</td><td>Comité de gestion des points d'eau</td></tr></table><pre>goumbou;42;310;18;comité de gestion des points d'eau;avant la saison chaude</pre>";
const MARKET: &str = "<p>Traders in Kano say that onions from Niger cost a third less since the border at Maradi has opened to lorries again. The market of Dawanau \
counted two hundred lorries on Saturday.</p><p>“We had not seen such a queue of lorries since the harvest of last year,” said Halima Sani, the chairwoman of the \
traders' association of Dawanau.</p><blockquote><p>Prices may fall further in April.</p></blockquote>";
const ARABIC: &str = "<p>أعلنت وزارة الصيد في موريتانيا فتح ميناء جديد للصيد التقليدي قرب نواكشوط الأسبوع المقبل، بعد عامين من الأشغال.</p><p>وقال الوزير أحمد ولد \
محمد: «سيجد الصيادون هنا ثلجا ومخازن وسوقا مفتوحا طوال الليل». وتصل طاقة الميناء إلى 350 قاربا (MRU 1.200.000).</p>";
const HAUSA: &str = "<p>Hukumar ruwa ta jihar Maradi a Nijar ta ce za ta gina rijiyoyi ashirin a ƙauyukan da ke kusa da iyaka kafin damina. Shugaban hukumar ya ce an \
riga an sayi famfunan.</p>";

/// Markup as editors paste it: headings out of order and empty ones, links without text, items without a list, a table without a head, wrong languages.
const PASTED: &str = "<h4>La foire</h4><p>La foire du livre de Sikasso, au Mali, ouvre vendredi avec soixante maisons.</p><h1>Le programme</h1><h3></h3><li>Vendredi : \
douze auteurs</li><li>Samedi : le marché</li><dt>Entrée</dt><dd>Cinq cents francs</dd><ul><p>Pas une ligne</p><li>Une ligne</li></ul><p><a href=\"http://images.example/\">\
<img src=\"http://images.example/link.svg\"></a> <a href=\"http://images.example/2\"></a> <font color=\"#eeeeee\">pâle</font> <span lang=\"x-none\">texte</span> \
<span lang=\"\">texte</span></p><table><tr><td></td><td>1</td></tr><tr><th></th><td>2</td></tr></table><p id=\"main\">Fin</p><video src=\"http://images.example/film.mp4\" \
controls></video><audio src=\"http://images.example/son.mp3\" controls></audio><iframe src=\"http://images.example/carte\"></iframe>";

/// Returns the outlets as they are at the first visit, or hours later when `corrected`.
pub fn outlets(canary: SocketAddr, corrected: bool) -> Vec<Outlet> {
    let title = if corrected {
        "Le bac de Dioro reprend mardi ses traversées"
    } else {
        "Le bac de Dioro reprend lundi ses traversées"
    };
    let ferry = if corrected {
        FERRY.replace("dès lundi", "dès mardi 3 mars")
    } else {
        FERRY.to_owned()
    };
    let mut outlets = vec![
        Outlet::new(
            "depeche",
            "Dépêche du Fleuve",
            "kind = \"wire\"\nlang = \"fr\"",
            vec![item("1", "07:10", title, &ferry)],
        ),
        Outlet::new(
            "aube",
            "L'Aube",
            "country = \"ML\"\nkind = \"private\"\nlang = \"fr\"",
            vec![
                item("2", "08:05", "Dioro : le bac reprend lundi ses traversées", FERRY),
                item("puits", "06:30", "Quarante puits pour le cercle de Nara", WELLS),
                item(
                    "untitled",
                    "05:30",
                    "",
                    "<p>Un mot sans titre du Mali, sur un pont de Kayes qui attend ses planches.</p>",
                ),
                item("foire", "06:00", "La foire du livre de Sikasso", PASTED),
            ],
        ),
        Outlet::new(
            "bafing",
            "Radio Bafing",
            "country = \"ML\"\nkind = \"radio\"\nlang = \"fr\"",
            vec![item("3", "08:40", "Le bac de Dioro va reprendre ses traversées", FERRY_TOLD)],
        ),
        Outlet::new(
            "dunes",
            "Dunes Hebdo",
            "country = \"NE\"\nlang = \"fr\"",
            vec![
                item("4", "09:20", "Dioro : les marchands de riz saluent la reprise du bac", FERRY_LATER),
                item(
                    "long",
                    "09:30",
                    &format!("Anti{} : le mot le plus long", "constitutionnelle".repeat(9)),
                    &format!("<p>{}</p>", "fleuve/".repeat(60)),
                ),
            ],
        ),
        Outlet::new(
            "harbour",
            "Harbour & Market Times",
            "country = \"NG\"\nlang = \"en\"",
            vec![item("5", "10:00", "Onions cheaper in Kano as lorries return", MARKET)],
        ),
        Outlet::new(
            "sahil",
            "أخبار الساحل",
            "country = \"MR\"\nlang = \"ar\"",
            vec![item("6", "10:30", "موريتانيا: ميناء جديد للصيد (FAO 2026) قرب نواكشوط", ARABIC)],
        ),
        Outlet::new(
            "muryar",
            "Muryar Maradi",
            "country = \"NE\"\nkind = \"state\"\nlang = \"ha\"",
            vec![item("7", "10:45", "Za a gina rijiyoyi ashirin a Maradi", HAUSA)],
        ),
        Outlet::new("casse", "Le Cassé", "country = \"BF\"\nlang = \"fr\"", Vec::new()),
        Outlet::new("mur", "Le Mur", "country = \"TD\"\nlang = \"fr\"", Vec::new()),
    ];
    outlets.extend(hostile::outlets(canary, corrected));
    outlets
}

/// The topics: everything, one with an archive, one of a country, and an empty one.
const TOPICS: &str = "[[topic]]\nid = \"all\"\ntitle = \"Tout\"\ndescription = \"Everything that the outlets tell\"\nquery = \"*\"\nlimit = 400\nmax_share = \"100%\"\n\n\
[[topic]]\nid = \"mali\"\ntitle = \"Mali\"\nany = [\"Mali\"]\nlimit = 2\n\n\
[[topic]]\nid = \"arabic\"\ntitle = \"أخبار بالعربية\"\nlanguage = \"ar\"\nquery = \"lang:ar\"\n\n\
[[topic]]\nid = \"quiet\"\ntitle = \"Nothing yet\"\nany = [\"zzzz\"]\n";

/// Returns the server of the pictures.
pub fn pictures() -> Web {
    let web = Web::open();
    for id in ["1", "2", "3", "4", "5", "6", "7", "puits", "long", "foire", "link", "untitled"] {
        for size in ["", "-large"] {
            web.answer(PICTURES, &format!("/{id}{size}.svg"), Answer::new(200, "image/svg+xml", PICTURE));
        }
    }
    web
}

/// Makes a site in `language`, with the publishers' pictures or without, by a run and, two hours later, another.
pub fn publish(language: &str, images: bool, canary: SocketAddr) -> World {
    let mut world = World::new();
    world.settings = world.settings.replacen(
        "[site]\n",
        &format!("[site]\nlanguage = \"{language}\"\ntimezone = \"Africa/Bamako\"\ncontact = \"desk@feeds.example.org\"\n"),
        1,
    );
    TOPICS.clone_into(&mut world.topics);
    for outlet in outlets(canary, false) {
        world.set_address(&outlet.host(), "93.184.216.34");
        write!(
            world.topics,
            "\n[[source]]\nid = \"{}\"\nname = {}\nurl = \"http://{}/feed\"\nimages = \"{}\"\n{}\n",
            outlet.id,
            toml::Value::from(outlet.name.as_str()),
            outlet.host(),
            if images && !outlet.id.starts_with("hostile") {
                "keep"
            } else {
                "drop"
            },
            outlet.keys
        )
        .expect("a string takes all");
    }
    for (corrected, now) in [(false, "2026-03-01T12:00:00Z"), (true, "2026-03-01T14:00:00Z")] {
        now.clone_into(&mut world.now);
        answer(&world.web, &outlets(canary, corrected));
        world.succeed(["fetch", "--force"]);
    }
    world
}

fn answer(web: &Web, outlets: &[Outlet]) {
    for outlet in outlets {
        web.answer(&outlet.host(), "/feed", Answer::feed(outlet.feed()));
    }
    web.answer("casse.example", "/feed", Answer::status(503));
    web.answer("mur.example", "/feed", Answer::page("<html><form action=\"/login\"></form></html>"));
}
