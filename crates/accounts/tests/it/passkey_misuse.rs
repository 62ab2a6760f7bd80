//! Answers of authenticators that must not be believed.

use accounts::SIGN_IN_COOKIE;
use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use crate::authenticator::{
    AGAIN, ALONE, Authenticator, ORIGIN, SECOND, add, assert_refused, finish, holder, show, start,
};
use crate::browser::me;
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{assert_problem, assert_status, half_way};

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.4
    async fn an_answer_from_another_place_or_without_the_user_is_refused(database) {
        let house = House::open(database).await;
        let (_, mut key) = holder(&house, "ada").await;
        let wrong: [fn(&mut Authenticator); 6] = [
            |key| key.origin = "https://evil.example".into(),
            |key| key.origin = "http://xn--mnchen-3ya.example".into(),
            |key| key.origin = "https://login.xn--mnchen-3ya.example".into(),
            |key| key.rp = "evil.example".into(),
            |key| key.verifies_user = false,
            |key| key.id = b"a credential that nobody has".to_vec(),
        ];
        for change in wrong {
            let (origin, rp, id) = (key.origin.clone(), key.rp.clone(), key.id.clone());
            change(&mut key);
            for path in [ALONE, SECOND] {
                let client = half_way(&house, "ada").await;
                assert_refused(&show(&client, path, &mut key).await);
                assert_eq!(me(&client).await, None);
            }
            (key.origin, key.rp, key.id, key.verifies_user) = (origin, rp, id, true);
        }
        assert_eq!(key.origin, ORIGIN);
        assert_status(&show(&house.client(), ALONE, &mut key).await, StatusCode::OK);
    }

    // ASVS 6.3.4
    async fn a_passkey_alone_says_whose_it_is(database) {
        let house = House::open(database).await;
        let (_, mut key) = holder(&house, "ada").await;
        let own = key.user_handle.clone();
        for other in [json!(null), json!(""), json!("AAAAAAAAAAAAAAAAAAAAAA")] {
            key.user_handle = other;
            assert_refused(&show(&house.client(), ALONE, &mut key).await);
        }
        key.user_handle = own;
        assert_status(&show(&house.client(), ALONE, &mut key).await, StatusCode::OK);
    }

    async fn a_copy_that_is_behind_is_refused_though_its_challenge_is_older(database) {
        let house = House::open(database).await;
        let (_, mut key) = holder(&house, "ada").await;
        key.counter = 50;
        let clients = [half_way(&house, "ada").await, half_way(&house, "ada").await];
        let options = [start(&clients[0], SECOND).await, start(&clients[1], SECOND).await];
        key.counter = 60;
        assert_status(&finish(&clients[0], SECOND, &key.answer(&options[0])).await, StatusCode::OK);
        key.counter = 54;
        assert_refused(&finish(&clients[1], SECOND, &key.answer(&options[1])).await);
    }

    // ASVS 6.3.4
    async fn a_passkey_made_elsewhere_or_without_the_user_is_not_added(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let wrong: [fn(&mut Authenticator); 3] =
            [|key| key.origin = "https://evil.example".into(), |key| key.rp = "evil.example".into(), |key| key.verifies_user = false];
        for change in wrong {
            let mut key = Authenticator::new("ada");
            change(&mut key);
            assert_refused(&add(&ada, &mut key, "key").await);
        }
        for rubbish in [json!({}), json!(null), json!("x"), json!({ "id": "AA", "rawId": "AA", "type": "public-key", "response": { "clientDataJSON": "AA", "attestationObject": "AA" } })] {
            start(&ada, "passkeys/register").await;
            let answer = ada.post("/api/auth/passkeys/register/finish", &json!({ "name": "key", "credential": rubbish })).await;
            assert_refused(&answer);
        }
        assert_eq!(house.rows("passkeys").await, 0);
        assert_eq!(ada.get("/api/auth/me").await.json()["second_factor"], false);
    }

    // ASVS 6.6.2
    async fn an_answer_is_good_for_its_own_challenge_and_once(database) {
        let house = House::open(database).await;
        let (_, mut key) = holder(&house, "ada").await;
        let (client, other) = (house.client(), house.client());
        let (options, others) = (start(&client, ALONE).await, start(&other, ALONE).await);
        assert_refused(&finish(&client, ALONE, &key.answer(&others)).await);
        let ceremony = client.cookie(SIGN_IN_COOKIE).expect("begun");
        let answer = key.answer(&options);
        assert_status(&finish(&client, ALONE, &answer).await, StatusCode::OK);
        let thief = house.client();
        assert_problem(&finish(&thief, ALONE, &answer).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
        thief.forge_cookie(SIGN_IN_COOKIE, &ceremony);
        assert_problem(&finish(&thief, ALONE, &answer).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
        start(&thief, ALONE).await;
        assert_refused(&finish(&thief, ALONE, &answer).await);
        assert_eq!(me(&thief).await, None);

        let options = start(&other, ALONE).await;
        let answer = key.answer(&options);
        house.clock.advance(TimeDelta::minutes(5));
        assert_problem(&finish(&other, ALONE, &answer).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
    }

    // ASVS 6.6.2
    async fn of_many_who_send_one_answer_at_the_same_time_one_is_let_in(database) {
        let house = House::open(database).await;
        let (_, mut key) = holder(&house, "ada").await;
        let client = house.client();
        let options = start(&client, ALONE).await;
        let (answer, ceremony, before) = (key.answer(&options), client.cookie(SIGN_IN_COOKIE).expect("begun"), house.rows("sessions").await);
        let copies: Vec<_> = (0..10).map(|_| { let copy = house.client(); copy.forge_cookie(SIGN_IN_COOKIE, &ceremony); copy }).collect();
        let answers = join_all(copies.iter().map(|copy| finish(copy, ALONE, &answer))).await;
        let let_in = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        let late = answers.iter().filter(|answer| answer.code() == "sign_in_expired").count();
        assert_eq!((let_in, late), (1, 9), "{answers:#?}");
        assert_eq!(house.rows("sessions").await, before + 1);
    }

    // ASVS 6.3.4
    async fn the_passkey_of_another_is_no_second_factor(database) {
        let house = House::open(database).await;
        let ((ada, mut adas), (_, mut graces)) = (holder(&house, "ada").await, holder(&house, "grace").await);
        let client = half_way(&house, "ada").await;
        let options = start(&client, SECOND).await;
        assert_refused(&finish(&client, SECOND, &graces.answer(&options)).await);
        // Under Ada's id, but with another key.
        graces.id.clone_from(&adas.id);
        let options = start(&client, SECOND).await;
        assert_refused(&finish(&client, SECOND, &graces.answer(&options)).await);
        let options = start(&ada, AGAIN).await;
        assert_refused(&finish(&ada, AGAIN, &graces.answer(&options)).await);
        assert_status(&show(&client, SECOND, &mut adas).await, StatusCode::OK);
    }

    // ASVS 6.3.4
    async fn what_was_begun_for_one_thing_is_good_for_no_other(database) {
        let house = House::open(database).await;
        let (ada, mut key) = holder(&house, "ada").await;
        let grace = house.member("grace").await;
        for (begun, ended) in [(ALONE, AGAIN), (AGAIN, ALONE)] {
            let options = start(&ada, begun).await;
            let answer = finish(&ada, ended, &key.answer(&options)).await;
            assert_problem(&answer, StatusCode::UNAUTHORIZED, "sign_in_expired");
        }
        // Ada's registration, finished in Grace's session.
        let options = start(&ada, "passkeys/register").await;
        grace.forge_cookie(SIGN_IN_COOKIE, &ada.cookie(SIGN_IN_COOKIE).expect("begun"));
        let made = Authenticator::new("new").make(&options);
        let answer = grace.post("/api/auth/passkeys/register/finish", &json!({ "name": "x", "credential": made })).await;
        assert_problem(&answer, StatusCode::UNAUTHORIZED, "sign_in_expired");
        // Ada's re-authentication, finished in Grace's session.
        let options = start(&ada, AGAIN).await;
        grace.forge_cookie(SIGN_IN_COOKIE, &ada.cookie(SIGN_IN_COOKIE).expect("begun"));
        assert_problem(&finish(&grace, AGAIN, &key.answer(&options)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
    }

    // ASVS 6.3.4
    async fn a_counter_that_goes_back_tells_of_a_copy(database) {
        let house = House::open(database).await;
        let (ada, mut key) = (house.member("ada").await, Authenticator::new("ada"));
        key.counter = 10;
        assert_status(&add(&ada, &mut key, "key").await, StatusCode::CREATED);
        assert_status(&show(&house.client(), ALONE, &mut key).await, StatusCode::OK);
        assert_status(&show(&half_way(&house, "ada").await, SECOND, &mut key).await, StatusCode::OK);
        for counter in [11, 0] {
            let now = key.counter;
            key.counter = counter;
            for path in [ALONE, SECOND] {
                key.counter = counter;
                assert_refused(&show(&half_way(&house, "ada").await, path, &mut key).await);
            }
            key.counter = now;
        }
        assert_status(&show(&house.client(), ALONE, &mut key).await, StatusCode::OK);
    }

    // ASVS 7.4.2
    async fn a_removed_passkey_and_one_of_somebody_disabled_open_nothing(database) {
        let house = House::open(database).await;
        let (ada, mut key) = holder(&house, "ada").await;
        let (client, waiting) = (house.client(), half_way(&house, "ada").await);
        let (options, second) = (start(&client, ALONE).await, start(&waiting, SECOND).await);
        house.execute("UPDATE users SET disabled_at = created_at").await;
        assert_refused(&finish(&client, ALONE, &key.answer(&options)).await);
        assert_refused(&finish(&waiting, SECOND, &key.answer(&second)).await);
        house.execute("UPDATE users SET disabled_at = NULL").await;

        let id = ada.get("/api/auth/passkeys").await.json()["passkeys"][0]["id"].as_str().expect("an id").to_owned();
        let (client, waiting) = (house.client(), half_way(&house, "ada").await);
        let (options, second) = (start(&client, ALONE).await, start(&waiting, SECOND).await);
        assert_status(&ada.delete(&format!("/api/auth/passkeys/{id}")).await, StatusCode::NO_CONTENT);
        assert_refused(&finish(&client, ALONE, &key.answer(&options)).await);
        assert_refused(&finish(&waiting, SECOND, &key.answer(&second)).await);
        assert_refused(&show(&house.client(), ALONE, &mut key).await);
        assert!(house.accepts("ada@example.org", PASSWORD).await, "it was the only factor");
        assert_eq!(house.rows("backup_codes").await, 0);
        assert!(house.mail_about("ada@example.org", "Passkey removed").await.is_some());
    }
}
