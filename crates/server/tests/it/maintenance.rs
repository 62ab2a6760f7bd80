//! Maintenance of the whole installation.

use accounts::SESSION_COOKIE;
use chrono::TimeDelta;
use foundation::Ambient;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Client, TestAmbient};
use tokio_util::task::TaskTracker;

use crate::house::{House, SECRETS, number, rooms};
use crate::process::{Folder, Running, ending_of, printed};

const PATH: &str = "/api/maintenance";

async fn sign_up(client: &Client, name: &str) -> testkit::Answer {
    let wish = json!({ "email": format!("{name}@example.org"), "username": name, "password": "correct horse battery" });
    client.post("/api/auth/signup", &wish).await
}

async fn shown(client: &Client) -> Value {
    client.get(PATH).await.json()
}

/// An administrator's token, as a script has one.
async fn token(root: &Client) -> String {
    let wish = json!({ "name": "script", "scopes": ["admin"], "expires_in_days": 1 });
    root.post("/api/auth/tokens", &wish).await.json()["token"].as_str().expect("a token").to_owned()
}

testkit::on_both_databases! {
    migrations: rooms();

    async fn the_plan_s_own_line_begins_it(database) {
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let house = House::at(ambient, database, |_| ()).await;
        let root = house.administrator().await;
        let token = token(&root).await;
        let script = house.client();
        // curl -X POST "$APP_URL/api/maintenance" -H "Authorization: Bearer $ADMIN_TOKEN"
        let answer = script.send(script.request(Method::POST, PATH).bearer_auth(&token)).await;
        assert_eq!((answer.status, &answer.json()["active"]), (StatusCode::OK, &json!(true)), "{answer:?}");
        let refused = sign_up(&house.client(), "ada").await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "maintenance"));
        assert_eq!(refused.header("retry-after"), "60");
        // Reads go on, signing in too, and the health is what it is.
        assert_eq!(root.get("/api/auth/me").await.status, StatusCode::OK);
        assert_eq!(root.get("/api/admin/users").await.status, StatusCode::OK);
        let credentials = json!({ "email": "root@example.org", "password": "correct horse battery" });
        assert_eq!(house.client().post("/api/auth/login", &credentials).await.status, StatusCode::OK);
        assert_eq!(root.post("/api/auth/refresh", &json!({})).await.status, StatusCode::OK);
        assert_eq!(house.client().get("/api/health").await.json()["status"], "ok");
        // What is read after showing again who one is can be read, too.
        clock.advance(TimeDelta::minutes(11));
        assert_eq!(root.get("/api/auth/export").await.code(), "reauthentication_required");
        let again = root.post("/api/auth/reauthenticate", &json!({ "password": "correct horse battery" })).await;
        assert_eq!(again.status, StatusCode::OK, "{again:?}");
        assert_eq!(root.get("/api/auth/export").await.status, StatusCode::OK);
        let answer = script.send(script.request(Method::DELETE, PATH).bearer_auth(&token)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(sign_up(&house.client(), "ada").await.status, StatusCode::ACCEPTED);
        for action in ["maintenance_start", "maintenance_end"] {
            let sql = format!("SELECT COUNT(*) AS n FROM audit_logs WHERE action = '{action}'");
            assert_eq!(number(&house.database, &sql).await, 1, "{action}");
        }
    }

    async fn people_are_told_why_and_until_when(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        assert_eq!(shown(&house.client()).await, json!({ "active": false, "since": null, "until": null, "message": null }));
        let wish = json!({ "message": "New <b>disks</b> <script>alert(1)</script>", "until": "2026-01-01T02:00:00Z" });
        assert_eq!(root.post(PATH, &wish).await.status, StatusCode::OK);
        let told = shown(&house.client()).await;
        assert_eq!((&told["active"], &told["message"], &told["until"]), (&json!(true), &json!("New <b>disks</b>"), &json!("2026-01-01T02:00:00Z")));
        assert_eq!(sign_up(&house.client(), "ada").await.header("retry-after"), "7200");
        // It can be said anew, and began when it began.
        root.post(PATH, &json!({ "until": "2026-01-01T01:00:00Z" })).await;
        let again = shown(&house.client()).await;
        assert_eq!((&again["since"], &again["message"], &again["until"]), (&told["since"], &Value::Null, &json!("2026-01-01T01:00:00Z")));
        let long = root.post(PATH, &json!({ "message": "x".repeat(1001), "when": 1 })).await;
        let errors: Vec<_> = long.json()["errors"].as_array().expect("a list").iter().map(|error| error["field"].clone()).collect();
        assert_eq!(errors, ["message", "when"], "{long:?}");
    }

    async fn nothing_to_say_is_no_message(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        for (said, message) in [("", Value::Null), ("  ", Value::Null), (" soon ", "soon".into())] {
            root.post(PATH, &json!({ "message": said })).await;
            assert_eq!(shown(&root).await["message"], message, "{said:?}");
        }
    }

    async fn the_end_is_still_to_come_and_within_a_year(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        for (until, words) in [
            ("2025-12-31T23:59:59Z", "must be still to come, and within a year"),
            ("2027-01-03", "must be still to come, and within a year"),
            ("-9999-01-01T00:00:00Z", "must be like 2026-11-22 or 2026-11-22T12:00:00Z"),
            ("+262142-01-01T00:00:00Z", "must be like 2026-11-22 or 2026-11-22T12:00:00Z"),
            ("soon", "must be like 2026-11-22 or 2026-11-22T12:00:00Z"),
        ] {
            let answer = root.post(PATH, &json!({ "until": until })).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "invalid_input"), "{until}: {answer:?}");
            let error = &answer.json()["errors"][0];
            assert_eq!((&error["field"], &error["message"]), (&json!("until"), &json!(words)), "{until}");
        }
        assert_eq!(shown(&root).await["active"], false);
        assert_eq!(root.post(PATH, &json!({ "until": "2026-12-31" })).await.json()["until"], "2026-12-31T00:00:00Z");
    }

    // ASVS 8.2.1
    async fn only_an_administrator_begins_or_ends_it(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        let nobody = house.client();
        assert_eq!(nobody.post(PATH, &json!({})).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(nobody.delete(PATH).await.status, StatusCode::UNAUTHORIZED);
        let wish = json!({ "name": "script", "scopes": ["read", "write"], "expires_in_days": 1 });
        let token = root.post("/api/auth/tokens", &wish).await.json()["token"].as_str().expect("a token").to_owned();
        let answer = nobody.send(nobody.request(Method::POST, PATH).bearer_auth(token)).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "insufficient_scope"));
        root.drop_cookie(SESSION_COOKIE);
        assert_eq!(root.delete(PATH).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(shown(&nobody).await["active"], false);
    }

    async fn what_goes_on_are_routes(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        root.post(PATH, &json!({})).await;
        for (path, operations) in crate::reference::committed()["paths"].as_object().expect("paths") {
            for method in operations.as_object().expect("operations").keys().filter(|method| *method != "get") {
                let method: Method = method.to_uppercase().parse().expect("a method");
                let client = house.client();
                let answer = client.send(client.request(method.clone(), path).header("sec-fetch-site", "same-origin")).await;
                let waits = answer.status == StatusCode::SERVICE_UNAVAILABLE;
                let goes_on = ["/login", "/auth/passkey/", "/2fa/passkey/", "/2fa/verify", "/refresh", "/auth/reauthenticate", "/logout", PATH, "/api/csp-report", "/api/admin/edge/"];
                let comes_in = goes_on.iter().any(|name| path.contains(name));
                assert_eq!(waits, !comes_in, "{method} {path}: {answer:?}");
            }
        }
    }

    async fn other_nodes_follow_within_a_second(database) {
        // In the time of the other process: what it finds to be long over, it clears away.
        let house = House::at(foundation::Ambient::system(), database, |_| ()).await;
        let folder = Folder::with_secrets(&SECRETS);
        let other = Running::start(&mut folder.command_on(&house.database));
        let root = house.administrator().await;
        root.post(PATH, &json!({ "message": "both" })).await;
        let there = other.client();
        testkit::until("the other node", async || (shown(&there).await["message"] == "both").then_some(())).await;
        // And what the operator types is heard here.
        let run = |words: &str| printed(folder.command_on(&house.database).args(words.split_whitespace()));
        let status = run("maintenance status");
        assert!(status.starts_with("Changes wait since ") && status.contains(" UTC\n  both"), "{status}");
        assert!(run("maintenance off").starts_with("Maintenance has ended"));
        assert!(run("maintenance off").starts_with("There was no maintenance"));
        let jobs = TaskTracker::new();
        house.app.start_jobs(&jobs, &house.stop);
        testkit::until("this node", async || (shown(&root).await["active"] == false).then_some(())).await;
        let tomorrow = (Ambient::system().now() + TimeDelta::days(1)).format("%F").to_string();
        run(&format!("maintenance on --until {tomorrow}"));
        testkit::until("the other node", async || (shown(&there).await["until"] == format!("{tomorrow}T00:00:00Z")).then_some(())).await;
        assert_eq!(sign_up(&there, "ada").await.code(), "maintenance");
        run("maintenance on --until 2h");
        testkit::until("the other node", async || (shown(&there).await["until"] != format!("{tomorrow}T00:00:00Z")).then_some(())).await;
        for (until, words) in [("soon", "write 30m or 2h, or a moment like 2026-11-22"), ("3years", "mainstay: --until must be still to come, and within a year"), ("2026-01-01", "mainstay: --until must be still to come, and within a year")] {
            let wrong = ending_of(folder.command_on(&house.database).args(["maintenance", "on", "--until", until]));
            assert!(wrong.stderr.contains(words), "{wrong:?}");
        }
        house.stop.cancel();
        jobs.close();
        jobs.wait().await;
        other.terminate();
    }
}
