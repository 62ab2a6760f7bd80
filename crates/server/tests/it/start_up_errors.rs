//! What a person reads when the program cannot start: one clear sentence, no secret, no panic.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::house::{execute, number, rooms};
use crate::process::{Folder, Running, ending_of};

const SOME_KEY: &str = "01938a5c-0000-7000-8000-000000000000";

/// Runs what cannot work; gives the one sentence after `mainstay: `.
fn refused(command: &mut Command) -> String {
    let finished = ending_of(command);
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    assert!(!finished.stdout.contains("ready"), "{finished:?}");
    for wrong in ["panicked", "hunter2", "RUST_BACKTRACE", " ERROR "] {
        assert!(!finished.stderr.contains(wrong), "{wrong} in {finished:?}");
    }
    let complaint = finished.complaint();
    complaint.strip_prefix("mainstay: ").unwrap_or_else(|| panic!("{finished:?}")).to_owned()
}

fn one_line(command: &mut Command) -> String {
    let sentence = refused(command);
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    sentence
}

#[test]
fn a_port_that_is_taken() {
    let (folder, taken) = (Folder::new(), TcpListener::bind("127.0.0.1:0").expect("a port"));
    let address = taken.local_addr().expect("bound").to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.env_clear().current_dir(folder.path()).args(["--listen", &address]);
    let expected = format!(
        "another program listens on {address} already; stop it, or choose another address with --listen"
    );
    assert_eq!(one_line(&mut command), expected);
}

#[test]
fn an_address_of_another_machine() {
    let folder = Folder::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.env_clear().current_dir(folder.path()).args(["--listen", "192.0.2.1:8080"]);
    assert!(one_line(&mut command).contains("192.0.2.1:8080 is not an address of this machine"));
}

#[test]
fn a_data_folder_that_is_a_file() {
    let folder = Folder::new();
    fs::write(folder.data(), "not a folder").expect("a file");
    let sentence = one_line(&mut folder.command());
    assert!(sentence.contains("cannot be written to") && sentence.contains("--data"), "{sentence}");
    assert_eq!(fs::read_to_string(folder.data()).expect("still there"), "not a folder");
}

// A mistyped folder must not begin an installation that answers as if it were the right one.
#[test]
fn a_command_about_an_installation_that_is_not_there() {
    let folder = Folder::new();
    let about_users = [
        "list",
        "show",
        "disable",
        "enable",
        "end-sessions",
        "revoke-tokens",
        "start-reset",
        "start-recovery",
    ];
    let about_users = about_users.map(|command| ["users", command, "ada"]);
    let about_keys =
        [["keys", "list", "--json"], ["keys", "rotate", "sealing"], ["keys", "retire", SOME_KEY]];
    for arguments in about_users.iter().chain(&about_keys) {
        let sentence = one_line(folder.command().args(arguments));
        let words =
            format!("there is no installation in {} (no secrets/root.key); ", folder.data().display());
        assert!(sentence.starts_with(&words) && sentence.contains("--data"), "{arguments:?}: {sentence}");
        assert!(!folder.data().exists(), "{arguments:?} makes nothing");
    }
    for arguments in [["db", "status"], ["db", "rollback"]] {
        let sentence = one_line(folder.command().args(arguments));
        assert!(
            sentence.starts_with("there is no database in ") && sentence.contains("--data"),
            "{sentence}"
        );
        assert!(!folder.data().exists(), "{arguments:?} makes nothing");
    }
}

#[test]
fn a_data_folder_of_somebody_else() {
    let folder = Folder::new();
    Running::start(&mut folder.command()).terminate();
    let secrets = folder.data().join("secrets");
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o000)).expect("allowed");
    // Nothing is closed to root.
    if secrets.join("root.key").try_exists().is_err() {
        let sentence = one_line(folder.command().args(["users", "list"]));
        assert!(sentence.contains("is not for this user; run this as the one who serves"), "{sentence}");
    }
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o700)).expect("allowed");
}

// As when the server's DATABASE_URL is forgotten.
#[test]
fn an_installation_without_its_database() {
    let folder = Folder::new();
    Running::start(&mut folder.command()).terminate();
    let elsewhere = folder.path().join("elsewhere.sqlite");
    let url = format!("sqlite:{}", elsewhere.display());
    for arguments in [["users", "list"], ["keys", "rotate"], ["db", "status"], ["db", "rollback"]] {
        let sentence = one_line(folder.command().args(arguments).env("DATABASE_URL", &url));
        let words = format!("there is no database in {}; ", elsewhere.display());
        assert!(sentence.starts_with(&words) && sentence.contains("DATABASE_URL"), "{sentence}");
        assert!(!elsewhere.exists(), "{arguments:?} makes nothing");
    }
}

#[test]
fn several_mistakes_in_the_configuration_at_once() {
    let folder = Folder::new();
    fs::write(
        folder.path().join("mainstay.toml"),
        "[mail]\nsmtp_port = \"x\"\nsmtp_passwort = \"hunter2\"\n[server]\nmax_connections = 0\n",
    )
    .expect("a file");
    let sentence = refused(folder.command().env("NODE_ENV", "prod").env("MAINSTAY__GUARD__ORIGIN", "x"));
    assert!(sentence.starts_with("the configuration has 5 mistakes:\n"), "{sentence}");
    for part in [
        "mail.smtp_port",
        "did you mean mail.smtp_password?",
        "server.max_connections",
        "NODE_ENV",
        "did you mean MAINSTAY__GUARD__ORIGINS?",
    ] {
        assert!(sentence.contains(part), "{part} not in {sentence}");
    }
}

