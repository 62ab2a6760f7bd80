//! Sessions that end before their time: at once, at every node, whatever their access tokens say.

use reqwest::{Method, StatusCode};
use serde_json::json;
use testkit::Client;

use crate::browser::{me, refresh, sign_in, token_in};
use crate::house::{House, Node, PASSWORD, migrations};

/// A browser of ada's, signed in, as both nodes see it.
struct Signed {
    here: Client,
    there: Client,
}

impl Signed {
    fn of(client: &Client, house: &House, node: &Node) -> Self {
        Self { here: house.copy_of(client), there: node.copy_of(client) }
    }

    async fn assert_in(&self) {
        for client in [&self.here, &self.there] {
            assert_eq!(me(client).await.as_deref(), Some("ada"));
        }
    }

    async fn assert_out(&self) {
        for client in [&self.there, &self.here] {
            assert_eq!(me(client).await, None);
            assert_eq!(refresh(client).await.code(), "unauthenticated");
        }
    }
}

async fn id_of(client: &Client) -> String {
    client.get("/api/auth/me").await.json()["id"].as_str().expect("an id").to_owned()
}

async fn session_id(client: &Client) -> String {
    client.get("/api/auth/me").await.json()["session"]["id"].as_str().expect("an id").to_owned()
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 7.4.1
    async fn signing_out_ends_every_copy_of_the_session(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let ada = house.member("ada").await;
        let copy = Signed::of(&ada, &house, &node);
        copy.assert_in().await;
        assert_eq!(ada.post("/api/auth/logout", &json!({})).await.status, StatusCode::NO_CONTENT);
        copy.assert_out().await;
    }

    // ASVS 7.4.1, 7.5.2
    async fn a_session_can_be_ended_from_another(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let lost = house.member("ada").await;
        let here = house.signed_in("ada").await;
        let (lost_copy, here_copy) = (Signed::of(&lost, &house, &node), Signed::of(&here, &house, &node));
        let path = format!("/api/auth/sessions/{}", session_id(&lost).await);

        let grace = house.member("grace").await;
        assert_eq!(grace.delete(&path).await.code(), "not_found", "nobody ends another's");
        lost_copy.assert_in().await;
        assert_eq!(here.delete(&path).await.status, StatusCode::NO_CONTENT);
        lost_copy.assert_out().await;
        here_copy.assert_in().await;
        assert_eq!(here.delete(&path).await.code(), "not_found");
    }

    // ASVS 7.4.3, 7.5.2
    async fn all_other_sessions_can_be_ended_at_once(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let (one, two, here) = (house.member("ada").await, house.signed_in("ada").await, house.signed_in("ada").await);
        let others = [Signed::of(&one, &house, &node), Signed::of(&two, &house, &node)];
        house.member("grace").await;
        assert_eq!(here.delete("/api/auth/sessions").await.json(), json!({ "ended": 2 }));
        for other in others {
            other.assert_out().await;
        }
        Signed::of(&here, &house, &node).assert_in().await;
        assert_eq!(house.rows("sessions").await, 2, "hers and grace's");
    }

    // ASVS 7.4.2
    async fn disabling_a_user_ends_all_their_sessions_for_good(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let root = house.administrator().await;
        let ada = house.member("ada").await;
        let (path, copy) = (format!("/api/admin/users/{}", id_of(&ada).await), Signed::of(&ada, &house, &node));
        assert_eq!(root.post(&format!("{path}/disable"), &json!({})).await.status, StatusCode::NO_CONTENT);
        copy.assert_out().await;
        assert!(!house.accepts("ada@example.org", PASSWORD).await);
        assert_eq!(root.post(&format!("{path}/enable"), &json!({})).await.status, StatusCode::NO_CONTENT);
        Signed::of(&ada, &house, &node).assert_out().await;
        assert!(house.accepts("ada@example.org", PASSWORD).await);
    }

    // Should the sessions of a disabled user be there for any reason, they are worth nothing.
    // ASVS 7.4.2
    async fn who_is_disabled_is_refused_even_with_a_session(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let ada = house.member("ada").await;
        house.execute("UPDATE users SET disabled_at = created_at").await;
        Signed::of(&ada, &house, &node).assert_out().await;
    }

    // ASVS 7.4.2
    async fn deleting_an_account_ends_all_its_sessions(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let (ada, here) = (house.member("ada").await, house.signed_in("ada").await);
        let copies = [Signed::of(&ada, &house, &node), Signed::of(&here, &house, &node)];
        let answer = here.write(Method::DELETE, "/api/auth/account", &json!({ "username": "ada" })).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
        for copy in copies {
            copy.assert_out().await;
        }
        assert_eq!((house.rows("sessions").await, house.rows("refresh_tokens").await), (0, 0));
    }

    // ASVS 7.4.1
    async fn setting_a_password_anew_ends_all_sessions(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let ada = house.member("ada").await;
        let copy = Signed::of(&ada, &house, &node);
        ada.post("/api/auth/forgot-password", &json!({ "email": "ada@example.org" })).await;
        let mails = house.mails("ada@example.org").await;
        let mail = mails.iter().find(|mail| mail.subject == "Choose a new password").expect("a mail");
        copy.assert_in().await;
        let new = json!({ "token": token_in(&mail.text), "new_password": "a wholly different one" });
        let answer = house.client().post("/api/auth/reset-password", &new).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
        copy.assert_out().await;
        assert!(house.accepts("ada@example.org", "a wholly different one").await);
    }

    // ASVS 7.4.3
    async fn changing_a_password_ends_the_others_when_asked_to(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let (other, here) = (house.member("ada").await, house.signed_in("ada").await);
        let (other, change) = (Signed::of(&other, &house, &node), async |current: &str, new: &str, end: bool| {
            let body = json!({ "current_password": current, "new_password": new, "end_other_sessions": end });
            let answer = here.post("/api/auth/password", &body).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
        });
        change(PASSWORD, "a wholly different one", false).await;
        other.assert_in().await;
        change("a wholly different one", PASSWORD, true).await;
        other.assert_out().await;
        Signed::of(&here, &house, &node).assert_in().await;
    }

    // ASVS 7.4.5
    async fn an_administrator_ends_somebody_s_sessions_or_everybody_s(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let root = house.administrator().await;
        let ada = house.member("ada").await;
        let path = format!("/api/admin/users/{}/end-sessions", id_of(&ada).await);
        let grace = house.member("grace").await;
        assert_eq!(grace.post(&path, &json!({})).await.code(), "forbidden");
        let copy = Signed::of(&ada, &house, &node);
        copy.assert_in().await;
        assert_eq!(root.post(&path, &json!({})).await.status, StatusCode::NO_CONTENT);
        copy.assert_out().await;
        assert_eq!(me(&grace).await.as_deref(), Some("grace"));

        sign_in(&ada, "ada@example.org", PASSWORD).await;
        let copy = Signed::of(&ada, &house, &node);
        assert_eq!(grace.post("/api/admin/end-all-sessions", &json!({})).await.code(), "forbidden");
        copy.assert_in().await;
        assert_eq!(root.post("/api/admin/end-all-sessions", &json!({})).await.json(), json!({ "ended": 2 }));
        copy.assert_out().await;
        assert_eq!((me(&grace).await, me(&root).await.as_deref()), (None, Some("root")));
    }

    async fn a_role_counts_from_the_moment_it_changes(database) {
        let house = House::open(database).await;
        let node = house.node().await;
        let root = house.administrator().await;
        let ada = house.member("ada").await;
        let (path, there) = (format!("/api/admin/users/{}/role", id_of(&ada).await), node.copy_of(&ada));
        let allowed = async || {
            let answers = [ada.get("/api/admin/users").await, there.get("/api/admin/users").await];
            answers.map(|answer| answer.status)
        };
        assert_eq!(allowed().await, [StatusCode::FORBIDDEN; 2]);
        for (role, status) in [("admin", StatusCode::OK), ("instructor", StatusCode::FORBIDDEN)] {
            let answer = root.write(Method::PUT, &path, &json!({ "role": role })).await;
            assert_eq!(answer.json()["role"], role, "{answer:?}");
            assert_eq!(allowed().await, [status; 2]);
            assert_eq!(ada.get("/api/auth/me").await.json()["role"], role);
        }
    }
}
