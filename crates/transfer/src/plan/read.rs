//! A plan that somebody has edited. Pure. All that is wrong with it is said at once.

use thiserror::Error;
use toml::{Table as Entries, Value};

use super::write::VERSION;
use super::{ColumnPlan, Key, Misfits, NoCase, Plan, TablePlan};
use crate::codec::{Codec, nearest};
use crate::{Column, Schema, Table};

/// What a column may say.
const COLUMN_KEYS: [&str; 5] = ["type", "stored_as", "misfits", "longest", "nullable"];
/// The rule that is a type.
const KEEP_AS_TEXT: &str = "keep as text";

/// Why a plan cannot be followed.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PlanError {
    /// It is no TOML.
    #[error("line {line} of the plan is no TOML: {detail}")]
    NotToml {
        /// Where.
        line: usize,
        /// Why.
        detail: String,
    },
    /// It does not go with the database: everything that is wrong with it, a sentence each.
    #[error("{}", .0.join("\n"))]
    Mistakes(Vec<String>),
}

impl Plan {
    /// Reads what [`Plan::to_toml`] has written and somebody has edited.
    ///
    /// # Errors
    /// When it is no TOML, or says something that cannot be done with a database of this schema: all such mistakes.
    pub fn from_toml(text: &str, schema: &Schema) -> Result<Self, PlanError> {
        let entries: Entries = toml::from_str(text).map_err(|error| not_toml(text, &error))?;
        let mut reader = Reader { mistakes: Vec::new() };
        match reader.plan(schema, &entries) {
            Some(plan) if reader.mistakes.is_empty() => Ok(plan),
            _ => Err(PlanError::Mistakes(reader.mistakes)),
        }
    }
}

fn not_toml(text: &str, error: &toml::de::Error) -> PlanError {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.get(..start).unwrap_or(text).matches('\n').count() + 1;
    PlanError::NotToml { line, detail: error.message().to_owned() }
}

/// Collects mistakes. What a method returns is none only when there is one.
struct Reader {
    mistakes: Vec<String>,
}

impl Reader {
    fn plan(&mut self, schema: &Schema, entries: &Entries) -> Option<Plan> {
        // What a plan of another version means, nobody knows.
        self.version(entries.get("version"))?;
        self.expect_keys("the plan", entries, &["version", "target", "no_case", "tables"]);
        let target = self.target(entries.get("target"));
        let no_case = self.no_case(entries.get("no_case"));
        let none = Entries::new();
        let said = match entries.get("tables") {
            Some(Value::Table(said)) => said,
            Some(_) => return self.wrong("tables has to be a table: [tables.NAME] for each".to_owned()),
            None => &none,
        };
        let names: Vec<&str> = schema.tables.iter().map(|table| table.name.as_str()).collect();
        for name in said.keys().filter(|name| !names.contains(&name.as_str())) {
            self.mistakes.push(format!("there is no table {name:?} in the database{}", hint(name, &names)));
        }
        let tables: Vec<_> =
            schema.tables.iter().map(|table| self.table(table, said.get(&table.name))).collect();
        Some(Plan { target: target?, no_case: no_case?, tables: tables.into_iter().collect::<Option<_>>()? })
    }

    fn version(&mut self, said: Option<&Value>) -> Option<()> {
        match said {
            Some(Value::Integer(VERSION)) => Some(()),
            Some(Value::Integer(newer)) if *newer > VERSION => self.wrong(format!(
                "the plan is of version {newer}, and this Mainstay knows {VERSION}: use the one that wrote it"
            )),
            _ => self.wrong(format!("the plan has to say which version it is of: version = {VERSION}")),
        }
    }

    fn target(&mut self, said: Option<&Value>) -> Option<String> {
        match said {
            Some(Value::String(target)) if !target.is_empty() && !target.contains('\0') => {
                Some(target.clone())
            }
            _ => self.wrong(
                "the plan has to name the schema in PostgreSQL that it goes into: target = \"public\""
                    .to_owned(),
            ),
        }
    }

