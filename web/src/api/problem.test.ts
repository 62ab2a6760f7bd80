// Answers become problems, whatever shape they have.
import { describe, expect, it } from 'vitest';
import { unwrap } from './client';
import { Problem } from './problem';

const document = {
  type: 'about:blank',
  title: 'Busy',
  status: 503,
  code: 'busy',
  detail: 'The server is busy.',
  request_id: 'abc',
};

describe('Problem', () => {
  it('reads a problem document', () => {
    const response = new Response(null, { status: 503, headers: { 'retry-after': '7' } });
    expect(Problem.fromResponse(response, document)).toMatchObject({
      code: 'busy',
      status: 503,
      detail: 'The server is busy.',
      requestId: 'abc',
      retryAfter: 7,
      errors: [],
    });
  });

  it('makes do with an answer from something that is not our server', () => {
    const response = new Response(null, { status: 502, headers: { 'x-request-id': 'proxy-1' } });
    expect(Problem.fromResponse(response, '<html>')).toMatchObject({
      code: 'unexpected',
      status: 502,
      detail: undefined,
      requestId: 'proxy-1',
    });
  });

  it('ignores a Retry-After that is a date', () => {
    const headers = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' };
    const response = new Response(null, { status: 429, headers });
    expect(Problem.fromResponse(response, undefined).retryAfter).toBeUndefined();
  });

  it('is thrown when no answer arrives', async () => {
    const lost = unwrap(Promise.reject(new TypeError('Failed to fetch')));
    await expect(lost).rejects.toMatchObject({ code: 'unreachable', status: 0 });
  });
});
