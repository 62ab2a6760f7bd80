// Better Auth as its documentation sets it up, on the database and with the password hash that the bench asks for.

import { hash, verify } from "@node-rs/argon2";
import { betterAuth } from "better-auth";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";

const { DATABASE_URL, SQLITE_FILE, ARGON2ID, COOKIE_CACHE } = process.env;

// Mainstay's hash in place of scrypt, when its parameters are given: `19456,2` for KiB and passes.
const [memoryCost, timeCost] = ARGON2ID?.split(",").map(Number) ?? [];
const argon2id = (password) => hash(password, { memoryCost, timeCost, parallelism: 1 });

async function openDatabase() {
  if (DATABASE_URL) {
    return new pg.Pool({ connectionString: DATABASE_URL, max: 30 });
  }
  const { default: Sqlite } = await import("better-sqlite3");
  const database = new Sqlite(SQLITE_FILE);
  database.pragma("journal_mode = WAL");
  return database;
}

export const database = await openDatabase();

export const dialect = DATABASE_URL
  ? new PostgresDialect({ pool: database })
  : new SqliteDialect({ database });

/** Hashes a password as the server does. */
export const hashed = ARGON2ID ? argon2id : hashPassword;

/** Hashes a password at next to no cost, for those whose sign-in is not what is measured. */
export const cheaplyHashed = (password) => hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });

/** Verifies whichever it is; scrypt with Better Auth's own function. */
const verifyAny = ({ hash: stored, password }) =>
  stored.startsWith("$argon2id$") ? verify(stored, password) : verifyPassword({ hash: stored, password });

export const options = (baseURL) => ({
  baseURL,
  database,
  emailAndPassword: { enabled: true, password: { hash: hashed, verify: verifyAny } },
  // The cache lasts for longer than the measurement, so that it always hits.
  session: { cookieCache: { enabled: COOKIE_CACHE === "1", maxAge: 3600 } },
  rateLimit: { enabled: false },
  // One statement for session and user instead of two.
  advanced: { database: { joins: true } },
  telemetry: { enabled: false },
  logger: { level: "warn" },
});

export const auth = (baseURL) => betterAuth(options(baseURL));
