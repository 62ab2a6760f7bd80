// Serves Better Auth on a free port of this machine, through its handler for `node:http`.

import { once } from "node:events";
import { createServer } from "node:http";

import { toNodeHandler } from "better-auth/node";

import { auth } from "./auth.mjs";

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${server.address().port}`;
server.on("request", toNodeHandler(auth(url)));
console.log(`Better Auth is ready at ${url}`);

process.on("SIGTERM", () => process.exit(0));
