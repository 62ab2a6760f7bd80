//! Expressions as people write them. Whether they mean the same, `tests/it/definitions/expressions.rs` asks both databases.

use super::*;

fn known() -> Vec<Known> {
    let known = |name: &str, codec| Known {
        table: "t".to_owned(),
        name: name.to_owned(),
        given: name.to_owned(),
        sql: crate::sqlite::quoted(name),
        codec,
        collation: if name == "folds" { Collation::NoCase } else { Collation::Binary },
        barred: (name == "barred").then_some("not here"),
    };
    vec![
        known("n", Codec::Integer),
        known("Name", Codec::Text(Affinity::Text)),
        known("on", Codec::Boolean),
        known("any", Codec::Text(Affinity::Integer)),
        known("id", Codec::Uuid),
        known("price", Codec::Numeric),
        known("r", Codec::Real),
        known("folds", Codec::Text(Affinity::Text)),
        known("barred", Codec::Integer),
        known("doc", Codec::Json),
    ]
}

#[test]
fn what_means_the_same_is_translated() {
    let known = known();
    for (sql, translated) in [
        ("n > 0", "(\"n\" > 0)"),
        ("n BETWEEN 1 AND 10 AND [name] <> ''", "((\"n\" >= 1 AND \"n\" <= 10) AND (\"Name\" <> ''))"),
        ("1 IN (n, r)", "(1 IN (\"n\", \"r\"))"),
        ("\"on\" IN (0, 1)", "(\"on\" IN (false, true))"),
        ("1 IN (\"on\", n)", "(true = \"on\" OR 1 = \"n\")"),
        ("\"on\" = 1 OR n", "((\"on\" = true) OR (\"n\" <> 0))"),
        ("length(name) <= 50", "(length(\"Name\")::bigint <= 50)"),
        ("name LIKE 'Ab%'", "(lower(\"Name\" COLLATE \"C\") LIKE 'ab%' ESCAPE '')"),
        ("name GLOB 'a*.[a-c]?'", "(\"Name\" COLLATE \"C\" ~ E'***:^a.*\\\\.[a-c].$')"),
        ("name NOT IN ('a', \"b\")", "(NOT (\"Name\" IN ('a', 'b')))"),
        ("n IS NULL OR n IS NOT 3", "((\"n\" IS NULL) OR (NOT (\"n\" IS NOT DISTINCT FROM 3)))"),
        ("n * 2 + 1 < -5", "(((\"n\" * 2) + 1) < -5)"),
        ("n / 2 = 1 OR 1 / n > 2 * 3", "(((\"n\" / 2) = 1) OR ((1 / nullif(\"n\", 0)) > 6))"),
        ("r * 1.5 > 2", "((\"r\" * 1.5::double precision) > 2)"),
        ("name = 'it''s \\'", "(\"Name\" = E'it''s \\\\')"),
        ("folds = 'ADA'", "(lower(\"folds\" COLLATE \"C\") = 'ada')"),
        ("n || 'x' = 'y'", "((((\"n\")::text COLLATE \"C\") || 'x') = 'y')"),
        (
            "id <> '018f3c5e-7b1a-4c1d-9e2f-0123456789ab'",
            "(\"id\" <> '018f3c5e-7b1a-4c1d-9e2f-0123456789ab'::uuid)",
        ),
        ("NOT (t.n = 1)", "(NOT (\"n\" = 1))"),
        ("TRUE", "true"),
    ] {
        assert_eq!(Columns::of(&known).condition(sql).as_deref(), Ok(translated), "{sql}");
    }
    let value = Columns::of(&known).value("lower(name)").map(|term| term.sql);
    assert_eq!(value.as_deref(), Ok("lower(\"Name\" COLLATE \"C\")"));
}

#[test]
fn what_does_not_is_refused_with_its_part() {
    let known = known();
    for (sql, part) in [
        ("n = 'x'", "n = 'x'"),
        ("name = 5", "name = 5"),
        ("any > 5", "any > 5"),
        ("1 IN (n, name)", "1 IN (n, name)"),
        ("1 BETWEEN n AND name", "1 BETWEEN n AND name"),
        ("price * 2 > 1", "price * 2"),
        ("r > n", "r > n"),
        ("r % 2 = 1", "r % 2"),
        ("n << 1", "n << 1"),
        ("typeof(any) = 'integer'", "typeof (any)"),
        ("name GLOB '[]a]*'", "name GLOB '[]a]*'"),
        ("name LIKE 'a!' ESCAPE '!'", "name LIKE 'a!' ESCAPE '!'"),
        ("name LIKE folds", "name LIKE folds"),
        ("substr(name, 0) = 'a'", "substr (name, 0)"),
        ("round(r) = 1", "round (r)"),
        ("date(name) = 'a'", "date (name)"),
        ("doc = NULL", "doc = NULL"),
        ("coalesce(n, 'x') = 1", "coalesce (n, 'x')"),
        ("coalesce(r, 1) / 2 > 0", "coalesce (r, 1)"),
        ("CASE WHEN n THEN 1 ELSE 'x' END = 1", "CASE WHEN n THEN 1 ELSE 'x' END"),
        ("name COLLATE whatever = 'a'", "name COLLATE whatever"),
        ("n IN (SELECT 1)", "n IN (SELECT 1)"),
        ("count(*) > 1", "count (*)"),
        ("barred = 1", "barred"),
        ("missing = 1", "missing"),
        ("u.n = 1", "u.n"),
        ("name AND n", "name"),
        ("1 = 1", "1 = 1"),
    ] {
        let refused = Columns::of(&known).condition(sql).expect_err(sql);
        assert_eq!(refused.part, part, "{sql}: {refused}");
    }
}
