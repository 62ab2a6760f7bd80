//! Which ways there are to know what is changed in a PostgreSQL, and why not the others.

use std::collections::BTreeSet;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use thiserror::Error;

use super::{ChangesError, Way};
use crate::TableDefinition;
use crate::sqlite::quoted;

/// Which ways there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// Why not by a slot, if not.
    pub slot: Result<(), WhyNot>,
    /// Why not by triggers, if not.
    pub triggers: Result<(), WhyNot>,
}

impl Capability {
    /// The better of the ways there are: a slot costs those who write next to nothing.
    pub fn best(&self) -> Option<Way> {
        let slot = self.slot.is_ok().then_some(Way::Slot);
        slot.or_else(|| self.triggers.is_ok().then_some(Way::Triggers))
    }
}

/// Why a way is not there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WhyNot {
    /// The log does not hold what is needed.
    #[error("wal_level is {0}: set it to `logical` and restart PostgreSQL")]
    Level(String),
    /// The role must not.
    #[error("the role {0} may not replicate: `ALTER ROLE … REPLICATION` allows it")]
    NoReplication(String),
    /// There is none left.
    #[error("all {0} replication slots are taken: drop one that nobody uses, or raise max_replication_slots")]
    NoSlot(i32),
    /// The log would not say which rows are changed.
    #[error(
        "nothing would tell PostgreSQL which row of {0} is changed, and it would refuse to change any: its REPLICA IDENTITY is not \
         the primary key it was moved with. Give it that key, and `ALTER TABLE … REPLICA IDENTITY DEFAULT`"
    )]
    NoIdentity(String),
    /// The role must not make anything here.
    #[error("the role {0} may not make anything in this database: `GRANT CREATE ON DATABASE …` allows it")]
    NoCreate(String),
    /// Tables are somebody else's.
    #[error("the table {table} does not belong to the role {role}")]
    NotOwner {
        /// Which.
        table: String,
        /// To whom not.
        role: String,
    },
}

/// Which ways there are to know what is changed in these tables.
///
/// # Errors
/// When PostgreSQL does not say.
pub async fn available(
    connection: &mut PgConnection,
    tables: &[TableDefinition],
) -> Result<Capability, ChangesError> {
    let failed = ChangesError::of("to say what is allowed");
    let sql = "SELECT current_setting('wal_level'), rolreplication OR rolsuper, rolname::text, \
                      current_setting('max_replication_slots')::int, \
                      (SELECT count(*) FROM pg_catalog.pg_replication_slots)::int, \
                      has_database_privilege(current_database(), 'CREATE') \
               FROM pg_catalog.pg_roles WHERE rolname = current_user";
    let row = sqlx::query(sql).fetch_one(&mut *connection).await.map_err(&failed)?;
    let role: String = row.get(2);
    let triggers = if row.get(5) {
        match not_owned(connection, tables).await.map_err(&failed)? {
            Some(table) => Err(WhyNot::NotOwner { table, role: role.clone() }),
            None => Ok(()),
        }
    } else {
        Err(WhyNot::NoCreate(role.clone()))
    };
    let (level, may_replicate): (String, bool) = (row.get(0), row.get(1));
    let (most, taken): (i32, i32) = (row.get(3), row.get(4));
    let slot = if level != "logical" {
        Err(WhyNot::Level(level))
    } else if !may_replicate {
        Err(WhyNot::NoReplication(role))
    } else if taken >= most {
        Err(WhyNot::NoSlot(most))
    } else if let Some(table) = unidentified(connection, tables).await.map_err(&failed)? {
        Err(WhyNot::NoIdentity(table))
    } else {
        // A publication needs the same rights as triggers do.
        triggers.clone()
    };
    Ok(Capability { slot, triggers })
}

/// The first table whose owner the role is not, and cannot act as.
async fn not_owned(
    connection: &mut PgConnection,
    tables: &[TableDefinition],
) -> Result<Option<String>, sqlx::Error> {
    let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
    let sql = "SELECT said.name FROM unnest($1::text[]) WITH ORDINALITY AS said (name, place) \
               LEFT JOIN pg_catalog.pg_class AS it ON it.oid = to_regclass(said.name) \
               WHERE NOT coalesce(pg_has_role(it.relowner, 'USAGE'), false) ORDER BY said.place LIMIT 1";
    sqlx::query_scalar(sql).bind(names).fetch_optional(connection).await
}

/// The first table that PostgreSQL would not let anybody change rows of, once it is published by its key only.
async fn unidentified(
    connection: &mut PgConnection,
    tables: &[TableDefinition],
) -> Result<Option<String>, sqlx::Error> {
    let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
    // What may be checked late, or not be true, identifies nothing.
    let sql = "SELECT ARRAY(SELECT part.attname::text FROM pg_catalog.pg_index AS index \
                 JOIN pg_catalog.pg_attribute AS part ON part.attrelid = index.indrelid \
                   AND part.attnum = ANY ((index.indkey::int2[])[0:index.indnkeyatts - 1]) \
                 WHERE index.indrelid = it.oid AND index.indisvalid AND index.indimmediate \
                   AND CASE it.relreplident WHEN 'd' THEN index.indisprimary WHEN 'i' THEN index.indisreplident ELSE false END) \
               FROM unnest($1::text[]) WITH ORDINALITY AS said (name, place) \
               LEFT JOIN pg_catalog.pg_class AS it ON it.oid = to_regclass(said.name) ORDER BY said.place";
    let found = sqlx::query(sql).bind(names).fetch_all(connection).await?;
    let is_unidentified = |(table, row): &(&TableDefinition, PgRow)| {
        let columns: Vec<String> = row.get(0);
        let identity: BTreeSet<_> = columns.iter().map(|name| quoted(name)).collect();
        identity != table.key.iter().map(|place| table.columns[*place].name.clone()).collect()
    };
    Ok(tables.iter().zip(found).find(is_unidentified).map(|(table, _)| table.name.clone()))
}
