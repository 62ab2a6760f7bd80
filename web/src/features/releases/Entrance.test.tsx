// What one sees of an application whose visitors do not come in.
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../test-tools';
import { Entrance } from './Entrance';
import type { Service } from './model';
import { service } from './sample';

const entrance = (more: Partial<Service>) =>
  renderPage(<Entrance service={service(more)} onDone={() => undefined} />);

describe('the entrance', () => {
  it('shows during maintenance what people are told', async () => {
    await entrance({ gate: 'closed', gate_message: 'New <b>disks</b>' });
    expect(screen.getByText('There they read:', { exact: false })).toHaveTextContent(
      'There they read: New disks',
    );
    expect(screen.getByText('disks').tagName).toBe('B');
  });

  it('shows no message where there is none', async () => {
    await entrance({ gate: 'closed' });
    expect(screen.queryByText('There they read:', { exact: false })).toBeNull();
  });
});
