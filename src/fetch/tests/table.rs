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

/// Listens at an address that answers no connection: its queue is full, so that the system drops what comes. Only Linux is known to do so.
async fn silent_listener(address: &str) -> Option<(tokio::net::TcpListener, Vec<tokio::net::TcpStream>)> {
    let address: std::net::SocketAddr = address.parse().expect("an address");
    let socket = if address.is_ipv6() {
        tokio::net::TcpSocket::new_v6()
    } else {
        tokio::net::TcpSocket::new_v4()
    };
    let socket = socket.ok()?;
    socket.bind(address).ok()?;
    let listener = socket.listen(1).ok()?;
    let address = listener.local_addr().expect("it is bound");
    let mut queued = Vec::new();
    // One more than the backlog is queued.
    for _ in 0..2 {
        queued.push(tokio::net::TcpStream::connect(address).await.expect("it is queued"));
    }
    Some((listener, queued))
}

#[tokio::test]
async fn a_dead_address_of_a_name_is_passed_over() {
    let server = Server::start(|_, _| Act::Close(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss/>".to_vec())).await;
    let closed = ClosedPort::bind();
    let closed = closed.url.port().expect("a port");
    let Some((silent, _queued)) = silent_listener("[::1]:0").await else {
        // A machine without IPv6.
        return;
    };
    let silent = silent.local_addr().expect("it is bound");
    let strict = FetchPolicy {
        allow_private_networks: false,
        ..policy()
    };
    let alive = server.port;
    for dead in [format!("127.0.0.1:{closed}"), format!("[::1]:{closed}"), silent.to_string()] {
        if dead == silent.to_string() && !cfg!(target_os = "linux") {
            continue;
        }
        let table = format!("two.example.org 2606:2800::1 {dead}\ntwo.example.org 93.184.216.34 127.0.0.1:{alive}");
        let client = client_of(strict.clone(), Some(&table));
        let url = Url::parse("http://two.example.org/feed").expect("a URL");
        // The second look-up gives the living address first.
        for _ in 0..2 {
            let answer = fresh(client.fetch(&limiter(), &ask(&url)).await.0);
            assert_eq!(answer.body, b"<rss/>", "{dead}");
        }
    }
    // The address that is fallen back to is checked, too.
    let table = format!("bad.example.org 2606:2800::1 [::1]:{closed}\nbad.example.org 10.0.0.1 127.0.0.1:{alive}");
    let url = Url::parse("http://bad.example.org/feed").expect("a URL");
    let client = client_of(strict, Some(&table));
    let before = server.connections();
    for expected in [FailureReason::Connect, FailureReason::RefusedAddress] {
        assert_eq!(failure(&client.fetch(&limiter(), &ask(&url)).await.0), Reason(expected));
    }
    assert_eq!(server.connections(), before);
}
