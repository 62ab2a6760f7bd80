//! Signing up: what is taken, what is told, and what is not.

use reqwest::StatusCode;
use testkit::TestDatabase;

use crate::browser::{assert_alike, me, verify_in, wish};
use crate::house::{House, PASSWORD, migrations};

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.8
    async fn an_address_with_an_account_gets_the_same_answer_as_a_new_one(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let sign_up = async |email, username| {
            house.client().post("/api/auth/signup", &wish(email, username, "another password")).await
        };
        let new = sign_up("new@example.org", "new-name").await;
        let known = sign_up("Ada@example.org", "new-name-2").await;
        assert_eq!(new.status, StatusCode::ACCEPTED);
        assert_alike(&new, &known);

        let mails = house.mails("Ada@example.org").await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject == "You already have an account").collect();
        assert_eq!((mails.len(), told.len()), (2, 1));
        assert!(told[0].text.contains("new-name-2"), "{}", told[0].text);
        assert!(!told[0].text.contains("token="), "{}", told[0].text);

        assert!(house.accepts("ada@example.org", PASSWORD).await);
        assert!(!house.accepts("ada@example.org", "another password").await);
        let confirmed = "SELECT COUNT(*) AS n FROM users WHERE email_key = 'ada@example.org' AND email_verified";
        assert_eq!(house.number(confirmed).await, 1);
    }

    // So that the time it takes, too, is the same (OWASP ASVS 5.0, 6.3.8).
    async fn an_address_with_an_account_makes_the_same_rows_as_a_new_one(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let mut written = Vec::new();
        for email in ["ada@example.org", "new@example.org"] {
            let count = async || {
                let mut rows = Vec::new();
                for table in ["users", "one_time_links", "outgoing_mails", "audit_logs"] {
                    rows.push(house.rows(table).await);
                }
                rows
            };
            let before = count().await;
            house.client().post("/api/auth/signup", &wish(email, "another", "another password")).await;
            let after = count().await;
            written.push(after.iter().zip(before).map(|(after, before)| after - before).collect::<Vec<_>>());
        }
        assert_eq!(written[0], written[1]);
        assert_eq!(written[0], [1, 1, 1, 1]);
    }

    // Who may not learn whether somebody has an account must not learn it in a roundabout way either.
    // ASVS 6.3.8
    async fn whether_an_address_has_an_account_does_not_show_in_which_names_are_free(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let mut probes = Vec::new();
        for (victim, name) in [("ada@example.org", "probe-1"), ("nobody@example.org", "probe-2")] {
            let sign_up = async |email| house.client().post("/api/auth/signup", &wish(email, name, PASSWORD)).await;
            sign_up(victim).await;
            probes.push((sign_up("eve@example.org").await, sign_up(victim).await));
        }
        assert_alike(&probes[0].0, &probes[1].0);
        assert_alike(&probes[0].1, &probes[1].1);
    }

    async fn a_taken_name_is_refused_in_any_letter_case(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("Ada").await;
        for taken in ["Ada", "ada", "ADA"] {
            for email in ["new@example.org", "ada@example.org"] {
                let answer = house.client().post("/api/auth/signup", &wish(email, taken, PASSWORD)).await;
                assert_eq!(answer.status, StatusCode::CONFLICT, "{taken} {email}");
                assert_eq!(answer.code(), "username_taken");
            }
        }
        assert_eq!((house.rows("users").await, house.rows("outgoing_mails").await), (1, 1));
    }

    async fn a_name_belongs_to_who_confirms_first(database) {
        let house = House::open(database).await;
        let ada = house.sign_up_as("ada@example.org", "wanted", PASSWORD).await;
        let grace = house.sign_up_as("grace@example.org", "WANTED", PASSWORD).await;
        assert_eq!(house.verify(&grace).await.status, StatusCode::OK);
        let late = house.verify(&ada).await;
        assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "username_taken"));
        assert!(!house.accepts("ada@example.org", PASSWORD).await);

        let another_name = house.sign_up_as("ada@example.org", "ada", PASSWORD).await;
        assert_eq!(house.verify(&another_name).await.json()["username"], "ada");
        assert!(house.accepts("ada@example.org", PASSWORD).await);
    }

    // ASVS 2.3.1
    async fn each_link_confirms_the_password_that_was_chosen_with_it(database) {
        let house = House::open(database).await;
        let first = house.sign_up_as("ada@example.org", "ada", "the first password").await;
        let second = house.sign_up_as("ADA@example.org", "Ada", "the second password").await;
        assert_ne!(first, second);
        let verified = house.verify_with(&first, "the first password").await;
        assert_eq!(verified.json()["username"], "ada");
        assert!(house.accepts("ada@example.org", "the first password").await);
        assert!(!house.accepts("ada@example.org", "the second password").await);
        assert_eq!(house.verify_with(&second, "the second password").await.code(), "link_invalid");
        assert_eq!(house.rows("users").await, 1);
    }

    async fn an_attacker_who_signs_up_first_has_nothing_in_the_end(database) {
        an_attacker_was_here_first(database, "eve").await;
    }

    async fn an_attacker_who_signs_up_first_under_the_same_name_has_nothing_in_the_end(database) {
        an_attacker_was_here_first(database, "ada").await;
    }

    // The mail of the attacker's sign-up looks like the victim's own, and comes last.
    async fn an_attacker_who_signs_up_second_under_the_same_name_has_nothing_in_the_end(database) {
        let house = House::open(database).await;
        let email = "ada@example.org";
        let victims = house.sign_up_as(email, "ada", "the victim's password").await;
        let attackers = house.sign_up_as(email, "ada", "the attacker's password").await;

        let client = house.client();
        let followed = verify_in(&client, &attackers, "the victim's password").await;
        assert_eq!((followed.status, followed.code().as_str()), (StatusCode::FORBIDDEN, "wrong_password"));
        assert_eq!((followed.header("set-cookie"), me(&client).await), ("", None));
        for password in ["the victim's password", "the attacker's password"] {
            assert!(!house.accepts(email, password).await, "nothing is confirmed by another's link");
        }

        let own = verify_in(&client, &victims, "the victim's password").await;
        assert_eq!(own.json()["username"], "ada");
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
        assert!(!house.accepts(email, "the attacker's password").await);
        assert_eq!(house.verify_with(&attackers, "the attacker's password").await.code(), "link_invalid");
        assert_eq!(house.rows("users").await, 1);
    }

    // ASVS 1.3.11
    async fn headers_cannot_be_smuggled_into_mail(database) {
        let house = House::open(database).await;
        let hostile = [
            ("eve@example.org\r\nBcc: all@example.org", "eve"),
            ("eve@example.org\nBcc: all@example.org", "eve"),
            ("eve@example.org\r\n.\r\nMAIL FROM:<x@example.org>", "eve"),
            ("\"eve\r\nBcc: all\"@example.org", "eve"),
            ("eve\u{0}@example.org", "eve"),
            ("\"eve\u{0}\"@example.org", "eve"),
            ("eve@example.org>, <all@example.org", "eve"),
            ("eve@example.org, all@example.org", "eve"),
            ("Eve <eve@example.org>", "eve"),
            ("eve@example.org", "eve\r\nBcc: all@example.org"),
            ("eve@example.org", "eve\u{0}"),
            ("eve@example.org", "<a href=x>eve</a>"),
        ];
        for (email, username) in hostile {
            let answer = house.client().post("/api/auth/signup", &wish(email, username, PASSWORD)).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{email:?} {username:?}: {answer:?}");
            assert_eq!(answer.code(), "invalid_input");
        }
        for table in ["users", "one_time_links", "outgoing_mails"] {
            assert_eq!(house.rows(table).await, 0, "{table}");
        }
    }
}

/// Account pre-hijacking (Sudhodanan and Paverd, USENIX Security 2022).
async fn an_attacker_was_here_first(database: TestDatabase, attackers_name: &str) {
    let house = House::open(database).await;
    let email = "ada@example.org";
    let attackers = house.sign_up_as(email, attackers_name, "the attacker's password").await;
    let victims = house.sign_up_as(email, "ada", "the victim's password").await;

    let verified = house.verify_with(&victims, "the victim's password").await;
    assert_eq!(verified.json()["username"], "ada");
    assert!(house.accepts(email, "the victim's password").await);
    assert!(!house.accepts(email, "the attacker's password").await);
    let refused = house.verify_with(&attackers, "the attacker's password").await;
    assert!(["link_used", "link_invalid"].contains(&refused.code().as_str()), "{refused:?}");
    assert!(!house.accepts(email, "the attacker's password").await);
    assert_eq!(house.rows("users").await, 1);
}
