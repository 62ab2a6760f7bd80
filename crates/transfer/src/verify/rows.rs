//! Rows of binary COPY as they come from PostgreSQL: in pieces. Pure.

use thiserror::Error;

use crate::copy::{self, TRAILER};

/// What comes is no binary COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("what PostgreSQL sends is no binary COPY")]
pub(crate) struct NoCopy;

/// Reads rows out of pieces.
#[derive(Debug, Default)]
pub(crate) struct RowReader {
    /// What came and was no whole row yet.
    rest: Vec<u8>,
    has_begun: bool,
    has_ended: bool,
}

/// A row: its fields, one after the other, each with its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawRow<'b>(pub(crate) &'b [u8]);

impl RowReader {
    /// Takes a piece, and hands on each row that is complete with it.
    pub(crate) fn take(&mut self, piece: &[u8], mut row: impl FnMut(RawRow<'_>)) -> Result<(), NoCopy> {
        if self.rest.is_empty() && self.has_begun {
            let used = self.rows(piece, &mut row)?;
            self.rest.extend_from_slice(&piece[used..]);
            return Ok(());
        }
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(piece);
        let head = copy::head();
        let mut used = 0;
        if !self.has_begun && all.len() >= head.len() {
            if !all.starts_with(&head) {
                return Err(NoCopy);
            }
            (used, self.has_begun) = (head.len(), true);
        }
        if self.has_begun {
            used += self.rows(&all[used..], &mut row)?;
        }
        all.drain(..used);
        self.rest = all;
        Ok(())
    }

    /// Whether everything came.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended && self.rest.is_empty()
    }

    /// How many bytes were whole rows.
    fn rows(&mut self, bytes: &[u8], row: &mut impl FnMut(RawRow<'_>)) -> Result<usize, NoCopy> {
        let mut used = 0;
        while let Some((count, behind)) = bytes[used..].split_first_chunk::<2>() {
            if *count == TRAILER {
                self.has_ended = true;
                return Ok(used + 2);
            }
            let Some(length) = length(behind, i16::from_be_bytes(*count))? else { break };
            row(RawRow(&behind[..length]));
            used += 2 + length;
        }
        Ok(used)
    }
}

/// How long so many fields are; none when they are not all there yet.
fn length(bytes: &[u8], fields: i16) -> Result<Option<usize>, NoCopy> {
    let mut used = 0;
    for _ in 0..fields {
        let Some((size, _)) = bytes[used..].split_first_chunk::<4>() else { return Ok(None) };
        used += 4 + size_of_field(*size)?;
        if used > bytes.len() {
            return Ok(None);
        }
    }
    Ok(Some(used))
}

/// NULL has the length -1.
fn size_of_field(size: [u8; 4]) -> Result<usize, NoCopy> {
    match i32::from_be_bytes(size) {
        -1 => Ok(0),
        size => usize::try_from(size).map_err(|_| NoCopy),
    }
}

impl<'b> RawRow<'b> {
    /// Its fields; none for NULL.
    pub(crate) fn fields(self) -> impl Iterator<Item = Option<&'b [u8]>> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (size, behind) = rest.split_first_chunk::<4>()?;
            let size = i32::from_be_bytes(*size);
            let (field, after) = behind.split_at_checked(usize::try_from(size).unwrap_or(0))?;
            rest = after;
            Some((size >= 0).then_some(field))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut bytes = copy::head();
        for fields in [[Some("a"), None], [Some(""), Some("xyz")]] {
            bytes.extend(2_i16.to_be_bytes());
            for field in fields {
                let size = field.map_or(-1, |text| i32::try_from(text.len()).expect("short"));
                bytes.extend(size.to_be_bytes());
                bytes.extend(field.unwrap_or_default().bytes());
            }
        }
        bytes.extend(TRAILER);
        bytes
    }

    #[test]
    fn rows_come_out_however_they_are_cut() {
        let bytes = written();
        for size in 1..bytes.len() {
            let mut reader = RowReader::default();
            let mut rows = Vec::new();
            for piece in bytes.chunks(size) {
                let all = |row: RawRow<'_>| {
                    rows.push(row.fields().map(|f| f.map(<[u8]>::to_vec)).collect::<Vec<_>>());
                };
                reader.take(piece, all).expect("a copy");
            }
            assert_eq!(
                rows,
                [[Some(b"a".to_vec()), None], [Some(Vec::new()), Some(b"xyz".to_vec())]],
                "{size}"
            );
            assert!(reader.has_ended());
        }
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_noticed() {
        let bytes = written();
        let mut reader = RowReader::default();
        reader.take(&bytes[..bytes.len() - 2], |_| ()).expect("so far");
        assert!(!reader.has_ended());
        assert_eq!(RowReader::default().take(&[0; 30], |_| ()), Err(NoCopy));
    }
}
