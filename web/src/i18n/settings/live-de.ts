// German: live rooms, as administrators follow them.
import type { liveEn } from './live-en';

export const liveDe: typeof liveEn = {
  title: 'Live-Räume',
  lead: 'Wie viele gerade mit diesem Server verbunden sind, und wie es läuft.',
  now: {
    connections: 'offene Verbindungen',
    rooms: 'Räume, in denen jemand ist',
    members: 'belegte Plätze in Räumen',
  },
  outOfReachTitle: 'Andere Server sind nicht erreichbar',
  outOfReach:
    'Redis antwortet nicht. Wer am selben Server ist, spricht weiter miteinander; neu kommt niemand in einen Raum. Ist Redis wieder da, bekommen alle, was ihnen fehlt.',
  droppedTitle: 'Einige Nachrichten haben andere Server nicht erreicht',
  dropped_one:
    'Redis war so lange fort, dass eine Nachricht nicht mehr warten konnte. Wem sie fehlt, der verbindet sich neu und fängt von vorne an.',
  dropped_other:
    'Redis war so lange fort, dass {{count, number}} Nachrichten nicht mehr warten konnten. Wem sie fehlen, der verbindet sich neu und fängt von vorne an.',
  since: {
    title: 'Seit dem Start dieses Servers',
    hint: 'Jeder Server zählt für sich.',
    messages: 'Nachrichten',
    deliveries: 'Zustellungen',
    limited: 'Zu oft',
    refused: 'Nicht eingelassen',
    dropped: 'Anderswo verloren',
    cluster: 'Andere Server',
  },
  cluster: {
    alone: 'keine: Räume gibt es nur auf diesem Server',
    in_reach: 'erreichbar',
    out_of_reach: 'nicht erreichbar',
  },
  ends: {
    title: 'Warum Verbindungen endeten',
    none: 'Noch keine ist zu Ende gegangen.',
    reason: 'Grund',
    count: 'Wie oft',
    reasons: {
      by_client: 'Das Programm hat sich verabschiedet',
      lost: 'Die Verbindung brach ab, oder die Seite wurde geschlossen',
      ping_timeout: 'Das Programm antwortete nicht mehr',
      too_slow: 'Das Programm las nicht, was ihm geschickt wurde',
      malformed: 'Das Programm hielt sich nicht an das Protokoll',
      too_large: 'Das Programm schickte etwas zu Großes',
      refused: 'Das Programm sagte nicht, wer es ist',
      limit: 'Das Programm machte weiter, obwohl es aufhören sollte',
      by_server: 'Die Anwendung hat sie beendet',
      stopping: 'Der Server wurde angehalten',
      expired: 'Das Token ist abgelaufen',
      session_over: 'Die Person hat sich abgemeldet oder wurde abgemeldet',
      gap: 'Nachrichten eines anderen Servers gingen verloren',
    },
  },
};
