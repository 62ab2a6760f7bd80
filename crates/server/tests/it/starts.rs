//! First and later starts of the real binary, and its end.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use serde_json::json;

use crate::house::no_rooms;
use crate::process::{Folder, Running};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).mode() & 0o777
}

/// The token of the setup link that was printed, if there was one.
fn setup_token(printed: &str) -> Option<String> {
    let (_, token) = printed.split_once("/setup#token=")?;
    token.lines().next().map(str::to_owned)
}

// ASVS 13.3.1
#[test]
fn everything_that_is_kept_is_for_its_owner_only() {
    let folder = Folder::new();
    let finished = Running::start(&mut folder.command()).terminate();
    assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    let data = folder.data();
    assert_eq!((mode(&data), mode(&data.join("secrets"))), (0o700, 0o700));
    assert_eq!(mode(&data.join("secrets/csrf.key")), 0o600);
    assert_eq!(mode(&data.join("mainstay.sqlite")), 0o600);
}

#[test]
fn the_files_beside_a_running_database_are_for_its_owner_only_too() {
    let folder = Folder::new();
    let _running = Running::start(&mut folder.command());
    for companion in ["mainstay.sqlite-wal", "mainstay.sqlite-shm"] {
        assert_eq!(mode(&folder.data().join(companion)), 0o600, "{companion}");
    }
}

testkit::on_both_databases! {
    migrations: no_rooms();

    async fn the_first_start_prints_two_lines_and_later_ones_what_is_still_needed(database) {
        let folder = Folder::new();
        let mut command = folder.command_on(&database);

        let first = Running::start(&mut command);
        let url = first.url.clone();
        first.client().get("/api/health").await;
        let finished = first.terminate();
        assert_eq!(finished.status.code(), Some(0), "{finished:?}");
        let lines: Vec<_> = finished.stdout.lines().collect();
        assert_eq!(lines.len(), 2, "{finished:?}");
        assert!(lines[1].starts_with(&format!("Create the administrator: {url}/setup#token=")), "{finished:?}");
        let withdrawn = setup_token(&finished.stdout).expect("a link");
        assert!(!finished.stderr.contains(&withdrawn), "the link is not for the log");

        let second = Running::start(&mut command).terminate();
        let fresh = setup_token(&second.stdout).expect("a fresh link");
        assert_ne!(fresh, withdrawn);

        let third = Running::start(&mut command);
        let client = third.client();
        let set_up = |token: &str| json!({ "token": token, "email": "root@example.org", "username": "root", "password": "correct horse battery" });
        for dead in [&withdrawn, &fresh] {
            assert_eq!(client.post("/api/auth/setup", &set_up(dead)).await.code(), "link_invalid");
        }
        let finished = third.terminate();
        let printed = setup_token(&finished.stdout).expect("a fresh link");

        // A link from the terminal of a server that has stopped still works until the next start.
        let other = crate::process::printed(folder.command_on(&database).args(["admin", "setup-link"]));
        assert_ne!(setup_token(&other), Some(printed));
    }

    async fn once_there_is_an_administrator_no_link_is_printed(database) {
        let folder = Folder::new();
        let mut command = folder.command_on(&database);
        let first = Running::start(&mut command);
        let token = setup_token(&crate::process::printed(folder.command_on(&database).args(["admin", "setup-link"])));
        let wish = json!({ "token": token, "email": "root@example.org", "username": "root", "password": "correct horse battery" });
        assert_eq!(first.client().post("/api/auth/setup", &wish).await.status.as_u16(), 201);
        first.terminate();

        let running = Running::start(&mut command);
        assert_eq!(running.client().get("/api/health").await.status.as_u16(), 200);
        let finished = running.terminate();
        assert_eq!(finished.stdout.lines().count(), 1, "{finished:?}");
        let refused = crate::process::ending_of(folder.command_on(&database).args(["admin", "setup-link"]));
        assert_eq!((refused.status.code(), refused.stdout.as_str()), (Some(1), ""));
        assert_eq!(refused.complaint(), "mainstay: there is an administrator already");
    }

    async fn sessions_and_what_protects_them_survive_a_restart(database) {
        let folder = Folder::new();
        let mut command = folder.command_on(&database);
        let running = Running::start(&mut command);
        let client = running.client();
        client.post("/api/auth/signup", &json!({ "email": "ada@example.org", "username": "ada", "password": "correct horse battery" })).await;
        let token = testkit::until("the mail", async || {
            let mails = client.get("/api/dev/mail").await.text;
            let (_, token) = mails.split_once("#token=")?;
            Some(token[..43].to_owned())
        }).await;
        let confirmation = json!({ "token": token, "password": "correct horse battery" });
        client.post("/api/auth/verify-email", &confirmation).await;
        let session = client.cookie(accounts::REFRESH_COOKIE).expect("signed in");
        assert_eq!(running.terminate().status.code(), Some(0));

        let running = Running::start(&mut command);
        let client = running.client();
        client.forge_cookie(accounts::REFRESH_COOKIE, &session);
        assert_eq!(client.post("/api/auth/refresh", &json!({})).await.status.as_u16(), 200);
        assert_eq!(client.get("/api/auth/me").await.json()["username"], "ada");
    }
}
