// How fast Nemawashi is on Slack, with an app of the official SDK beside it that stores the
// same durably. The fake Slack and its people are this process, each program is one of its
// own. tests/bench/run slack starts it; a release and a quiet machine are needed.
//
//   node tests/slack/bench.mjs --program .build/release/nemawashi --filled STORE [--work DIR]
//        [--scale 1] [--only kpi]
//
// STORE has a million touch points (bench filled). Both programs answer every message. What
// the SDK can acknowledge after its insert are commands; events it acknowledges at once,
// before its app hears of them. Nemawashi acknowledges both when they are on the disk.
import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { options, workDir } from '../server.mjs';
import { Bolt, Nemawashi } from './clients.mjs';

const o = options({ program: '.build/release/nemawashi', filled: '', work: '.', scale: 1, only: '' });
const dir = workDir(o.work, 'slack-bench');
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const PEOPLE = 256, STARTS = 5;
const sqlite = Boolean(process.getBuiltinModule?.('node:sqlite'));

const percentile = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))];
const round = (v) => (v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toFixed(2));
/** Seconds of all processors that the process has used. */
function cpu(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
const memory = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** What no durable insert can be faster than: a page written and synced, one after the other. */
function floor() {
    const file = join(dir, 'floor'), fd = openSync(file, 'w'), page = Buffer.alloc(4096, 'x'), took = [];
    for (let i = 0; i < 1000; i++) {
        const from = performance.now();
        writeSync(fd, page);
        fdatasyncSync(fd);
        took.push(performance.now() - from);
    }
    closeSync(fd);
    rmSync(file);
    const p50 = percentile(took, 50), p99 = percentile(took, 99), mean = took.reduce((a, b) => a + b) / took.length;
    console.log(`  the floor under both: 4 KB and an fdatasync, p50 ${round(p50)} ms, p99 ${round(p99)} ms, ${round(1000 / mean)}/s`);
}

class Bench {
    constructor(Client, name, { db, env, store } = {}) {
        Object.assign(this, { Client, name, db, env, store, serial: 0, figures: {} });
    }
    async open() {
        this.slack = await new FakeSlack({ rates: false }).start();
        this.people = Array.from({ length: PEOPLE }, (_, i) => this.slack.person({ id: `U0REP${1000 + i}`, name: `rep${i}`, real_name: `Rep ${i}`, locale: 'en-US' }));
        this.client = new this.Client(this.slack, dir, { program: o.program, name: this.name, env: this.env, store: this.store });
        if (this.db) this.client.db = this.db;
        this.figures.start = await this.#start();
    }
    async #start() {
        const from = performance.now();
        await Promise.all([this.client.start(), this.slack.connected()]);
        return performance.now() - from;
    }
    /** The median of several starts with what is in the store by now. */
    async starts() {
        const took = [];
        for (let i = 0; i < STARTS; i++) {
            await this.client.stop();
            took.push(await this.#start());
        }
        this.figures.start = percentile(took, 50);
    }
    #say(how) {
        const n = ++this.serial, person = this.people[n % PEOPLE];
        const text = this.client.line(`marker-${n}`);
        return { n, deed: how === 'command' ? person.slash(text) : person.dm(text) };
    }
    /** `n` envelopes, `width` of them unacknowledged at a time; their milliseconds. */
    async envelopes(how, n, width) {
        const { socket } = this.slack, held = [];
        socket.held = held;
        for (let i = 0; i < n; i++) this.#say(how);
        socket.held = null;
        await this.slack.connected(); // the SDK gives its connection up under load
        const from = performance.now();
        const acks = await socket.volley(held, width);
        return { rate: (n / (performance.now() - from)) * 1000, p50: percentile(acks, 50), p99: percentile(acks, 99) };
    }
    /** Each person is known, what is made at first use is made, and nothing is on its way. */
    async warm() {
        await this.answers(PEOPLE, 16);
    }
    /** Milliseconds from an envelope to the request that answers it, one channel each. */
    async answers(n, width) {
        const { slack } = this, took = [];
        let said = 0;
        const lane = async () => {
            while (said++ < n) {
                const { n: mine, deed } = this.#say('event');
                const shows = new RegExp(`marker-${mine}(?!\\d)`);
                const call = await slack.until(() => slack.web.calls.findLast((c) => c.method === 'chat.postMessage' && shows.test(c.args.text ?? '')), 'an answer');
                took.push(call.started - deed.delivery.attempts[0].at);
            }
        };
        await Promise.all(Array.from({ length: width }, lane));
        return { p50: percentile(took, 50), p99: percentile(took, 99) };
    }
    /** Until nothing was asked of Slack for half a second. */
    async quiet() {
        for (let last = -1; last !== this.slack.log.length;) {
            last = this.slack.log.length;
            await new Promise((done) => setTimeout(done, 500));
        }
    }
    async run() {
        const f = this.figures;
        await this.warm();
        await this.quiet();
        Object.assign(f, { answer: await this.answers(PEOPLE, 1) });
        await this.quiet();
        this.slack.web.calls.length = 0; // not what is measured
        this.slack.web.keep = this.slack.socket.keep = false;
        for (const how of ['event', 'command'])
            for (const [width, n] of [[1, 500], [32, 3000], [256, 4000]]) {
                const from = cpu(this.client.pid), many = Math.ceil(n * o.scale);
                const r = await this.envelopes(how, many, width);
                await this.quiet(); // the answers are part of the work
                f[`${how} ${width}`] = { ...r, cpu: ((cpu(this.client.pid) - from) / many) * 1e6 };
            }
        f.memory = memory(this.client.pid);
    }
    async close() {
        await this.client.stop();
        await this.slack.stop();
    }
}

