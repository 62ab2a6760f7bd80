// What this browser remembers about being signed in: when its session was last renewed, or that
// nobody is signed in. Nothing secret: the session itself is in cookies that no script can read.
// The hint only saves needless requests; whenever it matters, the server is asked.
import { forget, recall, remember } from '../ui/preference';

export const SESSION_HINT = 'mainstay.session';
const NOBODY = 'nobody';

// Where storage is forbidden, this page still knows what happened in it.
let renewedHere = 0;

/** Somebody is signed in, with cookies set just now. */
export function rememberRenewal(): void {
  renewedHere = Date.now();
  remember(SESSION_HINT, String(renewedHere));
}

export function rememberNobody(): void {
  renewedHere = 0;
  remember(SESSION_HINT, NOBODY);
  for (const run of onNobody) run();
}

const onNobody = new Set<() => void>();

/** Runs when this page learns that its session is over, whichever request brought the news. */
export function whenNobody(run: () => void): () => void {
  onNobody.add(run);
  return () => onNobody.delete(run);
}

/** Back to not knowing. */
export function forgetHint(): void {
  forget(SESSION_HINT);
}

/** Whether the last thing that happened in this browser was the end of a session. */
export function isNobodyExpected(): boolean {
  return recall(SESSION_HINT) === NOBODY;
}

/** Whether any tab of this browser got new cookies after that moment. */
export function renewedSince(moment: number): boolean {
  return Math.max(renewedHere, Number(recall(SESSION_HINT)) || 0) > moment;
}
