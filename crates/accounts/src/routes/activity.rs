//! What happened: to an account, and to everybody.

use axum::Json;
use axum::extract::{Path, State};
use foundation::problem::ProblemDocument;
use foundation::{Problem, Timestamp, Uuid};
use garde::Validate;
use guard::{ValidQuery, broken};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::device::Device;
use crate::identity::{Admin, SignedIn};
use crate::people::is_by_operator;
use crate::{Accounts, AccountsError};

/// How many entries there are on a page at most.
const MOST: u64 = 100;
const USUAL: u64 = 20;
/// No action has a longer name.
const LONGEST_ACTION: usize = 100;

/// Which part of a list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// What `next` of the page before was.
    #[garde(skip)]
    pub(super) after: Option<Uuid>,
    /// How many: 1 to 100.
    #[garde(skip)]
    pub(super) limit: Option<u64>,
}

impl Part {
    /// How many were asked for, within what there may be.
    pub(super) fn limit(&self) -> u64 {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }

    fn page(&self) -> audit::Page {
        audit::Page { before: self.after, limit: self.limit() }
    }
}

/// Which part of the audit log.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditPart {
    /// What this user did, and what was done to them.
    #[garde(skip)]
    person: Option<Uuid>,
    /// Only this action.
    #[garde(inner(custom(an_action)))]
    action: Option<String>,
    /// Only what came about, or only what did not.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    outcome: Option<audit::Outcome>,
    /// Not before this moment; a day is its beginning in UTC.
    #[garde(skip)]
    #[serde(default, deserialize_with = "guard::moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this moment; a day is its beginning in UTC.
    #[garde(skip)]
    #[serde(default, deserialize_with = "guard::moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// What `next` of the page before was.
    #[garde(skip)]
    after: Option<Uuid>,
    /// How many: 1 to 100.
    #[garde(skip)]
    limit: Option<u64>,
}

fn an_action(name: &str, (): &()) -> garde::Result {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=LONGEST_ACTION).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    Err(broken("action", "must be the name of an action, such as sign_in"))
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ActivityEntry {
    /// Its id.
    id: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What, in a word that never changes.
    action: String,
    /// Whether it came about.
    #[schema(value_type = String)]
    outcome: audit::Outcome,
    /// Who did it; none for strangers, for the operator and for the program itself.
    by: Option<Actor>,
    /// To whose account, if it is another one than this history is of.
    about: Option<Actor>,
    /// Whether it was done at the command line of the server.
    by_operator: bool,
    /// From where.
    ip_address: Option<String>,
    /// With which browser.
    browser: Option<String>,
    /// On which system.
    system: Option<&'static str>,
    /// What else there is to know.
    #[schema(value_type = Object)]
    details: serde_json::Value,
}

/// Who did something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Actor {
    /// Their id.
    id: Uuid,
    /// Their name.
    username: String,
}

/// A page of what happened, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Activity {
    /// What happened.
    entries: Vec<ActivityEntry>,
    /// How to ask for what happened before; none at the end.
    next: Option<Uuid>,
}

/// What happened to my account.
#[utoipa::path(get, path = "/api/auth/activity", tag = "accounts", params(Part), responses(
    (status = 200, body = Activity),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn own_activity(
    State(accounts): State<Accounts>,
    who: SignedIn,
    ValidQuery(part): ValidQuery<Part>,
) -> Result<Json<Activity>, Problem> {
    let listing = accounts.own_history_of(who.user.id, part.page()).await?;
    Ok(Json(activity(&accounts, Some(who.user.id), listing).await?))
}

/// What happened to somebody's account.
#[utoipa::path(get, path = "/api/admin/users/{id}/activity", tag = "administration", params(Part), responses(
    (status = 200, body = Activity),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn user_activity(
    State(accounts): State<Accounts>,
    _admin: Admin,
    Path(id): Path<Uuid>,
    ValidQuery(part): ValidQuery<Part>,
) -> Result<Json<Activity>, Problem> {
    let listing = accounts.history_of(id, part.page()).await?;
    Ok(Json(activity(&accounts, Some(id), listing).await?))
}

/// What happened to anybody.
#[utoipa::path(get, path = "/api/admin/audit", tag = "administration", params(AuditPart), responses(
    (status = 200, body = Activity),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn audit_log(
    State(accounts): State<Accounts>,
    _admin: Admin,
    ValidQuery(wanted): ValidQuery<AuditPart>,
) -> Result<Json<Activity>, Problem> {
    let AuditPart { person, action, outcome, from, until, after, limit } = wanted;
    let filter = audit::Filter { person, actions: action.into_iter().collect(), outcome, from, until };
    let part = Part { after, limit };
    let listing = accounts.audit_log(&filter, part.page()).await?;
    Ok(Json(activity(&accounts, person, listing).await?))
}

async fn activity(
    accounts: &Accounts,
    person: Option<Uuid>,
    audit::Listing { records, next }: audit::Listing,
) -> Result<Activity, AccountsError> {
    let ids: Vec<_> = records.iter().flat_map(|record| [record.user_id, record.about]).flatten().collect();
    let names = accounts.usernames(&ids).await?;
    let actor = |id: Uuid| {
        let (_, username) = names.iter().find(|(known, _)| *known == id)?;
        Some(Actor { id, username: username.clone() })
    };
    let entries = records.into_iter().map(|record| {
        let by_operator = is_by_operator(&record);
        let device = Device::of(record.user_agent.as_deref().unwrap_or_default());
        ActivityEntry {
            id: record.id,
            at: record.created_at,
            action: record.action,
            outcome: record.outcome,
            by: record.user_id.and_then(actor),
            by_operator,
            about: record.about.filter(|about| Some(*about) != person).and_then(actor),
            ip_address: record.ip_address,
            browser: device.browser,
            system: device.system,
            details: record.details,
        }
    });
    Ok(Activity { entries: entries.collect(), next })
}
