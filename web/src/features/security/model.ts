// The words of the API that the account pages speak.
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type SecondFactor = Schemas['SecondFactors'];
export type TotpSetup = Schemas['TotpSetup'];
export type Passkey = Schemas['Passkey'];
export type DeviceKind = 'desktop' | 'phone' | 'tablet' | 'program';

/** `device` is missing where nobody knows. */
export type Session = Schemas['SessionEntry'] & { device?: DeviceKind | null };
export type ApiToken = Schemas['AccessToken'];
export type CreatedApiToken = Schemas['CreatedToken'];
export type Scope = Schemas['Scope'];
export type ActivityEntry = Schemas['ActivityEntry'];
export type Activity = Schemas['Activity'];
