//! `mainstay users` and `mainstay keys`, as they are typed.

use std::process::Command;

use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::house::{SECRETS, execute, no_rooms, number, texts};
use crate::process::{Folder, Running, ending_of, printed};

/// Samples that the commands below are about, and the folder of their installation.
fn with_samples(database: &TestDatabase, users: u32) -> Folder {
    let folder = Folder::new();
    let mut seed = folder.command_on(database);
    let finished = ending_of(seed.args(["db", "seed", "--users", &users.to_string()]));
    assert!(finished.status.success(), "{finished:?}");
    folder
}

fn typed(folder: &Folder, database: &TestDatabase, words: &str) -> Command {
    let mut command = folder.command_on(database);
    command.args(words.split_whitespace());
    command
}

testkit::on_both_databases! {
    migrations: no_rooms();

    async fn a_list_that_is_cut_says_so(database) {
        let folder = with_samples(&database, 3);
        let list = |words: &str| ending_of(&mut typed(&folder, &database, &format!("users list {words}")));
        for (words, shown, more) in [("", 3, false), ("--limit 3", 3, false), ("--limit 2", 2, true), ("sample-1", 1, false)] {
            let finished = list(words);
            assert_eq!(finished.stdout.lines().count(), shown, "{words}: {finished:?}");
            assert_eq!(finished.complaint() == "… and more: --limit, or a part of the name", more, "{words}: {finished:?}");
        }
        let finished = list("--limit 2 --json");
        let users: Vec<Value> = serde_json::from_str(&finished.stdout).expect("JSON alone");
        assert_eq!((users.len(), finished.complaint().contains("and more")), (2, true));
    }

    async fn an_empty_list_says_why(database) {
        let folder = Folder::new();
        Running::start(&mut folder.command_on(&database)).terminate();
        let list = |words: &str| printed(&mut typed(&folder, &database, words));
        assert_eq!(list("users list"), "There are no users yet.\n");
        assert_eq!(list("users list ada"), "There is nobody like that.\n");
    }

    async fn who_only_reads_does_not_migrate(database) {
        let folder = Folder::with_secrets(&SECRETS);
        for words in ["users list", "users show ada", "keys list", "maintenance status"] {
            let refused = ending_of(&mut typed(&folder, &database, words));
            assert_eq!(refused.status.code(), Some(1), "{words}: {refused:?}");
            let advice = "mainstay: the database is older than this program; bring it up to date with: mainstay db migrate";
            assert_eq!(refused.complaint(), advice, "{words}");
        }
        let status = printed(&mut typed(&folder, &database, "db status"));
        assert!(!status.contains("applied"), "{status}");
    }

    async fn what_was_done_to_an_account_is_shown_with_who_did_it(database) {
        let folder = with_samples(&database, 2);
        let run = |words: &str| printed(&mut typed(&folder, &database, words));
        run("users role sample-1 admin");
        run("users end-sessions sample-1");
        // As if the other sample had done it in the administration pages, from a browser.
        let root = id_of(&folder, &database, "sample-2");
        execute(&database, &format!(
            "UPDATE audit_logs SET user_id = {}, ip_address = '192.0.2.1', user_agent = 'curl/8.5.0' WHERE action = 'role_change'",
            as_id(&database, &root),
        )).await;

        let shown = run("users show sample-1");
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines[0].ends_with("  sample-1@example.org  sample-1  admin  password only"), "{shown}");
        assert!(lines[1].starts_with("  member since 2") && lines[1].ends_with("; not seen yet; sessions 0, passkeys 0, access tokens 0"), "{shown}");
        assert!(shown.contains("  sessions_end_by_admin  done  by the operator\n"), "{shown}");
        let change = "  role_change  done  by sample-2  user → admin  192.0.2.1  curl\n";
        assert!(shown.contains(change), "{shown}");

        let shown: Value = serde_json::from_str(&run("users show sample-1 --json")).expect("JSON");
        assert_eq!(shown["username"], "sample-1");
        let entries = shown["activity"].as_array().expect("a list");
        let entry = entries.iter().find(|entry| entry["action"] == "role_change").expect("an entry");
        assert_eq!((&entry["by"], &entry["details"]), (&json!({ "id": root, "username": "sample-2" }), &json!({ "from": "user", "to": "admin" })));
    }

    async fn an_account_gets_its_address_back(database) {
        let folder = with_samples(&database, 2);
        let set = |words: &str| ending_of(&mut typed(&folder, &database, &format!("users set-email {words}")));
        for (words, complaint) in [
            ("sample-1 nonsense", "mainstay: nonsense is no e-mail address"),
            ("sample-1 SAMPLE-2@example.org", "mainstay: another account has the address SAMPLE-2@example.org"),
            ("nobody a@example.org", "mainstay: there is no user nobody; look for one with: mainstay users list PART_OF_THE_NAME"),
        ] {
            assert_eq!(set(words).complaint(), complaint);
        }
        let done = set("sample-1 Ada@example.org");
        assert_eq!(done.stdout, "sample-1 has the address Ada@example.org now, and is signed out everywhere\n", "{done:?}");
        let shown = printed(&mut typed(&folder, &database, "users show ada@example.org"));
        assert!(shown.contains("email_set_by_operator  done  by the operator  sample-1@example.org → Ada@example.org"), "{shown}");
        assert!(shown.contains("sessions 0, passkeys 0, access tokens 0"), "{shown}");

        assert_eq!(set("sample-1 ada@xn--e1afmkfd.xn--p1ai").status.code(), Some(0));
        let shown = printed(&mut typed(&folder, &database, "users show ada@пример.рф"));
        assert!(shown.contains("ada@xn--e1afmkfd.xn--p1ai  sample-1"), "one address, however it is written: {shown}");
    }

    async fn a_history_that_is_cut_says_so(database) {
        let folder = with_samples(&database, 1);
        let run = |words: &str| printed(&mut typed(&folder, &database, words));
        assert!(!run("users show sample-1").contains("and more"));
        for _ in 0..11 {
            run("users disable sample-1");
            run("users enable sample-1");
        }
        let shown = run("users show sample-1");
        assert_eq!(shown.lines().filter(|line| line.contains("  by the operator")).count(), 20, "{shown}");
        assert!(shown.ends_with("  … and more before: mainstay audit tail --person USER --limit 1000\n"), "{shown}");
    }

    async fn a_mail_is_promised_when_a_server_runs(database) {
        let folder = with_samples(&database, 1);
        let said = printed(&mut typed(&folder, &database, "users start-reset sample-1"));
        assert_eq!(said, "sample-1 gets a link to choose a new password, by mail within a minute, if a server runs\n");
        let mails = texts(&database, "SELECT text FROM outgoing_mails").await;
        assert!(mails.len() == 1 && mails[0].contains("an administrator asks you to choose a new password"), "{mails:?}");
        assert_eq!(number(&database, "SELECT COUNT(*) AS n FROM outgoing_mails WHERE delivered_at IS NULL").await, 1);
    }

    async fn keys_tell_what_they_are_for_and_when_they_can_go(database) {
        let folder = with_samples(&database, 1);
        let keys = || printed(&mut typed(&folder, &database, "keys list"));
        let states = |list: &str| list.lines().map(|line| line.splitn(4, "  ").nth(3).expect("a state").to_owned()).collect::<Vec<_>>();
        assert_eq!(states(&keys()), ["in use", "in use; 0 secrets"]);
        printed(&mut typed(&folder, &database, "keys rotate"));
        let rotated = states(&keys());
        assert!(rotated.iter().any(|state| state.starts_with("verifies until 2")), "{rotated:?}");
        assert!(rotated.contains(&"replaced; 0 secrets left".to_owned()), "{rotated:?}");
        assert_eq!(rotated.len(), 4);
    }
}

fn id_of(folder: &Folder, database: &TestDatabase, name: &str) -> String {
    let shown = printed(&mut typed(folder, database, &format!("users show {name} --json")));
    let user: Value = serde_json::from_str(&shown).expect("JSON");
    user["id"].as_str().expect("an id").to_owned()
}

/// An id in SQL: SQLite keeps its bytes.
fn as_id(database: &TestDatabase, id: &str) -> String {
    if database.url.starts_with("sqlite") { format!("X'{}'", id.replace('-', "")) } else { format!("'{id}'") }
}
