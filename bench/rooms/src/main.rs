//! Measures one part of Mainstay, or what one would pick instead, once: prints one JSON document. `bench/run` starts
//! it again and again, so that all that is compared takes turns, and each has a process of its own.

mod appends;
mod history;
mod measure;
mod order;
mod processes;
mod stack;
mod texts;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use mimalloc::MiMalloc;
use serde_json::Value;

// As the server has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Measures one part of Mainstay, or what one would pick instead, once.
#[derive(Debug, Parser)]
enum Subject {
    /// What stands around each request.
    Stack {
        /// Which.
        #[arg(value_enum)]
        stack: stack::Stack,
        /// How long, for each kind of request.
        #[arg(long, value_parser = seconds)]
        seconds: Duration,
    },
    /// Writes texts for `text` into a folder, the same ones each time.
    Texts {
        /// The folder.
        folder: PathBuf,
    },
    /// Making text safe.
    Text {
        /// As what.
        #[arg(value_enum)]
        kind: texts::Kind,
        /// A JSON array of texts.
        file: PathBuf,
        /// How long.
        #[arg(long, value_parser = seconds)]
        seconds: Duration,
    },
    /// Entries of the audit log, each in a unit of work with a change.
    Appends(appends::Options),
    /// Verifying and exporting a long audit log.
    History(history::Options),
}

fn seconds(text: &str) -> Result<Duration, std::num::ParseFloatError> {
    text.parse().map(Duration::from_secs_f64)
}

fn main() -> anyhow::Result<()> {
    let figures: Value = match Subject::parse() {
        Subject::Stack { stack, seconds } => serde_json::to_value(stack::measure(stack, seconds)?)?,
        Subject::Texts { folder } => serde_json::to_value(texts::write(&folder)?)?,
        Subject::Text { kind, file, seconds } => serde_json::to_value(texts::measure(kind, &file, seconds)?)?,
        Subject::Appends(options) => serde_json::to_value(appends::measure(&options)?)?,
        Subject::History(options) => serde_json::to_value(history::measure(&options)?)?,
    };
    #[expect(clippy::print_stdout, reason = "this is what whoever starts the bench waits for")]
    {
        println!("{figures}");
    }
    Ok(())
}
