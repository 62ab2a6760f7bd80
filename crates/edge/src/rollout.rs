//! A release on its way from no visitor to all of them: steps, holds, and what ends it. Pure.

pub(crate) mod assignment {
    //! Stand-in.
    pub(crate) fn is_chosen(client: u64, weight: u8, salt: u64) -> bool {
        (client ^ salt) % 100 < u64::from(weight)
    }
}
