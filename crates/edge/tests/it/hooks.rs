//! Hooks: a command and a webhook are told what rollouts decide.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use aws_lc_rs::hmac;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use edge::rollout::{Draft, Order, Slot};
use edge::{Deed, Happened, HooksConfig, ServiceConfig};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::gate::{FOREVER, Gate, service};
use crate::target;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What a receiver got, in order.
type Received = mpsc::UnboundedReceiver<(String, Value)>;

#[derive(Clone)]
struct Receiver {
    answer: Option<StatusCode>,
    got: mpsc::UnboundedSender<(String, Value)>,
}

/// A receiver that takes nothing but what is signed, and answers so; or never.
async fn receiver(answer: Option<StatusCode>) -> (SocketAddr, Received) {
    let (got, received) = mpsc::unbounded_channel();
    let take = async |State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes| {
        let id = verified(&headers, &body);
        let _ = receiver.got.send((id, serde_json::from_slice(&body).expect("JSON")));
        match receiver.answer {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    };
    let router = Router::new().fallback(take).with_state(Receiver { answer, got });
    (target::serve(router).await, received)
}

/// The id of a message whose signature is right.
fn verified(headers: &HeaderMap, body: &[u8]) -> String {
    let header = |name: &str| headers[name].to_str().expect("text").to_owned();
    let (id, at, signature) =
        (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let secret = BASE64_STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("base64");
    let signed = BASE64_STANDARD.decode(signature.strip_prefix("v1,").expect("version 1")).expect("base64");
    let text = [format!("{id}.{at}.").as_bytes(), body].concat();
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &secret), &text, &signed).expect("the right signature");
    id
}

fn webhook(address: SocketAddr) -> HooksConfig {
    let url = format!("http://{address}/hook?key=hunter2");
    HooksConfig { url: Some(url.into()), secret: Some(SECRET.into()), ..HooksConfig::default() }
}

async fn gate(hooks: HooksConfig, folder: &Arc<TempDir>) -> Gate {
    let target = target::mirror().await;
    let both = ServiceConfig { green: service(&[target]).blue, hooks, ..service(&[target]) };
    let config = edge::Config { services: [("app".to_owned(), both)].into(), ..edge::Config::default() };
    Gate::with_folder(config, &[], Arc::clone(folder)).await
}

fn folder() -> Arc<TempDir> {
    Arc::new(TempDir::new().expect("a folder"))
}

async fn start(gate: &Gate) {
    let deed = Deed::Start { service: "app".to_owned(), to: Slot::Green, plan: Draft::default() };
    gate.control.give(deed, Some("ada".to_owned())).await.expect("begun");
}

async fn abort(gate: &Gate) {
    let deed = Deed::Order { service: "app".to_owned(), order: Order::Abort };
    gate.control.give(deed, Some("ada".to_owned())).await.expect("aborted");
}

async fn next(received: &mut Received) -> (String, Value) {
    timeout(FOREVER, received.recv()).await.expect("told").expect("a receiver")
}

async fn untold(gate: &Gate) -> Vec<u64> {
    let history = gate.control.history(None).await.expect("a history");
    let untold = |happened: &Happened| match happened {
        Happened::Untold { record } => Some(*record),
        _ => None,
    };
    history.iter().filter_map(|record| untold(&record.happened)).collect()
}

#[tokio::test]
async fn a_webhook_is_told_each_decision_in_order_and_signed() {
    let (address, mut received) = receiver(Some(StatusCode::NO_CONTENT)).await;
    let gate = gate(webhook(address), &folder()).await;
    start(&gate).await;
    abort(&gate).await;
    let (first, began) = next(&mut received).await;
    let (second, aborted) = next(&mut received).await;
    assert_ne!(first, second);
    assert_eq!((&began["type"], &aborted["type"]), (&"rollout.began".into(), &"rollout.aborted".into()));
    assert_eq!(began["data"]["record"]["service"], "app");
    assert_eq!(began["timestamp"], began["data"]["record"]["at"]);
    assert!(began["data"]["said"].as_str().is_some_and(|said| said.starts_with("ada began")), "{began}");
    gate.close().await;
}

#[tokio::test]
async fn a_command_reads_each_decision() {
    let folder = folder();
    let told = folder.path().join("told");
    let command = format!("cat >> {0}; echo >> {0}", told.display());
    let gate = gate(HooksConfig { command: Some(command), ..HooksConfig::default() }, &folder).await;
    start(&gate).await;
    abort(&gate).await;
    let lines =
        || fs::read_to_string(&told).unwrap_or_default().lines().map(str::to_owned).collect::<Vec<_>>();
    timeout(FOREVER, async {
        while lines().len() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("told");
    let name = |line: &String| serde_json::from_str::<Value>(line).expect("JSON")["type"].clone();
    let types: Vec<_> = lines().iter().map(name).collect();
    assert_eq!(types, ["rollout.began", "rollout.aborted"]);
    gate.close().await;
}

#[tokio::test]
async fn a_hook_that_fails_is_written_down_and_holds_nothing_up() {
    let (address, mut received) = receiver(Some(StatusCode::GONE)).await;
    let gate = gate(webhook(address), &folder()).await;
    start(&gate).await;
    abort(&gate).await;
    let (_, began) = next(&mut received).await;
    let (_, aborted) = next(&mut received).await;
    let number = |event: &Value| event["data"]["record"]["number"].as_u64().expect("a number");
    let both = [number(&began), number(&aborted)];
    timeout(FOREVER, async { while untold(&gate).await != both {} }).await.expect("written down");
    gate.close().await;
}

#[tokio::test]
async fn what_was_not_told_when_the_gate_ended_is_told_by_the_next_one() {
    let folder = folder();
    let (address, mut silent) = receiver(None).await;
    let first = gate(webhook(address), &folder).await;
    start(&first).await;
    abort(&first).await;
    let (id, _) = next(&mut silent).await;
    first.close().await;
    let (address, mut received) = receiver(Some(StatusCode::OK)).await;
    let second = gate(webhook(address), &folder).await;
    let (again, began) = next(&mut received).await;
    assert_eq!((again, &began["type"]), (id, &"rollout.began".into()));
    assert_eq!(next(&mut received).await.1["type"], "rollout.aborted");
    assert_eq!(untold(&second).await, Vec::<u64>::new());
    second.close().await;
}
