//! Visits with the table of `--resolve`: public names and addresses, served on loopback.

use super::*;

#[tokio::test]
async fn a_listed_name_reaches_its_target_with_any_port_in_the_url() {
    let server = Server::start(|_, _| reply("200 OK", "", b"<rss/>")).await;
    let table = format!(
        "lefaso.net 93.184.216.34 127.0.0.1:{0}\n93.184.216.34 93.184.216.34 127.0.0.1:{0}\n2606:2800::1 2606:2800::1 127.0.0.1:{0}",
        server.port
    );
    let strict = FetchPolicy {
        allow_private_networks: false,
        ..policy()
    };
    let client = client_of(strict, Some(&table));
    for (text, host) in [
        ("http://lefaso.net/a", "lefaso.net"),
        ("http://lefaso.net:8080/a", "lefaso.net:8080"),
        ("http://93.184.216.34/a", "93.184.216.34"),
        ("http://[2606:2800::1]:8080/a", "[2606:2800::1]:8080"),
    ] {
        let url = Url::parse(text).expect("a URL");
        let answer = fresh(client.fetch(&limiter(), &ask(&url)).await.0);
        assert_eq!(answer.final_url, url);
        let head = server.requests().pop().expect("a request").to_lowercase();
        assert!(head.contains(&format!("host: {host}\r\n")), "{head}");
        assert!(head.starts_with("get /a "), "{head}");
    }
    for (text, code) in [
        ("http://www.lefaso.net/", Reason(FailureReason::Dns)),
        ("http://93.184.216.35/", Reason(FailureReason::Dns)),
        ("http://lefaso.net:22/", Reason(FailureReason::RefusedAddress)),
    ] {
        let url = Url::parse(text).expect("a URL");
        assert_eq!(failure(&client.fetch(&limiter(), &ask(&url)).await.0), code, "{text}");
    }
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_name_that_rebinds_is_refused_at_the_second_look_up() {
    let server = Server::start(|_, _| Act::Close(b"HTTP/1.0 200 OK\r\n\r\nx".to_vec())).await;
    let table = format!(
        "rebind.example.org 93.184.216.34 127.0.0.1:{0}\nrebind.example.org 169.254.169.254 127.0.0.1:{0}",
        server.port
    );
    let client = client_of(policy(), Some(&table));
    let url = Url::parse("http://rebind.example.org/").expect("a URL");
    fresh(client.fetch(&limiter(), &ask(&url)).await.0);
    let second = client.fetch(&limiter(), &ask(&url)).await.0;
    assert_eq!(failure(&second), Reason(FailureReason::RefusedAddress));
    assert!(detail(&second).contains("169.254.169.254"), "{}", detail(&second));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_public_site_never_redirects_to_a_private_network_even_if_that_is_allowed() {
    let inside = Server::start(|_, _| reply("200 OK", "", b"secret")).await;
    let loopback = inside.url("/").to_string();
    let public = Server::start(move |_, path| match path {
        "/literal" => moved(302, "http://10.0.0.1/"),
        "/name" => moved(302, "http://intranet/"),
        "/twice" => moved(302, "http://also.public/literal"),
        _ => moved(302, &loopback),
    })
    .await;
    let table = format!(
        "public.site 93.184.216.34 127.0.0.1:{0}\nalso.public 93.184.216.35 127.0.0.1:{0}\n\
         intranet 10.0.0.1 127.0.0.1:{1}\n10.0.0.1 10.0.0.1 127.0.0.1:{1}\n127.0.0.1 127.0.0.1 127.0.0.1:{1}",
        public.port, inside.port
    );
    let client = client_of(policy(), Some(&table));
    for path in ["literal", "name", "twice", "loopback"] {
        let url = Url::parse(&format!("http://public.site/{path}")).expect("a URL");
        let fetched = client.fetch(&limiter(), &ask(&url)).await.0;
        assert_eq!(
            failure(&fetched),
            Reason(FailureReason::RefusedAddress),
            "{path}: {}",
            detail(&fetched)
        );
    }
    assert_eq!(inside.connections(), 0);
    // The operator may name a private address, and redirects within the private network are followed.
    for text in ["http://intranet/", "http://10.0.0.1/"] {
        let url = Url::parse(text).expect("a URL");
        assert_eq!(fresh(client.fetch(&limiter(), &ask(&url)).await.0).body, b"secret");
    }
}

#[tokio::test]
async fn a_redirect_within_a_private_network_is_followed() {
    let inner = Server::start(|_, _| reply("200 OK", "", b"<rss/>")).await;
    let target = inner.url("/").to_string();
    let outer = Server::start(move |_, _| moved(301, &target)).await;
    let answer = fresh(client().fetch(&limiter(), &ask(&outer.url("/"))).await.0);
    assert_eq!(answer.moved_to, Some(inner.url("/")));
}