    fn no_case(&mut self, said: Option<&Value>) -> Option<NoCase> {
        let Some(said) = said else { return Some(NoCase::default()) };
        let known = NoCase::WORDS.into_iter().find(|(_, word)| said.as_str() == Some(word));
        known.map(|(no_case, _)| no_case).or_else(|| {
            let words = NoCase::WORDS.map(|(_, word)| format!("{word:?}")).join(" or ");
            self.wrong(format!("no_case has to be {words}"))
        })
    }

    fn table(&mut self, table: &Table, said: Option<&Value>) -> Option<TablePlan> {
        let name = &table.name;
        let Some(said) = said else {
            return self.wrong(format!("the plan says nothing of the table {name:?}"));
        };
        let Value::Table(said) = said else {
            return self.wrong(format!("the table {name:?} has to be a table: key and columns"));
        };
        self.expect_keys(&format!("the table {name:?}"), said, &["key", "columns"]);
        let key = self.key(table, said.get("key"));
        let Some(Value::Table(columns)) = said.get("columns") else {
            return self.wrong(format!("the plan says nothing of the columns of {name:?}"));
        };
        let columns = self.columns(table, columns);
        self.expect_no_null_in(table, key.as_ref().unwrap_or(&Key::Rowid), &columns);
        Some(TablePlan { key: key?, columns: columns.into_iter().collect::<Option<_>>()? })
    }

    fn key(&mut self, table: &Table, said: Option<&Value>) -> Option<Key> {
        let name = &table.name;
        let names = match said {
            Some(Value::String(word)) if word == "rowid" => return Some(Key::Rowid),
            Some(Value::Array(names)) if !names.is_empty() => names,
            _ => {
                let example = "key = [\"id\"], or \"rowid\" where no columns do";
                return self.wrong(format!(
                    "the table {name:?} has to say by which columns rows are told apart: {example}"
                ));
            }
        };
        let columns: Vec<_> = names.iter().map(|said| self.key_column(table, said)).collect();
        let columns: Vec<usize> = columns.into_iter().collect::<Option<_>>()?;
        let is_twice = |(place, column): (usize, &usize)| columns[..place].contains(column);
        if columns.iter().enumerate().any(is_twice) {
            return self.wrong(format!("the key of {name:?} names a column twice"));
        }
        Some(Key::Columns(columns))
    }

    fn key_column(&mut self, table: &Table, said: &Value) -> Option<usize> {
        let Value::String(said) = said else {
            return self.wrong(format!("the key of {:?} has to be names of columns, in quotes", table.name));
        };
        let place = table.columns.iter().position(|column| column.name == *said);
        place.or_else(|| {
            self.wrong(format!(
                "the key of {:?} is no column: {said:?}{}",
                table.name,
                hint(said, &names(table))
            ))
        })
    }

    fn columns(&mut self, table: &Table, said: &Entries) -> Vec<Option<ColumnPlan>> {
        let known = names(table);
        for name in said.keys().filter(|name| !known.contains(&name.as_str())) {
            self.mistakes.push(format!(
                "there is no column {name:?} in {:?}{}",
                table.name,
                hint(name, &known)
            ));
        }
        table.columns.iter().map(|column| self.column(table, column, said.get(&column.name))).collect()
    }

    fn column(&mut self, table: &Table, column: &Column, said: Option<&Value>) -> Option<ColumnPlan> {
        let place = format!("{:?}.{:?}", table.name, column.name);
        let Some(said) = said else {
            return self.wrong(format!("the plan says nothing of the column {place}"));
        };
        let Value::Table(said) = said else {
            return self.wrong(format!("the column {place} has to say its type: {{ type = \"text\" }}"));
        };
        self.expect_keys(&place, said, &COLUMN_KEYS);
        let type_name = self.word(&place, said, "type");
        let stored_as = self.word(&place, said, "stored_as");
        let misfits = self.misfits(&place, said);
        let longest = self.longest(&place, said.get("longest"))?;
        let holds_null = self.nullable(&place, column, said.get("nullable"))?;
        let (type_name, stored_as, misfits) = (type_name.ok()?, stored_as.ok()?, misfits?);
        let Some(type_name) = type_name else {
            return self.wrong(format!("{place}: there is no type; type = \"text\" keeps most"));
        };
        let codec = match Codec::spelled(type_name, stored_as, column.affinity) {
            Ok(codec) => codec,
            Err(misspelled) => return self.wrong(format!("{place}: {misspelled}")),
        };
        Some(match misfits {
            Rule::Misfits(misfits) => ColumnPlan { codec, misfits, longest, holds_null },
            Rule::KeepAsText => {
                let codec = Codec::Text(column.affinity);
                ColumnPlan { codec, misfits: Misfits::Stop, longest, holds_null }
            }
        })
    }

