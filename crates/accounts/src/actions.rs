//! What the ledger calls what people do here. Routes say beside themselves which of these they write down.

audit::actions! {
    /// Somebody signed in, or was refused.
    SIGN_IN = "sign_in";
    /// The second step of a sign-in was refused.
    SIGN_IN_SECOND_STEP = "sign_in_second_step";
    /// Somebody signed out.
    SIGN_OUT = "sign_out";
    /// Somebody in a session showed once more who they are, or did not.
    REAUTHENTICATE = "reauthenticate";
    /// A refresh token that was used up came back.
    REFRESH_REPLAY = "refresh_replay";
    /// An account was created; its address is not confirmed yet.
    SIGN_UP = "sign_up";
    /// The address of an account was confirmed.
    EMAIL_CONFIRM = "email_confirm";
    /// Somebody asked for another address.
    EMAIL_CHANGE_REQUEST = "email_change_request";
    /// An account has another address.
    EMAIL_CHANGE = "email_change";
    /// Somebody changed their password, or gave the wrong one.
    PASSWORD_CHANGE = "password_change";
    /// Somebody asked for a link to choose a new password.
    PASSWORD_RESET_REQUEST = "password_reset_request";
    /// Somebody chose a new password with a link.
    PASSWORD_RESET = "password_reset";
    /// Somebody took all their data.
    DATA_EXPORT = "data_export";
    /// An account was deleted.
    ACCOUNT_DELETE = "account_delete";
    /// The first administrator was made.
    ADMINISTRATOR_CREATE = "administrator_create";
    /// Somebody ended one of their sessions.
    SESSION_END = "session_end";
    /// Somebody ended all of their other sessions.
    SESSIONS_END_OTHERS = "sessions_end_others";
    /// Somebody made an access token.
    TOKEN_CREATE = "token_create";
    /// Somebody revoked an access token.
    TOKEN_REVOKE = "token_revoke";
    /// An authenticator app was set up, or a wrong code was given.
    SECOND_FACTOR_ENABLE = "second_factor_enable";
    /// An authenticator app was removed.
    SECOND_FACTOR_DISABLE = "second_factor_disable";
    /// Somebody got new backup codes.
    BACKUP_CODES_RENEW = "backup_codes_renew";
    /// A backup code was used up.
    BACKUP_CODE_USE = "backup_code_use";
    /// A passkey was added.
    PASSKEY_ADD = "passkey_add";
    /// A passkey got another name.
    PASSKEY_RENAME = "passkey_rename";
    /// A passkey was removed.
    PASSKEY_REMOVE = "passkey_remove";
    /// Somebody removed a lost second factor with a link and their password.
    RECOVERY = "recovery";
    /// An administrator disabled an account.
    USER_DISABLE = "user_disable";
    /// An administrator enabled an account.
    USER_ENABLE = "user_enable";
    /// The operator gave an account another address.
    EMAIL_SET_BY_OPERATOR = "email_set_by_operator";
    /// An administrator ended sessions.
    SESSIONS_END_BY_ADMIN = "sessions_end_by_admin";
    /// An administrator revoked somebody's access tokens.
    TOKENS_REVOKE_BY_ADMIN = "tokens_revoke_by_admin";
    /// An administrator had a link for a new password sent.
    RESET_START_BY_ADMIN = "reset_start_by_admin";
    /// An administrator had a link for the recovery of a second factor sent.
    RECOVERY_START_BY_ADMIN = "recovery_start_by_admin";
    /// A user has another role.
    ROLE_CHANGE = "role_change";
    /// A key was replaced by a new one.
    KEYS_ROTATE = "keys_rotate";
    /// A key was ended before its time.
    KEYS_RETIRE = "keys_retire";
    /// Somebody who is known was refused what they may not do.
    ACCESS_REFUSE = "access_refuse";
}
