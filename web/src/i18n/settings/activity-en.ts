// What the record of an account calls things. Every action of the API, as it ends well and badly.
export const activityEn = {
  sign_in: { success: 'Signed in', failure: 'A sign-in was refused' },
  sign_in_second_step: {
    success: 'Passed the second step of a sign-in',
    failure: 'The second step of a sign-in failed',
  },
  sign_out: { success: 'Signed out', failure: 'Signing out failed' },
  session_end: { success: 'Ended a session', failure: 'Ending a session failed' },
  sessions_end_others: {
    success: 'Ended all other sessions',
    failure: 'Ending the other sessions failed',
  },
  refresh_replay: {
    success: 'A session was ended: its key was used twice, perhaps by a stranger',
    failure: 'A session key that was used up came back and was refused',
  },
  sign_up: { success: 'Created the account', failure: 'Creating the account failed' },
  email_confirm: {
    success: 'Confirmed the e-mail address',
    failure: 'Confirming the e-mail address failed',
  },
  email_set_by_operator: {
    success: 'Whoever runs this server gave the account another address',
    failure: 'Another address could not be given to the account',
  },
  email_change_request: {
    success: 'Asked for another e-mail address',
    failure: 'Asking for another e-mail address failed',
  },
  email_change: {
    success: 'Changed the e-mail address',
    failure: 'Changing the e-mail address failed',
  },
  password_change: { success: 'Changed the password', failure: 'Changing the password failed' },
  password_reset_request: {
    success: 'Asked for a new password by mail',
    failure: 'Asking for a new password by mail failed',
  },
  password_reset: {
    success: 'Chose a new password with a link from the mail',
    failure: 'Choosing a new password with a link failed',
  },
  second_factor_enable: {
    success: 'Set up the authenticator app',
    failure: 'Setting up the authenticator app failed',
  },
  second_factor_disable: {
    success: 'Removed the authenticator app',
    failure: 'Removing the authenticator app failed',
  },
  backup_codes_renew: {
    success: 'Made new backup codes',
    failure: 'Making new backup codes failed',
  },
  backup_code_use: { success: 'Used a backup code', failure: 'A backup code was refused' },
  passkey_add: { success: 'Added a passkey', failure: 'Adding a passkey failed' },
  passkey_rename: { success: 'Renamed a passkey', failure: 'Renaming a passkey failed' },
  passkey_remove: { success: 'Removed a passkey', failure: 'Removing a passkey failed' },
  token_create: { success: 'Created an API token', failure: 'Creating an API token failed' },
  token_revoke: { success: 'Revoked an API token', failure: 'Revoking an API token failed' },
  reauthenticate: {
    success: 'Entered the password again for a sensitive change',
    failure: 'The password was asked for again, and the answer was wrong',
  },
  account_delete: { success: 'Deleted the account', failure: 'Deleting the account failed' },
  data_export: { success: 'Downloaded the account’s data', failure: 'Downloading the data failed' },
  user_disable: { success: 'The account was disabled', failure: 'Disabling the account failed' },
  user_enable: { success: 'The account was enabled', failure: 'Enabling the account failed' },
  sessions_end_by_admin: {
    success: 'An administrator ended the sessions',
    failure: 'An administrator could not end the sessions',
  },
  tokens_revoke_by_admin: {
    success: 'An administrator revoked the API tokens',
    failure: 'An administrator could not revoke the API tokens',
  },
  reset_start_by_admin: {
    success: 'An administrator started a password reset',
    failure: 'An administrator could not start a password reset',
  },
  recovery_start_by_admin: {
    success: 'An administrator started the recovery of a lost second factor',
    failure: 'An administrator could not start the recovery of a lost second factor',
  },
  recovery: {
    success: 'Recovered the account; the second factor was removed',
    failure: 'Recovering the account failed',
  },
  role_change: { success: 'The role was changed', failure: 'Changing the role failed' },
  keys_rotate: {
    success: 'A key of the server was renewed',
    failure: 'Renewing a key of the server failed',
  },
  keys_retire: {
    success: 'An old key of the server was retired',
    failure: 'Retiring an old key of the server failed',
  },
  administrator_create: {
    success: 'The account was created as an administrator',
    failure: 'Creating an administrator failed',
  },
  access_refuse: {
    success: 'Tried something that is not permitted',
    failure: 'Tried something that is not permitted, and was refused',
  },
  rate_limit_hit: {
    success: 'Sent more requests than allowed',
    failure: 'Sent more requests than allowed, and was refused',
  },
  person_forget: {
    success: 'Personal data of a deleted account were erased from the log',
    failure: 'Erasing personal data of a deleted account from the log failed',
  },
  ledger_drop: {
    success: 'Old entries were dropped from the log, as configured',
    failure: 'Dropping old entries from the log failed',
  },
  csp_reports_clear: {
    success: 'Forgot the reports about blocked content',
    failure: 'Forgetting the reports about blocked content failed',
  },
  maintenance_start: { success: 'Maintenance began', failure: 'Maintenance could not begin' },
  maintenance_end: { success: 'Maintenance ended', failure: 'Maintenance could not be ended' },
  rollout_order: {
    success: 'Told a rollout what to do',
    failure: 'Told a rollout what to do, and the gate refused',
  },
  gate_order: {
    success: 'Told the gate whether visitors come in',
    failure: 'Told the gate whether visitors come in, and it refused',
  },
  rollout_begin: { success: 'A rollout began', failure: 'A rollout could not begin' },
  rollout_share: {
    success: 'The new release got more visitors',
    failure: 'The new release could not get more visitors',
  },
  rollout_wait: { success: 'A rollout waits', failure: 'A rollout could not wait' },
  rollout_pause: { success: 'A rollout was paused', failure: 'Pausing a rollout failed' },
  rollout_resume: { success: 'A rollout went on', failure: 'Resuming a rollout failed' },
  rollout_block: {
    success: 'A release should be taken back, and there was nothing healthy to go back to',
    failure: 'Noting that a release should be taken back failed',
  },
  rollout_take_back: {
    success: 'A release was taken back',
    failure: 'Taking a release back failed',
  },
  rollout_complete: {
    success: 'A release has taken over',
    failure: 'A release could not take over',
  },
  rollout_let_go: {
    success: 'The old release is not kept any longer',
    failure: 'The old release could not be let go',
  },
  rollout_abort: {
    success: 'A rollout was ended before its time',
    failure: 'Ending a rollout failed',
  },
  gate_close: {
    success: 'The gate closed an application for maintenance',
    failure: 'Closing an application at the gate failed',
  },
  gate_pause: {
    success: 'Requests began to wait at the gate',
    failure: 'Letting requests wait at the gate failed',
  },
  gate_open: {
    success: 'The gate let visitors in again',
    failure: 'Letting visitors in again failed',
  },
  gate_hook_fail: {
    success: 'A hook of the gate did not take what a rollout decided',
    failure: 'Noting that a hook of the gate failed failed',
  },
  gate_history_break: {
    success: 'The gate has lost records of what it decided, or got older ones back',
    failure: 'Noting that records of the gate are missing failed',
  },
};
