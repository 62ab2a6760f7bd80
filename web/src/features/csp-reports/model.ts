// The words of the API that the reports speak.
import type { components } from '../../api/schema';

export type CspReport = components['schemas']['CspReport'];
