//! The accounts room behind its gates, on a fresh database, in a time that tests move.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use accounts::{
    Accounts, AccountsError, Config, Delivery, Dependencies, MailConfig, PasswordConfig, SESSION_COOKIE,
};
use audit::{Ledger, LedgerKeys};
use axum::Router;
use foundation::{Ambient, RootKey, Timestamp};
use guard::{CsrfKey, Protection, RateLimits};
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::sea_orm::{ConnectionTrait as _, Statement};
use store::{RoomMigrations, Store};
use testkit::{Answer, Client, FakeClock, TestAmbient, TestDatabase, TestServer};

use crate::audited::Watch;
use crate::browser::{sign_in, token_in, verify_in, wish};

/// What everybody here chooses who does not care.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What links in mails begin with.
pub(crate) const PUBLIC_URL: &str = "https://münchen.example";

/// What the keys of every house follow from.
pub(crate) const ROOT_KEY: [u8; 32] = [9; 32];

pub(crate) fn migrations() -> [RoomMigrations; 2] {
    [accounts::migrations, audit::migrations]
}

/// Hashes that cost next to nothing.
pub(crate) fn cheap() -> Config {
    Config {
        password: PasswordConfig { memory_kib: 8, passes: 1, ..Default::default() },
        ..Config::default()
    }
}

pub(crate) struct House {
    pub(crate) accounts: Accounts,
    pub(crate) clock: FakeClock,
    pub(crate) store: Store,
    config: Config,
    ambient: Ambient,
    server: TestServer,
    visitors: AtomicU32,
    _database: Option<TestDatabase>,
}

