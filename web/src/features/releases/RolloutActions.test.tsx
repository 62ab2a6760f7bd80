// What one can tell a rollout, and that nobody tells it something by mistake.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { problemBody, renderPage, stubServer } from '../../test-tools';
import type { Rollout } from './model';
import { RolloutActions } from './RolloutActions';
import { rollout } from './sample';
import { StartRollout } from './StartRollout';
import { service } from './sample';

const ORDER = '/api/admin/edge/rollout/order';
const START = '/api/admin/edge/rollout/start';

const told = { sentence: 'Done.', record: {} };
const onDone = vi.fn();

beforeEach(() => {
  onDone.mockReset();
});

const actions = (more: Partial<Rollout> = {}) =>
  renderPage(<RolloutActions service="app" rollout={{ ...rollout, ...more }} onDone={onDone} />);

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));
const confirm = (name: string) =>
  userEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name }));

describe('a rollout', () => {
  it('is paused at once', async () => {
    const requests = stubServer(() => ({ status: 200, body: told }));
    await actions();
    await press('Pause');
    await vi.waitFor(() => {
      expect(onDone).toHaveBeenCalledWith('The rollout is paused.');
    });
    expect(requests).toContainEqual({ path: ORDER, body: { service: 'app', order: 'pause' } });
  });

  it('is ended only after a question', async () => {
    const requests = stubServer(() => ({ status: 200, body: told }));
    await actions();
    await press('End the rollout');
    expect(screen.getByRole('alertdialog')).toHaveTextContent('All visitors go back to Blue');
    expect(requests).toEqual([]);
    await confirm('End the rollout');
    await vi.waitFor(() => {
      expect(onDone).toHaveBeenCalled();
    });
    expect(requests).toContainEqual({ path: ORDER, body: { service: 'app', order: 'abort' } });
  });

  it('that is not proven is promoted with a warning', async () => {
    stubServer(() => ({ status: 200, body: told }));
    await actions();
    await press('Promote to 50%');
    expect(screen.getByRole('alertdialog')).toHaveTextContent('It is not proven yet');
  });

  it('is told what the gate says when it refuses', async () => {
    const detail = 'This rollout is over.';
    stubServer(() => ({ status: 409, body: problemBody(409, 'gate_refused', { detail }) }));
    await actions({ paused: { since: '2026-11-22T12:00:00Z', by: 'ada' } });
    expect(screen.queryByRole('button', { name: /^Promote/ })).toBeNull();
    await press('Resume');
    expect(await screen.findByRole('alert')).toHaveTextContent('“This rollout is over.”');
    expect(onDone).not.toHaveBeenCalled();
  });

  it('can be gone back from while the old release is warm, and not later', async () => {
    stubServer(() => ({ status: 200, body: told }));
    const completed = (isWarm: boolean) => ({
      phase: { completed: { at: 'x', warm_until: '2026-11-23T12:00:00Z', is_warm: isWarm } },
    });
    const { unmount } = await actions(completed(true));
    expect(screen.getByRole('button', { name: 'Go back to Blue' })).toBeVisible();
    unmount();
    await actions(completed(false));
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('a new rollout', () => {
  const form = () =>
    renderPage(<StartRollout service={service({ rollout: null })} onDone={onDone} />);

  const fill = async (label: string, text: string) => {
    const field = screen.getByLabelText(label);
    await userEvent.clear(field);
    if (text !== '') await userEvent.type(field, text);
  };

  it('is sent as it was typed', async () => {
    const requests = stubServer(() => ({ status: 200, body: told }));
    await form();
    await fill('Steps, in percent of the visitors', '5, 100');
    await fill('How long each step is held', '1h');
    await userEvent.click(screen.getByLabelText('I decide each step myself'));
    expect(screen.getByText(/^So it goes: check → 5% for 1 hr → 100%/)).toBeVisible();
    await press('Begin the rollout');
    await vi.waitFor(() => {
      expect(onDone).toHaveBeenCalledWith('The rollout of Green has begun.');
    });
    const plan = { steps: [5, 100], holds: ['1h'], soak: '15m', manual: true };
    expect(requests).toContainEqual({ path: START, body: { service: 'app', to: 'green', plan } });
  });

  it('with mistakes is not sent, and each is told beside its field', async () => {
    const requests = stubServer(() => ({ status: 200, body: told }));
    await form();
    await fill('Steps, in percent of the visitors', '50, 10');
    await fill('How long it is watched at 100 %', 'long');
    await press('Begin the rollout');
    expect(await screen.findByText(/Whole percentages that grow/)).toBeVisible();
    expect(screen.getByText(/Write a time like 15m/)).toBeVisible();
    expect(screen.queryByText(/^So it goes/)).toBeNull();
    expect(requests).toEqual([]);
  });

  it('needs something to be rolled out', async () => {
    const slots = service().slots.map((view) => ({ ...view, targets: [] }));
    await renderPage(<StartRollout service={service({ rollout: null, slots })} onDone={onDone} />);
    expect(screen.getByText(/No address is configured for Green/)).toBeVisible();
  });
});
