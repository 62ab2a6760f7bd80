// The way to somebody's page, which is there only as long as their account is.
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { problemBody, renderPage, stubServer } from '../../test-tools';
import { PersonFilter } from './PersonFilter';

const ID = '01a2040f-81b1-7bf9-8bac-539a20736af9';

async function show(status: number) {
  stubServer(() => ({
    status,
    body: status === 200 ? { id: ID, username: 'ada' } : problemBody(status, 'not_found'),
  }));
  await renderPage(<PersonFilter person={ID} onChoose={vi.fn()} />);
}

it('leads to the page of somebody who is here', async () => {
  await show(200);
  const link = await screen.findByRole('link', { name: 'ada' });
  expect(link).toHaveAttribute('href', `/admin/users/${ID}`);
});

it('leads to what the log holds about somebody who left', async () => {
  await show(404);
  const link = await screen.findByRole('link', { name: 'A deleted account' });
  expect(link).toHaveAttribute('href', `/admin/audit?person=${ID}`);
});

it('does not take anybody for gone whom the server could not look up', async () => {
  await show(500);
  const link = await screen.findByRole('link', { name: '…' });
  expect(link).toHaveAttribute('href', `/admin/users/${ID}`);
});
