//! What happened, in lines for a terminal.

use std::collections::BTreeMap;

use accounts::{Accounts, browser_in_words, is_by_operator};
use audit::{Outcome, Record};
use foundation::{Timestamp, Uuid};
use serde::Serialize;
use serde_json::Value;

/// Something that happened.
#[derive(Debug, Serialize)]
pub(super) struct Happened {
    at: Timestamp,
    action: String,
    outcome: Outcome,
    by: Option<Person>,
    /// To whose account.
    about: Option<Person>,
    by_operator: bool,
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Value,
}

/// Who did it, or to whom.
#[derive(Debug, Clone, Serialize)]
struct Person {
    id: Uuid,
    /// None when the account has been deleted since.
    username: Option<String>,
}

/// Records with the names of those they are about.
pub(super) async fn named(accounts: &Accounts, records: Vec<Record>) -> anyhow::Result<Vec<Happened>> {
    let ids: Vec<_> = records.iter().flat_map(|record| [record.user_id, record.about]).flatten().collect();
    let names: BTreeMap<_, _> = accounts.usernames(&ids).await?.into_iter().collect();
    let person = |id: Uuid| Person { id, username: names.get(&id).cloned() };
    Ok(records.into_iter().map(|record| Happened::from(record, person)).collect())
}

impl Happened {
    fn from(record: Record, person: impl Fn(Uuid) -> Person) -> Self {
        let by_operator = is_by_operator(&record);
        let Record { created_at, user_id, about, action, outcome, ip_address, user_agent, details, .. } =
            record;
        let (by, about) = (user_id.map(&person), about.map(&person));
        Self { at: created_at, action, outcome, by, about, by_operator, ip_address, user_agent, details }
    }

    /// One line; for somebody who looks at the account of `user`, without saying so each time.
    pub(super) fn line(&self, user: Option<Uuid>) -> String {
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

    /// Who did it, and to whom, unless it is `user` or the same person.
    fn actor(&self, user: Option<Uuid>) -> String {
        let by = match &self.by {
            _ if self.by_operator => Some("by the operator".to_owned()),
            Some(by) if Some(by.id) != user => Some(format!("by {}", by.name())),
            _ => None,
        };
        let told = self.by.as_ref().map(|by| by.id);
        let about = self.about.as_ref().filter(|about| Some(about.id) != user && Some(about.id) != told);
        let about = about.map(|about| format!("to {}", about.name()));
        by.into_iter().chain(about).collect::<Vec<_>>().join(" ")
    }
}

impl Person {
    fn name(&self) -> String {
        self.username.clone().unwrap_or_else(|| format!("{}, deleted since", self.id))
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
    let rest = rest.filter(|(_, value)| !value.is_null());
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
        let (by, about) = (None, None);
        Happened {
            at,
            action,
            outcome,
            by,
            about,
            by_operator: false,
            ip_address: None,
            user_agent: None,
            details,
        }
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
        let person = |id, name: Option<&str>| Some(Person { id, username: name.map(str::to_owned) });
        let (adas, roots) = (person(ada, Some("ada")), person(root, Some("root")));
        let line = |by, user| Happened { by, about: adas.clone(), ..happened(Value::Null) }.line(user);
        assert_eq!(line(adas.clone(), Some(ada)), "2026-11-22 12:06:02 UTC  role_change  done");
        assert_eq!(line(roots.clone(), Some(ada)), "2026-11-22 12:06:02 UTC  role_change  done  by root");
        assert!(line(person(root, None), Some(ada)).ends_with(&format!("  by {root}, deleted since")));
        assert!(line(roots, None).ends_with("  by root to ada"));
        assert!(line(adas.clone(), None).ends_with("  by ada"));
        assert!(line(None, None).ends_with("  to ada"));
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
            sequence: None,
        };
        let line = |ip_address| {
            Happened::from(record(ip_address), |id| Person { id, username: None }).line(Some(id))
        };
        assert_eq!(line(None), format!("{started}  by the operator"));
        assert_eq!(line(Some("192.0.2.1")), format!("{started}  192.0.2.1  an unknown device"));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let line = happened(json!({ "name": "a\u{1b}[2J\u{9b}31m\nb" })).line(None);
        assert!(line.ends_with("name a[2J31mb"), "{line}");
    }
}
