//! Connections are accepted so many at a time: the others wait at the door.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// After the system refused a connection (most often: too many open files), so as not to ask it in a tight loop.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// For so many connections at a time.
#[derive(Debug)]
pub struct Places(Arc<Semaphore>);

/// Taken until it is dropped.
#[derive(Debug)]
pub struct Place {
    _taken: OwnedSemaphorePermit,
}

impl Places {
    /// As many as are given.
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    /// The next connection, once there is a place for it. Nothing is lost when one stops waiting.
    pub async fn accept(&self, listener: &TcpListener) -> (TcpStream, SocketAddr, Place) {
        let taken = Arc::clone(&self.0).acquire_owned().await.expect("never closed");
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return (stream, peer, Place { _taken: taken }),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a connection was not accepted");
                    tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_waits_until_one_is_free() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let places = Places::new(1);
        let mut first = TcpStream::connect(address).await.expect("connected");
        let mut second = TcpStream::connect(address).await.expect("connected");
        let (stream, _, place) = places.accept(&listener).await;
        drop(stream);
        assert_eq!(first.read(&mut [0]).await.expect("the end"), 0);
        let mut waiting = Box::pin(places.accept(&listener));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(place);
        let (stream, peer, _place) = waiting.await;
        assert_eq!(peer, second.local_addr().expect("an address"));
        drop(stream);
        assert_eq!(second.read(&mut [0]).await.expect("the end"), 0);
    }
}
