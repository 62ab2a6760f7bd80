//! The street gate, as administrators see it and tell it what to do.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::house::{House, number, rooms, texts};
use crate::street::{Street, by_hand};

const STATUS: &str = "/api/admin/edge";
const START: &str = "/api/admin/edge/rollout/start";
const ORDER: &str = "/api/admin/edge/rollout/order";
const CLOSE: &str = "/api/admin/edge/service/close";
const PAUSE: &str = "/api/admin/edge/service/pause";
const OPEN: &str = "/api/admin/edge/service/open";

/// Each route that changes something, with a body that would be taken.
fn orders() -> [(&'static str, Value); 5] {
    [
        (START, by_hand()),
        (ORDER, json!({ "service": "app", "order": "abort" })),
        (CLOSE, json!({ "service": "app" })),
        (PAUSE, json!({ "service": "app", "limit": "5s" })),
        (OPEN, json!({ "service": "app" })),
    ]
}

fn read() -> [&'static str; 3] {
    [STATUS, "/api/admin/edge/series?service=app", "/api/admin/edge/history"]
}

fn assert_problem(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{answer:?}");
}

async fn app(client: &Client) -> Value {
    client.get(STATUS).await.json()["services"][0].clone()
}

async fn ordered(client: &Client, order: &str) -> Answer {
    client.post(ORDER, &json!({ "service": "app", "order": order })).await
}

/// What is on record about wishes: action, outcome and details.
async fn wishes(house: &House) -> Vec<String> {
    let sql = "SELECT action || ' ' || status || ' ' || CAST(details AS TEXT) FROM audit_logs WHERE action IN ('rollout_order', 'gate_order') AND user_id IS NOT NULL AND ip_address IS NOT NULL ORDER BY id";
    texts(&house.database, sql).await
}

testkit::on_both_databases! {
    migrations: rooms();

    async fn without_a_gate_one_is_told_how_to_open_one(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        assert_eq!(root.get(STATUS).await.json(), json!({ "is_open": false, "at": null, "services": [] }));
        for path in &read()[1..] {
            let answer = root.get(path).await;
            assert_problem(&answer, StatusCode::SERVICE_UNAVAILABLE, "unavailable");
            assert!(answer.text.contains("mainstay edge"), "{answer:?}");
        }
        for (path, body) in orders() {
            assert_problem(&root.post(path, &body).await, StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        }
        assert_eq!(wishes(&house).await, Vec::<String>::new(), "nobody was told anything");
        assert!(!house.data.path().join("edge").exists());
    }

    async fn an_administrator_rolls_out_and_takes_back(database) {
        // In which entries stand in the order in which they came.
        let house = House::at(foundation::Ambient::system(), database, |_| ()).await;
        let street = Street::open(house.data.path()).await;
        let root = house.administrator().await;
        let view = app(&root).await;
        assert_eq!((&view["name"], &view["live"], &view["gate"], &view["rollout"]), (&json!("app"), &json!("blue"), &json!("open"), &Value::Null));
        assert_eq!((&view["slots"][0]["weight"], &view["slots"][1]["weight"]), (&json!(100), &json!(0)));

        let answer = root.post(START, &by_hand()).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let told = answer.json();
        assert_eq!(told["sentence"], "root began to roll out green of app.");
        assert_eq!(told["record"]["happened"]["decided"]["what"]["began"]["by"], "root");
        let again = root.post(START, &by_hand()).await;
        assert_problem(&again, StatusCode::CONFLICT, "gate_refused");
        assert!(again.text.contains("under way already"), "{again:?}");

        testkit::until("the first step", async || (app(&root).await["rollout"]["weight"] == 10).then_some(())).await;
        assert_eq!(app(&root).await["rollout"]["evidence"][0]["rules"][0]["rule"], "errors");
        for order in ["pause", "resume", "promote"] {
            assert_eq!(ordered(&root, order).await.status, StatusCode::OK, "{order}");
        }
        assert_eq!(app(&root).await["live"], "green");
        assert_eq!(ordered(&root, "back").await.status, StatusCode::OK);
        assert_eq!((&app(&root).await["live"], &app(&root).await["rollout"]["weight"]), (&json!("blue"), &json!(0)));
        assert_problem(&ordered(&root, "resume").await, StatusCode::CONFLICT, "gate_refused");

        let wishes = wishes(&house).await;
        assert_eq!(wishes.len(), 7, "{wishes:#?}");
        assert!(wishes[0].starts_with("rollout_order success ") && wishes[0].contains("\"start\""), "{wishes:#?}");
        assert!(wishes[1].starts_with("rollout_order failure ") && wishes[1].contains("under way already"), "{wishes:#?}");
        assert!(wishes[5].contains("\"back\"") && wishes[6].starts_with("rollout_order failure "), "{wishes:#?}");
        street.close().await;
    }

    async fn an_application_is_closed_paused_and_opened(database) {
        let house = House::open(database).await;
        let street = Street::open(house.data.path()).await;
        let root = house.administrator().await;
        let until = (foundation::Ambient::system().now() + chrono::TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let closed = root.post(CLOSE, &json!({ "service": "app", "until": until, "message": "New <b>disks</b><script>x</script>" })).await;
        assert_eq!(closed.json()["record"]["happened"]["closed"]["message"], "New <b>disks</b>", "{closed:?}");
        let view = app(&root).await;
        assert_eq!((&view["gate"], &view["gate_until"]), (&json!("closed"), &json!(until)));
        assert_eq!(view["gate_message"], "New <b>disks</b>");
        let turned_away = street.visitor().get("/").await;
        assert_eq!(turned_away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(root.post(OPEN, &json!({ "service": "app" })).await.status, StatusCode::OK);
        assert_eq!(root.post(PAUSE, &json!({ "service": "app", "limit": "5m" })).await.status, StatusCode::OK);
        let view = app(&root).await;
        assert_eq!((&view["gate"], &view["gate_message"]), (&json!("paused"), &Value::Null));
        assert_problem(&root.post(PAUSE, &json!({ "service": "app", "limit": "1h" })).await, StatusCode::CONFLICT, "gate_refused");
        assert_problem(&root.post(OPEN, &json!({ "service": "moon" })).await, StatusCode::CONFLICT, "gate_refused");
        assert_eq!(root.post(OPEN, &json!({ "service": "app" })).await.status, StatusCode::OK);
        let let_in = street.visitor().get("/").await;
        assert_eq!(let_in.status, StatusCode::OK);
        assert_eq!(wishes(&house).await.iter().filter(|wish| wish.starts_with("gate_order success")).count(), 4);
        street.close().await;
    }

    async fn what_cannot_be_meant_is_said_field_by_field(database) {
        let house = House::open(database).await;
        let street = Street::open(house.data.path()).await;
        let root = house.administrator().await;
        let plan = |plan: Value| json!({ "service": "app", "to": "green", "plan": plan });
        for (path, body, field) in [
            (START, plan(json!({ "steps": [50, 10] })), "plan.steps"),
            (START, plan(json!({ "steps": [10, 100], "holds": ["1h", "1h", "1h"] })), "plan.holds"),
            (START, plan(json!({ "check": "1h" })), "plan.check"),
            (START, plan(json!({ "hold": "soon" })), "plan.hold"),
            (START, json!({ "service": "app", "to": "red" }), "to"),
            (ORDER, json!({ "service": "app", "order": "explode" }), "order"),
            (CLOSE, json!({ "service": "app", "until": "2020-01-01" }), "until"),
            (PAUSE, json!({ "service": "app" }), "limit"),
            (OPEN, json!({ "service": "app", "x": 1 }), "x"),
        ] {
            let answer = root.post(path, &body).await;
            assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_input");
            assert_eq!(answer.json()["errors"][0]["field"], field, "{answer:?}");
        }
        assert_eq!(root.get("/api/admin/edge/history").await.json()["records"], json!([]), "nothing was done");
        street.close().await;
    }

    // ASVS 8.2.1
    async fn only_administrators_see_it_and_tell_it_anything(database) {
        let house = House::open(database).await;
        let street = Street::open(house.data.path()).await;
        let root = house.administrator().await;
        let token = async |scopes: Value| {
            let wish = json!({ "name": "script", "scopes": scopes, "expires_in_days": 1 });
            root.post("/api/auth/tokens", &wish).await.json()["token"].as_str().expect("a token").to_owned()
        };
        let (weak, strong) = (token(json!(["read", "write"])).await, token(json!(["admin"])).await);
        let nobody = house.client();
        let by = async |token: &str, method: Method, path: &str, body: &Value| {
            nobody.send(nobody.request(method, path).bearer_auth(token).json(body)).await
        };
        for path in read() {
            assert_problem(&nobody.get(path).await, StatusCode::UNAUTHORIZED, "unauthenticated");
            assert_problem(&by(&weak, Method::GET, path, &Value::Null).await, StatusCode::FORBIDDEN, "insufficient_scope");
        }
        for (path, body) in orders() {
            assert_problem(&nobody.post(path, &body).await, StatusCode::UNAUTHORIZED, "unauthenticated");
            assert_problem(&by(&weak, Method::POST, path, &body).await, StatusCode::FORBIDDEN, "insufficient_scope");
        }
        assert_eq!(root.get("/api/admin/edge/history").await.json()["records"], json!([]), "nothing was done");
        // Whatever delivers a release can begin its rollout.
        assert_eq!(by(&strong, Method::POST, START, &by_hand()).await.status, StatusCode::OK);
        street.close().await;
    }

    async fn its_history_is_read_in_pages(database) {
        let house = House::open(database).await;
        let street = Street::open(house.data.path()).await;
        let root = house.administrator().await;
        for service in ["app", "shop", "app", "app", "shop"] {
            assert_eq!(root.post(CLOSE, &json!({ "service": service })).await.status, StatusCode::OK);
        }
        let page = async |query: &str| {
            let page = root.get(&format!("/api/admin/edge/history{query}")).await.json();
            let numbers: Vec<_> = page["records"].as_array().expect("a list").iter().map(|told| told["record"]["number"].as_u64().expect("a number")).collect();
            (numbers, page["next"].clone())
        };
        assert_eq!(page("").await, (vec![5, 4, 3, 2, 1], Value::Null));
        assert_eq!(page("?limit=2").await, (vec![5, 4], json!(4)));
        assert_eq!(page("?limit=2&after=4").await, (vec![3, 2], json!(2)));
        assert_eq!(page("?limit=2&after=2").await, (vec![1], Value::Null));
        assert_eq!(page("?service=shop&limit=1").await, (vec![5], json!(5)));
        assert_eq!(page("?service=shop&limit=1&after=5").await, (vec![2], Value::Null));
        assert_eq!(page("?service=moon").await, (vec![], Value::Null));
        assert_eq!(number(&house.database, "SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'gate_order'").await, 5);
        street.close().await;
    }

    async fn charts_are_asked_for_what_is_new(database) {
        let house = House::open(database).await;
        let street = Street::open(house.data.path()).await;
        let root = house.administrator().await;
        street.visitor().get("/").await;
        let moments = async |query: &str| {
            let series = root.get(&format!("/api/admin/edge/series?service=app{query}")).await.json();
            series["moments"].as_array().expect("a list").clone()
        };
        let seen = testkit::until("a request", async || {
            let seen = moments("").await;
            seen.iter().any(|moment| moment["blue"]["requests"] == 1).then_some(seen)
        }).await;
        let last = seen.last().expect("one")["at"].as_str().expect("a moment").to_owned();
        assert!(moments(&format!("&after={last}")).await.len() < 3);
        assert_eq!(moments("&by=minute").await, Vec::<Value>::new());
        assert_problem(&root.get("/api/admin/edge/series?service=moon").await, StatusCode::NOT_FOUND, "not_found");
        street.close().await;
    }
}
