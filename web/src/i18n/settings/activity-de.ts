// What the record of an account calls things, in German.
import type { activityEn } from './activity-en';

export const activityDe: typeof activityEn = {
  sign_in: { success: 'Angemeldet', failure: 'Eine Anmeldung wurde abgelehnt' },
  sign_in_second_step: {
    success: 'Zweiter Schritt einer Anmeldung bestanden',
    failure: 'Zweiter Schritt einer Anmeldung misslungen',
  },
  sign_out: { success: 'Abgemeldet', failure: 'Abmelden misslungen' },
  session_end: { success: 'Eine Sitzung beendet', failure: 'Beenden einer Sitzung misslungen' },
  sessions_end_others: {
    success: 'Alle anderen Sitzungen beendet',
    failure: 'Beenden der anderen Sitzungen misslungen',
  },
  refresh_replay: {
    success: 'Eine Sitzung wurde beendet: Ihr Schlüssel kam zweimal, vielleicht von jemand Fremdem',
    failure: 'Ein verbrauchter Sitzungsschlüssel kam erneut und wurde abgelehnt',
  },
  sign_up: { success: 'Konto angelegt', failure: 'Anlegen des Kontos misslungen' },
  email_confirm: {
    success: 'E-Mail-Adresse bestätigt',
    failure: 'Bestätigen der E-Mail-Adresse misslungen',
  },
  email_set_by_operator: {
    success: 'Das Konto hat vom Betrieb dieses Servers eine andere Adresse bekommen',
    failure: 'Das Konto konnte keine andere Adresse bekommen',
  },
  email_change_request: {
    success: 'Eine andere E-Mail-Adresse gewünscht',
    failure: 'Wunsch nach einer anderen E-Mail-Adresse misslungen',
  },
  email_change: {
    success: 'E-Mail-Adresse geändert',
    failure: 'Ändern der E-Mail-Adresse misslungen',
  },
  password_change: { success: 'Passwort geändert', failure: 'Ändern des Passworts misslungen' },
  password_reset_request: {
    success: 'Ein neues Passwort per Mail angefordert',
    failure: 'Anfordern eines neuen Passworts misslungen',
  },
  password_reset: {
    success: 'Neues Passwort über den Link aus der Mail gewählt',
    failure: 'Wahl eines neuen Passworts über einen Link misslungen',
  },
  second_factor_enable: {
    success: 'Authenticator-App eingerichtet',
    failure: 'Einrichten der Authenticator-App misslungen',
  },
  second_factor_disable: {
    success: 'Authenticator-App entfernt',
    failure: 'Entfernen der Authenticator-App misslungen',
  },
  backup_codes_renew: {
    success: 'Neue Ersatzcodes erzeugt',
    failure: 'Erzeugen neuer Ersatzcodes misslungen',
  },
  backup_code_use: {
    success: 'Einen Ersatzcode benutzt',
    failure: 'Ein Ersatzcode wurde abgelehnt',
  },
  passkey_add: { success: 'Passkey hinzugefügt', failure: 'Hinzufügen eines Passkeys misslungen' },
  passkey_rename: { success: 'Passkey umbenannt', failure: 'Umbenennen eines Passkeys misslungen' },
  passkey_remove: { success: 'Passkey entfernt', failure: 'Entfernen eines Passkeys misslungen' },
  token_create: { success: 'API-Token erzeugt', failure: 'Erzeugen eines API-Tokens misslungen' },
  token_revoke: {
    success: 'API-Token widerrufen',
    failure: 'Widerrufen eines API-Tokens misslungen',
  },
  reauthenticate: {
    success: 'Passwort für eine heikle Änderung erneut eingegeben',
    failure: 'Das Passwort wurde erneut verlangt und falsch eingegeben',
  },
  account_delete: { success: 'Konto gelöscht', failure: 'Löschen des Kontos misslungen' },
  data_export: {
    success: 'Daten des Kontos heruntergeladen',
    failure: 'Herunterladen der Daten misslungen',
  },
  user_disable: { success: 'Konto gesperrt', failure: 'Sperren des Kontos misslungen' },
  user_enable: { success: 'Konto entsperrt', failure: 'Entsperren des Kontos misslungen' },
  sessions_end_by_admin: {
    success: 'Die Sitzungen wurden von der Administration beendet',
    failure: 'Die Administration konnte die Sitzungen nicht beenden',
  },
  tokens_revoke_by_admin: {
    success: 'Die API-Token wurden von der Administration widerrufen',
    failure: 'Die Administration konnte die API-Token nicht widerrufen',
  },
  reset_start_by_admin: {
    success: 'Die Administration hat ein neues Passwort angestoßen',
    failure: 'Die Administration konnte kein neues Passwort anstoßen',
  },
  recovery_start_by_admin: {
    success: 'Die Administration hat die Rettung bei verlorenem zweitem Faktor angestoßen',
    failure: 'Die Administration konnte die Rettung bei verlorenem zweitem Faktor nicht anstoßen',
  },
  recovery: {
    success: 'Konto gerettet; der zweite Faktor wurde entfernt',
    failure: 'Rettung des Kontos misslungen',
  },
  role_change: { success: 'Rolle geändert', failure: 'Ändern der Rolle misslungen' },
  keys_rotate: {
    success: 'Ein Schlüssel des Servers wurde erneuert',
    failure: 'Erneuern eines Schlüssels des Servers misslungen',
  },
  keys_retire: {
    success: 'Ein alter Schlüssel des Servers wurde ausgemustert',
    failure: 'Ausmustern eines alten Schlüssels des Servers misslungen',
  },
  administrator_create: {
    success: 'Das Konto wurde als Administrator angelegt',
    failure: 'Anlegen eines Administrators misslungen',
  },
  access_refuse: {
    success: 'Etwas versucht, das nicht erlaubt ist',
    failure: 'Etwas versucht, das nicht erlaubt ist; es wurde abgelehnt',
  },
  rate_limit_hit: {
    success: 'Mehr Anfragen als erlaubt',
    failure: 'Mehr Anfragen als erlaubt; sie wurden abgelehnt',
  },
  person_forget: {
    success: 'Persönliche Daten eines gelöschten Kontos wurden aus dem Protokoll entfernt',
    failure: 'Entfernen persönlicher Daten eines gelöschten Kontos misslungen',
  },
  ledger_drop: {
    success: 'Alte Einträge wurden wie eingestellt aus dem Protokoll entfernt',
    failure: 'Entfernen alter Einträge aus dem Protokoll misslungen',
  },
  csp_reports_clear: {
    success: 'Meldungen über blockierte Inhalte gelöscht',
    failure: 'Löschen der Meldungen über blockierte Inhalte misslungen',
  },
  maintenance_start: {
    success: 'Die Wartung hat begonnen',
    failure: 'Die Wartung konnte nicht beginnen',
  },
  maintenance_end: {
    success: 'Die Wartung ist beendet',
    failure: 'Die Wartung konnte nicht beendet werden',
  },
  rollout_order: {
    success: 'Einer Auslieferung etwas befohlen',
    failure: 'Einer Auslieferung etwas befohlen; das Tor lehnte ab',
  },
  gate_order: {
    success: 'Dem Tor gesagt, ob Besucher hereinkommen',
    failure: 'Dem Tor gesagt, ob Besucher hereinkommen; es lehnte ab',
  },
  rollout_begin: {
    success: 'Eine Auslieferung begann',
    failure: 'Eine Auslieferung konnte nicht beginnen',
  },
  rollout_share: {
    success: 'Die neue Version bekam mehr Besucher',
    failure: 'Die neue Version konnte nicht mehr Besucher bekommen',
  },
  rollout_wait: {
    success: 'Eine Auslieferung wartet',
    failure: 'Eine Auslieferung konnte nicht warten',
  },
  rollout_pause: {
    success: 'Eine Auslieferung wurde angehalten',
    failure: 'Eine Auslieferung anzuhalten misslang',
  },
  rollout_resume: {
    success: 'Eine Auslieferung ging weiter',
    failure: 'Eine Auslieferung fortzusetzen misslang',
  },
  rollout_block: {
    success:
      'Eine Version sollte zurückgenommen werden, und es gab nichts Gesundes für den Weg zurück',
    failure: 'Zu vermerken, dass eine Version zurückgenommen werden sollte, misslang',
  },
  rollout_take_back: {
    success: 'Eine Version wurde zurückgenommen',
    failure: 'Eine Version zurückzunehmen misslang',
  },
  rollout_complete: {
    success: 'Eine Version hat übernommen',
    failure: 'Eine Version konnte nicht übernehmen',
  },
  rollout_let_go: {
    success: 'Die alte Version wird nicht länger bereitgehalten',
    failure: 'Die alte Version freizugeben misslang',
  },
  rollout_abort: {
    success: 'Eine Auslieferung wurde vorzeitig beendet',
    failure: 'Eine Auslieferung zu beenden misslang',
  },
  gate_close: {
    success: 'Das Tor schloss eine Anwendung zur Wartung',
    failure: 'Eine Anwendung am Tor zu schließen misslang',
  },
  gate_pause: {
    success: 'Anfragen begannen am Tor zu warten',
    failure: 'Anfragen am Tor warten zu lassen misslang',
  },
  gate_open: {
    success: 'Das Tor ließ Besucher wieder herein',
    failure: 'Besucher wieder hereinzulassen misslang',
  },
  gate_hook_fail: {
    success: 'Ein Hook des Tors nahm eine Entscheidung der Auslieferung nicht an',
    failure: 'Zu vermerken, dass ein Hook des Tors fehlschlug, misslang',
  },
  gate_history_break: {
    success: 'Das Tor hat Aufzeichnungen seiner Entscheidungen verloren oder ältere zurückbekommen',
    failure: 'Zu vermerken, dass Aufzeichnungen des Tors fehlen, misslang',
  },
};