async function compare() {
    const all = [];
    for (const b of [new Bench(Nemawashi, 'nemawashi'), new Bench(Bolt, 'bolt', { store: sqlite ? 'db' : 'jsonl' })]) {
        await b.open();
        await b.run();
        await b.starts();
        await b.close();
        all.push(b.figures);
    }
    return all;
}

/** Acknowledgements while the desk counts a million touch points, always two questions of it. */
async function underKpi() {
    if (!existsSync(o.filled)) throw new Error('--filled STORE: bench filled makes one');
    const db = join(dir, 'kpi.db');
    copyFileSync(o.filled, db);
    const b = new Bench(Nemawashi, 'kpi', { db, env: { NEMAWASHI_ADMIN: 'slack:U0BOSS' } });
    await b.open();
    const boss = b.slack.person({ id: 'U0BOSS', name: 'boss', real_name: 'Boss', locale: 'en-US' });
    const channels = Array.from({ length: 40 }, (_, i) => b.slack.channel({ name: `kpi${i}`, members: [boss] }));
    const [person, partner] = execFileSync('sqlite3', ['-readonly', '-separator', '\n', db, 'select p.name, f.name from person p join partner f on f.id = p.partner_id limit 1'],
        { encoding: 'utf8' }).split('\n');
    b.client.line = (marker) => `zoom ${person} ${partner} 30m: ${marker}`;
    await b.warm();
    await boss.dm('help').replies(2); // the welcome to a new member is one of them
    const took = [];
    let on = true, asked = 0;
    const ask = async () => {
        while (on) {
            const from = performance.now();
            const m = await boss.mention(channels[asked++ % channels.length], 'kpi last 24 months').reply();
            if (!took.length) console.log(`  the question: kpi last 24 months -> ${m.text.split('\n').slice(0, 2).join(' · ').slice(0, 100)}`);
            took.push(performance.now() - from);
        }
    };
    const asking = Promise.all([ask(), ask()]);
    await b.slack.until(() => took.length >= 2, 'the first answers');
    const before = took.length;
    const acks = {};
    for (const width of [1, 32]) acks[width] = await b.envelopes('event', Math.ceil(1500 * o.scale), width);
    const during = took.length - before;
    on = false;
    await asking;
    await b.close();
    console.log(`  ${during} such questions answered meanwhile, median ${round(percentile(took, 50))} ms`);
    for (const [width, r] of Object.entries(acks))
        console.log(`  ${`ack meanwhile, ${width} in flight`.padEnd(38)} p50 ${round(r.p50)} ms, p99 ${round(r.p99)} ms, ${round(r.rate)}/s   ${width === '1' ? 'aim p99 < 10' : ''}`);
}

function print([ours, theirs]) {
    console.log(`  beside us: @slack/bolt on Node ${process.versions.node}, ${sqlite ? 'node:sqlite, synchronous=FULL' : 'append and fdatasync (this Node has no node:sqlite)'}`);
    const row = (what, a, b, aim = '') => console.log(`  ${what.padEnd(38)} ${round(a).padStart(9)} ${round(b).padStart(9)}  ${(a / b).toFixed(2)}x  ${aim}`);
    console.log(`  ${''.padEnd(38)} ${'nemawashi'.padStart(9)} ${'bolt'.padStart(9)}`);
    row('start to hello, ms', ours.start, theirs.start);
    row('envelope to reply request p50, ms', ours.answer.p50, theirs.answer.p50);
    row('envelope to reply request p99, ms', ours.answer.p99, theirs.answer.p99);
    for (const how of ['event', 'command'])
        for (const width of [1, 32, 256]) {
            const a = ours[`${how} ${width}`], b = theirs[`${how} ${width}`], with_ = `${how}s, ${width} in flight`;
            row(`${with_}: a second`, a.rate, b.rate, 'aim >= 10');
            row(`${with_}: ack p50, ms`, a.p50, b.p50);
            row(`${with_}: ack p99, ms`, a.p99, b.p99);
            row(`${with_}: cpu ms per 1,000`, a.cpu, b.cpu);
        }
    row('resident memory after it all, MB', ours.memory, theirs.memory, 'aim <= 0.2');
}

floor();
if (o.only !== 'kpi') print(await compare());
if (o.only !== 'compare') await underKpi();
process.exit(0);
