//! Pictures of a service in the middle of a rollout.

use edge::{Moment, ServiceView};
use serde_json::{Value, json};

use super::{COLUMNS, of_service};

fn lately() -> Vec<Moment> {
    let point = |requests: u64, errors: u64| json!({"requests": requests, "errors": errors, "unauthorized": 0, "p95_ms": 12.4});
    let moment = json!({"at": "2026-11-22T12:00:00Z", "blue": point(27_000, 3), "green": point(3_000, 0)});
    let moment: Moment = serde_json::from_value(moment).expect("a moment");
    vec![moment, moment]
}

fn standing(rule: &str, allowed: f64, more: &Value) -> Value {
    let arm = |requests: u64| json!({"requests": requests, "bad": 1});
    let mut standing = json!({
        "rule": rule, "allowed": allowed, "resting": null, "log10_evidence": 0.0, "to_firing": 0.126, "proof": null,
        "step": {"candidate": arm(540), "incumbent": arm(54_000)},
    });
    let more = more.as_object().expect("an object").clone();
    standing.as_object_mut().expect("an object").extend(more);
    standing
}

fn proof(is_proven: bool) -> Value {
    let about = (!is_proven).then_some(918);
    json!({"log10_evidence": 1.0, "progress": 0.45, "is_proven": is_proven, "least_requests": about, "about_requests": about})
}

fn service(phase: &Value, rollout: &Value) -> ServiceView {
    let target = |address: &str, condition: &str, under_way: u32| json!({"address": address, "condition": condition, "under_way": under_way});
    let rules = [
        standing("errors", 0.02, &json!({"proof": proof(true)})),
        standing("unauthorized", 0.07, &json!({"proof": proof(false)})),
        standing("slow", 0.05, &json!({"proof": proof(false), "resting": "warm_up"})),
        standing("more_errors", 1.5, &json!({})),
        standing("slower", 1.25, &json!({"resting": "no_threshold"})),
        standing("pool", 0.95, &json!({})),
    ];
    let mut running = json!({
        "id": "019b0000-0000-7000-8000-000000000000", "candidate": "green", "weight": 10, "phase": phase,
        "plan": {
            "steps": [10, 50, 100], "holds": ["4h", "2h"], "hold": "10m", "soak": "15m", "manual": false,
            "check": "10s", "check_limit": "5m", "warm": "24h",
        },
        "paused": null, "blocked": null,
        "evidence": [{"stream": "visitors", "rules": rules, "pool": {"used": 48, "size": 50}}],
    });
    running.as_object_mut().expect("an object").extend(rollout.as_object().expect("an object").clone());
    let service = json!({
        "name": "vault", "live": "blue", "gate": "paused", "gate_until": "2026-11-22T12:00:30Z", "gate_message": null,
        "slots": [
            {"slot": "blue", "weight": 90, "targets": [
                target("127.0.0.1:5000", "working", 3), target("127.0.0.1:5002", "broken", 0),
            ]},
            {"slot": "green", "weight": 10, "targets": [target("127.0.0.1:5001", "warming", 0)]},
        ],
        "rollout": running,
    });
    serde_json::from_value(service).expect("a service")
}

fn drawn(phase: &Value, rollout: &Value) -> String {
    let picture = of_service(&service(phase, rollout), &lately());
    let picture = console::strip_ansi_codes(&picture).into_owned();
    let longest = picture.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(COLUMNS), "{longest:?}\n{picture}");
    picture
}

/// Below both slots.
fn below(phase: &Value, rollout: &Value) -> String {
    let picture = drawn(phase, rollout);
    let (_, below) = picture.split_once("\n\n").expect("a rollout");
    below.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn seconds(secs: u64) -> Value {
    json!({"secs": secs, "nanos": 0})
}

#[test]
fn a_rollout_is_seen_at_a_glance_on_80_columns() {
    let phase = json!({"at": {"step": 0, "held": seconds(14_500), "holding": "evidence"}});
    insta::assert_snapshot!(drawn(&phase, &json!({})), @r"
    vault · paused until 2026-11-22 12:00:30 UTC
      blue   ███████████░   90 %  last minute: 54,000 requests, 6 failed, p95 12 ms
             127.0.0.1:5000  works, 3 under way
             127.0.0.1:5002  does not answer its checks
      green  █░░░░░░░░░░░   10 %  last minute: 6,000 requests, 0 failed, p95 12 ms
             127.0.0.1:5001  works, with fewer requests at first

    green at 10 % · step 1 of 3 · 4h of 4h
      It stays here until it is proven to keep its bounds: about 918 more requests.

      rule                          green            blue  against it         proven
      errors ≤ 2 %               1 of 540      1 of 54000  ██░░░░░░░░░░  13 %    yes
      401 ≤ 7 %                  1 of 540      1 of 54000  ██░░░░░░░░░░  13 %   45 %
      slow ≤ 5 %                 1 of 540      1 of 54000  it has just begun    45 %
      more errors ≤ 1.5 ×        1 of 540      1 of 54000  ██░░░░░░░░░░  13 %
      slower ≤ 1.25 ×            1 of 540      1 of 54000  other one not known yet
      pool ≤ 95 %                48 of 50                  ██░░░░░░░░░░  13 %
    ");
}

#[test]
fn what_a_rollout_waits_for_is_said() {
    let at = |holding| json!({"at": {"step": 0, "held": seconds(60), "holding": holding}});
    assert_eq!(below(&at("time"), &json!({})), "green at 10 % · step 1 of 3 · 1m of 4h");
    let healthy = |secs| json!({"checking": {"healthy": seconds(secs), "waited": seconds(9)}});
    assert!(below(&healthy(0), &json!({})).ends_with("\n  It is not healthy yet."));
    assert!(below(&healthy(4), &json!({})).ends_with("\n  It is healthy for 4s of 10s."));
    let paused = json!({"paused": {"since": "2026-11-22T11:00:00Z", "by": "ada"}});
    assert!(below(&at("time"), &paused).ends_with("\n  Paused by ada since 2026-11-22 11:00:00 UTC."));
    let blocked = below(&at("time"), &json!({"blocked": "down"}));
    assert!(blocked.contains("blue has no healthy target to go back to"), "{blocked}");
    let back = below(&json!({"rolled_back": {"at": "2026-11-22T11:00:00Z", "reason": "down"}}), &json!({}));
    assert_eq!(back, "green was taken back\n  None of green's targets is healthy.");
}
