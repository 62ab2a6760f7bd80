//! Stopping: what is under way finishes, and nothing new begins.

use foundation::config::Period;
use serde_json::json;
use tokio::net::TcpStream;

use crate::house::{House, number, rooms};

testkit::on_both_databases! {
    migrations: rooms();

    async fn a_request_under_way_finishes_and_nothing_new_begins(database) {
        let house = House::with(database, |config| config.server.shutdown_timeout = Period::from_secs(3600)).await;
        let body = json!({ "email": "ada@example.org", "username": "ada", "password": "correct horse battery" }).to_string();
        let mut under_way = house.connect().await;
        under_way.send(format!(
            "POST /api/auth/signup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\n\r\n", body.len(),
        )).await;
        // From here on the handler waits for the body.
        assert!(under_way.until("\r\n\r\n").await.starts_with("HTTP/1.1 100 "));

        house.stop.cancel();
        testkit::until("new connections to be refused", async || TcpStream::connect(house.address).await.err()).await;
        assert!(!house.serving.is_finished());
        under_way.send(body).await;
        let answer = under_way.rest().await;
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
        house.serving.await.expect("stopped");
        assert_eq!(number(&house.database, "SELECT COUNT(*) AS n FROM users").await, 1);
    }

    async fn a_connection_that_waits_for_nothing_does_not_delay_the_end(database) {
        let house = House::with(database, |config| config.server.shutdown_timeout = Period::from_secs(3600)).await;
        let mut idle = house.connect().await;
        idle.send("GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        idle.until("\"audit_log\":\"sealed\"}").await;
        house.stop.cancel();
        assert_eq!(idle.rest().await, "");
        house.serving.await.expect("stopped");
    }

    // Browsers open connections in advance and may never use them.
    async fn a_connection_that_never_spoke_does_not_delay_the_end(database) {
        let house = House::with(database, |config| {
            config.server.shutdown_timeout = Period::from_secs(3600);
            config.server.header_timeout = Period::from_secs(3600);
        }).await;
        let silent = house.connect().await;
        house.assert_alive().await;
        house.stop.cancel();
        assert_eq!(silent.rest().await, "");
        house.serving.await.expect("stopped");
    }

    async fn who_takes_too_long_is_not_waited_for(database) {
        let house = House::with(database, |config| config.server.shutdown_timeout = Period::from_secs(1)).await;
        let mut slow = house.connect().await;
        slow.send(
            "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\
             Expect: 100-continue\r\n\r\n",
        ).await;
        slow.until("\r\n\r\n").await;
        house.stop.cancel();
        house.serving.await.expect("stopped, although the body never came");
    }

    async fn jobs_end_when_told(database) {
        let house = House::open(database).await;
        let (jobs, stop) = (tokio_util::task::TaskTracker::new(), tokio_util::sync::CancellationToken::new());
        house.app.start_jobs(&jobs, &stop);
        assert!(!jobs.is_empty());
        stop.cancel();
        jobs.close();
        jobs.wait().await;
    }
}
