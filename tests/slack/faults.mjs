// Everything that goes wrong between a program and Slack, one fault after the other, each
// against a Slack and a store of its own: nothing acknowledged is lost, nothing is recorded
// twice, no reply is sent twice except where Slack's own answer was lost and the message
// can't be found. The same list runs with the official SDK; a table shows both.
//
//   node tests/slack/faults.mjs --program .build/dev/nemawashi [--client both|nemawashi|bolt]
//        [--only WORDS] [--size 60] [--long no|yes] [--seed N] [--work DIR]
//
// Without `--long yes` the faults that take half a minute by themselves are left out. The
// SDK's failures are shown and do not fail the run.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { options, workDir } from '../server.mjs';
import { Bolt, Nemawashi } from './clients.mjs';
import { FAULTS } from './fault_list.mjs';

const o = options({ program: '.build/dev/nemawashi', client: 'nemawashi', only: '', size: 60, long: 'no', seed: Date.now() % 1e9, work: '.', verbose: 'no' });
console.log(`seed ${o.seed}, ${o.size} messages a fault`);
const dir = workDir(o.work, 'slack-faults');
const clients = { nemawashi: [Nemawashi], bolt: [Bolt], both: [Nemawashi, Bolt] }[o.client];
if (!clients) throw new Error('--client nemawashi, bolt or both');

let state = o.seed >>> 0;
function random(n) { // mulberry32: a seed repeats the run as far as timing lets
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
}

/** One fault's world: a Slack, a team that types, and the program under test. */
class Trial {
    constructor(Client, fault, n) {
        Object.assign(this, { Client, fault, random, name: `${n}-${Client.name}`, size: o.size, sent: [], doubted: new Set(), ahead: 0 });
    }
    async begin() {
        const { fault } = this;
        this.slack = await new FakeSlack(fault.slack).start();
        this.people = Array.from({ length: Math.max(4, Math.ceil(o.size / 5)) }, (_, i) => this.slack.person({ name: `rep${i + 1}`, real_name: `Rep ${i + 1}` }));
        if (fault.clock) {
            this.clock = join(dir, `${this.name}.clock`);
            this.#tell();
        }
        this.client = new this.Client(this.slack, dir, { program: o.program, name: this.name, clock: this.clock, env: fault.env });
        await fault.before?.(this);
        await this.client.start();
        // Slack's own retries come in minutes; here they come at once, again and again.
        this.retries = setInterval(() => this.#beat(), 250);
        await this.slack.connected();
    }
    #tell() {
        writeFileSync(`${this.clock}.new`, `${Date.now() + this.ahead}\n`);
        renameSync(`${this.clock}.new`, this.clock);
    }
    /** Time goes by: for Slack, and for the program where the fault holds its clock. */
    pass(ms) {
        this.slack.clock.advance(ms);
        this.ahead += ms;
        if (this.clock) this.#tell();
    }
    #beat() {
        if (!this.patient) this.slack.socket.retryNow(); // `patient`: Slack's minutes are minutes
        if (!this.clock) return;
        const { calls } = this.slack.web;
        const idle = performance.now() - Math.max(...calls.slice(-20).map((c) => c.started), 0) > 1_500 && !calls.some((c) => c.status === undefined && !c.lost && !c.failure?.reset);
        // Nothing is on its way: what waits, waits for a time that may as well be now.
        if (this.hurry && idle) this.pass(10_000);
        else this.#tell();
    }
    /** The next message of the team; `how` goes to the event. */
    say(how = {}, extra = {}) {
        const marker = `marker-${this.sent.length + 1}`;
        const person = this.people[this.sent.length % this.people.length];
        const deed = person.dm(this.client.line(marker), extra, how);
        this.sent.push({ marker, deed, person });
        return deed;
    }
    /** The same in a channel, where the bot is named and answers in a thread. */
    mention(channel) {
        const marker = `marker-${this.sent.length + 1}`;
        const person = this.people[this.sent.length % this.people.length];
        const deed = person.mention(channel, this.client.line(marker));
        this.sent.push({ marker, deed, person });
        return deed;
    }
    sayAll(n = this.size) {
        return Array.from({ length: n }, () => this.say());
    }
    acknowledged(n) {
        return this.slack.until(() => this.sent.filter((s) => s.deed.delivery.acked).length >= n, `${n} acknowledgements`);
    }
    replies(marker) {
        return this.slack.log.filter(({ m, change }) => !change && m.bot_id && shows(m, marker)).length;
    }
    /** Every message is acknowledged and answered, and then a last one, behind which nothing
     *  of the fault is left. A conversation gets one answer a second: many messages take long. */
    async finish({ answers = true, ms = 60_000 + 1000 * o.size } = {}) {
        const { slack } = this;
        this.hurry = true;
        // Looked at with every change of the fake, so what was seen once is not looked for again.
        const seenAll = (is) => {
            const rest = [...this.sent];
            return () => {
                while (rest.length && is(rest[0])) rest.shift();
                return !rest.length;
            };
        };
        const all = async () => {
            await slack.until(seenAll((s) => s.deed.delivery.acked), 'an acknowledgement of everything', ms);
            if (answers) await slack.until(seenAll((s) => this.replies(s.marker) >= 1), 'an answer to everything', ms);
        };
        await all();
        this.say();
        await all();
        await slack.until(() => slack.socket.settled, 'quiet', ms);
        if (this.fault.quietMs) await this.quiet(this.fault.quietMs);
        this.hurry = false;
    }
    /** Resolves when nothing was asked of Slack for `ms`: what could come twice would have come. */
    quiet(ms) {
        const { calls } = this.slack.web;
        return new Promise((done) => {
            const look = () => {
                const since = performance.now() - Math.max(...calls.slice(-20).map((c) => c.started));
                if (since >= ms) done();
                else setTimeout(look, ms - since);
            };
            look();
        });
    }
    async verify() {
        clearInterval(this.retries);
        await this.client.stop();
        const stored = this.client.stored(), wrong = [];
        const tally = { lost: 0, twice: 0, silent: 0, doubled: 0 };
        for (const { marker, deed } of this.sent) {
            const n = stored.get(marker) ?? 0, r = this.replies(marker);
            if (n === 0 && deed.delivery.acked) tally.lost++;
            if (n > 1) tally.twice++;
            if (r === 0 && deed.delivery.acked) tally.silent++;
            if (r > 1 && !this.doubted.has(marker)) tally.doubled++;
        }
        if (tally.lost) wrong.push(`${tally.lost} acknowledged and lost`);
        if (tally.twice) wrong.push(`${tally.twice} recorded twice`);
        if (tally.doubled) wrong.push(`${tally.doubled} answered twice`);
        if (tally.silent && this.fault.answers !== false) wrong.push(`${tally.silent} never answered`);
        if (!this.client.whole()) wrong.push('the store is damaged');
        const rude = this.slack.breaches.filter((b) => !(this.Client === Bolt && /token outside|no argument team_id/.test(b.detail)));
        if (rude.length) wrong.push(`${rude.length} breaches: ${rude[0].detail}`);
        return wrong;
    }
    async end() {
        clearInterval(this.retries);
        await this.client?.kill?.().catch(() => {});
        await this.slack?.stop();
    }
}
const shows = (m, marker) => new RegExp(`${marker}(?!\\d)`).test(m.text + JSON.stringify(m.blocks ?? ''));

