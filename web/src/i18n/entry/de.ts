// German: the ways in.
import type { entryEn } from './en';

export const entryDe: typeof entryEn = {
  signUp: {
    title: 'Konto anlegen',
    lead: 'Danach bestätigen Sie Ihre E-Mail-Adresse und sind angemeldet.',
    submit: 'Konto anlegen',
    pending: 'Konto wird angelegt …',
    haveAccount: 'Sie haben schon ein Konto?',
    sentTitle: 'Sehen Sie in Ihre Post',
    sentLead:
      'Eine Nachricht ist an {{email}} unterwegs. Öffnen Sie den Link darin, um die Adresse zu bestätigen.',
    sentHint: 'Nichts angekommen? Sehen Sie im Spam-Ordner nach oder fordern Sie sie neu an.',
    sentMailbox: 'Dies ist ein Entwicklungsserver: Nachrichten landen in seinem Postfach.',
    openMailbox: 'Postfach öffnen',
    wrongAddress: 'Andere Adresse verwenden',
  },
  signIn: {
    title: 'Anmelden',
    submit: 'Anmelden',
    pending: 'Anmeldung läuft …',
    noAccount: 'Neu hier?',
    next: 'Melden Sie sich an, um zu dieser Seite zu gelangen.',
    signedOut: 'Sie sind abgemeldet.',
    tooLate:
      'Das hat eine Weile gedauert, deshalb ist die Anmeldung beendet. Bitte beginnen Sie neu.',
    notConfirmed: 'Adresse noch nicht bestätigt?',
    forgot: 'Passwort vergessen?',
    passkey: 'Mit Passkey anmelden',
    throttled: 'Probiert jemand anderes Passwörter für Ihr Konto? So kommen Sie gleich hinein:',
    throttledLink: 'per Mail ein neues Passwort wählen',
  },
  secondStep: {
    title: 'Noch ein Schritt',
    lead: 'Ihr Konto ist durch mehr als sein Passwort geschützt.',
    codeHint: 'Sechs Ziffern aus Ihrer Authenticator-App.',
    backupCodeHint: 'Einer der Codes, die Sie beim Einrichten aufbewahrt haben. Jeder gilt einmal.',
    passkey: 'Passkey verwenden',
    useCode: 'Code aus der App verwenden',
    useBackupCode: 'Ersatzcode verwenden',
    back: 'Neu beginnen',
    lost: 'App und Ersatzcodes verloren? Wenden Sie sich an die Betreiber dieses Servers. Sie können die Rettung Ihres Kontos anstoßen.',
  },
  passkey: { pending: 'Warten auf Ihr Gerät …' },
  stepUp: {
    title: 'Bestätigen Sie, dass Sie es sind',
    lead: 'Dies ist eine wichtige Änderung. Danach fragen wir zehn Minuten lang nicht mehr.',
    codeHint: 'Aus Ihrer Authenticator-App, oder ein Ersatzcode.',
    submit: 'Bestätigen',
    pending: 'Wird bestätigt …',
    passkey: 'Passkey verwenden',
  },
  secondFactor: {
    neededTitle: 'Ihr Konto braucht einen zweiten Faktor',
    needed:
      'Die Betreiber dieses Servers verlangen einen. Bis er eingerichtet ist, bleibt der Rest geschlossen.',
    setUp: 'Jetzt einrichten',
  },
  forgot: {
    title: 'Passwort vergessen?',
    lead: 'Nennen Sie Ihre Adresse, und wir senden Ihnen einen Link für ein neues.',
    submit: 'Link senden',
    back: 'Zurück zur Anmeldung',
    sentTitle: 'Sehen Sie in Ihre Post',
    sentLead:
      'Falls es zu {{email}} hier ein Konto gibt, ist eine Nachricht unterwegs. Öffnen Sie den Link darin, um ein neues Passwort zu wählen.',
    sentHint: 'Nichts angekommen? Sehen Sie im Spam-Ordner nach oder prüfen Sie die Adresse.',
    again: 'Noch einmal anfordern',
  },
  reset: {
    title: 'Neues Passwort wählen',
    lead: 'Sie werden überall abgemeldet. Ihr zweiter Faktor, falls Sie einen haben, bleibt.',
    submit: 'Neues Passwort speichern',
    pending: 'Wird gespeichert …',
    doneTitle: 'Ihr neues Passwort gilt',
    doneLead: 'Sie sind überall abgemeldet. Melden Sie sich mit dem neuen Passwort an.',
    again: 'Neuen Link anfordern',
    expiredLead: 'Links für ein neues Passwort gelten nur kurz. Fordern Sie einen neuen an.',
    usedLead:
      'Ein Link für ein neues Passwort gilt einmal. Wenn Sie es nicht waren, fordern Sie gleich einen neuen an.',
    invalidLead:
      'Vielleicht ist er unvollständig, oder die Seite wurde neu geladen. Öffnen Sie den Link in der Nachricht noch einmal oder fordern Sie einen neuen an.',
  },
  confirmEmail: {
    title: 'Neue Adresse bestätigen',
    lead: 'Ein Klick, und Ihr Konto gehört zu dieser Adresse.',
    submit: 'Adresse bestätigen',
    account: 'Zu Ihrem Konto',
    doneLead: 'Ihr Konto gehört jetzt zu {{email}}. Melden Sie sich künftig mit dieser Adresse an.',
    expiredLead:
      'Bestätigungslinks gelten nur eine Zeit lang. Ändern Sie die Adresse in Ihrem Konto noch einmal.',
    usedLead:
      'Die Adresse ist wohl schon bestätigt. Melden Sie sich damit an; in Ihrem Konto sehen Sie, welche gilt.',
    invalidLead:
      'Vielleicht ist er unvollständig, oder die Seite wurde neu geladen: Öffnen Sie den Link in der Nachricht noch einmal. Auch eine spätere Änderung von Adresse oder Passwort beendet ihn: Ändern Sie die Adresse dann in Ihrem Konto noch einmal.',
  },
  recover: {
    title: 'Zurück in Ihr Konto',
    lead: 'Die Administration hat dies begonnen, weil Ihr zweiter Faktor verloren ist. Ihr Passwort entfernt ihn.',
    submit: 'Zweiten Faktor entfernen',
    pending: 'Wird entfernt …',
    doneTitle: 'Ihr zweiter Faktor ist entfernt',
    doneLead:
      'Sie sind überall abgemeldet. Melden Sie sich mit Ihrem Passwort an und richten Sie einen neuen ein.',
    expiredLead: 'Solche Links gelten nur kurz. Bitten Sie die Administration um einen neuen.',
    usedLead: 'Ihr zweiter Faktor ist wohl schon entfernt. Versuchen Sie sich anzumelden.',
    invalidLead:
      'Vielleicht ist er unvollständig, oder die Seite wurde neu geladen. Öffnen Sie den Link in der Nachricht noch einmal.',
  },
  verify: {
    title: 'Adresse bestätigen',
    lead: 'Geben Sie das Passwort ein, das Sie beim Anlegen gewählt haben. Dann sind Sie angemeldet.',
    forgotten: 'Nicht mehr sicher?',
    signUpAgain: 'Konto noch einmal anlegen',
    passwordHint: 'Es zeigt, dass Ihnen das Konto gehört, nicht nur das Postfach.',
    submit: 'Adresse bestätigen',
    pending: 'Wird bestätigt …',
    doneTitle: 'Adresse bestätigt',
    doneLead: 'Willkommen, {{username}}. {{email}} ist bestätigt, und Sie sind angemeldet.',
    continue: 'Zu Ihrem Konto',
    expiredTitle: 'Dieser Link ist abgelaufen',
    expiredLead: 'Bestätigungslinks gelten nur eine Zeit lang. Fordern Sie einen neuen an.',
    usedTitle: 'Dieser Link wurde schon benutzt',
    usedLead:
      'Die Adresse ist wohl schon bestätigt. Melden Sie sich an oder fordern Sie einen neuen Link an.',
    invalidTitle: 'Dieser Link funktioniert nicht',
    invalidLead:
      'Vielleicht ist er unvollständig, oder die Seite wurde neu geladen. Öffnen Sie den Link in der Nachricht noch einmal oder fordern Sie einen neuen an.',
    takenTitle: 'Jemand war schneller',
    takenLead:
      'Jemand anderes hat ein Konto mit diesem Benutzernamen bestätigt. Legen Sie Ihres mit einem anderen neu an.',
  },
  resend: {
    submit: 'Neuen Link senden',
    again: 'Bestätigung erneut senden',
    pending: 'Wird gesendet …',
    done: 'Falls {{email}} auf Bestätigung wartet, ist eine neue Nachricht unterwegs.',
    tooSoonTitle: 'Noch einen Moment',
    tooSoon:
      'Eben erst wurde eine Nachricht angefordert. Sehen Sie im Postfach und im Spam-Ordner nach.',
    nextIn: 'Die nächste kann in {{time}} abgehen.',
  },
  setup: {
    title: 'Diesen Server einrichten',
    lead: 'Sie legen den ersten Administrator an. Der Link gilt einmal.',
    submit: 'Administrator anlegen',
    pending: 'Administrator wird angelegt …',
    missingTitle: 'Der Einrichtungslink fehlt',
    missingLead:
      'Vielleicht ist er abgeschnitten, oder die Seite wurde neu geladen. Öffnen Sie noch einmal den ganzen Link, den der Server beim ersten Start ausgegeben hat.',
    usedTitle: 'Dieser Server ist schon eingerichtet',
    usedLead: 'Der Einrichtungslink wurde benutzt. Melden Sie sich mit dem Administratorkonto an.',
    expiredTitle: 'Der Einrichtungslink ist abgelaufen',
    expiredLead:
      'Führen Sie auf dem Server „mainstay admin setup-link“ aus, um einen neuen zu bekommen.',
    invalidTitle: 'Dieser Einrichtungslink funktioniert nicht',
    invalidLead:
      'Kopieren Sie den ganzen Link aus den ersten Meldungen des Servers und öffnen Sie ihn erneut. Ein neuerer Link beendet die älteren; „mainstay admin setup-link“ auf dem Server gibt einen neuen aus.',
  },
};
