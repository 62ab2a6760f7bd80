// Passkeys, between the server's JSON and the browser's own objects.
//   const credential = await getPasskey(publicKey);      // to sign in, or to show who one is
//   const credential = await createPasskey(publicKey);   // to add one
// Both answer with JSON for the server, and reject with a Problem: `passkey_dismissed` when the person
// (or the time limit) ended it, `passkey_exists` when this device has one for the account already,
// `passkey_unusable` when the browser cannot do it here.
import { Problem } from '../../api/problem';

/** What the server sends and gets back. The browser knows what is in it; nobody here looks. */
type ServerOptions = Record<string, unknown>;
export type CredentialJSON = Record<string, never>;

/** Whether this browser can use passkeys at this address: they are bound to names, never to numbers. */
export function passkeysSupported(host: string = location.hostname): boolean {
  const isNumber = /^[\d.]+$|^\[/.test(host);
  return !isNumber && 'PublicKeyCredential' in globalThis && 'credentials' in navigator;
}

export async function getPasskey(options: unknown): Promise<CredentialJSON> {
  return ceremony(() =>
    navigator.credentials.get({ publicKey: requestOptions(options as ServerOptions) }),
  );
}

export async function createPasskey(options: unknown): Promise<CredentialJSON> {
  return ceremony(() =>
    navigator.credentials.create({ publicKey: creationOptions(options as ServerOptions) }),
  );
}

async function ceremony(run: () => Promise<Credential | null>): Promise<CredentialJSON> {
  let credential: Credential | null;
  try {
    if (!passkeysSupported()) throw new DOMException('', 'NotSupportedError');
    credential = await run();
  } catch (error) {
    throw new Problem({ code: codeFor(error) });
  }
  if (!(credential instanceof PublicKeyCredential)) throw new Problem({ code: DISMISSED });
  return toJSON(credential);
}

export const DISMISSED = 'passkey_dismissed';

/** WebAuthn Level 3, sections 5.1.3 and 5.1.4, on what the names mean. */
function codeFor(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'AbortError') return DISMISSED;
  if (name === 'InvalidStateError') return 'passkey_exists';
  return 'passkey_unusable';
}

// Browsers from 2025 on translate by themselves; what follows each check is for those before.

function requestOptions(json: ServerOptions): PublicKeyCredentialRequestOptions {
  const parse = knownParser('parseRequestOptionsFromJSON');
  if (parse) return parse(json) as PublicKeyCredentialRequestOptions;
  return {
    ...json,
    challenge: bytes(json.challenge),
    ...list('allowCredentials', json),
  };
}

function creationOptions(json: ServerOptions): PublicKeyCredentialCreationOptions {
  const parse = knownParser('parseCreationOptionsFromJSON');
  if (parse) return parse(json) as PublicKeyCredentialCreationOptions;
  const user = json.user as PublicKeyCredentialUserEntity;
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytes(json.challenge),
    user: { ...user, id: bytes(user.id) },
    ...list('excludeCredentials', json),
  };
}

type Parser = (json: unknown) => unknown;

function knownParser(name: string): Parser | undefined {
  const parser = (PublicKeyCredential as unknown as Record<string, unknown>)[name];
  return typeof parser === 'function' ? (parser.bind(PublicKeyCredential) as Parser) : undefined;
}

function list(name: string, json: ServerOptions) {
  const descriptors = json[name];
  if (!Array.isArray(descriptors)) return {};
  return {
    [name]: descriptors.map((descriptor: Record<string, unknown>) => ({
      ...descriptor,
      id: bytes(descriptor.id),
    })),
  };
}

function toJSON(credential: PublicKeyCredential): CredentialJSON {
  const { toJSON: translate } = credential as { toJSON?: () => CredentialJSON };
  if (translate) return translate.call(credential);
  const json = {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: responseJSON(credential.response),
  };
  return json as unknown as CredentialJSON;
}

function responseJSON(response: AuthenticatorResponse): Record<string, unknown> {
  const clientDataJSON = text(response.clientDataJSON);
  if (response instanceof AuthenticatorAttestationResponse) {
    return {
      clientDataJSON,
      attestationObject: text(response.attestationObject),
      transports: response.getTransports(),
    };
  }
  const { authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
  return {
    clientDataJSON,
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    ...(userHandle && { userHandle: text(userHandle) }),
  };
}

/** From base64url without padding. */
export function bytes(encoded: unknown): Uint8Array<ArrayBuffer> {
  if (typeof encoded !== 'string') throw new TypeError('not base64url');
  const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** To base64url without padding. */
export function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
