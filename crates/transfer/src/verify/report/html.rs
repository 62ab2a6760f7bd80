//! A report as one page, for whoever signs it off: it needs nothing but itself.

use std::fmt::{self, Display, Formatter};

use super::text::grouped;
use super::{Outcome, Report, TableReport};

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c2230; --paper: #fff; --faint: #5b6475; --line: #dde1e8; --good: #1d7a46; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --paper: #14171d; --faint: #9aa3b2; --line: #2b313c; --good: #5fce8f; --bad: #ff8a80; } }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .faint { color: var(--faint); overflow-wrap: anywhere; }
.outcome { margin: 1.5rem 0; padding: .75rem 1rem; border: 1px solid currentColor; border-radius: .5rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: start; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--faint); font-weight: 500; } .number { text-align: end; font-variant-numeric: tabular-nums; } code { font-size: .8125rem; overflow-wrap: anywhere; }
";

/// A report as a page.
#[derive(Debug, Clone, Copy)]
pub struct Page<'r>(pub &'r Report);

/// Text that is no markup.
struct Escaped<'t>(&'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => write!(f, "{other}"),
        })
    }
}

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let outcome = report.outcome();
        let class = if outcome == Outcome::Different { "bad" } else { "good" };
        writeln!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Verification</title>\n<style>{STYLE}</style>\n<h1>Verification</h1>\n<p class=\"faint\">{}</p>\n\
             <p class=\"faint\">{}</p>\n<p class=\"outcome {class}\">{outcome}</p>",
            Escaped(&report.source),
            Escaped(&report.target)
        )?;
        tables(f, &report.tables)?;
        differences(f, &report.tables)?;
        cells(f, report)?;
        left_behind(f, report)
    }
}

fn tables(f: &mut Formatter<'_>, tables: &[TableReport]) -> fmt::Result {
    begin(f, "Tables", &["Table", "Rows in SQLite", "Rows in PostgreSQL", "Checksum"])?;
    for table in tables {
        let [source, target] = table.rows.map(grouped);
        let is_same = table.checksums[0] == table.checksums[1];
        let checksum = if is_same { table.checksums[0].as_str() } else { "differs" };
        let class = if table.is_equal() { "" } else { " class=\"bad\"" };
        writeln!(
            f,
            "<tr{class}><td>{}<td class=\"number\">{source}<td class=\"number\">{target}<td><code>{checksum}</code>",
            Escaped(&table.name)
        )?;
    }
    end(f)
}

fn differences(f: &mut Formatter<'_>, tables: &[TableReport]) -> fmt::Result {
    if tables.iter().all(TableReport::is_equal) {
        return Ok(());
    }
    begin(f, "Differences", &["Table", "What"])?;
    for table in tables {
        for difference in &table.differences {
            writeln!(f, "<tr><td>{}<td>{}", Escaped(&table.name), Escaped(&difference.to_string()))?;
        }
        if table.has_more {
            writeln!(f, "<tr><td>{}<td>and more", Escaped(&table.name))?;
        }
    }
    end(f)
}

fn cells(f: &mut Formatter<'_>, report: &Report) -> fmt::Result {
    if report.cells.is_empty() {
        return Ok(());
    }
    let head = ["Table", "Row", "Column", "It was", "It held", "It became", "Rule"];
    begin(f, "Cells that are not what they were, by a rule", &head)?;
    for cell in &report.cells {
        let after = cell.after.as_deref().unwrap_or(if cell.rule == "reject" { "–" } else { "NULL" });
        let words = [&cell.table, &cell.key, &cell.column, &cell.class, &cell.before, after, &cell.rule];
        write!(f, "<tr>")?;
        words.iter().try_for_each(|word| write!(f, "<td>{}", Escaped(word)))?;
        writeln!(f)?;
    }
    end(f)
}

fn left_behind(f: &mut Formatter<'_>, report: &Report) -> fmt::Result {
    if report.left_behind.is_empty() {
        return Ok(());
    }
    begin(f, "Left behind in SQLite", &["What", "Why"])?;
    for left in &report.left_behind {
        writeln!(f, "<tr><td>{}<td>{}", Escaped(&left.what), Escaped(&left.because))?;
    }
    end(f)
}

fn begin(f: &mut Formatter<'_>, title: &str, columns: &[&str]) -> fmt::Result {
    write!(f, "<h2>{title}</h2>\n<div class=\"wide\"><table>\n<thead><tr>")?;
    columns.iter().try_for_each(|column| {
        let class = if column.starts_with("Rows") { " class=\"number\"" } else { "" };
        write!(f, "<th scope=\"col\"{class}>{column}")
    })?;
    writeln!(f, "\n<tbody>")
}

fn end(f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "</table></div>")
}
