// The access cookie lives for minutes, the refresh cookie for days. When the first has run out, the
// second buys a new pair: one tab at a time, because each refresh token may be used only once.
import { says, type Send } from './answers';
import { rememberNobody, rememberRenewal, renewedSince } from './session-hint';

const REFRESH = '/api/auth/refresh';
const LOCK = 'mainstay.refresh';
/**
 * A request that hangs must not hold up every tab for ever. Shorter than the ten seconds for which a
 * token may be presented again, so that trying anew after a lost answer does not look like theft.
 */
const PATIENCE = 7_000;

export async function withFreshSession(request: Request, send: Send): Promise<Response> {
  const sentAt = Date.now();
  const answer = await send(request.clone());
  if (!(await says(answer, 401, 'unauthenticated'))) return answer;

  const failure = await renew(sentAt, send);
  if (failure === undefined) return send(request);
  // Only "you are not signed in" means that; a busy server must not look like the end of a session.
  return failure.status === 401 ? answer : failure;
}

let running: Promise<Response | undefined> | undefined;

/** Makes sure that the cookies are newer than that moment; the answer of a refresh that failed. */
function renew(since: number, send: Send): Promise<Response | undefined> {
  running ??= oneTabAtATime(async () =>
    renewedSince(since) ? undefined : await refresh(send),
  ).finally(() => {
    running = undefined;
  });
  return running;
}

async function refresh(send: Send): Promise<Response | undefined> {
  const answer = await send(
    new Request(new URL(REFRESH, location.origin), {
      method: 'POST',
      signal: AbortSignal.timeout(PATIENCE),
    }),
  );
  if (answer.ok) {
    rememberRenewal();
    await finish(answer);
    return undefined;
  }
  if (answer.status === 401) {
    rememberNobody();
    await finish(answer);
  }
  return answer;
}

/** A body that nobody reads keeps its request open. */
async function finish(answer: Response): Promise<void> {
  await answer.arrayBuffer();
}

async function oneTabAtATime(
  work: () => Promise<Response | undefined>,
): Promise<Response | undefined> {
  // Browsers have locks wherever they accept our Secure cookies; the check is for old ones.
  const { locks } = navigator as { locks?: LockManager };
  return locks ? await locks.request(LOCK, work) : await work();
}
