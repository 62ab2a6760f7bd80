//! Expressions as people write them.

use super::*;

fn known() -> Vec<Known> {
    let known = |name: &str, codec| Known { name: name.to_owned(), given: name.to_owned(), codec };
    vec![
        known("n", Codec::Integer),
        known("Name", Codec::Text(Affinity::Text)),
        known("on", Codec::Boolean),
        known("any", Codec::Text(Affinity::Integer)),
        known("id", Codec::Uuid),
    ]
}

#[test]
fn what_means_the_same_is_translated() {
    let known = known();
    for (sql, translated) in [
        ("n > 0", "(\"n\" > 0)"),
        ("n BETWEEN 1 AND 10 AND [name] <> ''", "((\"n\" BETWEEN 1 AND 10) AND (\"Name\" <> ''))"),
        ("\"on\" IN (0, 1)", "(\"on\" IN (false, true))"),
        ("\"on\" = 1 OR n", "((\"on\" = true) OR (\"n\" <> 0))"),
        ("length(name) <= 50", "(length(\"Name\") <= 50)"),
        ("name LIKE 'Ab%'", "(lower(\"Name\" COLLATE \"C\") LIKE 'ab%' ESCAPE '')"),
        ("name NOT IN ('a', \"b\")", "(\"Name\" NOT IN ('a', 'b'))"),
        ("n IS NULL OR n IS NOT 3", "((\"n\" IS NULL) OR (\"n\" IS DISTINCT FROM 3))"),
        ("n * 2 + 1 < -5", "(((\"n\" * 2) + 1) < -5)"),
        ("name = 'it''s \\'", "(\"Name\" = E'it''s \\\\')"),
        (
            "id <> '018f3c5e-7b1a-4c1d-9e2f-0123456789ab'",
            "(\"id\" <> '018f3c5e-7b1a-4c1d-9e2f-0123456789ab'::uuid)",
        ),
        ("NOT (n = 1)", "(NOT (\"n\" = 1))"),
        ("TRUE", "true"),
    ] {
        assert_eq!(Columns(&known).condition(sql).as_deref(), Ok(translated), "{sql}");
    }
    assert_eq!(Columns(&known).value("lower(name)").as_deref(), Ok("lower(\"Name\" COLLATE \"C\")"));
}

#[test]
fn what_does_not_is_refused_with_its_part() {
    let known = known();
    for (sql, part) in [
        ("n = 'x'", "n = 'x'"),
        ("name = 5", "name = 5"),
        ("any > 5", "any > 5"),
        ("n / 2 = 1", "n / 2"),
        ("typeof(n) = 'integer'", "typeof (n)"),
        ("name GLOB 'a*'", "name GLOB 'a*'"),
        ("missing = 1", "missing"),
        ("name AND n", "name"),
        ("n || 'x' = 'y'", "n || 'x'"),
        ("1 = 1", "1 = 1"),
    ] {
        let refused = Columns(&known).condition(sql).expect_err(sql);
        assert_eq!(refused.part, part, "{sql}: {refused}");
    }
}
