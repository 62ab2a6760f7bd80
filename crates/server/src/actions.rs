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
    /// An administrator told a rollout what to do.
    ROLLOUT_ORDER = "rollout_order";
    /// An administrator told the gate whether an application's visitors come in.
    GATE_ORDER = "gate_order";
    /// A rollout began.
    ROLLOUT_BEGIN = "rollout_begin";
    /// Another share of the visitors is sent to the release on trial.
    ROLLOUT_SHARE = "rollout_share";
    /// A rollout waits: for evidence, for visitors, or for a person.
    ROLLOUT_WAIT = "rollout_wait";
    /// A rollout stands still.
    ROLLOUT_PAUSE = "rollout_pause";
    /// A rollout goes on.
    ROLLOUT_RESUME = "rollout_resume";
    /// A release should be taken back, and nothing healthy is there to go back to.
    ROLLOUT_BLOCK = "rollout_block";
    /// A release was taken back.
    ROLLOUT_TAKE_BACK = "rollout_take_back";
    /// A release has taken the other one's place.
    ROLLOUT_COMPLETE = "rollout_complete";
    /// The old release is not kept any longer.
    ROLLOUT_LET_GO = "rollout_let_go";
    /// Somebody ended a rollout.
    ROLLOUT_ABORT = "rollout_abort";
    /// An application's maintenance began at the gate.
    GATE_CLOSE = "gate_close";
    /// An application's requests wait at the gate.
    GATE_PAUSE = "gate_pause";
    /// An application's visitors are let in again.
    GATE_OPEN = "gate_open";
    /// Hooks could not be told what a rollout decided.
    GATE_HOOK_FAIL = "gate_hook_fail";
    /// Something is missing in what the gate has written down, or it has begun anew.
    GATE_HISTORY_BREAK = "gate_history_break";
}
