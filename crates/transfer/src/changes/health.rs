//! Whether a replication slot still tells what was changed. Pure.

use serde_json::Value;

/// What is wrong with a slot, if anything is, by its row of `pg_replication_slots`: newer versions say more.
pub(super) fn trouble(slot: &Value) -> Option<String> {
    let said = |name: &str| slot[name].as_str();
    if said("plugin") != Some("pgoutput") {
        return Some("it is of another kind".to_owned());
    }
    if let Some(reason) = said("invalidation_reason") {
        return Some(format!("PostgreSQL has given it up (invalidation_reason is {reason})"));
    }
    if slot["conflicting"] == true {
        return Some("PostgreSQL has given it up (conflicting)".to_owned());
    }
    let is_lost = said("wal_status") == Some("lost") || slot["restart_lsn"].is_null();
    is_lost.then(|| "PostgreSQL has thrown away what it had not told yet (wal_status is lost)".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A slot that is well, but for this.
    fn but(name: &str, value: Value) -> Value {
        let mut slot = json!({"plugin": "pgoutput", "restart_lsn": "0/15E3A48", "wal_status": "reserved"});
        slot[name] = value;
        slot
    }

    #[test]
    fn slots_that_are_well_are_used() {
        for well in [
            but("wal_status", json!("reserved")),
            but("wal_status", json!("extended")),
            but("wal_status", json!("unreserved")),
            but("conflicting", json!(false)),
            but("invalidation_reason", Value::Null),
        ] {
            assert_eq!(trouble(&well), None, "{well}");
        }
    }

    #[test]
    fn slots_that_were_given_up_are_told() {
        for (slot, said) in [
            (but("plugin", json!("test_decoding")), "it is of another kind"),
            (but("plugin", Value::Null), "it is of another kind"),
            (
                but("wal_status", json!("lost")),
                "PostgreSQL has thrown away what it had not told yet (wal_status is lost)",
            ),
            (
                but("restart_lsn", Value::Null),
                "PostgreSQL has thrown away what it had not told yet (wal_status is lost)",
            ),
            (but("conflicting", json!(true)), "PostgreSQL has given it up (conflicting)"),
            (
                but("invalidation_reason", json!("idle_timeout")),
                "PostgreSQL has given it up (invalidation_reason is idle_timeout)",
            ),
        ] {
            assert_eq!(trouble(&slot).as_deref(), Some(said), "{slot}");
        }
    }
}
