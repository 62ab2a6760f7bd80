//! Whether PostgreSQL's tables are still what they were when they were moved.

use sqlx::{PgConnection, Row as _};

use super::ApplyBackError;
use super::tables::Pair;
use crate::ChangesError;

/// What there is that nobody knew of.
#[derive(Debug)]
pub(super) struct Added {
    pub(super) columns: Vec<String>,
    pub(super) tables: Vec<String>,
}

/// Says what PostgreSQL has got since the move.
///
/// # Errors
/// When a column that was known is gone, or of another type.
pub(super) async fn compare(tables: &[Pair], connection: &mut PgConnection) -> Result<Added, ApplyBackError> {
    let columns = added_columns(tables, connection).await?;
    Ok(Added { columns, tables: added_tables(tables, connection).await? })
}

async fn added_columns(
    tables: &[Pair],
    connection: &mut PgConnection,
) -> Result<Vec<String>, ApplyBackError> {
    let columns = || tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let names: Vec<_> = columns().map(|(table, _)| table.target.as_str()).collect();
    let known: Vec<_> = columns().map(|(_, column)| column.target.as_str()).collect();
    let types: Vec<_> = columns().map(|(_, column)| column.type_name).collect();
    // A type of an extension stands in a schema where this session does not look.
    let sql = "WITH known AS (SELECT to_regclass(t) AS relid, t, c AS quoted, y \
                              FROM unnest($1::text[], $2::text[], $3::text[]) AS known (t, c, y)), \
                    now AS (SELECT attrelid, '\"' || replace(attname, '\"', '\"\"') || '\"' AS quoted, atttypid, typname \
                            FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid \
                            WHERE attrelid IN (SELECT relid FROM known) AND attnum > 0 \
                            AND NOT attisdropped AND attgenerated = '') \
               SELECT coalesce(known.t, now.attrelid::regclass::text) || '.' || coalesce(known.quoted, now.quoted), \
                      now.quoted IS NULL, known.quoted IS NULL, now.atttypid::regtype::text, known.y \
               FROM known FULL JOIN now ON now.attrelid = known.relid AND now.quoted = known.quoted \
               WHERE now.quoted IS NULL OR known.quoted IS NULL OR coalesce(now.atttypid <> to_regtype(known.y), now.typname <> known.y) \
               ORDER BY 1";
    let rows = sqlx::query(sql).bind(names).bind(known).bind(types).fetch_all(connection).await;
    let failed = |source| ChangesError::Postgres { what: "to say which columns there are", source };
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for row in rows.map_err(failed)? {
        let name: String = row.get(0);
        let (is_gone, is_new): (bool, bool) = (row.get(1), row.get(2));
        if is_new {
            added.push(name);
        } else if is_gone {
            changed.push(format!("{name} is gone"));
        } else {
            let (is, was): (String, String) = (row.get(3), row.get(4));
            changed.push(format!("{name} is {is} instead of {was}"));
        }
    }
    if changed.is_empty() { Ok(added) } else { Err(ApplyBackError::SchemaChanged(changed)) }
}

/// The tables beside those that were moved. What belongs to an extension, or is a part of another table, is none.
async fn added_tables(tables: &[Pair], connection: &mut PgConnection) -> Result<Vec<String>, ApplyBackError> {
    let names: Vec<_> = tables.iter().map(|table| table.target.as_str()).collect();
    let sql = "WITH known AS (SELECT oid, relnamespace FROM pg_class WHERE oid = ANY($1::text[]::regclass[])) \
               SELECT oid::regclass::text FROM pg_class AS found WHERE relkind IN ('r', 'p') AND NOT relispartition \
               AND relnamespace IN (SELECT relnamespace FROM known) AND oid NOT IN (SELECT oid FROM known) \
               AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = found.oid \
                               AND deptype = 'e') \
               ORDER BY 1";
    let found = sqlx::query_scalar(sql).bind(names).fetch_all(connection).await;
    let failed = |source| ChangesError::Postgres { what: "to say which tables there are", source };
    Ok(found.map_err(failed)?)
}
