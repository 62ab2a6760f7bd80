//! What is asked by GET, HEAD or OPTIONS changes nothing: whoever makes somebody's browser open an address has done
//! nothing by that.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;
use store::sea_orm::DbBackend;
use testkit::{Client, TestDatabase};

use crate::house::{House, rooms, texts};
use crate::reference::committed;

/// Reading that writes, with the only tables it may touch. Neither does anything for whoever makes somebody do it: a
/// seed opens nothing until a code of it is shown, and the other is an entry that says what was read.
const WRITES: &[(&str, &[&str])] =
    &[("/api/auth/2fa/setup", &["totp_credentials"]), ("/api/auth/export", &["audit_logs"])];

async fn tables(database: &TestDatabase) -> Vec<String> {
    let sql = match database.store.backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
        _ => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        }
    };
    texts(database, sql).await
}

/// Every row of every table.
async fn dump(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in tables(database).await {
        let sql = match database.store.backend() {
            DbBackend::Sqlite => {
                let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
                let columns = texts(database, &columns).await.join(" || '|' || ");
                format!("SELECT {columns} FROM \"{table}\" ORDER BY 1")
            }
            _ => format!("SELECT t::text FROM \"{table}\" t ORDER BY 1"),
        };
        let rows = texts(database, &sql).await;
        all.insert(table, rows);
    }
    all
}

/// Everything that can be read, with ids that exist.
async fn readable(client: &Client) -> Vec<String> {
    let me = client.get("/api/auth/me").await.json()["id"].as_str().expect("an id").to_owned();
    let paths = committed()["paths"].as_object().expect("paths").clone();
    let read = paths.into_iter().filter(|(_, methods)| methods.get("get").is_some());
    read.map(|(path, _)| path.replace("{id}", &me)).collect()
}

testkit::on_both_databases! {
    migrations: rooms();

    // The clock stands still, so that not even the use of a session is noted.
    // ASVS 3.5.3
    async fn reading_changes_nothing(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        let wish = json!({ "name": "mine", "scopes": ["read"], "expires_in_days": 1 });
        assert_eq!(root.post("/api/auth/tokens", &wish).await.status.as_u16(), 201);
        let paths = readable(&root).await;
        assert!(paths.len() > 15 && paths.iter().all(|path| !path.contains('{')), "{paths:?}");

        let mut written = Vec::new();
        for path in &paths {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                let before = dump(&house.database).await;
                assert!(before["users"].len() == 1 && before["access_tokens"].len() == 1, "{before:?}");
                let meant = root.request(method.clone(), &format!("{path}?_method=DELETE"));
                let plain = root.request(method.clone(), path).header("x-http-method-override", "DELETE");
                for request in [meant, plain] {
                    let answer = root.send(request).await;
                    // There is no gate here to ask.
                    let is_away = path.starts_with("/api/admin/edge/") && answer.status == 503;
                    assert!(is_away || !answer.status.is_server_error(), "{method} {path}: {answer:?}");
                }
                let after = dump(&house.database).await;
                let changed: Vec<_> = before.keys().filter(|table| before[*table] != after[*table]).cloned().collect();
                if !changed.is_empty() {
                    written.push((path.clone(), changed));
                }
            }
        }
        written.dedup();
        let expected: Vec<_> = WRITES.iter().map(|(path, tables)| {
            ((*path).to_owned(), tables.iter().map(ToString::to_string).collect::<Vec<_>>())
        }).collect();
        assert_eq!(written, expected);
    }
}
