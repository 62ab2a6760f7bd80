//! All rooms behind the real listener, in this process, on a fresh database.

use std::net::SocketAddr;

use foundation::Ambient;
use serde_json::json;
use server::{App, AppSecrets, Config};
use store::RoomMigrations;
use store::sea_orm::{ConnectionTrait as _, Statement};
use tempfile::TempDir;
use testkit::{Client, Connection, TestAmbient, TestDatabase};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The rooms that bring migrations.
pub(crate) fn rooms() -> [RoomMigrations; 3] {
    [accounts::migrations, audit::migrations, server::own_migrations]
}

/// A database without a table of ours.
pub(crate) fn no_rooms() -> [RoomMigrations; 0] {
    []
}

const CSRF_KEY: [u8; 32] = [7; 32];
const ROOT_KEY: [u8; 32] = [9; 32];

/// What another node of the same installation needs.
pub(crate) const SECRETS: [(&str, [u8; 32]); 2] = [("csrf.key", CSRF_KEY), ("root.key", ROOT_KEY)];

pub(crate) struct House {
    pub(crate) address: SocketAddr,
    pub(crate) app: App,
    pub(crate) stop: CancellationToken,
    /// Ends when the listener has stopped and every connection is closed.
    pub(crate) serving: JoinHandle<()>,
    pub(crate) database: TestDatabase,
    /// What the program keeps beside the database.
    pub(crate) data: TempDir,
}

impl House {
    pub(crate) async fn open(database: TestDatabase) -> Self {
        Self::with(database, |_| ()).await
    }

    pub(crate) async fn with(database: TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        Self::at(TestAmbient::default().ambient, database, change).await
    }

    /// The same in another time.
    pub(crate) async fn at(
        ambient: Ambient,
        database: TestDatabase,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let data = TempDir::new().expect("a folder");
        let mut config = Config::default();
        config.server.data = data.path().to_owned();
        (config.accounts.password.memory_kib, config.accounts.password.passes) = (8, 1);
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let settings = config.server.clone();
        let url = format!("http://{address}");
        let app = App::build(
            config,
            database.store.clone(),
            ambient,
            &AppSecrets { csrf: CSRF_KEY, root: foundation::RootKey::new(ROOT_KEY) },
            url,
        )
        .await
        .expect("the rooms fit");
        let (router, stop) = (app.router(), CancellationToken::new());
        let stopped = stop.clone();
        let serving = tokio::spawn(async move {
            server::http::listener::serve(listener, router, &settings, stopped).await;
        });
        Self { address, app, stop, serving, database, data }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(format!("http://{}", self.address))
    }

    /// A browser in which the first administrator is signed in.
    pub(crate) async fn administrator(&self) -> Client {
        let link = self.app.accounts().setup_link().await.expect("asks").expect("nobody yet").reveal("");
        let (_, token) = link.split_once("token=").expect("a token");
        let body = json!({ "token": token, "email": "root@example.org", "username": "root", "password": "correct horse battery" });
        let client = self.client();
        let answer = client.post("/api/auth/setup", &body).await;
        assert_eq!(answer.status.as_u16(), 201, "{answer:?}");
        client
    }

    pub(crate) async fn connect(&self) -> Connection {
        Connection::to(self.address).await
    }

    /// Sends bytes on a connection of their own and reads until it is closed.
    pub(crate) async fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        self.connect().await.exchange(bytes).await
    }

    pub(crate) async fn assert_alive(&self) {
        let answer = self.client().get("/api/health").await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    }
}

/// What `SELECT ... AS n` finds.
pub(crate) async fn number(database: &TestDatabase, sql: &str) -> i64 {
    let statement = Statement::from_string(database.store.backend(), sql);
    let row = database.store.reader().query_one_raw(statement).await.expect("reads").expect("a row");
    row.try_get("", "n").expect("a number")
}

/// One column of text, as many rows as there are.
pub(crate) async fn texts(database: &TestDatabase, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(database.store.backend(), sql);
    let rows = database.store.reader().query_all_raw(statement).await.expect("reads");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// Changes the database behind the program's back.
pub(crate) async fn execute(database: &TestDatabase, sql: &str) {
    let unit = database.store.begin().await.expect("begins");
    unit.execute_unprepared(sql).await.expect("a statement");
    unit.commit().await.expect("commits");
}
