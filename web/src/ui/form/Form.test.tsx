// A form that must wait counts down, and sends nothing meanwhile.
import { act, fireEvent, screen } from '@testing-library/react';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CANCELLED, MAINTENANCE, Problem, type FieldError } from '../../api/problem';
import { renderPage, stubServer } from '../../test-tools';
import type { Throttled } from '../ProblemNotice';
import { Form } from './Form';
import { TextField } from './TextField';
import { useForm } from './useForm';

type ExampleProps = { send: () => Promise<unknown>; throttled?: Throttled };

function Example({ send, throttled }: ExampleProps) {
  const form = useForm({ schema: v.object({ name: v.string() }), initial: { name: '' }, send });
  return (
    <Form form={form} submit="Send" pendingText="Sending…" {...(throttled && { throttled })}>
      <TextField {...form.field('name')} label="Name" />
    </Form>
  );
}

const tooMany = () =>
  Promise.reject(new Problem({ code: 'too_many_requests', status: 429, retryAfter: 3 }));
const submit = () => screen.getByRole('button', { name: 'Send' });
const after = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

async function press() {
  fireEvent.submit(submit());
  await after(0);
}

describe('a form that came too often', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts the seconds, for the eye only', async () => {
    await renderPage(<Example send={vi.fn(tooMany)} />);
    await press();
    const shown = () => screen.getByRole('alert').querySelector('[aria-hidden="true"]:not(svg)');
    expect(shown()).toHaveTextContent('Try again in 3 seconds.');
    await after(1000);
    expect(shown()).toHaveTextContent('Try again in 2 seconds.');
    await after(2000);
    // What is no longer true goes; who cannot see that is told.
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText('You can try again now.')).toHaveAttribute('role', 'status');
  });

  it('has better words where asking again is no mistake', async () => {
    await renderPage(<Example send={vi.fn(tooMany)} throttled={{ about: 'mail' }} />);
    await press();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText(/asked for a moment ago/)).toHaveTextContent(
      'The next one can go in 3 seconds.',
    );
    expect(screen.queryByText(/Too many attempts/)).toBeNull();
  });

  it('ignores button and Enter until then', async () => {
    const send = vi.fn(tooMany);
    await renderPage(<Example send={send} />);
    await press();
    expect(submit()).toHaveAttribute('aria-disabled', 'true');
    await press();
    expect(send).toHaveBeenCalledTimes(1);

    await after(3000);
    expect(submit()).not.toHaveAttribute('aria-disabled', 'true');
    await press();
    expect(send).toHaveBeenCalledTimes(2);
  });
});

it('says nothing about a changed mind', async () => {
  const send = vi.fn(() => Promise.reject(new Problem({ code: CANCELLED })));
  await renderPage(<Example send={send} />);
  await act(async () => {
    fireEvent.submit(submit());
    await Promise.resolve();
  });
  expect(send).toHaveBeenCalled();
  expect(screen.queryByRole('alert')).toBeNull();
});

it.each([
  ['wrong_code', 'code', 'This code is wrong, or was used already. Try the next one.'],
  ['wrong_password', 'current_password', 'This password is not right.'],
])('%s belongs to the field %s', async (code, name, text) => {
  function Other() {
    const form = useForm({
      schema: v.record(v.string(), v.string()),
      initial: { [name]: '' },
      send: () => Promise.reject(new Problem({ code, status: 403 })),
    });
    return (
      <Form form={form} submit="Send" pendingText="Sending…">
        <TextField {...form.field(name)} label="It" />
      </Form>
    );
  }
  await renderPage(<Other />);
  fireEvent.submit(submit());
  expect(await screen.findByText(text)).toBeInTheDocument();
  expect(screen.getByLabelText('It')).toHaveFocus();
});

