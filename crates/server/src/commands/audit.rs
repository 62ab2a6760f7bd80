//! `mainstay audit ...`.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, ErrorKind, Write, stdout};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use accounts::Accounts;
use anyhow::{Context as _, anyhow, bail, ensure};
use audit::{
    ExportError, Filter, KeptCheckpoints, Ledger, LedgerKeys, Page, Report, Sealer, Trust, read_checkpoints,
    verify_database, verify_export,
};
use chrono::TimeDelta;
use foundation::{Ambient, RootKey, Timestamp, Uuid};
use indicatif::HumanCount;
use serde::Serialize;

use super::history::named;
use super::progress::Progress;
use super::{Opened, answer, open_existing, users};
use crate::actions;
use crate::app::checkpoint_file;
use crate::cli::{Audit, AuditTail, AuditVerify};
use crate::data_folder::ROOT_KEY;
use crate::{Config, DataFolder};

/// What verifying ends with when something is wrong.
const NOT_WHOLE: u8 = 3;
/// How often `tail --follow` looks.
const FOLLOWED_EVERY: Duration = Duration::from_secs(1);
/// For how long what comes late is still looked for.
const LOOKED_BACK: TimeDelta = TimeDelta::minutes(1);

pub(super) async fn run(config: Config, command: Audit) -> anyhow::Result<ExitCode> {
    // An export is verified anywhere, also where there is no database.
    if let Audit::Verify(options @ AuditVerify { export: Some(export), .. }) = &command {
        return verify_file(&config, export, options);
    }
    let opened = open_existing(config).await?;
    opened.ensure_current().await?;
    let ended = match command {
        Audit::Tail(options) => tail(&opened, &options).await.or_else(unless_read_enough),
        Audit::Export { out, since } => export(&opened, out.as_deref(), since).await,
        Audit::Verify(options) => verify_ledger(&opened, &options).await,
        Audit::Key => answer(LedgerKeys::new(&opened.root_key()?).public()).map(|()| ExitCode::SUCCESS),
    };
    opened.store.close().await;
    ended
}

async fn tail(opened: &Opened, options: &AuditTail) -> anyhow::Result<ExitCode> {
    let app = opened.app(String::new()).await?;
    let accounts = app.accounts();
    let person = match &options.person {
        Some(name) => Some(accounts.id_ever_of(name).await.map_err(|error| users::unknown(name, error))?),
        None => None,
    };
    check_actions(&options.action)?;
    let filter = Filter { person, actions: options.action.clone(), ..Filter::default() };
    let page = Page { before: None, limit: options.limit };
    let mut records = audit::find(opened.store.reader(), &filter, page).await?.records;
    records.reverse();
    let mut shown: BTreeSet<Uuid> = records.iter().map(|record| record.id).collect();
    let began = records.last().map_or(Timestamp::UNIX_EPOCH, |record| record.created_at);
    show(accounts, records, options.json).await?;
    if !options.follow {
        return Ok(ExitCode::SUCCESS);
    }
    loop {
        tokio::time::sleep(FOLLOWED_EVERY).await;
        // What took long to be committed, and what a node with a slow clock wrote, comes behind what is newer.
        let from = began.max(opened.ambient.now() - LOOKED_BACK);
        let recent = Filter { from: Some(from), ..filter.clone() };
        let recent = audit::find_all(opened.store.reader(), &recent).await?;
        let ids = recent.iter().map(|record| record.id).collect();
        let new = recent.into_iter().filter(|record| !shown.contains(&record.id)).collect();
        shown = ids;
        show(accounts, new, options.json).await?;
    }
}

/// A word that no room knows is a slip: without this, it would find nothing and say nothing.
fn check_actions(words: &[String]) -> anyhow::Result<()> {
    let all = [accounts::actions::ALL, audit::ACTIONS, actions::ALL].concat();
    let unknown = words.iter().find(|word| !all.iter().any(|action| action.as_str() == word.as_str()));
    let Some(unknown) = unknown else { return Ok(()) };
    let known: Vec<_> = all.iter().map(|action| action.as_str()).collect();
    bail!("no action is called {unknown:?}; there are: {}", known.join(", "))
}

