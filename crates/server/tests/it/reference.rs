//! The API reference: served, complete, and off when it should be.

use serde_json::{Map, Value};

use crate::house::{House, rooms};
use crate::process::{Folder, ending_of};

pub(crate) fn committed() -> Value {
    let text = include_str!("../../../../docs/api/openapi.json");
    serde_json::from_str(text).expect("JSON")
}

// ASVS 6.4.2 - the document has no field for one
#[test]
fn the_committed_document_is_the_one_of_this_program() {
    let folder = Folder::new();
    let printed = ending_of(folder.command().arg("openapi"));
    assert!(printed.status.success(), "{printed:?}");
    let printed: Value = serde_json::from_str(&printed.stdout).expect("JSON");
    assert_eq!(printed, committed(), "run `make api`");
}

testkit::on_both_databases! {
    migrations: rooms();

    async fn every_route_of_the_document_exists(database) {
        let house = House::open(database).await;
        let client = house.client();
        let served = client.get("/api/openapi.json").await.json();
        let paths = committed()["paths"].as_object().expect("paths").clone();
        let names = |paths: &Map<String, Value>| paths.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&paths), names(served["paths"].as_object().expect("paths")));
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().expect("methods") {
                let method: reqwest::Method = method.to_uppercase().parse().expect("a method");
                let answer = client.send(client.request(method.clone(), &path)).await;
                assert!(![404, 405].contains(&answer.status.as_u16()), "{method} {path}: {answer:?}");
                assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
            }
        }
    }

    async fn the_reference_is_shown(database) {
        let house = House::open(database).await;
        let client = house.client();
        let page = client.get("/docs/").await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(page.text.contains("swagger-ui"), "{}", page.text);
        assert!(!page.text.contains("https://"), "nothing is loaded from elsewhere: {}", page.text);
        for script in ["/docs/swagger-initializer.js", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"] {
            assert_eq!(client.get(script).await.status.as_u16(), 200, "{script}");
        }
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert!(!page.text.contains("<script>"), "the policy would refuse an inline script: {}", page.text);
    }

    // ASVS 13.4.5, 13.4.6
    async fn the_reference_is_off_in_production_and_where_it_was_turned_off(database) {
        let off = House::with(database, |config| config.server.api_docs = Some(false)).await;
        nothing_is_served(&off).await;
        let production = House::with(off.database, crate::production::settings).await;
        nothing_is_served(&production).await;
    }
}

async fn nothing_is_served(house: &House) {
    let client = house.client();
    assert_eq!(client.get("/api/openapi.json").await.code(), "not_found");
    for path in ["/docs", "/docs/", "/docs/swagger-ui-bundle.js", "/docs/swagger-initializer.js"] {
        let answer = client.get(path).await;
        assert!(!answer.text.contains("swagger"), "{path}: {}", answer.text);
    }
}
