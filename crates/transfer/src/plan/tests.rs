//! Plans as files: written, read again, and wrong in all ways at once. Cells in their places.

use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::fit::{Fit, Misfitting};
use super::*;
use crate::codec::tests::{cell, codecs};
use crate::{Affinity, Column, KeyKind, Meaning};

fn column(name: &str, declared: &str) -> Column {
    Column {
        name: name.to_owned(),
        declared: declared.to_owned(),
        affinity: Affinity::of(declared, false),
        is_not_null: false,
        default: None,
        collation: None,
        generated: None,
    }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table {
        name: name.to_owned(),
        columns,
        key: KeyKind::HiddenRowid,
        primary_key: vec![],
        primary_key_name: None,
        is_strict: false,
        indexes: vec![],
        foreign_keys: vec![],
        checks: vec![],
    }
}

fn schema(tables: Vec<Table>) -> Schema {
    Schema { tables, ..Schema::default() }
}

/// Names as nobody should give them.
fn name() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "",
        "a.b",
        "a\"b",
        "a'b",
        "a\nb",
        "a\\b",
        "#",
        "\u{7f}",
        "\0",
        "key",
        "columns",
        "1",
        "naïve 🚀",
        " ",
        "[x]",
        "\t\r",
    ]);
    prop_oneof!["[a-zA-Z_]{1,8}", odd.prop_map(str::to_owned), any::<String>()]
}

fn names(most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(name(), 1..=most).prop_map(|names| names.into_iter().collect()).prop_shuffle()
}

const DECLARED: [&str; 9] =
    ["", "INT", "TEXT\n\u{1}", "REAL", "BLOB", "BOOLEAN", "DATETIME", "DECIMAL", "JSON"];

/// A table, a plan for it, and what it could hold.
fn planned(name: String) -> impl Strategy<Value = (Table, TablePlan, Vec<ColumnProfile>)> {
    let misfits = prop::sample::select(Misfits::WORDS.map(|(misfits, _)| misfits).to_vec());
    let columns = names(6).prop_flat_map(move |names| {
        let columns = names.into_iter().map(|name| {
            let longest = prop_oneof![Just(0), Just(81), Just(9000)];
            let plan = (prop::sample::select(codecs()), misfits.clone(), longest);
            let cells = prop::collection::vec(cell(), 0..4);
            (Just(name), prop::sample::select(DECLARED.to_vec()), plan, cells)
        });
        columns.collect::<Vec<_>>()
    });
    (columns, any::<prop::sample::Index>(), any::<bool>()).prop_map(move |(columns, key, has_key)| {
        let mut plan = TablePlan { key: Key::Rowid, columns: vec![] };
        let mut made = table(&name, vec![]);
        let mut profiles = vec![];
        for (name, declared, (codec, misfits, longest), cells) in columns {
            let column = column(&name, declared);
            let codec = if let Codec::Text(_) = codec { Codec::Text(column.affinity) } else { codec };
            plan.columns.push(ColumnPlan { codec, misfits, longest, holds_null: false });
            profiles.push(profile(declared, &cells));
            made.columns.push(column);
        }
        let key = key.index(made.columns.len());
        if has_key && plan.columns[key].misfits != Misfits::Null {
            plan.key = Key::Columns(vec![key]);
        }
        (made, plan, profiles)
    })
}

fn profile(declared: &str, cells: &[Value]) -> ColumnProfile {
    let mut profile = ColumnProfile::new(Meaning::of(declared, false));
    for cell in cells {
        profile.see(ValueRef::from(cell));
    }
    profile
}

fn kept(declared: &str, cells: &[Value]) -> Vec<Value> {
    let connection = Connection::open_in_memory().expect("opens");
    let created =
        connection.execute_batch(&format!("CREATE TABLE t (c {})", declared.replace(char::is_control, " ")));
    created.expect("runs");
    for cell in cells {
        connection.execute("INSERT INTO t VALUES (?1)", [cell]).expect("inserts");
    }
    let all = connection
        .prepare("SELECT c FROM t")
        .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect());
    all.expect("reads")
}

