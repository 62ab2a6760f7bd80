//! Writing and reading the ledger.

use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use store::{Retry, Store, StoreError};

use crate::content::{self, details_hash, origin_hash};
use crate::entities::entries::Model;
use crate::queries::legible::Read;
use crate::{Action, Entry, LedgerKeys, Outcome, PublicKey, Source, queries};

/// That a person's data were erased from the ledger. Without such an entry, verifying takes what is missing for
/// tampering.
pub const PERSON_FORGET: Action = Action::new("person_forget");
/// That the beginning of the ledger was dropped, as its retention says.
pub const LEDGER_DROP: Action = Action::new("ledger_drop");

/// The actions of this room.
pub const ACTIONS: &[Action] = &[PERSON_FORGET, LEDGER_DROP];

/// Writes entries that can be verified. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(crate) ambient: Ambient,
    pub(crate) keys: LedgerKeys,
}

impl Ledger {
    /// A ledger in this time and chance, with these keys.
    pub fn new(ambient: Ambient, keys: LedgerKeys) -> Self {
        Self { ambient, keys }
    }

    /// What checks the signatures of its checkpoints.
    pub fn public_key(&self) -> PublicKey {
        self.keys.public()
    }

    /// Writes an entry. Hand it the unit of work that does what the entry tells of.
    ///
    /// # Errors
    /// When the database fails, or does not take the entry.
    pub async fn record(&self, db: &impl ConnectionTrait, entry: Entry<'_>) -> Result<(), DbErr> {
        queries::entries::insert(db, self.written(entry)).await
    }

    /// Writes an entry about something that stands alone, such as a refusal, in a unit of its own.
    ///
    /// # Errors
    /// As for [`record`](Self::record).
    pub async fn record_alone(
        &self,
        store: &Store,
        retry: &Retry,
        entry: &Entry<'_>,
    ) -> Result<(), StoreError> {
        retry
            .run(|| async {
                let unit = store.begin().await?;
                self.record(&*unit, entry.clone()).await?;
                unit.commit().await
            })
            .await
    }

    /// Takes out of a person's entries where they were, and what they did to their own account in detail: for accounts
    /// that are deleted. That something happened stays, and still verifies.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_person(&self, db: &impl ConnectionTrait, person: Uuid) -> Result<(), DbErr> {
        queries::entries::erase(db, person).await?;
        let source = Source::default();
        self.record(db, Entry::of_user(person, PERSON_FORGET, &source).by(None)).await
    }

    /// Says that the ledger begins behind this place from now on.
    pub(crate) async fn record_drop(&self, db: &impl ConnectionTrait, through: i64) -> Result<(), DbErr> {
        let source = Source::default();
        let entry = Entry {
            user_id: None,
            action: LEDGER_DROP,
            resource: "ledger",
            resource_id: None,
            outcome: Outcome::Success,
            source: &source,
            details: json!({ "through": through }),
        };
        self.record(db, entry).await
    }

    pub(crate) fn written(&self, entry: Entry<'_>) -> Model {
        let Entry { user_id, action, resource, resource_id, outcome, source, details } = entry;
        let ip_address = source.ip_address.map(|address| address.to_string());
        let user_agent = source.user_agent.as_ref().map(|agent| agent.replace('\0', ""));
        let details = Some(content::storable(&details)).filter(|details| !details.is_null());
        let salts: [u8; 32] = self.ambient.random();
        let (origin_salt, details_salt) = salts.split_at(16);
        let mut row = Model {
            sequence: None,
            id: self.ambient.new_id(),
            created_at: self.ambient.now(),
            user_id,
            action: action.as_str().to_owned(),
            resource: resource.to_owned(),
            resource_id,
            status: outcome,
            origin_hash: origin_hash(origin_salt, ip_address.as_deref(), user_agent.as_deref()).to_vec(),
            origin_salt: Some(origin_salt.to_vec()),
            ip_address,
            user_agent,
            details_hash: details_hash(details_salt, details.as_ref()).to_vec(),
            details_salt: Some(details_salt.to_vec()),
            details,
            mac: Vec::new(),
        };
        row.mac = self.keys.mac_of_entry(&content::digest(&row)).to_vec();
        row
    }
}

/// An entry that was read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its id; later entries have greater ones.
    pub id: Uuid,
    /// When it happened.
    pub created_at: Timestamp,
    /// Who did it; none for strangers, the operator at the command line, and the program itself.
    pub user_id: Option<Uuid>,
    /// The user it was done to, if it was done to one.
    pub about: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// Whether it came about.
    pub outcome: Outcome,
    /// The client's address.
    pub ip_address: Option<String>,
    /// What the client said it is.
    pub user_agent: Option<String>,
    /// What else there is to know.
    pub details: Value,
    /// Its place in the chain; none during the second until it has one.
    pub sequence: Option<i64>,
}

impl From<Model> for Record {
    fn from(row: Model) -> Self {
        let Model {
            id, created_at, user_id, action, status, ip_address, user_agent, details, sequence, ..
        } = row;
        let about = row.resource_id.filter(|_| row.resource == "user");
        let details = details.unwrap_or_default();
        Self {
            id,
            created_at,
            user_id,
            about,
            action,
            outcome: status,
            ip_address,
            user_agent,
            details,
            sequence,
        }
    }
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// What this person did, and what was done to them.
    pub person: Option<Uuid>,
    /// One of these actions; any when there is none.
    pub actions: Vec<String>,
    /// Only what came about, or only what did not.
    pub outcome: Option<Outcome>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

impl Filter {
    /// Everything about a person.
    pub fn of_person(person: Uuid) -> Self {
        Self { person: Some(person), ..Self::default() }
    }
}

/// Which part of a list: the newest `limit` entries older than `before`.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The id of the last entry of the page before.
    pub before: Option<Uuid>,
    /// How many entries.
    pub limit: u64,
}

/// A part of a list, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// What happened.
    pub records: Vec<Record>,
    /// Before which id the list goes on; none at its end.
    pub next: Option<Uuid>,
}

/// What happened, newest first.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, filter: &Filter, page: Page) -> Result<Listing, DbErr> {
    let one_more = Page { limit: page.limit + 1, ..page };
    let mut rows = queries::entries::find(db, filter, one_more).await?;
    let more = rows.len() as u64 > page.limit;
    rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
    let id = |row: &Read| row.as_ref().map_or_else(|illegible| illegible.id, |entry| Some(entry.id));
    let next = rows.last().and_then(id).filter(|_| more);
    Ok(Listing { records: records(rows), next })
}

/// All of what happened, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn find_all(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<Record>, DbErr> {
    Ok(records(queries::entries::all(db, filter).await?))
}

/// What can be read. Verifying names the rest.
fn records(rows: Vec<Read>) -> Vec<Record> {
    let (legible, illegible): (Vec<_>, Vec<_>) = rows.into_iter().partition(Result::is_ok);
    if !illegible.is_empty() {
        tracing::error!(
            target: "security",
            entries = illegible.len(),
            "entries of the audit log cannot be read; see: mainstay audit verify"
        );
    }
    legible.into_iter().flatten().map(Record::from).collect()
}
