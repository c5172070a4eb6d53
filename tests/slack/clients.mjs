// The two programs that are tried against the fake Slack, under one interface: Nemawashi,
// and an app of the official SDK that stores each message durably before it answers it (the
// SDK acknowledges events before its app hears of them; bolt_app.mjs).
// A message is known by its marker (`marker-17`) wherever it turns up.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server, mind, within } from '../server.mjs';

const count = (texts) => {
    const out = new Map();
    for (const t of texts) {
        const m = /marker-\d+/.exec(t)?.[0];
        if (m) out.set(m, (out.get(m) ?? 0) + 1);
    }
    return out;
};

/** A store with the demo's firms and people in it, made once in `dir` and copied. */
let seed;
export async function freshStore(program, dir, name) {
    if (!seed) {
        seed = join(dir, 'seed.db');
        await (await new Server({ program, db: seed }).start()).kill('SIGTERM');
    }
    const db = join(dir, `${name}.db`);
    copyFileSync(seed, db);
    return db;
}

export class Nemawashi {
    static title = 'nemawashi';
    /** `clock`: a file that holds the program's time. */
    constructor(slack, dir, { program, env = {}, name, clock }) {
        Object.assign(this, { slack, dir, name, program, env, clock });
    }
    async start() {
        this.db ??= await freshStore(this.program, this.dir, this.name);
        this.server ??= new Server({ program: this.program, db: this.db, clock: this.clock, args: [], env: { ...this.slack.env, ...this.env } });
        await this.server.start();
    }
    kill() {
        return this.server.kill('SIGKILL');
    }
    stop() {
        return this.server.kill('SIGTERM');
    }
    get pid() {
        return this.server.child.pid;
    }
    get gone() {
        return this.server.gone;
    }
    get said() {
        return this.server.said;
    }
    #sql(query) {
        return execFileSync('sqlite3', ['-readonly', this.db, query], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
    }
    /** marker -> how many records hold it. */
    stored() {
        return count(this.#sql(`select n.text from touch_point t join note_text n on n.id = t.note_id and n.rev = t.note_rev
            where t.void_ms is null and n.text like '%marker-%'`).split('\n'));
    }
    whole() {
        return this.#sql('pragma integrity_check; pragma foreign_key_check') === 'ok';
    }
    /** What a person types so that it is recorded. */
    line(marker) {
        return `zoom Tanaka Denko 30m: ${marker}`;
    }
}

export class Bolt {
    static title = '@slack/bolt';
    constructor(slack, dir, { env = {}, name, store = 'jsonl' }) {
        Object.assign(this, { slack, env, file: join(dir, `${name}.${store}`), said: '' });
    }
    async start() {
        const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/_proxy$/i.test(k)));
        this.child = spawn(process.execPath, [fileURLToPath(new URL('bolt_app.mjs', import.meta.url)), this.file],
            { env: { ...env, ...this.slack.env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
        this.gone = mind(this.child);
        this.child.stderr.on('data', (d) => { this.said = (this.said + d).slice(-100_000); });
        const started = new Promise((done, failed) => {
            createInterface({ input: this.child.stdout }).on('line', (l) => { if (l === 'started') done(); else this.said += `${l}\n`; });
            this.gone.then(({ code, signal }) => failed(new Error(`the app ended (${code ?? signal})\n${this.said}`)));
        });
        await within(started, 'the app', 60_000, () => this.said);
    }
    async #end(signal) {
        this.child.kill(signal);
        return within(this.gone, `the end after ${signal}`);
    }
    kill() {
        return this.#end('SIGKILL');
    }
    stop() {
        return this.#end('SIGTERM');
    }
    get pid() {
        return this.child.pid;
    }
    stored() {
        return count(existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n') : []);
    }
    whole() {
        return true;
    }
    line(marker) {
        return `zoom Tanaka Denko 30m: ${marker}`;
    }
}
