//! Reads a value of a type, and says in our words which field does not fit.
//!
//! serde describes errors only as text, and that text quotes the value. So nothing of it is passed on but what is
//! known to come from the program: the part after the last `, expected `, and the names of fields.

use foundation::FieldError;
use serde::de::DeserializeOwned;
use serde_path_to_error::Path;

/// Reads a text that is known to be JSON.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, FieldError> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| explain(error.path(), &error.inner().to_string()))
}

fn explain(path: &Path, said: &str) -> FieldError {
    let said = said.rsplit_once(" at line ").map_or(said, |(before, _)| before);
    let expected = said.rsplit_once(", expected ").map(|(_, expected)| expected);
    let (field, code, message) = if said.starts_with("missing field ") {
        (join(path, quoted(said).next()), "missing", "is missing".to_owned())
    } else if said.starts_with("unknown field ") {
        (join(path, None), "unknown", "is not known here".to_owned())
    } else if said.starts_with("duplicate field ") {
        (join(path, None), "duplicate", "is given more than once".to_owned())
    } else if said.starts_with("unknown variant ") {
        let choices: Vec<&str> = expected.map(quoted).into_iter().flatten().collect();
        (join(path, None), "choice", format!("must be one of: {}", choices.join(", ")))
    } else if said.starts_with("invalid type: ") {
        (join(path, None), "type", expected.map_or_else(not_valid, must_be))
    } else if said.starts_with("invalid value: ") {
        (join(path, None), "value", expected.map_or_else(not_valid, must_be))
    } else if said.starts_with("invalid length ") && expected.is_some_and(|it| it.starts_with("struct ")) {
        (join(path, None), "type", must_be("a map"))
    } else if said.starts_with("invalid length ") {
        (join(path, None), "length", "has the wrong number of entries".to_owned())
    } else {
        (join(path, None), "invalid", not_valid())
    };
    FieldError::new(super::shown(&field), code, message)
}

fn not_valid() -> String {
    "is not valid".to_owned()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// A path as `list[0].name`; serde writes `.` for the whole.
fn join(path: &Path, name: Option<&str>) -> String {
    match (path.to_string(), name) {
        (whole, None) if whole == "." => super::WHOLE_BODY.to_owned(),
        (whole, Some(name)) if whole == "." => name.to_owned(),
        (path, None) => path,
        (path, Some(name)) => format!("{path}.{name}"),
    }
}

/// serde's word for a type, for those who do not write Rust.
fn must_be(expected: &str) -> String {
    let word = match expected {
        "a string" | "a borrowed string" => "must be a string",
        "a boolean" => "must be true or false",
        "a character" => "must be a single character",
        "f32" | "f64" => "must be a number",
        "u8" => "must be a whole number from 0 to 255",
        "u16" => "must be a whole number from 0 to 65535",
        "u32" => "must be a whole number from 0 to 4294967295",
        "u64" | "u128" | "usize" => "must be a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "must be a whole number",
        "a map" => "must be an object",
        "a sequence" => "must be a list",
        "unit" => "must be null",
        _ if expected.starts_with("struct ") => "must be an object",
        _ if expected.starts_with("an array") || expected.starts_with("a tuple") => "must be a list",
        // Names of our types and their parts are nobody's business.
        _ if ["struct", "enum", "variant", "tag", "::"].iter().any(|word| expected.contains(word)) => {
            "is not valid"
        }
        _ if expected.starts_with("a ") || expected.starts_with("an ") => {
            return format!("must be {expected}");
        }
        _ => "is not valid",
    };
    word.to_owned()
}
