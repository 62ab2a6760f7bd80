//! The authenticator app: setting it up, signing in with it, giving it up.

use accounts::{SESSION_COOKIE, SIGN_IN_COOKIE};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::browser::{me, sign_in};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{App, assert_problem, assert_status, enrol, enter, half_way, id_of, text};

const SETUP: &str = "/api/auth/2fa/setup";
const ENABLE: &str = "/api/auth/2fa/enable";

fn code(code: &str) -> Value {
    json!({ "code": code })
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.3
    async fn setting_up_shows_the_secret_in_four_forms_and_the_same_for_ten_minutes(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let answer = ada.get(SETUP).await;
        assert_status(&answer, StatusCode::OK);
        assert_eq!(answer.header("cache-control"), "no-store");
        let shown = answer.json();
        let secret = text(&shown, "secret");
        assert!(secret.split(' ').all(|group| group.len() == 4), "{secret}");
        assert_eq!(App::typed(secret).seed().len(), 20);
        let uri = text(&shown, "uri");
        assert!(uri.starts_with("otpauth://totp/") && uri.contains("ada%40example.org"), "{uri}");
        assert!(uri.contains(&format!("secret={}", secret.replace(' ', ""))), "{uri}");
        let png = text(&shown, "qr_png").strip_prefix("data:image/png;base64,").expect("a data: address");
        assert!(BASE64_STANDARD.decode(png).expect("base64").starts_with(b"\x89PNG\r\n\x1a\n"));
        assert!(text(&shown, "qr_text").lines().count() > 10);

        assert_eq!(ada.get(SETUP).await.json(), shown, "another tab");
        house.clock.advance(TimeDelta::seconds(599));
        assert_eq!(ada.get(SETUP).await.json(), shown);
        assert_eq!(ada.get("/api/auth/2fa").await.json(), json!({ "totp": null, "backup_codes_left": 0, "required": false }));
        house.clock.advance(TimeDelta::seconds(1));
        sign_in(&ada, "ada@example.org", PASSWORD).await;
        assert_ne!(ada.get(SETUP).await.json()["secret"], shown["secret"], "later it is another one");
    }

    // ASVS 6.3.3
    async fn a_code_of_the_app_enables_it_and_signing_in_asks_for_one_from_then_on(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        assert_problem(&ada.post(ENABLE, &code("123456")).await, StatusCode::CONFLICT, "not_enabled");
        let (app, codes) = enrol(&house, &ada).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(me(&ada).await.as_deref(), Some("ada"), "this browser stays signed in");
        assert_eq!(ada.get("/api/auth/me").await.json()["second_factor"], true);
        let factors = ada.get("/api/auth/2fa").await.json();
        assert_eq!(factors["backup_codes_left"], 10);
        assert!(factors["totp"]["enabled_at"].is_string(), "{factors}");
        assert!(house.mail_about("ada@example.org", "Second factor set up").await.is_some());

        let client = house.client();
        let answer = sign_in(&client, "ada@example.org", PASSWORD).await;
        assert_status(&answer, StatusCode::ACCEPTED);
        assert_eq!(answer.json()["methods"], json!(["totp", "backup_code"]));
        assert!(answer.json()["expires_at"].is_string());
        assert_eq!(client.cookie(SESSION_COOKIE), None);
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().expect("text")).collect();
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        assert!(cookies[0].starts_with("__Host-sign_in=") && cookies[0].contains("SameSite=Strict") && cookies[0].ends_with("Max-Age=300"), "{cookies:?}");
        assert_eq!(me(&client).await, None);

        let answer = enter(&client, &app.code(&house)).await;
        assert_status(&answer, StatusCode::OK);
        assert_eq!((&answer.json()["username"], &answer.json()["second_factor"]), (&json!("ada"), &json!(true)));
        assert_eq!(client.cookie(SIGN_IN_COOKIE), None);
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
        let sessions = client.get("/api/auth/sessions").await.json();
        let current = sessions["sessions"].as_array().expect("a list").iter().find(|s| s["current"] == true).cloned();
        assert_eq!(current.expect("one")["signed_in_with"], "password_and_code");
    }

    // ASVS 6.5.1
    async fn the_code_that_enabled_the_app_is_used_up(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let app = App::typed(text(&ada.get(SETUP).await.json(), "secret"));
        let first = app.code(&house);
        assert_status(&ada.post(ENABLE, &code(&first)).await, StatusCode::OK);
        let client = half_way(&house, "ada").await;
        assert_problem(&enter(&client, &first).await, StatusCode::FORBIDDEN, "wrong_code");
        assert_status(&enter(&client, &app.next_code(&house)).await, StatusCode::OK);
    }

    // ASVS 6.5.1
    async fn a_code_works_once(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        let (one, other) = (half_way(&house, "ada").await, half_way(&house, "ada").await);
        let shown = app.code(&house);
        assert_status(&enter(&one, &format!("{} {}", &shown[..3], &shown[3..])).await, StatusCode::OK);
        assert_problem(&enter(&other, &shown).await, StatusCode::FORBIDDEN, "wrong_code");
        assert_eq!(me(&other).await, None);
        house.clock.advance(TimeDelta::seconds(30));
        assert_problem(&enter(&other, &shown).await, StatusCode::FORBIDDEN, "wrong_code");
        assert_status(&enter(&other, &app.code(&house)).await, StatusCode::OK);
    }

    // ASVS 6.5.1
    async fn of_fifty_who_enter_one_code_at_the_same_time_one_is_let_in(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        let mut waiting = Vec::new();
        for _ in 0..50 {
            waiting.push(half_way(&house, "ada").await);
        }
        let sessions = house.rows("sessions").await;
        let shown = app.code(&house);
        let answers = join_all(waiting.iter().map(|client| enter(client, &shown))).await;
        let let_in = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        let refused = |answer: &&testkit::Answer| ["wrong_code", "too_many_requests"].contains(&answer.code().as_str());
        assert_eq!((let_in, answers.iter().filter(refused).count()), (1, 49), "{answers:#?}");
        assert_eq!(house.rows("sessions").await, sessions + 1);
    }

    // ASVS 6.5.5
    async fn the_code_before_is_still_taken_and_no_older_or_later_one(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        house.clock.advance(TimeDelta::minutes(2));
        let client = half_way(&house, "ada").await;
        for steps in [-2, 1, 2] {
            let answer = enter(&client, &app.code_in(&house, steps)).await;
            assert_problem(&answer, StatusCode::FORBIDDEN, "wrong_code");
        }
        assert_status(&enter(&client, &app.code_in(&house, -1)).await, StatusCode::OK);
        let client = half_way(&house, "ada").await;
        assert_status(&enter(&client, &app.code(&house)).await, StatusCode::OK);
    }

    // ASVS 6.5.1
    async fn a_clock_that_was_set_back_brings_no_code_back(database) {
        let house = House::open(database).await;
        let (app, codes) = enrol(&house, &house.member("ada").await).await;
        let shown = app.code(&house);
        assert_status(&enter(&half_way(&house, "ada").await, &shown).await, StatusCode::OK);
        house.clock.advance(TimeDelta::minutes(-2));
        let client = half_way(&house, "ada").await;
        for steps in [-1, 0, 3, 4] {
            let answer = enter(&client, &app.code_in(&house, steps)).await;
            assert_problem(&answer, StatusCode::FORBIDDEN, "wrong_code");
        }
        assert_status(&enter(&client, &codes[0]).await, StatusCode::OK);
    }

    // ASVS 6.6.2
    async fn a_code_is_good_only_for_the_sign_in_of_its_owner(database) {
        let house = House::open(database).await;
        let (app, codes) = enrol(&house, &house.member("ada").await).await;
        let (graces, _) = enrol(&house, &house.member("grace").await).await;
        let grace = half_way(&house, "grace").await;
        for foreign in [app.code(&house), codes[0].clone()] {
            assert_problem(&enter(&grace, &foreign).await, StatusCode::FORBIDDEN, "wrong_code");
        }
        // With Ada's sign-in in her browser, Grace's own code is worth nothing either.
        let ada = half_way(&house, "ada").await;
        grace.forge_cookie(SIGN_IN_COOKIE, &ada.cookie(SIGN_IN_COOKIE).expect("half-way"));
        assert_problem(&enter(&grace, &graces.code(&house)).await, StatusCode::FORBIDDEN, "wrong_code");
        assert_status(&enter(&ada, &app.code(&house)).await, StatusCode::OK);
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert_problem(&enter(&house.client(), &app.next_code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
    }

    // ASVS 6.6.2
    async fn a_sign_in_waits_for_five_minutes_and_is_completed_once(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        let (client, in_time, late) = (half_way(&house, "ada").await, half_way(&house, "ada").await, half_way(&house, "ada").await);
        let pending = client.cookie(SIGN_IN_COOKIE).expect("half-way");
        assert_status(&enter(&client, &app.code(&house)).await, StatusCode::OK);
        let thief = house.client();
        thief.forge_cookie(SIGN_IN_COOKIE, &pending);
        assert_problem(&enter(&thief, &app.next_code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
        assert_eq!(me(&thief).await, None);

        house.clock.advance(TimeDelta::seconds(269));
        assert_status(&enter(&in_time, &app.code(&house)).await, StatusCode::OK);
        house.clock.advance(TimeDelta::seconds(1));
        assert_problem(&enter(&late, &app.code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
    }

    // ASVS 6.3.4
    async fn a_sign_in_that_waits_opens_nothing_else(database) {
        let house = House::open(database).await;
        enrol(&house, &house.member("ada").await).await;
        let client = half_way(&house, "ada").await;
        let pending = client.cookie(SIGN_IN_COOKIE).expect("half-way");
        client.forge_cookie(SESSION_COOKIE, &pending);
        client.forge_cookie(accounts::REFRESH_COOKIE, &pending);
        for path in ["/api/auth/me", "/api/auth/2fa", "/api/auth/sessions", SETUP, "/api/auth/export"] {
            assert_problem(&client.get(path).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        }
        assert_problem(&client.post("/api/auth/refresh", &json!({})).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        assert_problem(&client.post("/api/auth/passkey/finish", &json!({ "credential": {} })).await, StatusCode::FORBIDDEN, "passkey_refused");
    }

    async fn two_tabs_that_set_up_at_the_same_time_show_the_same_secret(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let answers = join_all((0..10).map(|_| ada.get(SETUP))).await;
        for answer in &answers {
            assert_status(answer, StatusCode::OK);
            assert_eq!(answer.json(), answers[0].json());
        }
        let shown = App::typed(text(&answers[0].json(), "secret")).code(&house);
        let answers = join_all((0..5).map(|_| async { ada.post(ENABLE, &code(&shown)).await })).await;
        let enabled = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        let late = answers.iter().filter(|answer| answer.code() == "already_enabled").count();
        assert_eq!((enabled, late), (1, 4), "{answers:#?}");
        assert_eq!(house.rows("backup_codes").await, 10);
    }

    // ASVS 2.3.2
    async fn what_is_enabled_cannot_be_set_up_or_enabled_again(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (app, _) = enrol(&house, &ada).await;
        let answers = [ada.get(SETUP).await, ada.post(ENABLE, &code(&app.code(&house))).await];
        for answer in answers {
            assert_problem(&answer, StatusCode::CONFLICT, "already_enabled");
        }
    }

    // ASVS 6.4.1
    async fn a_setup_that_was_left_for_too_long_has_to_be_begun_again(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let app = App::typed(text(&ada.get(SETUP).await.json(), "secret"));
        house.clock.advance(TimeDelta::minutes(11));
        sign_in(&ada, "ada@example.org", PASSWORD).await;
        assert_problem(&ada.post(ENABLE, &code(&app.code(&house))).await, StatusCode::CONFLICT, "not_enabled");
        enrol(&house, &ada).await;
    }

    async fn a_wrong_code_enables_nothing(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let app = App::typed(text(&ada.get(SETUP).await.json(), "secret"));
        for wrong in [app.wrong_code(&house), app.code_in(&house, -2), app.code_in(&house, 1), String::new()] {
            assert_problem(&ada.post(ENABLE, &code(&wrong)).await, StatusCode::FORBIDDEN, "wrong_code");
        }
        assert!(house.accepts("ada@example.org", PASSWORD).await, "no second factor is asked for");
        assert_status(&ada.post(ENABLE, &code(&app.code_in(&house, -1))).await, StatusCode::OK);
    }

    // ASVS 6.3.7
    async fn giving_the_app_up_removes_it_with_its_codes(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        assert_problem(&ada.post("/api/auth/2fa/disable", &json!({})).await, StatusCode::CONFLICT, "not_enabled");
        enrol(&house, &ada).await;
        let waiting = half_way(&house, "ada").await;
        assert_status(&ada.post("/api/auth/2fa/disable", &json!({})).await, StatusCode::NO_CONTENT);
        assert_eq!((house.rows("totp_credentials").await, house.rows("backup_codes").await), (0, 0));
        assert_eq!(ada.get("/api/auth/me").await.json()["second_factor"], false);
        assert!(house.mail_about("ada@example.org", "Second factor removed").await.is_some());
        assert!(house.accepts("ada@example.org", PASSWORD).await);
        assert_problem(&enter(&waiting, "123456").await, StatusCode::FORBIDDEN, "wrong_code");
        enrol(&house, &ada).await;
    }

    // ASVS 6.5.3
    async fn seeds_are_sealed_and_open_only_for_their_owner(database) {
        let house = House::open(database).await;
        let (ada, grace) = (house.member("ada").await, house.member("grace").await);
        let ((app, _), (graces, _)) = (enrol(&house, &ada).await, enrol(&house, &grace).await);
        assert_ne!(app.seed(), graces.seed());
        let column = |name: &str| format!("SELECT t.seed AS b FROM totp_credentials t JOIN users u ON u.id = t.user_id WHERE u.username = '{name}'");
        let stored = house.bytes(&column("ada")).await;
        assert!(!stored.windows(20).any(|part| part == app.seed()));
        assert!(!stored.windows(8).any(|part| app.seed().windows(8).any(|seed| seed == part)));

        // Whoever can write to the database puts her own seed in the place of Ada's.
        house.execute(
            "UPDATE totp_credentials SET seed = (SELECT t.seed FROM totp_credentials t JOIN users u ON u.id = t.user_id WHERE u.username = 'grace') \
             WHERE user_id = (SELECT id FROM users WHERE username = 'ada')",
        ).await;
        assert_eq!(house.bytes(&column("ada")).await, house.bytes(&column("grace")).await);
        let client = half_way(&house, "ada").await;
        for shown in [graces.code(&house), app.code(&house)] {
            let answer = enter(&client, &shown).await;
            assert_ne!(answer.status, StatusCode::OK, "{answer:?}");
        }
        assert_eq!(me(&client).await, None);
        assert_ne!(id_of(&ada).await, id_of(&grace).await);
    }
}
