//! Sessions against a model of them: whatever happens in whatever order, at two nodes, answers are as predicted.
//!
//! The model (`model`) knows the rules and nothing of tokens, databases or HTTP; this module does to the real thing
//! what is done to the model.

mod model;
mod steps;

use accounts::{Actor, Measure, Purpose, REFRESH_COOKIE, SESSION_COOKIE};
use chrono::TimeDelta;
use foundation::Uuid;
use proptest::prelude::*;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Client, TestDatabase};

use self::model::Model;
use self::steps::{Action, Pause, Step, steps};
use crate::browser::{refresh_of, session_of, sign_in};
use crate::house::{House, Node, PASSWORD, migrations};

/// The tokens that a session has had, oldest first, as the model numbers them; and its newest access token.
struct Tokens {
    id: Uuid,
    line: Vec<String>,
    access: String,
}

/// The real thing, and the model beside it.
struct Both {
    house: House,
    node: Node,
    /// A browser at each node, which presents what it is told to.
    browsers: [Client; 2],
    elsewhere: Client,
    user: Uuid,
    model: Model,
    sessions: Vec<Tokens>,
}

impl Both {
    async fn begin() -> Self {
        let database = TestDatabase::sqlite(&store::Migrations::of(migrations())).await;
        let house = House::open(database).await;
        let (node, browser) = (house.node().await, house.member("ada").await);
        let me = browser.get("/api/auth/me").await.json();
        browser.post("/api/auth/logout", &json!({})).await;
        Self {
            browsers: [house.copy_of(&browser), node.copy_of(&browser)],
            elsewhere: house.copy_of(&browser),
            user: me["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"),
            model: Model::default(),
            sessions: Vec::new(),
            house,
            node,
        }
    }

    fn accounts(&self, node: usize) -> &accounts::Accounts {
        if node == 0 { &self.house.accounts } else { &self.node.accounts }
    }

    /// A browser with these cookies and no others of a session.
    fn browser(&self, node: usize, cookies: &[(&str, &str)]) -> &Client {
        let browser = &self.browsers[node];
        for name in [SESSION_COOKIE, REFRESH_COOKIE] {
            browser.drop_cookie(name);
        }
        for (name, value) in cookies {
            browser.forge_cookie(name, value);
        }
        browser
    }

    /// Moves the clock of both.
    fn advance(&mut self, seconds: i64) {
        self.house.clock.advance(TimeDelta::seconds(seconds));
        self.model.now += seconds;
    }

    fn pause(&mut self, pause: Pause) {
        match pause {
            Pause::Seconds(seconds) => self.advance(seconds),
            Pause::Until(moment, before) => {
                let moment = self.model.moment(moment).unwrap_or(self.model.now);
                self.advance((moment - before - self.model.now).max(0));
            }
        }
    }

    async fn take(&mut self, Step { pause, node, action }: Step) {
        self.pause(pause);
        match action {
            Action::Nothing => {}
            Action::SignIn => self.sign_in(node).await,
            Action::Refresh { session } => {
                let Some(session) = self.chosen_session(session) else { return };
                self.refresh(node, session, self.sessions[session].line.len() - 1).await;
            }
            Action::Replay { token } => {
                let Some((session, token)) = self.chosen_token(token) else { return };
                self.refresh(node, session, token).await;
            }
            Action::SignOut { token } => self.sign_out(node, token).await,
            Action::EndFromElsewhere { session } => self.end_from_elsewhere(session).await,
            Action::RotateKey => {
                self.accounts(node)
                    .rotate_key(&accounts::Actor::operator(), Purpose::Signing)
                    .await
                    .expect("rotates");
                // A node that meets an unknown key looks for new ones once a second at most, and this clock can stand
                // still: so that both have heard of it, they look now.
                for node in 0..2 {
                    self.accounts(node).seal_anew().await.expect("looks");
                }
            }
            Action::Disable => self.measure(Measure::Disable).await,
            Action::Enable => self.measure(Measure::Enable).await,
            Action::CleanUp => {
                self.model.clean_up();
                self.accounts(node).clean_up().await.expect("cleans up");
            }
        }
    }

    /// A session, counted from the newest.
    fn chosen_session(&self, choice: usize) -> Option<usize> {
        let back = choice.checked_rem(self.sessions.len())?;
        Some(self.sessions.len() - 1 - back)
    }

