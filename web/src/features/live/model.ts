// The words of the API that live rooms speak.
import type { components } from '../../api/schema';

export type LiveStatus = components['schemas']['LiveStatus'];

/** Why connections end. One that is not known here is shown by its name. */
export const reasons = [
  'by_client',
  'lost',
  'ping_timeout',
  'too_slow',
  'malformed',
  'too_large',
  'refused',
  'limit',
  'by_server',
  'stopping',
  'expired',
  'session_over',
  'gap',
] as const;
