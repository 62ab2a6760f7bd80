// German: maintenance, as administrators see to it.
import type { maintenanceEn } from './maintenance-en';

export const maintenanceDe: typeof maintenanceEn = {
  title: 'Wartung',
  lead: 'Während an diesem Server gearbeitet wird, lässt sich alles lesen, und alle können sich anmelden. Änderungen warten.',
  now: 'Jetzt',
  state: 'Zustand',
  on: 'Änderungen warten',
  off: 'Änderungen werden angenommen',
  offText: 'Alles arbeitet wie gewohnt.',
  since: 'Seit',
  until: 'Voraussichtliches Ende',
  openEnd: 'nicht bekannt',
  overdue: 'überfällig',
  message: 'Mitteilung',
  noMessage: 'keine',
  record: 'Wer sie begonnen und beendet hat, steht im Protokoll',
  start: {
    title: 'Wartung beginnen',
    hint: 'Jede Seite sagt dann oben, dass Änderungen warten, bis wann, und was Sie hier schreiben. Das Ende ist nur angekündigt: Die Wartung dauert, bis Sie sie beenden.',
    message: 'Mitteilung (darf leer bleiben)',
    messageHint:
      'Was getan wird, in ein, zwei Sätzen; höchstens 1.000 Zeichen. <b>, <i>, <em>, <strong> und <code> wirken.',
    until: 'Voraussichtliches Ende',
    submit: 'Wartung beginnen',
    pending: 'Einen Moment …',
    confirmTitle: 'Wartung beginnen?',
    confirm: 'Beginnen',
    confirmText:
      'Ab jetzt kann niemand etwas ändern: kein neues Konto, kein neues Passwort, nichts wird gespeichert. Lesen lässt sich alles, und das Anmelden geht. Das bleibt so, bis Sie die Wartung hier beenden.',
    done: 'Die Wartung hat begonnen. Oben auf der Seite steht, was alle sehen.',
  },
  change: {
    open: 'Mitteilung oder Ende ändern',
    submit: 'Speichern',
    pending: 'Wird gespeichert …',
    done: 'Mitteilung und voraussichtliches Ende sind geändert.',
  },
  ends: {
    same: 'Wie bisher gesagt',
    minutes: 'in {{count}} Minuten',
    hours_one: 'in {{count}} Stunde',
    hours_other: 'in {{count}} Stunden',
    open: 'noch nicht bekannt',
  },
  end: {
    action: 'Wartung beenden',
    confirmTitle: 'Wartung beenden?',
    confirmText: 'Änderungen werden sofort wieder angenommen, von allen.',
    pending: 'Wird beendet …',
    done: 'Die Wartung ist beendet. Änderungen werden wieder angenommen.',
  },
};
