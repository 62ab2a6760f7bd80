//! Every route that changes something says what it writes into the audit log, or why nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::reference::committed;

/// What no route writes, with where it comes from.
const BY_NO_ROUTE: &[&str] = &[
    "email_set_by_operator", // mainstay users set-email
    "keys_rotate",           // mainstay keys rotate
    "keys_retire",           // mainstay keys retire
    "ledger_drop",           // the audit log's retention
    "access_refuse",         // any route may
    "rate_limit_hit",        // any route may
    "rollout_begin",         // what the gate decides, whoever ordered it, comes from its history
    "rollout_share",
    "rollout_wait",
    "rollout_pause",
    "rollout_resume",
    "rollout_block",
    "rollout_take_back",
    "rollout_complete",
    "rollout_let_go",
    "rollout_abort",
    "gate_close",
    "gate_pause",
    "gate_open",
    "gate_hook_fail",
    "gate_history_break",
];

fn operations() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (path, operations) in committed()["paths"].as_object().expect("paths") {
        for (method, described) in operations.as_object().expect("operations") {
            all.push((format!("{} {path}", method.to_uppercase()), described.clone()));
        }
    }
    all
}

fn known() -> BTreeSet<&'static str> {
    [accounts::actions::ALL, audit::ACTIONS, server::actions::ALL]
        .concat()
        .into_iter()
        .map(audit::Action::as_str)
        .collect()
}

// ASVS 16.1.1, 16.3.3 - what is written into the ledger stands beside each route
#[test]
fn every_route_that_changes_something_is_audited_or_says_why_not() {
    let (known, mut declared) = (known(), BTreeSet::new());
    let operations = operations();
    assert!(operations.len() > 40, "{}", operations.len());
    for (operation, described) in &operations {
        let actions = described["x-audit"].as_array().cloned().unwrap_or_default();
        let reason = described["x-not-audited"].as_str().unwrap_or_default();
        if !operation.starts_with("GET ") {
            assert!(
                actions.is_empty() != reason.is_empty(),
                "{operation} changes something: declare beside it what it writes down, \
                 extensions((\"x-audit\" = json!([actions::...]))), or why nothing, (\"x-not-audited\" = json!(\"...\"))"
            );
            assert!(reason.is_empty() || reason.len() >= 20, "{operation}: {reason:?} is no reason");
        }
        for action in &actions {
            let known = known.get(action.as_str().expect("a word"));
            declared.insert(
                *known.unwrap_or_else(|| panic!("{operation} declares {action}, which no room lists")),
            );
        }
    }
    let silent: Vec<_> =
        known.iter().filter(|it| !declared.contains(**it) && !BY_NO_ROUTE.contains(it)).collect();
    assert!(silent.is_empty(), "no route declares {silent:?}");
}
