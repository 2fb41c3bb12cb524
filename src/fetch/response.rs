//! A response before anything of it is decoded: its head, and its body chunk by chunk.
//!
//! Bodies come from the network or from a recording. A recording is written and replayed at this point, before decoding, so that a
//! replay passes the same decoder and the same limits.

use super::client_error::body_error;
use super::failure::FetchError;
use super::recording::{Exchange, ReplayedBody, ReplayedResponse};
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::{Response, StatusCode};

/// A response: its head, and the body that follows.
pub(super) struct RawResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    /// How many bytes of the body have been read, still encoded.
    pub(super) received_bytes: usize,
}

/// Where a body comes from.
pub(super) enum Body {
    /// The network.
    Network(Box<Response>),
    /// The network, and each chunk is recorded.
    Recorded(Box<(Response, Exchange)>),
    /// A recording.
    Replayed(ReplayedBody),
    /// Memory, each chunk after a wait.
    #[cfg(test)]
    Slow(std::collections::VecDeque<(std::time::Duration, usize)>),
}

impl Body {
    /// Returns the next chunk, still encoded; none at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, FetchError> {
        match self {
            Self::Network(response) => network_chunk(response).await,
            Self::Recorded(both) => {
                let (response, exchange) = &mut **both;
                let chunk = network_chunk(response).await;
                match &chunk {
                    Ok(Some(chunk)) => exchange.add_chunk(chunk),
                    Ok(None) => exchange.complete(),
                    Err(error) => exchange.abort(error),
                }
                chunk
            }
            Self::Replayed(replayed) => replayed.chunk(),
            #[cfg(test)]
            Self::Slow(waits) => {
                let Some((wait, length)) = waits.pop_front() else {
                    return Ok(None);
                };
                tokio::time::sleep(wait).await;
                Ok(Some(vec![b'x'; length]))
            }
        }
    }

    /// Records that the rest of the body is not read, and why.
    pub(super) fn record_abort(&mut self, error: &FetchError) {
        if let Self::Recorded(both) = self {
            both.1.abort(error);
        }
    }

    /// Makes a body of chunks that each come after a wait.
    #[cfg(test)]
    pub(super) fn slow(waits: Vec<(std::time::Duration, usize)>) -> Self {
        Self::Slow(waits.into())
    }
}

async fn network_chunk(response: &mut Response) -> Result<Option<Vec<u8>>, FetchError> {
    let chunk = response.chunk().await.map_err(|error| body_error(&error))?;
    Ok(chunk.map(Vec::from))
}

impl RawResponse {
    /// Records the body that follows to `exchange`.
    pub(super) fn recorded_to(mut self, exchange: Exchange) -> Self {
        if let Body::Network(response) = self.body {
            self.body = Body::Recorded(Box::new((*response, exchange)));
        }
        self
    }

    /// Returns the length that the head announces, in bytes.
    pub(super) fn announced_length(&self) -> Option<u64> {
        let value = self.headers.get(CONTENT_LENGTH)?;
        value.to_str().ok()?.trim().parse().ok()
    }
}

impl From<Response> for RawResponse {
    fn from(response: Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: Body::Network(Box::new(response)),
            received_bytes: 0,
        }
    }
}

impl From<ReplayedResponse> for RawResponse {
    fn from(replayed: ReplayedResponse) -> Self {
        Self {
            status: replayed.status,
            headers: replayed.headers,
            body: Body::Replayed(replayed.body),
            received_bytes: 0,
        }
    }
}
