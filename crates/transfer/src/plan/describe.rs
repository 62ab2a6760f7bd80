//! A plan as a person reads it. Pure: plain text, not wider than a hundred characters.

use std::fmt::Write as _;

use super::fit::{Fit, Known};
use super::words::{because, cells, counted, declared, number, remembered, rule, shown_name, size};
use super::{ColumnPlan, Key, Misfits, Plan, TablePlan};
use crate::profile::excerpt;
use crate::{Choice, ColumnProfile, Reason, Schema, Table};

const WIDTH: usize = 100;
/// How wide names and types are shown at the most.
const WIDEST_NAME: usize = 20;
const WIDEST_TYPE: usize = 12;

impl Plan {
    /// The plan in words: what every column holds, what it becomes, and why; at the end what it comes to.
    pub fn describe(&self, schema: &Schema, profiles: &[Vec<ColumnProfile>]) -> String {
        let mut said = String::new();
        let mut sum = Sum::default();
        let choices = Choice::of_all(schema, profiles);
        let tables = schema.tables.iter().zip(&self.tables).zip(profiles).zip(&choices);
        for (((table, plan), profiles), choices) in tables {
            sum.rows += rows(profiles);
            sum.bytes += profiles.iter().map(ColumnProfile::bytes).sum::<u64>();
            said.push_str(&described(table, plan, known(table, profiles, choices), &mut sum));
        }
        let head = format!(
            "{} into the schema \"{}\" of PostgreSQL: {}, {} of cells\n",
            counted(number(self.tables.len()), "table"),
            excerpt(&self.target),
            counted(sum.rows, "row"),
            size(sum.bytes),
        );
        format!("{head}{said}\n{}", sum.said())
    }
}

/// What a plan comes to.
#[derive(Default)]
struct Sum {
    rows: u64,
    bytes: u64,
    /// Columns that get what they were declared with.
    as_declared: u64,
    /// Columns that do not.
    others: u64,
    remembered: u64,
    /// Cells that a rule is for.
    ruled: u64,
    /// Columns with cells that no rule is for.
    undecided: Vec<String>,
}

impl Sum {
    fn add(&mut self, place: String, plan: ColumnPlan, is_declared: bool, fit: Fit) {
        *if is_declared { &mut self.as_declared } else { &mut self.others } += 1;
        self.remembered += fit.remembered;
        match (fit.misfits.most(), plan.misfits) {
            (0, _) => {}
            (_, Misfits::Stop) => self.undecided.push(place),
            (cells, _) => self.ruled += cells,
        }
    }

    fn said(&self) -> String {
        let undecided =
            if self.undecided.is_empty() { "nothing".to_owned() } else { self.undecided.join(", ") };
        let mut lines = vec![
            ("as declared, or as it is", counted(self.as_declared, "column")),
            ("another type (!)", counted(self.others, "column")),
            ("remembered", counted(self.remembered, "cell")),
        ];
        lines.extend(
            (self.ruled > 0).then(|| ("changed or left behind by a rule", counted(self.ruled, "cell"))),
        );
        lines.push(("needs your decision", undecided));
        let width = lines.iter().map(|(what, _)| what.len()).max().unwrap_or_default();
        let mut said = String::new();
        for (what, much) in lines {
            let first = format!("{what:<width$}  ");
            push_wrapped(&first, width + 2, &much, &mut said);
        }
        said
    }
}

/// A column as it is shown.
struct Line {
    name: String,
    declared: String,
    becomes: String,
    mark: char,
    /// A paragraph each.
    said: Vec<String>,
}

fn known<'s>(table: &'s Table, profiles: &'s [ColumnProfile], choices: &[Choice]) -> Vec<Known<'s>> {
    let columns = choices.iter().zip(profiles).enumerate();
    columns.map(|(place, (choice, profile))| Known::of(table, place, *choice, profile)).collect()
}

fn described(table: &Table, plan: &TablePlan, columns: Vec<Known<'_>>, sum: &mut Sum) -> String {
    let rows = columns.first().map(|known| known.profile.cells()).unwrap_or_default();
    let line = |(known, plan): (Known<'_>, &ColumnPlan)| {
        let fit = Fit::of(plan.codec, known.profile);
        let is_declared = known.declared().is_none_or(|declared| declared == plan.codec);
        let place = format!("{}.{}", shown_name(&table.name), shown_name(&known.column.name));
        sum.add(place, *plan, is_declared, fit);
        line(&known, *plan, is_declared, fit)
    };
    let lines: Vec<Line> = columns.into_iter().zip(&plan.columns).map(line).collect();
    let mut said = "\n".to_owned();
    let head =
        format!("{}: {}, key {}", shown_name(&table.name), counted(rows, "row"), key(table, &plan.key));
    push_wrapped("", 0, &head, &mut said);
    let width =
        |of: fn(&Line) -> &str| lines.iter().map(|line| of(line).chars().count()).max().unwrap_or_default();
    let widths = [width(|line| &line.name), width(|line| &line.declared), width(|line| &line.becomes)];
    for line in &lines {
        line.push(widths, &mut said);
    }
    said
}

fn line(known: &Known<'_>, plan: ColumnPlan, is_declared: bool, fit: Fit) -> Line {
    let is_odd = !is_declared && known.choice.reason != Reason::Empty;
    let because = is_odd.then(|| because(plan.codec, known));
    let said = [
        Some(cells(plan.codec, known)),
        because,
        remembered(fit.remembered),
        rule(plan.misfits, fit.misfits),
    ];
    Line {
        name: shortened(&shown_name(&known.column.name), WIDEST_NAME),
        declared: shortened(&declared(&known.column.declared), WIDEST_TYPE),
        becomes: plan.codec.type_name().to_owned(),
        mark: if is_declared { ' ' } else { '!' },
        said: said.into_iter().flatten().collect(),
    }
}

impl Line {
    fn push(&self, [name, declared, becomes]: [usize; 3], to: &mut String) {
        let Self { name: n, declared: d, becomes: b, mark, said } = self;
        let first = format!("{mark} {n:<name$}  {d:<declared$} → {b:<becomes$}  ");
        let indent = first.chars().count();
        for (place, said) in said.iter().enumerate() {
            let blank = " ".repeat(indent);
            push_wrapped(if place == 0 { &first } else { &blank }, indent, said, to);
        }
    }
}

/// Appends words behind a beginning, in lines that are indented as far.
fn push_wrapped(first: &str, indent: usize, words: &str, to: &mut String) {
    let mut line = first.to_owned();
    let mut width = indent;
    for word in words.split(' ') {
        let length = word.chars().count();
        if width > indent && width + 1 + length > WIDTH {
            writeln!(to, "{}", line.trim_end()).expect("strings take everything");
            line = " ".repeat(indent);
            width = indent;
        }
        if width > indent {
            line.push(' ');
            width += 1;
        }
        line.push_str(word);
        width += length;
    }
    writeln!(to, "{}", line.trim_end()).expect("strings take everything");
}

fn rows(profiles: &[ColumnProfile]) -> u64 {
    profiles.first().map(ColumnProfile::cells).unwrap_or_default()
}

fn key(table: &Table, key: &Key) -> String {
    match key {
        Key::Rowid => "rowid".to_owned(),
        Key::Columns(columns) => {
            let names: Vec<_> =
                columns.iter().map(|column| shown_name(&table.columns[*column].name)).collect();
            names.join(", ")
        }
    }
}

fn shortened(text: &str, widest: usize) -> String {
    if text.chars().count() <= widest {
        return text.to_owned();
    }
    text.chars().take(widest - 1).chain(['…']).collect()
}
