// Who the pages of an area belong to. The area's frame knows; its pages need not ask again.
import { createContext, useContext } from 'react';
import type { Me } from '../../api/client';

export const UserContext = createContext<Me | undefined>(undefined);

export function useUser(): Me {
  const user = useContext(UserContext);
  if (!user) throw new Error('this page stands outside of its frame');
  return user;
}
