//! The accounts room behind its gates, on a fresh database, in a time that tests move.

use std::collections::BTreeSet;

use accounts::{Accounts, Config, Delivery, Dependencies, MailConfig, PasswordConfig, SESSION_COOKIE};
use foundation::Ambient;
use guard::{CsrfKey, Protection};
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::sea_orm::{ConnectionTrait as _, Statement};
use store::{RoomMigrations, Store};
use testkit::{Answer, Client, FakeClock, TestAmbient, TestDatabase, TestServer};

/// What everybody here chooses who does not care.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What links in mails begin with.
pub(crate) const PUBLIC_URL: &str = "https://münchen.example";

pub(crate) fn migrations() -> [RoomMigrations; 1] {
    [accounts::migrations]
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
    ambient: Ambient,
    server: TestServer,
    _database: TestDatabase,
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
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let accounts = build(&database.store, &ambient, config, mail);
        let router = accounts::router(&Delivery::build(mail).expect("usable settings"));
        let router = router.split_for_parts().0.with_state(accounts.clone());
        let protection = Protection {
            config: guard::Config::default(),
            ambient: ambient.clone(),
            csrf_key: csrf_key(),
            session_cookie: SESSION_COOKIE.to_owned(),
        };
        let server = TestServer::start(guard::protect(router, protection)).await;
        Self { accounts, clock, store: database.store.clone(), ambient, server, _database: database }
    }

    /// Another program on the same database, as after a crash or beside this one.
    pub(crate) fn another(&self, mail: &MailConfig) -> Accounts {
        build(&self.store, &self.ambient, cheap(), mail)
    }

    /// A browser that was never here.
    pub(crate) fn client(&self) -> Client {
        self.server.client()
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

    /// Signs up and confirms the address.
    pub(crate) async fn sign_up_and_verify(&self, name: &str) {
        let token = self.sign_up(name).await;
        assert_eq!(self.verify(&token).await.status, StatusCode::OK);
    }

    /// A browser in which `name` is signed in.
    pub(crate) async fn member(&self, name: &str) -> Client {
        self.sign_up_and_verify(name).await;
        let client = self.client();
        let answer = sign_in(&client, &format!("{name}@example.org"), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        client
    }

    pub(crate) async fn verify(&self, token: &str) -> Answer {
        self.client().post("/api/auth/verify-email", &json!({ "token": token })).await
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

fn build(store: &Store, ambient: &Ambient, config: Config, mail: &MailConfig) -> Accounts {
    let dependencies = Dependencies {
        store: store.clone(),
        ambient: ambient.clone(),
        delivery: Delivery::build(mail).expect("usable settings"),
        csrf_key: csrf_key(),
        public_url: PUBLIC_URL.to_owned(),
    };
    Accounts::build(config, dependencies)
}

fn csrf_key() -> CsrfKey {
    CsrfKey::new(&[7; 32])
}

/// The token of the link in a text.
pub(crate) fn token_in(text: &str) -> Option<String> {
    let (_, token) = text.split_once("#token=")?;
    token.split_whitespace().next().map(str::to_owned)
}

/// The body of a sign-up.
pub(crate) fn wish(email: &str, username: &str, password: &str) -> Value {
    json!({ "email": email, "username": username, "password": password })
}

pub(crate) async fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/api/auth/login", &json!({ "email": email, "password": password })).await
}

/// Who a browser is signed in as; nobody when it is not.
pub(crate) async fn me(client: &Client) -> Option<String> {
    let answer = client.get("/api/auth/me").await;
    match answer.status {
        StatusCode::OK => answer.json()["username"].as_str().map(str::to_owned),
        StatusCode::UNAUTHORIZED => {
            assert_eq!(answer.code(), "unauthenticated");
            None
        }
        _ => panic!("{answer:?}"),
    }
}

/// A browser that presents this session.
pub(crate) fn with_session(house: &House, value: &str) -> Client {
    let client = house.client();
    client.forge_cookie(SESSION_COOKIE, value);
    client
}

pub(crate) fn session_of(client: &Client) -> String {
    client.cookie(SESSION_COOKIE).expect("signed in")
}

/// That two answers differ in nothing but the ids of their requests.
pub(crate) fn assert_alike(one: &Answer, other: &Answer) {
    let headers = |answer: &Answer| {
        let mut headers: Vec<_> = answer.headers.iter().map(|(n, v)| (n.to_string(), v.clone())).collect();
        headers.iter_mut().filter(|(name, _)| name == "x-request-id" || name == "date").for_each(|(_, v)| {
            *v = "…".parse().unwrap_or_else(|_| "x".parse().expect("a value"));
        });
        headers.sort_by(|a, b| a.0.cmp(&b.0));
        headers
    };
    let id = |answer: &Answer| answer.header("x-request-id").to_owned();
    assert_ne!(id(one), id(other), "each request has an id of its own");
    assert_eq!(one.status, other.status);
    assert_eq!(headers(one), headers(other));
    assert_eq!(one.text.replace(&id(one), "ID"), other.text.replace(&id(other), "ID"));
}
