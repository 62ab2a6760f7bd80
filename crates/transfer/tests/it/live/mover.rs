//! The program that moves, which is killed, and started again, and again.

use std::fmt::{self, Display};
use std::io::{BufRead as _, BufReader, Read as _, Write as _, stdin, stdout};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use transfer::{
    Begin, Cutover, Existing, FENCED, FollowError, Follower, Phase, Progress, Returned, Rollback, RunError,
    Target, TargetError,
};

use super::{BACK, rest, tell};

/// How often it tries again when somebody is in the way.
const TRIES: u32 = 100;
const FAILED: &str = "it failed: ";

/// How far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    Begin,
    /// Without end.
    Follow,
    Cutover,
    /// Without end.
    FollowBack,
    Rollback,
}

impl Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

const GOALS: [Goal; 5] = [Goal::Begin, Goal::Follow, Goal::Cutover, Goal::FollowBack, Goal::Rollback];

fn say(line: impl Display) {
    // Whoever reads it may be gone.
    drop(writeln!(stdout(), "{line}"));
}

/// What it is told on its standard input: the file, the address of PostgreSQL, and how far to go. It says a line
/// whenever something happens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another test runs this in a process of its own"]
async fn mover() {
    let mut told = String::new();
    stdin().read_to_string(&mut told).expect("told");
    let [path, url, goal] = told.lines().collect::<Vec<_>>().try_into().expect("three lines");
    let goal = GOALS.into_iter().find(|known| known.to_string() == goal).expect("one of them");
    let target = Target::new(url.parse().expect("an address"), "the target");
    for _ in 0..TRIES {
        match go(Path::new(path), &target, goal).await {
            Ok(()) => return,
            Err(error) if passes(&error) => {
                say(format!("Moved out of the way of: {error}"));
                rest(Duration::from_millis(20));
            }
            Err(error) => panic!("{}", said(format!("{error}: {error:?}"))),
        }
    }
    panic!("{}", said("somebody is in the way for too long"));
}

fn said(error: impl Display) -> String {
    let line = format!("{FAILED}{error}");
    say(&line);
    line
}

/// Whether it is only that PostgreSQL has not noticed that the one before is dead, or that a lock was waited for in vain.
fn passes(error: &FollowError) -> bool {
    matches!(error, FollowError::Run(RunError::Target(TargetError::Taken { .. })))
        || error.to_string().contains("is locked")
        || error.to_string().contains("deadlock")
}

async fn go(path: &Path, target: &Target, goal: Goal) -> Result<(), FollowError> {
    let progress = Progress::to(|event| say(format!("{event:?}")));
    if goal == Goal::Begin {
        return begin(path, target, &progress).await;
    }
    let mut follower = Follower::open(target, "public").await?;
    say(format!("{:?}", follower.phase()));
    match (goal, follower.phase()) {
        (Goal::Begin, _) | (Goal::Cutover, Phase::Switched) | (Goal::Rollback, Phase::Returned) => Ok(()),
        (Goal::Follow, _) => loop {
            follower.step().await?;
            say("a step");
        },
        (Goal::Cutover, _) => follower.cutover(&turn(), &progress).await.map(|_| ()),
        (Goal::FollowBack, _) => loop {
            assert_eq!(follower.step_back().await?.unfit, []);
            say("a step back");
        },
        (Goal::Rollback, _) => {
            let Returned { applied, .. } = follower.rollback(&way_back(), &progress).await?;
            assert_eq!(applied.unfit, []);
            Ok(())
        }
    }
}

async fn begin(path: &Path, target: &Target, progress: &Progress) -> Result<(), FollowError> {
    let begin = Begin {
        source: path,
        copy: &path.with_extension("copy"),
        plan: None,
        target: target.clone(),
        schema: "public",
        workers: 2,
        existing: Existing::Keep,
        since: "today",
    };
    begin.begin(progress).await.map(|_| ())
}

fn turn() -> Cutover {
    let limit = Duration::from_secs(20);
    Cutover { message: FENCED.to_owned(), limit, pause: None, switch: None, resume: None, workers: 2 }
}

fn way_back() -> Rollback {
    let patience = Duration::from_secs(20);
    Rollback { message: BACK.to_owned(), patience, pause: None, switch: None, resume: None }
}

/// One that runs; it ends with its owner.
pub(super) struct Mover {
    child: Child,
    lines: BufReader<ChildStdout>,
    said: String,
}

impl Mover {
    pub(super) fn start(path: &Path, url: &str, goal: Goal) -> Self {
        let this_program = std::env::current_exe().expect("these tests");
        let mut child = Command::new(this_program)
            .args(["--exact", "live::mover::mover", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut told = child.stdin.take().expect("asked for");
        write!(told, "{}\n{url}\n{goal}", path.display()).expect("told");
        let lines = BufReader::new(child.stdout.take().expect("asked for"));
        Self { child, lines, said: String::new() }
    }

    /// Reads a line that tells that something happened; false at the end.
    fn hears(&mut self) -> bool {
        loop {
            let start = self.said.len();
            if self.lines.read_line(&mut self.said).expect("readable") == 0 {
                return false;
            }
            let line = &self.said[start..];
            assert!(!line.contains(FAILED), "{}", self.said);
            if !["running", "Moved", "Expected", "\n"].iter().any(|what| line.starts_with(what)) {
                return true;
            }
        }
    }

    /// Kills it a moment after so many things have happened. True when it was killed, false when it had come to its
    /// end before.
    pub(super) fn kill_after(mut self, events: usize, moment: Duration) -> bool {
        for _ in 0..events {
            if !self.hears() {
                break;
            }
        }
        rest(moment);
        // It may have come to its end.
        let _ = self.child.kill();
        let ended = self.child.wait().expect("ends");
        while self.hears() {}
        assert!(ended.success() || ended.code().is_none(), "{}", self.said);
        tell(&format!("  killed: {}; {}", !ended.success(), self.said.lines().last().unwrap_or_default()));
        !ended.success()
    }

    /// Lets it come to its end.
    pub(super) fn ends(mut self) {
        while self.hears() {}
        assert!(self.child.wait().expect("ends").success(), "{}", self.said);
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        // It may have come to its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
