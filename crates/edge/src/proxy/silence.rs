//! When something last went over a stream, in either direction.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep_until};

/// Notes traffic. No timer is touched for it: whoever waits for silence looks again when it could have come.
#[derive(Debug)]
pub(super) struct Traffic {
    began: Instant,
    /// When something went over it the last time, in milliseconds from the beginning.
    last: AtomicU64,
}

impl Traffic {
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), last: AtomicU64::new(0) }
    }

    /// A stream whose traffic is noted.
    pub(super) fn over<S>(&self, stream: S) -> Noted<'_, S> {
        Noted { stream, traffic: self }
    }

    /// Waits until there has been none for so long.
    pub(super) async fn silence(&self, limit: Duration) {
        let mut until = self.began + limit;
        while Instant::now() < until {
            sleep_until(until).await;
            until = self.began + Duration::from_millis(self.last.load(Ordering::Relaxed)) + limit;
        }
    }

    fn note(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    fn note_written(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.note();
        }
        written
    }
}

/// A stream whose traffic is noted.
#[derive(Debug)]
pub(super) struct Noted<'t, S> {
    stream: S,
    traffic: &'t Traffic,
}

impl<S: AsyncRead + Unpin> AsyncRead for Noted<'_, S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.traffic.note();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<'_, S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.traffic.note_written(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.traffic.note_written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn silence_is_counted_from_the_last_byte_in_either_direction() {
        let limit = Duration::from_secs(10);
        let (stream, mut other) = duplex(64);
        let traffic = Traffic::new();
        let mut noted = traffic.over(stream);
        let talk = async {
            sleep(Duration::from_secs(9)).await;
            noted.write_all(b"x").await.expect("written");
            sleep(Duration::from_secs(9)).await;
            other.write_all(b"y").await.expect("written");
            noted.read_u8().await.expect("read");
            other.shutdown().await.expect("closed");
            sleep(Duration::from_secs(9)).await;
            assert_eq!(noted.read(&mut [0]).await.expect("the end"), 0, "which is no traffic");
        };
        tokio::join!(traffic.silence(limit), talk);
        assert_eq!(traffic.began.elapsed(), Duration::from_secs(28));
    }
}
