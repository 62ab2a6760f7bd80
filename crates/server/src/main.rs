//! The binary `mainstay`.

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;

// A session check spends a seventh of its time in glibc's allocator, and less in this one (bench/README.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match server::run(server::cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            #[expect(
                clippy::print_stderr,
                reason = "the last word of a command goes to its caller's terminal"
            )]
            {
                eprintln!("mainstay: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}
