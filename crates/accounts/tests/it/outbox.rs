//! Mail between its promise and its delivery.

use accounts::MailConfig;
use chrono::TimeDelta;
use foundation::config::Period;
use reqwest::{Method, StatusCode};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::browser::wish;
use crate::house::{House, PASSWORD, cheap, migrations};
use crate::smtp::{SmtpServer, mail_to};

async fn sign_up(house: &House, email: &str, username: &str) {
    let answer = house.client().post("/api/auth/signup", &wish(email, username, PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
}

async fn attempts(house: &House) -> i64 {
    house.number("SELECT CAST(SUM(attempts) AS BIGINT) AS n FROM outgoing_mails").await
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 2.3.3
    async fn mail_survives_a_crash_before_its_delivery(database) {
        let house = House::open(database).await;
        sign_up(&house, "ada@example.org", "ada").await;
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM outgoing_mails WHERE delivered_at IS NULL").await, 1);
        let restarted = house.another(&MailConfig::default()).await;
        restarted.deliver_due_mail().await.expect("delivers");
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM outgoing_mails WHERE delivered_at IS NULL").await, 0);
        assert_eq!(house.links("ada@example.org").await.len(), 1);
    }

    async fn the_outbox_wakes_when_there_is_mail_and_stops_when_told(database) {
        let house = House::open(database).await;
        let stop = tokio_util::sync::CancellationToken::new();
        let outbox = tokio::spawn(house.accounts.clone().run_outbox(stop.clone()));
        for name in ["ada", "grace"] {
            let email = format!("{name}@example.org");
            sign_up(&house, &email, name).await;
            let sql = "SELECT COUNT(*) AS n FROM outgoing_mails WHERE delivered_at IS NULL";
            testkit::until("the outbox to be empty", async || (house.number(sql).await == 0).then_some(())).await;
        }
        stop.cancel();
        outbox.await.expect("ends");
    }

    // DNS rebinding: to the browser, a site whose name leads to this machine is the mailbox's own site.
    async fn a_site_that_points_its_name_here_cannot_read_mail(database) {
        let house = House::open(database).await;
        house.sign_up("ada").await;
        let client = house.client();
        let as_host = async |host: &str| client.send(client.request(Method::GET, "/api/dev/mail").header("host", host)).await;
        assert_eq!(as_host("localhost:8080").await.status, StatusCode::OK);
        let answer = as_host("evil.example").await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
        assert!(!answer.text.contains("token="), "{answer:?}");
    }

    async fn a_server_gets_the_mail_whole_and_we_forget_it(database) {
        let port = testkit::free_port().await;
        let server = SmtpServer::start(port).await;
        let house = House::with(database, cheap(), &mail_to(port)).await;
        sign_up(&house, "ada@example.org", "ada").await;
        house.accounts.deliver_due_mail().await.expect("delivers");

        let messages = server.messages(1).await;
        let message = messages[0].as_str();
        for line in [
            "From: =?utf-8?b?TcOkaW5zdGF5?= <mainstay@example.org>",
            "To: ada@example.org",
            "Subject: Confirm your e-mail address",
            "Content-Type: text/plain; charset=utf-8",
            "Auto-Submitted: auto-generated",
            "Hello ada,",
        ] {
            assert!(message.lines().any(|l| l == line), "{line} not in {message}");
        }
        assert!(message.contains("https://m=C3=BCnchen.example/verify-email#token="), "{message}");
        assert!(message.contains("\nDate: "), "{message}");
        assert_eq!(house.rows("outgoing_mails").await, 0);
    }

    // ASVS 16.5.2
    async fn mail_waits_for_a_server_that_is_away(database) {
        let port = testkit::free_port().await;
        let house = House::with(database, cheap(), &mail_to(port)).await;
        sign_up(&house, "ada@example.org", "ada").await;
        house.accounts.deliver_due_mail().await.expect("nobody listens, which is no error");
        assert_eq!((house.rows("outgoing_mails").await, attempts(&house).await), (1, 1));
        house.accounts.deliver_due_mail().await.expect("it is not due");
        assert_eq!(attempts(&house).await, 1, "it is left alone for a minute");

        house.clock.advance(TimeDelta::minutes(1));
        house.accounts.deliver_due_mail().await.expect("still nobody");
        assert_eq!(attempts(&house).await, 2);

        let server = SmtpServer::start(port).await;
        house.clock.advance(TimeDelta::minutes(2));
        house.another(&mail_to(port)).await.deliver_due_mail().await.expect("delivers");
        assert!(server.messages(1).await[0].contains("To: ada@example.org"));
        assert_eq!(house.rows("outgoing_mails").await, 0);
    }

    async fn mail_waits_for_a_server_that_refuses(database) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let refusing = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("accepts");
                let _ = stream.write_all(b"554 5.3.2 not today\r\n").await;
            }
        });
        let house = House::with(database, cheap(), &mail_to(port)).await;
        sign_up(&house, "ada@example.org", "ada").await;
        house.accounts.deliver_due_mail().await.expect("a refusal is no error");
        assert_eq!((house.rows("outgoing_mails").await, attempts(&house).await), (1, 1));
        refusing.abort();
    }

    // ASVS 16.4.1
    async fn what_a_server_answers_is_quoted_and_cut_in_the_log(database) {
        let log = testkit::Log::keep();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let answering = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("accepts");
                let padding = format!("554-{}\r\n", "x".repeat(100)).repeat(20);
                let answer = format!("554-go\u{1b}[2J away\r\n554-2026-01-01 INFO forged\r\n{padding}554 end\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let house = House::with(database, cheap(), &mail_to(port)).await;
        sign_up(&house, "ada@example.org", "ada").await;
        house.accounts.deliver_due_mail().await.expect("a refusal is no error");
        let text = log.text();
        let line = text.lines().find(|line| line.contains("a mail was not taken")).expect("a line");
        assert!(line.contains("away") && line.contains("forged") && !line.contains('\u{1b}'), "{line:?}");
        assert!(line.contains("xxx") && line.len() < 1000, "{line:?}");
        answering.abort();
    }

    async fn mail_waits_for_a_server_that_is_silent(database) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let silent = tokio::spawn(async move {
            let mut held = Vec::new();
            loop {
                held.push(listener.accept().await.expect("accepts"));
            }
        });
        let impatient = MailConfig { smtp_timeout: Period::from_secs(1), ..mail_to(port) };
        let house = House::with(database, cheap(), &impatient).await;
        sign_up(&house, "ada@example.org", "ada").await;
        sign_up(&house, "eve@example.org", "eve").await;
        house.accounts.deliver_due_mail().await.expect("silence is no error");
        assert_eq!((house.rows("outgoing_mails").await, attempts(&house).await), (2, 2));
        silent.abort();
    }

    async fn two_nodes_deliver_each_mail_once(database) {
        let port = testkit::free_port().await;
        let server = SmtpServer::start(port).await;
        let house = House::with(database, cheap(), &mail_to(port)).await;
        for n in 0..10 {
            sign_up(&house, &format!("user-{n}@example.org"), &format!("user-{n}")).await;
        }
        let other = house.another(&mail_to(port)).await;
        let (one, two) = tokio::join!(house.accounts.deliver_due_mail(), other.deliver_due_mail());
        one.and(two).expect("both deliver");
        sign_up(&house, "last@example.org", "last").await;
        house.accounts.deliver_due_mail().await.expect("delivers");
        let messages = server.messages(11).await;
        assert_eq!(messages.len(), 11);
        assert!(messages[10].contains("To: last@example.org"), "what else came would have come before");
        assert_eq!(house.rows("outgoing_mails").await, 0);
    }

    // ASVS 1.3.11
    async fn a_strange_address_reaches_one_mailbox_only(database) {
        let port = testkit::free_port().await;
        let server = SmtpServer::start(port).await;
        let house = House::with(database, cheap(), &mail_to(port)).await;
        let strange = [
            "\"a b\"@example.org",
            "\"eve@evil.example,\"@example.org",
            "a+b=c'd@example.org",
            "ада@пример.рф",
            "ada@[127.0.0.1]",
            "ada@localhost",
            "a!#$%&*/?^_`{|}~@example.org",
        ];
        for (n, email) in strange.iter().enumerate() {
            let answer = house.client().post("/api/auth/signup", &wish(email, &format!("user-{n}"), PASSWORD)).await;
            assert!([StatusCode::ACCEPTED, StatusCode::BAD_REQUEST].contains(&answer.status), "{answer:?}");
        }
        sign_up(&house, "last@example.org", "last").await;
        let promised = house.rows("outgoing_mails").await;
        house.accounts.deliver_due_mail().await.expect("delivers");
        let left = house.rows("outgoing_mails").await;
        let messages = server.messages(usize::try_from(promised - left).expect("some")).await;
        for message in &messages {
            assert_eq!(message.matches("\nTo: ").count(), 1, "{message}");
            for smuggled in ["\nBcc:", "\nCc:", "eve@evil.example>"] {
                assert!(!message.contains(smuggled), "{message}");
            }
        }
        assert_eq!(left, 0, "an address that was accepted can be written to");
    }
}
