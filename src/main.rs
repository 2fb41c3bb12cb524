//! Arguments, logging, the servers that commands start, and the exit code.

use griot::{Arguments, DemoServer, LogFormat, Servers};
use std::any::Any;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    log(&arguments);
    let servers = Servers {
        serve: |serving| Box::pin(griot::serve_files(serving)),
        demo_server: |now| {
            Box::pin(async move {
                let demo_server = DemoServer::open(now).await?;
                Ok((demo_server.feeds_toml(), Box::new(demo_server) as Box<dyn Any + Send>))
            })
        },
    };
    griot::run(arguments, &servers)
}

/// Sends messages to stderr. `RUST_LOG` narrows them further.
fn log(arguments: &Arguments) {
    let level = match arguments.global.verbose {
        0 => "griot=error",
        1 => "griot=info",
        _ => "griot=debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match arguments.global.log_format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
}
