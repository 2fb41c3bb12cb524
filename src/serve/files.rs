//! Serves the files of `out` that the manifest lists, and no others.

use super::response::{Document, not_allowed, not_found, respond_with};
use crate::publish;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response};
use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::{Mutex, watch};

/// How long open requests may take after the stop signal: a client that never ends its request must not block the shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves `out` on `listener` until `stop` becomes true; open requests are answered first, within two seconds.
///
/// # Errors
/// When the listener fails.
pub async fn files(listener: TcpListener, out: PathBuf, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let cache = Arc::new(FileCache {
        out,
        documents: Mutex::new(BTreeMap::new()),
    });
    let router = Router::new().fallback(respond).with_state(cache);
    let mut late = stop.clone();
    let ended = async move {
        // When the sender is dropped, no stop signal can come any more.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let timeout = async move {
        let _ = late.wait_for(|stop| *stop).await;
        tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
    };
    tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(ended).into_future() => served,
        () = timeout => Ok(()),
    }
}

/// The files that were read, each with the stamp of its content.
struct FileCache {
    out: PathBuf,
    documents: Mutex<BTreeMap<String, (Stamp, Arc<Document>)>>,
}

/// Modification time and size in bytes, which change when a file is replaced.
type Stamp = (Option<SystemTime>, u64);

async fn respond(State(cache): State<Arc<FileCache>>, request: Request<Body>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return not_allowed();
    }
    let name = request.uri().path().trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    match cache.find(name).await {
        Some(document) => respond_with(request.method(), request.headers(), &document),
        None => not_found(),
    }
}

impl FileCache {
    /// Returns the document `name`, when the manifest lists it.
    async fn find(&self, name: &str) -> Option<Arc<Document>> {
        if !self.is_listed(name).await {
            return None;
        }
        let path = self.out.join(name);
        let stamp = stamp(&path).await?;
        let mut documents = self.documents.lock().await;
        if let Some((_, document)) = documents.get(name).filter(|(known, _)| *known == stamp) {
            return Some(Arc::clone(document));
        }
        let bytes = tokio::fs::read(&path).await.ok()?;
        let document = Arc::new(Document::new(name, bytes, stamp.0));
        documents.insert(name.to_owned(), (stamp, Arc::clone(&document)));
        Some(document)
    }

    async fn is_listed(&self, name: &str) -> bool {
        let out = self.out.clone();
        let names = tokio::task::spawn_blocking(move || publish::manifest_names(&out)).await;
        names.is_ok_and(|names| names.iter().any(|known| known == name))
    }
}

async fn stamp(path: &Path) -> Option<Stamp> {
    let meta = tokio::fs::metadata(path).await.ok().filter(std::fs::Metadata::is_file)?;
    Some((meta.modified().ok(), meta.len()))
}
