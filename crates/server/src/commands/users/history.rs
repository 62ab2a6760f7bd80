//! What happened to an account, in lines for a terminal.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{Accounts, AccountsError, browser_in_words, is_by_operator};
use audit::{Outcome, Page, Record};
use foundation::{Timestamp, Uuid};
use serde::Serialize;
use serde_json::Value;

/// Something that happened.
#[derive(Debug, Serialize)]
pub(super) struct Happened {
    at: Timestamp,
    action: String,
    outcome: Outcome,
    by: Option<By>,
    by_operator: bool,
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Value,
}

/// Who did it.
#[derive(Debug, Clone, Serialize)]
struct By {
    id: Uuid,
    /// None when the account has been deleted since.
    username: Option<String>,
}

/// The newest things that happened to a user's account.
pub(super) async fn history(accounts: &Accounts, user: Uuid, limit: usize) -> anyhow::Result<Vec<Happened>> {
    let records = accounts.history_of(user, Page { before: None, limit: limit as u64 }).await?;
    let actors: BTreeSet<_> = records.iter().filter_map(|record| record.user_id).collect();
    let mut names = BTreeMap::new();
    for id in actors {
        names.insert(id, name_of(accounts, id).await?);
    }
    let by = |id: Uuid| By { id, username: names.get(&id).cloned().flatten() };
    Ok(records.into_iter().map(|record| Happened::from(record, by)).collect())
}

async fn name_of(accounts: &Accounts, id: Uuid) -> anyhow::Result<Option<String>> {
    match accounts.user(id).await {
        Ok(user) => Ok(Some(user.user.username)),
        Err(AccountsError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Happened {
    fn from(record: Record, by: impl Fn(Uuid) -> By) -> Self {
        let by_operator = is_by_operator(&record);
        let Record { created_at, user_id, action, outcome, ip_address, user_agent, details, .. } = record;
        let by = user_id.map(by);
        Self { at: created_at, action, outcome, by, by_operator, ip_address, user_agent, details }
    }

    /// One line, for somebody who looks at the account of `user`.
    pub(super) fn line(&self, user: Uuid) -> String {
        let outcome = match self.outcome {
            Outcome::Success => "done",
            Outcome::Failure => "refused",
        };
        let parts = [
            self.at.format("%F %T UTC").to_string(),
            self.action.clone(),
            outcome.to_owned(),
            self.actor(user),
            in_words(&self.details),
            self.ip_address.clone().unwrap_or_default(),
            self.browser(),
        ];
        let line = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
        // Some of it was written by strangers: nothing of theirs may steer the terminal.
        line.chars().filter(|c| !c.is_control()).collect()
    }

    fn browser(&self) -> String {
        let header = self.user_agent.as_deref().filter(|_| !self.by_operator);
        header.map(browser_in_words).unwrap_or_default()
    }

    fn actor(&self, user: Uuid) -> String {
        match &self.by {
            _ if self.by_operator => "by the operator".to_owned(),
            Some(by) if by.id != user => match &by.username {
                Some(username) => format!("by {username}"),
                None => format!("by {}, deleted since", by.id),
            },
            _ => String::new(),
        }
    }
}

/// `user → admin` for what was changed, then the rest under its name.
fn in_words(details: &Value) -> String {
    let Some(details) = details.as_object() else { return String::new() };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let change = details.get("from").zip(details.get("to"));
    let words = change.map(|(from, to)| format!("{} → {}", text(from), text(to)));
    let rest =
        details.iter().filter(|(name, _)| change.is_none() || !["from", "to"].contains(&name.as_str()));
    let rest = rest.map(|(name, value)| format!("{name} {}", text(value)));
    words.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use foundation::Ambient;
    use serde_json::json;

    use super::*;

    fn happened(details: Value) -> Happened {
        let (action, outcome) = ("role_change".to_owned(), Outcome::Success);
        let at = "2026-11-22T12:06:02Z".parse().expect("a time");
        let (by, by_operator) = (None, false);
        Happened { at, action, outcome, by, by_operator, ip_address: None, user_agent: None, details }
    }

    #[test]
    fn what_was_changed_is_told() {
        for (details, expected) in [
            (Value::Null, ""),
            (json!({}), ""),
            (json!({ "from": "user", "to": "admin" }), "user → admin"),
            (json!({ "ended": 3, "everybody": true }), "ended 3, everybody true"),
            (
                json!({ "from": "a@b.c", "to": "d@e.f", "method": "password" }),
                "a@b.c → d@e.f, method password",
            ),
        ] {
            assert_eq!(in_words(&details), expected);
        }
    }

    #[test]
    fn who_did_it_is_told_unless_it_was_the_user() {
        let ambient = Ambient::system();
        let (ada, root) = (ambient.new_id(), ambient.new_id());
        let by = |id, name: Option<&str>| Some(By { id, username: name.map(str::to_owned) });
        let line = |by| Happened { by, ..happened(Value::Null) }.line(ada);
        assert_eq!(line(by(ada, Some("ada"))), "2026-11-22 12:06:02 UTC  role_change  done");
        assert_eq!(line(by(root, Some("root"))), "2026-11-22 12:06:02 UTC  role_change  done  by root");
        assert!(line(by(root, None)).ends_with(&format!("  by {root}, deleted since")));
    }

    #[test]
    fn a_request_cannot_pass_for_the_operator() {
        let (id, started) = (Ambient::system().new_id(), "2026-11-22 12:06:02 UTC  role_change  done");
        let record = |ip_address: Option<&str>| Record {
            id,
            created_at: "2026-11-22T12:06:02Z".parse().expect("a time"),
            user_id: None,
            about: Some(id),
            action: "role_change".to_owned(),
            outcome: Outcome::Success,
            ip_address: ip_address.map(str::to_owned),
            user_agent: Some("command line".to_owned()),
            details: Value::Null,
        };
        let line = |ip_address| Happened::from(record(ip_address), |id| By { id, username: None }).line(id);
        assert_eq!(line(None), format!("{started}  by the operator"));
        assert_eq!(line(Some("192.0.2.1")), format!("{started}  192.0.2.1  an unknown device"));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let line = happened(json!({ "name": "a\u{1b}[2J\u{9b}31m\nb" })).line(Uuid::nil());
        assert!(line.ends_with("name a[2J31mb"), "{line}");
    }
}
