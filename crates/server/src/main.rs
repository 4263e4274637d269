//! The `belvedere` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    belvedere_server::run()
}
