//! What a schema of PostgreSQL consists of.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::ExtractError;
use crate::sqlite::quoted;
use crate::{LeftBehind, Target};

/// What a schema of PostgreSQL consists of.
#[derive(Debug, Clone, Default)]
pub(super) struct Catalogue {
    pub(super) tables: Vec<PgTable>,
    /// What SQLite does not have, or not like that.
    pub(super) others: Vec<LeftBehind>,
}

#[derive(Debug, Clone)]
pub(super) struct PgTable {
    pub(super) oid: i64,
    pub(super) name: String,
    /// Its name, in quotes and with its schema.
    pub(super) relation: String,
    /// Whether its rows are in its partitions.
    is_divided: bool,
    pub(super) columns: Vec<PgColumn>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) indexes: Vec<PgIndex>,
}

#[derive(Debug, Clone)]
pub(super) struct PgColumn {
    pub(super) name: String,
    pub(super) number: i16,
    /// The name of its type; of a domain, of what is below.
    pub(super) type_name: String,
    /// What is said of it, such as how many digits; -1 when nothing is.
    pub(super) modifier: i32,
    pub(super) is_not_null: bool,
    pub(super) is_domain: bool,
    pub(super) filled: Filled,
    pub(super) default: Option<String>,
    pub(super) labels: Vec<String>,
    /// What its own sequence gave last.
    pub(super) last_value: Option<i64>,
    /// How its values are written, where its type leaves that open.
    pub(super) look: Look,
}

/// How a column gets its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// By whoever writes.
    Given,
    /// By a sequence, when nobody says anything else.
    Counted,
    /// They are computed.
    Computed,
}

/// What the values of a column are like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Whether SQLite's numbers hold all of them.
    pub(super) are_numbers: bool,
    /// How many digits behind the second they need.
    pub(super) fraction: u8,
}

#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub(super) name: String,
    /// `p`, `u`, `f`, `c` or `x`.
    pub(super) kind: String,
    pub(super) columns: Vec<i16>,
    pub(super) parent: i64,
    pub(super) parent_columns: Vec<i16>,
    pub(super) on_update: String,
    pub(super) on_delete: String,
    pub(super) is_deferrable: bool,
    pub(super) is_deferred: bool,
    pub(super) definition: String,
    pub(super) expression: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct PgIndex {
    pub(super) name: String,
    pub(super) is_unique: bool,
    pub(super) columns: Vec<i16>,
    pub(super) options: Vec<i16>,
    /// Whether it is of a kind that SQLite has, over columns.
    pub(super) is_plain: bool,
    pub(super) predicate: Option<String>,
}

impl PgTable {
    /// Behind FROM: its own rows, and those of its partitions.
    pub(super) fn from(&self) -> String {
        if self.is_divided { self.relation.clone() } else { format!("ONLY {}", self.relation) }
    }

    pub(super) fn column(&self, number: i16) -> Option<&PgColumn> {
        self.columns.iter().find(|column| column.number == number)
    }
}

const TABLES: &str = "
SELECT oid::bigint, relname::text, relkind = 'p' FROM pg_class WHERE relnamespace = to_regnamespace($1)
  AND relkind IN ('r', 'p') AND NOT relispartition
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
ORDER BY oid";

const COLUMNS: &str = "
WITH RECURSIVE base (type, below, modifier) AS (
  SELECT oid, oid, -1 FROM pg_type WHERE typtype <> 'd'
  UNION ALL SELECT t.oid, base.below, CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE base.modifier END
    FROM pg_type AS t JOIN base ON t.typbasetype = base.type WHERE t.typtype = 'd')
