//! Mail: digests in three languages, alerts and the sources' health, each once.

use crate::fake_web::Answer;
use crate::mail_server::MailServer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;
use insta::assert_snapshot;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const FEEDS: [&str; 2] = ["aube.example", "bafing.example"];
const SMTP: &str =
    "\n[smtp]\nurl = \"smtp://desk:s%40me@mail.example:2525?tls=none\"\nfrom = \"griot@feeds.example.org\"\nto = \"desk@example.org\"\n";

/// Returns a world of two feeds, and its mail server.
fn world() -> (World, MailServer) {
    let mut world = World::new();
    let server = MailServer::open();
    world.set_server("mail.example", server.address);
    let ferry = item("bac", "Le bac &lt;repart&gt; &amp; L'équipage", DATE, FERRY);
    let fair = item("foire", "La foire ouvre", DATE, FAIR);
    world.feed(FEEDS[0], rss(FEEDS[0], "L'Aube", &[ferry, fair]));
    let wells = item("puits", "Des puits", DATE, WELLS);
    let niger = item(
        "fleuve",
        "Niger : la crue à Niamey, au Niger",
        DATE,
        "<p>Niamey, Niger : le fleuve monte à Niamey. Mali.</p>",
    );
    world.feed(FEEDS[1], rss(FEEDS[1], "Bafing", &[wells, niger]));
    world.settings.push_str(SMTP);
    (world, server)
}

fn in_language(language: &str) -> String {
    let (mut world, _server) = world();
    world.settings = world.settings.replace(
        "[site]\n",
        &format!("[site]\nlanguage = \"{language}\"\ntimezone = \"Africa/Bamako\"\n"),
    );
    world.succeed(["fetch"]);
    world.succeed(["digest", "mali"]).out
}

