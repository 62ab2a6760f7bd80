//! The log, at its most talkative, of a life with secrets.

use accounts::DEVICE_COOKIE;
use reqwest::StatusCode;
use serde_json::json;

use crate::browser::{refresh, refresh_of, session_of, sign_in};
use crate::house::{House, migrations};

const RIGHT: &str = "Zebra-stripes-at-noon-17";
const WRONG: &str = "Zebra-stripes-at-night-18";

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 16.2.5
    async fn no_secret_is_ever_logged(database) {
        let log = testkit::Log::keep();
        let house = House::open(database).await;
        let setup = house.accounts.setup_link().await.expect("asks").expect("no administrator").reveal("");
        let setup = crate::browser::token_in(&setup).expect("a token");
        let link = house.sign_up_as("ada@example.org", "ada", RIGHT).await;
        assert_eq!(house.verify_with(&link, RIGHT).await.status, StatusCode::OK);
        assert_eq!(house.verify_with(&link, RIGHT).await.status, StatusCode::GONE);
        let client = house.client();
        assert_eq!(sign_in(&client, "ada@example.org", WRONG).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(sign_in(&client, "ada@example.org", RIGHT).await.status, StatusCode::OK);
        let (session, refreshed) = (session_of(&client), refresh_of(&client));
        assert_eq!(refresh(&client).await.status, StatusCode::OK);
        let (new_session, newest) = (session_of(&client), refresh_of(&client));
        let device = client.cookie(DEVICE_COOKIE).expect("known from now on");
        let csrf = client.get("/api/auth/csrf").await.json()["token"].as_str().expect("a token").to_owned();
        client.post("/api/auth/login", &json!({ "email": 7, "password": RIGHT })).await;
        client.post("/api/auth/logout", &json!({})).await;
        house.execute("ALTER TABLE users RENAME TO people").await;
        assert_eq!(sign_in(&client, "ada@example.org", RIGHT).await.code(), "internal");

        let text = log.text();
        for talkative in ["/api/auth/login", "INSERT INTO", "TRACE", "the request failed"] {
            assert!(text.contains(talkative), "the log is not what this test thinks: {talkative}");
        }
        for secret in [RIGHT, WRONG, &link, &session, &new_session, &refreshed, &newest, &device, &csrf, &setup, "$argon2id$"] {
            if let Some(line) = text.lines().find(|line| line.contains(secret)) {
                panic!("{secret} in {line}");
            }
        }
    }
}
