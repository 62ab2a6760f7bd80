//! The rules of what people type, as validation sees them.

use std::sync::Arc;

use foundation::{Code, ExposeSecret as _, FieldError, Problem, SecretString, Token};
use guard::{broken, one_line};

use crate::password::{self, Context};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, User, Username};

/// How long a name that somebody gives a thing may be.
const LONGEST_NAME: usize = 100;
/// A code of either kind is shorter; more is not looked at.
pub(super) const LONGEST_CODE: usize = 64;

pub(super) fn token(text: &SecretString) -> Result<Token, AccountsError> {
    Token::parse(text.expose_secret()).ok_or(AccountsError::LinkInvalid)
}

pub(super) fn email(text: &str) -> Result<Email, Problem> {
    Email::parse(text).ok_or_else(unreadable)
}

pub(super) fn identity(email: &str, username: &str) -> Result<(Email, Username), Problem> {
    Email::parse(email).zip(Username::parse(username)).ok_or_else(unreadable)
}

/// For what validation has let through and parsing has not; the two are the same rule.
fn unreadable() -> Problem {
    Problem::new(Code::InvalidInput, "The e-mail address or the username is not valid.")
}

pub(super) fn an_address(value: &str, (): &()) -> garde::Result {
    Email::parse(value)
        .map(drop)
        .ok_or_else(|| broken("email", "must be an e-mail address, such as ada@example.org"))
}

pub(super) fn a_username(value: &str, (): &()) -> garde::Result {
    Username::parse(value).map(drop).ok_or_else(|| {
        broken("username", "must have 3 to 50 characters: letters without accents, digits, _ and -")
    })
}

pub(super) fn a_name(value: &str, (): &()) -> garde::Result {
    let fits = (1..=LONGEST_NAME).contains(&value.trim().chars().count());
    if fits && one_line(value, &()).is_ok() {
        return Ok(());
    }
    Err(broken("name", "must have 1 to 100 characters, on one line"))
}

/// That a password may be chosen by the person with this address and name.
pub(super) async fn check_password(
    accounts: &Accounts,
    visitor: &Visitor,
    field: &'static str,
    password: &SecretString,
    email: Email,
    username: Username,
) -> Result<(), Problem> {
    let context = Context { email, username, names: Arc::clone(&accounts.names) };
    let Some(weakness) = accounts.passwords.weakness(password, context, visitor.source.ip_address).await?
    else {
        return Ok(());
    };
    Err(Problem::invalid(vec![FieldError::new(field, weakness.code(), weakness.words())]))
}

/// As [`check_password`], for somebody who has an account.
pub(super) async fn check_new_password(
    accounts: &Accounts,
    visitor: &Visitor,
    password: &SecretString,
    user: &User,
) -> Result<(), Problem> {
    let (email, username) =
        (Email::from_stored(user.email.clone()), Username::from_stored(user.username.clone()));
    check_password(accounts, visitor, "new_password", password, email, username).await
}

/// That what was typed may be a password, before anything costs anything.
pub(super) fn a_length(value: &SecretString, (): &()) -> garde::Result {
    password::check_length(value.expose_secret())
        .map_err(|weakness| broken(weakness.code(), weakness.words()))
}
