//! How a gate gives its place to another process, most often of a newer version, without losing a request.
//!
//! The listeners themselves pass over a Unix socket: connections that wait in their queues are accepted by whoever comes
//! first, and at no moment is there nobody. The old process stops driving releases and writes its state down before the
//! new one reads it; if the new one does not come to serve, the old one goes on as if nothing had been.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io::{self, IoSlice, IoSliceMut, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::net::TcpListener as StdTcpListener;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, UnixListener};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::engine::{Driving, Refused};
use crate::listener::{Doors, Listeners};

/// The socket's name in the gate's folder.
const SOCKET: &str = "handover.sock";
/// How long the new process may take for each of its steps.
const LIMIT: Duration = Duration::from_secs(30);
/// How long a process that is not wanted has to say why it ends.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How many listeners there may be.
const MOST: usize = 64;
/// What the new process says when it is there, and when it serves.
const HERE: &[u8; 1] = b"h";
const SERVING: &[u8; 1] = b"s";

/// What goes along with the listeners.
#[derive(Debug, Serialize, Deserialize)]
struct Inventory {
    plain: usize,
    tls: usize,
}

/// The process that was there, as the one that takes its place knows it.
#[derive(Debug)]
pub struct Predecessor(StdUnixStream);

impl Predecessor {
    /// Asks it for its listeners.
    ///
    /// # Errors
    /// When it does not give them.
    pub async fn meet(socket: PathBuf) -> io::Result<(Self, Listeners)> {
        let met = tokio::task::spawn_blocking(move || {
            let mut stream = StdUnixStream::connect(socket)?;
            stream.set_read_timeout(Some(LIMIT))?;
            stream.write_all(HERE)?;
            let (inventory, descriptors) = receive(&stream)?;
            Ok::<_, io::Error>((stream, inventory, descriptors))
        });
        let (stream, inventory, descriptors) = met.await.expect("waiting does not panic")?;
        let mut listeners = descriptors.into_iter().map(|descriptor| {
            let listener = StdTcpListener::from(descriptor);
            listener.set_nonblocking(true)?;
            TcpListener::from_std(listener)
        });
        let plain = listeners.by_ref().take(inventory.plain).collect::<io::Result<_>>()?;
        let tls = listeners.take(inventory.tls).collect::<io::Result<_>>()?;
        Ok((Self(stream), Listeners { plain, tls }))
    }

    /// Tells it that all is well: it accepts nobody any more.
    pub(crate) fn relieve(mut self) -> io::Result<()> {
        self.0.write_all(SERVING)
    }
}

/// The process that comes, as the one that was there knows it.
#[derive(Debug)]
pub(crate) struct Successor {
    child: Child,
    stream: StdUnixStream,
}

impl Successor {
    /// Starts it, and waits until it is there.
    pub(crate) async fn start(folder: &Path, binary: &Path, arguments: &[OsString]) -> Result<Self, Refused> {
        let socket = folder.join(SOCKET);
        let failed = |error: io::Error| Refused(format!("{} cannot be started: {error}.", binary.display()));
        let _ = std::fs::remove_file(&socket);
        let listener = UnixListener::bind(&socket).map_err(failed)?;
        std::fs::set_permissions(&socket, Permissions::from_mode(0o600)).map_err(failed)?;
        let mut child = Command::new(binary)
            .args(arguments)
            .arg("--take-over")
            .arg(&socket)
            .stdin(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let arrived = Self::arrival(&listener, &mut child).await;
        let _ = std::fs::remove_file(&socket);
        match arrived {
            Ok(stream) => Ok(Self { child, stream }),
            Err(refused) => {
                let _ = child.kill().await;
                Err(refused)
            }
        }
    }

    async fn arrival(listener: &UnixListener, child: &mut Child) -> Result<StdUnixStream, Refused> {
        let failed = |error: io::Error| Refused(format!("The new process cannot be spoken to: {error}."));
        let arrived = tokio::select! {
            arrived = timeout(LIMIT, listener.accept()) => arrived,
            status = child.wait() => {
                let status = status.map_err(failed)?;
                return Err(Refused(format!("The new process ended with {status}; its messages say why. Nothing has changed.")));
            }
        };
        let (stream, _) = arrived.map_err(|_| late())?.map_err(failed)?;
        let stream = stream.into_std().map_err(failed)?;
        stream.set_nonblocking(false).map_err(failed)?;
        stream.set_read_timeout(Some(LIMIT)).map_err(failed)?;
        expect(&stream, *HERE).await?;
        Ok(stream)
    }

    /// Gives it the listeners, and waits until it serves.
    pub(crate) async fn give(
        &mut self,
        plain: &[Arc<TcpListener>],
        tls: &[Arc<TcpListener>],
    ) -> Result<(), Refused> {
        let inventory = Inventory { plain: plain.len(), tls: tls.len() };
        let all: Vec<_> = plain.iter().chain(tls).cloned().collect();
        let stream = self.stream.try_clone();
        let sent = tokio::task::spawn_blocking(move || send(&stream?, &inventory, &all)).await;
        sent.expect("sending does not panic")
            .map_err(|error| Refused(format!("The listeners do not pass: {error}.")))?;
        expect(&self.stream, *SERVING).await
    }

    /// Ends it: it does not take our place. It may say first why.
    pub(crate) async fn dismiss(self) {
        let Self { mut child, stream } = self;
        drop(stream);
        if timeout(LAST_WORDS, child.wait()).await.is_err() {
            let _ = child.kill().await;
        }
    }

    /// Which process it is.
    pub(crate) fn process(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }
}

async fn expect(stream: &StdUnixStream, word: [u8; 1]) -> Result<(), Refused> {
    let stream = stream.try_clone();
    let read = tokio::task::spawn_blocking(move || {
        let mut said = [0];
        stream?.read_exact(&mut said)?;
        Ok::<_, io::Error>(said)
    });
    match read.await.expect("waiting does not panic") {
        Ok(said) if said == word => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(late()),
        _ => Err(Refused(
            "The new process has ended before it served; its messages say why. Nothing has changed."
                .to_owned(),
        )),
    }
}

/// What somebody has ordered: this program, and where the answer goes.
pub(crate) type Upgrade = (PathBuf, oneshot::Sender<Result<String, Refused>>);

/// Why a gate does not serve any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Stopped,
    HandedOver,
    Failed,
}

