// Some changes ask for the password again. This layer has it asked for, then repeats the request.
// What asks is features/account/step-up.tsx; here is only the place where it plugs in.
import { says, type Send } from './answers';

/** Resolves once the person has shown who they are; rejects with the problem `cancelled`. */
type Ask = () => Promise<void>;

let ask: Ask | undefined;

/** The dialog announces itself here while it stands on the page. */
export function askWith(next: Ask): () => void {
  ask = next;
  return () => {
    if (ask === next) ask = undefined;
  };
}

export async function withStepUp(request: Request, send: Send): Promise<Response> {
  const answer = await send(request.clone());
  if (!ask || !(await says(answer, 403, 'reauthentication_required'))) return answer;
  await ask();
  return send(request);
}
