//! A power cut in the middle of a rush: what was promised is there.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::mpsc;

use crate::house::{number, rooms, texts};
use crate::process::{Folder, Running, ending_of};

const SIGN_UPS: usize = 200;

/// Signs up many at once; the names of those who were accepted come out, one by one.
fn rush(url: &str) -> mpsc::UnboundedReceiver<String> {
    let (accepted, answered) = mpsc::unbounded_channel();
    let http = testkit::http().build().expect("a client");
    let target: Arc<str> = format!("{url}/api/auth/signup").into();
    for n in 0..SIGN_UPS {
        let (accepted, http, target) = (accepted.clone(), http.clone(), Arc::clone(&target));
        tokio::spawn(async move {
            let name = format!("user-{n}");
            let body = json!({ "email": format!("{name}@example.org"), "username": name, "password": "correct horse battery" });
            match http
                .post(&*target)
                .header("x-forwarded-for", format!("10.0.0.{n}"))
                .json(&body)
                .send()
                .await
            {
                Ok(answer) if answer.status().as_u16() == 202 => drop(accepted.send(name)),
                _ => {}
            }
        });
    }
    answered
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 2.3.3
    async fn whoever_was_answered_before_the_end_exists_and_has_mail_coming(database) {
        let folder = Folder::new();
        // With the real cost of a hash the rush takes seconds, and the end comes in the middle of it.
        let mut first = folder.command_on(&database);
        first.env("MAINSTAY__ACCOUNTS__PASSWORD__MEMORY_KIB", "19456");
        // So that each comes from an address of their own.
        first.env("MAINSTAY__GUARD__TRUSTED_PROXIES", "127.0.0.1/32");
        let running = Running::start(&mut first);
        let mut answered = rush(&running.url);
        let mut accepted = HashSet::new();
        while accepted.len() < SIGN_UPS / 3 {
            accepted.insert(answered.recv().await.expect("a third is answered"));
        }
        running.kill();
        while let Some(name) = answered.recv().await {
            accepted.insert(name);
        }
        assert!(accepted.len() < SIGN_UPS, "the end came too late to mean anything");

        let running = Running::start(&mut folder.command_on(&database));
        let users: HashSet<String> = texts(&database, "SELECT username FROM users").await.into_iter().collect();
        let lost: Vec<_> = accepted.difference(&users).collect();
        assert!(lost.is_empty(), "answered and gone: {lost:?}");
        let recipients = texts(&database, "SELECT recipient FROM outgoing_mails").await;
        let mailed: HashSet<_> = recipients.iter().filter_map(|to| to.strip_suffix("@example.org")).collect();
        assert_eq!(mailed, users.iter().map(String::as_str).collect(), "each account has mail, and no mail is without one");
        assert_eq!(recipients.len(), users.len());
        let links = number(&database, "SELECT COUNT(*) AS n FROM one_time_links WHERE user_id IS NOT NULL").await;
        assert_eq!(usize::try_from(links), Ok(users.len()));
        let entries = number(&database, "SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'sign_up'").await;
        assert_eq!(usize::try_from(entries), Ok(users.len()), "each account has its entry, and no entry is without one");
        if database.url.starts_with("sqlite") {
            assert_eq!(texts(&database, "PRAGMA integrity_check").await, ["ok"]);
            assert_eq!(texts(&database, "SELECT \"table\" FROM pragma_foreign_key_check").await, [""; 0]);
        }

        let waiting = "SELECT COUNT(*) AS n FROM outgoing_mails WHERE delivered_at IS NULL AND attempts = 0";
        testkit::until("the mail that waited", async || (number(&database, waiting).await == 0).then_some(())).await;
        assert_eq!(running.terminate().status.code(), Some(0));
        let verified = ending_of(folder.command_on(&database).args(["audit", "verify"]));
        assert_eq!(verified.status.code(), Some(0), "the chain is whole: {verified:?}");
    }
}
