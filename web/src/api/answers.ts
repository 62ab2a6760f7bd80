// What the layers between a page and the network know about answers.

export type Send = (request: Request) => Promise<Response>;

/** Whether an answer is the problem with this status and code. Leaves its body to be read again. */
export async function says(answer: Response, status: number, code: string): Promise<boolean> {
  if (answer.status !== status) return false;
  try {
    const body: unknown = await answer.clone().json();
    return typeof body === 'object' && body !== null && 'code' in body && body.code === code;
  } catch {
    // Not JSON, so not from our server.
    return false;
  }
}
