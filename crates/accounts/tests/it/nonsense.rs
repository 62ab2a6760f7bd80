//! What audits of comparable systems found: panics that anybody can cause, pages of no size, files that are scripts.

use proptest::prelude::{Strategy as _, any};
use proptest::strategy::{BoxedStrategy, Just, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, migrations};
use crate::kit::administrator;

/// Every route of the room: what it is called with, and where.
fn routes() -> Vec<(Method, String)> {
    let document = accounts::router::<accounts::Accounts>(&accounts::Delivery::Mailbox).into_openapi();
    let document = serde_json::to_value(document).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let of = |(path, methods): (String, Value)| {
        let methods: Vec<String> = methods.as_object().expect("methods").keys().cloned().collect();
        methods
            .into_iter()
            .map(move |method| (method.to_uppercase().parse().expect("a method"), path.clone()))
    };
    paths.into_iter().flat_map(of).collect()
}

/// JSON of any shape, with the names that routes know.
fn anything() -> BoxedStrategy<Value> {
    let names = [
        "email",
        "username",
        "password",
        "token",
        "code",
        "name",
        "credential",
        "scopes",
        "new_email",
        "expires_in_days",
        "role",
        "current_password",
        "new_password",
        "end_other_sessions",
    ];
    let leaf = proptest::prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("ada@example.org")),
        Just(json!({ "id": "", "rawId": "", "type": "public-key", "response": {} })),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        proptest::prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(proptest::sample::select(names.to_vec()), inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
    .boxed()
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn no_nonsense_makes_any_route_fail(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        let stranger = house.client();
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
        let routes = routes();
        assert!(routes.len() > 40, "{routes:?}");
        for (method, path) in routes.iter().flat_map(|route| [route; 6]) {
            let body = anything().new_tree(&mut runner).expect("a value").current();
            let id = ["nonsense", "00000000-0000-0000-0000-000000000000", "%00", "..%2f", "💥"][body.to_string().len() % 5];
            let query = ["", "?limit=0", "?limit=-1", "?limit=99999999999999999999", "?after=x", "?search=%25%00%27", "?x=1"][body.to_string().len() % 7];
            let path = format!("{}{query}", path.replace("{id}", id));
            for client in [&root, &stranger] {
                let request = client.request(method.clone(), &path).header("sec-fetch-site", "same-origin").json(&body);
                let answer = client.send(request).await;
                assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{method} {path} {body}: {answer:?}");
            }
        }
    }

    async fn no_route_takes_a_picture_or_a_page(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        for (method, path) in routes() {
            for kind in ["image/svg+xml", "text/html", "multipart/form-data; boundary=x"] {
                let path = path.replace("{id}", "00000000-0000-0000-0000-000000000000");
                let request = root.request(method.clone(), &path).header("sec-fetch-site", "same-origin");
                let answer = root.send(request.header("content-type", kind).body("<svg onload=alert(1)>")).await;
                let served = answer.header("content-type");
                assert!(served.is_empty() || served.contains("json"), "{method} {path}: {answer:?}");
                assert!(!answer.text.contains("onload"), "{method} {path}: {answer:?}");
            }
        }
    }
}
