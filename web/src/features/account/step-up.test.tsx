// What needs a recent proof asks for it once, then goes on as if nothing had happened.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import { api, unwrap } from '../../api/client';
import { problemBody, renderPage, stubServer } from '../../test-tools';
import { StepUp } from './step-up';

const me = {
  id: '1',
  email: 'ada@example.org',
  username: 'ada',
  role: 'user',
  email_verified: true,
  created_at: '2026-01-01T00:00:00Z',
  second_factor: false,
  second_factor_required: false,
  session: { id: '2', expires_at: '2026-01-08T00:00:00Z', reauthenticated_until: null },
};

type Reauthentication = { status: number; body?: unknown; headers?: Record<string, string> };

/** A server that wants a proof before it ends sessions. */
function start(reauthenticate: (body: unknown) => Reauthentication, changes: object = {}) {
  let isProven = false;
  return stubServer((path, body) => {
    if (path === '/api/auth/me') return { status: 200, body: { ...me, ...changes } };
    if (path === '/api/auth/reauthenticate') {
      const answer = reauthenticate(body);
      isProven = answer.status === 200;
      return answer;
    }
    if (isProven) return { status: 200, body: { ended: 3 } };
    return { status: 403, body: problemBody(403, 'reauthentication_required') };
  });
}

const proven = () => ({ status: 200, body: { reauthenticated_until: '2026-01-01T00:10:00Z' } });
const endOthers = () => unwrap(api.DELETE('/api/auth/sessions'));
const dialog = () => screen.findByRole('dialog', { name: 'Confirm that it is you' });

describe('step-up', () => {
  // It is fetched when first needed: on a busy machine that takes longer than the tests wait.
  beforeAll(() => import('./StepUpDialog'));

  it('asks for the password and repeats the request', async () => {
    const requests = start(proven);
    await renderPage(<StepUp />);
    const user = userEvent.setup();

    const ended = endOthers();
    await dialog();
    await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}');

    expect(await ended).toEqual({ ended: 3 });
    expect(requests).toContainEqual({
      path: '/api/auth/reauthenticate',
      body: { password: 'correct horse' },
    });
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
  });

  it('asks once for several requests', async () => {
    start(proven);
    await renderPage(<StepUp />);
    const user = userEvent.setup();

    const all = Promise.all([endOthers(), endOthers()]);
    await dialog();
    await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}');
    expect(await all).toEqual([{ ended: 3 }, { ended: 3 }]);
  });

  it('wants the code too from those who have a second factor', async () => {
    const requests = start(proven, { second_factor: true });
    await renderPage(<StepUp />);
    const user = userEvent.setup();

    const ended = endOthers();
    await dialog();
    await user.type(screen.getByLabelText('Password'), 'correct horse');
    await user.type(await screen.findByLabelText('Code'), '123 456{Enter}');
    await ended;
    expect(requests).toContainEqual({
      path: '/api/auth/reauthenticate',
      body: { password: 'correct horse', code: '123456' },
    });
  });

  it('says on the field that the password is wrong, and stays', async () => {
    start(() => ({ status: 403, body: problemBody(403, 'wrong_password') }));
    await renderPage(<StepUp />);
    const user = userEvent.setup();

    const ended = endOthers();
    const refused = expect(ended).rejects.toMatchObject({ isCancelled: true });
    await dialog();
    await user.type(screen.getByLabelText('Password'), 'wrong one{Enter}');
    await waitFor(() => {
      expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(
        'This password is not right.',
      );
    });
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await refused;
  });

  it('lets go when the dialog is closed', async () => {
    const requests = start(proven);
    await renderPage(<StepUp />);
    const user = userEvent.setup();

    const refused = expect(endOthers()).rejects.toMatchObject({
      code: 'cancelled',
      isCancelled: true,
    });
    await dialog();
    await user.keyboard('{Escape}');
    await refused;
    expect(requests.filter(({ path }) => path === '/api/auth/sessions')).toHaveLength(1);
  });
});
