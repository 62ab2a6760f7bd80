//! Columns that are compared with each other get one type, so that foreign keys can be made. Pure.

use crate::codec::{BytesOf, Codec, MomentForm};
use crate::{Affinity, Choice, ColumnProfile, ForeignKey, KeyKind, Reason, Schema, Subject};

/// A column: its table, and its place in it.
type Place = (usize, usize);

impl Choice {
    /// For all columns of a database.
    pub(crate) fn of_all(schema: &Schema, profiles: &[Vec<ColumnProfile>]) -> Vec<Vec<Self>> {
        let tables = schema.tables.iter().zip(profiles);
        let mut choices: Vec<Vec<Self>> = tables
            .map(|(table, profiles)| {
                let columns = table.columns.iter().zip(profiles);
                columns.map(|(column, profile)| Self::of(column, table.is_strict, profile)).collect()
            })
            .collect();
        comparable(schema, &mut choices);
        unified(schema, profiles, &mut choices);
        choices
    }
}

/// Documents in keys and indexes become texts: PostgreSQL does not compare documents.
fn comparable(schema: &Schema, choices: &mut [Vec<Choice>]) {
    for (table, choices) in schema.tables.iter().zip(choices) {
        let of_indexes = table.indexes.iter().flat_map(|index| &index.parts);
        let of_indexes = of_indexes.filter_map(|part| match part.subject {
            Subject::Column(place) => Some(place),
            Subject::Expression(_) => None,
        });
        for place in table.primary_key.iter().copied().chain(of_indexes) {
            if choices[place].codec == Codec::Json {
                choices[place].codec = Codec::Text(table.columns[place].affinity);
                choices[place].reason = Reason::Indexed;
            }
        }
    }
}

/// Gives columns that foreign keys link one type in which the cells of all come back. What no such type holds stays apart.
fn unified(schema: &Schema, profiles: &[Vec<ColumnProfile>], choices: &mut [Vec<Choice>]) {
    for group in groups(schema) {
        let members: Vec<_> = group.iter().map(|(table, column)| choices[*table][*column]).collect();
        let Some(wide) = of_group(schema, &group, &members) else { continue };
        for ((table, column), choice) in group.into_iter().zip(members) {
            let affinity = schema.tables[table].columns[column].affinity;
            let codec = wide.codec(affinity);
            if choice.codec != codec && (choice.reason == Reason::Empty || wide.holds(choice.codec)) {
                choices[table][column] = linked(codec, affinity, &profiles[table][column]);
            }
        }
    }
}

/// The type for columns that are linked: what holds nothing has no say in it.
fn of_group(schema: &Schema, group: &[Place], members: &[Choice]) -> Option<Wide> {
    // A rowid that is no integer would not be counted on.
    if group.iter().any(|place| is_counted(schema, *place)) {
        return Some(Wide::One(Codec::Integer));
    }
    let codecs = |is_deciding: &dyn Fn(&&Choice) -> bool| -> Vec<Codec> {
        members.iter().filter(is_deciding).map(|choice| choice.codec).collect()
    };
    Wide::of(&codecs(&|choice| choice.reason != Reason::Empty)).or_else(|| Wide::of(&codecs(&|_| true)))
}

/// The choice of a column that others have decided.
fn linked(codec: Codec, affinity: Affinity, profile: &ColumnProfile) -> Choice {
    let numbers = profile.integers.count + profile.reals.count;
    let are_numbers_again = matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::Real);
    let remembered = match codec {
        Codec::Numeric => profile.reals.whole,
        Codec::Text(_) if !are_numbers_again => numbers,
        _ => 0,
    };
    Choice { codec, reason: Reason::Linked, remembered }
}

fn is_counted(schema: &Schema, (table, column): Place) -> bool {
    let table = &schema.tables[table];
    matches!(table.key, KeyKind::RowidColumn { .. }) && table.primary_key == [column]
}

/// What holds the cells of several columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wide {
    One(Codec),
    /// Each with its own affinity, which makes numbers of texts again.
    Text,
}

