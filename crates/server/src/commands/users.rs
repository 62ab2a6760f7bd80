//! `mainstay users ...`.

use std::io::Write as _;

use accounts::{Accounts, AccountsError, Actor, AdminUser, Email, Measure, Role, WaysIn};
use anyhow::anyhow;
use foundation::Timestamp;
use serde::Serialize;

use super::history::{Happened, named};
use super::{answer, open_existing};
use crate::Config;
use crate::cli::{UserRole, Users};

/// How much of what happened is shown.
const SHOWN: u64 = 20;

pub(super) async fn run(config: Config, command: &Users) -> anyhow::Result<()> {
    let opened = open_existing(config).await?;
    match command {
        Users::List { .. } | Users::Show { .. } => opened.ensure_current().await?,
        _ => drop(opened.migrate().await?),
    }
    let public_url = opened.config.server.url_at(opened.config.server.listen);
    let app = opened.app(public_url).await?;
    let accounts = app.accounts();
    match command {
        Users::List { search, limit, json } => list(accounts, search, *limit, *json).await?,
        Users::Show { user, json } => show(accounts, user, *json).await?,
        Users::Disable { user } => measure(accounts, user, Measure::Disable, "is disabled").await?,
        Users::Enable { user } => measure(accounts, user, Measure::Enable, "is enabled").await?,
        Users::EndSessions { user } => {
            measure(accounts, user, Measure::EndSessions, "is signed out everywhere").await?;
        }
        Users::RevokeTokens { user } => {
            measure(accounts, user, Measure::RevokeTokens, "has no access tokens any more").await?;
        }
        Users::StartReset { user } => {
            let done = "gets a link to choose a new password, by mail within a minute, if a server runs";
            measure(accounts, user, Measure::StartReset, done).await?;
        }
        Users::StartRecovery { user } => {
            let done = "gets a link to remove the second factor, by mail within a minute, if a server runs";
            measure(accounts, user, Measure::StartRecovery, done).await?;
        }
        Users::SetEmail { user, address } => set_email(accounts, user, address).await?,
        Users::Role { user, role } => {
            let role = match role {
                UserRole::User => Role::User,
                UserRole::Instructor => Role::Instructor,
                UserRole::Admin => Role::Admin,
            };
            measure(accounts, user, Measure::SetRole(role), "has this role now").await?;
        }
    }
    opened.store.close().await;
    Ok(())
}

async fn list(accounts: &Accounts, search: &str, limit: u64, json: bool) -> anyhow::Result<()> {
    // One more than is shown tells whether there are more.
    let mut users = accounts.find_users(search, None, limit + 1).await?;
    let more = users.len() as u64 > limit;
    users.truncate(usize::try_from(limit)?);
    if json {
        answer(serde_json::to_string_pretty(&users)?)?;
    } else if users.is_empty() {
        answer(if search.is_empty() { "There are no users yet." } else { "There is nobody like that." })?;
    } else {
        answer(users.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    }
    if more {
        // Beside the answer: a script must not take it for a user.
        let _ = writeln!(std::io::stderr(), "… and more: --limit, or a part of the name");
    }
    Ok(())
}

/// A user, and what happened to their account, newest first.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    user: AdminUser,
    ways_in: WaysIn,
    activity: Vec<Happened>,
}

async fn show(accounts: &Accounts, name: &str, json: bool) -> anyhow::Result<()> {
    let user = find(accounts, name).await?;
    let ways_in = accounts.ways_in_of(user.user.id).await?;
    let page = audit::Page { before: None, limit: SHOWN };
    let audit::Listing { records, next } = accounts.history_of(user.user.id, page).await?;
    let activity = named(accounts, records).await?;
    if json {
        return answer(serde_json::to_string_pretty(&Shown { user, ways_in, activity })?);
    }
    answer(line(&user))?;
    answer(about(&user, ways_in))?;
    activity
        .iter()
        .try_for_each(|happened| answer(format_args!("  {}", happened.line(Some(user.user.id)))))?;
    if next.is_some() {
        answer("  … and more before: mainstay audit tail --person USER --limit 1000")?;
    }
    Ok(())
}

/// What a list has no room for.
fn about(user: &AdminUser, ways_in: WaysIn) -> String {
    let time = |at: Timestamp| at.format("%F %T UTC").to_string();
    let mut parts = vec![format!("member since {}", time(user.user.created_at))];
    parts.push(user.last_seen_at.map_or("not seen yet".to_owned(), |at| format!("last seen {}", time(at))));
    parts.extend(user.disabled_at.map(|at| format!("disabled since {}", time(at))));
    let WaysIn { sessions, passkeys, tokens } = ways_in;
    parts.push(format!("sessions {sessions}, passkeys {passkeys}, access tokens {tokens}"));
    format!("  {}\n", parts.join("; "))
}

async fn measure(accounts: &Accounts, name: &str, measure: Measure, done: &str) -> anyhow::Result<()> {
    let user = find(accounts, name).await?;
    accounts.take_measure(&Actor::operator(), user.user.id, measure).await.map_err(|error| match error {
        AccountsError::LastAdministrator => {
            anyhow!("{name} is the last administrator; make somebody else one first: mainstay users role USER admin")
        }
        AccountsError::NotEnabled => anyhow!("{name} has no second factor; there is nothing to recover"),
        AccountsError::Disabled => {
            anyhow!("{name} is disabled, a link would not work; enable the account first: mainstay users enable {name}")
        }
        other => other.into(),
    })?;
    answer(format_args!("{} {done}", user.user.username))
}

async fn set_email(accounts: &Accounts, name: &str, address: &str) -> anyhow::Result<()> {
    let email = Email::parse(address).ok_or_else(|| anyhow!("{address} is no e-mail address"))?;
    let user = find(accounts, name).await?;
    accounts.set_email(user.user.id, &email).await.map_err(|error| match error {
        AccountsError::EmailTaken => anyhow!("another account has the address {email}"),
        other => other.into(),
    })?;
    answer(format_args!("{} has the address {email} now, and is signed out everywhere", user.user.username))
}

pub(super) async fn find(accounts: &Accounts, name: &str) -> anyhow::Result<AdminUser> {
    accounts.user_called(name).await.map_err(|error| unknown(name, error))
}

/// Says how to find somebody who is not called so.
pub(super) fn unknown(name: &str, error: AccountsError) -> anyhow::Error {
    match error {
        AccountsError::NotFound => {
            anyhow!("there is no user {name}; look for one with: mainstay users list PART_OF_THE_NAME")
        }
        other => other.into(),
    }
}

fn line(user: &AdminUser) -> String {
    let role = match user.user.role {
        Role::User => "user",
        Role::Instructor => "instructor",
        Role::Admin => "admin",
    };
    let second_factor = if user.second_factor { "second factor" } else { "password only" };
    let state = if user.disabled_at.is_some() { "  disabled" } else { "" };
    format!("{}  {}  {}  {role}  {second_factor}{state}", user.user.id, user.user.email, user.user.username)
}
