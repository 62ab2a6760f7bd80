//! Targets that are no good, and what others do to them meanwhile.

use std::path::PathBuf;
use std::sync::{Arc, Barrier};

use rusqlite::Connection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{
    Difference, Event, Existing, Outcome, Plan, Progress, Run, RunError, Survey, Target, TargetError, Verify,
};

const SQL: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, x TEXT); CREATE INDEX by_a ON t (a); CREATE VIEW v AS SELECT a FROM t;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO t SELECT i, i % 10, printf('%050d', i) FROM n;";

/// A file, and the address of a database.
struct Given {
    path: PathBuf,
    plan: Plan,
    database: TestDatabase,
    _folder: TempDir,
}

impl Given {
    async fn new() -> Self {
        Self::into("public").await
    }

    async fn into(schema: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.db");
        Connection::open(&path).expect("opens").execute_batch(SQL).expect("runs");
        let Survey { schema: found, profiles } = Survey::of(&path, 1, &Progress::to_nobody()).expect("reads");
        let plan = Plan::lossless(&found, &profiles, schema);
        let database = TestDatabase::postgres(&store::Migrations::of([])).await;
        Self { path, plan, database, _folder: folder }
    }

    fn options(&self) -> PgConnectOptions {
        self.database.url.parse().expect("an address")
    }

    fn run_into(&self, options: PgConnectOptions) -> Run {
        Run::new(&self.path, self.plan.clone(), Target::new(options, "the target"), 2).expect("opens")
    }

    fn run(&self) -> Run {
        self.run_into(self.options())
    }

    async fn said(&self, options: PgConnectOptions, existing: Existing) -> String {
        let error = self.run_into(options).run(existing, &Progress::to_nobody()).await.expect_err("no good");
        error.to_string()
    }

    async fn outcome(&self) -> (Outcome, Vec<Difference>) {
        let target = Target::new(self.options(), "the target");
        let verify = Verify::new(&self.path, self.plan.clone(), target).expect("opens");
        let report = verify.verify(&Progress::to_nobody()).await.expect("compares");
        (report.outcome(), report.tables[0].differences.clone())
    }

    async fn execute(&self, sql: &str) {
        let mut admin = PgConnection::connect(&self.database.url).await.expect("connects");
        crate::moved::execute(&mut admin, sql).await;
    }
}

#[tokio::test]
async fn whoever_may_not_make_anything_is_told_what_they_need() {
    let given = Given::into("new").await;
    let database = given.options().get_database().expect("one").to_owned();
    let role = format!("limited_{database}");
    let options = given.options().username(&role);
    let nobody = given.said(options.clone(), Existing::Refuse).await;
    assert_eq!(
        nobody,
        format!(
            "the target cannot be reached: role \"{role}\" does not exist; is it running, and are address, name and password right?"
        )
    );
    given.execute(&format!("CREATE ROLE {role} LOGIN")).await;
    assert_eq!(
        given.said(options.clone(), Existing::Refuse).await,
        format!(
            "the user {role} may not make schemas in the target; let them: GRANT CREATE ON DATABASE \"{database}\" TO \"{role}\""
        )
    );
    given.execute(&format!("GRANT CREATE ON DATABASE \"{database}\" TO \"{role}\"; CREATE SCHEMA new")).await;
    assert_eq!(
        given.said(options.clone(), Existing::Refuse).await,
        format!(
            "the user {role} may not make tables in the target; let them: GRANT CREATE ON SCHEMA \"new\" TO \"{role}\""
        )
    );
    given.execute(&format!("GRANT ALL ON SCHEMA new TO \"{role}\"")).await;
    given.run_into(options).run(Existing::Refuse, &Progress::to_nobody()).await.expect("may");
    assert_eq!(given.outcome().await.0, Outcome::Equal);
    given.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}

#[tokio::test]
async fn a_schema_may_be_called_anything() {
    let long = "ß".repeat(40);
    for schema in ["we\"ird ünd 'so' on\\", "Select", &long] {
        let given = Given::into(schema).await;
        given
            .run()
            .run(Existing::Refuse, &Progress::to_nobody())
            .await
            .unwrap_or_else(|error| panic!("{schema}: {error}"));
        assert_eq!(given.outcome().await, (Outcome::Equal, vec![]), "{schema}");
    }
}

#[tokio::test]
async fn what_does_not_answer_or_is_not_there_is_said_to() {
    let given = Given::new().await;
    let said = given.said(given.options().port(1), Existing::Refuse).await;
    assert!(said.starts_with("the target cannot be reached: ") && said.contains("is it running"), "{said}");
    let said = given.said(given.options().database("nothing"), Existing::Refuse).await;
    assert!(said.starts_with("the target cannot be reached: database \"nothing\" does not exist"), "{said}");
}

