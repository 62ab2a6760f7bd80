//! Where somebody may go, as others say.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;
use foundation::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

use crate::identity::Identity;
use crate::socket_io::Refusal;

/// The longest name of a room or a course.
const LONGEST: usize = 100;

/// A room: of a course, or of none. Rooms of two courses are two rooms, whatever they are called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoomName {
    course: Option<Name>,
    room: Name,
}

/// A name of letters, digits and `_ - . :`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name(Arc<str>);

impl FromStr for Name {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let is_one = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
        let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_one);
        if fits { Ok(Self(text.into())) } else { Err(NoName) }
    }
}

/// A text that names no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {LONGEST} letters, digits or any of _ - . :")]
pub struct NoName;

impl RoomName {
    /// A room.
    pub fn new(course: Option<Name>, room: Name) -> Self {
        Self { course, room }
    }

    /// The course it belongs to.
    pub fn course(&self) -> Option<&str> {
        self.course.as_ref().map(|name| &*name.0)
    }

    /// What its clients call it.
    pub fn room(&self) -> &str {
        &self.room.0
    }
}

/// The same for no two rooms.
impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.course().unwrap_or_default(), self.room())
    }
}

/// Decides who may be in a room.
#[async_trait]
pub trait Admission: Send + Sync + 'static {
    /// Whether somebody may come in. Asked again now and then while they are there.
    ///
    /// # Errors
    /// Why not.
    async fn admit(&self, who: &Identity, room: &RoomName) -> Result<(), Refusal>;
}

/// Writes down who was in which room, and when.
#[async_trait]
pub trait Attendance: Send + Sync + 'static {
    /// Somebody came.
    ///
    /// # Errors
    /// When it could not be written down: they are not let in.
    async fn joined(&self, visit: Visit<'_>) -> Result<(), Refusal>;

    /// They went. A failure is logged by whoever writes it down.
    async fn left(&self, id: Uuid, at: Timestamp);
}

/// One socket's time in a room.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// Its own.
    pub id: Uuid,
    /// Whose socket.
    pub user_id: Uuid,
    /// In which room.
    pub room: &'a RoomName,
    /// Since when.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_of_two_courses_are_two() {
        let name = |text: &str| text.parse::<Name>().expect("a name");
        let names = [
            RoomName::new(None, name("a")),
            RoomName::new(Some(name("c")), name("a")),
            RoomName::new(Some(name("d")), name("a")),
        ];
        assert_eq!(names.each_ref().map(ToString::to_string), ["/a", "c/a", "d/a"]);
    }

    #[test]
    fn what_names_no_room_is_refused() {
        for text in ["", "a/b", "a b", "ä", "a\n", &"a".repeat(101)] {
            assert_eq!(text.parse::<Name>(), Err(NoName), "{text:?}");
        }
    }
}
