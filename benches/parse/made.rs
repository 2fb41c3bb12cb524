//! Feeds in the shape of those that news sites really serve, with invented text; the same on every machine.

use std::fmt::Write as _;

const FRENCH: &str = "le marché de la ville a rouvert lundi après plusieurs semaines de pluie les éleveurs et les commerçants \
    attendent désormais une réponse des autorités l’école du quartier accueille cent vingt élèves dès la rentrée une nouvelle pompe \
    dessert trois villages selon la mairie dont le conseil s’est réuni à huis clos pour voter le budget";
const ARABIC: &str = "افتتح السوق أبوابه يوم الاثنين بعد أسابيع من المطر وينتظر التجار ردا من السلطات المحلية بشأن الطريق الجديد بين \
    المدينتين وقال رئيس البلدية إن المدرسة ستستقبل مائة تلميذ في بداية العام وإن البئر الجديدة تخدم ثلاث قرى";
const ENGLISH: &str = "the market reopened on Monday after weeks of rain and traders now wait for an answer from the district office \
    about the new road between both towns while the council met behind closed doors to vote on a budget for schools and wells";

/// Pseudo-random numbers by a fixed rule (a linear congruential generator with Knuth's factors).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % sides
    }
}

/// One document that is being made.
struct Maker {
    dice: Dice,
    words: Vec<&'static str>,
    out: String,
}

/// Returns `count` documents of 20 to 50 kB each.
pub fn documents(count: usize) -> Vec<String> {
    (0..count).map(document).collect()
}

fn document(number: usize) -> String {
    let text = [FRENCH, ARABIC, ENGLISH, FRENCH][number % 4];
    let mut maker = Maker {
        dice: Dice(number as u64 + 1),
        words: text.split_whitespace().collect(),
        out: String::with_capacity(1 << 16),
    };
    // Shares as in a list of regional sources: more than half of them run WordPress.
    match number % 10 {
        0..=4 => maker.wordpress(),
        5 => maker.spip(),
        6 => maker.drupal(),
        7 => maker.atom_xhtml(),
        8 => maker.atom_html(),
        _ => maker.rdf(),
    }
    maker.out
}

impl Maker {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn words(&mut self, count: usize) -> String {
        let mut out = String::new();
        for at in 0..count {
            let word = self.words[self.dice.roll(self.words.len())];
            let _ = write!(out, "{}{word}", if at == 0 { "" } else { " " });
        }
        out
    }

    /// Paragraphs with the mark-up that editors leave, in characters that are escaped as `by` says.
    fn body(&mut self, paragraphs: usize, escaped: bool) -> String {
        let mut out = String::new();
        for at in 0..paragraphs {
            let (lead, rest) = (30 + self.dice.roll(30), 10 + self.dice.roll(40));
            let (lead, link, rest, picture) = (self.words(lead), self.words(3), self.words(rest), self.dice.roll(9000));
            match at % 4 {
                0 => {
                    let _ = writeln!(
                        out,
                        "<figure class=\"wp-block-image size-large\"><img fetchpriority=\"high\" width=\"1024\" height=\"683\" \
                         src=\"https://desk.example/media/{picture}.jpg\" alt=\"\" class=\"wp-image-{picture}\" \
                         srcset=\"https://desk.example/media/{picture}-300x200.jpg 300w, https://desk.example/media/{picture}.jpg 1024w\" \
                         sizes=\"(max-width: 1024px) 100vw, 1024px\" /></figure>\n<p>{lead} &#8211; <em>{link}</em> {rest}.</p>"
                    );
                }
                1 => {
                    let _ = writeln!(
                        out,
                        "<p>{lead}, <a href=\"https://desk.example/{picture}/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener\">{link}</a> {rest}&nbsp;!</p>"
                    );
                }
                2 => {
                    let _ = writeln!(out, "<p><strong>{link}</strong>&#8217;{lead}. {rest}.</p>");
                }
                _ => {
                    let _ = writeln!(
                        out,
                        "<blockquote class=\"quote\"><p>&laquo;&nbsp;{lead}&nbsp;&raquo;, {rest}</p></blockquote>"
                    );
                }
            }
        }
        if escaped { escape(&out) } else { out }
    }