/// What a successor is started with, and gets.
#[derive(Debug)]
pub(crate) struct Succession<'s> {
    pub(crate) doors: &'s Doors,
    pub(crate) folder: &'s Path,
    pub(crate) arguments: &'s [OsString],
}

impl Succession<'_> {
    /// Lets the engine drive releases until the gate stops, or another process has taken its place.
    pub(crate) async fn drive(
        &self,
        mut driving: Driving,
        mut ordered: mpsc::Receiver<Upgrade>,
        stop: &CancellationToken,
    ) -> Ending {
        loop {
            let ordered = tokio::select! {
                // What has failed can neither be stopped nor handed over.
                biased;
                error = driving.failed() => {
                    tracing::error!(%error, "releases are not driven any more; the gate stops, so that it can be started again");
                    return Ending::Failed;
                }
                () = self.doors.failed() => {
                    tracing::error!("a thread serves nobody any more; the gate stops, so that it can be started again");
                    driving.park().await;
                    return Ending::Failed;
                }
                () = stop.cancelled() => None,
                ordered = ordered.recv() => ordered,
            };
            let Some((binary, reply)) = ordered else {
                driving.park().await;
                return Ending::Stopped;
            };
            let (done, still) = self.hand_over(&binary, driving).await;
            let is_done = done.is_ok();
            // Whoever does not wait for the answer any more does not need it.
            let _ = reply.send(done);
            match still {
                Some(still) if !is_done => driving = still,
                _ => return Ending::HandedOver,
            }
        }
    }

    async fn hand_over(&self, binary: &Path, driving: Driving) -> (Result<String, Refused>, Option<Driving>) {
        let mut successor = match Successor::start(self.folder, binary, self.arguments).await {
            Ok(successor) => successor,
            Err(refused) => return (Err(refused), Some(driving)),
        };
        // From here on the state is the successor's: it reads what is written down now.
        let (engine, asked) = driving.park().await;
        if let Some(service) = engine.paused_service() {
            successor.dismiss().await;
            let words = format!(
                "Requests wait at {service}, which is paused; they would wait in vain. Open it first: mainstay edge open."
            );
            return (Err(Refused(words)), Some(Driving::begin(engine, asked)));
        }
        match successor.give(&self.doors.plain, &self.doors.tls).await {
            Ok(()) => {
                let process = successor.process();
                tracing::info!(process, "another process has taken this one's place");
                (Ok(format!("Process {process} has taken over.")), None)
            }
            Err(refused) => {
                successor.dismiss().await;
                (Err(refused), Some(Driving::begin(engine, asked)))
            }
        }
    }
}

fn late() -> Refused {
    Refused(format!("The new process was not ready within {LIMIT:?}, and was ended. Nothing has changed."))
}

fn send(stream: &StdUnixStream, inventory: &Inventory, listeners: &[Arc<TcpListener>]) -> io::Result<()> {
    let text = serde_json::to_vec(inventory)?;
    let descriptors: Vec<_> = listeners.iter().map(|listener| listener.as_fd()).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(io::Error::other("there are too many"));
    }
    sendmsg(stream, &[IoSlice::new(&text)], &mut control, SendFlags::empty())?;
    Ok(())
}

fn receive(stream: &StdUnixStream) -> io::Result<(Inventory, Vec<OwnedFd>)> {
    let mut text = [0; 256];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = recvmsg(stream, &mut [IoSliceMut::new(&mut text)], &mut control, RecvFlags::CMSG_CLOEXEC)?;
    let descriptors = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        _ => None,
    });
    Ok((serde_json::from_slice(&text[..received.bytes])?, descriptors.flatten().collect()))
}