#[test]
fn a_digest_is_printed_by_country_in_english() {
    assert_snapshot!(in_language("en"), @r#"
    Mali · digest
    =============

    Since 2026-02-28 12:00 GMT · 4 stories

    Mali
    ----

    * Des puits
      The bafing · 2026-03-01 09:00 GMT
      Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages par tirage au sort, devant les chefs de quartier et une délégation des éleveurs. Chaque puits aura une pompe à main et une clôture contre le bétail. Les travaux…
      http://bafing.example/puits

    * Le bac ‹repart> & L'équipage
      The aube · 2026-03-01 09:00 GMT
      Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port. Le passage coûtera deux cents francs pour une personne et mille pour…
      http://aube.example/bac

    * La foire ouvre
      The aube · 2026-03-01 09:00 GMT
      La foire du livre de Sikasso ouvre vendredi avec soixante maisons du Mali et des pays voisins. Les écoles recevront des bons d'achat, et douze auteurs liront leurs textes dans la cour du lycée. Les organisateurs attendent huit mille visiteurs en trois jours. L'an dernier, une tempête de sable avait…
      http://aube.example/foire

    Niger
    -----

    * Niger : la crue à Niamey, au Niger
      The bafing · 2026-03-01 09:00 GMT
      Niamey, Niger : le fleuve monte à Niamey. Mali.
      http://bafing.example/fleuve

    https://feeds.example.org/mali.html
    "#);
}

#[test]
fn a_digest_is_printed_in_french() {
    assert_snapshot!(in_language("fr"), @r#"
    Mali · résumé
    =============

    Depuis 2026-02-28 12:00 GMT · 4 sujets

    Mali
    ----

    * Des puits
      The bafing · 2026-03-01 09:00 GMT
      Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages par tirage au sort, devant les chefs de quartier et une délégation des éleveurs. Chaque puits aura une pompe à main et une clôture contre le bétail. Les travaux…
      http://bafing.example/puits

    * Le bac ‹repart> & L'équipage
      The aube · 2026-03-01 09:00 GMT
      Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port. Le passage coûtera deux cents francs pour une personne et mille pour…
      http://aube.example/bac

    * La foire ouvre
      The aube · 2026-03-01 09:00 GMT
      La foire du livre de Sikasso ouvre vendredi avec soixante maisons du Mali et des pays voisins. Les écoles recevront des bons d'achat, et douze auteurs liront leurs textes dans la cour du lycée. Les organisateurs attendent huit mille visiteurs en trois jours. L'an dernier, une tempête de sable avait…
      http://aube.example/foire

    Niger
    -----

    * Niger : la crue à Niamey, au Niger
      The bafing · 2026-03-01 09:00 GMT
      Niamey, Niger : le fleuve monte à Niamey. Mali.
      http://bafing.example/fleuve

    https://feeds.example.org/mali.html
    "#);
}

#[test]
fn a_digest_is_printed_in_arabic() {
    assert_snapshot!(in_language("ar"), @r#"
    Mali · ملخّص
    ============

    منذ 2026-02-28 12:00 GMT · عدد المواضيع: 4

    مالي
    ----

    * Des puits
      The bafing · 2026-03-01 09:00 GMT
      Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages par tirage au sort, devant les chefs de quartier et une délégation des éleveurs. Chaque puits aura une pompe à main et une clôture contre le bétail. Les travaux…
      http://bafing.example/puits

    * Le bac ‹repart> & L'équipage
      The aube · 2026-03-01 09:00 GMT
      Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port. Le passage coûtera deux cents francs pour une personne et mille pour…
      http://aube.example/bac

    * La foire ouvre
      The aube · 2026-03-01 09:00 GMT
      La foire du livre de Sikasso ouvre vendredi avec soixante maisons du Mali et des pays voisins. Les écoles recevront des bons d'achat, et douze auteurs liront leurs textes dans la cour du lycée. Les organisateurs attendent huit mille visiteurs en trois jours. L'an dernier, une tempête de sable avait…
      http://aube.example/foire

    النيجر
    ------

    * Niger : la crue à Niamey, au Niger
      The bafing · 2026-03-01 09:00 GMT
      Niamey, Niger : le fleuve monte à Niamey. Mali.
      http://bafing.example/fleuve

    https://feeds.example.org/mali.html
    "#);
}

/// Returns a mail with its quoted-printable parts decoded (RFC 2045, 6.7).
fn decoded(mail: &str) -> String {
    let joined = mail.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        if let Some(code) = code.filter(|_| byte == b'=') {
            bytes.push(code);
            rest = &tail[2..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_digest_is_mailed_with_text_and_html() {
    let (mut world, server) = world();
    world.succeed(["fetch"]);
    let printed = world.succeed(["digest", "mali", "--format", "mail"]).out;
    world.topics.push_str("language = \"ar\"\n");
    world.succeed(["digest", "mali", "--to", "awa@example.org"]);
    let [mail] = &server.received()[..] else { panic!("one mail") };
    assert_eq!(mail.to, ["RCPT TO:<awa@example.org>"]);
    assert!(mail.from.starts_with("MAIL FROM:<griot@feeds.example.org>"), "{}", mail.from);
    // desk, s@me
    assert_eq!(mail.login, "AUTH PLAIN AGRlc2sAc0BtZQ==");
    assert!(mail.text.contains("Content-Language: ar\r\n") && mail.text.contains("Auto-Submitted: auto-generated\r\n"));
    let id = printed
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: <msg_"))
        .expect("an id");
    let id = format!("msg_{}", id.split('@').next().unwrap_or_default());
    let printed = decoded(&printed.replace(&id, "[ID]"));
    assert_snapshot!(printed, @r#"
    From: "Sahel desk" <griot@feeds.example.org>
    To: desk@example.org
    Subject: Mali =?utf-8?b?wrc=?= digest =?utf-8?b?wrc=?= 2026-03-01
    Date: Sun, 01 Mar 2026 12:00:00 +0000
    Message-ID: <[ID]@feeds.example.org>
    Auto-Submitted: auto-generated
    Content-Language: en
    MIME-Version: 1.0
    Content-Type: multipart/alternative;
     boundary="griot-[ID]"

    --griot-[ID]
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    Mali · digest
    =============

    Since 2026-02-28 12:00 UTC · 4 stories

    Mali
    ----

    * Des puits
      The bafing · 2026-03-01 09:00 UTC
      Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages par tirage au sort, devant les chefs de quartier et une délégation des éleveurs. Chaque puits aura une pompe à main et une clôture contre le bétail. Les travaux…
      http://bafing.example/puits

    * Le bac ‹repart> & L'équipage
      The aube · 2026-03-01 09:00 UTC
      Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port. Le passage coûtera deux cents francs pour une personne et mille pour…
      http://aube.example/bac

    * La foire ouvre
      The aube · 2026-03-01 09:00 UTC
      La foire du livre de Sikasso ouvre vendredi avec soixante maisons du Mali et des pays voisins. Les écoles recevront des bons d'achat, et douze auteurs liront leurs textes dans la cour du lycée. Les organisateurs attendent huit mille visiteurs en trois jours. L'an dernier, une tempête de sable avait…
      http://aube.example/foire

    Niger
    -----

    * Niger : la crue à Niamey, au Niger
      The bafing · 2026-03-01 09:00 UTC
      Niamey, Niger : le fleuve monte à Niamey. Mali.
      http://bafing.example/fleuve

    https://feeds.example.org/mali.html

    --griot-[ID]
    Content-Type: text/html; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    <!DOCTYPE html>
    <html lang="en" dir="ltr">
    <head><meta charset="utf-8"></head>
    <body style="font-family: sans-serif; max-width: 40em">
    <h1 style="font-size: 1.4em">Mali · digest</h1>
    <p dir="auto">Since 2026-02-28 12:00 UTC · 4 stories</p>
    <h2 style="font-size: 1.2em" dir="auto">Mali</h2>
    <p lang="fr" dir="auto"><b><a href="http://bafing.example/puits">Des puits</a></b><br><small>The bafing · 2026-03-01 09:00 UTC</small></p>
    <p lang="fr" dir="auto">Quarante puits seront creusés dans le cercle de Nara, au Mali, avant la saison chaude. Le conseil communal a choisi les villages par tirage au sort, devant les chefs de quartier et une délégation des éleveurs. Chaque puits aura une pompe à main et une clôture contre le bétail. Les travaux…</p>
    <p lang="fr" dir="auto"><b><a href="http://aube.example/bac">Le bac ‹repart&gt; &amp; L&#39;équipage</a></b><br><small>The aube · 2026-03-01 09:00 UTC</small></p>
    <p lang="fr" dir="auto">Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d&#39;arrêt, a annoncé la commission des transports de la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port. Le passage coûtera deux cents francs pour une personne et mille pour…</p>
    <p lang="fr" dir="auto"><b><a href="http://aube.example/foire">La foire ouvre</a></b><br><small>The aube · 2026-03-01 09:00 UTC</small></p>
    <p lang="fr" dir="auto">La foire du livre de Sikasso ouvre vendredi avec soixante maisons du Mali et des pays voisins. Les écoles recevront des bons d&#39;achat, et douze auteurs liront leurs textes dans la cour du lycée. Les organisateurs attendent huit mille visiteurs en trois jours. L&#39;an dernier, une tempête de sable avait…</p>
    <h2 style="font-size: 1.2em" dir="auto">Niger</h2>
    <p lang="fr" dir="auto"><b><a href="http://bafing.example/fleuve">Niger : la crue à Niamey, au Niger</a></b><br><small>The bafing · 2026-03-01 09:00 UTC</small></p>
    <p lang="fr" dir="auto">Niamey, Niger : le fleuve monte à Niamey. Mali.</p>
    <p><a href="https://feeds.example.org/mali.html">https://feeds.example.org/mali.html</a></p>
    </body>
    </html>

    --griot-[ID]--
    "#);
    for foreign in ["<img", "<script", "http://aube.example/1.png"] {
        assert!(!printed.contains(foreign), "{foreign}");
    }
}

#[test]
fn a_digest_holds_what_is_new() {
    let (mut world, _server) = world();
    world.succeed(["fetch"]);
    world.now = "2026-03-02T12:00:00Z".to_owned();
    let titles = |arguments: &[&str]| world.succeed(arguments.iter().copied()).out.matches("\n* ").count();
    assert_eq!(titles(&["digest", "mali", "--since", "25h"]), 4, "they came 24 hours ago");
    assert_eq!(titles(&["digest", "mali", "--since", "2h"]), 0);
    assert!(world.succeed(["digest", "mali", "--since", "2h"]).out.contains("Nothing new."));
    let wrong = world.griot(["digest", "nowhere"]);
    assert!(
        wrong.code == Some(2) && wrong.err.contains("there is no topic `nowhere`"),
        "{}",
        wrong.err
    );
}

fn alerting(keys: &str) -> (World, MailServer) {
    let (mut world, server) = world();
    let recent = "Sun, 01 Mar 2026 11:30:00 GMT";
    let other: String = FERRY.split(' ').rev().flat_map(|word| [word, " "]).collect();
    for (host, owner, title, text) in [
        (FEEDS[0], "A", "Mali : le bac de Dioro reprend", FERRY),
        (
            FEEDS[1],
            "B",
            "À Dioro, au Mali, le bac a repris&#13;&#10;Bcc: all@example.org",
            &other,
        ),
    ] {
        let feed = rss(host, host, &[item("bac", title, recent, text)]);
        world.source(host, &format!("owner = \"{owner}\""), Answer::feed(feed));
    }
    world.topics.push_str("alert = { sources = 2, within = \"1h\" }\n");
    world.topics.push_str(keys);
    (world, server)
}

#[test]
fn an_alert_is_mailed_once() {
    let (mut world, server) = alerting("notify = [\"mailto:chief@example.org\"]\n");
    server.refuse(Some("451 later"));
    world.succeed(["fetch"]);
    assert_eq!(server.received().len(), 0);
    let problems = world.succeed(["status", "--problems"]).out;
    assert!(
        problems.contains("notify chief@example.org (mali): delivery-waits") && problems.contains("451"),
        "{problems}"
    );
    server.refuse(None);
    world.now = "2026-03-01T12:01:00Z".to_owned();
    world.succeed(["fetch"]);
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch"]);
    let [mail] = &server.received()[..] else { panic!("one mail") };
    assert_eq!(mail.to, ["RCPT TO:<chief@example.org>"]);
    assert!(
        mail.header("Subject").contains("Bcc: all@example.org"),
        "it is a part of the title: {}",
        mail.header("Subject")
    );
    assert!(mail.header("Bcc").is_empty() && mail.header("To") == "chief@example.org");
    assert_eq!(mail.header("Date"), "Sun, 01 Mar 2026 12:00:00 +0000", "that of the first attempt");
    assert!(mail.header("Message-ID").starts_with("<msg_") && mail.header("Message-ID").ends_with("@feeds.example.org>"));
}

#[test]
fn a_mail_that_the_server_refuses_for_good_is_given_up() {
    let (world, server) = alerting("notify = [\"mailto:chief@example.org\"]\n");
    server.refuse(Some("550 no such user"));
    world.succeed(["fetch"]);
    let problems = world.succeed(["status", "--problems"]).out;
    assert!(problems.contains("undelivered: 1 given up"), "{problems}");
}

#[test]
fn the_guard_holds_for_the_mail_server() {
    let (mut world, server) = alerting("notify = [\"mailto:chief@example.org\"]\n");
    world.set_address("mail.example", "169.254.1.1");
    world.succeed(["fetch"]);
    assert!(server.received().is_empty());
    assert!(world.succeed(["status", "--problems"]).out.contains("it is no public address"));
}

#[test]
fn a_password_is_not_sent_without_encryption() {
    let (mut world, server) = alerting("notify = [\"mailto:chief@example.org\"]\n");
    for (tls, said) in [("", "the password is not sent"), ("?tls=required", "offers no STARTTLS")] {
        world.settings = world.settings.replace("?tls=none", "").replace(":2525", &format!(":2525{tls}"));
        world.succeed(["fetch"]);
        let problems = world.succeed(["status", "--problems"]).out;
        assert!(problems.contains(said), "{tls}: {problems}");
        world.now = "2026-03-01T12:30:00Z".to_owned();
    }
    assert!(server.received().is_empty());
}

#[test]
fn a_lasting_failure_is_mailed_once_and_again_after_a_while() {
    let (mut world, server) = world();
    world
        .settings
        .push_str("health = true\n[report]\nwarn_after = \"6h\"\nremind = \"2d\"\n");
    world.succeed(["fetch"]);
    world.web.answer(FEEDS[0], "/feed", Answer::status(500));
    let mut counts = Vec::new();
    let mut lines = Vec::new();
    for hours in [4_u32, 8, 12, 20, 30, 54, 60, 78, 102, 110] {
        let (day, hour) = (1 + (12 + hours) / 24, (12 + hours) % 24);
        world.now = format!("2026-03-{day:02}T{hour:02}:00:00Z");
        lines.push(
            world
                .griot(["-q", "fetch", "--force"])
                .err
                .lines()
                .filter(|line| line.contains("failing since"))
                .count(),
        );
        counts.push(server.received().len());
    }
    assert_eq!(counts, [0, 0, 1, 1, 1, 1, 2, 2, 2, 3]);
    assert_eq!(lines, [0, 0, 1, 0, 0, 0, 1, 0, 0, 1], "cron says the same");
    world.feed(FEEDS[0], rss(FEEDS[0], "L'Aube", &[item("bac", "Le bac", DATE, FERRY)]));
    world.now = "2026-03-06T12:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    world.succeed(["fetch", "--force"]);
    let subjects: Vec<String> = server.received().iter().map(|mail| mail.header("Subject")).collect();
    assert_snapshot!(subjects.join("\n"), @r#"
    Sahel desk: The aube: failing (http-5xx)
    Sahel desk: The aube: still failing
    Sahel desk: The aube: still failing
    Sahel desk: The aube: answers again
    "#);
    assert!(server.received().iter().all(|mail| mail.to == ["RCPT TO:<desk@example.org>"]));
}
