// A real gate beside the server under test, in front of two small releases, with visitors who come all the time.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

export const program = process.env.MAINSTAY_PROGRAM ?? '';
const data = process.env.MAINSTAY_DATA ?? '';

/** Visitors a second. */
const VISITORS = 40;
const OPEN = /^The gate is open at (http\S+)/;

export class Release {
  /** Whether it fails every third visitor. */
  isBad = false;
  private answered = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((_, answer) => {
      this.answered += 1;
      answer.statusCode = this.isBad && this.answered % 3 === 0 ? 500 : 200;
      answer.end('here you are\n');
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

export class Street {
  readonly blue = new Release();
  readonly green = new Release();
  private gate: ChildProcess | undefined;
  private coming: NodeJS.Timeout | undefined;
  private came = 0;

  async open(): Promise<void> {
    const [blue, green] = [await this.blue.listen(), await this.green.listen()];
    const words = ['edge', '--data', data, '--blue', blue, '--green', green];
    this.gate = spawn(program, words, {
      // Each visitor has an address of their own.
      env: {
        MAINSTAY__EDGE__LISTEN: '127.0.0.1:0',
        MAINSTAY__GUARD__TRUSTED_PROXIES: '127.0.0.1/32',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const url = await this.greeting(this.gate);
    this.coming = setInterval(() => {
      this.visit(url);
    }, 1000 / VISITORS);
  }

  async close(): Promise<void> {
    clearInterval(this.coming);
    this.blue.close();
    this.green.close();
    if (this.gate?.exitCode === null) {
      this.gate.kill('SIGTERM');
      await once(this.gate, 'exit');
    }
  }

  private async greeting(gate: ChildProcess): Promise<string> {
    if (!gate.stdout) throw new Error('the gate says nothing');
    for await (const line of createInterface(gate.stdout)) {
      const url = OPEN.exec(line)?.[1];
      if (url !== undefined) return url;
    }
    throw new Error('the gate has not opened');
  }

  private visit(url: string): void {
    this.came += 1;
    const address = ['10', this.came >> 16, (this.came >> 8) & 255, this.came & 255].join('.');
    const asked = request(url, { headers: { 'x-forwarded-for': address } }, (answer) => {
      answer.resume();
    });
    // While the gate is closed nobody is let in; that is for it to say.
    asked.on('error', () => undefined).end();
  }
}
