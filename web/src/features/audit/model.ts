// The words of the API that the audit log speaks.
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type AuditEntry = Schemas['ActivityEntry'];
export type AuditProof = Schemas['AuditProof'];
export type Person = Schemas['Actor'] & {
  /** The account is deleted: there is no page about it any more. */ isGone?: boolean;
};
