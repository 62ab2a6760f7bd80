//! People in live rooms, known by their sessions.

use accounts::SESSION_COOKIE;
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Client, Guest, TestDatabase, until};
use tokio_util::task::TaskTracker;

use crate::house::{House, number, rooms};

/// A house whose study rooms are open, with its jobs running.
async fn open(database: TestDatabase) -> House {
    let house = House::with(database, |config| {
        config.live.open_rooms = vec!["study-*".to_owned()];
        let plenty = serde_json::from_value(json!("1000 per 1s")).expect("a quota");
        config.guard.rate_limits.socket_connect = plenty;
        config.guard.rate_limits.socket_connect_user = plenty;
    })
    .await;
    house.app.start_jobs(&TaskTracker::new(), &house.stop);
    house
}

/// The headers that a page of ours sends.
fn headers(house: &House, client: &Client) -> [(&'static str, String); 2] {
    let cookie = client.cookie(SESSION_COOKIE).expect("signed in");
    [("cookie", format!("{SESSION_COOKIE}={cookie}")), ("origin", format!("http://{}", house.address))]
}

async fn connect(house: &House, client: &Client) -> Result<Guest, Value> {
    let headers = headers(house, client);
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut guest = Guest::dial(house.address, &headers).await.expect("a connection");
    guest.introduce(&json!({})).await.map(|()| guest)
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 7.4.1, 7.4.2
    async fn whoever_signs_out_leaves_their_rooms_within_a_second(database) {
        let house = open(database).await;
        let root = house.administrator().await;
        let elsewhere = house.client();
        let body = json!({ "email": "root@example.org", "password": "correct horse battery" });
        assert_eq!(elsewhere.post("/api/auth/login", &body).await.status, StatusCode::OK);
        let mut one = connect(&house, &root).await.expect("let in");
        let mut two = connect(&house, &elsewhere).await.expect("let in");
        one.join("study-1").await;
        two.join("study-1").await;
        two.say("study-1", "hello").await;
        assert_eq!(one.texts(1).await, ["hello"]);
        let answer = two.ask("room:join", &json!([{ "roomId": "other", "courseId": "solidity" }])).await;
        assert_eq!((&answer["code"], &answer["message"]), (&json!("forbidden"), &json!("Access denied: Not enrolled in course")));

        assert_eq!(elsewhere.post("/api/auth/logout", &json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(two.is_sent_away().await, Some(1008));
        until("the visit to be written down", async || {
            let ended = "SELECT COUNT(*) AS n FROM collaboration_sessions WHERE left_at IS NOT NULL";
            (number(&house.database, ended).await == 1).then_some(())
        })
        .await;
        let mut stranger = Guest::dial(house.address, &[]).await.expect("a connection");
        let refusal = stranger.introduce(&json!({})).await.expect_err("refused");
        assert_eq!(refusal["message"], "Authentication token required");
        drop(stranger);

        let status = until("all but one to be gone", async || {
            let status = root.get("/api/admin/live").await.json();
            (status["connections"] == 1).then_some(status)
        })
        .await;
        assert_eq!((&status["rooms"], &status["members"], &status["cluster"]), (&json!(1), &json!(1), &json!("alone")));
        assert_eq!((&status["messages"], &status["dropped"]), (&json!(4), &json!(0)));
        assert!(status["ends"].as_array().expect("ends").contains(&json!({ "reason": "session_over", "count": 1 })), "{status}");
    }

    // ASVS 4.4.2, 3.5.1
    async fn a_page_of_another_site_gets_nothing_by_a_cookie(database) {
        let house = open(database).await;
        let client = house.administrator().await;
        let [cookie, _] = headers(&house, &client);
        let refused = Guest::dial(house.address, &[("cookie", &cookie.1), ("origin", "https://evil.example")]).await;
        assert_eq!(refused.err(), Some(403));
        let mut guest = Guest::dial(house.address, &[("cookie", &cookie.1)]).await.expect("a connection");
        guest.introduce(&json!({})).await.expect_err("nobody says which page it was");
    }
}