async fn show(accounts: &Accounts, records: Vec<audit::Record>, json: bool) -> anyhow::Result<()> {
    for happened in named(accounts, records).await? {
        let line = if json { serde_json::to_string(&happened)? } else { happened.line(None) };
        // Not `answer`: whoever follows has to know that nobody reads any more.
        writeln!(stdout().lock(), "{line}")?;
    }
    Ok(())
}

/// Whoever reads has read enough.
fn unless_read_enough(error: anyhow::Error) -> anyhow::Result<ExitCode> {
    match error.downcast_ref::<io::Error>() {
        Some(io) if io.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        _ => Err(error),
    }
}

async fn export(opened: &Opened, out: Option<&Path>, since: Option<Timestamp>) -> anyhow::Result<ExitCode> {
    let sealer = sealer(opened)?;
    let Some(path) = out else {
        let written = write_export(stdout().lock(), &sealer, since).await;
        return match written {
            // Whoever reads has read enough.
            Err(ExportError::Io(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            written => Ok(written.map(|_| ExitCode::SUCCESS)?),
        };
    };
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = opened.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow!("{} exists already; choose another name", path.display()),
        _ => anyhow::Error::new(error).context(format!("{} cannot be written", path.display())),
    })?;
    let written = write_export(&file, &sealer, since).await.inspect_err(|_| {
        // What is not whole is in nobody's way the next time.
        let _ = fs::remove_file(path);
    })?;
    file.sync_all()?;
    let (entries, key) = (HumanCount(written), sealer.public_key());
    answer(format_args!(
        "{entries} entries are in {path}. Whoever has Mainstay can verify them:\n  \
         mainstay audit verify --export {path} --public-key {key}",
        path = path.display(),
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn write_export(to: impl Write, sealer: &Sealer, since: Option<Timestamp>) -> Result<u64, ExportError> {
    let mut progress = Progress::begin("entries written");
    sealer.export(since, &mut BufWriter::new(to), |entries| progress.add(entries)).await
}

async fn verify_ledger(opened: &Opened, options: &AuditVerify) -> anyhow::Result<ExitCode> {
    let trust = match options.public_key {
        Some(key) => Trust::Public(key),
        None => Trust::Keys(LedgerKeys::new(&opened.root_key()?)),
    };
    let KeptCheckpoints { checkpoints, other_lines } =
        witnessed(Some(&opened.config.server.data), &options.checkpoints)?;
    let mut progress = Progress::begin("entries verified");
    let report = verify_database(&opened.store, trust, checkpoints, |entries| progress.add(entries)).await?;
    drop(progress);
    conclude(&report, other_lines, options.json)
}

fn verify_file(config: &Config, export: &Path, options: &AuditVerify) -> anyhow::Result<ExitCode> {
    let (trust, data) = if let Some(key) = options.public_key {
        (Trust::Public(key), None)
    } else {
        let data = config.server.data.as_path();
        let folder = DataFolder::existing(data).context(
            "the export needs a key: give the public key of its installation with --public-key, or run this where the \
             installation is",
        )?;
        let root = RootKey::new(folder.secret(ROOT_KEY, &Ambient::system())?);
        (Trust::Keys(LedgerKeys::new(&root)), Some(data))
    };
    let KeptCheckpoints { checkpoints, other_lines } = witnessed(data, &options.checkpoints)?;
    let file = File::open(export).with_context(|| format!("{} cannot be read", export.display()))?;
    let mut progress = Progress::begin("lines verified");
    let report = verify_export(&mut BufReader::new(file), trust, checkpoints, |lines| progress.add(lines))?;
    drop(progress);
    conclude(&report, other_lines, options.json)
}

/// The checkpoints that were kept outside of the database.
fn witnessed(data: Option<&Path>, files: &[PathBuf]) -> anyhow::Result<KeptCheckpoints> {
    let read =
        |path: &Path| read_checkpoints(path).with_context(|| format!("{} cannot be read", path.display()));
    let mut all = data.map(|data| read(&checkpoint_file(data))).transpose()?.unwrap_or_default();
    for path in files {
        ensure!(path.exists(), "there is no file {}", path.display());
        let kept = read(path)?;
        ensure!(!kept.checkpoints.is_empty(), "there is no checkpoint in {}", path.display());
        all.checkpoints.extend(kept.checkpoints);
        all.other_lines += kept.other_lines;
    }
    Ok(all)
}

fn sealer(opened: &Opened) -> anyhow::Result<Sealer> {
    let ledger = Ledger::new(opened.ambient.clone(), LedgerKeys::new(&opened.root_key()?));
    Ok(Sealer::new(ledger, opened.store.clone(), opened.config.audit.clone()))
}

/// What `verify --json` says.
#[derive(Serialize)]
struct Verified<'r> {
    #[serde(flatten)]
    report: &'r Report,
    /// How many lines of the files hold no checkpoint.
    other_lines: u64,
}

fn conclude(report: &Report, other_lines: u64, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        answer(serde_json::to_string_pretty(&Verified { report, other_lines })?)?;
    } else {
        answer(in_words(report))?;
        if other_lines > 0 {
            answer(format_args!("  {} lines of the files hold no checkpoint.", HumanCount(other_lines)))?;
        }
    }
    Ok(if report.is_whole() { ExitCode::SUCCESS } else { NOT_WHOLE.into() })
}

fn in_words(report: &Report) -> String {
    let mut lines = vec![if report.is_whole() {
        "✓ The audit log is what was written.".to_owned()
    } else {
        "✗ The audit log is NOT what was written:".to_owned()
    }];
    lines.extend(report.findings.iter().map(|finding| format!("  - {finding}")));
    if report.more > 0 {
        lines.push(format!("  - … and {} more", HumanCount(report.more)));
    }
    let Report { entries, first, last, checkpoints, erased, waiting, .. } = report;
    let count = |number: &u64| HumanCount(*number).to_string();
    lines.push(match entries {
        0 => "  It has no entries.".to_owned(),
        _ => format!(
            "  {} entries, {first} to {last}, held by {} signed checkpoints.",
            count(entries),
            count(checkpoints)
        ),
    });
    if report.is_whole() && report.witnessed_through > Some(report.last) {
        lines.push(
            "  Witnesses know of later entries: what is verified was exported before these.".to_owned(),
        );
    }
    if *first > 1 && report.is_whole() {
        lines.push(format!(
            "  The entries before {first} were dropped, as the retention says, or left out of the export."
        ));
    }
    if let Some(at) = report.proven_at {
        lines.push(format!("  The last signature is of {}.", at.format("%Y-%m-%d %H:%M:%S UTC")));
    }
    if report.last > report.proven_through && report.is_whole() {
        lines.push(format!("  Those after {} wait for the next checkpoint.", report.proven_through));
    }
    lines.push(match report.witnessed_through {
        Some(known) => format!(
            "  Compared with {} checkpoints that were kept outside of the database, up to entry {known}.",
            count(&report.witnessed)
        ),
        None => {
            "  No checkpoint from outside of the database was there to compare with: whether the end was cut \
                 off, nobody can tell. Give one with --checkpoints."
                .to_owned()
        }
    });
    if *erased > 0 {
        lines.push(format!(
            "  {} lack personal data of people who were to be forgotten, on record.",
            count(erased)
        ));
    }
    if *waiting > 0 {
        lines.push(format!("  {} wait for their place, which a running server gives them.", count(waiting)));
    }
    lines.join("\n")
}
