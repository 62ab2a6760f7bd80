//! A gate that is paused or closed.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use edge::{Deed, Refused};
use foundation::Ambient;
use foundation::config::Period;
use http::StatusCode;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixStream;

use crate::gate::{FOREVER, Gate, client, service};
use crate::target;

fn app() -> String {
    "app".to_owned()
}

async fn give(gate: &Gate, deed: Deed) {
    gate.control.give(deed, None).await.expect("done");
}

#[tokio::test]
async fn requests_wait_while_the_gate_is_paused_and_none_is_lost() {
    let gate = Gate::before_target(target::mirror().await).await;
    give(&gate, Deed::Pause { service: app(), limit: Period::MINUTE }).await;
    let asked: Vec<_> =
        (0..20).map(|_| tokio::spawn(client().post(gate.url("/")).body("x").send())).collect();
    // An answer to something else shows that those before have had their chance.
    assert_eq!(gate.control.status().await.expect("a status").services[0].gate, "paused");
    assert!(asked.iter().all(|asked| !asked.is_finished()));
    give(&gate, Deed::Open { service: app() }).await;
    for asked in asked {
        let answer = tokio::time::timeout(FOREVER, asked).await.expect("answered").expect("sent");
        assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn who_has_waited_too_long_is_told_to_come_back() {
    let target = target::mirror().await;
    let config = edge::ServiceConfig { pause_timeout: Period::SECOND, ..service(&[target]) };
    let gate = Gate::before(config).await;
    give(&gate, Deed::Pause { service: app(), limit: Period::MINUTE }).await;
    let answer = client().get(gate.url("/")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["retry-after"], "5");
    assert_eq!(answer.headers()["referrer-policy"], "same-origin");
}

#[tokio::test]
async fn a_pause_that_is_forgotten_ends_by_itself_and_is_told_of() {
    let gate = Gate::before_target(target::mirror().await).await;
    give(&gate, Deed::Pause { service: app(), limit: Period::SECOND }).await;
    let answer = client().get(gate.url("/")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let told = async {
        loop {
            let history = gate.control.history(None).await.expect("a history");
            if history.iter().any(|record| record.to_string().starts_with("The pause was over")) {
                return;
            }
        }
    };
    tokio::time::timeout(FOREVER, told).await.expect("told of");
    let endless = Deed::Pause { service: app(), limit: Period::HOUR };
    let error = gate.control.give(endless, None).await.expect_err("refused").to_string();
    assert!(error.contains("use maintenance"), "{error}");
}

#[tokio::test]
async fn during_maintenance_people_see_a_page_and_programs_a_problem_and_testers_come_in() {
    let target = target::mirror().await;
    let closed = async |service| {
        let config = edge::Config { services: [(app(), service)].into(), ..edge::Config::default() };
        let gate = Gate::open(config, &["127.0.0.1/32"]).await;
        let message = Some("Back <b>soon</b>".parse().expect("a message"));
        give(&gate, Deed::Close { service: app(), until: None, message }).await;
        gate
    };
    let testers = vec!["192.0.2.0/24".parse().expect("a network")];
    let gate = closed(edge::ServiceConfig { testers, ..service(&[target]) }).await;
    let ask = |accept, language, from| {
        let request =
            client().get(gate.url("/")).header("accept", accept).header("accept-language", language);
        request.header("x-forwarded-for", from).send()
    };
    let page = ask("text/html", "de-AT", "203.0.113.7").await.expect("an answer");
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers()["retry-after"], "60");
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    assert!(page.headers()["content-security-policy"].to_str().expect("text").contains("style-src 'sha256-"));
    let page = page.text().await.expect("text");
    assert!(page.contains("lang=\"de\"") && page.contains("Back <b>soon</b>"), "{page}");
    let problem = ask("application/json", "en", "203.0.113.7").await.expect("an answer");
    let problem: serde_json::Value = problem.json().await.expect("JSON");
    assert_eq!(problem["code"], "maintenance");
    let tester = ask("text/html", "en", "192.0.2.7").await.expect("an answer");
    assert_eq!(tester.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_nobody_knows_is_refused_with_what_there_is() {
    let gate = Gate::before_target(SocketAddr::from(([127, 0, 0, 1], 1))).await;
    let error =
        gate.control.give(Deed::Open { service: "shop".to_owned() }, None).await.expect_err("refused");
    let edge::ControlError::Refused(Refused(words)) = error else { panic!("{error:?}") };
    assert_eq!(words, "There is no service \"shop\"; there are: app.");
}

#[tokio::test]
async fn a_pause_does_not_end_maintenance() {
    let gate = Gate::before_target(target::mirror().await).await;
    give(&gate, Deed::Close { service: app(), until: None, message: None }).await;
    let pause = gate.control.give(Deed::Pause { service: app(), limit: Period::SECOND }, None).await;
    let said = pause.expect_err("refused").to_string();
    assert!(said.contains("is closed for maintenance"), "{said}");
    let answer = client().get(gate.url("/")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn maintenance_does_not_end_before_it_begins() {
    let gate = Gate::before_target(target::mirror().await).await;
    let past = Ambient::system().now() - TimeDelta::minutes(1);
    let close = Deed::Close { service: app(), until: Some(past), message: None };
    let said = gate.control.give(close, None).await.expect_err("refused").to_string();
    assert!(said.contains("name a later one"), "{said}");
    assert_eq!(client().get(gate.url("/")).send().await.expect("an answer").status(), StatusCode::OK);
}

#[tokio::test]
async fn who_says_half_an_order_does_not_keep_the_gate_open() {
    let folder = Arc::new(TempDir::new().expect("a folder"));
    let one = [("app".to_owned(), service(&[target::mirror().await]))];
    let config = edge::Config { services: one.into(), ..edge::Config::default() };
    let gate = Gate::with_folder(config, &[], Arc::clone(&folder)).await;
    let mut half = UnixStream::connect(folder.path().join("control.sock")).await.expect("a connection");
    half.write_all(b"POST /do HTTP/1.1\r\nhost: x\r\n").await.expect("said");
    gate.control.status().await.expect("it is heard");
    gate.close().await;
}