    /// A token, counted from the newest.
    fn chosen_token(&self, choice: usize) -> Option<(usize, usize)> {
        let sessions = self.sessions.iter().enumerate().rev();
        let all: Vec<_> = sessions
            .flat_map(|(session, tokens)| (0..tokens.line.len()).rev().map(move |token| (session, token)))
            .collect();
        choice.checked_rem(all.len()).map(|choice| all[choice])
    }

    async fn sign_in(&mut self, node: usize) {
        if self.model.disabled {
            return;
        }
        let browser = self.browser(node, &[]);
        let answer = sign_in(browser, "ada@example.org", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let id = answer.json()["session"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let tokens = Tokens { id, line: vec![refresh_of(browser)], access: session_of(browser) };
        self.sessions.push(tokens);
        self.model.begin();
    }

    async fn refresh(&mut self, node: usize, session: usize, token: usize) {
        let expected = self.model.refresh(session, token);
        let presented = self.sessions[session].line[token].clone();
        let browser = self.browser(node, &[(REFRESH_COOKIE, &presented)]);
        let answer = browser.post("/api/auth/refresh", &json!({})).await;
        let Some(next) = expected else { return assert_unauthenticated(&answer) };
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let (refresh, access) = (refresh_of(browser), session_of(browser));
        let tokens = &mut self.sessions[session];
        if next == tokens.line.len() {
            tokens.line.push(refresh.clone());
        }
        assert_eq!(tokens.line[next], refresh, "the token after number {token} is number {next}");
        tokens.access = access;
    }

    async fn sign_out(&mut self, node: usize, token: usize) {
        let Some((session, token)) = self.chosen_token(token) else { return };
        self.model.sign_out(session, token);
        let token = self.sessions[session].line[token].clone();
        let browser = self.browser(node, &[(REFRESH_COOKIE, &token)]);
        let answer = browser.post("/api/auth/logout", &json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }

    async fn end_from_elsewhere(&mut self, session: usize) {
        let Some(session) = self.chosen_session(session).filter(|_| !self.model.disabled) else { return };
        let there_was_one = self.model.end(session);
        sign_in(&self.elsewhere, "ada@example.org", PASSWORD).await;
        let answer =
            self.elsewhere.delete(&format!("/api/auth/sessions/{}", self.sessions[session].id)).await;
        let expected = if there_was_one { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.status, expected, "{answer:?}");
        self.elsewhere.post("/api/auth/logout", &json!({})).await;
    }

    async fn measure(&mut self, measure: Measure) {
        self.model.disable(measure == Measure::Disable);
        let accounts = &self.house.accounts;
        accounts.take_measure(&Actor::operator(), self.user, measure).await.expect("is done");
    }

    /// That each session's newest access token is worth what the model says, at both nodes.
    async fn compare(&mut self) {
        for session in 0..self.sessions.len() {
            for node in 0..2 {
                let expected = self.model.me(session);
                let browser = self.browser(node, &[(SESSION_COOKIE, &self.sessions[session].access)]);
                let answer = browser.get("/api/auth/me").await;
                if expected {
                    assert_eq!(
                        answer.json()["session"]["id"],
                        json!(self.sessions[session].id),
                        "{answer:?}"
                    );
                } else {
                    assert_unauthenticated(&answer);
                }
            }
        }
    }

    /// That in the end each session can be refreshed, or cannot, as the model says.
    async fn refresh_all(&mut self) {
        for session in 0..self.sessions.len() {
            self.refresh(session % 2, session, self.sessions[session].line.len() - 1).await;
        }
        self.compare().await;
    }
}

fn assert_unauthenticated(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::UNAUTHORIZED, "unauthenticated"),
        "{answer:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_time: 45_000, ..ProptestConfig::default() })]

    // ASVS 7.2.1, 7.3.1, 7.3.2, 7.4.1, 7.4.2, 10.4.5, 10.4.8
    #[test]
    fn sessions_do_what_the_model_does(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut both = Both::begin().await;
            both.sign_in(0).await;
            for step in steps {
                both.take(step).await;
                both.compare().await;
            }
            both.refresh_all().await;
        });
    }
}
