//! Whoever guesses codes waits longer and longer, and keeps the owner from nothing.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Client};

use crate::browser::{me, sign_in};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{App, assert_problem, assert_status, enrol, enter, half_way};

const WARNING: &str = "Somebody knows your password";

async fn guess(house: &House, client: &Client, app: &App) -> Answer {
    enter(client, &app.wrong_code(house)).await
}

async fn guess_often(house: &House, client: &Client, app: &App, times: usize) {
    for _ in 0..times {
        assert_problem(&guess(house, client, app).await, StatusCode::FORBIDDEN, "wrong_code");
    }
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.6.3
    async fn five_wrong_codes_are_free_and_each_further_one_doubles_the_wait(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        let client = half_way(&house, "ada").await;
        guess_often(&house, &client, &app, 5).await;
        for wait in [1, 2, 4, 8] {
            let answer = enter(&client, &app.code(&house)).await;
            assert_problem(&answer, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
            assert_eq!(answer.header("retry-after"), wait.to_string(), "the right code waits too");
            house.clock.advance(TimeDelta::milliseconds(wait * 1_000 - 1));
            assert_status(&enter(&client, &app.code(&house)).await, StatusCode::TOO_MANY_REQUESTS);
            house.clock.advance(TimeDelta::milliseconds(1));
            guess_often(&house, &client, &app, 1).await;
        }
        house.clock.advance(TimeDelta::seconds(16));
        assert_status(&enter(&client, &app.code(&house)).await, StatusCode::OK);
        let client = half_way(&house, "ada").await;
        guess_often(&house, &client, &app, 5).await;
    }

    // ASVS 6.6.3
    async fn another_sign_in_or_another_network_does_not_help_the_guesser(database) {
        let house = House::open(database).await;
        let (app, codes) = enrol(&house, &house.member("ada").await).await;
        for _ in 0..5 {
            guess_often(&house, &half_way(&house, "ada").await, &app, 1).await;
        }
        let client = half_way(&house, "ada").await;
        for code in [app.wrong_code(&house), codes[0].clone()] {
            assert_status(&enter(&client, &code).await, StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(house.rows("backup_codes").await, 10, "what is not tried is not used up");
    }

    // ASVS 6.3.1
    async fn wrong_codes_keep_the_owner_from_nothing(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (app, codes) = enrol(&house, &ada).await;
        let thief = half_way(&house, "ada").await;
        for _ in 0..12 {
            guess(&house, &thief, &app).await;
            house.clock.advance(TimeDelta::seconds(8));
        }
        guess(&house, &thief, &app).await;
        assert_status(&guess(&house, &thief, &app).await, StatusCode::TOO_MANY_REQUESTS);

        assert_eq!(me(&ada).await.as_deref(), Some("ada"), "she stays signed in");
        half_way(&house, "ada").await; // The password step waits for nobody.
        let again = json!({ "password": PASSWORD, "code": codes[0] });
        assert_status(&ada.post("/api/auth/reauthenticate", &again).await, StatusCode::OK);
        let new = "a wholly different sentence";
        let change = json!({ "current_password": PASSWORD, "new_password": new, "end_other_sessions": true });
        assert_status(&ada.post("/api/auth/password", &change).await, StatusCode::NO_CONTENT);
        assert_problem(&guess(&house, &thief, &app).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
    }

    // ASVS 6.3.5
    async fn five_wrong_codes_are_told_to_the_owner_once(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        let client = half_way(&house, "ada").await;
        guess_often(&house, &client, &app, 4).await;
        assert_eq!(house.mails_about("ada@example.org", WARNING).await, 0);
        guess_often(&house, &client, &app, 1).await;
        assert_eq!(house.mails_about("ada@example.org", WARNING).await, 1);
        for wait in [1, 2, 4] {
            house.clock.advance(TimeDelta::seconds(wait));
            guess_often(&house, &client, &app, 1).await;
        }
        assert_eq!(house.mails_about("ada@example.org", WARNING).await, 1);
    }

    // ASVS 6.3.1
    async fn strangers_with_wrong_passwords_do_not_keep_the_owners_browser_out(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for _ in 0..30 {
            sign_in(&house.client(), "ada@example.org", "a wrong guess").await;
        }
        let stranger = sign_in(&house.client(), "ada@example.org", PASSWORD).await;
        assert_problem(&stranger, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        assert_ne!(stranger.header("retry-after"), "");
        assert_status(&sign_in(&ada, "ada@example.org", PASSWORD).await, StatusCode::OK);
    }

    // ASVS 6.3.1
    async fn somebody_at_the_next_desk_does_not_keep_the_owners_browser_out(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await.at("10.200.0.1");
        let neighbour = house.client().at("10.200.0.1");
        for _ in 0..10 {
            sign_in(&neighbour, "ada@example.org", "a wrong guess").await;
        }
        assert_status(&sign_in(&neighbour, "ada@example.org", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
        assert_status(&sign_in(&ada, "ada@example.org", PASSWORD).await, StatusCode::OK);
    }

    // ASVS 6.6.3
    async fn codes_are_counted_while_the_app_is_set_up(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let app = App::typed(ada.get("/api/auth/2fa/setup").await.json()["secret"].as_str().expect("text"));
        let enable = async |code: String| ada.post("/api/auth/2fa/enable", &json!({ "code": code })).await;
        for _ in 0..5 {
            assert_problem(&enable(app.wrong_code(&house)).await, StatusCode::FORBIDDEN, "wrong_code");
        }
        assert_problem(&enable(app.code(&house)).await, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        house.clock.advance(TimeDelta::seconds(1));
        assert_status(&enable(app.code(&house)).await, StatusCode::OK);
    }
}
