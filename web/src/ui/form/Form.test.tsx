// A form that must wait counts down, and sends nothing meanwhile.
import { act, fireEvent, screen } from '@testing-library/react';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CANCELLED, Problem } from '../../api/problem';
import { renderPage } from '../../test-tools';
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
