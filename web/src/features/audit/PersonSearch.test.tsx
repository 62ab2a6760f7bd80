// Finding somebody with the keyboard.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { problemBody, renderPage, stubServer } from '../../test-tools';
import { PersonSearch } from './PersonSearch';

const people = ['ada', 'grace', 'margaret'].map((username) => ({
  id: `id-of-${username}`,
  username,
  email: `${username}@example.org`,
}));

const field = () => screen.getByRole('combobox', { name: 'Person' });

async function search(status = 200) {
  stubServer(() =>
    status === 200
      ? { status, body: { users: people, next: null } }
      : { status, body: problemBody(status, 'internal') },
  );
  const onChoose = vi.fn();
  await renderPage(<PersonSearch onChoose={onChoose} />);
  return { onChoose, user: userEvent.setup() };
}

describe('looking for a person', () => {
  it('shows whom there is, and takes whom one presses', async () => {
    const { onChoose, user } = await search();
    expect(screen.queryByRole('listbox')).toBeNull();

    await user.click(field());
    await user.click(await screen.findByRole('option', { name: 'grace grace@example.org' }));

    expect(onChoose).toHaveBeenCalledExactlyOnceWith('id-of-grace');
  });

  it('goes through them with the arrow keys, by way of the field', async () => {
    const { onChoose, user } = await search();
    await user.click(field());
    await screen.findAllByRole('option');
    const chosen = () => screen.queryByRole('option', { selected: true })?.id;
    const all = screen.getAllByRole('option').map(({ id }) => id);

    expect(chosen()).toBeUndefined();
    await user.keyboard('{ArrowDown}');
    expect(chosen()).toBe(all[0]);
    expect(field()).toHaveAttribute('aria-activedescendant', all[0]);
    await user.keyboard('{ArrowUp}');
    expect(chosen()).toBeUndefined();
    await user.keyboard('{ArrowUp}');
    expect(chosen()).toBe(all[2]);
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('id-of-grace');
    expect(field()).toHaveFocus();
  });

  it('takes the first who fits what was typed', async () => {
    const { onChoose, user } = await search();
    await user.click(field());
    await screen.findAllByRole('option');
    // Whom it knows already can be chosen at once; others might not fit.
    await user.keyboard('MARG{Enter}');
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('id-of-margaret');
  });

  it('closes with Escape, and then forgets what was typed', async () => {
    const { onChoose, user } = await search();
    await user.type(field(), 'a');
    await screen.findAllByRole('option');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    await user.keyboard('{Enter}');
    expect(onChoose).not.toHaveBeenCalled();
    expect(field()).toHaveValue('a');
    await user.keyboard('{Escape}');
    expect(field()).toHaveValue('');
  });

  it('says when the search fails', async () => {
    const { user } = await search(403);
    await user.click(field());
    expect(await screen.findByText(/The search failed/)).toBeInTheDocument();
  });
});
