//! A rollout from outside: the gate, two releases, visitors, and what is told afterwards.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use accounts::SESSION_COOKIE;
use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::at_gate::{FOREVER, address, mainstay, said, started, status, until};
use crate::process::{Folder, Running};
use crate::visitors::{Sights, Visitors, Wish};

/// So many visitors ask at the same time.
pub(crate) const AT_ONCE: u32 = 8;

/// Rules that do not depend on how busy this machine is: nothing is slow.
pub(crate) const WHATEVER_THE_SPEED: &str = "slow_after = \"1m\"\nslower = 0";

/// A hold that is longer than any of these rollouts.
pub(crate) const NO_NEXT_STEP: &str = "1h";

/// A release of Mainstay: `mainstay serve`.
pub(crate) struct Release {
    pub(crate) running: Running,
    _folder: Folder,
}

impl Release {
    /// One with a SQLite database of its own.
    pub(crate) async fn serve() -> Self {
        let folder = Folder::new();
        let command = folder.command();
        Self::start(folder, command, &[]).await
    }

    /// One on this database, with these settings.
    pub(crate) async fn serve_on(database: &TestDatabase, settings: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let command = folder.command_on(database);
        Self::start(folder, command, settings).await
    }

    async fn start(folder: Folder, mut command: Command, settings: &[(&str, &str)]) -> Self {
        command.envs([
            ("MAINSTAY__GUARD__TRUSTED_PROXIES", "127.0.0.1/32"),
            ("MAINSTAY__GUARD__RATE_LIMITS__API_USER", "1000000 per 1s"),
            ("MAINSTAY__LOG__LEVEL", "warn"),
        ]);
        command.envs(settings.iter().copied());
        Self { running: started(command).await, _folder: folder }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        address(&self.running)
    }

    /// The session of an administrator, whom it had none before.
    pub(crate) async fn administrator(&self) -> String {
        let token = self.running.setup_token();
        let body = json!({ "token": token, "email": "root@example.org", "username": "root", "password": "correct horse battery" });
        let client = self.running.client();
        let answer = client.post("/api/auth/setup", &body).await;
        assert_eq!(answer.status.as_u16(), 201, "{answer:?}");
        client.cookie(SESSION_COOKIE).expect("a session")
    }
}

/// A gate before two releases, of which blue is live.
pub(crate) struct Gate {
    folder: Folder,
    running: Running,
}

impl Gate {
    pub(crate) async fn before(blue: SocketAddr, green: SocketAddr, rules: &str) -> Self {
        let folder = Folder::new();
        folder.configure(&format!(
            "[guard]\ntrusted_proxies = [\"127.0.0.1\"]\n[log]\nlevel = \"warn\"\n\
             [edge.services.app]\nblue = [\"{blue}\"]\ngreen = [\"{green}\"]\n[edge.services.app.rollout]\n{rules}\n"
        ));
        let running = started(mainstay(&folder, &["edge"])).await;
        Self { folder, running }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        address(&self.running)
    }

    /// Visitors from now on, some of whom have been answered already.
    pub(crate) async fn visitors(&self, wish: &Wish) -> Visitors {
        let visitors = Visitors::begin(self.address(), AT_ONCE, wish);
        visitors.more(50).await;
        visitors
    }

    /// What so many visitors see who come now.
    pub(crate) async fn seen_by(&self, requests: u64, wish: &Wish) -> Sights {
        let visitors = Visitors::begin(self.address(), AT_ONCE, wish);
        visitors.more(requests).await;
        visitors.end().await
    }

    /// Begins to roll out green.
    pub(crate) async fn roll_out(&self, hold: &str) {
        let words =
            ["rollout", "start", "--to", "green", "--steps", "50,100", "--hold", hold, "--check", "1s"];
        said(&self.folder, &words).await;
    }

