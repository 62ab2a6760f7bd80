// What can go wrong between this page and the server, as one error type.
import type { components } from './schema';

export type ProblemDocument = components['schemas']['ProblemDocument'];
export type FieldError = components['schemas']['FieldError'];

/** Codes this client makes up itself, for answers that are not problem documents. */
export const UNREACHABLE = 'unreachable';
export const UNEXPECTED = 'unexpected';
/** The status of an answer to whoever came too often. */
export const TOO_MANY_REQUESTS = 429;
/** Changes wait; everything can be read. */
export const MAINTENANCE = 'maintenance';
/** The person changed their mind; nothing to explain. */
export const CANCELLED = 'cancelled';

type Details = {
  code: string;
  status?: number | undefined;
  detail?: string | undefined;
  errors?: FieldError[] | undefined;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
};

export class Problem extends Error {
  readonly code: string;
  /** The HTTP status, or 0 when no answer arrived. */
  readonly status: number;
  /** The server's own sentence, shown when we have no better one for the code. */
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly requestId: string | undefined;
  /** Seconds the server asked us to wait. */
  readonly retryAfter: number | undefined;
  /**
   * When they are over, on this machine's clock (milliseconds), and not before. Maintenance has none: it may end at any
   * time, and asking too early does no harm.
   */
  readonly retryAt: number | undefined;

  constructor({ code, status = 0, detail, errors = [], requestId, retryAfter }: Details) {
    super(detail ?? code);
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    const mustWait = retryAfter !== undefined && code !== MAINTENANCE;
    this.retryAt = mustWait ? Date.now() + retryAfter * 1000 : undefined;
  }

  get isCancelled(): boolean {
    return this.code === CANCELLED;
  }

  static fromResponse(response: Response, body: unknown): Problem {
    const document = isProblemDocument(body) ? body : undefined;
    return new Problem({
      code: document?.code ?? UNEXPECTED,
      status: response.status,
      detail: document?.detail,
      errors: document?.errors,
      requestId: document?.request_id ?? response.headers.get('x-request-id') ?? undefined,
      retryAfter: retryAfterSeconds(response),
    });
  }

  /** Anything thrown, as a Problem: `fetch` throws only when no answer arrived. */
  static from(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem({ code: UNREACHABLE });
  }
}

function isProblemDocument(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

/** `Retry-After`, where it is a number of seconds. */
export function retryAfterSeconds(response: Response): number | undefined {
  const value = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}
