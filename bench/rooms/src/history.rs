//! A long audit log: sealing it, verifying it, exporting it, and verifying what was exported.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;

use anyhow::ensure;
use audit::{LedgerKeys, Report, Sealer, Source, Trust, verify_export};
use clap::Args;
use foundation::{Ambient, RootKey};
use serde::Serialize;
use store::{Migrations, Store};

use crate::appends::{entry, ledger, open};
use crate::measure::{Sample, Watch};
use crate::order;
use crate::processes::Family;

/// How many entries are written in a unit.
const AT_ONCE: u64 = 500;
/// After so many a checkpoint is signed, as with the settings' defaults.
const CHECKPOINT: u64 = 1_000;

/// What is measured.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// An empty database.
    #[arg(long)]
    database: String,
    /// PostgreSQL's first process, whose work is counted too.
    #[arg(long)]
    postmaster: Option<Family>,
    /// A folder for the export.
    #[arg(long)]
    folder: PathBuf,
    /// How many entries.
    #[arg(long)]
    entries: u64,
    /// How often each is done.
    #[arg(long)]
    rounds: usize,
}

/// What it came to; lists have a sample for each round.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Figures {
    seal: Vec<Sample>,
    verify: Vec<Sample>,
    verify_public: Vec<Sample>,
    export: Vec<Sample>,
    verify_export: Vec<Sample>,
    export_bytes: u64,
}

/// Who verifies.
struct Auditor {
    sealer: Sealer,
    store: Store,
    keys: LedgerKeys,
    postmaster: Option<Family>,
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<Figures> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (store, ambient) = (open(&options.database).await?, Ambient::system());
        Migrations::of([audit::migrations as store::RoomMigrations]).up(&store).await?;
        let ledger = ledger(&ambient);
        let auditor = Auditor {
            sealer: Sealer::new(ledger.clone(), store.clone(), audit::Config::default()),
            store: store.clone(),
            keys: LedgerKeys::new(&RootKey::new([1; 32])),
            postmaster: options.postmaster,
        };
        let mut figures = Figures::default();
        let part = options.entries / options.rounds as u64;
        for _ in 0..options.rounds {
            figures.seal.push(auditor.write(&store, &ambient, part).await?);
        }
        for _ in 0..options.rounds {
            figures.verify.push(auditor.verify(Trust::Keys(auditor.keys.clone())).await?);
            figures.verify_public.push(auditor.verify(Trust::Public(auditor.keys.public())).await?);
            auditor.export(options, &mut figures).await?;
        }
        Ok(figures)
    })
}

impl Auditor {
    /// Writes entries and seals them, a thousand at a time; what is measured is the sealing.
    async fn write(&self, store: &Store, ambient: &Ambient, count: u64) -> anyhow::Result<Sample> {
        let ledger = ledger(ambient);
        let source = Source {
            ip_address: Some([198, 51, 100, 7].into()),
            user_agent: Some(order::USER_AGENT.to_owned()),
        };
        let mut samples = Vec::new();
        for first in (0..count).step_by(usize::try_from(CHECKPOINT)?) {
            for part in (first..first + CHECKPOINT).step_by(usize::try_from(AT_ONCE)?) {
                let unit = store.begin().await?;
                for number in part..part + AT_ONCE {
                    let order = order::Model::new(ambient, number);
                    ledger.record(&*unit, entry(&order, &source)).await?;
                }
                unit.commit().await?;
            }
            let watch = Watch::start_with(self.postmaster);
            self.sealer.seal().await?;
            self.sealer.checkpoint_when_due().await?;
            samples.push(watch.stop(CHECKPOINT));
        }
        Ok(Sample {
            count: samples.iter().map(|sample| sample.count).sum(),
            seconds: samples.iter().map(|sample| sample.seconds).sum(),
            cpu_seconds: samples.iter().map(|sample| sample.cpu_seconds).sum(),
            database_cpu_seconds: samples.iter().map(|sample| sample.database_cpu_seconds).sum(),
        })
    }

    async fn verify(&self, trust: Trust) -> anyhow::Result<Sample> {
        let watch = Watch::start_with(self.postmaster);
        let report = audit::verify_database(&self.store, trust, Vec::new(), |_| ()).await?;
        whole(&report, &watch)
    }

    async fn export(&self, options: &Options, figures: &mut Figures) -> anyhow::Result<()> {
        let path = options.folder.join("audit.jsonl");
        let watch = Watch::start_with(self.postmaster);
        let mut file = BufWriter::new(File::create(&path)?);
        let count = self.sealer.export(None, &mut file, |_| ()).await?;
        drop(file);
        figures.export.push(watch.stop(count));
        figures.export_bytes = path.metadata()?.len();

        let watch = Watch::start_with(self.postmaster);
        let trust = Trust::Public(self.keys.public());
        let report = verify_export(&mut BufReader::new(File::open(&path)?), trust, Vec::new(), |_| ())?;
        figures.verify_export.push(whole(&report, &watch)?);
        Ok(())
    }
}

fn whole(report: &Report, watch: &Watch) -> anyhow::Result<Sample> {
    ensure!(report.is_whole(), "the audit log is not whole: {report:?}");
    Ok(watch.stop(report.entries))
}
