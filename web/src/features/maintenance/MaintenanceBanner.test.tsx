// What stands above every page while changes wait.
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Maintenance } from '../../api/maintenance';
import { renderPage, stubServer } from '../../test-tools';
import { MaintenanceBanner } from './MaintenanceBanner';

const since = '2026-11-22T10:00:00Z';
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

async function banner(state: Maintenance) {
  stubServer(() => ({ status: 200, body: state }));
  await renderPage(<MaintenanceBanner />);
  if (!state.active) return undefined;
  return screen.findByRole('region', { name: 'Maintenance' });
}

describe('the banner', () => {
  it('is not there while all is well', async () => {
    await banner({ active: false });
    await waitFor(() => {
      expect(screen.getByRole('status')).toBeEmptyDOMElement();
    });
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('says until when, in words and exactly', async () => {
    const until = minutesFromNow(20);
    const region = await banner({ active: true, since, until });
    expect(region).toHaveTextContent(/Expected to end: .*\d.* \(in 20 minutes\)\./);
    expect(region?.querySelector('time')).toHaveAttribute('datetime', until);
  });

  it('says when nobody knows, and when it takes longer', async () => {
    expect(await banner({ active: true, since })).toHaveTextContent('is not known');
    cleanup();
    const late = await banner({ active: true, since, until: minutesFromNow(-5) });
    expect(late).toHaveTextContent(/takes longer than expected.*\(5 minutes ago\)/);
  });

  it('says no more than is known', async () => {
    expect(await banner({ active: true })).not.toHaveTextContent('How long');
  });

  it('speaks once: what changes by the minute is not read out', async () => {
    await banner({ active: true, since, until: minutesFromNow(20), message: 'New disks' });
    expect(screen.getByRole('status')).toHaveTextContent(/^This site is being worked on\./);
    expect(screen.getByRole('status')).not.toHaveTextContent('minutes');
  });

  it('folds a long message, and none of a few words', async () => {
    const message = 'All is well. '.repeat(30);
    await banner({ active: true, since, message });
    const whole = screen.getByRole('button', { name: 'The whole message' });
    expect(whole).toHaveAttribute('aria-expanded', 'false');
    fireEvent.click(whole);
    expect(whole).toHaveAttribute('aria-expanded', 'true');
    cleanup();
    await banner({ active: true, since, message: 'All is well.' });
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('shows the message with its few elements, and the rest as text', async () => {
    const message = 'Back at <b>noon</b>, R&amp;D <img src=x onerror=alert(1)>';
    const region = await banner({ active: true, since, message });
    expect(region).toHaveTextContent('Back at noon, R&D <img src=x onerror=alert(1)>');
    expect(region?.querySelector('b')).toHaveTextContent('noon');
    expect(region?.querySelector('img')).toBeNull();
  });
});
