//! Whoever knew the password for a while, or sat in front of the browser: what they prepared is worth nothing once the
//! owner has taken the account back.

use accounts::{DEVICE_COOKIE, SecondFactorPolicy};
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::Client;

use crate::browser::{me, refresh_of, session_of, sign_in, token_in};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{administrator, assert_problem, assert_status, bearer, call, enrol, id_of, member_as, text};

const NEW: &str = "a wholly different sentence";

/// A browser that asks for another address; the link that confirms it.
async fn asks_for_another_address(house: &House, thief: &Client) -> String {
    let body = json!({ "new_email": "eve@evil.example" });
    assert_status(&thief.post("/api/auth/email", &body).await, StatusCode::ACCEPTED);
    house.links("eve@evil.example").await.pop_last().expect("a link")
}

/// Sets the password anew by mail, in this browser.
async fn reset(house: &House, client: &Client) {
    client.post("/api/auth/forgot-password", &json!({ "email": "ada@example.org" })).await;
    let mail = house.mail_about("ada@example.org", "Choose a new password").await.expect("a mail");
    let body = json!({ "token": token_in(&mail), "new_password": NEW });
    assert_status(&client.post("/api/auth/reset-password", &body).await, StatusCode::NO_CONTENT);
}

async fn notices(house: &House, to: &str) -> usize {
    house.mails_about(to, "New sign-in to your account").await
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 7.4.3
    async fn a_thief_s_new_address_goes_with_their_session(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let id = id_of(&ada).await;
        let measures = ["end-sessions", "disable"].map(|what| format!("/api/admin/users/{id}/{what}"));
        for path in measures.into_iter().chain(["/api/admin/end-all-sessions".to_owned(), String::new()]) {
            let thief = house.signed_in("ada").await;
            let link = asks_for_another_address(&house, &thief).await;
            if path.is_empty() {
                assert_status(&house.signed_in("ada").await.delete("/api/auth/sessions").await, StatusCode::OK);
            } else {
                call(&root, Method::POST, &path, &Value::Null).await;
                call(&root, Method::POST, &format!("/api/admin/users/{id}/enable"), &Value::Null).await;
            }
            let answer = house.client().post("/api/auth/email/confirm", &json!({ "token": link })).await;
            assert_problem(&answer, StatusCode::NOT_FOUND, "link_invalid");
            house.clock.advance(TimeDelta::hours(24));
            sign_in(&root, "root@example.org", PASSWORD).await;
        }
    }

    // ASVS 6.3.3
    async fn a_seed_is_shown_to_the_session_that_asked_for_it(database) {
        let house = House::open(database).await;
        let (thief, ada) = (house.member("ada").await, house.signed_in("ada").await);
        let seen = thief.get("/api/auth/2fa/setup").await.json();
        let (app, _) = enrol(&house, &ada).await;
        assert_ne!(crate::kit::App::typed(text(&seen, "secret")).seed(), app.seed());
        assert_eq!(me(&thief).await, None, "and with the first factor all other sessions end");
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
    }

    async fn nobody_enables_the_app_of_another_session(database) {
        let house = House::open(database).await;
        let (thief, ada) = (house.member("ada").await, house.signed_in("ada").await);
        let seen = ada.get("/api/auth/2fa/setup").await.json();
        let app = crate::kit::App::typed(text(&seen, "secret"));
        let enable = async |client: &Client| client.post("/api/auth/2fa/enable", &json!({ "code": app.code(&house) })).await;
        assert_problem(&enable(&thief).await, StatusCode::CONFLICT, "not_enabled");
        // Whoever has to show again who they are goes on with what they began.
        assert_status(&ada.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD })).await, StatusCode::OK);
        assert_eq!(ada.get("/api/auth/2fa/setup").await.json(), seen);
        assert_status(&enable(&ada).await, StatusCode::OK);
    }

    // ASVS 7.5.1
    async fn who_has_shown_no_factor_makes_no_token_where_one_is_wanted(database) {
        let house = House::open(database).await;
        administrator(&house, "root").await;
        let second = member_as(&house, "second", "admin").await;
        let policy = accounts::Config { second_factor: SecondFactorPolicy::Administrators, ..crate::house::cheap() };
        let strict = house.beside(policy).await;
        let thief = strict.client();
        thief.forge_cookie(accounts::SESSION_COOKIE, &session_of(&second));
        let wish = json!({ "name": "x", "scopes": ["read", "admin"], "expires_in_days": 1 });
        assert_problem(&thief.post("/api/auth/tokens", &wish).await, StatusCode::FORBIDDEN, "second_factor_required");
    }

    async fn a_browser_that_was_known_is_a_stranger_after_a_reset(database) {
        let house = House::open(database).await;
        let (thief, owner) = (house.member("ada").await, house.client());
        reset(&house, &owner).await;
        let before = notices(&house, "ada@example.org").await;
        assert_status(&sign_in(&owner, "ada@example.org", NEW).await, StatusCode::OK);
        assert_eq!(notices(&house, "ada@example.org").await, before, "the one that reset it is known");
        assert_status(&sign_in(&thief, "ada@example.org", NEW).await, StatusCode::OK);
        assert_eq!(notices(&house, "ada@example.org").await, before + 1);
    }

    // ASVS 6.3.1
    async fn who_is_kept_out_by_a_guesser_comes_in_by_mail(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        for _ in 0..40 {
            sign_in(&house.client(), "ada@example.org", "a wrong guess").await;
            house.clock.advance(TimeDelta::seconds(1));
        }
        let owner = house.client();
        assert_problem(&sign_in(&owner, "ada@example.org", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        reset(&house, &owner).await;
        assert_status(&sign_in(&owner, "ada@example.org", NEW).await, StatusCode::OK);
        assert_problem(&sign_in(&house.client(), "ada@example.org", NEW).await, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    }

    async fn a_browser_is_known_to_everybody_who_shares_it(database) {
        let house = House::open(database).await;
        let shared = house.member("ada").await;
        house.sign_up_and_verify("grace").await;
        let old = shared.cookie(DEVICE_COOKIE);
        for name in ["grace", "ada", "grace", "ada"] {
            assert_status(&sign_in(&shared, &format!("{name}@example.org"), PASSWORD).await, StatusCode::OK);
        }
        assert_eq!((notices(&house, "ada@example.org").await, notices(&house, "grace@example.org").await), (0, 1));
        assert_ne!(shared.cookie(DEVICE_COOKIE), old, "a copy made before grace came is worth nothing");
    }

    // ASVS 7.2.4
    async fn a_copied_refresh_token_is_noticed_at_the_exit_too(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let thief = house.copy_of(&ada);
        thief.post("/api/auth/refresh", &json!({})).await;
        house.clock.advance(TimeDelta::seconds(11));
        assert_status(&ada.post("/api/auth/logout", &json!({})).await, StatusCode::NO_CONTENT);
        assert_eq!(me(&thief).await, None);
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'refresh_replay'").await, 1);
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'sign_out'").await, 0);
        assert_eq!(house.mails_about("ada@example.org", "We ended a session of your account").await, 1);
        assert_ne!(refresh_of(&thief), String::new());
    }

    // ASVS 7.4.1
    async fn a_session_in_the_header_ends_by_the_header(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let token = session_of(&ada);
        let answer = bearer(&house.client(), &token, Method::POST, "/api/auth/logout", &Value::Null).await;
        assert_status(&answer, StatusCode::NO_CONTENT);
        assert_eq!(me(&ada).await, None);
    }

    async fn the_operator_gives_an_account_its_address_back(database) {
        let house = House::open(database).await;
        let (root, thief) = (administrator(&house, "root").await, house.member("ada").await);
        let link = asks_for_another_address(&house, &thief).await;
        house.client().post("/api/auth/email/confirm", &json!({ "token": link })).await;
        let id = id_of(&thief).await;
        let email = |text: &str| accounts::Email::parse(text).expect("an address");
        let user = id.parse().expect("an id");
        let refused = house.accounts.set_email(user, &email("root@example.org")).await;
        assert!(matches!(refused, Err(accounts::AccountsError::EmailTaken)), "{refused:?}");
        house.accounts.set_email(user, &email("ada@example.org")).await.expect("is set");
        assert_eq!(me(&thief).await, None);
        for address in ["ada@example.org", "eve@evil.example"] {
            assert_eq!(house.mails_about(address, "Your account has another address").await, 1, "{address}");
        }
        house.clock.advance(TimeDelta::minutes(2));
        reset(&house, &house.client()).await;
        assert!(house.accepts("ada@example.org", NEW).await);
        let entries = root.get(&format!("/api/admin/users/{id}/activity")).await.json();
        let entry = entries["entries"].as_array().expect("a list").iter().find(|e| e["action"] == "email_set_by_operator").cloned().expect("an entry");
        assert_eq!((&entry["by"], &entry["by_operator"]), (&Value::Null, &json!(true)));
    }
}
