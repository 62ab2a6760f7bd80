// Makes the tables, and users with the addresses and the one password that Mainstay's sample users have. The first
// ones' password is hashed as the server does, the others' cheaply.
//
//     SEED_PASSWORD=... node seed.mjs COUNT FIRST

import { getMigrations } from "better-auth/db/migration";
import { Kysely, sql } from "kysely";

import { cheaplyHashed, dialect, hashed, options } from "./auth.mjs";

const [count, first] = process.argv.slice(2).map(Number);
const { runMigrations } = await getMigrations(options("http://127.0.0.1"));
await runMigrations();

const db = new Kysely({ dialect });
const now = new Date().toISOString();
const password = await hashed(process.env.SEED_PASSWORD);
const cheap = await cheaplyHashed(process.env.SEED_PASSWORD);
const numbers = sql`WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${sql.lit(count)})`;

await db.transaction().execute(async (unit) => {
  await sql`${numbers}
    INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
    SELECT 'user-' || n, 'sample-' || n, 'sample-' || n || '@example.org', true, ${sql.lit(now)}, ${sql.lit(now)}
    FROM numbers`.execute(unit);
  await sql`${numbers}
    INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    SELECT 'account-' || n, 'user-' || n, 'credential', 'user-' || n,
      CASE WHEN n <= ${sql.lit(first)} THEN ${sql.lit(password)} ELSE ${sql.lit(cheap)} END,
      ${sql.lit(now)}, ${sql.lit(now)}
    FROM numbers`.execute(unit);
});
await db.destroy();
