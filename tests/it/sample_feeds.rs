//! Feeds of invented news, with texts that are long enough for the comparison of copies.

use std::fmt::Write as _;

/// An item of a feed. Its link is `http://HOST/PATH`.
#[derive(Clone)]
pub struct Item {
    pub path: &'static str,
    pub title: String,
    pub date: &'static str,
    pub body: String,
}

pub fn item(path: &'static str, title: &str, date: &'static str, body: &str) -> Item {
    Item {
        path,
        title: title.to_owned(),
        date,
        body: body.to_owned(),
    }
}

/// Returns an RSS 2.0 feed as WordPress writes it.
pub fn rss(host: &str, name: &str, items: &[Item]) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>{name}</title><link>http://{host}/</link><description>{name}</description><language>fr</language>\n"
    );
    for item in items {
        writeln!(
            xml,
            "<item><title>{}</title><link>http://{host}/{path}</link><guid isPermaLink=\"false\">{host}:{path}</guid>\
             <pubDate>{}</pubDate><content:encoded><![CDATA[{}]]></content:encoded></item>",
            item.title,
            item.date,
            item.body,
            path = item.path,
        )
        .expect("a string takes all");
    }
    xml + "</channel></rss>\n"
}

pub const FERRY: &str = "<p>Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des \
transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port.</p><p>Le passage coûtera deux cents francs \
pour une personne et mille pour une charrette. Les marchands de riz, qui perdaient une journée par la route, espèrent retrouver leurs clients avant la fin du mois.</p>";

pub const WELLS: &str = "<p>Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages \
par tirage au sort, devant les chefs de quartier et une délégation des éleveurs.</p><p>Chaque puits aura une pompe à main et une clôture contre le bétail. Les \
travaux commencent au nord, où les femmes marchent parfois trois heures pour remplir un bidon.</p>";

pub const FAIR: &str = "<p>La foire du livre de Sikasso ouvre vendredi avec soixante maisons du Mali et des pays voisins. Les écoles recevront des bons \
d'achat, et douze auteurs liront leurs textes dans la cour du lycée.</p><p>Les organisateurs attendent huit mille visiteurs en trois jours. L'an dernier, une \
tempête de sable avait fait fermer les stands dès le premier après-midi.</p>";

pub const RACE: &str = "<p>A village regatta on the lake drew forty boats on Sunday, and the youngest crew won by half a length after the favourites broke \
an oar near the last buoy.</p><p>The prize was a goat, a radio and a new sail. Organisers said that next year's race will start an hour earlier, before the wind.</p>";