#[tokio::test]
async fn a_database_that_lacks_characters_is_refused() {
    let given = Given::new().await;
    for encoding in ["SQL_ASCII", "LATIN1"] {
        let name = format!("{}_{}", given.options().get_database().expect("one"), encoding.to_lowercase());
        given
            .execute(&format!(
                "CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
            ))
            .await;
        let said = given.said(given.options().database(&name), Existing::Refuse).await;
        assert!(
            said.starts_with(&format!("the target has the encoding {encoding}, which does not have all characters; make a database with UTF8:")),
            "{said}"
        );
        given.execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

#[tokio::test]
async fn what_is_there_already_is_left_alone_unless_somebody_says_otherwise() {
    let given = Given::into("used").await;
    given
        .execute("CREATE SCHEMA used; CREATE TABLE used.other (a INT); INSERT INTO used.other VALUES (1)")
        .await;
    assert_eq!(
        given.said(given.options(), Existing::Refuse).await,
        "the schema used of the target is not empty: it has other. Choose another with --schema, or say what to do with what \
         is there: --existing keep, or --existing drop"
    );
    for name in ["TABLE used.t (a INT)", "VIEW used.v AS SELECT 1 AS one", "VIEW used.t AS SELECT 1 AS one"] {
        given.execute(&format!("CREATE {name}")).await;
        let said = given.said(given.options(), Existing::Keep).await;
        assert!(said.starts_with("the schema used of the target is not empty: it has "), "{name}: {said}");
        given.run().run(Existing::Drop, &Progress::to_nobody()).await.expect("makes room");
        assert_eq!(given.outcome().await.0, Outcome::Equal, "{name}");
        given.execute("DROP TABLE used.t CASCADE").await;
    }
    given.execute("CREATE INDEX by_a ON used.other (a)").await;
    let moved = given.run().run(Existing::Keep, &Progress::to_nobody()).await.expect("there is room");
    assert_eq!(moved.troubles, ["relation \"by_a\" already exists: the index stays behind"]);
    assert_eq!(given.outcome().await.0, Outcome::Equal);
    given.execute("UPDATE used.other SET a = 2 WHERE a = 1").await;
}

#[tokio::test]
async fn what_needs_what_is_to_go_stays_and_is_named() {
    let given = Given::into("needed").await;
    given.execute("CREATE SCHEMA needed; CREATE TABLE needed.t (a INT PRIMARY KEY); INSERT INTO needed.t VALUES (1)").await;
    given.execute("CREATE VIEW needed.ours AS SELECT a FROM needed.t; CREATE TABLE needed.other (a INT REFERENCES needed.t)").await;
    let said = given.said(given.options(), Existing::Drop).await;
    assert!(
        said.starts_with("the target does not drop what is there, for something else needs it"),
        "{said}"
    );
    assert!(said.contains("view needed.ours") && said.contains("needed.other"), "{said}");
    given.execute("INSERT INTO needed.other SELECT a FROM needed.ours").await;
}

/// Says when rows begin to move, and has them wait until somebody says so.
fn paused() -> (Progress, Arc<Barrier>) {
    let (barrier, met) = (Arc::new(Barrier::new(2)), Arc::new(std::sync::atomic::AtomicBool::new(false)));
    let at = Arc::clone(&barrier);
    let progress = Progress::to(move |event| {
        let is_first = matches!(event, Event::Moved { rows: 1.., .. })
            && !met.swap(true, std::sync::atomic::Ordering::SeqCst);
        if is_first {
            at.wait();
            at.wait();
        }
    });
    (progress, barrier)
}

async fn meet(barrier: &Arc<Barrier>) {
    let barrier = Arc::clone(barrier);
    tokio::task::spawn_blocking(move || barrier.wait()).await.expect("waits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_connections_is_told_of_and_the_move_goes_on_later() {
    let given = Given::new().await;
    let (progress, barrier) = paused();
    let run = given.run();
    let running = tokio::spawn(async move { run.run(Existing::Keep, &progress).await });
    meet(&barrier).await;
    given
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mainstay transfer' AND datname = current_database()")
        .await;
    meet(&barrier).await;
    let error = running.await.expect("ends").expect_err("no connection");
    assert!(matches!(error, RunError::Target(TargetError::Lost { .. })), "{error:?}");
    assert!(error.to_string().ends_with("mainstay transfer resume"), "{error}");
    given.run().resume(&Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(given.outcome().await, (Outcome::Equal, vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_moves_into_one_schema_do_not_run_at_once() {
    let given = Given::new().await;
    let (progress, barrier) = paused();
    let run = given.run();
    let running = tokio::spawn(async move { run.run(Existing::Keep, &progress).await });
    meet(&barrier).await;
    let taken = "another transfer into the schema public of the target is running; wait for it, or stop it";
    assert_eq!(given.said(given.options(), Existing::Keep).await, taken);
    let error = given.run().resume(&Progress::to_nobody()).await.expect_err("taken");
    assert_eq!(error.to_string(), taken);
    meet(&barrier).await;
    running.await.expect("ends").expect("moves");
    assert_eq!(given.outcome().await, (Outcome::Equal, vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_write_meanwhile_is_found() {
    let given = Given::new().await;
    let (progress, barrier) = paused();
    let run = given.run();
    let running = tokio::spawn(async move { run.run(Existing::Keep, &progress).await });
    meet(&barrier).await;
    given.execute("INSERT INTO t VALUES (99999, 1, 'of somebody else')").await;
    meet(&barrier).await;
    running.await.expect("ends").expect("moves");
    let stranger = Difference::OnlyInTarget { key: "99999".to_owned() };
    assert_eq!(given.outcome().await, (Outcome::Different, vec![stranger]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_others_that_is_in_the_way_is_named() {
    let given = Given::new().await;
    let (progress, barrier) = paused();
    let run = given.run();
    let running = tokio::spawn(async move { run.run(Existing::Keep, &progress).await });
    meet(&barrier).await;
    given.execute("INSERT INTO t VALUES (7, 1, 'of somebody else')").await;
    meet(&barrier).await;
    let moved = running.await.expect("ends").expect("moves");
    assert!(moved.troubles[0].contains("Key (id)=(7) is duplicated"), "{moved:?}");
    assert_eq!(given.outcome().await.0, Outcome::Different);
}
