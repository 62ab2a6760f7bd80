// The words of the API that the administration speaks.
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type Role = Schemas['Role'];
export type AdminUser = Schemas['AdminUser'];
export type AdminUserDetails = Schemas['UserDetail'];

export const roles = ['user', 'instructor', 'admin'] as const satisfies Role[];