it('shows what it knew before beside what it finds now', async () => {
  const send = vi.fn(() => Promise.reject(new Problem({ code: 'wrong_password', status: 403 })));
  const filledIn = v.pipe(v.string(), v.nonEmpty('required'));
  function Both() {
    const form = useForm({
      schema: v.object({ current_password: filledIn, new_password: filledIn }),
      initial: { current_password: 'a', new_password: 'b' },
      send,
    });
    return (
      <Form form={form} submit="Send" pendingText="Sending…">
        <TextField {...form.field('current_password')} label="Old" />
        <TextField {...form.field('new_password')} label="New" />
      </Form>
    );
  }
  await renderPage(<Both />);
  fireEvent.submit(submit());
  expect(await screen.findByText('This password is not right.')).toBeInTheDocument();
  fireEvent.change(screen.getByLabelText('New'), { target: { value: '' } });
  fireEvent.submit(submit());
  expect(screen.getByText('Choose a new password.')).toBeInTheDocument();
  expect(screen.getByText('This password is not right.')).toBeInTheDocument();
  expect(send).toHaveBeenCalledTimes(1);
});

describe('mistakes that the server names', () => {
  function Named() {
    const form = useForm({
      schema: v.object({ name: v.string() }),
      initial: { name: '' },
      send: () => Promise.reject(new Problem({ code: 'invalid_input', status: 422, errors })),
    });
    return (
      <Form form={form} submit="Send" pendingText="Sending…">
        <TextField {...form.field('name')} label="Name" />
      </Form>
    );
  }

  let errors: FieldError[];

  async function refused(...found: [field: string, code: string, message: string][]) {
    errors = found.map(([field, code, message]) => ({ field, code, message }));
    await renderPage(<Named />);
    fireEvent.submit(submit());
    await vi.waitFor(() => {
      expect(screen.queryByRole('alert') ?? screen.queryByText(/^One field/)).not.toBeNull();
    });
  }

  const listed = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent);

  it('stand beside their fields, once each', async () => {
    await refused(['name', 'length', 'is too long'], ['name', 'pattern', 'is odd']);
    expect(screen.getByLabelText('Name')).toHaveAccessibleDescription('is too long');
    expect(screen.getByLabelText('Name')).toHaveFocus();
    expect(screen.getByText('One field needs another look.')).toBeInTheDocument();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('within a field stand beside it', async () => {
    await refused(['name[0].first', 'length', 'is too long']);
    expect(screen.getByLabelText('Name')).toHaveAccessibleDescription('is too long');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('about anything else stand above all fields, beside those that are marked', async () => {
    await refused(
      ['$', 'type', 'must be an object'],
      ['name', 'length', 'is too long'],
      ['colour', 'unknown', 'is not known'],
      ['$', 'more', 'has more'],
    );
    expect(screen.getByLabelText('Name')).toHaveAccessibleDescription('is too long');
    expect(screen.getByRole('alert')).toHaveTextContent('Some of the details are not right.');
    expect(listed()).toEqual([
      'What was sent must be an object.',
      '“colour” is not known.',
      'There are more mistakes than are listed here.',
    ]);
  });

  it('about nothing that is shown are not lost', async () => {
    await refused(['$', 'type', 'must be an object']);
    expect(listed()).toEqual(['What was sent must be an object.']);
    expect(screen.getByLabelText('Name')).toHaveAttribute('aria-invalid', 'false');
  });
});

describe('a form that is refused during maintenance', () => {
  const maintenance = () =>
    Promise.reject(new Problem({ code: MAINTENANCE, status: 503, retryAfter: 7200 }));
  const until = new Date(Date.now() + 7_200_000).toISOString();

  it('says that nothing is lost, keeps it, and may be sent at any time', async () => {
    stubServer(() => ({ status: 200, body: { active: true, since: until, until } }));
    const send = vi.fn(maintenance);
    await renderPage(<Example send={send} />);
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Ada' } });
    fireEvent.submit(submit());
    expect(await screen.findByText(/Nothing is lost/)).toBeInTheDocument();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(await screen.findByText(/Please try again from/)).toContainElement(
      document.querySelector(`time[datetime="${until}"]`),
    );
    expect(screen.getByLabelText('Name')).toHaveValue('Ada');
    expect(submit()).not.toHaveAttribute('aria-disabled', 'true');
    fireEvent.submit(submit());
    await vi.waitFor(() => {
      expect(send).toHaveBeenCalledTimes(2);
    });
  });

  it('says when it is over', async () => {
    stubServer(() => ({ status: 200, body: { active: false } }));
    await renderPage(<Example send={vi.fn(maintenance)} />);
    fireEvent.submit(submit());
    expect(await screen.findByText(/You can send it now/)).toBeInTheDocument();
  });
});
