// The one door to the server. Types come from docs/api/openapi.json through `npm run api`.
import createClient from 'openapi-fetch';
import { Problem } from './problem';
import type { components, paths } from './schema';
import { send } from './send';

export type User = components['schemas']['User'];
export type Me = components['schemas']['Me'];
export type SecondStep = components['schemas']['SecondStepNeeded'];
export type DevMail = components['schemas']['DevMail'];

export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  fetch: send,
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a successful answer; everything else is thrown as a Problem. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>;
  try {
    settled = await answer;
  } catch (error) {
    throw Problem.from(error);
  }
  const { data, error, response } = settled;
  if (!response.ok) throw Problem.fromResponse(response, error);
  return data as T;
}
