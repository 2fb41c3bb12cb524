//! The answers that the HTTP implementation sends by itself to what is no request (400, 431): they get a policy for browsers, as every answer has.

use super::media::CLOSED_POLICY;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Such an answer has a head of this many bytes at most.
const MAX_BYTES: usize = 512;
const HEAD_END: &[u8] = b"\r\n\r\n";

/// A connection on which answers to what is no request get the headers of all other answers.
///
/// Those answers have no body, are written at once, and end the connection. All others have the policy already, and no body that griot sends holds a
/// carriage return.
#[derive(Debug)]
pub struct HardenedStream<S> {
    inner: S,
    /// What has to be sent of an answer with its added headers.
    pending: Vec<u8>,
}

impl<S: AsyncWrite + Unpin> HardenedStream<S> {
    /// Wraps a connection.
    #[must_use]
    pub const fn new(inner: S) -> Self {
        Self {
            inner,
            pending: Vec::new(),
        }
    }

    fn poll_pending(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.pending.is_empty() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, &self.pending))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.pending.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

/// Returns the answer with its added headers; none when `bytes` are anything else than an answer to what is no request.
fn hardened(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_whole = bytes.len() <= MAX_BYTES && bytes.starts_with(b"HTTP/1.1 4") && bytes.ends_with(HEAD_END);
    let has_policy = || memchr::memmem::find(&bytes.to_ascii_lowercase(), b"content-security-policy").is_some();
    if !is_whole || has_policy() {
        return None;
    }
    let mut answer = bytes[..bytes.len() - 2].to_vec();
    let fields = format!("Content-Security-Policy: {CLOSED_POLICY}\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n");
    answer.extend_from_slice(fields.as_bytes());
    Some(answer)
}

impl<S: AsyncRead + Unpin> AsyncRead for HardenedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HardenedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_pending(context))?;
        if let Some(answer) = hardened(bytes) {
            self.pending = answer;
            // What does not fit now is sent with the flush that follows each answer.
            let _ = self.poll_pending(context)?;
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        if let [only] = parts {
            return self.poll_write(context, only);
        }
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.inner).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// Returns what arrives over a connection that takes `room` bytes at a time.
    async fn sent(parts: &[&[u8]], room: usize) -> String {
        let (near, mut far) = tokio::io::duplex(room);
        let mut stream = HardenedStream::new(near);
        let mut text = String::new();
        let writing = async {
            for part in parts {
                stream.write_all(part).await.expect("written");
            }
            stream.shutdown().await.expect("ended");
            drop(stream);
        };
        let ((), read) = tokio::join!(writing, far.read_to_string(&mut text));
        read.expect("text");
        text
    }

    #[tokio::test]
    async fn an_answer_to_what_is_no_request_gets_the_policy() {
        for room in [7, 4096] {
            let text = sent(
                &[b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n"],
                room,
            )
            .await;
            assert!(text.starts_with("HTTP/1.1 431 ") && text.ends_with("no-store\r\n\r\n"), "{text}");
            assert!(text.contains("\r\nContent-Security-Policy: default-src 'none'; "), "{text}");
            assert!(text.contains("\r\ncontent-length: 0\r\n"), "{text}");
        }
    }

    #[tokio::test]
    async fn all_other_answers_stay_as_they_are() {
        let parts: [&[u8]; 3] = [
            b"HTTP/1.1 404 Not Found\r\ncontent-security-policy: default-src 'none'\r\n\r\n",
            b"HTTP/1.1 400 in a text\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        ];
        assert_eq!(sent(&parts, 4096).await.as_bytes(), parts.concat());
    }
}