    fn headline(&mut self) -> String {
        let count = 6 + self.dice.roll(6);
        self.words(count)
    }

    fn wordpress(&mut self) {
        self.put(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"\n\txmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\t\
             xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\"\n\txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\t\
             xmlns:atom=\"http://www.w3.org/2005/Atom\"\n\txmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"\n\t\
             xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"\n\t>\n\n<channel>\n\t<title>Le Carrefour</title>\n\t\
             <atom:link href=\"https://desk.example/feed/\" rel=\"self\" type=\"application/rss+xml\" />\n\t<link>https://desk.example</link>\n\t\
             <description>Nouvelles</description>\n\t<lastBuildDate>Tue, 03 Mar 2026 18:00:49 +0000</lastBuildDate>\n\t\
             <language>fr-FR</language>\n\t<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>\n\t<sy:updateFrequency>\n\t1\t</sy:updateFrequency>\n\t\
             <generator>https://wordpress.org/?v=6.8.2</generator>\n",
        );
        for entry in 0..10 {
            let (title, author, lead, id) = (self.headline(), self.words(2), self.words(40), self.dice.roll(90_000));
            let body = self.body(7, false);
            let _ = write!(
                self.out,
                "\t<item>\n\t\t<title>{title} &#8211; {id}</title>\n\t\t<link>https://desk.example/2026/03/03/{id}-{entry}/</link>\n\t\t\t\t\t\
                 <comments>https://desk.example/2026/03/03/{id}/#respond</comments>\n\t\t\n\t\t<dc:creator><![CDATA[{author}]]></dc:creator>\n\t\t\
                 <pubDate>Tue, 03 Mar 2026 1{}:42:00 +0000</pubDate>\n\t\t\t\t<category><![CDATA[Actualités]]></category>\n\t\t\
                 <category><![CDATA[Politique]]></category>\n\t\t<category><![CDATA[À la une]]></category>\n\t\t\
                 <guid isPermaLink=\"false\">https://desk.example/?p={id}{entry}</guid>\n\n\t\t\t\t\t\
                 <description><![CDATA[<p>{lead} [&#8230;]</p>\n<p>The post <a href=\"https://desk.example/{id}/\">{title}</a> first.</p>]]></description>\n\t\t\t\t\t\t\t\t\t\t\
                 <content:encoded><![CDATA[{body}]]></content:encoded>\n\t\t\t\t\t\n\t\t\
                 <wfw:commentRss>https://desk.example/2026/03/03/{id}/feed/</wfw:commentRss>\n\t\t\t<slash:comments>0</slash:comments>\n\t\t\n\t\t\n\t\t\t</item>\n",
                entry % 10
            );
        }
        self.put("\t</channel>\n</rss>\n");
    }

    fn spip(&mut self) {
        self.put(
            "<?xml \nversion=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" \n\txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\t\
             xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\txmlns:atom=\"http://www.w3.org/2005/Atom\"\n>\n\n\
             <channel xml:lang=\"fr\">\n\t<title>Le Journal</title>\n\t<link>https://desk.example/</link>\n\t<description></description>\n\t\
             <language>fr</language>\n\t<generator>SPIP - www.spip.net</generator>\n",
        );
        for entry in 0..12 {
            let (title, id) = (self.headline(), self.dice.roll(90_000));
            let (lead, body) = (self.body(1, true), self.body(4, true));
            let _ = write!(
                self.out,
                "\n\n\t<item xml:lang=\"fr\">\n\t\t<title>{title}&#160;: {entry}</title>\n\t\t<link>https://desk.example/spip.php?article{id}</link>\n\t\t\
                 <guid isPermaLink=\"true\">https://desk.example/spip.php?article{id}</guid>\n\t\t<dc:date>2026-02-10T09:{}:00Z</dc:date>\n\t\t\
                 <dc:format>text/html</dc:format>\n\t\t<dc:language>fr</dc:language>\n\t\t<dc:creator>La rédaction</dc:creator>\n\n\n\t\t\
                 <description>{lead}\n-\n&lt;a href=&#034;https://desk.example/rubrique3&#034; rel=&#034;directory&#034;&gt;Économie&lt;/a&gt;\n\n\n\t\t</description>\n\n\n \
                 <content:encoded>{body}</content:encoded>\n\n\n\t\t\n\n\t</item>",
                10 + entry
            );
        }
        self.put("\n\n</channel>\n\n</rss>\n");
    }