    /// Begins to roll out green, and waits until it is taken back; what visitors saw meanwhile.
    pub(crate) async fn taken_back_before(&self, wish: &Wish) -> Sights {
        let visitors = self.visitors(wish).await;
        self.roll_out(NO_NEXT_STEP).await;
        self.until_it_is("rolled_back").await;
        visitors.end().await
    }

    /// The same of a release that is killed while half of the visitors get it.
    pub(crate) async fn taken_back_when_killed(&self, green: Running, wish: &Wish) -> Sights {
        let visitors = self.visitors(wish).await;
        self.roll_out(NO_NEXT_STEP).await;
        self.until_on_trial().await;
        visitors.more(50).await;
        tokio::task::spawn_blocking(move || green.kill()).await.expect("killed");
        self.until_it_is("rolled_back").await;
        visitors.end().await
    }

    /// Begins to roll out green, and waits until it has taken blue's place; what visitors saw meanwhile.
    pub(crate) async fn completed_before(&self, wish: &Wish) -> Sights {
        let visitors = self.visitors(wish).await;
        self.roll_out("1s,1s").await;
        self.until_it_is("completed").await;
        visitors.end().await
    }

    async fn status(&self) -> Value {
        status(&self.folder).await
    }

    /// Waits until half of the visitors get green.
    async fn until_on_trial(&self) {
        until(async || self.status().await["rollout"]["weight"] == 50).await;
    }

    /// Waits until the rollout has come to this phase.
    pub(crate) async fn until_it_is(&self, phase: &str) {
        let began = Instant::now();
        loop {
            let status = self.status().await;
            if status["rollout"]["phase"].get(phase).is_some() {
                return;
            }
            assert!(began.elapsed() < FOREVER, "not {phase}: {status:#}\n{}", self.history().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the gate tells of its decisions, in words.
    async fn history(&self) -> String {
        said(&self.folder, &["rollout", "history"]).await
    }

    /// Why the release was taken back: the rule that it broke, or the reason without one.
    async fn why_taken_back(&self) -> String {
        let history = said(&self.folder, &["rollout", "history", "--json"]).await;
        let last = history.lines().last().expect("a record");
        let last: Value = serde_json::from_str(last).expect("JSON");
        let reason = &last["happened"]["decided"]["what"]["rolled_back"]["reason"];
        let rule = reason["found"]["rule"].as_str().or(reason.as_str());
        rule.unwrap_or_else(|| panic!("it was not taken back: {last:#}")).to_owned()
    }
}

/// Green has taken blue's place, and nobody was told an error, then or after blue was gone.
#[expect(clippy::print_stdout, reason = "what visitors saw is what one wants to know of a gate")]
pub(crate) async fn assert_completed(gate: &Gate, during: &Sights, later: &Sights) {
    let (history, status) = (gate.history().await, gate.status().await);
    let told = format!("during: {during}\nlater: {later}\n{history}");
    println!("{told}");
    assert!(history.contains("green has taken blue's place: it is proven to keep its bounds."), "{told}");
    assert_eq!(status["live"], "green", "{told}");
    assert_eq!((during.errors(), later.errors()), (0, 0), "{told}");
}

/// Green was taken back for one of these reasons, and everybody gets blue, which answers all.
#[expect(clippy::print_stdout, reason = "what visitors saw is what one wants to know of a gate")]
pub(crate) async fn assert_taken_back(gate: &Gate, reasons: &[&str], during: &Sights, later: &Sights) {
    let (why, history, status) = (gate.why_taken_back().await, gate.history().await, gate.status().await);
    let told = format!("by {why:?}\nduring: {during}\nlater: {later}\n{history}");
    println!("{told}");
    assert!(reasons.contains(&&*why), "{told}");
    assert!(history.contains("green was taken back from 50 % to 0 %"), "{told}");
    assert_eq!(
        (status["live"].as_str(), status["rollout"]["weight"].as_u64()),
        (Some("blue"), Some(0)),
        "{told}"
    );
    assert_eq!(later.errors(), 0, "{told}");
}
