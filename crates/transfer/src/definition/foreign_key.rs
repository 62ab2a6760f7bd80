//! Foreign keys.

use super::index::by_bytes;
use super::{ForeignKeyDefinition, Writer};
use crate::expression::Collation;
use crate::sqlite::quoted;
use crate::{Action, Deferral, ForeignKey, Index, IndexPart, Subject, Table};

const TOO_LONG: &str = "what it points to is too long for an index of PostgreSQL, or has too many columns: only a hash of it is unique";

impl Writer<'_> {
    pub(super) fn foreign_keys(&mut self, place: usize) {
        let table = &self.schema.tables[place];
        for key in &table.foreign_keys {
            let what = format!("the foreign key of {} ({})", table.name, key.columns.join(", "));
            match self.foreign_key(place, key) {
                Ok(made) => self.definition.foreign_keys.push(made),
                Err(because) => self.leave(what, because),
            }
        }
    }

    fn foreign_key(&mut self, place: usize, key: &ForeignKey) -> Result<ForeignKeyDefinition, &'static str> {
        let is_parent = |table: &Table| table.name.eq_ignore_ascii_case(&key.parent);
        let parent = self.schema.tables.iter().position(is_parent);
        let parent = parent.ok_or("the table that it points to does not exist")?;
        let here = self.places(place, &key.columns).ok_or("a column of it does not exist")?;
        let there =
            self.places(parent, &key.parent_columns).ok_or("a column that it points to does not exist")?;
        if here.len() != there.len() {
            return Err("what it points to is not unique");
        }
        let are_alike =
            |(child, up): (&usize, &usize)| self.type_of(place, *child) == self.type_of(parent, *up);
        if !here.iter().zip(&there).all(are_alike) {
            return Err("the columns are of different types");
        }
        if self.is_computed(place, &here) && writes(key) {
            return Err("PostgreSQL changes no column that is computed");
        }
        self.point_to(parent, &there)?;
        self.tell_case(place, key, parent, &there);
        Ok(self.made(key, [place, parent], &here, &there))
    }

    fn made(
        &mut self,
        key: &ForeignKey,
        [place, parent]: [usize; 2],
        here: &[usize],
        there: &[usize],
    ) -> ForeignKeyDefinition {
        let name = self.foreign_key_name(place, key);
        let table = self.qualified(place);
        let add = format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {} ({}){}{}{} NOT VALID",
            self.names(place, here),
            self.qualified(parent),
            self.names(parent, there),
            action(" ON UPDATE", key.on_update),
            action(" ON DELETE", key.on_delete),
            match key.deferral {
                Deferral::Immediate => "",
                Deferral::Deferrable => " DEFERRABLE",
                Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
            },
        );
        let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}");
        ForeignKeyDefinition { tables: [place, parent], add, validate, drop }
    }

    /// The one it has, or as PostgreSQL itself would call it.
    fn foreign_key_name(&mut self, place: usize, key: &ForeignKey) -> String {
        let made_up = || format!("{}_{}_fkey", self.tables[place], key.columns.join("_"));
        let wanted = key.name.clone().unwrap_or_else(made_up);
        quoted(&self.constraints[place].give(&wanted))
    }

    fn places(&self, table: usize, names: &[String]) -> Option<Vec<usize>> {
        let columns = &self.columns[table];
        let place = |name: &String| columns.iter().position(|known| known.name.eq_ignore_ascii_case(name));
        names.iter().map(place).collect::<Option<Vec<_>>>().filter(|places| !places.is_empty())
    }

    fn is_computed(&self, place: usize, columns: &[usize]) -> bool {
        columns.iter().any(|at| self.definition.tables[place].columns[*at].is_computed)
    }

    /// Sees to it that columns have a unique index of their own, which foreign keys of PostgreSQL need.
    fn point_to(&mut self, parent: usize, columns: &[usize]) -> Result<(), &'static str> {
        let table = &self.schema.tables[parent];
        let is_key = same(&table.primary_key, columns);
        let index = table.indexes.iter().find(|index| self.is_unique_by(parent, index, columns));
        if !is_key && index.is_none() {
            return Err("what it points to is not unique");
        }
        if !self.fits(parent, columns) {
            return Err(TOO_LONG);
        }
        // That of a column which folds is over what is folded, and says less than is asked for here.
        let is_plain = is_key || index.is_some_and(|index| self.is_plain(parent, index));
        let mut sorted = columns.to_vec();
        sorted.sort_unstable();
        if !is_plain && self.pointed_to.insert((parent, sorted)) {
            let made = self.index(parent, &by_bytes(columns));
            self.definition.tables[parent].indexes.extend(made);
        }
        Ok(())
    }

    /// Whether an index makes these columns unique, compared as they compare themselves.
    fn is_unique_by(&self, place: usize, index: &Index, columns: &[usize]) -> bool {
        let column = |part: &IndexPart| match part.subject {
            Subject::Column(at) if Collation::of(&part.collation) == self.columns[place][at].collation => {
                Some(at)
            }
            _ => None,
        };
        let parts: Option<Vec<_>> = index.parts.iter().map(column).collect();
        index.is_unique && index.predicate.is_none() && parts.is_some_and(|parts| same(&parts, columns))
    }

    fn is_plain(&self, place: usize, index: &Index) -> bool {
        index.parts.iter().all(|part| match part.subject {
            Subject::Column(at) => {
                let known = &self.columns[place][at];
                !known.folds() || known.is_citext(self.plan)
            }
            Subject::Expression(_) => false,
        })
    }

    /// A foreign key compares by bytes, where SQLite compares as the parent does.
    fn tell_case(&mut self, place: usize, key: &ForeignKey, parent: usize, columns: &[usize]) {
        let folds = |at: &usize| {
            let known = &self.columns[parent][*at];
            known.folds() && !known.is_citext(self.plan)
        };
        if columns.iter().any(folds) {
            let (table, columns) = (&self.schema.tables[place].name, key.columns.join(", "));
            self.leave(
                format!(
                    "that the foreign key of {table} ({columns}) finds its parent whatever its case or blanks"
                ),
                "a foreign key of PostgreSQL compares by bytes; one of columns that are citext does not",
            );
        }
    }
}

/// Whether it changes children.
fn writes(key: &ForeignKey) -> bool {
    !matches!(key.on_update, Action::NoAction | Action::Restrict)
        || matches!(key.on_delete, Action::SetNull | Action::SetDefault)
}

/// Whether these are the same columns, in whatever order.
fn same(one: &[usize], other: &[usize]) -> bool {
    let sorted = |columns: &[usize]| {
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        columns
    };
    sorted(one) == sorted(other)
}

fn action(when: &str, action: Action) -> String {
    let what = match action {
        Action::NoAction => return String::new(),
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    };
    format!("{when} {what}")
}
