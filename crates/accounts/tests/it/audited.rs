//! Each route writes down what it says beside itself that it does, and nothing else.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use store::Store;
use store::sea_orm::{ConnectionTrait as _, Statement};

use crate::authenticator::{AGAIN, ALONE, Authenticator, SECOND, add, finish, holder, show, start};
use crate::browser::{refresh, refresh_of, sign_in, verify_in, wish};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{administrator, bearer, call, enrol, enter, half_way, id_of, text};

/// Pairs of an operation and an action: `POST /api/auth/login: sign_in`.
type Pairs = BTreeSet<String>;

/// Sees what each request adds to the ledger.
#[derive(Clone)]
pub(crate) struct Watch {
    store: Store,
    templates: Vec<String>,
    seen: Arc<Mutex<Pairs>>,
}

impl Watch {
    pub(crate) fn new(store: Store) -> Self {
        let paths = document()["paths"].as_object().expect("paths").keys().cloned().collect();
        Self { store, templates: paths, seen: Arc::default() }
    }

    pub(crate) fn around(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), note))
    }

    async fn entries(&self) -> Vec<(foundation::Uuid, String)> {
        let statement = Statement::from_string(self.store.backend(), "SELECT id, action FROM audit_logs");
        let rows = self.store.reader().query_all_raw(statement).await.expect("reads");
        rows.iter()
            .map(|row| (row.try_get("", "id").expect("an id"), row.try_get("", "action").expect("text")))
            .collect()
    }

    /// The path as the document has it: `/api/auth/tokens/{id}`.
    fn template(&self, path: &str) -> String {
        let fits = |template: &&String| {
            let (ours, theirs): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(our, their)| our.starts_with('{') || *our == their)
        };
        self.templates.iter().find(fits).cloned().unwrap_or_else(|| path.to_owned())
    }
}

async fn note(State(watch): State<Watch>, request: Request, next: Next) -> Response {
    let operation = format!("{} {}", request.method(), watch.template(request.uri().path()));
    let before = watch.entries().await;
    let response = next.run(request).await;
    let added = watch.entries().await.into_iter().filter(|entry| !before.contains(entry));
    watch
        .seen
        .lock()
        .expect("not poisoned")
        .extend(added.map(|(_, action)| format!("{operation}: {action}")));
    response
}

fn document() -> Value {
    let router = accounts::router::<accounts::Accounts>(&accounts::Delivery::Mailbox);
    serde_json::to_value(router.split_for_parts().1).expect("JSON")
}

/// What routes say beside themselves.
fn declared() -> Pairs {
    let mut pairs = Pairs::new();
    for (path, operations) in document()["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            for action in operation["x-audit"].as_array().into_iter().flatten() {
                let action = action.as_str().expect("a word");
                pairs.insert(format!("{} {path}: {action}", method.to_uppercase()));
            }
        }
    }
    pairs
}

fn password(password: &str) -> Value {
    json!({ "password": password })
}

/// Coming, going, and failing to.
async fn come_and_go(house: &House) {
    let link = house.sign_up("ada").await;
    verify_in(&house.client(), &link, "not the password").await;
    let ada = house.client();
    verify_in(&ada, &link, PASSWORD).await;
    ada.post("/api/auth/resend-verification", &json!({ "email": "ada@example.org" })).await;
    sign_in(&house.client(), "ada@example.org", "not the password").await;
    let copied = refresh_of(&ada);
    house.clock.advance(TimeDelta::minutes(1));
    refresh(&ada).await;
    house.clock.advance(TimeDelta::minutes(1));
    let thief = house.client();
    thief.forge_cookie(accounts::REFRESH_COOKIE, &copied);
    refresh(&thief).await;
    let ada = house.signed_in("ada").await;
    let copied = refresh_of(&ada);
    house.clock.advance(TimeDelta::minutes(1));
    refresh(&ada).await;
    house.clock.advance(TimeDelta::minutes(1));
    let thief = house.client();
    thief.forge_cookie(accounts::REFRESH_COOKIE, &copied);
    thief.post("/api/auth/logout", &json!({})).await;
    house.signed_in("ada").await.post("/api/auth/logout", &json!({})).await;
}