impl Wide {
    /// Of all that are not bytes, unless all are.
    fn of(codecs: &[Codec]) -> Option<Self> {
        let is_bytes = |codec: &Codec| matches!(codec, Codec::Bytes(BytesOf::Blob | BytesOf::Text));
        let others: Vec<_> = codecs.iter().copied().filter(|codec| !is_bytes(codec)).collect();
        let Some(first) = others.first() else { return codecs.first().map(|codec| Self::One(*codec)) };
        let one = [Self::One(*first), Self::One(Codec::Integer), Self::One(Codec::Numeric)];
        let mut narrow = one.into_iter().filter(|_| !matches!(first, Codec::Text(_)));
        Some(narrow.find(|wide| others.iter().all(|codec| wide.holds(*codec))).unwrap_or(Self::Text))
    }

    /// Whether what stands in one column also stands in the other, and is equal to what was equal.
    fn holds(self, codec: Codec) -> bool {
        let is_integer = matches!(
            codec,
            Codec::Boolean | Codec::Integer | Codec::Moment(MomentForm::Seconds | MomentForm::Milliseconds)
        );
        match self {
            Self::One(Codec::Integer) => is_integer,
            Self::One(Codec::Numeric) => is_integer || matches!(codec, Codec::Real | Codec::Numeric),
            Self::One(one) => one == codec,
            Self::Text => !matches!(codec, Codec::Bytes(_)),
        }
    }

    fn codec(self, affinity: Affinity) -> Codec {
        match self {
            Self::One(codec) => codec,
            Self::Text => Codec::Text(affinity),
        }
    }
}

/// The columns that foreign keys link, directly or by others.
fn groups(schema: &Schema) -> Vec<Vec<Place>> {
    let mut groups: Vec<Vec<Place>> = Vec::new();
    for (child, table) in schema.tables.iter().enumerate() {
        for pair in table.foreign_keys.iter().flat_map(|key| pairs(schema, child, key)) {
            let (mut touched, others): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|group| pair.iter().any(|place| group.contains(place)));
            groups = others;
            touched.push(pair.to_vec());
            let mut group = touched.concat();
            group.sort_unstable();
            group.dedup();
            groups.push(group);
        }
    }
    groups
}

/// What a foreign key compares.
fn pairs(schema: &Schema, child: usize, key: &ForeignKey) -> Vec<[Place; 2]> {
    let named = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let Some(parent) = schema.tables.iter().position(|table| named(&table.name, &key.parent)) else {
        return Vec::new();
    };
    let place = |table: usize, name: &str| {
        let columns = &schema.tables[table].columns;
        columns.iter().position(|column| named(&column.name, name)).map(|column| (table, column))
    };
    let columns = key.columns.iter().zip(&key.parent_columns);
    columns.filter_map(|(here, there)| Some([place(child, here)?, place(parent, there)?])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::{Spelling, Zone};

    #[test]
    fn what_is_linked_gets_the_narrowest_type_that_holds_all() {
        let text = Codec::Text(Affinity::Text);
        let dated = Codec::Moment(MomentForm::Text(Spelling::Date));
        let timed = Spelling::Timestamp { has_t: false, fraction: None, zone: Zone::Unsaid };
        let millis = Codec::Moment(MomentForm::Milliseconds);
        for (codecs, wide) in [
            (vec![Codec::Integer, Codec::Integer], Some(Wide::One(Codec::Integer))),
            (vec![Codec::Integer, Codec::Boolean, millis], Some(Wide::One(Codec::Integer))),
            (vec![Codec::Moment(MomentForm::Seconds), millis], Some(Wide::One(Codec::Integer))),
            (vec![Codec::Integer, Codec::Real], Some(Wide::One(Codec::Numeric))),
            (vec![Codec::Integer, text], Some(Wide::Text)),
            (vec![text, Codec::Text(Affinity::Blob)], Some(Wide::Text)),
            (vec![Codec::Uuid, text], Some(Wide::Text)),
            (vec![dated, Codec::Moment(MomentForm::Text(timed))], Some(Wide::Text)),
            (vec![Codec::Bytes(BytesOf::Blob), text], Some(Wide::Text)),
            (vec![Codec::Bytes(BytesOf::Blob); 2], Some(Wide::One(Codec::Bytes(BytesOf::Blob)))),
            (vec![], None),
        ] {
            assert_eq!(Wide::of(&codecs), wide, "{codecs:?}");
        }
    }
}
