//! `mainstay transfer ...`.

mod bar;
mod files;
mod follow;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use foundation::{ExposeSecret as _, SecretString};
use indicatif::{HumanBytes, HumanCount};
use serde::Serialize;
use store::Location;
use transfer::{
    Definition, Existing, Extract, LeftBehind, Moved, MovedTable, Outcome, Page, Plan, Report, Run, Survey,
    Target, Verify,
};

use self::bar::Bar;
use super::answer;
use crate::cli::transfer::{
    Ends, ExistingTables, Transfer, TransferPlan, TransferResume, TransferRun, TransferVerify,
};

/// What verifying ends with when something is different.
const DIFFERENT: u8 = 3;

pub(super) async fn run(command: Transfer) -> anyhow::Result<ExitCode> {
    match command {
        Transfer::Plan(options) => plan(&options),
        Transfer::Run(options) => move_database(&options).await,
        Transfer::Resume(options) => resume(&options).await,
        Transfer::Verify(options) => verify(&options).await,
        Transfer::Follow(options) => follow::follow(&options).await,
        Transfer::Cutover(options) => follow::cutover(&options).await,
        Transfer::Rollback(options) => follow::rollback(&options).await,
        Transfer::Status(options) => follow::tell_status(&options.ends).await,
        Transfer::Stop(options) => follow::stop(&options.ends).await,
        Transfer::Backup { source, copy } => back_up(&source, &copy),
    }
}

