//! Commands beside `serve`, as they are typed.

use std::fs;

use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::house::{no_rooms, number};
use crate::process::{Folder, Running, ending_of, printed};

#[test]
fn the_default_configuration_reads_back_as_valid() {
    let folder = Folder::new();
    let file = printed(folder.command().args(["config", "default"]));
    let path = folder.path().join("mine.toml");
    let check = || printed(folder.command().args(["config", "check", "--config"]).arg(&path));
    fs::write(&path, &file).expect("written");
    assert!(check().starts_with("The configuration is valid: development, SQLite in "));

    // With every default written out, nothing changes.
    let spoken_out: Vec<_> = file
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') && !setting.ends_with('=') => setting,
            _ => line,
        })
        .collect();
    assert!(spoken_out.iter().filter(|line| line.contains(" = ")).count() > 20, "{file}");
    fs::write(&path, spoken_out.join("\n")).expect("written");
    check();
}

#[test]
fn checking_a_configuration_ends_with_its_verdict() {
    let folder = Folder::new();
    let finished = ending_of(folder.command().args(["config", "check"]).env("LOG_LEVEL", "a=b=c"));
    assert_eq!((finished.status.code(), finished.stdout.as_str()), (Some(1), ""));
    assert!(finished.stderr.contains("LOG_LEVEL: must be error, warn, info"), "{finished:?}");
    assert!(!folder.data().exists(), "a check makes nothing");
}

#[test]
fn the_schema_is_json_and_names_every_section() {
    let folder = Folder::new();
    let schema: Value =
        serde_json::from_str(&printed(folder.command().args(["config", "schema"]))).expect("JSON");
    for section in ["server", "store", "guard", "accounts", "mail", "log"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
}

#[test]
fn help_and_version_are_there() {
    let folder = Folder::new();
    assert_eq!(
        printed(folder.command().arg("--version")),
        format!("mainstay {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = printed(folder.command().arg("--help"));
    for command in ["serve", "db", "config", "admin", "openapi"] {
        assert!(help.contains(command), "{help}");
    }
}

testkit::on_both_databases! {
    migrations: no_rooms();

    async fn migrations_go_up_and_down_and_tell_what_they_did(database) {
        let folder = Folder::new();
        let db = |arguments: &[&str]| printed(folder.command_on(&database).arg("db").args(arguments));
        let applied = || -> Vec<bool> {
            let status: Vec<Value> = serde_json::from_str(&db(&["status", "--json"])).expect("JSON");
            status.iter().map(|migration| migration["applied"].as_bool().expect("a verdict")).collect()
        };
        let all = applied().len();
        assert!(all >= 2);
        assert_eq!(applied(), vec![false; all]);
        assert_eq!(db(&["status"]).lines().filter(|line| line.starts_with("pending  m")).count(), all);

        assert_eq!(db(&["migrate"]).lines().filter(|line| line.starts_with("applied m")).count(), all);
        assert_eq!(db(&["migrate"]), "The database is up to date.\n");
        assert_eq!(applied(), vec![true; all]);

        assert_eq!(db(&["rollback"]).lines().count(), 1);
        assert_eq!(applied().iter().filter(|applied| **applied).count(), all - 1);
        assert_eq!(db(&["rollback", "--steps", "99"]).lines().filter(|line| line.starts_with("took back m")).count(), all - 1);
        assert_eq!(db(&["rollback"]), "There is nothing to take back.\n");
        assert_eq!(applied(), vec![false; all]);
        db(&["migrate"]);
        assert_eq!(applied(), vec![true; all]);
    }

    async fn sample_users_can_sign_in(database) {
        let folder = Folder::new();
        let seed = || ending_of(folder.command_on(&database).args(["db", "seed", "--users", "3"]));
        let finished = seed();
        assert!(finished.status.success(), "{finished:?}");
        assert!(finished.stderr.contains("3 of 3 sample users"), "{finished:?}");
        let (_, password) = finished.stdout.trim().rsplit_once("password ").expect("a password");
        assert!(seed().status.success(), "a second time does no harm");
        assert_eq!(number(&database, "SELECT COUNT(*) AS n FROM users").await, 3);

        let running = Running::start(&mut folder.command_on(&database));
        for n in 1..=3 {
            let body = json!({ "email": format!("sample-{n}@example.org"), "password": password });
            assert_eq!(running.client().post("/api/auth/login", &body).await.status.as_u16(), 200);
        }
    }

    async fn a_reader_who_has_seen_enough_is_no_error(database) {
        let folder = Folder::new();
        assert!(ending_of(folder.command_on(&database).args(["db", "seed", "--users", "300"])).status.success());
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let mut command = folder.command_on(&database);
        command.args(["users", "list", "--limit", "300", "--json"]).stdout(writer);
        drop(reader);
        let finished = ending_of(&mut command);
        assert_eq!((finished.status.code(), finished.stderr.as_str()), (Some(0), ""));
    }

    async fn production_refuses_sample_users(database) {
        let folder = Folder::new();
        let mut command = folder.command_on(&database);
        command.args(["db", "seed"]).envs([
            ("NODE_ENV", "production"),
            ("APP_URL", "https://a.example"),
            ("MAINSTAY__MAIL__SMTP_HOST", "127.0.0.1"),
            ("MAINSTAY__ACCOUNTS__PASSWORD__MEMORY_KIB", "7168"),
        ]);
        let finished = ending_of(&mut command);
        assert_eq!((finished.status.code(), finished.stdout.as_str()), (Some(1), ""));
        assert_eq!(finished.complaint(), "mainstay: sample users are for development; this is production");
    }

    async fn a_setup_link_from_another_terminal_works_at_the_running_server(database) {
        let folder = Folder::new();
        let running = Running::start(&mut folder.command_on(&database));
        let link = printed(folder.command_on(&database).args(["admin", "setup-link"]).env("APP_URL", "http://a.example"));
        let token = link.trim().strip_prefix("Create the administrator: http://a.example/setup#token=").expect("a link");
        let body = json!({ "token": token, "email": "root@example.org", "username": "root", "password": "correct horse battery" });
        assert_eq!(running.client().post("/api/auth/setup", &body).await.status.as_u16(), 201);
        let again = ending_of(folder.command_on(&database).args(["admin", "setup-link"]));
        assert_eq!(again.complaint(), "mainstay: there is an administrator already");
    }
}

#[test]
fn a_plan_is_shown_only_where_it_can_be_written() {
    let folder = Folder::new();
    let app = folder.path().join("app.db");
    // An empty file is a database without tables.
    fs::write(&app, "").expect("written");
    let plan =
        |name: &str| ending_of(folder.command().args(["transfer", "plan"]).arg(&app).args(["--out", name]));
    assert_eq!(plan("plan.toml").status.code(), Some(0));
    let refused = plan("plan.toml");
    assert_eq!((refused.status.code(), refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("plan.toml exists already; choose another name"), "{refused:?}");
}

#[tokio::test]
async fn a_move_of_no_tables_says_so() {
    let database = TestDatabase::postgres(&store::Migrations::of(no_rooms())).await;
    let folder = Folder::new();
    let app = folder.path().join("app.db");
    fs::write(&app, "").expect("written");
    let moved = printed(folder.command().args(["transfer", "run"]).arg(&app).args([
        "--existing",
        "keep",
        &database.url,
    ]));
    assert_eq!(moved, "There are no tables in it.\n");
}
