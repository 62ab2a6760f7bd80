//! What administrators do about people.

use accounts::SecondFactorPolicy;
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::browser::{me, sign_in, token_in};
use crate::house::{House, PASSWORD, PUBLIC_URL, migrations};
use crate::kit::{
    administrator, assert_problem, assert_status, bearer, call, enrol, enter, half_way, id_of, member_as,
    text,
};

/// Does something about a user.
async fn measure(root: &Client, id: &str, what: &str) -> Answer {
    call(root, Method::POST, &format!("/api/admin/users/{id}/{what}"), &Value::Null).await
}

async fn give_role(root: &Client, id: &str, role: &str) -> Answer {
    call(root, Method::PUT, &format!("/api/admin/users/{id}/role"), &json!({ "role": role })).await
}

async fn found(root: &Client, query: &str) -> Vec<String> {
    let answer = root.get(&format!("/api/admin/users{query}")).await;
    assert_status(&answer, StatusCode::OK);
    names(&answer.json())
}

fn names(page: &Value) -> Vec<String> {
    page["users"].as_array().expect("a list").iter().map(|user| text(user, "username").to_owned()).collect()
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 1.2.9
    async fn people_are_found_by_a_part_of_their_name_or_address(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        for (email, name) in [("a%b@example.org", "per-cent"), ("a_b@example.org", "under_score"), ("axb@example.org", "plain"), ("back@example.com", "Slash")] {
            house.clock.advance(TimeDelta::seconds(1));
            let token = house.sign_up_as(email, name, PASSWORD).await;
            assert_status(&house.verify(&token).await, StatusCode::OK);
        }
        house.sign_up("unconfirmed").await;
        assert_eq!(found(&root, "").await, ["Slash", "plain", "under_score", "per-cent", "root"]);
        for (search, expected) in [
            ("a%25b", vec!["per-cent"]),
            ("%25", vec!["per-cent"]),
            ("a_b", vec!["under_score"]),
            ("_", vec!["under_score"]),
            ("%5C", vec![]),
            ("A", vec!["Slash", "plain", "under_score", "per-cent", "root"]),
            ("sLASH", vec!["Slash"]),
            ("%20example.COM%20", vec!["Slash"]),
            ("'%20OR%201=1%20--", vec![]),
            ("unconfirmed", vec![]),
            ("%F0%9F%94%91", vec![]),
        ] {
            assert_eq!(found(&root, &format!("?search={search}")).await, expected, "{search}");
        }
        for query in ["?search=%00", "?search=a%00b", "?search=%FF"] {
            let answer = root.get(&format!("/api/admin/users{query}")).await;
            assert!(!answer.status.is_server_error(), "{query}: {answer:?}");
        }
    }

    async fn lists_come_in_pages_that_do_not_shift(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        for n in 0..5 {
            house.clock.advance(TimeDelta::seconds(1));
            house.sign_up_and_verify(&format!("user-{n}")).await;
        }
        let first = root.get("/api/admin/users?limit=2").await.json();
        assert_eq!(names(&first), ["user-4", "user-3"]);
        house.clock.advance(TimeDelta::seconds(1));
        house.sign_up_and_verify("late").await;
        let second = root.get(&format!("/api/admin/users?limit=3&after={}", text(&first, "next"))).await.json();
        assert_eq!(names(&second), ["user-2", "user-1", "user-0"]);
        let last = root.get(&format!("/api/admin/users?limit=3&after={}", text(&second, "next"))).await.json();
        assert_eq!((names(&last), &last["next"]), (vec!["root".to_owned()], &Value::Null));
        assert_eq!(found(&root, "?limit=0").await, ["late"]);
        assert_eq!(found(&root, "?limit=18446744073709551615").await.len(), 7);
        assert_eq!(found(&root, "?limit=7").await.len(), 7);
        for query in ["limit=-1", "limit=x", "limit=18446744073709551616", "after=x", "order=name"] {
            let answer = root.get(&format!("/api/admin/users?{query}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {answer:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }

    // ASVS 8.2.3
    async fn an_administrator_sees_what_is_needed_and_no_secret(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        enrol(&house, &ada).await;
        ada.post("/api/auth/tokens", &json!({ "name": "x", "scopes": ["read"], "expires_in_days": 1 })).await;
        let answer = root.get(&format!("/api/admin/users/{}", id_of(&ada).await)).await;
        let shown = answer.json();
        assert_eq!((&shown["username"], &shown["second_factor"], &shown["disabled_at"]), (&json!("ada"), &json!(true), &Value::Null));
        assert_eq!((&shown["tokens"], &shown["passkeys"]), (&json!(1), &json!(0)));
        assert_eq!(shown["sessions"].as_array().expect("a list").len(), 1);
        assert!(shown["last_seen_at"].is_string());
        for secret in ["hash", "argon2", "seed", "token_"] {
            assert!(!answer.text.contains(secret), "{answer:?}");
        }
    }

    // ASVS 7.4.2
    async fn whoever_is_disabled_is_refused_everywhere_at_once(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let id = id_of(&ada).await;
        let token = ada.post("/api/auth/tokens", &json!({ "name": "x", "scopes": ["read"], "expires_in_days": 1 })).await.json();
        let by_token = async || bearer(&house.client(), text(&token, "token"), Method::GET, "/api/auth/me", &Value::Null).await.status;
        assert_eq!(by_token().await, StatusCode::OK);
        assert_status(&measure(&root, &id, "disable").await, StatusCode::NO_CONTENT);
        assert_eq!(me(&ada).await, None);
        assert_eq!(by_token().await, StatusCode::UNAUTHORIZED);
        assert_problem(&ada.post("/api/auth/refresh", &json!({})).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        let refused = sign_in(&house.client(), "ada@example.org", PASSWORD).await;
        assert_problem(&refused, StatusCode::UNAUTHORIZED, "invalid_credentials");
        let shown = root.get(&format!("/api/admin/users/{id}")).await.json();
        assert!(shown["disabled_at"].is_string());
        assert_eq!(shown["sessions"], json!([]));
        assert!(shown["last_seen_at"].is_string(), "when they were last here stays known");
        assert_status(&measure(&root, &id, "disable").await, StatusCode::NO_CONTENT);

        assert_status(&measure(&root, &id, "enable").await, StatusCode::NO_CONTENT);
        assert_eq!(me(&ada).await, None, "the sessions are over all the same");
        assert_eq!(by_token().await, StatusCode::OK);
        assert!(house.accepts("ada@example.org", PASSWORD).await);
    }

    // ASVS 7.4.2
    async fn a_sign_in_half_way_through_ends_with_the_account(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let (app, _) = enrol(&house, &ada).await;
        let (waiting, id) = (half_way(&house, "ada").await, id_of(&ada).await);
        assert_status(&measure(&root, &id, "disable").await, StatusCode::NO_CONTENT);
        assert_problem(&enter(&waiting, &app.code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
        measure(&root, &id, "enable").await;
        assert_problem(&enter(&waiting, &app.code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
    }

    // ASVS 8.3.2
    async fn another_role_acts_at_once(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let id = id_of(&ada).await;
        assert_status(&ada.get("/api/admin/users").await, StatusCode::FORBIDDEN);
        let answer = give_role(&root, &id, "admin").await;
        assert_eq!((answer.status, &answer.json()["role"]), (StatusCode::OK, &json!("admin")));
        assert_status(&ada.get("/api/admin/users").await, StatusCode::OK);
        assert_eq!(ada.get("/api/auth/me").await.json()["role"], "admin");
        assert_status(&give_role(&ada, &id_of(&root).await, "instructor").await, StatusCode::OK);
        assert_status(&root.get("/api/admin/users").await, StatusCode::FORBIDDEN);
        assert_problem(&give_role(&root, &id, "user").await, StatusCode::FORBIDDEN, "forbidden");
        for wrong in ["root", "Admin", ""] {
            assert_problem(&give_role(&ada, &id, wrong).await, StatusCode::BAD_REQUEST, "invalid_input");
        }
        let entries = ada.get("/api/auth/activity").await.json();
        let entry = entries["entries"].as_array().expect("a list").iter().find(|e| e["details"]["to"] == "admin").cloned().expect("an entry");
        assert_eq!((&entry["action"], &entry["by"]["username"], &entry["details"]["from"]), (&json!("role_change"), &json!("root"), &json!("user")));
    }

    async fn the_role_that_somebody_has_is_no_change(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let before = house.rows("audit_logs").await;
        for (client, role) in [(&root, "admin"), (&ada, "user")] {
            let answer = give_role(&root, &id_of(client).await, role).await;
            assert_eq!((answer.status, &answer.json()["role"]), (StatusCode::OK, &json!(role)), "{answer:?}");
        }
        assert_eq!(house.rows("audit_logs").await, before);
    }

    // ASVS 2.3.2
    async fn the_last_administrator_stays_one(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        let (root_id, second) = (id_of(&root).await, member_as(&house, "second", "admin").await);
        let second_id = id_of(&second).await;
        assert_status(&measure(&root, &second_id, "disable").await, StatusCode::NO_CONTENT);
        for answer in [give_role(&root, &root_id, "user").await, measure(&root, &root_id, "disable").await] {
            assert_problem(&answer, StatusCode::CONFLICT, "last_administrator");
        }
        assert_status(&give_role(&root, &root_id, "admin").await, StatusCode::OK);
        // Somebody disabled is not the last one who could run the installation.
        assert_status(&measure(&root, &second_id, "disable").await, StatusCode::NO_CONTENT);
        assert_status(&give_role(&root, &second_id, "user").await, StatusCode::OK);
        assert_eq!(me(&root).await.as_deref(), Some("root"));
    }

    // ASVS 7.4.5
    async fn sessions_of_one_or_of_everybody_are_ended(database) {
        let house = House::open(database).await;
        let (root, ada, grace) = (administrator(&house, "root").await, house.member("ada").await, house.member("grace").await);
        assert_status(&measure(&root, &id_of(&ada).await, "end-sessions").await, StatusCode::NO_CONTENT);
        assert_eq!((me(&ada).await, me(&grace).await.as_deref()), (None, Some("grace")));
        sign_in(&ada, "ada@example.org", PASSWORD).await;
        let ivy = house.member("ivy").await;
        let (app, _) = enrol(&house, &ivy).await;
        let waiting = half_way(&house, "ivy").await;
        let answer = call(&root, Method::POST, "/api/admin/end-all-sessions", &Value::Null).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "ended": 3 })));
        assert_problem(&enter(&waiting, &app.code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
        for client in [&ada, &grace] {
            assert_eq!(me(client).await, None);
            assert_status(&client.post("/api/auth/refresh", &json!({})).await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(me(&root).await.as_deref(), Some("root"));
    }

    // ASVS 6.4.6
    async fn an_administrator_starts_a_reset_and_never_chooses_the_password(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let answer = measure(&root, &id_of(&ada).await, "start-reset").await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, ""), "no link, no password");
        let mail = house.mail_about("ada@example.org", "Choose a new password").await.expect("a mail");
        assert!(mail.contains(&format!("{PUBLIC_URL}/reset-password#token=")), "{mail}");
        assert!(mail.contains("an administrator asks you to choose a new password"), "{mail}");
        assert!(house.accepts("ada@example.org", PASSWORD).await, "until she chooses another");
        let body = json!({ "token": token_in(&mail), "new_password": "a wholly different sentence" });
        assert_status(&house.client().post("/api/auth/reset-password", &body).await, StatusCode::NO_CONTENT);
        assert!(house.accepts("ada@example.org", "a wholly different sentence").await);
    }

    async fn a_link_that_would_not_work_is_not_mailed(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        enrol(&house, &ada).await;
        let id = id_of(&ada).await;
        measure(&root, &id, "disable").await;
        let mails = house.rows("outgoing_mails").await;
        for what in ["start-reset", "start-recovery"] {
            assert_problem(&measure(&root, &id, what).await, StatusCode::CONFLICT, "account_disabled");
        }
        assert_eq!(house.rows("outgoing_mails").await, mails);
        measure(&root, &id, "enable").await;
        assert_status(&measure(&root, &id, "start-reset").await, StatusCode::ACCEPTED);
    }

    // ASVS 6.4.4
    async fn who_lost_a_second_factor_comes_back_by_mail_and_password(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let id = id_of(&ada).await;
        assert_problem(&measure(&root, &id, "start-recovery").await, StatusCode::CONFLICT, "not_enabled");
        enrol(&house, &ada).await;
        let answer = measure(&root, &id, "start-recovery").await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, ""));
        let mail = house.mail_about("ada@example.org", "Recover your account").await.expect("a mail");
        assert!(mail.contains(&format!("{PUBLIC_URL}/recover#token=")), "{mail}");
        let token = token_in(&mail).expect("a token");
        let recover = async |password: &str| house.client().post("/api/auth/recover", &json!({ "token": token, "password": password })).await;
        for _ in 0..5 {
            assert_problem(&recover("not the password").await, StatusCode::FORBIDDEN, "wrong_password");
        }
        assert_problem(&recover(PASSWORD).await, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        assert_eq!(house.rows("totp_credentials").await, 1, "the mail alone removes nothing");
        half_way(&house, "ada").await;
        house.clock.advance(TimeDelta::seconds(1));
        assert_status(&recover(PASSWORD).await, StatusCode::NO_CONTENT);
        assert_eq!((house.rows("totp_credentials").await, house.rows("backup_codes").await), (0, 0));
        assert_eq!(me(&ada).await, None);
        assert!(house.accepts("ada@example.org", PASSWORD).await);
        assert!(house.mail_about("ada@example.org", "Second factor removed").await.is_some());
        assert_problem(&recover(PASSWORD).await, StatusCode::GONE, "link_used");
    }

    // ASVS 6.4.1
    async fn a_recovery_link_works_for_ten_minutes_and_the_newest_one_alone_is_needed(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        enrol(&house, &ada).await;
        let id = id_of(&ada).await;
        measure(&root, &id, "start-recovery").await;
        let old = house.mail_about("ada@example.org", "Recover your account").await.and_then(|mail| token_in(&mail)).expect("a token");
        house.clock.advance(TimeDelta::minutes(5));
        measure(&root, &id, "start-recovery").await;
        let new = house.links("ada@example.org").await.into_iter().filter(|token| *token != old).collect::<Vec<_>>();
        house.clock.advance(TimeDelta::minutes(5));
        let recover = async |token: &str| house.client().post("/api/auth/recover", &json!({ "token": token, "password": PASSWORD })).await;
        assert_problem(&recover(&old).await, StatusCode::GONE, "link_expired");
        let mut done = 0;
        for token in &new {
            done += usize::from(recover(token).await.status == StatusCode::NO_CONTENT);
        }
        assert_eq!(done, 1);
        enrol(&house, &house.signed_in("ada").await).await;
        sign_in(&root, "root@example.org", PASSWORD).await;
        for _ in 0..2 {
            measure(&root, &id, "start-recovery").await;
        }
        for token in house.links("ada@example.org").await {
            done += usize::from(recover(&token).await.status == StatusCode::NO_CONTENT);
        }
        assert_eq!(done, 2, "a recovery withdraws the links of the others");
    }

    async fn the_operator_decides_who_needs_a_second_factor_not_the_administrator(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        let strict = house.beside(accounts::Config { second_factor: SecondFactorPolicy::Administrators, ..crate::house::cheap() }).await;
        let client = strict.client();
        client.forge_cookie(accounts::SESSION_COOKIE, &crate::browser::session_of(&root));
        assert_problem(&client.get("/api/admin/users").await, StatusCode::FORBIDDEN, "second_factor_required");
    }
}
