//! `mainstay rollout ...`.

use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::ensure;
use console::{Term, truncate_str};
use edge::rollout::{Draft, Order};
use edge::{Control, Deed, ServiceView};

use super::answer;
use super::edge::{chosen, control, drawn};
use crate::Config;
use crate::cli::edge::Which;
use crate::cli::rollout::{Rollout, Start};

/// How often the picture of a rollout is drawn anew.
const DRAWN_EVERY: Duration = Duration::from_secs(1);

pub(super) async fn run(config: Config, command: Rollout) -> anyhow::Result<()> {
    let control = control(&config);
    match command {
        Rollout::Start(start) => begin(&control, start).await,
        Rollout::Status { of, json } => status(&control, of, json).await,
        Rollout::History { of, json } => history(&control, of, json).await,
        Rollout::Promote(of) => order(&control, of, Order::Promote).await,
        Rollout::Pause(of) => order(&control, of, Order::Pause).await,
        Rollout::Resume(of) => order(&control, of, Order::Resume).await,
        Rollout::Abort(of) => order(&control, of, Order::Abort).await,
        Rollout::Back(of) => order(&control, of, Order::Back).await,
    }
}

async fn begin(control: &Control, start: Start) -> anyhow::Result<()> {
    let service = chosen(control, start.of).await?;
    let defaults = Draft::default();
    let plan = Draft {
        manual: start.manual,
        check: start.check.unwrap_or(defaults.check),
        warm: start.warm.unwrap_or(defaults.warm),
        ..defaults.with(&start.steps, start.hold.as_deref().unwrap_or_default())?
    };
    let to = start.to.map_or(service.live.other(), Into::into);
    let name = service.name.clone();
    answer(control.give(Deed::Start { service: service.name, to, plan }, None).await?.sentence)?;
    if start.detach || !std::io::stdout().is_terminal() {
        return answer("It goes on by itself. To see how: mainstay rollout status");
    }
    let of = Which { service: Some(name) };
    watch(control, of.clone()).await?;
    let has_taken_over = chosen(control, of).await?.live == to;
    ensure!(has_taken_over, "{} has not taken over", to.name());
    Ok(())
}

async fn order(control: &Control, of: Which, order: Order) -> anyhow::Result<()> {
    let service = chosen(control, of).await?.name;
    answer(control.give(Deed::Order { service, order }, None).await?.sentence)
}

async fn status(control: &Control, of: Which, json: bool) -> anyhow::Result<()> {
    if json {
        return answer(serde_json::to_string(&chosen(control, of).await?)?);
    }
    if std::io::stdout().is_terminal() {
        return watch(control, of).await;
    }
    answer(drawn(control, &chosen(control, of).await?).await?)
}

/// Draws it again and again, until it is over or somebody presses Ctrl-C.
async fn watch(control: &Control, of: Which) -> anyhow::Result<()> {
    let term = Term::stdout();
    let mut drawn_lines = 0;
    loop {
        let service = chosen(control, of.clone()).await?;
        let picture = drawn(control, &service).await?;
        term.clear_last_lines(drawn_lines)?;
        if is_over(&service) {
            return answer(picture);
        }
        let lines = fitting(&picture, term.size());
        term.write_line(&lines.join("\n"))?;
        drawn_lines = lines.len();
        tokio::time::sleep(DRAWN_EVERY).await;
    }
}

/// What can be drawn over again: lines that were broken, or have left the screen, could not.
fn fitting(picture: &str, (rows, columns): (u16, u16)) -> Vec<String> {
    let room = usize::from(rows).saturating_sub(1);
    let lines = picture.trim_end().lines().map(|line| truncate_str(line, columns.into(), "…").into_owned());
    let mut lines: Vec<_> = lines.collect();
    if lines.len() > room {
        lines.truncate(room.saturating_sub(1));
        lines.push("…".to_owned());
    }
    lines
}

fn is_over(service: &ServiceView) -> bool {
    service.rollout.as_ref().is_none_or(|rollout| !rollout.is_running())
}

async fn history(control: &Control, of: Which, json: bool) -> anyhow::Result<()> {
    let records = control.history(None).await?;
    let wanted =
        records.into_iter().filter(|record| of.service.as_ref().is_none_or(|name| *name == record.service));
    for record in wanted {
        if json {
            answer(serde_json::to_string(&record)?)?;
        } else {
            answer(format_args!("{}  {}  {record}", record.at.format("%F %T UTC"), record.service))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_over_fits_the_terminal() {
        let picture = "app\n  \u{1b}[32mworks and works\u{1b}[0m\n  three\n  four\n";
        assert_eq!(fitting(picture, (24, 80)).join("\n"), picture.trim_end());
        assert_eq!(fitting(picture, (4, 10)), ["app", "  \u{1b}[32mworks a…\u{1b}[0m", "…"]);
    }
}