proptest! {
    #[test]
    fn what_is_written_is_read_the_same(
        (target, no_case, tables) in ("[^\0]{1,9}", prop::sample::select(vec![NoCase::ExpressionIndex, NoCase::Citext]), names(3).prop_flat_map(|names| names.into_iter().map(planned).collect::<Vec<_>>()))
    ) {
        let mut plan = Plan { target, no_case, tables: vec![] };
        let (mut schema, mut profiles) = (Schema::default(), vec![]);
        for (table, planned, profiled) in tables {
            schema.tables.push(table);
            plan.tables.push(planned);
            profiles.push(profiled);
        }
        for profiles in [None, Some(profiles.as_slice())] {
            let text = plan.to_toml(&schema, profiles);
            let read = Plan::from_toml(&text, &schema);
            prop_assert_eq!(read.as_ref(), Ok(&plan), "{}", text);
        }
        let described = plan.describe(&schema, &profiles);
        let is_plain = |line: &str| line.chars().count() <= 100 && !line.contains(char::is_control) && !line.ends_with(' ');
        prop_assert!(described.lines().all(is_plain), "{}", described);
    }

    /// Of what SQLite keeps in a column: its affinity has had its way.
    #[test]
    fn what_does_not_fit_and_what_changes_is_counted(
        declared in prop::sample::select(DECLARED.to_vec()),
        cells in prop::collection::vec(cell(), 0..6),
    ) {
        let cells = kept(declared, &cells);
        let profile = profile(declared, &cells);
        let affinity = Affinity::of(declared, false);
        for codec in codecs().into_iter().filter(|codec| !matches!(codec, Codec::Text(other) if *other != affinity)) {
            let count = |expected| {
                let encoded = cells.iter().map(|cell| codec.encode(ValueRef::from(cell), &mut Vec::new()));
                encoded.filter(|encoded| *encoded == expected).count() as u64
            };
            let fit = Fit::of(codec, &profile);
            prop_assert_eq!(fit.remembered, count(Encoded::AsAnotherClass), "{:?} {:?}", codec, cells);
            let choice = Choice::of(&column("c", declared), false, &profile);
            if codec == choice.codec {
                let lossless = Fit { misfits: Misfitting::Exactly(0), remembered: choice.remembered };
                prop_assert_eq!(fit, lossless, "{:?} {:?}", codec, cells);
            }
            match fit.misfits {
                Misfitting::Exactly(most) => prop_assert_eq!(most, count(Encoded::Misfit), "{:?} {:?}", codec, cells),
                Misfitting::AtMost(most) => prop_assert!(most >= count(Encoded::Misfit), "{:?} {:?}", codec, cells),
            }
        }
    }

    #[test]
    fn every_cell_is_one_field(cell in cell()) {
        for codec in codecs() {
            for (misfits, _) in Misfits::WORDS {
                let mut field = Vec::new();
                let placed = ColumnPlan { codec, misfits, longest: 0, holds_null: false }.place(ValueRef::from(&cell), &mut field);
                let length = i32::from_be_bytes(field[..4].try_into().expect("four bytes"));
                prop_assert_eq!(field.len(), 4 + usize::try_from(length).unwrap_or(0));
                let is_null = matches!(placed, Placed::Null | Placed::Reject | Placed::Stop) || cell == Value::Null;
                prop_assert_eq!(length == -1, is_null, "{:?} of {:?}", codec, cell);
            }
        }
    }
}

#[test]
fn misfits_become_what_somebody_said() {
    let place = |misfits, cell: &str| {
        let mut field = Vec::new();
        let placed = ColumnPlan { codec: Codec::Integer, misfits, longest: 0, holds_null: false }
            .place(ValueRef::Text(cell.as_bytes()), &mut field);
        (placed, field)
    };
    let null = vec![0xff; 4];
    assert_eq!(place(Misfits::Stop, "7"), (Placed::Stop, null.clone()));
    assert_eq!(place(Misfits::Null, "7"), (Placed::Null, null.clone()));
    assert_eq!(place(Misfits::Reject, "7"), (Placed::Reject, null.clone()));
    assert_eq!(place(Misfits::Cast, "7"), (Placed::Cast, vec![0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7]));
    assert_eq!(place(Misfits::Cast, "99999999999999999999"), (Placed::Stop, null));
}

