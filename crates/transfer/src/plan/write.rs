//! A plan as a file that a person edits. Pure.

use std::fmt::Write as _;

use toml_writer::{ToTomlKey as _, ToTomlValue as _, TomlKeyBuilder, TomlStringBuilder};

use super::fit::{Fit, Known};
use super::words::{because, cells, counted, declared, remembered, rule};
use super::{ColumnPlan, Key, Misfits, Plan, TablePlan};
use crate::{Choice, Codec, Column, ColumnProfile, Reason, Schema, Table};

/// The version that is written, and the newest that is read.
pub(super) const VERSION: i64 = 1;

const HEAD: &str = "\
# What becomes of each table and column in PostgreSQL. Edit it, and hand it to `run` and to `verify`.
#   key        by what rows are told apart on both sides: columns, or \"rowid\"
#   no_case    what becomes of COLLATE NOCASE: \"expression index\", or \"citext\", a type of its own
#   type       bigint, boolean, bytea, date, double precision, json, numeric, text, time, timestamp, timestamptz or uuid
#   stored_as  how cells say a moment: \"seconds\" or \"milliseconds\" since 1970, or an example of their spelling;
#              of a bytea, what comes back: \"blob\" or \"text\"
#   longest    of a long value, how many bytes: an index has to be made another way above some 2,600
#   nullable   true where NULL may stand in a column that is declared NOT NULL
#   misfits    what becomes of cells that do not fit: \"stop\" (the move; so it is when nothing is said), \"cast\", \"null\",
#              \"reject\" (their rows stay behind), or \"keep as text\" (the whole column becomes text)
";

/// Behind which place comments are no longer lined up.
const WIDEST: usize = 70;

impl Plan {
    /// The plan as a file that explains itself, with what the cells are where that is known, and with another line, ready
    /// to use, for each column whose declared type does not hold all of its cells. [`Plan::from_toml`] reads it.
    pub fn to_toml(&self, schema: &Schema, profiles: Option<&[Vec<ColumnProfile>]>) -> String {
        let (target, no_case) = (string(&self.target), string(self.no_case.word()));
        let mut text = format!("{HEAD}version = {VERSION}\ntarget = {target}\nno_case = {no_case}\n");
        let choices = profiles.map(|profiles| Choice::of_all(schema, profiles));
        for (place, (table, plan)) in schema.tables.iter().zip(&self.tables).enumerate() {
            let found = profiles.zip(choices.as_ref());
            let found = found
                .map(|(profiles, choices)| Found { profiles: &profiles[place], choices: &choices[place] });
            write_table(table, plan, found, &mut text);
        }
        text
    }
}

/// What was found in a table, and what each of its columns would get.
#[derive(Clone, Copy)]
struct Found<'p> {
    profiles: &'p [ColumnProfile],
    choices: &'p [Choice],
}

