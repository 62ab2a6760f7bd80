// Asks again when no answer came, or the server is busy for a moment. Writes are not repeated, since
// they may already have happened, unless a key tells the server that it is the same one.
import { useSyncExternalStore } from 'react';
import type { Send } from './answers';
import { retryAfterSeconds } from './problem';

const SAFE = new Set(['GET', 'HEAD']);
const IDEMPOTENCY_KEY = 'idempotency-key';
const WAITS = [1000, 2000, 4000];
/** So that a thousand open pages do not come back in the same instant. */
const JITTER = 300;
/** Who is told to stay away for longer should say so, not wait in silence. */
const LONGEST_WAIT = 10_000;
/** The server, or the proxy in front of it, is away or busy. */
const PASSING = new Set([502, 503, 504]);

type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export async function requestWithRetry(
  request: Request,
  send: Send,
  pause: Pause = sleep,
): Promise<Response> {
  if (!isRepeatable(request)) return send(request);
  for (const wait of WAITS) {
    const answer = await attempt(request, send);
    const pauseFor = pauseAfter(answer, wait + Math.random() * JITTER);
    if (answer && pauseFor === undefined) return answer;
    await noticed(pause(pauseFor ?? wait, request.signal));
  }
  return send(request);
}

function isRepeatable({ method, headers }: Request): boolean {
  return SAFE.has(method) || headers.has(IDEMPOTENCY_KEY);
}

/** `undefined` when no answer came. */
async function attempt(request: Request, send: Send): Promise<Response | undefined> {
  try {
    return await send(request.clone());
  } catch (error) {
    if (request.signal.aborted) throw error;
    return undefined;
  }
}

/** How long to wait before asking again; `undefined` when this answer is the last word. */
function pauseAfter(answer: Response | undefined, wait: number): number | undefined {
  if (!answer) return wait;
  if (!PASSING.has(answer.status)) return undefined;
  const asked = (retryAfterSeconds(answer) ?? 0) * 1000;
  return asked > LONGEST_WAIT ? undefined : Math.max(wait, asked);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('The page no longer needs this.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

let pauses = 0;
const listeners = new Set<() => void>();

async function noticed(pause: Promise<void>): Promise<void> {
  count(1);
  try {
    await pause;
  } finally {
    count(-1);
  }
}

function count(change: number): void {
  pauses += change;
  for (const notify of listeners) notify();
}

/** True while some request waits to be repeated, so that a slow start can explain itself. */
export function useIsRetrying(): boolean {
  return useSyncExternalStore(subscribe, () => pauses > 0);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
