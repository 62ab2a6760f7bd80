//! Who is let in for longer than a request takes, until when, and that they are found when it ends.

use accounts::{AccountsError, Endings};
use chrono::TimeDelta;
use foundation::Uuid;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access_tokens::created;
use crate::browser::{refresh, session_of};
use crate::house::{House, migrations};
use crate::kit::{administrator, assert_status, call, id_of};

/// What became known since it was asked last, and that it counts no more.
async fn ended(house: &House, endings: &mut Endings) -> Vec<Uuid> {
    let ended = endings.next(&house.accounts).await.expect("it is known");
    assert_eq!(house.accounts.ended_among(&ended).await.expect("it is known"), ended);
    ended
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 7.4.1, 7.4.2
    async fn whoever_is_here_is_found_when_their_session_ends(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let other = house.signed_in("ada").await;
        let mut endings = Endings::follow(&house.accounts).await.expect("it is known");
        endings.next(&house.accounts).await.expect("it is known");
        let here = async |client| house.accounts.attend(&session_of(client)).await.expect("let in").credential;
        let [first, second] = [here(&ada).await, here(&other).await];
        assert!(ended(&house, &mut endings).await.is_empty());

        assert_status(&ada.post("/api/auth/logout", &json!({})).await, StatusCode::NO_CONTENT);
        assert_eq!(ended(&house, &mut endings).await, [first]);
        assert!(ended(&house, &mut endings).await.is_empty(), "once");
        assert_eq!(house.accounts.ended_among(&[first, second]).await.expect("known"), [first]);

        let path = format!("/api/admin/users/{}/disable", id_of(&other).await);
        call(&root, Method::POST, &path, &Value::Null).await;
        assert!(ended(&house, &mut endings).await.contains(&second));
        assert!(matches!(house.accounts.attend(&session_of(&other)).await, Err(AccountsError::SessionOver)));
    }

    async fn whoever_is_here_by_a_token_is_found_when_it_is_revoked(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let mut endings = Endings::follow(&house.accounts).await.expect("it is known");
        let (id, token) = created(&ada, &["read", "write"]).await;
        let (_, reader) = created(&ada, &["read"]).await;
        let attendant = house.accounts.attend(&token).await.expect("let in");
        assert_eq!(attendant.credential.to_string(), id);
        assert!(matches!(house.accounts.attend(&reader).await, Err(AccountsError::NotAllowed)));
        assert_status(&ada.delete(&format!("/api/auth/tokens/{id}")).await, StatusCode::NO_CONTENT);
        assert_eq!(ended(&house, &mut endings).await, [attendant.credential]);
    }

    // ASVS 7.3.1, 9.2.1
    async fn whoever_is_here_stays_for_as_long_as_their_session_is_renewed(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let attendant = house.accounts.attend(&session_of(&ada)).await.expect("let in");
        assert_eq!(attendant.expires_at, house.now() + TimeDelta::minutes(15));
        let until = async || house.accounts.attends_until(attendant.credential).await;
        assert_eq!(until().await.expect("let in"), attendant.expires_at);
        house.clock.advance(TimeDelta::minutes(10));
        assert_status(&refresh(&ada).await, StatusCode::OK);
        assert_eq!(until().await.expect("let in"), house.now() + TimeDelta::minutes(15));
        assert_status(&ada.post("/api/auth/logout", &json!({})).await, StatusCode::NO_CONTENT);
        assert!(matches!(until().await, Err(AccountsError::SessionOver)));
    }
}
