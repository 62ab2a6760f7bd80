//! The primary key, and the indexes.
//!
//! An index runs in PostgreSQL's own order, in which NULL is the greatest, and not in SQLite's, in which it is the least: the
//! statements of an application say `ORDER BY` without a word of NULL, and only an index of the default order serves them.

use super::Writer;
use crate::codec::Codec;
use crate::expression::{Collation, Columns, Kind, Untranslated};
use crate::sqlite::quoted;
use crate::{Index, IndexOrigin, IndexPart, Subject};

/// How many columns an index of PostgreSQL has at the most.
pub(super) const MOST_PARTS: usize = 32;
/// The bytes that an entry of an index may have, with something to spare (`BTMaxItemSize` is 2,704). What is put in
/// later and is longer, PostgreSQL refuses.
const LONGEST_ENTRY: usize = 2600;

const TOO_MANY: &str = "an index of PostgreSQL has 32 columns at the most";
const FOREIGN: &str = "this collation is of the program that made the file";

/// A part of an index in PostgreSQL.
struct Part {
    sql: String,
    order: &'static str,
    /// The bytes of its longest value.
    longest: usize,
    bytes: Bytes,
}

/// How a value becomes bytes that can be hashed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bytes {
    OfText,
    Itself,
    /// It is short.
    None,
}

impl Writer<'_> {
    /// The indexes of a table, and the statement that makes the first of them its primary key.
    pub(super) fn indexes(&mut self, place: usize) -> (Vec<String>, Option<String>) {
        let table = &self.schema.tables[place];
        let (mut indexes, mut primary_key) = (Vec::new(), None);
        let key = self.key(place);
        if self.makes_primary_key(place, &key) {
            let name = self.primary_key_name(place, &key);
            let (on, columns) = (self.qualified(place), self.names(place, &key));
            indexes.push(format!("CREATE UNIQUE INDEX {name} ON {on} ({columns})"));
            primary_key =
                Some(format!("ALTER TABLE {on} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}"));
        }
        if !table.primary_key.is_empty() && (table.primary_key != key || primary_key.is_none()) {
            indexes.extend(self.index(place, &by_bytes(&table.primary_key)));
        }
        for index in &table.indexes {
            indexes.extend(self.index(place, index));
        }
        (indexes, primary_key)
    }

    /// Not with columns that need an expression, and not with too many.
    fn makes_primary_key(&self, place: usize, key: &[usize]) -> bool {
        let weight: usize = key.iter().map(|at| self.weight(place, *at)).sum();
        let is_compared =
            |at: &usize| self.columns[place].get(*at).is_none_or(|known| known.codec != Codec::Json);
        (1..=MOST_PARTS).contains(&key.len()) && weight <= LONGEST_ENTRY && key.iter().all(is_compared)
    }

    fn primary_key_name(&mut self, place: usize, key: &[usize]) -> String {
        let table = &self.schema.tables[place];
        let said = table.primary_key_name.clone().filter(|_| table.primary_key == key);
        let wanted = said.unwrap_or_else(|| format!("{}_pkey", self.tables[place]));
        let given = self.constraints[place].give(&wanted);
        quoted(&self.relations.give(&given))
    }

    /// The bytes of the longest value of a column.
    pub(super) fn weight(&self, place: usize, at: usize) -> usize {
        // Of numbers, those of `numeric` may be longer, yet not long.
        self.plan.tables[place].columns.get(at).map_or(0, |column| column.longest).max(8)
    }

    /// Whether columns fit into an index as they are.
    pub(super) fn fits(&self, place: usize, columns: &[usize]) -> bool {
        self.makes_primary_key(place, columns)
    }

    pub(super) fn index(&mut self, place: usize, index: &Index) -> Option<String> {
        match self.statement(place, index) {
            Ok(statement) => {
                let wanted = match index.origin {
                    IndexOrigin::Index => index.name.clone(),
                    IndexOrigin::UniqueConstraint => self.made_up(place, index),
                };
                let name = quoted(&self.relations.give(&wanted));
                let unique = if index.is_unique { "UNIQUE " } else { "" };
                Some(format!("CREATE {unique}INDEX {name} ON {} {statement}", self.qualified(place)))
            }
            Err(why) => {
                let name = &self.schema.tables[place].name;
                let what = match index.origin {
                    IndexOrigin::Index => format!("the index {} of {name}", index.name),
                    IndexOrigin::UniqueConstraint => format!("a unique index of {name}"),
                };
                self.refuse(what, &why);
                None
            }
        }
    }

    /// What follows the name of the table.
    fn statement(&self, place: usize, index: &Index) -> Result<String, Untranslated> {
        if index.parts.len() > MOST_PARTS {
            return Err(Untranslated { part: index.parts.len().to_string(), because: TOO_MANY });
        }
        let parts = index.parts.iter().map(|part| self.part(place, part)).collect::<Result<Vec<_>, _>>()?;
        let columns = Columns::of(&self.columns[place]);
        let predicate = index.predicate.as_ref().map(|predicate| columns.condition(predicate)).transpose()?;
        let filter = predicate.map(|sql| format!(" WHERE {sql}")).unwrap_or_default();
        Ok(format!("{}{filter}", listed(&parts, index.is_unique)))
    }

    fn part(&self, place: usize, part: &IndexPart) -> Result<Part, Untranslated> {
        let order = if part.is_descending { " DESC" } else { "" };
        let (plain, bytes, longest) = match &part.subject {
            Subject::Column(at) => {
                let bytes = Bytes::of(self.columns[place][*at].codec);
                (self.in_index(place, *at, part), bytes, self.weight(place, *at))
            }
            Subject::Expression(sql) => {
                let term = Columns::of(&self.columns[place]).value(sql)?;
                let bytes = term.codec().map_or(Bytes::None, Bytes::of);
                let longest = self.mentioned(place, &term.sql);
                // A constant is no part of an index; one that stands for itself is a mistake of quotes.
                if matches!(term.kind, Kind::Constant(_) | Kind::Null) {
                    let because = "it is the same in every row";
                    return Err(Untranslated { part: sql.clone(), because });
                }
                (format!("({})", term.sql), bytes, longest)
            }
        };
        let collation = match bytes {
            Bytes::OfText if !self.compares_itself(place, part) => Collation::of(&part.collation),
            _ => Collation::Binary,
        };
        let sql = collation.folded(&plain);
        let sql = sql.ok_or_else(|| Untranslated { part: part.collation.clone(), because: FOREIGN })?;
        Ok(Part { sql, order, longest, bytes })
    }

    /// A column as an index has it.
    fn in_index(&self, place: usize, at: usize, part: &IndexPart) -> String {
        match self.columns[place][at].codec {
            Codec::Json => format!("({}::text COLLATE \"C\")", self.name(place, at)),
            _ if self.compares_itself(place, part) => self.name(place, at),
            _ if self.columns[place][at].is_citext(self.plan) => format!("({})", self.columns[place][at].sql),
            _ => self.name(place, at),
        }
    }

    /// Whether the type of a column folds as this part of an index wants it.
    fn compares_itself(&self, place: usize, part: &IndexPart) -> bool {
        let Subject::Column(at) = part.subject else { return false };
        self.columns[place][at].is_citext(self.plan) && Collation::of(&part.collation) == Collation::NoCase
    }

    /// The bytes of all columns that an expression speaks of: it may put them together.
    fn mentioned(&self, place: usize, sql: &str) -> usize {
        let columns = self.columns[place].iter().enumerate();
        columns.filter(|(_, known)| sql.contains(&known.sql)).map(|(at, _)| self.weight(place, at)).sum()
    }

    /// As PostgreSQL itself would call it.
    fn made_up(&self, place: usize, index: &Index) -> String {
        let columns = index.parts.iter().filter_map(|part| match part.subject {
            Subject::Column(column) => Some(self.columns[place][column].given.as_str()),
            Subject::Expression(_) => None,
        });
        let words: Vec<_> =
            std::iter::once(self.tables[place].as_str()).chain(columns).chain(["key"]).collect();
        words.join("_")
    }
}

