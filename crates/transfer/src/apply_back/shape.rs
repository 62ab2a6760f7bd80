//! Whether PostgreSQL's tables are still what they were when they were moved.

use sqlx::{PgConnection, Row as _};

use super::ApplyBackError;
use super::tables::Pair;
use crate::ChangesError;

/// Which columns there are that nobody knew of.
///
/// # Errors
/// When one that was known is gone, or of another type.
pub(super) async fn compare(
    tables: &[Pair],
    connection: &mut PgConnection,
) -> Result<Vec<String>, ApplyBackError> {
    let columns = || tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let names: Vec<_> = columns().map(|(table, _)| table.target.as_str()).collect();
    let known: Vec<_> = columns().map(|(_, column)| column.target.as_str()).collect();
    let types: Vec<_> = columns().map(|(_, column)| column.codec.type_name()).collect();
    let sql = "WITH known AS (SELECT to_regclass(t) AS relid, t, c AS quoted, y \
                              FROM unnest($1::text[], $2::text[], $3::text[]) AS known (t, c, y)), \
                    now AS (SELECT attrelid, '\"' || replace(attname, '\"', '\"\"') || '\"' AS quoted, atttypid \
                            FROM pg_attribute WHERE attrelid IN (SELECT relid FROM known) AND attnum > 0 \
                            AND NOT attisdropped AND attgenerated = '') \
               SELECT coalesce(known.t, now.attrelid::regclass::text) || '.' || coalesce(known.quoted, now.quoted), \
                      now.quoted IS NULL, known.quoted IS NULL, now.atttypid::regtype::text, known.y \
               FROM known FULL JOIN now ON now.attrelid = known.relid AND now.quoted = known.quoted \
               WHERE now.quoted IS NULL OR known.quoted IS NULL OR now.atttypid <> known.y::regtype \
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
