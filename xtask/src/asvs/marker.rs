//! What a marker says: `ASVS 6.5.1, 6.5.2 - a note`.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) ids: Vec<String>,
    /// It says that the requirements do not concern Mainstay; then the note says why.
    pub(super) not_applicable: bool,
    pub(super) note: Option<String>,
}

const DASHES: [&str; 3] = [" - ", " – ", " — "];

impl Marker {
    /// What is missing, when the note says that its evidence shows a part only.
    pub(super) fn missing(&self) -> Option<&str> {
        self.note.as_deref()?.strip_prefix("partly: ")
    }
}

/// The marker in the text of a comment; nothing when the comment is about something else.
pub(super) fn read(comment: &str) -> Option<Result<Marker, &'static str>> {
    let rest = comment.trim().strip_prefix("ASVS")?;
    rest.starts_with([' ', ':']).then(|| parse(rest))
}

fn parse(text: &str) -> Result<Marker, &'static str> {
    let (numbers, note) = split_note(text);
    let numbers = numbers.trim();
    let (numbers, not_applicable) = match numbers.strip_suffix(" n/a") {
        Some(numbers) => (numbers, true),
        None => (numbers, false),
    };
    let ids: Vec<_> = numbers.split(',').map(|id| id.trim().to_owned()).collect();
    if !ids.iter().all(|id| is_number(id)) {
        return Err("a marker is `ASVS 6.5.1, 6.5.2`, and may have ` - a note` behind it");
    }
    if not_applicable && note.is_none() {
        return Err("`n/a` needs its reason: `ASVS 6.5.1 n/a - why`");
    }
    Ok(Marker { ids, not_applicable, note })
}

/// The part before the first dash between spaces, and the part behind it.
fn split_note(text: &str) -> (&str, Option<String>) {
    let first = DASHES.iter().filter_map(|dash| Some((text.find(dash)?, dash.len()))).min();
    match first {
        Some((at, length)) => (&text[..at], Some(text[at + length..].trim().to_owned())),
        None => (text, None),
    }
}

fn is_number(id: &str) -> bool {
    let parts: Vec<_> = id.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(comment: &str) -> Marker {
        read(comment).expect("a marker").expect("a good one")
    }

    #[test]
    fn numbers_and_notes_are_told_apart() {
        let plain = marker(" ASVS 6.5.1, 6.5.2 ");
        assert_eq!((plain.ids.join(" ").as_str(), plain.note), ("6.5.1 6.5.2", None));
        let noted = marker("ASVS 6.5.5 - period 30 s - one step of delay allowed");
        assert_eq!(noted.note.as_deref(), Some("period 30 s - one step of delay allowed"));
        assert_eq!(marker("ASVS 6.5.5 — thirty seconds").note.as_deref(), Some("thirty seconds"));
    }

    #[test]
    fn a_note_may_say_that_something_is_missing() {
        assert_eq!(
            marker("ASVS 6.3.8 - partly: no test measures time").missing(),
            Some("no test measures time")
        );
        assert_eq!(marker("ASVS 6.3.8 - in part").missing(), None);
    }

    #[test]
    fn what_does_not_apply_says_why() {
        let refused = marker("ASVS 4.2.2 n/a - there is no HTTP/2");
        assert!(refused.not_applicable);
        assert_eq!(refused.note.as_deref(), Some("there is no HTTP/2"));
        assert!(read("ASVS 4.2.2 n/a").unwrap().is_err());
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_not_passed_over() {
        for comment in ["ASVS 5.0, 7.2.4", "ASVS: 6.5.1", "ASVS V6.5.1", "ASVS 6.5.1 6.5.2", "ASVS 6.5.1,"] {
            assert!(read(comment).unwrap().is_err(), "{comment}");
        }
        assert_eq!(read("(OWASP ASVS 5.0, 7.2.4)."), None);
        assert_eq!(read("ASVSX"), None);
    }
}
