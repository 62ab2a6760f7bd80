// Makes the tables of app.db as `prisma migrate deploy` does: by Prisma's schema engine. See the README of the folder above.

import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';

const [file] = process.argv.slice(2);
const schema = readFileSync('schema.prisma', 'utf8');
const files = { files: [{ path: 'schema.prisma', content: schema }] };
const filters = { externalTables: [], externalEnums: [] };

/** The schema engine as npm has it, which Node does not load by itself. */
async function schemaEngine() {
  const wasm = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm').replace(/\.js$/, '_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url: `file:${file}` }));
  return engine.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, adapter);
}

rmSync(file, { force: true });
const running = await schemaEngine();
const to = { tag: 'schemaDatamodel', ...files };
const script = await running.diff({ from: { tag: 'empty' }, to, script: true, exitCode: null, filters });
const migration = {
  path: '20261123000000_init',
  migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script.stdout } },
};
const migrationsList = {
  baseDir: '.',
  lockfile: { path: 'migration_lock.toml', content: 'provider = "sqlite"\n' },
  shadowDbInitScript: '',
  migrationDirectories: [migration],
};
await running.applyMigrations({ migrationsList, filters });