/// What somebody does about their own account.
async fn look_after_oneself(house: &House) {
    let ada = house.signed_in("ada").await;
    let other = house.signed_in("ada").await;
    let (app, codes) = enrol(house, &ada).await;
    let client = half_way(house, "ada").await;
    enter(&client, &app.wrong_code(house)).await;
    enter(&client, &codes[0]).await;
    ada.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD, "code": codes[1] })).await;
    ada.post("/api/auth/2fa/backup-codes", &json!({})).await;
    let wish = json!({ "name": "x", "scopes": ["read"], "expires_in_days": 1 });
    let token = ada.post("/api/auth/tokens", &wish).await.json();
    bearer(&house.client(), text(&token, "token"), Method::GET, "/api/admin/users", &Value::Null).await;
    ada.delete(&format!("/api/auth/tokens/{}", text(&token, "id"))).await;
    ada.get("/api/auth/export").await;
    let session = ada.get("/api/auth/sessions").await.json();
    let session =
        session["sessions"].as_array().expect("a list").iter().find(|one| one["current"] == false).cloned();
    ada.delete(&format!("/api/auth/sessions/{}", text(&session.expect("another"), "id"))).await;
    ada.delete("/api/auth/sessions").await;
    ada.post("/api/auth/2fa/disable", &json!({})).await;
    ada.post("/api/auth/email", &json!({ "new_email": "ada@second.example" })).await;
    let link = house.links("ada@second.example").await.pop_first().expect("a link");
    house.client().post("/api/auth/email/confirm", &json!({ "token": link })).await;
    let new = json!({ "current_password": PASSWORD, "new_password": "a wholly different sentence", "end_other_sessions": true });
    ada.post("/api/auth/password", &new).await;
    house.client().post("/api/auth/forgot-password", &json!({ "email": "ada@second.example" })).await;
    let mail = house.mail_about("ada@second.example", "Choose a new password").await.expect("a mail");
    let link = crate::browser::token_in(&mail).expect("a link");
    house
        .client()
        .post("/api/auth/reset-password", &json!({ "token": link, "new_password": PASSWORD }))
        .await;
    drop(other);
}

async fn use_passkeys(house: &House) {
    let (grace, mut key) = holder(house, "grace").await;
    show(&house.client(), ALONE, &mut key).await;
    let (client, mut fake) = (house.client(), Authenticator::new("fake"));
    let options = start(&client, ALONE).await;
    fake.make(&start(&grace, "passkeys/register").await);
    finish(&client, ALONE, &fake.answer(&options)).await;
    show(&half_way(house, "grace").await, SECOND, &mut key).await;
    show(&half_way(house, "grace").await, SECOND, &mut fake).await;
    show(&grace, AGAIN, &mut key).await;
    let passkey = text(&grace.get("/api/auth/passkeys").await.json()["passkeys"][0], "id").to_owned();
    let path = format!("/api/auth/passkeys/{passkey}");
    grace.write(Method::PATCH, &path, &json!({ "name": "another name" })).await;
    add(&grace, &mut Authenticator::new("second"), "second").await;
    grace.delete(&path).await;
}

async fn administer(house: &House, root: &testkit::Client) {
    let linus = house.member("linus").await;
    let id = id_of(&linus).await;
    let (_, _) = enrol(house, &linus).await;
    for what in ["start-recovery", "start-reset", "revoke-tokens", "end-sessions", "disable", "enable"] {
        call(root, Method::POST, &format!("/api/admin/users/{id}/{what}"), &Value::Null).await;
        if what == "start-recovery" {
            let mail = house
                .mails("linus@example.org")
                .await
                .into_iter()
                .find(|mail| mail.text.contains("/recover#"));
            let link = crate::browser::token_in(&mail.expect("a mail").text).expect("a link");
            let body = |password: &str| json!({ "token": link, "password": password });
            house.client().post("/api/auth/recover", &body("not the password")).await;
            house.client().post("/api/auth/recover", &body(PASSWORD)).await;
        }
    }
    call(root, Method::PUT, &format!("/api/admin/users/{id}/role"), &json!({ "role": "instructor" })).await;
    root.post("/api/admin/end-all-sessions", &json!({})).await;
    let leaver = house.member("leaver").await;
    call(&leaver, Method::DELETE, "/api/auth/account", &json!({ "username": "leaver" })).await;
    leaver.post("/api/auth/signup", &wish("x@example.org", "xx", PASSWORD)).await;
    root.post("/api/auth/reauthenticate", &password(PASSWORD)).await;
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 16.3.1, 16.3.2
    async fn routes_write_down_what_they_say(database) {
        let watch = Watch::new(database.store.clone());
        let house = House::watched(database, &watch).await;
        let root = administrator(&house, "root").await;
        come_and_go(&house).await;
        look_after_oneself(&house).await;
        use_passkeys(&house).await;
        administer(&house, &root).await;
        let mut seen = watch.seen.lock().expect("not poisoned").clone();
        // Any route may refuse somebody.
        let refused: Vec<_> = seen.extract_if(.., |pair| pair.ends_with(": access_refuse")).collect();
        assert_eq!(refused, ["GET /api/admin/users: access_refuse"]);
        let declared = declared();
        let (silent, secret): (Vec<_>, Vec<_>) = (declared.difference(&seen).collect(), seen.difference(&declared).collect());
        assert!(silent.is_empty() && secret.is_empty(), "declared and not written: {silent:#?}; written and not declared: {secret:#?}");
    }
}
