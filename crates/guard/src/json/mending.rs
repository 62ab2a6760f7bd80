//! Finds everything that is wrong with what was sent, although serde stops at the first refusal.
//!
//! Each refusal is noted, what was refused is mended, and the type is read again, until it can be made. Then its rules
//! tell the rest. The value that is made of mended parts serves for that alone and never leaves this module.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::mistakes::Mistakes;
use super::node::{Members, Node};
use super::path::{Path, Step};
use super::refusal::{Reason, Refusal};
use super::rules;
use super::stand_in::StandIn;

/// How often a type is read again at most, and how many bytes that may be in all: reading costs time in proportion to
/// what was sent, and whoever sends it decides how much is wrong with it.
const MOST_READINGS: usize = 200;
const MOST_WORK: usize = 4 * 1024 * 1024;

/// Everything that is wrong with what was sent in `size` bytes, of which the first refusal is known.
pub(super) fn mistakes<T>(mut sent: Node<'_>, size: usize, first: Refusal) -> Mistakes
where
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    let mut found = Mistakes::default();
    let mut stood_in_for = BTreeSet::new();
    let mut refusal = first;
    for _ in 0..(MOST_WORK / size.max(1)).clamp(1, MOST_READINGS) {
        found.note(&refusal);
        if found.are_enough() || !mend(&mut sent, &refusal, &mut stood_in_for) {
            return found;
        }
        refusal = match T::deserialize(&sent) {
            Ok(value) => {
                found.add_rules(rules::broken_by(&value, &sent));
                return found;
            }
            Err(next) => next,
        };
    }
    found.and_more();
    found
}

/// Changes what was refused, so that the next reading gets past it. Not always possible: then the answer is `false`.
fn mend(sent: &mut Node<'_>, refusal: &Refusal, stood_in_for: &mut BTreeSet<Path>) -> bool {
    let place = refusal.place();
    if let Reason::Missing(name) = refusal.reason() {
        return sent.at(&place).is_some_and(|object| complete(object, name));
    }
    if refusal.is_of_name() {
        return remove(sent, &place);
    }
    if place.is_empty() {
        return false;
    }
    match sent.at(&place) {
        Some(Node::StandIn(stand_in)) => stand_in.try_another(),
        Some(refused) => {
            *refused = Node::StandIn(StandIn::default());
            stood_in_for.insert(place)
        }
        None => false,
    }
}

/// Gives an object a member that it lacks.
fn complete(object: &mut Node<'_>, name: &'static str) -> bool {
    if let Node::StandIn(_) = object {
        *object = Node::Object(Members::default());
    }
    let Node::Object(members) = object else { return false };
    members.0.insert(Cow::Borrowed(name), Node::StandIn(StandIn::default())).is_none()
}

/// Removes a member of an object.
fn remove(sent: &mut Node<'_>, place: &[Step]) -> bool {
    let Some((Step::Member(name), object)) = place.split_last() else { return false };
    match sent.at(object) {
        Some(Node::Object(members)) => members.0.remove(name.as_str()).is_some(),
        _ => false,
    }
}
