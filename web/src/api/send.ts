// How a request travels: every layer wraps the one below it.
import { noticingMaintenance } from './maintenance-refusal';
import { withFreshSession } from './refresh';
import { requestWithRetry } from './retry';
import { withStepUp } from './step-up';

const overTheNetwork = (request: Request) => globalThis.fetch(request);
const patiently = (request: Request) => requestWithRetry(request, overTheNetwork);
const informed = (request: Request) => noticingMaintenance(request, patiently);
const signedIn = (request: Request) => withFreshSession(request, informed);

export const send = (request: Request) => withStepUp(request, signedIn);
