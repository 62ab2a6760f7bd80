//! What cells are, and why a column gets its type, in words. Pure.

use super::Misfits;
use super::fit::{Known, Misfitting};
use crate::codec::{Codec, MomentForm, like};
use crate::profile::excerpt;
use crate::{Blobs, Meaning, Reals, Reason, Spelling, Texts, moment};

/// A number in groups of three digits.
pub(super) fn grouped(number: impl Into<i128>) -> String {
    let number = number.into().to_string();
    let (sign, digits) = number.split_at(usize::from(number.starts_with('-')));
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = if first > 0 { vec![&digits[..first]] } else { vec![] };
    groups.extend((first..digits.len()).step_by(3).map(|start| &digits[start..start + 3]));
    format!("{sign}{}", groups.join(","))
}

/// `1 row`, `1,204 rows`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// `58.1 MB`
pub(super) fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{}.{} {name}", grouped(bytes / unit), bytes % unit * 10 / unit),
        None => counted(bytes, "byte"),
    }
}

/// A declared type as it is shown.
pub(super) fn declared(declared: &str) -> String {
    if declared.trim().is_empty() { "no type".to_owned() } else { excerpt(declared.trim()) }
}

/// A name as it is shown: in quotes where it could not be seen otherwise.
pub(super) fn shown_name(name: &str) -> String {
    let name = excerpt(name);
    if name.trim() == name && !name.is_empty() { name } else { format!("\"{name}\"") }
}

/// What the cells of a column are that is moved as this.
pub(super) fn cells(codec: Codec, known: &Known<'_>) -> String {
    let profile = known.profile;
    let nulls = (profile.nulls > 0).then(|| counted(profile.nulls, "NULL"));
    let kinds = [
        integers(codec, known),
        reals(&profile.reals, known.meaning),
        texts(&profile.texts, known.meaning),
        blobs(&profile.blobs),
        nulls,
    ];
    let said: Vec<String> = kinds.into_iter().flatten().collect();
    if said.is_empty() { "no rows".to_owned() } else { said.join(", ") }
}

fn integers(codec: Codec, known: &Known<'_>) -> Option<String> {
    let integers = &known.profile.integers;
    let (least, greatest) = (integers.least, integers.greatest);
    let form = match codec {
        Codec::Moment(form) => Some(form),
        _ if known.meaning == Meaning::Timestamp => {
            Some(MomentForm::counting(known.profile.integers.farthest()))
        }
        _ => None,
    };
    let moments = form.and_then(|form| Some((form.unit()?, form.day(least)?, form.day(greatest)?)));
    let said = match moments {
        _ if integers.count == 0 => return None,
        Some((unit, from, to)) if from == to => format!(" ({unit}, of {from})"),
        Some((unit, from, to)) => format!(" ({unit}, {from} to {to})"),
        None if integers.count == 1 => format!(" ({})", grouped(least)),
        None if least == greatest => format!(" (all {})", grouped(least)),
        None => format!(" from {} to {}", grouped(least), grouped(greatest)),
    };
    Some(format!("{}{said}", counted(integers.count, "integer")))
}

impl MomentForm {
    fn unit(self) -> Option<&'static str> {
        match self {
            Self::Seconds => Some("s"),
            Self::Milliseconds => Some("ms"),
            Self::Text(_) => None,
        }
    }

    /// The day that an integer means.
    fn day(self, integer: i64) -> Option<String> {
        let micros = match self {
            Self::Seconds => integer.checked_mul(1_000_000),
            Self::Milliseconds => integer.checked_mul(1000),
            Self::Text(_) => None,
        };
        moment::write(micros?, Spelling::Date)
    }
}

fn reals(reals: &Reals, meaning: Meaning) -> Option<String> {
    let is_moment = matches!(meaning, Meaning::Timestamp | Meaning::Date | Meaning::Time);
    let more = [
        (is_moment && reals.julian == reals.count).then(|| "days of Julian's count".to_owned()),
        (reals.whole > 0 && !matches!(meaning, Meaning::Real))
            .then(|| format!("{} whole", grouped(reals.whole))),
        (reals.infinite > 0).then(|| format!("{} infinite", grouped(reals.infinite))),
    ];
    (reals.count > 0).then(|| with(counted(reals.count, "real"), &more))
}

/// Something, with more about it in brackets.
fn with(said: String, more: &[Option<String>]) -> String {
    let more: Vec<&str> = more.iter().flatten().map(String::as_str).collect();
    if more.is_empty() { said } else { format!("{said} ({})", more.join(", ")) }
}

