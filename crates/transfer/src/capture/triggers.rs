//! The triggers that keep account of what changes: the key of each row, and nothing else. Pure.
//!
//! What a row holds is looked up when somebody reads, so an entry too many does no harm, and one too few would.

use super::followed::{Followed, Identity, KeyColumn, ROWID};
use super::guards::{Guard, guards};
use crate::sqlite::quoted;
use crate::{CaptureError, IndexPart, Table};

/// The statements that make the triggers of a table, whose number in the journal is `t`.
pub(super) fn triggers(
    t: usize,
    table: &Table,
    followed: &Followed,
    index: &[IndexPart],
) -> Result<Vec<String>, CaptureError> {
    let on = quoted(&table.name);
    let identity = &followed.identity;
    let trigger = |what: &str, when: &str, body: &str| {
        format!("CREATE TRIGGER mainstay_{t}_{what} {when} BEGIN {body}; END")
    };
    let (old, new) = (entry(t, identity, "OLD"), entry(t, identity, "NEW"));
    let rekey = format!("UPDATE OF {} ON {on} WHEN {}", assigned(identity), differs(identity));
    let mut made = vec![
        trigger("insert", &format!("AFTER INSERT ON {on}"), &new),
        trigger("update", &format!("AFTER UPDATE ON {on}"), &old),
        // Before, because a row can go while it takes the place of another: where that one goes by REPLACE, so do all that
        // refer to it. And after, because REPLACE can put a default in the place of NULL.
        trigger("rekey", &format!("BEFORE {rekey}"), &new),
        trigger("rekeyed", &format!("AFTER {rekey}"), &new),
        trigger("delete", &format!("AFTER DELETE ON {on}"), &old),
    ];
    for (number, guard) in guards(table, followed, index)?.iter().enumerate() {
        let Guard { assigned, applies, .. } = guard;
        let of = assigned.as_ref().map(|columns| format!(" OF {columns}")).unwrap_or_default();
        let when = |condition: &Option<String>| {
            condition.as_ref().map(|sql| format!(" WHEN {sql}")).unwrap_or_default()
        };
        let on_insert = format!("BEFORE INSERT ON {on}{}", when(applies));
        let on_update = format!("BEFORE UPDATE{of} ON {on}{}", when(applies));
        let body = removed(t, identity, &on, guard);
        made.push(trigger(&format!("insert_{number}"), &on_insert, &body));
        made.push(trigger(&format!("update_{number}"), &on_update, &body));
    }
    Ok(made)
}

/// Notes the key of a row.
fn entry(t: usize, identity: &Identity, row: &str) -> String {
    let names = identity.names();
    let values: Vec<_> = names.iter().map(|name| format!("{row}.{}", quoted(name))).collect();
    format!("INSERT INTO mainstay_journal (t, {}) VALUES ({t}, {})", kept(names.len()), values.join(", "))
}

/// Notes the keys of the rows that REPLACE would remove.
fn removed(t: usize, identity: &Identity, table: &str, guard: &Guard) -> String {
    let names: Vec<_> = identity.names().into_iter().map(quoted).collect();
    let kept = kept(names.len());
    let matches = &guard.matches;
    format!(
        "INSERT INTO mainstay_journal (t, {kept}) SELECT {t}, {} FROM {table} WHERE {matches}",
        names.join(", ")
    )
}

fn kept(width: usize) -> String {
    (0..width).map(|place| format!("k{place}")).collect::<Vec<_>>().join(", ")
}

/// By which names an UPDATE can change a key.
fn assigned(identity: &Identity) -> String {
    let mut names: Vec<_> = identity.names().into_iter().map(quoted).collect();
    if matches!(identity, Identity::Rowid(_)) {
        names.extend(ROWID.map(str::to_owned));
    }
    names.join(", ")
}

fn differs(identity: &Identity) -> String {
    let columns = match identity {
        Identity::Rowid(name) => return format!("NEW.{name} IS NOT OLD.{name}", name = quoted(name)),
        Identity::Columns(columns) => columns.iter(),
    };
    let conditions = columns.map(|KeyColumn { name, is_exact, .. }| {
        let name = quoted(name);
        let bytes = format!("NEW.{name} IS NOT OLD.{name} COLLATE BINARY");
        if *is_exact { bytes } else { format!("{bytes} OR typeof(NEW.{name}) <> typeof(OLD.{name})") }
    });
    conditions.collect::<Vec<_>>().join(" OR ")
}
