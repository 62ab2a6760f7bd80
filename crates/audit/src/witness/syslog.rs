//! A syslog server as a witness (RFC 5424), over UDP (RFC 5426) or TCP (RFC 6587, octet counting).

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, UdpSocket};

use super::{Witness, WitnessError};
use crate::Checkpoint;

/// How long a server may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Facility 13, "log audit", at severity 5, "normal but significant" (RFC 5424 section 6.2.1).
const PRIORITY: u8 = 13 * 8 + 5;

/// Where a syslog server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyslogAddress {
    transport: Transport,
    authority: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    Udp,
    Tcp,
}

impl SyslogAddress {
    /// Reads `udp://HOST:PORT` or `tcp://HOST:PORT`.
    ///
    /// # Errors
    /// How to write it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let words = "write it like udp://logs.example.org:514 or tcp://logs.example.org:601";
        let (transport, authority) = match text.split_once("://") {
            Some(("udp", authority)) => (Transport::Udp, authority),
            Some(("tcp", authority)) => (Transport::Tcp, authority),
            _ => return Err(words),
        };
        let (host, port) = authority.rsplit_once(':').ok_or(words)?;
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        if host.is_empty() || !is_port || host.contains(['/', '@', ' ']) {
            return Err(words);
        }
        Ok(Self { transport, authority: authority.to_owned() })
    }
}

/// A syslog server that is told each checkpoint. Over UDP nobody knows whether it heard.
#[derive(Debug)]
pub struct Syslog {
    address: SyslogAddress,
    name: String,
}

impl Syslog {
    /// The server at this address.
    pub fn new(address: SyslogAddress) -> Self {
        Self { name: format!("the syslog server {}", address.authority), address }
    }

    async fn send(&self, checkpoint: &Checkpoint) -> std::io::Result<()> {
        let message = message(checkpoint);
        match self.address.transport {
            Transport::Udp => {
                let socket = UdpSocket::bind("[::]:0").await;
                let socket = match socket {
                    Ok(socket) => socket,
                    Err(_) => UdpSocket::bind("0.0.0.0:0").await?,
                };
                socket.connect(&self.address.authority).await?;
                socket.send(message.as_bytes()).await.map(drop)
            }
            Transport::Tcp => {
                let mut stream = TcpStream::connect(&self.address.authority).await?;
                stream.write_all(format!("{} {message}", message.len()).as_bytes()).await?;
                stream.shutdown().await
            }
        }
    }
}

impl Witness for Syslog {
    fn name(&self) -> &str {
        &self.name
    }

    fn keep<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>> {
        Box::pin(async {
            match tokio::time::timeout(TIMEOUT, self.send(checkpoint)).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(WitnessError(error.to_string())),
                Err(_) => Err(WitnessError(format!("no answer within {TIMEOUT:?}"))),
            }
        })
    }
}

/// The name of the machine and the id of the process are left out: the signature says whose it is.
fn message(checkpoint: &Checkpoint) -> String {
    let time = checkpoint.created_at.format("%Y-%m-%dT%H:%M:%S%.6fZ");
    format!("<{PRIORITY}>1 {time} - mainstay - checkpoint - {}", checkpoint.to_line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, transport) in
            [("udp://127.0.0.1:514", Transport::Udp), ("tcp://[::1]:601", Transport::Tcp)]
        {
            assert_eq!(SyslogAddress::parse(text).expect(text).transport, transport);
        }
        for wrong in
            ["", "logs:514", "udp://logs", "udp://:514", "udp://logs:0", "udp://a b:1", "https://logs:1"]
        {
            SyslogAddress::parse(wrong).expect_err(wrong);
        }
    }
}
