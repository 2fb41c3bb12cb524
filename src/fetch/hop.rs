//! One hop: one request of one address, and its answer before anything of it is decoded.
//!
//! This is the one place where bytes come from the network. Whoever records a run takes them down here, and a replay gives them back
//! here: what is behind it cannot tell the difference.

use super::failure::Stop;
use super::recording::{Exchange, Replayed};
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::{Response, StatusCode};

/// An answer: its head, and the body that follows.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    /// How many bytes of the body have come, still encoded.
    pub(super) came: usize,
}

/// Where a body comes from.
pub(super) enum Body {
    /// The network.
    Network(Box<Response>),
    /// The network, and each piece is taken down.
    Recorded(Box<(Response, Exchange)>),
    /// A recording.
    Replayed(Replayed),
    /// Memory, each piece after a wait.
    #[cfg(test)]
    Slow(std::collections::VecDeque<(std::time::Duration, usize)>),
}

impl Body {
    /// Returns the next piece as it came, still encoded; none at the end.
    pub(super) async fn piece(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        match self {
            Self::Network(response) => network_piece(response).await,
            Self::Recorded(both) => {
                let (response, exchange) = &mut **both;
                let piece = network_piece(response).await;
                match &piece {
                    Ok(Some(piece)) => exchange.take(piece),
                    Ok(None) => exchange.whole(),
                    Err(stop) => exchange.broken(stop),
                }
                piece
            }
            Self::Replayed(replayed) => replayed.piece(),
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

    /// Notes that nobody waits for the rest any more, and why.
    pub(super) fn record_abort(&mut self, stop: &Stop) {
        if let Self::Recorded(both) = self {
            both.1.broken(stop);
        }
    }

    /// Makes a body of pieces that each come after a wait.
    #[cfg(test)]
    pub(super) fn slow(waits: Vec<(std::time::Duration, usize)>) -> Self {
        Self::Slow(waits.into())
    }
}

async fn network_piece(response: &mut Response) -> Result<Option<Vec<u8>>, Stop> {
    let piece = response.chunk().await.map_err(|error| Stop::of_body(&error))?;
    Ok(piece.map(Vec::from))
}

impl Reply {
    /// Takes down what follows.
    pub(super) fn recorded(mut self, exchange: Exchange) -> Self {
        if let Body::Network(response) = self.body {
            self.body = Body::Recorded(Box::new((*response, exchange)));
        }
        self
    }

    /// Takes the head of a response that comes from the network.
    pub(super) fn of_network(response: Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: Body::Network(Box::new(response)),
            came: 0,
        }
    }

    /// Returns the length that the head announces.
    pub(super) fn announced_length(&self) -> Option<u64> {
        let value = self.headers.get(CONTENT_LENGTH)?;
        value.to_str().ok()?.trim().parse().ok()
    }
}
