//! What the ledger calls what is done to the installation itself.

audit::actions! {
    /// Maintenance began: changes wait.
    MAINTENANCE_START = "maintenance_start";
    /// Maintenance is over.
    MAINTENANCE_END = "maintenance_end";
    /// Somebody sent more requests than a rate limit allows.
    RATE_LIMIT_HIT = "rate_limit_hit";
    /// An administrator forgot the reports about content security policies.
    CSP_REPORTS_CLEAR = "csp_reports_clear";
}
