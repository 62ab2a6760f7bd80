//! What the ledger calls what is done to the installation itself.

audit::actions! {
    /// An administrator forgot the reports about content security policies.
    CSP_REPORTS_CLEAR = "csp_reports_clear";
}
