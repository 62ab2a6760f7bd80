//! The steps, in the order they run, and what each needs.

use anyhow::{Context as _, Result, bail};

use super::{Context, Outcome, browser, rust, web};
use crate::services::Services;
use crate::{tidy, tools};

pub(super) struct Step {
    pub(super) name: &'static str,
    /// Steps that must have gone well, and that `--only` brings along.
    pub(super) after: &'static [&'static str],
    pub(super) run: fn(&mut Context<'_>) -> Result<Outcome>,
}

/// The web UI comes first because the server serves it; the slow browser tests come last.
///
/// A broken web UI keeps nobody from seeing what the Rust tests say: those do not name it in their `after`.
pub(super) const STEPS: &[Step] = &[
    Step { name: "tools", after: &[], run: tools },
    Step { name: "web-install", after: &[], run: web::install },
    Step { name: "web-build", after: &["web-install"], run: web::build },
    Step { name: "services", after: &["tools"], run: services },
    Step { name: "fmt", after: &[], run: rust::fmt },
    Step { name: "clippy", after: &[], run: rust::clippy },
    Step { name: "build", after: &[], run: rust::build },
    Step { name: "rust-tests", after: &["services", "build"], run: rust::tests },
    Step { name: "tidy", after: &["web-install", "build"], run: tidy },
    Step { name: "deny", after: &[], run: rust::deny },
    Step { name: "typecheck", after: &["web-install"], run: web::typecheck },
    Step { name: "lint", after: &["web-install"], run: web::lint },
    Step { name: "web-tests", after: &["web-install"], run: web::tests },
    Step { name: "browser-sqlite", after: &["tools", "web-build", "build"], run: browser::on_sqlite },
    Step { name: "browser-postgres", after: &["services", "web-build", "build"], run: browser::on_postgres },
];

/// All steps, or those in `only` with everything they need, in their usual order.
pub(super) fn selected(only: &[String]) -> Vec<&'static Step> {
    let mut wanted: Vec<&str> = only.iter().map(String::as_str).collect();
    // A step's needs stand above it, so that one walk upwards finds them all.
    for step in STEPS.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.after);
        }
    }
    STEPS.iter().filter(|step| only.is_empty() || wanted.contains(&step.name)).collect()
}

fn tools(context: &mut Context<'_>) -> Result<Outcome> {
    tools::ensure(&context.logs, &mut context.progress)?;
    Ok(Outcome::Ready)
}

fn services(context: &mut Context<'_>) -> Result<Outcome> {
    context.services = Some(Services::start()?);
    Ok(Outcome::Ready)
}

fn tidy(context: &mut Context<'_>) -> Result<Outcome> {
    let findings = tidy::check(context.repo, Some(&context.repo.mainstay()))?;
    if findings.problems.is_empty() { Ok(Outcome::Passed(findings.to_string())) } else { bail!("{findings}") }
}

/// The services, which a step that needs them names in its `after`.
pub(super) fn running<'a>(context: &'a Context<'_>) -> Result<&'a Services> {
    context.services.as_ref().context("the services are not running")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str]) -> Vec<&'static str> {
        let only: Vec<_> = only.iter().map(ToString::to_string).collect();
        selected(&only).iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_chosen_step_brings_what_it_needs_in_order() {
        assert_eq!(names(&["fmt"]), ["fmt"]);
        assert_eq!(names(&["rust-tests"]), ["tools", "services", "build", "rust-tests"]);
        assert_eq!(names(&[]).len(), STEPS.len());
    }

    #[test]
    fn every_need_stands_above_the_step_that_has_it() {
        for (position, step) in STEPS.iter().enumerate() {
            for need in step.after {
                let above = STEPS[..position].iter().any(|earlier| earlier.name == *need);
                assert!(above, "`{}` needs `{need}`, which must stand above it", step.name);
            }
        }
    }
}
