//! The way to an SMTP server: encrypted, and to nobody but the server that was meant.

use std::path::PathBuf;

use serde_json::json;

use crate::process::{Folder, Running};
use crate::smtp_server::{Authority, Heard, SmtpServer, Tls};

/// The real program, which has mail for a server on this machine and a name and a password for it. It trusts the
/// authorities of the system, or only those of a file.
async fn with_mail(folder: &Folder, server: &SmtpServer, tls: Tls, trusted: Option<PathBuf>) -> Running {
    let security = if tls == Tls::FromTheStart { "tls" } else { "starttls" };
    let mut command = folder.command();
    command.envs([
        ("MAINSTAY__MAIL__SMTP_HOST", "localhost"),
        ("MAINSTAY__MAIL__SMTP_PORT", &server.port.to_string()),
        ("MAINSTAY__MAIL__SMTP_SECURITY", security),
        ("MAINSTAY__MAIL__SMTP_USERNAME", "ada"),
        ("MAINSTAY__MAIL__SMTP_PASSWORD", "hunter2"),
    ]);
    if let Some(file) = trusted {
        command.env("SSL_CERT_FILE", file);
    }
    let running = Running::start(&mut command);
    let wish = json!({ "email": "ada@example.org", "username": "ada", "password": "correct horse battery" });
    let answer = running.client().post("/api/auth/signup", &wish).await;
    assert_eq!(answer.status.as_u16(), 202, "{answer:?}");
    running
}

fn in_clear(heard: &[Heard]) -> Vec<&str> {
    let lines = heard.iter().filter_map(|it| if let Heard::InClear(line) = it { Some(line) } else { None });
    lines.map(|line| line.split(' ').next().unwrap_or_default()).collect()
}

fn sealed(heard: &[Heard]) -> String {
    let lines = heard.iter().filter_map(|it| if let Heard::Sealed(line) = it { Some(line) } else { None });
    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// The certificate was looked at and refused, and nothing that matters was said before or after.
fn assert_refused(heard: &[Heard], why: &str) {
    let refusal = heard.iter().find_map(|it| if let Heard::Refused(words) = it { Some(words) } else { None });
    assert!(refusal.is_some_and(|words| words.contains(why)), "{heard:?}");
    assert_eq!(sealed(heard), "", "{heard:?}");
    assert!(in_clear(heard).iter().all(|word| ["EHLO", "STARTTLS"].contains(word)), "{heard:?}");
}

const BOTH: [Tls; 2] = [Tls::FromTheStart, Tls::AfterStarttls];

// ASVS 12.3.1
// ASVS 13.2.1 - SMTP
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_and_password_go_encrypted_to_a_server_that_an_authority_vouches_for() {
    for tls in BOTH {
        let (folder, authority) = (Folder::new(), Authority::new("ours"));
        let mut server = SmtpServer::start(&authority, "localhost", tls).await;
        let _running = with_mail(&folder, &server, tls, Some(authority.file(folder.path()))).await;
        let heard = server.heard_until(&Heard::Sealed(".".to_owned())).await;
        let dialogue = sealed(&heard);
        for part in ["AUTH PLAIN", "MAIL FROM:", "RCPT TO:<ada@example.org>", "verify-email#token="] {
            assert!(dialogue.contains(part), "{part} with {tls:?} not in {dialogue}");
        }
        let expected: &[&str] = if tls == Tls::FromTheStart { &[] } else { &["EHLO", "STARTTLS"] };
        assert_eq!(in_clear(&heard), expected);
    }
}

// ASVS 12.3.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_nobody_known_vouches_for_gets_neither_mail_nor_password() {
    for tls in BOTH {
        let (folder, authority, another) = (Folder::new(), Authority::new("ours"), Authority::new("another"));
        let mut server = SmtpServer::start(&authority, "localhost", tls).await;
        let _running = with_mail(&folder, &server, tls, Some(another.file(folder.path()))).await;
        assert_refused(&server.heard_until(&Heard::Gone).await, "UnknownCA");
    }
}

// ASVS 12.3.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_the_certificate_of_another_gets_neither_mail_nor_password() {
    for tls in BOTH {
        let (folder, authority) = (Folder::new(), Authority::new("ours"));
        let mut server = SmtpServer::start(&authority, "elsewhere.example", tls).await;
        let _running = with_mail(&folder, &server, tls, Some(authority.file(folder.path()))).await;
        assert_refused(&server.heard_until(&Heard::Gone).await, "BadCertificate");
    }
}

// Somebody in between who takes the offer of TLS out of the dialogue gets nothing by it.
// ASVS 12.3.1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_starttls_that_was_asked_for_nothing_is_said() {
    let (folder, authority) = (Folder::new(), Authority::new("ours"));
    let mut server = SmtpServer::start(&authority, "localhost", Tls::Never).await;
    let _running = with_mail(&folder, &server, Tls::Never, Some(authority.file(folder.path()))).await;
    let heard = server.heard_until(&Heard::Gone).await;
    let words = in_clear(&heard);
    assert!(words.contains(&"EHLO"), "{heard:?}");
    assert!(words.iter().all(|word| ["EHLO", "QUIT"].contains(word)), "{heard:?}");
}
