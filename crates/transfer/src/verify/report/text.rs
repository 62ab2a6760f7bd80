//! A report for a terminal.

use std::fmt::{self, Display, Formatter};

use super::{CellLine, Difference, Outcome, Report, TableReport};

/// How many cells that came to something else by a rule are listed.
const LISTED: usize = 50;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\nand {}\n", self.source, self.target)?;
        let width =
            self.tables.iter().map(|table| table.name.chars().count()).max().unwrap_or_default().max(5);
        writeln!(f, "  {:width$}  {:>15}  {:>15}  checksum", "table", "in SQLite", "in PostgreSQL")?;
        self.tables.iter().try_for_each(|table| line(f, table, width))?;
        for table in self.tables.iter().filter(|table| !table.is_equal()) {
            writeln!(f, "\n{} differs:", table.name)?;
            table.differences.iter().try_for_each(|difference| writeln!(f, "  {difference}"))?;
            if table.has_more {
                writeln!(f, "  … and more")?;
            }
        }
        cells(f, &self.cells)?;
        if !self.left_behind.is_empty() {
            writeln!(f, "\nLeft behind in SQLite:")?;
            self.left_behind.iter().try_for_each(|left| writeln!(f, "  {}: {}", left.what, left.because))?;
        }
        write!(f, "\n{}", self.outcome())
    }
}

fn line(f: &mut Formatter<'_>, table: &TableReport, width: usize) -> fmt::Result {
    let mark = if table.is_equal() { ' ' } else { '!' };
    let [source, target] = table.rows.map(grouped);
    let checksum = if table.checksums[0] == table.checksums[1] { &table.checksums[0] } else { "differs" };
    writeln!(f, "{mark} {:width$}  {source:>15}  {target:>15}  {checksum}", table.name)
}

fn cells(f: &mut Formatter<'_>, cells: &[CellLine]) -> fmt::Result {
    if cells.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{} cells are not what they were, by a rule:", grouped(cells.len() as u64))?;
    cells.iter().take(LISTED).try_for_each(|cell| writeln!(f, "  {cell}"))?;
    if cells.len() > LISTED {
        writeln!(f, "  … all of them with --json or --html")?;
    }
    Ok(())
}

impl Display for CellLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { table, key, column, class, before, after, rule } = self;
        write!(f, "{rule}: {table} {key} {column}: {class} {before:?}")?;
        match (after, rule.as_str()) {
            (_, "reject") => write!(f, ", stays behind with its row"),
            (Some(after), _) => write!(f, " became {after:?}"),
            (None, _) => write!(f, " became NULL"),
        }
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // What people have written could forge lines of a report.
        match self {
            Self::OnlyInSource { key } => write!(f, "{}: is missing in PostgreSQL", key.escape_debug()),
            Self::OnlyInTarget { key } => write!(f, "{}: is in PostgreSQL only", key.escape_debug()),
            Self::Cell { key, column, source, target } => {
                let (key, column) = (key.escape_debug(), column.escape_debug());
                write!(f, "{key}: {column} is {source:?} in SQLite, and {target:?} in PostgreSQL")
            }
            Self::Unnoted { column, rule, cells, notes } => write!(
                f,
                "{column}: {} cells are not what they were (by the rule {rule}), and {} are noted",
                grouped(*cells),
                grouped(*notes)
            ),
        }
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "Equal: every cell is what it was.",
            Self::Explained => {
                "Equal but for the cells that are listed, each of which is explained by a rule."
            }
            Self::Different => "DIFFERENT: the two sides do not hold the same.",
        })
    }
}

/// A number as people read it.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (5_226_000, "5,226,000")] {
            assert_eq!(grouped(number), text);
        }
    }
}
