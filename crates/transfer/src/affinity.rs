//! What SQLite makes of a declared type, and what whoever declared it probably meant. Pure.

/// What SQLite makes of values that are put into a column (<https://sqlite.org/datatype3.html#type_affinity>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affinity {
    /// Texts that are numbers become numbers, and reals that are whole become integers.
    Integer,
    /// The same.
    Numeric,
    /// Numbers become reals.
    Real,
    /// Numbers become texts.
    Text,
    /// Everything stays what it is.
    Blob,
}

impl Affinity {
    /// That of a column with this declared type.
    pub fn of(declared: &str, is_strict: bool) -> Self {
        let declared = declared.to_ascii_uppercase();
        let has = |word: &str| declared.contains(word);
        if is_strict && declared == "ANY" {
            Self::Blob
        } else if has("INT") {
            Self::Integer
        } else if has("CHAR") || has("CLOB") || has("TEXT") {
            Self::Text
        } else if has("BLOB") || declared.trim().is_empty() {
            Self::Blob
        } else if has("REAL") || has("FLOA") || has("DOUB") {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}

/// What a declared type means to people, which SQLite does not ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with a fraction, as near as can be.
    Real,
    /// A number with a fraction, exactly.
    Decimal,
    /// A moment.
    Timestamp,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A document.
    Json,
    /// An identifier of 128 bits.
    Uuid,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Nothing is said.
    Anything,
}

/// What the first word of a declared type means. The first that fits counts.
const MEANINGS: &[(&str, Meaning)] = &[
    ("BOOL", Meaning::Boolean),
    ("DATETIME", Meaning::Timestamp),
    ("TIMESTAMP", Meaning::Timestamp),
    ("DATE", Meaning::Date),
    ("TIME", Meaning::Time),
    ("JSON", Meaning::Json),
    ("UUID", Meaning::Uuid),
    ("GUID", Meaning::Uuid),
    ("UNIQUEIDENTIFIER", Meaning::Uuid),
    ("DEC", Meaning::Decimal),
    ("NUM", Meaning::Decimal),
    ("MONEY", Meaning::Decimal),
];

impl Meaning {
    /// What a declared type means.
    pub fn of(declared: &str, is_strict: bool) -> Self {
        let declared = declared.trim().to_ascii_uppercase();
        if let Some((_, meaning)) = MEANINGS.iter().find(|(word, _)| declared.starts_with(word)) {
            return *meaning;
        }
        match Affinity::of(&declared, is_strict) {
            Affinity::Integer => Self::Integer,
            Affinity::Real => Self::Real,
            Affinity::Text => Self::Text,
            Affinity::Blob if declared.contains("BLOB") => Self::Bytes,
            // A word that SQLite takes for a number, and nobody knows why.
            Affinity::Blob | Affinity::Numeric => Self::Anything,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affinities_are_those_of_the_manual() {
        for (declared, affinity) in [
            ("INT", Affinity::Integer),
            ("unsigned big int", Affinity::Integer),
            ("VARYING CHARACTER(255)", Affinity::Text),
            ("CLOB", Affinity::Text),
            ("BLOB", Affinity::Blob),
            ("", Affinity::Blob),
            ("DOUBLE PRECISION", Affinity::Real),
            ("FLOAT", Affinity::Real),
            ("DECIMAL(10,5)", Affinity::Numeric),
            ("BOOLEAN", Affinity::Numeric),
            ("DATETIME", Affinity::Numeric),
            // The traps of the manual.
            ("FLOATING POINT", Affinity::Integer),
            ("STRING", Affinity::Numeric),
            ("CHARINT", Affinity::Integer),
        ] {
            assert_eq!(Affinity::of(declared, false), affinity, "{declared}");
        }
        assert_eq!(Affinity::of("ANY", false), Affinity::Numeric);
        assert_eq!(Affinity::of("ANY", true), Affinity::Blob);
    }

    #[test]
    fn meanings_are_what_people_write() {
        for (declared, meaning) in [
            ("BOOLEAN", Meaning::Boolean),
            ("bool", Meaning::Boolean),
            ("DATETIME", Meaning::Timestamp),
            ("timestamp with time zone", Meaning::Timestamp),
            ("DATE", Meaning::Date),
            ("TIME", Meaning::Time),
            ("JSONB", Meaning::Json),
            ("uuid", Meaning::Uuid),
            ("UUID_TEXT", Meaning::Uuid),
            ("DECIMAL(10,2)", Meaning::Decimal),
            ("NUMERIC", Meaning::Decimal),
            ("BIGINT", Meaning::Integer),
            ("VARCHAR(191)", Meaning::Text),
            ("BLOB", Meaning::Bytes),
            ("", Meaning::Anything),
            ("STRING", Meaning::Anything),
        ] {
            assert_eq!(Meaning::of(declared, false), meaning, "{declared}");
        }
    }
}
