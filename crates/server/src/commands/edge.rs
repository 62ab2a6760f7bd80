//! `mainstay edge`.

use std::ffi::OsString;
use std::net::SocketAddr;

use anyhow::{Context as _, anyhow, bail, ensure};
use chrono::TimeDelta;
use edge::{Control, Deed, Edge, GateView, Listeners, Predecessor, ServiceConfig, ServiceView};
use foundation::config::Mistakes;
use foundation::{Ambient, Timestamp};
use guard::text::Message;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::process::{allow_most_files, listen, stop_on_signal};
use super::{answer, picture};
use crate::cli::Until;
use crate::cli::edge::{EdgeCommand, Front, Which};
use crate::{Config, DataFolder, cli};

/// What the application is called that the command line names.
const ONLY: &str = "app";
/// Over how long one says how both slots do.
const LATELY: TimeDelta = TimeDelta::minutes(1);

pub(super) async fn run(config: Config, command: cli::edge::Edge) -> anyhow::Result<()> {
    match command.command {
        None => serve(config, command.front).await,
        Some(command) => tell(&control(&config), command).await,
    }
}

/// The gate that is open with the data folder of these settings.
pub(super) fn control(config: &Config) -> Control {
    Control::of(&DataFolder::edge(&config.server.data))
}

async fn serve(config: Config, front: Front) -> anyhow::Result<()> {
    let Config { mut edge, guard, server, .. } = config;
    if !front.blue.is_empty() {
        let only = ServiceConfig { blue: front.blue, green: front.green, ..ServiceConfig::default() };
        edge.services = [(ONLY.to_owned(), only)].into();
        let mistakes = edge.contradictions();
        ensure!(mistakes.is_empty(), Mistakes(mistakes));
    }
    ensure!(
        !edge.services.is_empty(),
        "there is no application to stand in front of; name its address with --blue, or write [edge.services.app] into \
         the configuration (see: mainstay config default)"
    );
    let is_nowhere = |service: &ServiceConfig| service.blue.is_empty() && service.green.is_empty();
    if let Some((name, _)) = edge.services.iter().find(|(_, service)| is_nowhere(service)) {
        bail!("the application {name} listens nowhere; write its addresses into edge.services.{name}.blue");
    }
    let (predecessor, given) = match front.take_over {
        Some(socket) => {
            let met = Predecessor::meet(socket).await;
            let (predecessor, given) = met.context("the process that serves does not give its listeners")?;
            (Some(predecessor), given)
        }
        None => (None, Listeners::default()),
    };
    let plain = listen_all(&edge.listen, given.plain).await?;
    let tls = listen_all(&edge.tls.listen, given.tls).await?;
    let listeners = Listeners { plain, tls };
    let urls = urls(&listeners)?;
    let stop = CancellationToken::new();
    allow_most_files();
    stop_on_signal(&stop)?;
    DataFolder::open(&server.data)?;
    let edge = Edge::build(
        *edge,
        guard.trusted_proxies,
        &DataFolder::edge(&server.data),
        Ambient::system(),
        predecessor,
    )?;
    answer(format_args!("The gate is open at {}", urls.join(", ")))?;
    edge.serve(listeners, arguments(), stop).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Listeners at these addresses: those that were given, and new ones where there are none.
async fn listen_all(
    addresses: &[SocketAddr],
    mut given: Vec<TcpListener>,
) -> anyhow::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in addresses {
        // A port 0 is any.
        let fits = |listener: &TcpListener| {
            let listens = listener.local_addr().ok();
            listens.is_some_and(|at| at.ip() == address.ip() && [0, at.port()].contains(&address.port()))
        };
        listeners.push(match given.iter().position(fits) {
            Some(at) => given.swap_remove(at),
            None => listen(*address).await?,
        });
    }
    Ok(listeners)
}

/// The arguments of this program, for the one that takes its place.
fn arguments() -> Vec<OsString> {
    let mut all = std::env::args_os().skip(1);
    let mut arguments = Vec::new();
    while let Some(argument) = all.next() {
        if argument == "--take-over" {
            all.next();
        } else {
            arguments.push(argument);
        }
    }
    arguments
}

fn urls(listeners: &Listeners) -> std::io::Result<Vec<String>> {
    let plain = listeners.plain.iter().map(|listener| ("http", listener));
    let tls = listeners.tls.iter().map(|listener| ("https", listener));
    plain.chain(tls).map(|(scheme, listener)| Ok(format!("{scheme}://{}", listener.local_addr()?))).collect()
}

async fn tell(control: &Control, command: EdgeCommand) -> anyhow::Result<()> {
    let deed = match command {
        EdgeCommand::Status { json } => {
            let view = control.status().await?;
            if json {
                return answer(serde_json::to_string(&view)?);
            }
            let mut pictures = Vec::new();
            for service in &view.services {
                pictures.push(drawn(control, service).await?);
            }
            return answer(pictures.join("\n"));
        }
        EdgeCommand::Upgrade { binary } => {
            let binary = match binary {
                Some(binary) => std::path::absolute(binary)?,
                None => std::env::current_exe()
                    .context("where this program is cannot be found out; name it with --binary")?,
            };
            return answer(control.upgrade(binary).await?);
        }
        EdgeCommand::Close { of, message, until } => Deed::Close {
            service: chosen(control, of).await?.name,
            until: until.map(moment).transpose()?,
            message: message
                .map(|text| Message::parse(&text))
                .transpose()
                .map_err(|words| anyhow!("--message {words}"))?,
        },
        EdgeCommand::Pause { of, limit } => Deed::Pause { service: chosen(control, of).await?.name, limit },
        EdgeCommand::Open { of } => Deed::Open { service: chosen(control, of).await?.name },
    };
    answer(control.give(deed, None).await?.sentence)
}

fn moment(until: Until) -> anyhow::Result<Timestamp> {
    let at = until.moment(Ambient::system().now());
    at.ok_or_else(|| anyhow!("--until is too far away"))
}

/// An application as people see it.
pub(super) async fn drawn(control: &Control, service: &ServiceView) -> anyhow::Result<String> {
    let since = Ambient::system().now() - LATELY;
    let series = control.series(&service.name, Some(since)).await?;
    Ok(picture::of_service(service, &series.unwrap_or_default().seconds))
}

/// The application that is meant: by its name, or the only one.
pub(super) async fn chosen(control: &Control, which: Which) -> anyhow::Result<ServiceView> {
    let GateView { mut services, .. } = control.status().await?;
    let names: Vec<_> = services.iter().map(|service| service.name.clone()).collect();
    let names = names.join(", ");
    match which.service {
        Some(name) => {
            let found = services.into_iter().find(|service| service.name == name);
            found.ok_or_else(|| {
                anyhow!("there is no application {name:?} behind this gate; there are: {names}")
            })
        }
        None if services.len() == 1 => Ok(services.remove(0)),
        None => bail!("say which application with --service; there are: {names}"),
    }
}
