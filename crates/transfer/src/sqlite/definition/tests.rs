//! Statements as people and programs write them.

use super::*;

#[test]
fn a_table_says_what_pragmas_do_not() {
    let definition = table(
        "t",
        "CREATE TABLE \"t\" (id INTEGER CONSTRAINT \"the key\" PRIMARY KEY AUTOINCREMENT, \
         [a b] TEXT COLLATE NOCASE CHECK (length([a b]) > 1), \
         p INT CONSTRAINT up REFERENCES other ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED, \
         g INT GENERATED ALWAYS AS (p + 1) STORED, \
         CONSTRAINT positive CHECK (p > 0), \
         CONSTRAINT pair FOREIGN KEY (p, `a b`) REFERENCES \"x\"\"y\" (u, 'v') MATCH FULL NOT DEFERRABLE)",
    )
    .expect("a table");
    let names: Vec<_> = definition.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "a b", "p", "g"]);
    assert!(definition.is_autoincrement);
    assert_eq!(definition.primary_key_name.as_deref(), Some("the key"));
    assert_eq!(definition.columns[1].collation.as_deref(), Some("NOCASE"));
    assert_eq!(definition.columns[3].generated.as_deref(), Some("p + 1"));
    let [up, pair] = definition.foreign_keys.as_slice() else { panic!("{definition:?}") };
    assert_eq!(
        (up.name.as_deref(), up.parent.as_str(), up.deferral),
        (Some("up"), "other", Deferral::Deferred)
    );
    assert_eq!((up.on_delete, up.on_update), (Action::SetNull, Action::Cascade));
    assert_eq!(up.parent_columns, Vec::<String>::new(), "not named");
    assert_eq!(pair.columns, ["p", "a b"]);
    assert_eq!(
        (pair.parent.as_str(), pair.parent_columns.as_slice()),
        ("x\"y", ["u", "v"].map(String::from).as_slice())
    );
    assert_eq!(pair.deferral, Deferral::Immediate);
    let checks: Vec<_> = definition.checks.iter().map(|check| check.expression.as_str()).collect();
    assert_eq!(checks, ["length ([a b]) > 1", "p > 0"]);
}

#[test]
fn an_index_says_what_it_is_over_and_for_which_rows() {
    let sql = "CREATE UNIQUE INDEX i ON t (lower(name) COLLATE NOCASE DESC, \"b\") WHERE deleted IS NULL";
    let definition = index("i", sql).expect("an index");
    assert_eq!(definition.subjects, ["lower (name) COLLATE NOCASE", "\"b\""]);
    assert_eq!(definition.predicate.as_deref(), Some("deleted IS NULL"));
}

#[test]
fn names_lose_their_quotes_and_nothing_else() {
    for (quoted, name) in [
        ("plain", "plain"),
        ("\"two \"\" three\"", "two \" three"),
        ("`a``b`", "a`b"),
        ("[a\"b]", "a\"b"),
        ("'it''s'", "it's"),
        ("\"\"", ""),
    ] {
        assert_eq!(unquoted(quoted), name);
    }
}

#[test]
fn what_cannot_be_understood_is_named() {
    let error = table("odd", "CREATE TABLE odd (").expect_err("not whole").to_string();
    assert!(error.starts_with("the definition of odd cannot be understood: "), "{error}");
}