SELECT a.attrelid::bigint, a.attname::text, a.attnum, t.typname::text, greatest(a.atttypmod, base.modifier), a.attnotnull,
  a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false), a.attgenerated <> '',
  a.atttypid <> base.below, CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
  ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder),
  (SELECT max(CASE WHEN has_sequence_privilege(s.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.oid) END)
     FROM pg_depend AS o JOIN pg_class AS s ON s.oid = o.objid AND s.relkind = 'S'
     WHERE o.classid = 'pg_class'::regclass AND o.refobjid = c.oid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i'))
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN base ON base.type = a.atttypid
  JOIN pg_type AS t ON t.oid = base.below LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum";

const CONSTRAINTS: &str = "
SELECT conrelid::bigint, conname::text, contype::text, coalesce(conkey, '{}'), confrelid::bigint, coalesce(confkey, '{}'),
  confupdtype::text, confdeltype::text, condeferrable, condeferred, pg_get_constraintdef(pg_constraint.oid),
  pg_get_expr(conbin, conrelid)
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE relnamespace = to_regnamespace($1) AND contype IN ('p', 'u', 'f', 'c', 'x') ORDER BY pg_constraint.oid";

const INDEXES: &str = "
SELECT indrelid::bigint, i.relname::text, indisunique, string_to_array(indkey::text, ' ')::int2[],
  string_to_array(indoption::text, ' ')::int2[], indnkeyatts, indexprs IS NULL AND amname = 'btree', pg_get_expr(indpred, indrelid)
FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid JOIN pg_am ON pg_am.oid = i.relam
WHERE i.relnamespace = to_regnamespace($1) AND indisvalid
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY i.oid";

const OTHERS: &str = "
SELECT what, because FROM (
  SELECT 1 AS place, CASE relkind WHEN 'v' THEN 'the view ' WHEN 'm' THEN 'the materialized view ' WHEN 'f' THEN 'the foreign table '
      ELSE 'the sequence ' END || relname AS what,
    CASE relkind WHEN 'f' THEN 'its rows are somewhere else' WHEN 'S' THEN 'SQLite has no sequences'
      ELSE 'views are not translated' END AS because
    FROM pg_class WHERE relnamespace = to_regnamespace($1) AND (relkind IN ('v', 'm', 'f') OR relkind = 'S' AND NOT EXISTS
      (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i')))
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  UNION ALL SELECT 2, 'the function ' || proname, 'functions are not translated' FROM pg_proc
    WHERE pronamespace = to_regnamespace($1)
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
  UNION ALL SELECT 3, 'the trigger ' || tgname || ' of ' || relname, 'triggers are not translated' FROM pg_trigger
    JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = to_regnamespace($1) AND NOT tgisinternal
  UNION ALL SELECT 4, 'the policy ' || polname || ' of ' || relname, 'SQLite has no policies' FROM pg_policy
    JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = to_regnamespace($1)
) AS others ORDER BY place, what";

/// Reads it.
pub(super) async fn read(
    target: &Target,
    schema: &str,
    unit: &mut PgConnection,
) -> Result<Catalogue, ExtractError> {
    let quoted_schema = quoted(schema);
    let exists = all(target, unit, "SELECT 1 WHERE to_regnamespace($1) IS NOT NULL", &quoted_schema).await?;
    if exists.is_empty() {
        return Err(ExtractError::NoSchema { name: target.name().to_owned(), schema: schema.to_owned() });
    }
    let tables = all(target, unit, TABLES, &quoted_schema).await?;
    let mut tables: Vec<_> = tables.iter().map(|row| table(row, &quoted_schema)).collect();
    let mut add = |rows: Vec<PgRow>, add: fn(&mut PgTable, &PgRow)| {
        for row in rows {
            let oid: i64 = row.get(0);
            if let Some(table) = tables.iter_mut().find(|table| table.oid == oid) {
                add(table, &row);
            }
        }
    };
    add(all(target, unit, COLUMNS, &quoted_schema).await?, |table, row| table.columns.push(column(row)));
    add(all(target, unit, CONSTRAINTS, &quoted_schema).await?, |table, row| {
        table.constraints.push(constraint(row));
    });
    add(all(target, unit, INDEXES, &quoted_schema).await?, |table, row| table.indexes.push(index(row)));
    let others = all(target, unit, OTHERS, &quoted_schema).await?;
    let others = others.iter().map(|row| LeftBehind { what: row.get(0), because: row.get(1) }).collect();
    Ok(Catalogue { tables, others })
}

async fn all(
    target: &Target,
    unit: &mut PgConnection,
    sql: &'static str,
    schema: &str,
) -> Result<Vec<PgRow>, ExtractError> {
    let rows = sqlx::query(sql).bind(schema).fetch_all(unit).await;
    rows.map_err(|cause| target.failed("to say what it consists of", cause).into())
}

fn table(row: &PgRow, schema: &str) -> PgTable {
    let name: String = row.get(1);
    PgTable {
        oid: row.get(0),
        relation: format!("{schema}.{}", quoted(&name)),
        name,
        is_divided: row.get(2),
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
    }
}

fn column(row: &PgRow) -> PgColumn {
    PgColumn {
        name: row.get(1),
        number: row.get(2),
        type_name: row.get(3),
        modifier: row.get(4),
        is_not_null: row.get(5),
        is_domain: row.get(8),
        filled: match (row.get(6), row.get(7)) {
            (_, true) => Filled::Computed,
            (true, false) => Filled::Counted,
            (false, false) => Filled::Given,
        },
        default: row.get(9),
        labels: row.get(10),
        last_value: row.get(11),
        look: Look { are_numbers: false, fraction: 6 },
    }
}

fn constraint(row: &PgRow) -> Constraint {
    Constraint {
        name: row.get(1),
        kind: row.get(2),
        columns: row.get(3),
        parent: row.get(4),
        parent_columns: row.get(5),
        on_update: row.get(6),
        on_delete: row.get(7),
        is_deferrable: row.get(8),
        is_deferred: row.get(9),
        definition: row.get(10),
        expression: row.get(11),
    }
}

fn index(row: &PgRow) -> PgIndex {
    let (mut columns, mut options): (Vec<i16>, Vec<i16>) = (row.get(3), row.get(4));
    // Behind the key there is what is only kept along.
    let key = usize::try_from(row.get::<i16, _>(5)).unwrap_or_default();
    columns.truncate(key);
    options.truncate(key);
    PgIndex {
        name: row.get(1),
        is_unique: row.get(2),
        columns,
        options,
        is_plain: row.get(6),
        predicate: row.get(7),
    }
}

impl Catalogue {
    /// Looks at the values of columns whose types leave open how they are written.
    pub(super) async fn look(
        &mut self,
        target: &Target,
        unit: &mut PgConnection,
    ) -> Result<(), ExtractError> {
        for table in &mut self.tables {
            let asked: Vec<_> = table
                .columns
                .iter()
                .enumerate()
                .filter_map(|(place, column)| Some((place, column.asks()?)))
                .collect();
            if asked.is_empty() {
                continue;
            }
            let fields: Vec<_> = asked.iter().map(|(_, sql)| format!("coalesce({sql}, 0)::int2")).collect();
            let sql = format!("SELECT ARRAY[{}] FROM {}", fields.join(", "), table.from());
            let row = sqlx::query(AssertSqlSafe(sql.as_str())).fetch_one(&mut *unit).await;
            let what = format!("to give the rows of {}", table.name);
            let found: Vec<i16> = row.map_err(|cause| target.failed(&what, cause))?.get(0);
            for ((place, _), found) in asked.iter().zip(found) {
                let fraction = u8::try_from(found).unwrap_or(6);
                table.columns[*place].look = Look { are_numbers: found == 0, fraction };
            }
        }
        Ok(())
    }
}

impl PgColumn {
    /// What has to be asked about its values: 0 where the narrowest way to write them does.
    fn asks(&self) -> Option<String> {
        let name = quoted(&self.name);
        match self.type_name.as_str() {
            "numeric" if !self.has_few_digits() => Some(format!(
                "max(CASE WHEN {name} = 'NaN' OR (trunc({name}) = {name} AND abs({name}) < 9.2e18) THEN 0 \
                 WHEN abs({name}) < 1e30 AND scale({name}) < 30 AND {name}::float8::numeric = {name} THEN 0 ELSE 1 END)"
            )),
            "timestamp" | "timestamptz" => Some(fraction(&name)),
            "time" => Some(fraction(&format!("{name}::interval"))),
            _ => None,
        }
    }

    /// Whether all of its digits are in any real that is nearest.
    pub(super) fn has_few_digits(&self) -> bool {
        self.modifier >= 4 && ((self.modifier - 4) >> 16) <= 15
    }
}

fn fraction(sql: &str) -> String {
    let is_cut = |unit: &str| format!("date_trunc('{unit}', {sql}) = {sql}");
    format!("max(CASE WHEN {} THEN 0 WHEN {} THEN 3 ELSE 6 END)", is_cut("second"), is_cut("milliseconds"))
}