impl<'p> Found<'p> {
    fn column(self, table: &'p Table, place: usize) -> Known<'p> {
        Known::of(table, place, self.choices[place], &self.profiles[place])
    }
}

fn write_table(table: &Table, plan: &TablePlan, found: Option<Found<'_>>, to: &mut String) {
    let name = key(&table.name);
    let rows = found.and_then(|found| found.profiles.first()).map(|profile| counted(profile.cells(), "row"));
    let rows = rows.map(|rows| format!("  # {rows}")).unwrap_or_default();
    let lines = plan.columns.iter().enumerate().flat_map(|(place, column)| {
        let forbids_null = plan.key.forbids_null(table, place, *column);
        match found.map(|found| found.column(table, place)) {
            Some(known) => lines(&known, column, forbids_null),
            None => vec![unexplained(&table.columns[place], column)],
        }
    });
    let lines: Vec<Line> = lines.collect();
    let width = lines.iter().map(|line| line.entry.chars().count()).filter(|width| *width <= WIDEST).max();
    let written = write!(
        to,
        "\n[tables.{name}]{rows}\nkey = {}\n[tables.{name}.columns]\n",
        written_key(table, &plan.key)
    );
    written.expect("strings take everything");
    for Line { entry, comment } in lines {
        let gap = width.unwrap_or_default().saturating_sub(entry.chars().count());
        writeln!(to, "{entry}{}  # {comment}", " ".repeat(gap)).expect("strings take everything");
    }
}

/// An entry, and what there is to say about it.
struct Line {
    entry: String,
    comment: String,
}

/// The entry of a column that nobody has looked at.
fn unexplained(column: &Column, plan: &ColumnPlan) -> Line {
    Line { entry: entry(&column.name, *plan), comment: declared(&column.declared) }
}

/// What is written of a column: its entry, and the alternative.
fn lines(known: &Known<'_>, plan: &ColumnPlan, forbids_null: bool) -> Vec<Line> {
    let entry = entry(&known.column.name, *plan);
    let held = format!("{}: {}", declared(&known.column.declared), cells(plan.codec, known));
    let mut lines = vec![Line { entry, comment: held }];
    let mut say = |comment| lines.push(Line { entry: String::new(), comment });
    let is_another = known.declared().filter(|declared| *declared != plan.codec);
    if is_another.is_some() && known.choice.reason != Reason::Empty {
        say(because(plan.codec, known));
    }
    let fit = Fit::of(plan.codec, known.profile);
    remembered(fit.remembered).into_iter().chain(rule(plan.misfits, fit.misfits)).for_each(say);
    // Whatever is compared with it would not be any more.
    let is_free = !matches!(known.choice.reason, Reason::Linked | Reason::Indexed);
    let declared = is_another.filter(|_| is_free);
    lines.extend(declared.map(|declared| alternative(known, declared, forbids_null)));
    lines
}

/// The declared type instead, for whoever wants that more than every cell.
fn alternative(known: &Known<'_>, declared: Codec, forbids_null: bool) -> Line {
    let fit = Fit::of(declared, known.profile);
    let cells = fit.misfits.said();
    let (misfits, comment) = match fit.misfits.most() {
        0 => (Misfits::Stop, remembered(fit.remembered).unwrap_or("every cell fits".to_owned())),
        _ if forbids_null => (Misfits::Cast, format!("{cells} would be cast; \"reject\" is possible, too")),
        _ if known.is_cast_by(declared) => {
            (Misfits::Cast, format!("{cells} would be cast; \"null\" and \"reject\" are possible, too"))
        }
        _ => (Misfits::Null, format!("{cells} would become NULL; \"cast\" and \"reject\" are possible, too")),
    };
    let longest = ColumnPlan::worth_noting(known.profile.texts.longest.max(known.profile.blobs.longest));
    let holds_null = known.column.is_not_null && known.profile.nulls > 0;
    let plan = ColumnPlan { codec: declared, misfits, longest, holds_null };
    Line { entry: format!("# {}", entry(&known.column.name, plan)), comment }
}

fn entry(name: &str, ColumnPlan { codec, misfits, longest, holds_null }: ColumnPlan) -> String {
    let stored_as = codec.stored_as().map(|stored_as| format!(", stored_as = {}", string(&stored_as)));
    let misfits = Some(misfits).filter(|misfits| *misfits != Misfits::Stop);
    let misfits = misfits.map(|misfits| format!(", misfits = {}", string(misfits.word())));
    let longest = if longest == 0 { String::new() } else { format!(", longest = {longest}") };
    let nullable = if holds_null { ", nullable = true" } else { "" };
    format!(
        "{} = {{ type = {}{}{}{longest}{nullable} }}",
        key(name),
        string(codec.type_name()),
        stored_as.unwrap_or_default(),
        misfits.unwrap_or_default()
    )
}

fn written_key(table: &Table, key: &Key) -> String {
    match key {
        Key::Rowid => string("rowid"),
        Key::Columns(columns) => {
            let names: Vec<_> = columns.iter().map(|column| string(&table.columns[*column].name)).collect();
            format!("[{}]", names.join(", "))
        }
    }
}

fn key(name: &str) -> String {
    let key = TomlKeyBuilder::new(name);
    key.as_unquoted().unwrap_or_else(|| key.as_basic()).to_toml_key()
}

fn string(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}
