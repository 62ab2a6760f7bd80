//! What only shows on a real connection: slow, huge and broken requests, and too many of them.

use foundation::config::Period;

use crate::house::{House, rooms};

const GET: &str = "GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
/// The end of what `GET` gets.
const OK: &str =
    "{\"status\":\"ok\",\"rate_limits\":\"process\",\"maintenance\":false,\"audit_log\":\"sealed\"}";

testkit::on_both_databases! {
    migrations: rooms();

    async fn ten_megabytes_of_headers_are_refused_and_harm_nobody(database) {
        let house = House::open(database).await;
        let mut request = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Padding: ".to_vec();
        request.resize(10 << 20, b'a');
        request.extend_from_slice(b"\r\n\r\n");
        let answer = house.exchange(request).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");

        let many = "X-H: a\r\n".repeat(1 << 20);
        let answer = house.exchange(format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        house.assert_alive().await;
    }

    // ASVS 15.2.2
    async fn who_does_not_finish_a_request_is_sent_away(database) {
        let house = House::with(database, |config| config.server.header_timeout = Period::from_secs(1)).await;
        let (mut half, silent, mut idle) = (house.connect().await, house.connect().await, house.connect().await);
        half.send("GET /api/health HTTP/1.1\r\nHost: local").await;
        idle.send(GET).await;
        idle.until(OK).await;
        // Each of these ends only when the server closes the connection.
        assert!(!half.rest().await.contains(" 200 "));
        assert_eq!(silent.rest().await, "");
        assert_eq!(idle.rest().await, "");
        house.assert_alive().await;
    }

    async fn a_body_that_does_not_arrive_is_given_up(database) {
        let house = House::with(database, |config| config.guard.request_timeout = Period::from_secs(1)).await;
        let mut slow = house.connect().await;
        slow.send("POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{").await;
        let answer = slow.rest().await;
        assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains(r#""code":"request_timeout""#), "{answer}");
    }

    async fn a_body_without_an_end_is_cut_off(database) {
        let house = House::open(database).await;
        let head = "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
        let answer = house.exchange(format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(16))).await;
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains(r#""code":"body_too_large""#), "{answer}");
        let answer = house.exchange(format!("{head}Content-Length: 99999999999\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        house.assert_alive().await;
    }

    // ASVS 15.2.2
    async fn who_comes_when_all_places_are_taken_waits(database) {
        let house = House::with(database, |config| config.server.max_connections = 1).await;
        let (mut first, mut second) = (house.connect().await, house.connect().await);
        first.send(GET).await;
        first.until(OK).await;
        second.send(GET).await;
        // While the only place is taken, the second is not served, however often the first is.
        for _ in 0..50 {
            first.send(GET).await;
            first.until(OK).await;
        }
        assert!(!second.has_something().await);
        drop(first);
        assert!(second.until(OK).await.starts_with("HTTP/1.1 200 "));
    }

    // ASVS 4.2.1
    async fn what_is_no_http_ends_the_connection_and_nothing_else(database) {
        let house = House::with(database, |config| {
            config.server.header_timeout = Period::from_secs(1);
            config.guard.request_timeout = Period::from_secs(1);
        }).await;
        for nonsense in [
            "\r\n\r\n\r\n\r\n",
            "hello\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n",
            "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdefg",
            "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
            "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n",
            "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
            "GET http://a/ HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n",
        ] {
            let answer = house.exchange(nonsense).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{nonsense:?}: {answer}");
        }
        house.assert_alive().await;
    }

    // Request smuggling needs two readers that disagree on where a body ends (RFC 9112 section 6.3).
    // ASVS 4.2.1
    async fn a_body_with_two_lengths_is_never_a_second_request(database) {
        let house = House::open(database).await;
        let smuggled = "0\r\n\r\nGET /api/app HTTP/1.1\r\nHost: a\r\n\r\n";
        let answer = house.exchange(format!(
            "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{smuggled}", smuggled.len(),
        )).await;
        assert!(!answer.contains("development_mailbox"), "{answer}");
        house.assert_alive().await;
    }
}
