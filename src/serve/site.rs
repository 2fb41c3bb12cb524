//! Which answer a request gets: public files, files of private topics, selections of a feed, and what the server says of itself.

use super::access::{holds_token, is_admitted, private_topic};
use super::connections::Connections;
use super::document::Document;
use super::files::PublishedFolder;
use super::media::Media;
use super::response::{self, Audience, respond_with};
use super::status_pages::{self, ServerState};
use super::traffic::Traffic;
use crate::config::MetricsAccess;
use crate::pipeline::Clock;
use crate::pipeline::feed_query::{AskedFile, FeedQuery, Refusal, json_name};
use crate::pipeline::run_status::RunStatus;
use crate::pipeline::served_site::ServedSite;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode, Version, header};
use futures_util::FutureExt as _;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;
use tokio::sync::{Semaphore, watch};

/// How many selections are made at a time: they are the only answers that take work.
const MAX_SELECTIONS: usize = 2;

/// Of a longer path, which no file has, the beginning is logged.
const MAX_LOGGED_PATH_BYTES: usize = 200;

/// The address of the client, or of the proxy before it.
#[derive(Debug, Clone, Copy)]
pub struct PeerAddress(pub SocketAddr);

/// Everything that answers need.
#[derive(Debug)]
pub struct Site {
    served: watch::Receiver<Arc<ServedSite>>,
    folders: RwLock<Arc<Folders>>,
    status: Arc<RunStatus>,
    clock: Clock,
    connections: Arc<Connections>,
    traffic: Traffic,
    selections: Semaphore,
}

/// The two folders of one configuration.
#[derive(Debug)]
struct Folders {
    public: PublishedFolder,
    private: PublishedFolder,
}

/// A document with those who may read it.
struct Found<'a> {
    document: Arc<Document>,
    folder: &'a PublishedFolder,
    audience: Audience,
}

impl Site {
    /// Returns the answers of a site.
    #[must_use]
    pub fn new(served: watch::Receiver<Arc<ServedSite>>, status: Arc<RunStatus>, clock: Clock, connections: Arc<Connections>) -> Arc<Self> {
        let folders = Folders::of(&served.borrow());
        Arc::new(Self {
            served,
            folders: RwLock::new(Arc::new(folders)),
            status,
            clock,
            connections,
            traffic: Traffic::default(),
            selections: Semaphore::new(MAX_SELECTIONS),
        })
    }

    /// Returns the answer to a request; a panic is answered with 500.
    pub async fn respond(&self, request: Parts) -> Response<Body> {
        let answered = AssertUnwindSafe(self.answer_and_log(&request)).catch_unwind().await;
        answered.unwrap_or_else(|_| response::text(StatusCode::INTERNAL_SERVER_ERROR, "This request met a defect of griot.\n"))
    }

    async fn answer_and_log(&self, request: &Parts) -> Response<Body> {
        let began = Instant::now();
        let mut response = self.answer(request).await;
        let length = response.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        let bytes = length.filter(|_| request.method != Method::HEAD).unwrap_or(0);
        if request.method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        self.traffic.count(response.status(), bytes);
        if tracing::enabled!(tracing::Level::INFO) {
            self.log(request, &response, bytes, began);
        }
        response
    }

    /// Returns the folders of the present configuration.
    fn folders(&self, served: &ServedSite) -> Arc<Folders> {
        let known = Arc::clone(&self.folders.read().unwrap_or_else(PoisonError::into_inner));
        if known.public.path() == served.out && known.private.path() == served.private_out {
            return known;
        }
        let fresh = Arc::new(Folders::of(served));
        *self.folders.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        fresh
    }

