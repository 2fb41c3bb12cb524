//! Visits of a scripted server. Every connection goes to 127.0.0.1.

mod body;
mod cookies;
mod log;
mod proxy;
mod recording;
mod redirect;
mod server;
mod status;
mod table;

use super::FailureCode::Reason;
use super::{Accept, Answer, Client, ClientOptions, FailureCode, Fetched, HostLimiter, Request, ResolveTable};
use crate::config::{FetchPolicy, Robots};
use crate::model::{FailureReason, Timestamp};
use server::{Act, ClosedPort, Server, moved, reply};
use std::time::Duration;
use url::Url;

fn policy() -> FetchPolicy {
    FetchPolicy {
        every: Duration::from_hours(1),
        max_every: Duration::from_hours(24),
        budget: Duration::from_mins(8),
        max_new: 200,
        jobs: 16,
        host_delay: Duration::ZERO,
        timeout: Duration::from_secs(20),
        max_body: 100_000,
        robots: Robots::Off,
        allow_private_networks: true,
        allow_networks: Vec::new(),
        user_agent: None,
    }
}

fn client_of(policy: FetchPolicy, resolve: Option<&str>) -> Client {
    Client::new(ClientOptions {
        policy,
        contact: Some("desk@example.org".to_owned()),
        resolve: resolve.map(|text| ResolveTable::parse(text).expect("a table")),
        recording: None,
        trace: None,
    })
    .expect("a client")
}

fn client() -> Client {
    client_of(policy(), None)
}

fn limiter() -> HostLimiter {
    HostLimiter::new(1, Duration::ZERO)
}

fn now() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").expect("a time")
}

fn ask(url: &Url) -> Request<'_> {
    Request {
        trusted: true,
        url,
        accept: Accept::Feed,
        etag: None,
        last_modified: None,
        validators_from: None,
        source: None,
        headers: &[],
        identity: false,
        now: now(),
    }
}

/// Fetches `path` from a server that gives every request the same answer.
async fn fetch_one(act: impl Fn() -> Act + Send + Sync + 'static) -> Fetched {
    let server = Server::start(move |_, _| act()).await;
    let visit = async move { client().fetch(&limiter(), &ask(&server.url("/feed"))).await.0 };
    // A visit has to be `Send`.
    tokio::spawn(visit).await.expect("it does not panic")
}

fn fresh(fetched: Fetched) -> Answer {
    match fetched {
        Fetched::Fresh(answer) => *answer,
        other => panic!("not fresh: {other:?}"),
    }
}

fn failure(fetched: &Fetched) -> FailureCode {
    match fetched {
        Fetched::Failed { code, .. } => *code,
        other => panic!("not failed: {other:?}"),
    }
}

fn detail(fetched: &Fetched) -> &str {
    match fetched {
        Fetched::Failed { detail, .. } => detail,
        other => panic!("not failed: {other:?}"),
    }
}
