//! Many at once.

use futures::future::join_all;
use reqwest::StatusCode;
use testkit::Answer;

use crate::browser::wish;
use crate::house::{House, PASSWORD, migrations};

/// Fifty sign-ups at the same time.
async fn fifty(house: &House, identity: impl Fn(usize) -> (String, String)) -> Vec<Answer> {
    let wishes = (0..50).map(|n| {
        let (email, username) = identity(n);
        async move { house.client().post("/api/auth/signup", &wish(&email, &username, PASSWORD)).await }
    });
    join_all(wishes).await
}

/// How many answers have which status; the rest are shown when something is unexpected.
fn assert_statuses(answers: &[Answer], expected: &[(StatusCode, usize)]) {
    for (status, number) in expected {
        let found = answers.iter().filter(|answer| answer.status == *status).count();
        let others = answers.iter().filter(|a| expected.iter().all(|(status, _)| a.status != *status));
        assert_eq!(found, *number, "{status}; unexpected: {:#?}", others.collect::<Vec<_>>());
    }
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 2.3.4, 15.4.2
    async fn of_fifty_who_want_one_name_one_gets_it(database) {
        let house = House::open(database).await;
        let email = |n: usize| format!("user-{n}@example.org");
        let answers = fifty(&house, |n| (email(n), "wanted".to_owned())).await;
        assert_statuses(&answers, &[(StatusCode::ACCEPTED, 50)]);
        let mut links = Vec::new();
        for n in 0..50 {
            links.extend(house.links(&email(n)).await);
        }
        assert_eq!(links.len(), 50);
        let answers = join_all(links.iter().map(|link| house.verify(link))).await;
        assert_statuses(&answers, &[(StatusCode::OK, 1), (StatusCode::CONFLICT, 49)]);
        assert!(answers.iter().filter(|a| a.status == StatusCode::CONFLICT).all(|a| a.code() == "username_taken"));
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM users WHERE email_verified").await, 1);
    }

    async fn of_fifty_who_sign_up_with_one_address_from_everywhere_five_fill_its_letter_box(database) {
        let house = House::open(database).await;
        let answers = fifty(&house, |n| ("ada@example.org".to_owned(), format!("user-{n}"))).await;
        assert_statuses(&answers, &[(StatusCode::ACCEPTED, 5), (StatusCode::TOO_MANY_REQUESTS, 45)]);
        assert_eq!((house.rows("users").await, house.rows("outgoing_mails").await), (5, 5));
    }

    async fn fifty_strangers_are_all_accepted(database) {
        let house = House::open(database).await;
        let answers = fifty(&house, |n| (format!("user-{n}@example.org"), format!("user-{n}"))).await;
        assert_statuses(&answers, &[(StatusCode::ACCEPTED, 50)]);
        assert_eq!((house.rows("users").await, house.rows("outgoing_mails").await), (50, 50));
    }
}