    fn drupal(&mut self) {
        self.put(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xml:base=\"https://desk.example/fr\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n  <channel>\n    <title>Le Portail</title>\n    <link>https://desk.example/fr</link>\n    \
             <description/>\n    <language>fr</language>\n    ",
        );
        for entry in 0..15 {
            let (title, id, body) = (self.headline(), self.dice.roll(90_000), self.body(3, true));
            let _ = write!(
                self.out,
                "<item>\n  <title>{title}</title>\n  <link>https://desk.example/fr/node/{id}</link>\n  <description>&lt;span&gt;{title}&lt;/span&gt;\n\
                 &lt;div class=\"field field--name-field-image\"&gt;  &lt;img loading=\"lazy\" src=\"/sites/default/files/{id}.jpg\" width=\"480\" height=\"320\" /&gt;\n&lt;/div&gt;\n\
                 &lt;div class=\"field field--name-body\"&gt;{body}&lt;/div&gt;</description>\n  <pubDate>Tue, 03 Mar 2026 10:{}:25 +0000</pubDate>\n    \
                 <dc:creator>admin</dc:creator>\n    <guid isPermaLink=\"false\">{id}{entry} at https://desk.example</guid>\n    </item>\n",
                10 + entry
            );
        }
        self.put("\n  </channel>\n</rss>\n");
    }

    fn atom(&mut self, kind: &str) {
        self.put(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n  <title>The Desk</title>\n  \
             <link rel=\"self\" href=\"https://desk.example/atom.xml\"/>\n  <link href=\"https://desk.example/\"/>\n  \
             <updated>2026-03-03T18:00:00Z</updated>\n  <id>tag:desk.example,2026:feed</id>\n",
        );
        for entry in 0..12 {
            let (title, lead, id) = (self.headline(), self.words(30), self.dice.roll(90_000));
            // XML knows none of HTML's names.
            let body = match kind {
                "xhtml" => format!(
                    "<div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div>",
                    named_away(&self.body(6, false))
                ),
                _ => self.body(5, true),
            };
            let _ = write!(
                self.out,
                "  <entry>\n    <title type=\"html\">{title}</title>\n    <link rel=\"alternate\" type=\"text/html\" href=\"https://desk.example/news/{id}\"/>\n    \
                 <id>tag:desk.example,2026:{id}-{entry}</id>\n    <published>2026-03-03T10:{}:00+01:00</published>\n    \
                 <updated>2026-03-03T12:00:00.25Z</updated>\n    <author><name>The Desk</name><email>desk@desk.example</email></author>\n    \
                 <category term=\"news\" label=\"News\"/>\n    <summary>{lead}</summary>\n    <content type=\"{kind}\">{body}</content>\n  </entry>\n",
                10 + entry
            );
        }
        self.put("</feed>\n");
    }

    fn atom_xhtml(&mut self) {
        self.atom("xhtml");
    }

    fn atom_html(&mut self) {
        self.atom("html");
    }

    fn rdf(&mut self) {
        self.put(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" \
             xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel rdf:about=\"https://desk.example/\"><title>Pays</title>\
             <link>https://desk.example/</link><description>News</description></channel>\n",
        );
        for entry in 0..30 {
            let (title, lead, body, id) = (self.headline(), self.words(50), self.body(1, true), self.dice.roll(90_000));
            let _ = write!(
                self.out,
                "<item rdf:about=\"https://desk.example/{id}-{entry}.html\"><title>{title}</title><link>https://desk.example/{id}-{entry}.html</link>\n\
                 <description>{lead} &amp; &#8230;</description><content:encoded>{body}</content:encoded><dc:creator>Desk</dc:creator>\
                 <dc:subject>Water</dc:subject><dc:date>2026-03-03T10:{}:12+01:00</dc:date></item>\n",
                10 + entry
            );
        }
        self.put("</rdf:RDF>\n");
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#034;")
}

fn named_away(text: &str) -> String {
    text.replace("&nbsp;", "&#160;").replace("&laquo;", "«").replace("&raquo;", "»")
}
