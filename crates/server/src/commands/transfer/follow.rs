//! `mainstay transfer follow`, `cutover`, `rollback`, `status` and `stop`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{bail, ensure};
use foundation::{Ambient, ExposeSecret as _};
use indicatif::HumanCount;
use transfer::{
    Applied, Begin, Cutover, FENCED, Fenced, FollowError, Follower, Hook, Phase, Returned, Rollback,
    RunError, Switch, Target, TargetError, Turned,
};

use super::bar::Bar;
use super::{answer, existing, files, target, tell_moved, tell_what_stays};
use crate::cli::transfer::{Ends, TransferFollow, TransferTurn};

/// How often it is looked whether there is something new.
const LOOKED_EVERY: Duration = Duration::from_millis(100);
/// How many cells are listed that SQLite cannot hold.
const LISTED: usize = 20;
/// How often it is tried to take over, each time for some seconds.
const TRIES: u32 = 6;
const MOVED_BACK: &str = "this database has moved back to SQLite: writing here is closed (mainstay transfer)";

pub(super) async fn follow(options: &TransferFollow) -> anyhow::Result<ExitCode> {
    let ends = &options.ends;
    let target = target(ends)?;
    begin(options, &target).await?;
    let mut follower = Follower::open(&target, &ends.schema).await?;
    expect_source(&follower, ends)?;
    let mut told = BTreeSet::new();
    let stop = tokio::signal::ctrl_c();
    tokio::pin!(stop);
    loop {
        // Whatever is cut off in the middle is done again the next time.
        let went_on = tokio::select! {
            _ = &mut stop => return Ok(ExitCode::SUCCESS),
            went_on = step(&mut follower, &mut told) => went_on?,
        };
        match went_on {
            Went::On => {}
            Went::AllTheWay if options.once => return Ok(ExitCode::SUCCESS),
            Went::AllTheWay => tokio::select! {
                _ = &mut stop => return Ok(ExitCode::SUCCESS),
                () = tokio::time::sleep(LOOKED_EVERY) => {}
            },
            Went::HandedOver => {
                answer("Somebody else takes over from here.")?;
                return Ok(ExitCode::SUCCESS);
            }
            Went::Nowhere(why) => bail!("{why}"),
        }
    }
}

/// One step, in whichever direction.
async fn step(follower: &mut Follower, told: &mut BTreeSet<String>) -> anyhow::Result<Went> {
    match follower.phase() {
        Phase::Following => forth(follower).await,
        Phase::Switched => back(follower, told).await,
        Phase::Switching => {
            Ok(Went::Nowhere("a cutover was cut off in the middle. Go on with it: mainstay transfer cutover"))
        }
        Phase::Returning => Ok(Went::Nowhere(
            "a rollback was cut off in the middle. Go on with it: mainstay transfer rollback",
        )),
        Phase::Returned => Ok(Went::Nowhere("SQLite is the master again; there is nothing to follow")),
    }
}

/// How far a step went.
enum Went {
    /// There is none to take.
    Nowhere(&'static str),
    /// More is waiting.
    On,
    /// Nothing is waiting.
    AllTheWay,
    /// Somebody else wants to go on.
    HandedOver,
}

async fn begin(options: &TransferFollow, target: &Target) -> anyhow::Result<()> {
    let ends = &options.ends;
    let plan = match &options.plan {
        Some(file) => Some(files::plan_for(file, ends)?),
        None => None,
    };
    let since = Ambient::system().now().to_rfc3339();
    let copy = std::path::absolute(options.copy.clone().unwrap_or_else(|| beside(ends)))?;
    let (source, workers) =
        (ends.source.canonicalize().unwrap_or_else(|_| ends.source.clone()), ends.jobs.get());
    let begin = Begin {
        source: &source,
        copy: &copy,
        plan,
        target: target.clone(),
        schema: &ends.schema,
        workers,
        existing: existing(options.existing),
        since: &since,
    };
    let bar = Bar::begin("moved");
    let moved = begin.begin(&bar.progress()).await?;
    drop(bar);
    moved.map_or(Ok(()), |moved| tell_moved(&moved, false))
}

fn beside(ends: &Ends) -> PathBuf {
    let mut name: OsString = ends.source.clone().into_os_string();
    name.push(".before-transfer");
    name.into()
}

/// A file of another name is another database.
fn expect_source(follower: &Follower, ends: &Ends) -> anyhow::Result<()> {
    let same = |path: &std::path::Path| path.canonicalize().ok();
    ensure!(
        same(follower.source()) == same(&ends.source),
        "what is followed into this schema is {}, not {}",
        follower.source().display(),
        ends.source.display()
    );
    Ok(())
}

async fn forth(follower: &mut Follower) -> anyhow::Result<Went> {
    let step = follower.step().await?;
    if step.rows > 0 {
        tell(format_args!(
            "{} rows taken, {} entries behind",
            HumanCount(step.rows),
            HumanCount(step.behind)
        ));
    }
    Ok(match (step.wants_over, step.behind) {
        (true, _) => Went::HandedOver,
        (false, 0) => Went::AllTheWay,
        _ => Went::On,
    })
}

async fn back(follower: &mut Follower, told: &mut BTreeSet<String>) -> anyhow::Result<Went> {
    let applied = follower.step_back().await?;
    if applied.keys > 0 {
        tell(format_args!("{} rows of PostgreSQL taken into SQLite", HumanCount(applied.keys)));
    }
    tell_unfit(&applied)?;
    tell_added(&applied, told)?;
    if follower.is_wanted().await? {
        return Ok(Went::HandedOver);
    }
    Ok(if applied.is_drained { Went::AllTheWay } else { Went::On })
}

/// Beside the answer; if nobody reads it, so be it.
fn tell(what: impl std::fmt::Display) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{what}");
}

