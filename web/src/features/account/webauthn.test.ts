// Between the server's JSON and the browser's objects, with and without the browser's help.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bytes, createPasskey, getPasskey, passkeysSupported, text } from './webauthn';

/** As much of a browser as the ceremonies need. */
class FakeCredential {
  readonly id = 'AQI';
  readonly rawId = new Uint8Array([1, 2]).buffer;
  readonly type = 'public-key';
  readonly authenticatorAttachment = 'platform';
  response: unknown = {
    clientDataJSON: new Uint8Array([3]).buffer,
    authenticatorData: new Uint8Array([4]).buffer,
    signature: new Uint8Array([255, 254, 253]).buffer,
    userHandle: null,
  };
  getClientExtensionResults() {
    return {};
  }
}

class FakeAttestation {
  readonly clientDataJSON = new Uint8Array([3]).buffer;
  readonly attestationObject = new Uint8Array([5]).buffer;
  getTransports() {
    return ['internal'];
  }
}

function browser(credentials: object, helpers: object = {}) {
  vi.stubGlobal('PublicKeyCredential', Object.assign(FakeCredential, helpers));
  vi.stubGlobal('AuthenticatorAttestationResponse', FakeAttestation);
  vi.stubGlobal('navigator', { credentials });
}

describe('an old browser', () => {
  const get = vi.fn(() => Promise.resolve(new FakeCredential()));
  const create = vi.fn(() =>
    Promise.resolve(Object.assign(new FakeCredential(), { response: new FakeAttestation() })),
  );
  beforeEach(() => {
    browser({ get, create });
  });

  it('gets bytes to sign in with, and its answer becomes JSON', async () => {
    const allowCredentials = [{ id: 'AQI', type: 'public-key' }];
    const answer = await getPasskey({ challenge: '__79', rpId: 'home.example', allowCredentials });
    expect(get).toHaveBeenCalledWith({
      publicKey: {
        challenge: new Uint8Array([255, 254, 253]),
        rpId: 'home.example',
        allowCredentials: [{ id: new Uint8Array([1, 2]), type: 'public-key' }],
      },
    });
    expect(answer).toEqual({
      id: 'AQI',
      rawId: 'AQI',
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: { clientDataJSON: 'Aw', authenticatorData: 'BA', signature: '__79' },
    });
  });

  it('gets bytes to make a passkey with, and its answer becomes JSON', async () => {
    const user = { id: 'AQI', name: 'ada', displayName: 'Ada' };
    const answer = await createPasskey({ challenge: 'AQI', user });
    expect(create).toHaveBeenCalledWith({
      publicKey: {
        challenge: new Uint8Array([1, 2]),
        user: { ...user, id: new Uint8Array([1, 2]) },
      },
    });
    expect(answer.response).toEqual({
      clientDataJSON: 'Aw',
      attestationObject: 'BQ',
      transports: ['internal'],
    });
  });
});

it('a new browser translates by itself', async () => {
  const made = Object.assign(new FakeCredential(), { toJSON: () => ({ id: 'by the browser' }) });
  const get = vi.fn(() => Promise.resolve(made));
  const parseRequestOptionsFromJSON = vi.fn(() => ({ parsed: true }));
  browser({ get }, { parseRequestOptionsFromJSON });
  expect(await getPasskey({ challenge: 'AQI' })).toEqual({ id: 'by the browser' });
  expect(get).toHaveBeenCalledWith({ publicKey: { parsed: true } });
});

it.each([
  ['NotAllowedError', 'passkey_dismissed'],
  ['AbortError', 'passkey_dismissed'],
  ['InvalidStateError', 'passkey_exists'],
  ['SecurityError', 'passkey_unusable'],
])('%s is told as %s', async (name, code) => {
  browser({ get: () => Promise.reject(new DOMException('', name)) });
  await expect(getPasskey({ challenge: 'AQI' })).rejects.toMatchObject({ code });
});

it('a browser without passkeys says so', async () => {
  vi.stubGlobal('navigator', {});
  await expect(getPasskey({})).rejects.toMatchObject({ code: 'passkey_unusable' });
});

it.each([
  ['home.example', true],
  ['localhost', true],
  ['127.0.0.1', false],
  ['[::1]', false],
])('at %s passkeys are possible: %s', (host, expected) => {
  browser({});
  expect(passkeysSupported(host)).toBe(expected);
});

it('base64url survives the way there and back', () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(bytes(text(all.buffer))).toEqual(all);
});