async function attempt(Client, name, fault, n) {
    const t = new Trial(Client, fault, n);
    const started = performance.now();
    try {
        await t.begin();
        const note = await fault.run(t);
        if (fault.finish !== false) await t.finish(fault);
        const wrong = await t.verify();
        return { ok: !wrong.length, text: wrong.join('; ') || note || '', s: (performance.now() - started) / 1000 };
    } catch (e) {
        if (o.verbose === 'yes') console.log(`${e.stack}\n${t.slack?.state()}\n${t.client?.said?.slice(-3000)}`);
        const dead = t.client?.child?.exitCode ?? t.client?.server?.child?.exitCode;
        return { ok: false, text: `${e.message.split('\n')[0]}${dead ? '; the process had ended' : ''}`, detail: `${e.message}\n${(t.client?.said ?? '').slice(-2000)}`, s: (performance.now() - started) / 1000 };
    } finally {
        await t.end();
    }
}

let failed = 0, n = 0;
const wide = Math.max(...Object.keys(FAULTS).map((k) => k.length));
console.log(`${'fault'.padEnd(wide)}  ${clients.map((c) => c.title).join(' · ')}`);
for (const [name, fault] of Object.entries(FAULTS)) {
    if (!name.includes(o.only) || (fault.long && o.long !== 'yes' && !o.only)) continue;
    const cells = [];
    for (const Client of clients) {
        if (fault.of && !fault.of.includes(Client.title)) { cells.push('—'); continue; }
        const r = await attempt(Client, name, fault, ++n);
        cells.push(`${r.ok ? 'ok' : 'FAILS'}${r.text ? `: ${r.text}` : ''} (${r.s.toFixed(1)} s)`);
        if (!r.ok && Client === Nemawashi) { failed++; cells.push(`\n${(r.detail ?? '').replace(/^/gm, '        ')}`); }
    }
    console.log(`${name.padEnd(wide)}  ${cells.join(' · ')}`);
}
console.log(failed ? `${failed} failed` : 'nothing lost, nothing twice');
process.exit(failed ? 1 : 0);
