//! A field of PostgreSQL's binary COPY: a length of four bytes, and as many bytes.

/// No value.
pub(crate) fn null(to: &mut Vec<u8>) {
    to.extend_from_slice(&(-1_i32).to_be_bytes());
}

/// These bytes; nothing when they are too many for PostgreSQL.
#[inline]
pub(crate) fn of(to: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    to.extend_from_slice(&i32::try_from(bytes.len()).ok()?.to_be_bytes());
    to.extend_from_slice(bytes);
    Some(())
}

/// What is written by `write`.
pub(crate) fn with(to: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> Option<()> {
    let start = to.len();
    null(to);
    write(to);
    let length = i32::try_from(to.len() - start - size_of::<i32>()).ok()?;
    to[start..start + size_of::<i32>()].copy_from_slice(&length.to_be_bytes());
    Some(())
}