fn people() -> Schema {
    let mut people =
        table("people", vec![column("id", "INTEGER"), column("born", "DATE"), column("note", "TEXT")]);
    people.columns[0].is_not_null = true;
    schema(vec![people, table("pets", vec![column("name", "TEXT")])])
}

fn mistakes(text: &str) -> String {
    Plan::from_toml(text, &people()).expect_err("there are mistakes").to_string()
}

#[test]
fn all_mistakes_are_said_at_once() {
    let text = r#"
        version = 1
        target = ""
        tabels = 1
        [tables.poeple]
        [tables.people]
        key = ["ID", "nose"]
        kye = 1
        [tables.people.columns]
        id = { type = "bigint", misfits = "null" }
        burn = { type = "date" }
        note = { type = "txt", misfits = "drop", stored = 1 }
        [tables.pets]
        key = "name"
        order = 1
        columns = { name = { type = "time", stored_as = "seconds" } }
    "#;
    insta::assert_snapshot!(mistakes(text), @r#"
    the plan: there is nothing called "tabels" here; did you mean "tables"?
    the plan has to name the schema in PostgreSQL that it goes into: target = "public"
    there is no table "poeple" in the database; did you mean "people"?
    the table "people": there is nothing called "kye" here; did you mean "key"?
    the key of "people" is no column: "ID"; did you mean "id"?
    the key of "people" is no column: "nose"; did you mean "note"?
    there is no column "burn" in "people"; did you mean "born"?
    the plan says nothing of the column "people"."born"
    "people"."note": there is nothing called "stored" here; did you mean "stored_as"?
    "people"."note": misfits = "drop" is no rule; there are stop, cast, null, reject, keep as text; did you mean "stop"?
    "people"."id" takes no NULL, so misfits = "null" cannot be; "cast" and "reject" are possible
    the table "pets": there is nothing called "order" here
    the table "pets" has to say by which columns rows are told apart: key = ["id"], or "rowid" where no columns do
    "pets"."name": what is stored as "seconds" becomes a timestamptz, not a time
    "#);
}

#[test]
fn what_is_missing_is_said() {
    let text = "version = 1
        target = 'x'
        [tables.people]
        key = ['id', 'id']
        [tables.people.columns]
        id = 1
        born = {}
        note = { type = 7 }
        [tables.pets]
        key = ['name']
        columns.name = { type = 'text', misfits = 'null' }";
    insta::assert_snapshot!(mistakes(text), @r#"
    the key of "people" names a column twice
    the column "people"."id" has to say its type: { type = "text" }
    "people"."born": there is no type; type = "text" keeps most
    "people"."note": type has to be a word in quotes
    "pets"."name" takes no NULL, so misfits = "null" cannot be; "cast" and "reject" are possible
    "#);
    insta::assert_snapshot!(mistakes("version = 1\ntarget = 'x'"), @r#"
    the plan says nothing of the table "people"
    the plan says nothing of the table "pets"
    "#);
    insta::assert_snapshot!(mistakes(""), @"the plan has to say which version it is of: version = 1");
    insta::assert_snapshot!(mistakes("version = 2"), @"the plan is of version 2, and this Mainstay knows 1: use the one that wrote it");
    insta::assert_snapshot!(mistakes("version = 1\ntarget = 'x'\ntarget = 'y'"), @"line 3 of the plan is no TOML: duplicate key");
}

#[test]
fn a_rule_can_be_a_type() {
    let text = "version = 1\ntarget = 'x'\n[tables.t]\nkey = 'rowid'\ncolumns.n = { type = 'bigint', misfits = 'keep as text' }";
    let schema = schema(vec![table("t", vec![column("n", "INTEGER")])]);
    let plan = Plan::from_toml(text, &schema).expect("a plan");
    let kept = ColumnPlan {
        codec: Codec::Text(Affinity::Integer),
        misfits: Misfits::Stop,
        longest: 0,
        holds_null: false,
    };
    assert_eq!(plan.tables[0].columns, [kept]);
}
