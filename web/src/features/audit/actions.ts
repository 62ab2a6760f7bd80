// What can be looked for, grouped as people would look for it.
import type { TFunction } from 'i18next';
import { isKnownAction, type KnownAction } from '../security/activity-words';

export const groups = {
  access: [
    'sign_in',
    'sign_in_second_step',
    'sign_out',
    'session_end',
    'sessions_end_others',
    'refresh_replay',
    'reauthenticate',
    'access_refuse',
    'rate_limit_hit',
  ],
  account: [
    'sign_up',
    'email_confirm',
    'email_change_request',
    'email_change',
    'password_change',
    'password_reset_request',
    'password_reset',
    'data_export',
    'account_delete',
  ],
  factors: [
    'second_factor_enable',
    'second_factor_disable',
    'backup_codes_renew',
    'backup_code_use',
    'passkey_add',
    'passkey_rename',
    'passkey_remove',
    'recovery',
  ],
  tokens: ['token_create', 'token_revoke'],
  administration: [
    'user_disable',
    'user_enable',
    'role_change',
    'sessions_end_by_admin',
    'tokens_revoke_by_admin',
    'reset_start_by_admin',
    'recovery_start_by_admin',
    'email_set_by_operator',
    'csp_reports_clear',
  ],
  releases: [
    'rollout_order',
    'rollout_begin',
    'rollout_share',
    'rollout_wait',
    'rollout_pause',
    'rollout_resume',
    'rollout_block',
    'rollout_take_back',
    'rollout_complete',
    'rollout_let_go',
    'rollout_abort',
    'gate_order',
    'gate_close',
    'gate_pause',
    'gate_open',
    'gate_hook_fail',
    'gate_history_break',
  ],
  installation: [
    'administrator_create',
    'keys_rotate',
    'keys_retire',
    'maintenance_start',
    'maintenance_end',
    'person_forget',
    'ledger_drop',
  ],
} as const satisfies Record<string, readonly KnownAction[]>;

export type Group = keyof typeof groups;

export function actionName(t: TFunction, action: string): string {
  if (isKnownAction(action)) return t(`admin.audit.actions.${action}`);
  return t('admin.audit.filters.unknownAction', { action });
}
