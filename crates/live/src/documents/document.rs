//! One shared document, and whether a change of it may be believed.
//!
//! A change is bytes of a stranger. The library that reads them (`yrs`) is made for friends: there are changes that it takes,
//! and that make everything it does with the document afterwards panic. So a change is tried on a twin first, and
//! everything is asked of the twin that will be asked of the document; only then is the document changed.

use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};

use thiserror::Error;
use yrs::block::ClientID;
use yrs::updates::decoder::Decode as _;
use yrs::updates::encoder::Encode as _;
use yrs::{Doc, Options, Out, ReadTxn as _, StateVector, Transact as _, Update};

use super::DocumentConfig;
use super::quiet::quietly;

/// The id of this side, which never changes a document by itself.
const OURS: u64 = 1;

/// Why a change is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Refused {
    /// It is larger than is accepted.
    #[error("The change is larger than is accepted")]
    TooLarge,
    /// The document would be larger than is accepted.
    #[error("The document would become larger than is accepted")]
    Full,
    /// It is no change at all.
    #[error("This is no change of a document")]
    Malformed,
    /// It builds on something that is not here.
    #[error("The change builds on something that is missing here: open the document again")]
    Incomplete,
    /// It is about something that the document does not have.
    #[error("The change is about a part that this document does not have")]
    UnknownPart,
    /// It would break the document.
    #[error("The change would break the document")]
    Harmful,
}

impl Refused {
    /// A stable name of it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "update_too_large",
            Self::Full => "document_full",
            Self::Malformed => "update_malformed",
            Self::Incomplete => "update_incomplete",
            Self::UnknownPart => "update_unknown_part",
            Self::Harmful => "update_harmful",
        }
    }
}

/// A document and its twin.
pub(crate) struct Document {
    rules: DocumentConfig,
    live: Doc,
    twin: Doc,
}

impl Document {
    /// An empty document.
    pub(crate) fn new(rules: DocumentConfig) -> Self {
        let (live, twin) = (empty(&rules), empty(&rules));
        Self { rules, live, twin }
    }

    /// Takes a change, if it may be believed. Otherwise the document is as it was.
    pub(crate) fn admit(&mut self, update: &[u8]) -> Result<(), Refused> {
        if update.len() > self.rules.max_update_bytes {
            return Err(Refused::TooLarge);
        }
        self.take(update)
    }

    /// Takes a change that was admitted before, here or elsewhere, and may have been put together from many. It is looked at
    /// with the same care but for its size.
    pub(crate) fn take(&mut self, update: &[u8]) -> Result<(), Refused> {
        let done = try_on(&self.twin, update, &self.rules).and_then(|()| change(&self.live, update));
        if done.is_err() {
            self.twin = self.copy()?;
        }
        done
    }

    /// All of it, as one change of an empty document.
    pub(crate) fn whole(&self) -> Result<Vec<u8>, Refused> {
        self.difference_to(&StateVector::default())
    }

    /// What somebody lacks who has seen so much, as a state vector says.
    pub(crate) fn difference(&self, state_vector: &[u8]) -> Result<Vec<u8>, Refused> {
        if state_vector.len() > self.rules.max_update_bytes {
            return Err(Refused::TooLarge);
        }
        let decoded = carefully(|| StateVector::decode_v1(state_vector).map_err(|_| Refused::Malformed));
        self.difference_to(&decoded?)
    }

    fn difference_to(&self, seen: &StateVector) -> Result<Vec<u8>, Refused> {
        carefully(|| Ok(self.live.transact().encode_state_as_update_v1(seen)))
    }

    /// How much of it there is, as a state vector.
    pub(crate) fn state_vector(&self) -> Vec<u8> {
        self.live.transact().state_vector().encode_v1()
    }

    /// The document without what a refused change left in the twin.
    fn copy(&self) -> Result<Doc, Refused> {
        let twin = empty(&self.rules);
        change(&twin, &self.whole()?)?;
        Ok(twin)
    }
}

/// A document with nothing in its texts.
fn empty(rules: &DocumentConfig) -> Doc {
    let doc = Doc::with_options(Options { client_id: ClientID::new(OURS), ..Options::default() });
    for text in &rules.texts {
        doc.get_or_insert_text(text.as_str());
    }
    doc
}

/// Changes the twin, and asks everything of it that will be asked of the document.
fn try_on(twin: &Doc, update: &[u8], rules: &DocumentConfig) -> Result<(), Refused> {
    change(twin, update)?;
    carefully(|| {
        let twin = twin.transact();
        if twin.store().pending_update().is_some() || twin.store().pending_ds().is_some() {
            return Err(Refused::Incomplete);
        }
        let is_known = |(name, part): (&str, Out)| {
            matches!(part, Out::YText(_)) && rules.texts.iter().any(|text| text == name)
        };
        if !twin.root_refs().all(is_known) {
            return Err(Refused::UnknownPart);
        }
        let whole = twin.encode_state_as_update_v1(&StateVector::default());
        if whole.len() > rules.max_document_bytes { Err(Refused::Full) } else { Ok(()) }
    })
}

/// Changes a document. A transaction in which something panicked must not end: it would go on with what is half done, and
/// panic again while it is cleaned up, which ends the process. It is left where it is, with the twin that it holds.
fn change(doc: &Doc, update: &[u8]) -> Result<(), Refused> {
    let update = carefully(|| Update::decode_v1(update).map_err(|_| Refused::Malformed))?;
    carefully(|| {
        let mut transaction = ManuallyDrop::new(doc.transact_mut());
        let done = transaction.apply_update(update).map_err(|_| Refused::Malformed);
        transaction.commit();
        drop(ManuallyDrop::into_inner(transaction));
        done
    })
}

/// Does something with what a stranger sent. A panic is a refusal.
fn carefully<T>(work: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    // What a panic leaves half done is thrown away by whoever called.
    quietly(|| catch_unwind(AssertUnwindSafe(work))).unwrap_or(Err(Refused::Harmful))
}

#[cfg(test)]
mod tests;
