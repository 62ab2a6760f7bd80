// The person whom the log is narrowed down to: the address knows only their number.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { userQuery } from '../admin/queries';
import type { Person } from './model';

export function usePerson(id: string): Person {
  const { t } = useTranslation();
  const { data, error } = useQuery(userQuery(id));
  const isGone = error !== null && Problem.from(error).status === 404;
  const unknown = isGone ? t('admin.audit.filters.personGone') : '…';
  return { id, username: data?.username ?? unknown, isGone };
}