    /// How long the longest value is; short when nothing is said.
    fn longest(&mut self, place: &str, said: Option<&Value>) -> Option<usize> {
        match said {
            None => Some(0),
            Some(Value::Integer(bytes)) if *bytes >= 0 => {
                Some(ColumnPlan::worth_noting(usize::try_from(*bytes).ok()?))
            }
            Some(_) => self.wrong(format!("{place}: longest has to be a number of bytes")),
        }
    }

    /// Whether NULL may be there in spite of what was declared; what takes NULL anyway need not say so.
    fn nullable(&mut self, place: &str, column: &Column, said: Option<&Value>) -> Option<bool> {
        match said {
            None => Some(false),
            Some(Value::Boolean(nullable)) => Some(*nullable && column.is_not_null),
            Some(_) => self.wrong(format!("{place}: nullable has to be true or false")),
        }
    }

    fn misfits(&mut self, place: &str, said: &Entries) -> Option<Rule> {
        let Some(word) = self.word(place, said, "misfits").ok()? else {
            return Some(Rule::Misfits(Misfits::Stop));
        };
        if word == KEEP_AS_TEXT {
            return Some(Rule::KeepAsText);
        }
        let known = Misfits::WORDS.into_iter().find(|(_, known)| *known == word);
        known.map(|(misfits, _)| Rule::Misfits(misfits)).or_else(|| {
            let words: Vec<&str> =
                Misfits::WORDS.iter().map(|(_, word)| *word).chain([KEEP_AS_TEXT]).collect();
            let list = words.join(", ");
            self.wrong(format!(
                "{place}: misfits = {word:?} is no rule; there are {list}{}",
                hint(word, &words)
            ))
        })
    }

    /// What an entry says in quotes; none within when it says nothing.
    fn word<'v>(&mut self, place: &str, said: &'v Entries, key: &str) -> Result<Option<&'v str>, Noted> {
        match said.get(key) {
            None => Ok(None),
            Some(Value::String(word)) => Ok(Some(word)),
            Some(_) => {
                self.mistakes.push(format!("{place}: {key} has to be a word in quotes"));
                Err(Noted)
            }
        }
    }

    fn expect_keys(&mut self, place: &str, said: &Entries, known: &[&str]) {
        for key in said.keys().filter(|key| !known.contains(&key.as_str())) {
            self.mistakes.push(format!("{place}: there is nothing called {key:?} here{}", hint(key, known)));
        }
    }

    fn expect_no_null_in(&mut self, table: &Table, key: &Key, columns: &[Option<ColumnPlan>]) {
        for (place, column) in columns.iter().enumerate() {
            let becomes_null = |column: &ColumnPlan| column.misfits == Misfits::Null;
            if column.filter(becomes_null).is_some_and(|column| key.forbids_null(table, place, column)) {
                let (name, table) = (&table.columns[place].name, &table.name);
                self.mistakes.push(format!(
                    "{table:?}.{name:?} takes no NULL, so misfits = \"null\" cannot be; \"cast\" and \"reject\" are possible"
                ));
            }
        }
    }

    fn wrong<T>(&mut self, mistake: String) -> Option<T> {
        self.mistakes.push(mistake);
        None
    }
}

/// A mistake, which is among the others by now.
struct Noted;

/// What somebody says of cells that do not fit.
enum Rule {
    Misfits(Misfits),
    /// A column has one type: all of its cells become texts.
    KeepAsText,
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|column| column.name.as_str()).collect()
}

fn hint(name: &str, known: &[&str]) -> String {
    let nearest = nearest(name, known.iter().copied());
    nearest.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default()
}
