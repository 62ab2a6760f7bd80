//! Visitors stay where they are, and testers go where they want.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use edge::rollout::{Draft, Slot};
use edge::{Deed, ServiceConfig};
use foundation::config::Period;
use reqwest::Response;

use crate::gate::{FOREVER, Gate, client, service};
use crate::target;

async fn named(name: &'static str) -> SocketAddr {
    target::serve(Router::new().fallback(async move || name)).await
}

/// A gate whose green slot gets half of the visitors.
async fn split() -> Gate {
    let testers = vec!["192.0.2.0/24".parse().expect("a network")];
    let green = service(&[named("green").await]).blue;
    let app = ServiceConfig { green, testers, ..service(&[named("blue").await]) };
    let config = edge::Config { services: [("app".to_owned(), app)].into(), ..edge::Config::default() };
    let gate = Gate::open(config, &["127.0.0.1/32"]).await;
    let holds = vec![Period::HOUR];
    let plan = Draft { steps: vec![50, 100], holds, check: Period::SECOND, ..Draft::default() };
    let deed = Deed::Start { service: "app".to_owned(), to: Slot::Green, plan };
    gate.control.give(deed, None).await.expect("begun");
    let shared_out = async {
        while gate.control.status().await.expect("a status").services[0].slots[1].weight
            == edge::rollout::Weight::NONE
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(FOREVER, shared_out).await.expect("shared out");
    gate
}

async fn ask(gate: &Gate, headers: &[(&str, &str)]) -> Response {
    let request = client().get(gate.url("/"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.expect("an answer")
}

fn cookie(answer: &Response) -> Option<String> {
    Some(answer.headers().get("set-cookie")?.to_str().expect("text").to_owned())
}

#[tokio::test]
async fn who_navigates_gets_a_cookie_and_stays_where_they_are() {
    let gate = split().await;
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let first = ask(&gate, &[("accept", "text/html,*/*")]).await;
        let set = cookie(&first).expect("a cookie");
        assert!(set.contains("; HttpOnly; SameSite=Lax") && !set.contains("Secure"), "{set}");
        assert_eq!(first.headers()["cache-control"], "private");
        let slot = first.text().await.expect("text");
        let pair = set.split(';').next().expect("a pair");
        for address in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
            let next =
                ask(&gate, &[("cookie", pair), ("accept", "text/html"), ("x-forwarded-for", address)]).await;
            assert_eq!(cookie(&next), None);
            assert_eq!(next.text().await.expect("text"), slot);
        }
        seen.insert(slot);
    }
    assert_eq!(seen.len(), 2, "both slots have visitors");
}

#[tokio::test]
async fn a_program_is_known_by_address_and_agent() {
    let gate = split().await;
    let mut seen = BTreeSet::new();
    for number in 0..20 {
        let address = format!("203.0.113.{number}");
        let headers = [("x-forwarded-for", address.as_str()), ("user-agent", "curl/8"), ("accept", "*/*")];
        let first = ask(&gate, &headers).await;
        assert_eq!(cookie(&first), None);
        let slot = first.text().await.expect("text");
        assert_eq!(ask(&gate, &headers).await.text().await.expect("text"), slot);
        seen.insert(slot);
    }
    assert_eq!(seen.len(), 2, "both slots have visitors");
}

#[tokio::test]
async fn only_testers_choose_their_slot() {
    let gate = split().await;
    for slot in ["blue", "green"] {
        let cookie = format!("mainstay-slot={slot}");
        for choice in [("x-mainstay-slot", slot), ("cookie", cookie.as_str())] {
            let tester = ask(&gate, &[choice, ("x-forwarded-for", "192.0.2.9")]).await;
            assert_eq!(tester.text().await.expect("text"), slot);
        }
    }
    let stranger = async |slot| {
        let answer = ask(&gate, &[("x-mainstay-slot", slot), ("x-forwarded-for", "203.0.113.9")]).await;
        answer.text().await.expect("text")
    };
    assert_eq!(stranger("blue").await, stranger("green").await);
}
