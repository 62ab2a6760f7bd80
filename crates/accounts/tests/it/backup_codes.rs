//! Backup codes: each once, in the place of the second factor.

use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::json;
use std::collections::BTreeSet;

use crate::browser::me;
use crate::house::{House, migrations};
use crate::kit::{assert_problem, assert_status, enrol, enter, half_way};

const RENEW: &str = "/api/auth/2fa/backup-codes";

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.5.1
    async fn each_of_ten_codes_works_once_in_any_spelling(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (_, codes) = enrol(&house, &ada).await;
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 10);
        for (n, code) in codes.iter().enumerate() {
            let typed = if n % 2 == 0 { code.clone() } else { code.to_lowercase().replace('-', " ") };
            house.clock.advance(TimeDelta::seconds(1));
            let client = half_way(&house, "ada").await;
            assert_status(&enter(&client, &typed).await, StatusCode::OK);
            assert_eq!(me(&client).await.as_deref(), Some("ada"));
            let left = ada.get("/api/auth/2fa").await.json()["backup_codes_left"].clone();
            assert_eq!(left, 9 - n);
            assert_problem(&enter(&half_way(&house, "ada").await, code).await, StatusCode::FORBIDDEN, "wrong_code");
        }
        let mail = house.mail_about("ada@example.org", "A backup code was used").await.expect("a mail");
        assert!(mail.contains("You have 0 left"), "{mail}");
        assert_eq!(house.mails_about("ada@example.org", "A backup code was used").await, 10);
    }

    // ASVS 6.5.1
    async fn of_many_who_use_a_code_at_the_same_time_one_is_let_in(database) {
        let house = House::open(database).await;
        let (_, codes) = enrol(&house, &house.member("ada").await).await;
        let mut waiting = Vec::new();
        for _ in 0..20 {
            waiting.push(half_way(&house, "ada").await);
        }
        let answers = join_all(waiting.iter().map(|client| enter(client, &codes[3]))).await;
        let let_in = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        let refused = |answer: &&testkit::Answer| ["wrong_code", "too_many_requests"].contains(&answer.code().as_str());
        assert_eq!((let_in, answers.iter().filter(refused).count()), (1, 19), "{answers:#?}");
        assert_eq!(house.rows("backup_codes").await, 9);
    }

    // ASVS 6.3.7
    async fn new_codes_take_the_place_of_the_old_ones(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        assert_problem(&ada.post(RENEW, &json!({})).await, StatusCode::CONFLICT, "not_enabled");
        let (_, old) = enrol(&house, &ada).await;
        let answer = ada.post(RENEW, &json!({})).await;
        assert_status(&answer, StatusCode::OK);
        let new = answer.json()["backup_codes"].as_array().expect("codes").clone();
        assert_eq!(new.len(), 10);
        assert!(house.mail_about("ada@example.org", "New backup codes").await.is_some());
        let client = half_way(&house, "ada").await;
        assert_problem(&enter(&client, &old[0]).await, StatusCode::FORBIDDEN, "wrong_code");
        assert_status(&enter(&client, new[0].as_str().expect("text")).await, StatusCode::OK);
    }

    // ASVS 6.5.2
    async fn the_codes_are_nowhere_in_the_database(database) {
        let house = House::open(database).await;
        let (_, codes) = enrol(&house, &house.member("ada").await).await;
        let stored = house.bytes("SELECT code_hash AS b FROM backup_codes LIMIT 1").await;
        assert_eq!(stored.len(), 32);
        for code in &codes {
            assert!(!stored.windows(4).any(|part| part == &code.as_bytes()[..4]));
            assert_eq!(code.len(), 29, "24 characters of 5 bits, in six groups");
        }
        let printed = house.number("SELECT COUNT(*) AS n FROM outgoing_mails WHERE text LIKE '%-____-____-____-____-%'").await;
        assert_eq!(printed, 0, "nor in a mail");
    }
}