pub(super) async fn cutover(options: &TransferTurn) -> anyhow::Result<ExitCode> {
    let mut follower = take_over(&options.ends).await?;
    let turn = Cutover {
        message: options.message.clone().unwrap_or_else(|| FENCED.to_owned()),
        limit: options.limit.into(),
        pause: options.pause.clone().map(Hook),
        switch: switch(options),
        resume: options.resume.clone().map(Hook),
        workers: options.ends.jobs.get(),
    };
    let bar = Bar::begin("moved");
    let progress = bar.progress();
    let Turned { fenced, moved } = to_its_end(follower.cutover(&turn, &progress)).await??;
    drop(bar);
    tell_what_stays(&moved)?;
    answer(format_args!(
        "PostgreSQL is the master.{} SQLite stays closed; the way back is: mainstay transfer rollback",
        closed_for(fenced)
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn closed_for(fenced: Option<Fenced>) -> String {
    let told = |fenced: Fenced| format!(" Writing was closed for {:.2} s.", fenced.0.as_secs_f64());
    fenced.map(told).unwrap_or_default()
}

pub(super) async fn rollback(options: &TransferTurn) -> anyhow::Result<ExitCode> {
    let mut follower = take_over(&options.ends).await?;
    let back = Rollback {
        message: options.message.clone().unwrap_or_else(|| MOVED_BACK.to_owned()),
        patience: options.limit.into(),
        pause: options.pause.clone().map(Hook),
        switch: switch(options),
        resume: options.resume.clone().map(Hook),
    };
    let bar = Bar::begin("compared");
    let progress = bar.progress();
    let Returned { fenced, applied } = to_its_end(follower.rollback(&back, &progress)).await??;
    drop(bar);
    tell_unfit(&applied)?;
    tell_added(&applied, &mut BTreeSet::new())?;
    answer(format_args!(
        "SQLite is the master again, with {} rows that were written to PostgreSQL.{}",
        HumanCount(applied.keys),
        closed_for(fenced)
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// A turn that has begun comes to its end, or is taken back; Ctrl-C has to be pressed twice to leave it in the middle.
async fn to_its_end<T>(turn: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::pin!(turn);
    tokio::select! {
        turned = &mut turn => return Ok(turned),
        _ = tokio::signal::ctrl_c() => {}
    }
    tell(
        "It comes to its end, or is taken back, within the time of --limit. To leave it in the middle, press Ctrl-C again.",
    );
    tokio::select! {
        turned = &mut turn => Ok(turned),
        _ = tokio::signal::ctrl_c() => bail!("cut off: the same command goes on; `mainstay transfer status` says how it is"),
    }
}

/// Follows from here on; whoever does now is asked to let go.
async fn take_over(ends: &Ends) -> anyhow::Result<Follower> {
    let target = target(ends)?;
    Follower::ask_over(&target, &ends.schema).await?;
    for _ in 0..TRIES {
        match Follower::open(&target, &ends.schema).await {
            Err(FollowError::Run(RunError::Target(TargetError::Taken { .. }))) => {}
            opened => {
                let follower = opened?;
                expect_source(&follower, ends)?;
                return Ok(follower);
            }
        }
    }
    Ok(Follower::open(&target, &ends.schema).await?)
}

fn switch(options: &TransferTurn) -> Option<Switch> {
    if let Some(command) = &options.switch {
        return Some(Switch::Command(Hook(command.clone())));
    }
    let (path, value) = options.env_file.clone().zip(options.env_value.as_ref())?;
    let (name, value) = (options.env_name.clone(), value.expose_secret().to_owned());
    Some(Switch::EnvFile { path, name, value })
}

fn tell_unfit(applied: &Applied) -> anyhow::Result<()> {
    for cell in applied.unfit.iter().take(LISTED) {
        let key = cell.key.join(", ");
        answer(format_args!(
            "! {} {key} {}: SQLite cannot hold {:?} as it is",
            cell.table, cell.column, cell.value
        ))?;
    }
    if let Some(more) = applied.unfit.len().checked_sub(LISTED).filter(|more| *more > 0) {
        answer(format_args!(
            "! … and {} more such cells: each is in SQLite as a text",
            HumanCount(more as u64)
        ))?;
    }
    for check in &applied.broken_checks {
        answer(format_args!("! {} {}: does not fulfil {}", check.table, check.key.join(", "), check.check))?;
    }
    Ok(())
}

/// What PostgreSQL has got since the move, each once.
fn tell_added(applied: &Applied, told: &mut BTreeSet<String>) -> anyhow::Result<()> {
    let tables = applied.added_tables.iter().map(|table| format!("the table {table}"));
    let columns = applied.added_columns.iter().map(|column| format!("the column {column}"));
    for added in tables.chain(columns) {
        if !told.contains(&added) {
            answer(format_args!("! {added} is only in PostgreSQL"))?;
            told.insert(added);
        }
    }
    Ok(())
}

pub(super) async fn tell_status(ends: &Ends) -> anyhow::Result<ExitCode> {
    let status = Follower::status(&target(ends)?, &ends.schema).await?;
    answer(status)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn stop(ends: &Ends) -> anyhow::Result<ExitCode> {
    Follower::stop(&target(ends)?, &ends.schema, &ends.source).await?;
    answer("Nothing is followed any more.")?;
    Ok(ExitCode::SUCCESS)
}
