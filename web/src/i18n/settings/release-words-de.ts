// German: the rules by which a release is judged, and what can happen to it.
import type { releaseWordsEn } from './release-words-en';

export const releaseWordsDe: typeof releaseWordsEn = {
  rule: {
    errors: 'Fehlgeschlagene Anfragen',
    unauthorized: 'Antworten mit 401',
    slow: 'Langsame Anfragen',
    more_errors: 'Fehlschläge, neben der alten Version',
    slower: 'Langsamer, als die alte Version war',
    pool: 'Datenbankverbindungen in Gebrauch',
  },
  bound: { share: 'höchstens {{share}}', ratio: 'höchstens {{ratio}}-mal so oft' },
  resting: {
    no_incumbent: 'nichts zum Vergleichen',
    no_threshold: 'die alte Version ist noch nicht gut genug bekannt',
    warm_up: 'läuft warm',
    no_source: 'die Anwendung sagt es nicht',
  },
  finding: {
    alone:
      '{{rule}}: {{candidate}} hatte {{bad}} in {{seconds}} Sekunden ({{bound}}). Die Belege stehen {{odds}} zu 1.',
    beside:
      '{{rule}}: {{candidate}} hatte {{bad}} in {{seconds}} Sekunden, {{incumbent}} {{otherBad}} ({{bound}}). Die Belege stehen {{odds}} zu 1.',
    pool: '{{rule}}: {{candidate}} hielt {{looks}} ({{bound}}).',
    look: '{{used}} von {{size}}',
  },
  history: {
    title: 'Was geschehen ist',
    list: 'Entscheidungen und Befehle',
    empty: 'Noch ist nichts entschieden worden.',
    evidence: 'Belege',
    evidenceOf: 'Belege: {{title}}',
    by: 'von {{by}}',
    audit: 'Alles davon steht im Protokoll',
    began: 'Auslieferung von {{slot}} begann',
    weight: '{{slot}} bekommt {{to}} der Besucher',
    weightFrom: 'vorher: {{from}}',
    holding: '{{slot}} bleibt bei {{at}}, bis der Nachweis da ist',
    gate: '{{slot}} wartet bei {{at}}, dass jemand es weiterschickt',
    probing: 'Zu wenige Besucher kommen zu {{slot}}: Das Tor schickt auch eigene Anfragen',
    probingCount: '{{requests, number}} Anfragen bisher, {{lacking, number}} weitere nötig',
    paused: 'Auslieferung angehalten',
    resumed: 'Auslieferung geht weiter',
    blocked: '{{slot}} sollte zurückgenommen werden, und {{other}} ist nicht gesund',
    rolledBack: '{{slot}} wurde von {{from}} zurückgenommen',
    completed: '{{slot}} hat übernommen',
    completedUntil: 'zurück geht es bis {{until}}',
    letGo: '{{other}} wird nicht länger bereitgehalten',
    aborted: 'Auslieferung bei {{from}} beendet',
    closed: 'Zur Wartung geschlossen',
    held: 'Anfragen warten am Tor',
    reopened: 'Besucher kommen wieder herein',
    timeOver: 'die Zeit war um',
    until: 'bis {{until}}',
    why: {
      healthy: 'lange genug gesund',
      proven: 'hält nachweislich seine Grenzen ein',
      provenByProbes: 'hält nachweislich seine Grenzen ein, nach eigenen Anfragen des Tors',
      promoted: 'weitergeschickt von {{by}}',
      promotedUnproven: 'weitergeschickt von {{by}}, obwohl der Nachweis fehlte',
    },
    reason: {
      down: 'Kein Ziel war gesund.',
      never_healthy: 'Es wurde nicht rechtzeitig gesund.',
      ordered: '{{by}} wollte es so.',
    },
  },
};
