//! All SQL of the front door. Written once, for both databases.

pub(crate) mod collaboration_sessions;
pub(crate) mod csp_reports;
pub(crate) mod gate;
pub(crate) mod live_documents;
pub(crate) mod maintenance;
