//! A fresh database per test: a file on SQLite, a copy of a migrated template on PostgreSQL. And one Redis for all.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use store::sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use store::sea_orm_migration::MigratorTraitSelf as _;
use store::{Config, Location, Migrations, Store};
use tempfile::TempDir;

/// The PostgreSQL that tests may create databases in; `make test` starts it and sets this.
const POSTGRES: &str = "MAINSTAY_TEST_POSTGRES_URL";
/// The certificate authority that vouches for it.
const POSTGRES_AUTHORITY: &str = "MAINSTAY_TEST_POSTGRES_CA";

/// The Redis that tests share.
const REDIS: &str = "MAINSTAY_TEST_REDIS_URL";

/// A database that no other test touches.
pub struct TestDatabase {
    /// The open database.
    pub store: Store,
    /// Where it lives, for opening it a second time.
    pub location: Location,
    /// Its URL, for processes.
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// A SQLite file in a folder of its own.
    pub async fn sqlite(migrations: &Migrations) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("test.sqlite");
        let database = Self::open(format!("sqlite:{}", path.display()), Some(folder)).await;
        migrations.up(&database.store).await.expect("migrations apply");
        database
    }

    /// A PostgreSQL database copied from a template, which the first test of a run makes.
    pub async fn postgres(migrations: &Migrations) -> Self {
        let server = given(POSTGRES);
        let template = template(&server, migrations).await;
        let name = format!("test_{}", foundation::Ambient::system().new_id().simple());
        let mut admin = PgConnection::connect(&server).await.expect("the test PostgreSQL answers");
        execute(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self::open(sibling(&server, &name), None).await
    }

    async fn open(url: String, folder: Option<TempDir>) -> Self {
        let location = Location::parse(&url.clone().into()).expect("a database URL");
        let mut config = Config::default();
        // Many tests share one server.
        (config.postgres.max_connections, config.postgres.min_connections) = (10, 0);
        let store = Store::build(&location, &config, false).await.expect("the database opens");
        Self { store, location, url, _folder: folder }
    }
}

/// The certificate authority (PEM) that vouches for the tests' PostgreSQL at 127.0.0.1.
pub fn postgres_authority() -> PathBuf {
    given(POSTGRES_AUTHORITY).into()
}

/// The address of the tests' Redis. They share it: what a test writes needs a name of its own.
pub fn redis_url() -> String {
    given(REDIS)
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the runner which server is theirs")]
fn given(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run `make test`, or `cargo xtask with-services -- cargo nextest run -p ROOM`")
    })
}

/// The name of a database that has these migrations, made on first use. An advisory lock lets one test make it while
/// the others wait.
async fn template(server: &str, migrations: &Migrations) -> String {
    let name = format!("template_{:016x}", fingerprint(migrations).await);

    let mut admin = PgConnection::connect(server).await.expect("the test PostgreSQL answers");
    execute(&mut admin, "SELECT pg_advisory_lock(1)").await;
    let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut admin)
        .await
        .expect("pg_database is readable");
    if found.is_none() {
        let building = format!("building_{name}");
        execute(&mut admin, &format!("DROP DATABASE IF EXISTS {building}")).await;
        execute(&mut admin, &format!("CREATE DATABASE {building}")).await;
        let database = TestDatabase::open(sibling(server, &building), None).await;
        migrations.up(&database.store).await.expect("migrations apply");
        database.store.close().await;
        execute(&mut admin, &format!("ALTER DATABASE {building} RENAME TO {name}")).await;
    }
    execute(&mut admin, "SELECT pg_advisory_unlock(1)").await;
    name
}

/// A number for the schema that these migrations make. Their names alone do not do: a migration that is not released
/// yet may still change.
async fn fingerprint(migrations: &Migrations) -> u64 {
    let made = TestDatabase::sqlite(migrations).await;
    let sql = "SELECT COALESCE(sql, name) FROM sqlite_master ORDER BY type, name";
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    let mut hasher = DefaultHasher::new();
    for row in made.store.reader().query_all_raw(statement).await.expect("the schema is readable") {
        row.try_get_by_index::<String>(0).expect("text").hash(&mut hasher);
    }
    for migration in migrations.migrations() {
        migration.name().hash(&mut hasher);
    }
    hasher.finish()
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The URL of another database on the same server.
fn sibling(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    format!("{base}/{name}")
}
