//! `mainstay users ...`.

use accounts::{Accounts, AccountsError, Actor, AdminUser, Measure, Role};
use anyhow::anyhow;

use super::{answer, open};
use crate::Config;
use crate::cli::{UserRole, Users};

/// How much of what happened is shown.
const SHOWN: u64 = 20;

pub(super) async fn run(config: Config, command: &Users) -> anyhow::Result<()> {
    let opened = open(config).await?;
    opened.migrate().await?;
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
            measure(accounts, user, Measure::StartReset, "gets a link by mail, to choose a new password")
                .await?;
        }
        Users::StartRecovery { user } => {
            let done = "gets a link by mail, to remove the second factor";
            measure(accounts, user, Measure::StartRecovery, done).await?;
        }
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
    let users = accounts.find_users(search, None, limit).await?;
    if json {
        answer(serde_json::to_string_pretty(&users)?)
    } else if users.is_empty() {
        answer("There is nobody like that.")
    } else {
        answer(users.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

async fn show(accounts: &Accounts, name: &str, json: bool) -> anyhow::Result<()> {
    let user = find(accounts, name).await?;
    if json {
        return answer(serde_json::to_string_pretty(&user)?);
    }
    answer(line(&user))?;
    let page = audit::Page { before: None, limit: SHOWN };
    for entry in accounts.history_of(user.user.id, page).await? {
        let (when, address) = (entry.created_at.format("%F %T UTC"), entry.ip_address.unwrap_or_default());
        let outcome = match entry.outcome {
            audit::Outcome::Success => "done",
            audit::Outcome::Failure => "refused",
        };
        answer(format_args!("  {when}  {}  {outcome}  {address}", entry.action))?;
    }
    Ok(())
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

async fn find(accounts: &Accounts, name: &str) -> anyhow::Result<AdminUser> {
    accounts.user_called(name).await.map_err(|error| match error {
        AccountsError::NotFound => {
            anyhow!("there is no user {name}; look for one with: mainstay users list PART_OF_THE_NAME")
        }
        other => other.into(),
    })
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