/// A unique index over columns, as of a UNIQUE constraint.
pub(super) fn by_bytes(columns: &[usize]) -> Index {
    let parts = columns.iter().map(|at| IndexPart {
        subject: Subject::Column(*at),
        collation: "BINARY".to_owned(),
        is_descending: false,
    });
    Index {
        name: String::new(),
        origin: IndexOrigin::UniqueConstraint,
        is_unique: true,
        parts: parts.collect(),
        predicate: None,
    }
}

/// The parts in parentheses, such that every entry fits.
fn listed(parts: &[Part], is_unique: bool) -> String {
    let longest: usize = parts.iter().map(|part| part.longest).sum();
    let fits = longest <= LONGEST_ENTRY;
    let share = LONGEST_ENTRY / parts.len().max(1);
    let is_short = |part: &Part| part.bytes == Bytes::None || part.longest <= share;
    if !fits && !is_unique {
        // What is long is found by the rest of the index, or by its hash, which finds what is equal.
        let (short, long): (Vec<_>, Vec<_>) = parts.iter().partition(|part| is_short(part));
        return match long.first() {
            Some(only) if short.is_empty() => format!("USING hash ({})", only.sql),
            _ => in_parentheses(short.iter().map(|part| part.plain())),
        };
    }
    in_parentheses(parts.iter().map(|part| if fits || is_short(part) { part.plain() } else { part.hashed() }))
}

fn in_parentheses(parts: impl Iterator<Item = String>) -> String {
    format!("({})", parts.collect::<Vec<_>>().join(", "))
}

impl Part {
    fn plain(&self) -> String {
        format!("{}{}", self.sql, self.order)
    }

    /// A hash, in which no two values are the same. `convert_to` would depend on settings in PostgreSQL's eyes; what this
    /// does with the bytes of a text never changes.
    fn hashed(&self) -> String {
        let sql = &self.sql;
        match self.bytes {
            Bytes::OfText => format!("sha256(decode(replace({sql}, E'\\\\', E'\\\\\\\\'), 'escape'))"),
            Bytes::Itself => format!("sha256({sql})"),
            Bytes::None => self.plain(),
        }
    }
}

impl Bytes {
    fn of(codec: Codec) -> Self {
        match codec {
            Codec::Text(_) | Codec::Json => Self::OfText,
            Codec::Bytes(_) => Self::Itself,
            _ => Self::None,
        }
    }
}
