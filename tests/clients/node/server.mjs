// A Belvedere server process: started, waited for and stopped.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DEMO = ['--demo', '--demo-scale', '0.05', '--demo-seed', '1', '--demo-anchor', '2026-01-15'];
export const NOW = '2026-01-15T12:00:00Z';

// A debug build makes its demo data in a few seconds; more means that it hangs.
const STARTS_WITHIN = 120_000;
const STOPS_WITHIN = 30_000;

/** Polls until `condition()` gives something true, and gives that; after `within` milliseconds fails with `what`. */
export async function waitUntil(condition, within, what) {
  const deadline = Date.now() + within;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${what}`);
    await pause(5);
  }
}

/** The server on the demonstration project, on a free port, with state in memory and a fixed clock. */
export class Server {
  /** Starts the process, with these arguments beside the usual ones, and waits until it accepts connections. */
  static async start(...more) {
    const server = new Server();
    server.more = more;
    server.folder = await mkdtemp(path.join(tmpdir(), 'belvedere-'));
    server.dataDir = path.join(server.folder, 'data');
    server.ini = path.join(server.dataDir, 'looker.ini');
    server.logFile = path.join(server.folder, 'server.log');
    await mkdir(server.dataDir);
    await server.#launch();
    try {
      await waitUntil(() => server.#accepts(), STARTS_WITHIN, 'the server accepts connections');
    } catch (problem) {
      server.process.kill('SIGKILL');
      throw new Error(`the server did not start\n${await server.log()}`, { cause: problem });
    }
    return server;
  }

  async #launch() {
    const binary = process.env.BELVEDERE_BIN ?? path.join(ROOT, 'target/debug/belvedere');
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('BELVEDERE_'));
    const rest = ['--ephemeral', '--data-dir', this.dataDir, '--listen', '127.0.0.1:0'];
    const log = await open(this.logFile, 'a');
    this.process = spawn(binary, ['serve', ...DEMO, '--now', NOW, ...rest, ...this.more], {
      env: Object.fromEntries(own),
      stdio: ['ignore', log.fd, log.fd],
    });
    this.ended = once(this.process, 'exit');
    await once(this.process, 'spawn');
    await log.close();
  }

  async #accepts() {
    if (this.process.exitCode !== null) throw new Error(`it ended with code ${this.process.exitCode}`);
    // Written when the settings of the SDKs are; there are none where a state file names the users.
    this.baseUrl = (await this.log()).match(/serves the API at (\S+)/)?.[1];
    if (!this.baseUrl) return false;
    return fetch(`${this.baseUrl}/alive`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  /** All that the process has written. */
  log() {
    return readFile(this.logFile, 'utf8');
  }

  /** Ends the process; it must go in time, cleanly and without a panic. */
  async stop() {
    this.process.kill('SIGTERM');
    const late = pause(STOPS_WITHIN, ['too late'], { ref: false });
    const [code] = await Promise.race([this.ended, late]);
    const log = await this.log();
    this.process.kill('SIGKILL');
    if (code !== 0 || log.includes('panicked')) throw new Error(`the server ended with ${code}\n${log}`);
    await rm(this.folder, { recursive: true });
  }
}
