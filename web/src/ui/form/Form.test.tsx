// A form that must wait counts down, and sends nothing meanwhile.
import { act, fireEvent, screen } from '@testing-library/react';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CANCELLED, Problem } from '../../api/problem';
import { renderPage } from '../../test-tools';
import { Form } from './Form';
import { TextField } from './TextField';
import { useForm } from './useForm';

function Example({ send }: { send: () => Promise<unknown> }) {
  const form = useForm({ schema: v.object({ name: v.string() }), initial: { name: '' }, send });
  return (
    <Form form={form} submit="Send" pendingText="Sending…">
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
    expect(shown()).toBeNull();
    expect(screen.getByRole('alert')).toHaveTextContent('You can try again now.');
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
