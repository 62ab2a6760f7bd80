//! The link that confirms an address: once, in time, for this alone.

use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use crate::browser::{me, token_in, verify_in};
use crate::house::{House, PASSWORD, PUBLIC_URL, migrations};

testkit::on_both_databases! {
    migrations: migrations();

    async fn the_mail_says_whose_account_it_is_and_where_to_go(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        let mails = house.mails("ada@example.org").await;
        assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "Confirm your e-mail address"));
        assert!(mails[0].text.contains(&format!("{PUBLIC_URL}/verify-email#token={token}\n")), "{}", mails[0].text);
        assert!(mails[0].text.contains("ada"), "{}", mails[0].text);
        assert!(!mails[0].text.contains(PASSWORD), "{}", mails[0].text);
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM users WHERE email_verified").await, 0);
    }

    async fn a_link_works_once(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        assert_eq!(house.verify(&token).await.status, StatusCode::OK);
        let again = house.verify(&token).await;
        assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "link_used"));
    }

    async fn a_link_expires(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        house.clock.advance(TimeDelta::hours(24));
        let expired = house.verify(&token).await;
        assert_eq!((expired.status, expired.code().as_str()), (StatusCode::GONE, "link_expired"));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(house.rows("users").await, 0);
        assert_eq!(house.verify(&token).await.code(), "link_expired", "its user is gone, its memory is not");
        assert!(!house.accepts("ada@example.org", PASSWORD).await);
        house.clock.advance(TimeDelta::days(30));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(house.verify(&token).await.code(), "link_invalid");
    }

    async fn a_link_works_to_its_last_second(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        house.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(house.verify(&token).await.status, StatusCode::OK);
    }

    async fn what_is_no_link_of_ours_is_refused(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        let setup = house.accounts.setup_link().await.expect("asks").expect("no administrator").reveal("");
        let setup = token_in(&setup).expect("a token");
        let cut = &token[1..];
        let (padded, other_case) = (format!("{token}="), token.to_lowercase());
        for garbage in ["", "x", &"a".repeat(43), &"ä".repeat(43), cut, &padded, &other_case, "' OR 1=1 --", &setup] {
            let answer = house.verify(garbage).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "link_invalid"), "{garbage:?}");
        }
        assert_eq!(house.verify(&token).await.status, StatusCode::OK);
    }

    // So many passwords at once look like guessing: some are told to wait.
    // ASVS 2.3.4
    async fn twenty_who_follow_a_link_at_once_find_it_working_once(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        let answers = join_all((0..20).map(|_| house.verify(&token))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!(count(StatusCode::OK), 1, "{answers:#?}");
        assert_eq!(count(StatusCode::GONE) + count(StatusCode::TOO_MANY_REQUESTS), 19, "{answers:#?}");
        assert_eq!(house.rows("sessions").await, 1);
    }

    async fn two_links_for_two_names_with_one_address_leave_one_account(database) {
        let house = House::open(database).await;
        let one = house.sign_up_as("ada@example.org", "ada", PASSWORD).await;
        let two = house.sign_up_as("ada@example.org", "lovelace", PASSWORD).await;
        let answers = [house.verify(&one), house.verify(&two)];
        let answers = join_all(answers).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1, "{answers:#?}");
        assert_eq!(answers.iter().filter(|answer| answer.status.is_client_error()).count(), 1, "{answers:#?}");
        assert_eq!((house.rows("users").await, house.number("SELECT COUNT(*) AS n FROM users WHERE email_verified").await), (1, 1));
    }

    async fn whoever_follows_the_link_with_the_password_is_signed_in(database) {
        let house = House::open(database).await;
        let (token, client) = (house.sign_up("ada").await, house.client());
        let answer = verify_in(&client, &token, PASSWORD).await;
        assert_eq!((answer.status, &answer.json()["username"]), (StatusCode::OK, &json!("ada")));
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
        let sessions = client.get("/api/auth/sessions").await.json();
        assert_eq!(sessions["sessions"][0]["signed_in_with"], "confirmation");
        assert_eq!(house.rows("sessions").await, 1);
    }

    async fn a_link_alone_confirms_nothing_and_guessing_its_password_takes_ever_longer(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        for guess in ["guess number 1", "guess number 2", "guess number 3", "guess number 4", "guess number 5"] {
            let client = house.client();
            let answer = verify_in(&client, &token, guess).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "wrong_password"));
            assert_eq!((answer.header("set-cookie"), me(&client).await), ("", None));
        }
        let early = house.verify(&token).await;
        assert_eq!((early.code().as_str(), early.header("retry-after")), ("too_many_requests", "1"));
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM users WHERE email_verified").await, 0);
        house.clock.advance(TimeDelta::seconds(1));
        assert_eq!(house.verify(&token).await.status, StatusCode::OK);
    }
}
