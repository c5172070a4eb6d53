// Starts the real program for a test, and a client that speaks the web chat's protocol
// (bot/transport/web.md). Nothing here sleeps: every wait is for an event, with a limit
// after which the test fails and shows what the program said.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join, resolve } from 'node:path';
import WebSocket from 'ws';

const LIMIT_MS = 60_000;

export function options(defaults) {
    const out = { ...defaults };
    const args = process.argv.slice(2);
    for (let i = 0; i < args.length; i += 2) {
        const name = args[i].replace(/^--/, '');
        if (!(name in out) || args[i + 1] === undefined) {
            console.error(`options: ${Object.keys(defaults).map((k) => `--${k} ${defaults[k]}`).join(' ')}`);
            process.exit(2);
        }
        out[name] = typeof out[name] === 'number' ? Number(args[i + 1]) : args[i + 1];
    }
    return out;
}

/** A folder of its own under `work`, removed at the end. */
export function workDir(work, name) {
    const dir = mkdtempSync(join(resolve(work), `${name}-`));
    process.on('exit', () => {
        try {
            rmSync(dir, { recursive: true, force: true });
        } catch (e) {
            console.log(`left behind: ${dir} (${e.code})`); // never hides why the test failed
        }
    });
    return dir;
}

// What the programs of all tests print, and the secrets that they were given: the last test
// looks for these in that.
const LOGS = process.env.NEMAWASHI_TEST_LOGS;
const keep = (name, text) => { if (LOGS) appendFileSync(join(LOGS, name), text); };
const SECRET = /^(NEMAWASHI|SLACK|LINE)_.*(TOKEN|SECRET)(_PREVIOUS)?$/;

const children = new Set();
process.prependOnceListener('exit', () => { for (const child of children) child.kill('SIGKILL'); });
/** A child that must not outlive the test. Resolves with its { code, signal }. */
export function mind(child) {
    children.add(child);
    return new Promise((done) => child.once('exit', (code, signal) => { children.delete(child); done({ code, signal }); }));
}

export function within(promise, what, ms = LIMIT_MS, detail = () => '') {
    let timer;
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: not within ${ms / 1000} s\n${detail()}`)), ms);
    });
    return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** `nemawashi serve` on a free port of the loopback; `clock` is a file with the time, `env`
 *  more of the environment, `wrap` (a property) the command that runs the program. */
export class Server {
    constructor({ program, db, clock, args = ['--demo'], port = 0, env = {}, run = 'serve' }) {
        Object.assign(this, { program: resolve(program), db, clock, args, port, env, run, said: '' });
    }
    get host() {
        return `127.0.0.1:${this.port}`;
    }
    async start() {
        const env = { ...process.env, NEMAWASHI_DB: this.db, NEMAWASHI_LISTEN: this.host };
        for (const name of Object.keys(env))
            if (/^(slack|line)_/i.test(name)) delete env[name];
        if (this.clock) env.NEMAWASHI_CLOCK_FILE = this.clock;
        Object.assign(env, this.env);
        const [command, ...rest] = [...(this.wrap ?? []), this.program, this.run, ...this.args];
        this.child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
        this.gone = mind(this.child);
        for (const [key, value] of Object.entries(env))
            if (SECRET.test(key) && value) keep(`${process.pid}.secrets`, `${value}\n`);
        for (const out of [this.child.stdout, this.child.stderr]) out.on('data', (d) => keep(`${process.pid}.log`, d));
        this.child.stderr.on('data', (d) => { this.said = (this.said + d).slice(-1_000_000); });
        let told;
        this.login = new Promise((done) => { told = done; }); // the link of a first administrator
        const ready = new Promise((done, failed) => {
            createInterface({ input: this.child.stdout }).on('line', (line) => {
                const m = /^(?:web chat|relay): (https?:\/\/(?:127\.0\.0\.1:(\d+)|\S+)\/)/.exec(line);
                if (m) done(m);
                const link = /^log in once within an hour: (\S+)$/.exec(line);
                if (link) told(link[1]);
            });
            this.gone.then(({ code, signal }) => failed(new Error(`the program ended (${code ?? signal})\n${this.said}`)));
            this.child.once('error', failed);
        });
        const [, url, port] = await within(ready, 'the line "web chat: …"', LIMIT_MS, () => this.said);
        this.url = port ? url : `http://${this.host}/`; // it goes by its public URL: the port was given
        this.port = Number(port ?? this.port);
        return this;
    }
    /** Resolves once `holds` is true: asked again whenever the program could have moved. */
    async until(holds) {
        const ends = Date.now() + LIMIT_MS;
        while (!holds()) {
            if (Date.now() > ends) throw new Error(`never came true: ${holds}\n${this.said}`);
            await new Promise((done) => setTimeout(done, 20));
        }
    }
    async kill(signal = 'SIGKILL') {
        this.child.kill(signal);
        return within(this.gone, `the end after ${signal}`, LIMIT_MS, () => this.said);
    }
}

/** One connection of one member. `on` gets every frame; `closed` resolves when it is lost. */
export class Client {
    static async open(server, { as, after = 0, on = () => {}, ca, headers = {} }) {
        const c = new Client();
        c.socket = new WebSocket(`${server.url.replace('http', 'ws')}ws`, { origin: server.url.replace(/\/$/, ''), ca, headers });
        c.closed = new Promise((done) => c.socket.once('close', done));
        const welcome = new Promise((done, failed) => {
            c.socket.once('error', failed);
            c.closed.then(() => failed(new Error('the connection was closed before the welcome')));
            c.socket.on('message', (data) => {
                const frame = JSON.parse(data.toString());
                if (frame.t === 'welcome') done(frame);
                on(frame, c);
            });
            c.socket.once('open', () => c.send({ t: 'hello', v: 1, as, after }));
        });
        c.socket.on('error', () => {}); // the end is told by `closed`
        c.welcome = await within(welcome, 'the welcome');
        return c;
    }
    send(frame) {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
    }
    close() {
        this.socket.close();
        return this.closed;
    }
}