    async fn answer(&self, request: &Parts) -> Response<Body> {
        let (method, headers, query) = (&request.method, &request.headers, request.uri.query());
        let hosts = headers.get_all(header::HOST).iter().count();
        if hosts > 1 || (hosts == 0 && request.version == Version::HTTP_11) {
            // RFC 9112, section 3.2.
            return response::text(StatusCode::BAD_REQUEST, "The request has to have one Host.\n");
        }
        if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return response::not_allowed();
        }
        let served = Arc::clone(&self.served.borrow());
        let folders = self.folders(&served);
        let path = request.uri.path();
        if matches!(path, "/healthz" | "/metrics" | "*") {
            return self.about_itself(request, &served, &folders).await;
        }
        let name = match path.strip_prefix('/') {
            Some("") => "index.html",
            Some(name) => name,
            None => return response::not_found(),
        };
        let (folder, audience) = match private_topic(&served.private_topics, name) {
            Some(topic) if !is_admitted(topic, query, headers) => return response::not_found(),
            Some(_) => (&folders.private, Audience::TokenHolders),
            None => (&folders.public, Audience::Everybody),
        };
        let Ok(document) = folder.find(name).await else {
            return response::unavailable();
        };
        let found = document.map(|document| Found {
            document,
            folder,
            audience,
        });
        let Some(found) = found else {
            let is_waiting = name == "index.html" && *method != Method::OPTIONS && folders.public.published().await.is_none();
            return if is_waiting {
                status_pages::waiting(self.status.figures().is_fetching)
            } else {
                response::not_found()
            };
        };
        if *method == Method::OPTIONS {
            return response::options(found.audience);
        }
        let document = match query.map(FeedQuery::parse) {
            Some(Ok(Some(wanted))) => match self.select(name, &wanted, &found, &served).await {
                Ok(Some(document)) => document,
                Ok(None) => found.document,
                Err(refusal) => return refused(refusal),
            },
            Some(Err(mistake)) if json_name(name).is_some() => return refused(served.query_context.refusal(&mistake)),
            _ => found.document,
        };
        let mut response = respond_with(method, headers, &document, found.audience).await;
        if let Some(links) = served.links(name).and_then(|links| HeaderValue::try_from(links).ok()) {
            response.headers_mut().insert(header::LINK, links);
        }
        response
    }

    /// Returns the part of a feed that the query wants; none where the file is no feed.
    async fn select(
        &self,
        name: &str,
        wanted: &FeedQuery,
        found: &Found<'_>,
        served: &Arc<ServedSite>,
    ) -> Result<Option<Arc<Document>>, Refusal> {
        let Some(listed) = json_name(name) else { return Ok(None) };
        let Ok(Some(listed)) = found.folder.find(&listed).await else {
            return Ok(None);
        };
        let now = self.clock.now();
        let key = format!(
            "{name}?{}#{}#{}",
            wanted.key(&served.query_context, now),
            found.document.hash(),
            listed.hash()
        );
        if let Some(known) = found.folder.derived(&key) {
            return Ok(Some(known));
        }
        // The semaphore is never closed.
        let Ok(_permit) = self.selections.acquire().await else {
            return Ok(None);
        };
        let (wanted, own, whole, served) = (wanted.clone(), name.to_owned(), Arc::clone(&found.document), Arc::clone(served));
        let is_public = found.audience == Audience::Everybody;
        let work = move || {
            let asked = AskedFile {
                name: &own,
                whole: whole.plain(),
                json: listed.plain(),
                is_public,
            };
            wanted.select(asked, &served.query_context, now)
        };
        // A task of the blocking pool fails only when it panics, or at the end of the program.
        let Ok(selected) = tokio::task::spawn_blocking(work).await else {
            return Ok(None);
        };
        let Some(bytes) = selected? else { return Ok(None) };
        let document = Arc::new(Document::new(Media::of(name), bytes, found.document.modified(), None));
        found.folder.keep_derived(key, Arc::clone(&document));
        Ok(Some(document))
    }

    /// `/healthz`, `/metrics`, and OPTIONS of the server as a whole.
    async fn about_itself(&self, request: &Parts, served: &ServedSite, folders: &Folders) -> Response<Body> {
        if request.method == Method::OPTIONS || request.uri.path() == "*" {
            return response::options(Audience::TokenHolders);
        }
        let state = ServerState {
            runs: self.status.figures(),
            published: folders.public.published().await,
            connections: self.connections.counts(),
        };
        if request.uri.path() == "/healthz" {
            return status_pages::health(&state);
        }
        let peer = request.extensions.get::<PeerAddress>().map(|PeerAddress(peer)| peer.ip());
        let is_local = peer.is_some_and(|peer| status_pages::is_local(peer, &request.headers));
        match served.metrics {
            MetricsAccess::Public => status_pages::metrics(&state, &self.traffic),
            MetricsAccess::Loopback if is_local => status_pages::metrics(&state, &self.traffic),
            MetricsAccess::Loopback | MetricsAccess::Off => response::not_found(),
        }
    }

    /// Writes the line of the access log. What may hold a token is not in it.
    fn log(&self, request: &Parts, response: &Response<Body>, bytes: u64, began: Instant) {
        let path = request.uri.path();
        let is_private = holds_token(request.uri.query(), &request.headers)
            || private_topic(&self.served.borrow().private_topics, path.trim_start_matches('/')).is_some();
        let peer = request.extensions.get::<PeerAddress>().map(|PeerAddress(peer)| peer.ip());
        tracing::info!(
            client = peer.map(tracing::field::display),
            method = request.method.as_str(),
            path = if is_private {
                "(private)"
            } else {
                &path[..path.floor_char_boundary(MAX_LOGGED_PATH_BYTES)]
            },
            status = response.status().as_u16(),
            size_bytes = bytes,
            duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "served"
        );
    }
}

/// Returns the answer to a query with a mistake.
fn refused(refusal: Refusal) -> Response<Body> {
    match refusal.page {
        Some(page) => response::page(StatusCode::BAD_REQUEST, page),
        None => response::text(StatusCode::BAD_REQUEST, format!("{}\n", refusal.text)),
    }
}

impl Folders {
    fn of(served: &ServedSite) -> Self {
        Self {
            public: PublishedFolder::new(served.out.clone()),
            private: PublishedFolder::new(served.private_out.clone()),
        }
    }
}
