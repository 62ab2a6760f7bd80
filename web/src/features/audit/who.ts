// Who did it, and to whom.
import type { AuditEntry, Person } from './model';

/** Nobody who is known: whoever sat at the server, the program, or a stranger. */
export type Nobody = 'operator' | 'program' | 'stranger';

/** What only the program itself does. */
const ofProgram = /^(keys_|ledger_drop$|person_forget$|gate_|rollout_)/;

export function whoDid({ by, by_operator, action }: AuditEntry): Person | Nobody {
  if (by) return by;
  if (by_operator) return 'operator';
  return ofProgram.test(action) ? 'program' : 'stranger';
}

/** Whose account it was, if it was somebody else's. In the log of one person, entries do not say it is theirs. */
export function toWhom({ by, about }: AuditEntry, person?: Person): Person | undefined {
  const whom = about ?? person;
  return whom && whom.id !== by?.id ? whom : undefined;
}