fn texts(texts: &Texts, meaning: Meaning) -> Option<String> {
    let forms = &texts.forms;
    let more = [
        (texts.with_nul > 0).then(|| format!("{} with U+0000", grouped(texts.with_nul))),
        (texts.not_utf8 > 0).then(|| format!("{} no UTF-8", grouped(texts.not_utf8))),
        (forms.decimals == texts.count && meaning != Meaning::Json).then(|| "numbers".to_owned()),
    ];
    let mut said = Vec::new();
    if forms.uuid > 0 && (meaning == Meaning::Uuid || forms.uuid == texts.count) {
        said.push((forms.uuid, counted(forms.uuid, "UUID")));
    }
    if forms.json > 0 && meaning == Meaning::Json {
        said.push((forms.json, counted(forms.json, "JSON document")));
    }
    let alike: u64 = forms.moments.values().sum();
    if matches!(meaning, Meaning::Timestamp | Meaning::Date | Meaning::Time) || alike == texts.count {
        said.extend(spelled(texts));
    }
    let others = texts.count - said.iter().map(|(count, _)| count).sum::<u64>();
    let mut said: Vec<String> = said.into_iter().map(|(_, said)| said).collect();
    if others > 0 {
        let noun = match (texts.longest, said.is_empty()) {
            (0, _) => "empty text",
            (_, true) => "text",
            (_, false) => "other text",
        };
        said.push(with(format!("{}{}", counted(others, noun), shown(texts)), &more));
    }
    (!said.is_empty()).then(|| said.join(", "))
}

/// How many spellings are told apart.
const MOST_SPELLINGS: usize = 3;

/// Moments by their spelling, the commonest first. The examples are none of the cells.
fn spelled(texts: &Texts) -> Vec<(u64, String)> {
    let mut spellings: Vec<(Spelling, u64)> =
        texts.forms.moments.iter().map(|(spelling, count)| (*spelling, *count)).collect();
    spellings.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rest: Vec<_> = spellings.split_off(spellings.len().min(MOST_SPELLINGS));
    let one = |(spelling, count)| (count, format!("{} like {}", counted(count, "text"), like(spelling)));
    let mut said: Vec<_> = spellings.into_iter().map(one).collect();
    if !rest.is_empty() {
        let count = rest.iter().map(|(_, count)| count).sum();
        said.push((count, format!("{} of {} other spellings", counted(count, "text"), rest.len())));
    }
    said
}

/// What odd texts are like; of texts that are as they should be, how long they are.
fn shown(texts: &Texts) -> String {
    match &texts.example {
        _ if texts.longest == 0 => String::new(),
        Some(example) => format!(" such as '{example}'"),
        None => format!(" of up to {}", counted(number(texts.longest), "byte")),
    }
}

fn blobs(blobs: &Blobs) -> Option<String> {
    let longest = counted(number(blobs.longest), "byte");
    (blobs.count > 0).then(|| format!("{} of up to {longest}", counted(blobs.count, "blob")))
}

/// How many bytes, columns or tables.
pub(super) fn number(length: usize) -> u64 {
    u64::try_from(length).expect("fewer than 2^64")
}

/// Why a column does not get the type that it was declared with.
pub(super) fn because(codec: Codec, known: &Known<'_>) -> String {
    let Some(declared) = known.declared() else { return String::new() };
    if codec != known.choice.codec {
        return "the plan says so".to_owned();
    }
    let spellings = known.profile.texts.forms.moments.len();
    let found = match known.choice.reason {
        Reason::MixedNumbers => "there are integers and reals",
        Reason::OtherNumbers => "there are other numbers",
        Reason::OtherTexts if spellings > 1 => "there are texts of several spellings",
        Reason::OtherTexts => "there are other texts",
        Reason::NumbersAndTexts => "there are numbers and texts",
        Reason::NoText => "there are texts that PostgreSQL does not take for such",
        Reason::BlobsAndMore => "there are blobs and more",
        Reason::Linked => "a foreign key compares it with others",
        Reason::Indexed => "an index compares its cells",
        Reason::AsDeclared | Reason::AsItIs | Reason::Empty => "there are none of another kind",
    };
    // A bytea of blobs is no bytea of texts.
    let wanted = declared.stored_as().filter(|_| declared.type_name() == codec.type_name());
    let wanted = wanted.unwrap_or_else(|| declared.type_name().to_owned());
    format!("not {wanted}, for {found}")
}

/// What becomes of cells that do not fit.
pub(super) fn rule(misfits: Misfits, misfitting: Misfitting) -> Option<String> {
    if misfitting.most() == 0 {
        return None;
    }
    let (cells, does) = (misfitting.said(), if misfitting.most() == 1 { "does" } else { "do" });
    let becomes = match misfits {
        Misfits::Stop => "the move stops at the first",
        Misfits::Cast => "cast",
        Misfits::Null => "NULL in place of each",
        Misfits::Reject => "rows with one stay behind",
    };
    Some(format!("{cells} {does} not fit: {becomes}"))
}

impl Misfitting {
    /// `up to 3 cells`
    pub(super) fn said(self) -> String {
        match self {
            Self::Exactly(cells) => counted(cells, "cell"),
            Self::AtMost(cells) => format!("up to {}", counted(cells, "cell")),
        }
    }
}

/// How many cells come back as something else.
pub(super) fn remembered(cells: u64) -> Option<String> {
    match cells {
        0 => None,
        1 => Some("1 cell comes back as another class, and is remembered".to_owned()),
        _ => Some(format!("{} come back as another class, and are remembered", counted(cells, "cell"))),
    }
}
