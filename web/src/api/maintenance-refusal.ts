// During maintenance changes are refused, whichever request they come with: here the page learns of it first.
import { says, type Send } from './answers';
import { MAINTENANCE } from './problem';

const onRefusal = new Set<() => void>();

/** Runs when a change was refused because of maintenance, before whoever asked for it hears of it. */
export function whenMaintenance(run: () => void): () => void {
  onRefusal.add(run);
  return () => onRefusal.delete(run);
}

export async function noticingMaintenance(request: Request, send: Send): Promise<Response> {
  const answer = await send(request);
  if (await says(answer, 503, MAINTENANCE)) for (const run of onRefusal) run();
  return answer;
}
