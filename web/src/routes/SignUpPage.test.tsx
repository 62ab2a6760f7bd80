// The sign-up form: names, mistakes, one request at a time, and what the server says.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { rememberNobody } from '../api/session-hint';
import { problemBody, renderPage, stubServer } from '../test-tools';
import { SignUpPage } from './SignUpPage';

// What judges passwords is loaded when it is wanted, and need not come: what it says would replace the words here
// whenever it does. It has tests of its own.
vi.mock('../features/account/strength', () => {
  throw new Error('offline');
});

const emailField = () => screen.getByLabelText('E-mail');
const usernameField = () => screen.getByLabelText('Username');
const passwordField = () => screen.getByLabelText('Password');
const submit = () => screen.getByRole('button', { name: /Create account|Creating/ });

async function fillIn(user: ReturnType<typeof userEvent.setup>) {
  await user.type(emailField(), 'ada@example.org');
  await user.type(usernameField(), 'ada_l');
  await user.type(passwordField(), 'correct horse');
}

// Whoever is signed in is led away.
beforeEach(rememberNobody);

describe('signing up', () => {
  it('shows every mistake beside its field and sends nothing', async () => {
    const requests = stubServer(() => ({ status: 500 }));
    const user = userEvent.setup();
    await renderPage(<SignUpPage />);

    await user.type(passwordField(), 'short');
    await user.click(submit());

    expect(emailField()).toHaveAccessibleDescription('Enter your e-mail address.');
    expect(usernameField()).toHaveAccessibleDescription('Choose a username.');
    expect(passwordField()).toHaveAccessibleDescription('Use 8 to 256 characters.');
    expect(emailField()).toHaveFocus();
    expect(screen.getByText('3 fields need another look.')).toBeInTheDocument();
    expect(requests).toEqual([]);
  });

  it('counts down to a password that is long enough', async () => {
    const user = userEvent.setup();
    await renderPage(<SignUpPage />);

    await user.type(passwordField(), '1234567');
    expect(passwordField()).toHaveAccessibleDescription('1 more character.');
    await user.type(passwordField(), '8');
    expect(passwordField()).toHaveAccessibleDescription('Long enough. Longer is stronger.');
  });

  // ASVS 6.2.6
  it('shows and hides the password', async () => {
    const user = userEvent.setup();
    await renderPage(<SignUpPage />);

    await user.click(screen.getByRole('button', { name: 'Show password' }));
    expect(passwordField()).toHaveAttribute('type', 'text');
    await user.click(screen.getByRole('button', { name: 'Hide password' }));
    expect(passwordField()).toHaveAttribute('type', 'password');
  });

  it('is disabled only while the request runs', async () => {
    let answer: () => void = () => undefined;
    const requests = stubServer(async (path) => {
      if (path !== '/api/auth/signup') return { status: 200, body: { development_mailbox: false } };
      await new Promise<void>((resolve) => (answer = resolve));
      return { status: 202, body: { message: 'ok' } };
    });
    const user = userEvent.setup();
    await renderPage(<SignUpPage />);
    expect(submit()).not.toHaveAttribute('aria-disabled', 'true');

    await fillIn(user);
    await user.click(submit());
    await waitFor(() => {
      expect(submit()).toHaveAttribute('aria-disabled', 'true');
    });
    await user.click(submit());
    answer();

    expect(await screen.findByRole('heading', { name: 'Check your mail' })).toBeInTheDocument();
    expect(requests.filter(({ path }) => path === '/api/auth/signup')).toEqual([
      {
        path: '/api/auth/signup',
        body: { email: 'ada@example.org', username: 'ada_l', password: 'correct horse' },
      },
    ]);
  });

  it('puts a taken name next to the name', async () => {
    stubServer(() => ({ status: 409, body: problemBody(409, 'username_taken') }));
    const user = userEvent.setup();
    await renderPage(<SignUpPage />);

    await fillIn(user);
    await user.click(submit());

    await waitFor(() => {
      expect(usernameField()).toHaveAccessibleDescription('This username is taken.');
    });
    expect(usernameField()).toHaveFocus();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('shows the server’s field errors', async () => {
    const errors = [{ field: 'password', code: 'breached', message: 'This one has leaked.' }];
    stubServer(() => ({ status: 400, body: problemBody(400, 'invalid_input', { errors }) }));
    const user = userEvent.setup();
    await renderPage(<SignUpPage />);

    await fillIn(user);
    await user.click(submit());

    await waitFor(() => {
      expect(passwordField()).toHaveAccessibleDescription('This one has leaked.');
    });
  });

  it('names the reference of a fault on the server', async () => {
    const body = problemBody(500, 'internal', { request_id: '01J-7' });
    stubServer(() => ({ status: 500, body }));
    const user = userEvent.setup();
    await renderPage(<SignUpPage />);

    await fillIn(user);
    await user.click(submit());

    expect(await screen.findByRole('alert')).toHaveTextContent('01J-7');
    expect(passwordField()).toHaveValue('correct horse');
  });
});
