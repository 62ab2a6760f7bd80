//! What the ledger calls what is done to the installation itself.

audit::actions! {
    /// Maintenance began: changes wait.
    MAINTENANCE_START = "maintenance_start";
    /// Maintenance is over.
    MAINTENANCE_END = "maintenance_end";
    /// An administrator forgot the reports about content security policies.
    CSP_REPORTS_CLEAR = "csp_reports_clear";
}
