//! Passwords from outside: what is accepted, and that each is verified exactly.

use accounts::{Config, MailConfig};
use reqwest::StatusCode;

use crate::browser::wish;
use crate::house::{House, migrations};

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.2.5, 6.2.8
    async fn a_password_is_verified_exactly_as_it_was_chosen(database) {
        let house = House::open(database).await;
        let long = "four cups of coffee ".repeat(4);
        let emoji = |characters| "🔑🐘🎻🍉🧭🪴🚲🐢".chars().cycle().take(characters).collect::<String>();
        #[rustfmt::skip]
        let table = [
            // chosen, and others that must not do
            (" pässwörd ".to_owned(),       vec!["pässwörd".to_owned(), " PÄSSWÖRD ".to_owned(), " pa\u{308}sswo\u{308}rd ".to_owned()]),
            (emoji(256),                    vec![emoji(255), emoji(257)]),
            (format!("{long}a"),            vec![format!("{long}b"), long.clone()]), // bcrypt would see 72 bytes only
            ("before\u{0}after".to_owned(), vec!["before".to_owned(), "before\u{0}".to_owned(), "before\u{0}other".to_owned()]),
            ("夜の学校で勉強する".to_owned(),  vec!["夜の学校で勉強す".to_owned()]),
            ("oﬀene oﬃziere".to_owned(),    vec!["offene offiziere".to_owned()]),
            ("\u{202e}ztrauq ebut\u{200b}".to_owned(), vec!["ztrauq ebut".to_owned()]),
            ("\"'\\;--<script>".to_owned(), vec!["\"';--<script>".to_owned()]),
        ];
        for (n, (chosen, others)) in table.into_iter().enumerate() {
            let email = format!("user-{n}@example.org");
            let token = house.sign_up_as(&email, &format!("user-{n}"), &chosen).await;
            assert_eq!(house.verify_with(&token, &chosen).await.status, StatusCode::OK);
            assert!(house.accepts(&email, &chosen).await, "{chosen:?}");
            for other in others {
                assert!(!house.accepts(&email, &other).await, "{other:?} instead of {chosen:?}");
            }
        }
    }

    // ASVS 2.2.2, 2.2.3, 6.2.1
    async fn what_is_too_short_too_long_or_guessable_is_refused_with_the_reason(database) {
        let house = House::open(database).await;
        let long = "é".repeat(257);
        for (password, code) in [
            ("1234567", "length"),
            ("", "length"),
            (&long, "length"),
            ("ADA@example.org", "same_as_identity"),
            ("Ada-Lovelace", "same_as_identity"),
            ("Password1", "too_common"),
            ("lovelace-1815", "context_word"),
            ("bcdefghijklmnop", "too_guessable"),
        ] {
            let answer = house.client().post("/api/auth/signup", &wish("ada@example.org", "ada-lovelace", password)).await;
            assert_eq!(answer.code(), "invalid_input");
            let errors = answer.json()["errors"].clone();
            assert_eq!((errors[0]["field"].as_str(), errors[0]["code"].as_str()), (Some("password"), Some(code)), "{password}");
        }
        assert_eq!(house.rows("users").await, 0);
    }

    // ASVS 11.4.2
    async fn passwords_are_hashed_as_owasp_recommends_unless_told_otherwise(database) {
        let house = House::with(database, Config::default(), &MailConfig::default()).await;
        house.sign_up("ada").await;
        let strong = "SELECT COUNT(*) AS n FROM users WHERE password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'";
        assert_eq!(house.number(strong).await, 1);
    }
}