#[test]
fn a_configuration_that_is_no_toml() {
    let folder = Folder::new();
    fs::write(folder.path().join("mainstay.toml"), "[mail]\nsmtp_password = hunter2\n").expect("a file");
    let sentence = refused(&mut folder.command());
    assert!(sentence.contains("the configuration file, line 2"), "{sentence}");
}

#[test]
fn a_configuration_file_that_is_not_there() {
    let folder = Folder::new();
    let sentence = refused(folder.command().args(["--config", "elsewhere.toml"]));
    assert!(
        sentence.contains("elsewhere.toml: the file cannot be read (No such file or directory"),
        "{sentence}"
    );
}

#[test]
fn a_database_of_an_unknown_kind() {
    let folder = Folder::new();
    let sentence = refused(folder.command().env("DATABASE_URL", "mysql://ada:hunter2@localhost/app"));
    assert!(
        sentence.contains("must start with postgres:// or sqlite: (this one starts with \"mysql\")"),
        "{sentence}"
    );
}

// Each connection would have a database of its own.
#[test]
fn a_database_that_lives_in_memory() {
    let folder = Folder::new();
    let mut command = folder.command();
    // Looking at the configuration is enough, and ends.
    let sentence = refused(command.args(["config", "check"]).env("DATABASE_URL", "sqlite::memory:"));
    assert!(sentence.contains("sqlite:PATH"), "{sentence}");
}

#[test]
fn a_database_server_that_is_not_there() {
    let folder = Folder::new();
    let sentence = one_line(folder.command().env("DATABASE_URL", "postgres://ada:hunter2@127.0.0.1:1/app"));
    assert!(sentence.starts_with("PostgreSQL at 127.0.0.1:1/app cannot be reached: "), "{sentence}");
    assert_eq!(sentence.matches("Connection refused").count(), 1, "the cause is told once: {sentence}");
}

#[test]
fn a_database_file_that_is_no_database() {
    let folder = Folder::new();
    fs::create_dir(folder.data()).expect("a folder");
    fs::write(
        folder.data().join("mainstay.sqlite"),
        "this is certainly no database, and long enough".repeat(100),
    )
    .expect("a file");
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(folder.data().join("mainstay.sqlite"), private).expect("allowed");
    let sentence = one_line(&mut folder.command());
    assert!(sentence.contains("mainstay.sqlite"), "the person must learn which file: {sentence}");
}

#[test]
fn a_secret_that_is_damaged_or_that_others_can_read() {
    let folder = Folder::new();
    Running::start(&mut folder.command()).terminate();
    let secret = folder.data().join("secrets/csrf.key");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).expect("allowed");
    let sentence = one_line(&mut folder.command());
    assert!(sentence.contains(&format!("run: chmod 600 {}", secret.display())), "{sentence}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("allowed");
    fs::write(&secret, "hunter2").expect("written");
    let sentence = one_line(&mut folder.command());
    assert!(sentence.contains("is damaged (7 bytes instead of 32)"), "{sentence}");
}

#[test]
fn production_without_what_protects_people() {
    let folder = Folder::new();
    let sentence = refused(folder.command().env("NODE_ENV", "production"));
    assert!(sentence.contains("mail.smtp_host") && sentence.contains("server.public_url"), "{sentence}");
}

#[test]
fn a_word_on_the_command_line_that_means_nothing() {
    let folder = Folder::new();
    for arguments in
        [["migrate"].as_slice(), &["db"], &["db", "status", "--yaml"], &["serve", "--listen", "nowhere"]]
    {
        let finished = ending_of(folder.command().args(arguments));
        assert_eq!(finished.status.code(), Some(2), "{finished:?}");
        assert!(finished.stderr.contains("--help"), "{finished:?}");
    }
}

#[test]
fn a_word_that_is_no_key() {
    let folder = Folder::new();
    let finished = ending_of(folder.command().args(["keys", "retire", "nonsense"]));
    assert_eq!(finished.status.code(), Some(2), "{finished:?}");
    assert!(finished.stderr.contains("this is no key id; see: mainstay keys list"), "{finished:?}");
}

testkit::on_both_databases! {
    migrations: rooms();

    // PostgreSQL is there whatever --data says; the keys of its secrets are not.
    async fn a_database_without_the_secrets_of_its_installation(database) {
        let folder = Folder::new();
        for arguments in [["users", "list"], ["keys", "rotate"]] {
            let sentence = one_line(folder.command_on(&database).args(arguments));
            assert!(sentence.starts_with("there is no installation in "), "{sentence}");
        }
        assert_eq!(number(&database, "SELECT COUNT(*) AS n FROM keys").await, 0);
        let status = ending_of(folder.command_on(&database).args(["db", "status"]));
        assert!(status.status.success(), "needs no secrets: {status:?}");
        assert!(!folder.data().exists(), "nothing was made");
    }

    async fn a_database_that_a_newer_version_has_used(database) {
        execute(&database, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_future', 0)").await;
        let folder = Folder::new();
        for command in [["serve"].as_slice(), &["db", "migrate"], &["db", "status"], &["db", "rollback"], &["db", "seed"]] {
            let sentence = one_line(folder.command_on(&database).args(command));
            assert!(sentence.contains("newer version of Mainstay") && sentence.contains("m29990101_000001_future"), "{sentence}");
        }
    }
}
