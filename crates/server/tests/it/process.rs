//! The real binary, as people start it.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use testkit::{Client, TestDatabase};

const LONGEST: Duration = Duration::from_mins(1);

/// A folder in which `mainstay` is typed.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::TempDir::new().expect("a folder"))
    }

    /// One whose installation has these secrets already.
    pub(crate) fn with_secrets(secrets: &[(&str, [u8; 32])]) -> Self {
        let folder = Self::new();
        let path = folder.data().join("secrets");
        std::fs::create_dir_all(&path).expect("a folder");
        for (name, bytes) in secrets {
            write_secret(&path.join(name), bytes);
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Writes the configuration that is found here.
    pub(crate) fn configure(&self, settings: &str) {
        std::fs::write(self.path().join("mainstay.toml"), settings).expect("written");
    }

    /// `mainstay` with an empty environment, a free port and the SQLite database of its data folder.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
        command
            .env_clear()
            .current_dir(self.path())
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(self.data());
        command.envs([
            ("MAINSTAY__ACCOUNTS__PASSWORD__MEMORY_KIB", "8"),
            ("MAINSTAY__ACCOUNTS__PASSWORD__PASSES", "1"),
            ("MAINSTAY__STORE__POSTGRES__MIN_CONNECTIONS", "0"),
        ]);
        command
    }

    /// The same with this database.
    pub(crate) fn command_on(&self, database: &TestDatabase) -> Command {
        let mut command = self.command();
        command.env("DATABASE_URL", &database.url);
        command
    }
}

/// Writes what only its owner may read.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(bytes)).expect("written");
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// What was said on standard error beside the log.
    pub(crate) fn complaint(&self) -> String {
        let lines = self.stderr.lines().filter(|line| !line.contains(" INFO "));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Runs a command to its end.
pub(crate) fn ending_of(command: &mut Command) -> Finished {
    let output = command.stdin(Stdio::null()).output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Finished { status: output.status, stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs a command that must succeed; gives what it printed.
pub(crate) fn printed(command: &mut Command) -> String {
    let finished = ending_of(command);
    assert!(finished.status.success(), "{finished:?}");
    finished.stdout
}

/// A server that has said that it is ready.
pub(crate) struct Running {
    child: Child,
    pub(crate) url: String,
    first_line: String,
    lines: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
        let mut errors = child.stderr.take().expect("piped");
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let Ok(first_line) = lines.recv_timeout(LONGEST) else {
            let _ = child.kill();
            panic!("mainstay is not ready: {}", stderr.join().expect("text"));
        };
        let url = first_line.rsplit(' ').next().expect("the first line ends with an address").to_owned();
        Self { child, url, first_line, lines, stderr: Some(stderr) }
    }

    /// The token of the setup link, which comes as the second line of a server that has nobody yet.
    pub(crate) fn setup_token(&self) -> String {
        let line = self.lines.recv_timeout(LONGEST).expect("a second line");
        let (_, token) = line.split_once("/setup#token=").expect("a link");
        token.to_owned()
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Asks it to stop, as a service manager does, and waits.
    pub(crate) fn terminate(mut self) -> Finished {
        self.ask_to_stop();
        self.finished()
    }

    /// Asks it to stop.
    pub(crate) fn ask_to_stop(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &pid]).status().expect("a shell");
        assert!(sent.success());
    }

    /// Ends it at once, as a power cut does.
    pub(crate) fn kill(mut self) -> Finished {
        self.child.kill().expect("it runs");
        self.finished()
    }

    /// Waits until it has ended by itself. What it has begun may go on, and still holds its output.
    pub(crate) fn ended(mut self) -> ExitStatus {
        self.child.wait().expect("ends")
    }

    fn finished(&mut self) -> Finished {
        let status = self.child.wait().expect("ends");
        let stdout = std::iter::once(self.first_line.clone()).chain(self.lines.iter());
        let stdout = stdout.collect::<Vec<_>>().join("\n");
        let stderr = self.stderr.take().expect("only once").join().expect("text");
        Finished { status, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