fn plan(options: &TransferPlan) -> anyhow::Result<ExitCode> {
    if let Some(file) = &options.out {
        files::expect_none(file)?;
    }
    let survey = look(&options.source, 2)?;
    let Survey { schema, profiles } = &survey;
    let plan = match &options.plan {
        Some(file) => files::read_plan(file, schema)?,
        None => Plan::lossless(schema, profiles, &options.schema),
    };
    let definition = Definition::of(schema, &plan);
    if options.sql {
        answer(definition.to_sql())?;
    } else {
        answer(plan.describe(schema, profiles))?;
        let impossible = definition.impossible.iter();
        impossible.map(|what| format!("! this cannot be moved as it is: {what}")).try_for_each(answer)?;
        tell_left_behind(&definition.left_behind)?;
    }
    if let Some(file) = &options.out {
        files::write_new(file, &plan.to_toml(schema, Some(profiles)))?;
        answer(format_args!(
            "\nThe plan is in {}. Edit it as you like, then: mainstay transfer run --plan {0} {} URL",
            file.display(),
            options.source.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn look(source: &Path, threads: usize) -> anyhow::Result<Survey> {
    let bar = Bar::begin("looked at");
    Ok(Survey::of(source, threads, &bar.progress())?)
}

async fn move_database(options: &TransferRun) -> anyhow::Result<ExitCode> {
    let ends = &options.ends;
    if is_address(&ends.source) {
        return extract(options).await;
    }
    let target = target(ends)?;
    // Before anybody waits for the look at every cell.
    target.connect().await?;
    let plan = if let Some(file) = &options.plan {
        files::plan_for(file, ends)?
    } else {
        let Survey { schema, profiles } = look(&ends.source, ends.jobs.get())?;
        Plan::lossless(&schema, &profiles, &ends.schema)
    };
    let bar = Bar::begin("moved");
    let run = Run::new(&ends.source, plan.clone(), target.clone(), ends.jobs.get())?;
    let moved = run.run(existing(options.existing), &bar.progress()).await?;
    drop(bar);
    tell_moved(&moved, options.json)?;
    if !options.verify {
        return Ok(ExitCode::SUCCESS);
    }
    let bar = Bar::begin("compared");
    let report = Verify::new(&ends.source, plan, target)?.verify(&bar.progress()).await?;
    drop(bar);
    tell_report(&report, options.json)
}

fn is_address(source: &Path) -> bool {
    source.to_str().is_some_and(|text| text.starts_with("postgres://") || text.starts_with("postgresql://"))
}

/// The other way round: the first is an address, and the second a file.
async fn extract(options: &TransferRun) -> anyhow::Result<ExitCode> {
    let Ends { source, target: file, schema, .. } = &options.ends;
    let asked_in_vain =
        options.plan.is_some() || options.verify || options.existing != ExistingTables::Refuse;
    ensure!(!asked_in_vain, "--plan, --verify and --existing are for moves into PostgreSQL");
    let address = SecretString::from(source.to_string_lossy().into_owned());
    let out = file.expose_secret();
    ensure!(!is_address(Path::new(out)), "of two PostgreSQL databases, pg_dump makes a copy");
    let target = postgres(&address, schema)?;
    let bar = Bar::begin("copied");
    let extracted = Extract::new(target, schema, Path::new(out)).run(&bar.progress()).await?;
    drop(bar);
    if options.json {
        answer(serde_json::to_string_pretty(&extracted)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    tell_tables(&extracted.tables)?;
    for cell in &extracted.unfit {
        let key = cell.key.join(", ");
        answer(format_args!(
            "! {} {key} {}: SQLite cannot hold {:?} as it is",
            cell.table, cell.column, cell.value
        ))?;
    }
    let unlisted = extracted.unfit_cells - extracted.unfit.len() as u64;
    if unlisted > 0 {
        answer(format_args!("! … and {} more cells", HumanCount(unlisted)))?;
    }
    extracted.problems.iter().try_for_each(|problem| answer(format_args!("! {problem}")))?;
    tell_left_behind(&extracted.left_behind)?;
    Ok(ExitCode::SUCCESS)
}

async fn resume(options: &TransferResume) -> anyhow::Result<ExitCode> {
    let ends = &options.ends;
    let target = target(ends)?;
    let plan = noted_plan(ends, &target).await?;
    let bar = Bar::begin("moved");
    let moved = Run::new(&ends.source, plan, target, ends.jobs.get())?.resume(&bar.progress()).await?;
    drop(bar);
    tell_moved(&moved, options.json)?;
    Ok(ExitCode::SUCCESS)
}

async fn verify(options: &TransferVerify) -> anyhow::Result<ExitCode> {
    let ends = &options.ends;
    let target = target(ends)?;
    let plan = match &options.plan {
        Some(file) => files::plan_for(file, ends)?,
        None => noted_plan(ends, &target).await?,
    };
    let bar = Bar::begin("compared");
    let report = Verify::new(&ends.source, plan, target)?.verify(&bar.progress()).await?;
    drop(bar);
    if let Some(file) = &options.html {
        files::write_new(file, &Page(&report).to_string())?;
    }
    tell_report(&report, options.json)
}

/// The plan that a move into the target has begun with.
async fn noted_plan(ends: &Ends, target: &Target) -> anyhow::Result<Plan> {
    let schema = transfer::SqliteFile::open(&ends.source)?.schema()?;
    let noted = transfer::noted_plan(target, &ends.schema).await?;
    Plan::from_toml(&noted, &schema).with_context(|| {
        format!("what was moved into {} does not come from {}", target.name(), ends.source.display())
    })
}

fn target(ends: &Ends) -> anyhow::Result<Target> {
    postgres(&ends.target, &ends.schema)
}

fn postgres(address: &SecretString, wanted: &str) -> anyhow::Result<Target> {
    let Location::Postgres { url, schema, name, .. } = Location::parse(address)? else {
        bail!("that has to be a PostgreSQL database: postgres://user@host:5432/name");
    };
    let named = schema.as_ref().is_none_or(|schema| schema == wanted);
    ensure!(named, "the address names the schema {}; give it by --schema, too", schema.unwrap_or_default());
    Ok(Target::new(url.expose_secret().parse().context("the address of the target cannot be read")?, &name))
}

fn existing(said: ExistingTables) -> Existing {
    match said {
        ExistingTables::Refuse => Existing::Refuse,
        ExistingTables::Keep => Existing::Keep,
        ExistingTables::Drop => Existing::Drop,
    }
}

fn back_up(source: &Path, copy: &Path) -> anyhow::Result<ExitCode> {
    transfer::backup(source, copy, |_, _| ())?;
    answer(format_args!("{} is what {} was at one moment.", copy.display(), source.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn tell_moved(moved: &Moved, json: bool) -> anyhow::Result<()> {
    if json {
        return answer(serde_json::to_string_pretty(moved)?);
    }
    if moved.tables.is_empty() {
        answer("There are no tables in it.")?;
    }
    tell_tables(&moved.tables)?;
    tell_what_stays(moved)
}

/// What a move could not do, and what it leaves behind.
fn tell_what_stays(moved: &Moved) -> anyhow::Result<()> {
    moved.troubles.iter().try_for_each(|trouble| answer(format_args!("! {trouble}")))?;
    tell_left_behind(&moved.left_behind)
}

fn tell_tables(tables: &[MovedTable]) -> anyhow::Result<()> {
    let width = tables.iter().map(|table| table.name.chars().count()).max().unwrap_or_default();
    tables.iter().try_for_each(|table| {
        let (rows, bytes) = (HumanCount(table.rows).to_string(), HumanBytes(table.bytes).to_string());
        answer(format_args!("{:width$}  {rows:>15} rows  {bytes:>12}", table.name))
    })
}

fn tell_left_behind(left_behind: &[LeftBehind]) -> anyhow::Result<()> {
    if !left_behind.is_empty() {
        answer("\nLeft behind:")?;
    }
    left_behind.iter().try_for_each(|left| answer(format_args!("  {left}")))
}

/// A report, and what it comes to.
#[derive(Serialize)]
struct Told<'r> {
    outcome: Outcome,
    report: &'r Report,
}

fn tell_report(report: &Report, json: bool) -> anyhow::Result<ExitCode> {
    let outcome = report.outcome();
    if json {
        answer(serde_json::to_string_pretty(&Told { outcome, report })?)?;
    } else {
        answer(report)?;
    }
    Ok(if outcome == Outcome::Different { ExitCode::from(DIFFERENT) } else { ExitCode::SUCCESS })
}