/// A mail in the development mailbox.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl House {
    /// The room with cheap passwords and the development mailbox.
    pub(crate) async fn open(database: TestDatabase) -> Self {
        Self::with(database, cheap(), &MailConfig::default()).await
    }

    pub(crate) async fn with(database: TestDatabase, config: Config, mail: &MailConfig) -> Self {
        Self::built(database, config, mail, |router| router).await
    }

    /// The room with somebody who sees what each request adds to the ledger.
    pub(crate) async fn watched(database: TestDatabase, watch: &Watch) -> Self {
        Self::built(database, cheap(), &MailConfig::default(), |router| watch.around(router)).await
    }

    async fn built(
        database: TestDatabase,
        config: Config,
        mail: &MailConfig,
        around: impl FnOnce(Router) -> Router,
    ) -> Self {
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let accounts = build(&database.store, &ambient, config.clone(), mail).await;
        let server = serve_with(&accounts, &ambient, mail, around).await;
        let visitors = AtomicU32::new(0);
        Self {
            accounts,
            clock,
            store: database.store.clone(),
            config,
            ambient,
            server,
            visitors,
            _database: Some(database),
        }
    }

    /// Another program on the same database, as after a crash or beside this one.
    pub(crate) async fn another(&self, mail: &MailConfig) -> Accounts {
        build(&self.store, &self.ambient, cheap(), mail).await
    }

    /// Another program on the same database, with a door of its own.
    pub(crate) async fn node(&self) -> Node {
        let mail = MailConfig::default();
        let accounts = build(&self.store, &self.ambient, self.config.clone(), &mail).await;
        let server = serve(&accounts, &self.ambient, &mail).await;
        Node { accounts, server }
    }

    /// What a program makes of this database that has another root key.
    pub(crate) async fn another_with_root_key(&self, bytes: [u8; 32]) -> Result<Accounts, AccountsError> {
        try_build(&self.store, &self.ambient, cheap(), &MailConfig::default(), RootKey::new(bytes)).await
    }

    /// What the clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        self.ambient.now()
    }

    /// The same browser once more, with its cookies as they are now.
    pub(crate) fn copy_of(&self, client: &Client) -> Client {
        self.server.visited_by(client)
    }

    /// A browser that was never here, at an address of its own.
    pub(crate) fn client(&self) -> Client {
        let [_, a, b, c] = self.visitors.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        self.server.client().at(format!("10.{a}.{b}.{c}"))
    }

    /// Signs up `name`@example.org, named so; gives the token of the link that was mailed.
    pub(crate) async fn sign_up(&self, name: &str) -> String {
        self.sign_up_as(&format!("{name}@example.org"), name, PASSWORD).await
    }

    pub(crate) async fn sign_up_as(&self, email: &str, username: &str, password: &str) -> String {
        let before = self.links(email).await;
        let answer = self.client().post("/api/auth/signup", &wish(email, username, password)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
        let after = self.links(email).await;
        let mut fresh = after.difference(&before).cloned();
        fresh.next().unwrap_or_else(|| panic!("a link was mailed to {email}"))
    }

    /// Signs up and confirms the address; nobody is signed in afterwards.
    pub(crate) async fn sign_up_and_verify(&self, name: &str) {
        let answer = self.member(name).await.post("/api/auth/logout", &json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }

    /// A browser in which `name` has just confirmed their address, and is signed in.
    pub(crate) async fn member(&self, name: &str) -> Client {
        let token = self.sign_up(name).await;
        let client = self.client();
        let answer = verify_in(&client, &token, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        client
    }

    /// A browser in which somebody signs in by password.
    pub(crate) async fn signed_in(&self, name: &str) -> Client {
        let client = self.client();
        let answer = sign_in(&client, &format!("{name}@example.org"), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        client
    }

    /// A browser in which the first administrator is signed in.
    pub(crate) async fn administrator(&self) -> Client {
        let link = self.accounts.setup_link().await.expect("asks").expect("no administrator").reveal("");
        let mut body = wish("root@example.org", "root", PASSWORD);
        body["token"] = json!(token_in(&link).expect("a token"));
        let client = self.client();
        let answer = client.post("/api/auth/setup", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        client
    }

    pub(crate) async fn verify(&self, token: &str) -> Answer {
        self.verify_with(token, PASSWORD).await
    }

    pub(crate) async fn verify_with(&self, token: &str, password: &str) -> Answer {
        verify_in(&self.client(), token, password).await
    }

    /// Whether these credentials sign in.
    pub(crate) async fn accepts(&self, email: &str, password: &str) -> bool {
        let answer = sign_in(&self.client(), email, password).await;
        match answer.status {
            StatusCode::OK => true,
            StatusCode::UNAUTHORIZED => false,
            _ => panic!("{answer:?}"),
        }
    }

    /// Every mail to an address, after all that is due has been delivered.
    pub(crate) async fn mails(&self, to: &str) -> Vec<Mail> {
        self.accounts.deliver_due_mail().await.expect("delivers");
        let answer = self.client().get("/api/dev/mail").await;
        let mails = answer.json()["messages"].as_array().expect("a list").clone();
        let text = |mail: &Value, name: &str| mail[name].as_str().expect("text").to_owned();
        mails
            .iter()
            .map(|mail| Mail {
                to: text(mail, "to"),
                subject: text(mail, "subject"),
                text: text(mail, "text"),
            })
            .filter(|mail| mail.to.eq_ignore_ascii_case(to))
            .collect()
    }

    /// The tokens of all links mailed to an address.
    pub(crate) async fn links(&self, to: &str) -> BTreeSet<String> {
        self.mails(to).await.iter().filter_map(|mail| token_in(&mail.text)).collect()
    }

    /// What `SELECT ... AS n` finds.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.store.backend(), sql);
        let row = self.store.reader().query_one_raw(statement).await.expect("reads").expect("a row");
        row.try_get("", "n").expect("a number")
    }

    /// How many rows a table has.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) AS n FROM {table}")).await
    }

    /// Changes the database behind the program's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let unit = self.store.begin().await.expect("begins");
        unit.execute_unprepared(sql).await.expect("a statement");
        unit.commit().await.expect("commits");
    }
}

/// A program beside the house, on the same database.
pub(crate) struct Node {
    pub(crate) accounts: Accounts,
    server: TestServer,
}

impl Node {
    /// The same browser, with its cookies as they are now, at this program.
    pub(crate) fn copy_of(&self, client: &Client) -> Client {
        self.server.visited_by(client)
    }
}

/// The room behind its gates, on a port of its own.
async fn serve(accounts: &Accounts, ambient: &Ambient, mail: &MailConfig) -> TestServer {
    serve_with(accounts, ambient, mail, |router| router).await
}

async fn serve_with(
    accounts: &Accounts,
    ambient: &Ambient,
    mail: &MailConfig,
    around: impl FnOnce(Router) -> Router,
) -> TestServer {
    let router = accounts::router(&Delivery::build(mail).expect("usable settings"));
    let router = router.split_for_parts().0.with_state(accounts.clone());
    TestServer::start(around(guard::protect(router, gates(ambient)))).await
}

async fn build(store: &Store, ambient: &Ambient, config: Config, mail: &MailConfig) -> Accounts {
    try_build(store, ambient, config, mail, RootKey::new(ROOT_KEY)).await.expect("keys open")
}

async fn try_build(
    store: &Store,
    ambient: &Ambient,
    config: Config,
    mail: &MailConfig,
    root_key: RootKey,
) -> Result<Accounts, AccountsError> {
    let dependencies = Dependencies {
        store: store.clone(),
        ambient: ambient.clone(),
        ledger: Ledger::new(ambient.clone(), LedgerKeys::new(&root_key)),
        delivery: Delivery::build(mail).expect("usable settings"),
        root_key,
        csrf_key: csrf_key(),
        public_url: PUBLIC_URL.to_owned(),
    };
    Accounts::build(config, dependencies).await
}

fn csrf_key() -> CsrfKey {
    CsrfKey::new(&[7; 32])
}

impl House {
    /// An application beside the accounts, guarded by them: whoever may use it is told their name.
    pub(crate) async fn application(&self) -> TestServer {
        let greet = |who: accounts::CurrentUser| async move { who.user().username.clone() };
        let run = |admin: accounts::Admin| async move { admin.user().username.clone() };
        let router = axum::Router::new()
            .route("/api/course", axum::routing::get(greet).post(greet))
            .route("/api/running", axum::routing::get(run))
            .with_state(self.accounts.clone());
        TestServer::start(guard::protect(router, gates(&self.ambient))).await
    }

    /// What a program with other settings makes of the same database.
    pub(crate) async fn beside(&self, config: Config) -> Self {
        let mail = MailConfig::default();
        let accounts = build(&self.store, &self.ambient, config.clone(), &mail).await;
        Self {
            server: serve(&accounts, &self.ambient, &mail).await,
            accounts,
            clock: self.clock.clone(),
            store: self.store.clone(),
            config,
            ambient: self.ambient.clone(),
            visitors: AtomicU32::new(100_000),
            _database: None,
        }
    }
}

/// The gates around the house and around what stands beside it.
fn gates(ambient: &Ambient) -> Protection {
    // So that each browser comes from an address of its own.
    let trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    let config = guard::Config { trusted_proxies, ..guard::Config::default() };
    Protection {
        rate_limits: RateLimits::in_process(config.rate_limits, ambient.clone()),
        rate_rules: accounts::RATE_RULES.to_vec(),
        config,
        ambient: ambient.clone(),
        csrf_key: csrf_key(),
        session_cookie: SESSION_COOKIE.to_owned(),
        maintenance: guard::Maintenance::default(),
        going_on: &[],
    }
}
