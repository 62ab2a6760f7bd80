//! The binary `mainstay`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match server::run(server::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
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
