// How a request travels: every layer wraps the one below it.
import { withFreshSession } from './refresh';
import { requestWithRetry } from './retry';
import { withStepUp } from './step-up';

const overTheNetwork = (request: Request) => globalThis.fetch(request);
const patiently = (request: Request) => requestWithRetry(request, overTheNetwork);
const signedIn = (request: Request) => withFreshSession(request, patiently);

export const send = (request: Request) => withStepUp(request, signedIn);
