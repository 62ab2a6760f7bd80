// Finds a person by a part of their name or address.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SuggestField } from '../../ui/form/SuggestField';
import { useSettled } from '../../ui/useSettled';
import type { AdminUser } from '../admin/model';
import { usersQuery } from '../admin/queries';

const PAUSE = 250;

type Props = { onChoose: (id: string) => void };

export function PersonSearch({ onChoose }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const { users, note } = useFound(typed.trim(), open);
  return (
    <SuggestField
      label={t('admin.audit.filters.person')}
      placeholder={t('admin.audit.filters.personSearch')}
      typed={typed}
      onType={setTyped}
      open={open}
      onOpen={setOpen}
      suggestions={users.map(({ id, username, email }) => ({
        value: id,
        name: username,
        hint: email,
      }))}
      note={note}
      onChoose={onChoose}
    />
  );
}

/** Who fits, and what else is to be said. */
function useFound(
  typed: string,
  enabled: boolean,
): { users: AdminUser[]; note: string | undefined } {
  const { t } = useTranslation();
  const search = useSettled(typed, PAUSE);
  const query = useInfiniteQuery({ ...usersQuery(search), enabled });
  const found = query.data?.pages.flatMap((page) => page.users) ?? [];
  if (query.isError) return { users: [], note: t('admin.audit.filters.searchFailed') };
  // Who was found for fewer letters and fits still may be chosen already, nobody else.
  if (typed !== search || query.isPending || query.isPlaceholderData) {
    return {
      users: found.filter((user) => fits(user, typed)),
      note: t('admin.audit.filters.searching'),
    };
  }
  if (found.length === 0) return { users: [], note: t('admin.audit.filters.nobody', { search }) };
  return { users: found, note: query.hasNextPage ? t('admin.audit.filters.more') : undefined };
}

function fits({ username, email }: AdminUser, typed: string): boolean {
  const wanted = typed.toLowerCase();
  return [username, email].some((text) => text.toLowerCase().includes(wanted));
}
