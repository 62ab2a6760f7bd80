//! Mail: what is written, and how it gets out.
//!
//! A message is stored in the same unit of work as its reason, so that neither exists without the other, and handed
//! over afterwards ([`outbox`]), by SMTP or into the development mailbox ([`Delivery`]).

mod delivery;
mod messages;
mod notices;
mod outbox;
mod remedies;

pub use delivery::{Delivery, DeliveryError};
pub(crate) use messages::{Message, StartedBy};
pub(crate) use notices::Notice;
