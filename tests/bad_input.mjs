// Whatever is typed, sent or done to the store: a clear answer that names the mend, and
// nothing stored is harmed. Drives the real program over its socket and its console.
//
//   node tests/bad_input.mjs --program .build/dev/nemawashi [--work DIR] [--only WORDS]
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync,
    renameSync, rmSync, statSync, truncateSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Server, options, within, workDir } from './server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', only: '', flood: 10_000 });
const program = resolve(o.program);
const dir = workDir(o.work, 'bad-input');
const clock = join(dir, 'clock');
function clockAt(ms) {
    writeFileSync(`${clock}.new`, `${ms}\n`);
    renameSync(`${clock}.new`, clock);
}
let now = Date.parse('2026-03-02T10:00:00+09:00');
clockAt(now);

const sql = (db, query) => execFileSync('sqlite3', ['-readonly', db, query], { encoding: 'utf8' }).trim();
const whole = (db) => assert.equal(sql(db, 'pragma integrity_check; pragma foreign_key_check'), 'ok');
/** Everything a person would miss. */
const stored = (db) => sql(db, `select (select count(*) from touch_point), (select count(*) from deal),
    (select count(*) from person), (select count(*) from partner), (select count(*) from customer)`);

/** A store with the demo in it, made once and copied. */
let seed;
async function freshStore(name) {
    if (!seed) {
        seed = join(dir, 'seed.db');
        const server = await new Server({ program, db: seed, clock }).start();
        await server.kill('SIGTERM');
    }
    const db = join(dir, `${name}.db`);
    copyFileSync(seed, db);
    return db;
}
/** The program to its end: status and all that it printed. */
function run(args, { input = '', share, wrap = [], env = {} } = {}) {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(slack|line|nemawashi)_/i.test(k)));
    if (share) clean.NEMAWASHI_SHARE = share;
    const all = [...wrap, program, ...args];
    const r = spawnSync(all[0], all.slice(1), { input, encoding: 'utf8', timeout: 60_000, env: { ...clean, ...env } });
    return { status: r.status, said: `${r.stdout}${r.stderr}` };
}
function refusesToStart(db, mend, opts = {}) {
    for (const args of [['serve', '--listen', '127.0.0.1:0'], ['chat', '--as', 'kenji']]) {
        const { status, said } = run([...args, '--db', db], { input: 'whoami\n', ...opts });
        assert.equal(status, 1, said);
        assert.match(said, mend, args[0]);
        assert.doesNotMatch(said, /Sanitizer/);
    }
}

/** One member's connection; `say` resolves with what came back under its id. */
class Talk {
    static async open(server, as) {
        const t = new Talk();
        t.waits = new Map();
        t.n = 0;
        t.acks = 0;
        t.answers = [];
        t.refused = [];
        t.changed = () => {};
        t.client = await Client.open(server, { as, after: 1e12, on: (f) => t.take(f) });
        return t;
    }
    take(f) {
        if (f.t === 'ack') this.acks++;
        if (f.t === 'message') this.answers.push(f);
        if (f.t === 'refused') this.refused.push(f);
        const id = f.t === 'message' ? f.answers : f.id;
        if (f.t === 'message' || f.t === 'refused') this.waits.get(id ?? 'none')?.(f);
        this.changed();
    }
    reply(id, what) {
        return within(new Promise((done) => this.waits.set(id ?? 'none', done)), `an answer to ${what}`)
            .finally(() => this.waits.delete(id ?? 'none'));
    }
    say(text, id = `bad-${process.pid}-${++this.n}`) {
        const reply = this.reply(id, text.slice(0, 60));
        this.client.send({ t: 'say', id, text });
        return reply;
    }
    /** A frame as it is; what comes back has no id. */
    raw(data, what, id = null) {
        const reply = this.reply(id, what);
        this.client.socket.send(data, { binary: false });
        return reply;
    }
    until(condition, what) {
        return within(new Promise((done) => {
            (this.changed = () => { if (condition()) { this.changed = () => {}; done(); } })();
        }), what);
    }
}
const textOf = (f) => f.reply?.text ?? f.text;

const steps = {
    async 'frames that are no message'() {
        const db = await freshStore('frames');
        const server = await new Server({ program, db, clock, args: [] }).start();
        const before = stored(db);
        const asked = { kenji: {}, haruka: {} };
        for (const as of Object.keys(asked)) {
            const t = await Talk.open(server, as);
            const said = asked[as];
            const code = async (what, wanted, reply) => {
                const f = await reply;
                assert.equal(f.t, 'refused', what);
                assert.equal(f.code, wanted, what);
                said[what] = f.text;
            };
            await code('1 MB', 'too_long', t.raw(JSON.stringify({ t: 'say', id: 'big', text: 'x'.repeat(1 << 20) }), '1 MB'));
            await code('40,000 bytes', 'too_long', t.say('x'.repeat(40_000)));
            await code('invalid UTF-8', 'not_utf8', t.raw(Buffer.from('{"t":"say","id":"u","text":"\xff\xfe"}', 'latin1'), 'invalid UTF-8'));
            await code('control characters', 'control', t.say('zoom Tanaka \u0007\u001b[31m'));
            await code('NUL', 'bad_frame', t.raw(JSON.stringify({ t: 'say', id: 'nul', text: 'zoom\u0000Tanaka' }), 'NUL'));
            await code('no words', 'empty', t.say('   '));
            await code('no JSON', 'bad_frame', t.raw('{"t":"say"', 'no JSON'));
            await code('unknown frame', 'bad_frame', t.raw('{"t":"shout"}', 'unknown frame'));
            assert.match(textOf(await t.say('whoami')), new RegExp(as, 'i'), 'the same connection still works');
            await t.client.close();
        }
        for (const [what, text] of Object.entries(asked.haruka)) {
            assert.match(text, /[ぁ-ん]/, `${what}, in Japanese`);
            assert.doesNotMatch(asked.kenji[what], /[ぁ-ん]/, `${what}, in English`);
            assert.match(asked.kenji[what], /\. [^.]+/, `${what}: says what to do`);
        }
        assert.equal(stored(db), before);
        await server.kill('SIGTERM');
        whole(db);
    },
    async 'words that mean nothing, or something impossible'() {
        const db = await freshStore('words');
        const server = await new Server({ program, db, clock, args: [] }).start();
        const before = stored(db);
        const wanted = [
            ['kenji', 'zoom Tanaka Denko 31 feb', /31 Feb is not a date.*28 Feb.*3 Mar|1 Mar/s],
            ['haruka', '電話 田中様 電光 2月31日', /2\/31|2月31日/],
            ['kenji', 'deal reg Acme via Denko -¥4.8M inbound', /below zero|minus/],
            ['haruka', '案件登録 Acme 電光経由 -480万円 インバウンド', /マイナス|負|0円/],
            ['kenji', 'frobnicate everything', /help|draft|Did you mean|could not/i],
            ['haruka', 'ほげほげする', /[ぁ-ん]/],
            ['kenji', 'zoom Zaphod 30m: hello', /Zaphod/],
            ['haruka', '電話 西園寺様 20分：初回', /西園寺/],
            ['kenji', 'deal won D9999', /no deal D9999/],
            ['haruka', '案件 受注 D9999', /D9999/],
            ['kenji', 'why', /kpi|figure/i],
        ];
        const talks = { kenji: await Talk.open(server, 'kenji'), haruka: await Talk.open(server, 'haruka') };
        for (const [as, text, answer] of wanted) {
            const f = await talks[as].say(text);
            assert.equal(f.t, 'message', `${text}: ${textOf(f)}`);
            assert.match(textOf(f), answer, text);
            assert.notEqual(f.reply.status, 'error', text);
        }
        assert.equal(stored(db), before);
        await server.kill('SIGTERM');
        whole(db);
    },
    async 'the same in the console'() {
        const db = await freshStore('console');
        const before = stored(db);
        const chat = (as, input) => run(['chat', '--db', db, '--as', as], { input: Buffer.from(input, 'latin1') });
        for (const [what, line, en, ja] of [
            ['1 MB', `${'x'.repeat(1 << 20)}\n`, /16 KB/, /16KB/],
            ['invalid UTF-8', 'zoom \xff\xfe\n', /UTF-8/, /UTF-8/],
            ['control characters', 'zoom Tanaka Denko \x07\x1b[31m: red\n', /control character/, /制御文字/],
            ['NUL', 'zoom Tanaka\0Denko: cut\n', /control character/, /制御文字/],
        ]) {
            for (const [as, mend] of [['kenji', en], ['haruka', ja]]) {
                const { status, said } = chat(as, line);
                assert.equal(status, 1, `${what}: ${said.slice(0, 300)}`);
                assert.match(said, mend, what);
            }
        }
        assert.equal(stored(db), before);
        whole(db);
    },
    async '10,000 messages in a burst from one member'() {
        const db = await freshStore('flood');
        const server = await new Server({ program, db, clock, args: [] }).start();
        const kenji = await Talk.open(server, 'kenji');
        for (let sent = 0; sent < o.flood;) {
            while (sent < o.flood && sent - kenji.acks < 200)
                kenji.client.send({ t: 'say', id: `flood-${++sent}`, text: 'whoami' });
            const seen = kenji.acks;
            await kenji.until(() => kenji.acks > seen, 'an acknowledgement');
        }
        await kenji.until(() => kenji.acks === o.flood, 'every message stored');
        assert.deepEqual(kenji.refused, []);
        const own = () => kenji.answers.filter((f) => f.answers).length;
        const limits = () => kenji.answers.filter((f) => f.reply.code === 'rate.limited');
        await kenji.until(() => own() === 60 && limits().length, 'sixty answers and the limit');
        assert.match(limits()[0].reply.text, /120 messages a minute.*stored/);
        // Somebody else does not wait.
        const haruka = await Talk.open(server, 'haruka');
        assert.match(textOf(await haruka.say('自分の情報')), /Haruka/);
        assert.equal(own(), 60);
        // Two a second, never more than sixty at once.
        clockAt(now += 10_000);
        await kenji.until(() => own() >= 80, 'twenty after ten seconds');
        assert.match(textOf(await haruka.say('自分の情報')), /Haruka/);
        assert.equal(own(), 80);
        for (let answered = 80; answered < Math.min(o.flood, 500);) {
            answered = Math.min(o.flood, answered + 60);
            clockAt(now += 30_000);
            await kenji.until(() => own() >= answered, `${answered} answers`);
            assert.equal(own(), answered);
        }
        // The rest survives a kill, and still takes its turn.
        const done = own();
        await server.kill();
        assert.equal(sql(db, `select count(*) from inbox where remote_id like 'flood-%'`), String(o.flood));
        assert.equal(sql(db, `select count(*) from inbox where done_ms is null`), String(o.flood - done));
        await server.start();
        const again = await Talk.open(server, 'kenji');
        clockAt(now += 30_000);
        await again.until(() => again.answers.filter((f) => f.answers).length >= 60, 'sixty more after the start');
        assert.equal(limits().length, 1);
        await server.kill('SIGTERM');
        whole(db);
    },
    async 'another program holds the store'() {
        const db = await freshStore('locked');
        const server = await new Server({ program, db, clock, args: [] }).start();
        const t = await Talk.open(server, 'haruka');
        const holder = spawn('sqlite3', [db], { stdio: ['pipe', 'pipe', 'inherit'] });
        const holds = new Promise((done) => holder.stdout.once('data', done));
        holder.stdin.write("begin immediate;\nselect 'held';\n");
        await within(holds, 'the lock');
        const f = await t.say('電話 田中様 電光 20分：ロック中', 'held-1');
        assert.equal(f.t, 'refused');
        assert.match(f.text, /保存|ほか|別|他/);
        assert.match(f.text, /[ぁ-ん]/, 'in the reader’s language');
        assert.equal((await fetch(`${server.url}healthz`)).status, 503);
        holder.stdin.end('rollback;\n');
        await new Promise((done) => holder.once('exit', done));
        assert.match(textOf(await t.say('電話 田中様 電光 20分：ロック中', 'held-1')), /^T\d+/);
        assert.equal((await fetch(`${server.url}healthz`)).status, 200);
        assert.match(server.said, /another program holds it, stop that one or wait/);
        await server.kill('SIGTERM');
        assert.equal(sql(db, "select count(*) from note_text where text = 'ロック中'"), '1');
        whole(db);
    },
    async 'a file may not grow any more'() {
        const db = await freshStore('limit');
        const server = new Server({ program, db, clock, args: [] });
        server.wrap = ['prlimit', `--fsize=${statSync(db).size + 4096}`];
        await server.start();
        const t = await Talk.open(server, 'kenji');
        let f, n = 0;
        do f = await t.say(`zoom Tanaka Denko 30m: ${'words '.repeat(2000)}`, `grow-${++n}`);
        while (f.t === 'message' && n < 500);
        assert.equal(f.t, 'refused');
        assert.match(f.text, /Nothing was stored/);
        await server.kill('SIGTERM');
        assert.match(server.said, /limit of file sizes|disk space/);
        assert.equal(sql(db, "select count(*) from inbox where remote_id like 'grow-%'"), String(n - 1));
        whole(db);
    },
    async 'the disk is full'() {
        const folder = join(dir, 'small');
        mkdirSync(folder);
        const wrap = ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o size=16m tmpfs '${folder}' && cp '${await freshStore('full')}' '${folder}/full.db' && exec "$@"`, 'sh'];
        const may = process.getuid() === 0 && spawnSync(wrap[0], [...wrap.slice(1), 'true']).status === 0;
        if (!may) return 'skipped: a small disk takes the right to mount one';
        const db = join(folder, 'full.db');
        const server = new Server({ program, db, clock, args: [] });
        server.wrap = wrap;
        await server.start();
        const inside = join('/proc', String(server.child.pid), 'root', folder);
        const filler = openSync(join(inside, 'filler'), 'w');
        const fill = () => { try { for (;;) writeSync(filler, Buffer.alloc(4096)); } catch (e) { assert.equal(e.code, 'ENOSPC'); } };
        const t = await Talk.open(server, 'haruka');
        const text = `電話 田中様 電光 20分：${'空きがない。'.repeat(800)}`;
        let f, n = 0;
        do { fill(); f = await t.say(text, `full-${++n}`); } while (f.t === 'message' && n < 500);
        assert.equal(f.t, 'refused');
        assert.match(f.text, /ディスク|空き/);
        assert.equal((await fetch(`${server.url}healthz`)).status, 503);
        const asked = await t.say('自分の情報');
        assert.equal(asked.t, 'message', 'a question is answered all the same');
        assert.equal(asked.id, null, 'and nothing of it is kept');
        assert.match(textOf(asked), /Haruka/);
        assert.match(textOf(asked), /残りません/);
        closeSync(filler);
        rmSync(join(inside, 'filler'));
        assert.match(textOf(await t.say(text, `full-${n}`)), /^T\d+/);
        assert.match(server.said, /free some disk space/);
        const there = (query) => execFileSync('nsenter', ['-t', String(server.child.pid), '-m', 'sqlite3', '-readonly', db, query],
            { encoding: 'utf8' }).trim();
        assert.equal(there("select count(*) from inbox where remote_id like 'full-%'"), String(n));
        assert.equal(there('pragma integrity_check'), 'ok');
        await server.kill('SIGTERM');
        return '';
    },
    async 'the store may only be read'() {
        // Nobody stops root from writing: then the program runs as nobody, from a folder
        // that nobody may enter.
        const home = mkdtempSync(join(tmpdir(), 'nemawashi-'));
        try {
            const db = join(home, 'read-only.db'), mine = join(home, 'nemawashi');
            chmodSync(home, 0o755);
            copyFileSync(await freshStore('read-only'), db);
            copyFileSync(program, mine);
            cpSync('locales', join(home, 'locales'), { recursive: true });
            const root = process.getuid() === 0;
            if (root) for (const f of [home, db]) chownSync(f, 65534, 65534);
            chmodSync(db, 0o444);
            chmodSync(home, 0o555);
            const wrap = root ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'env', `NEMAWASHI_SHARE=${home}`] : [];
            const before = readFileSync(db);
            for (const args of [['serve', '--listen', '127.0.0.1:0'], ['chat', '--as', 'kenji']]) {
                const all = [...wrap, mine, ...args, '--db', db];
                const r = spawnSync(all[0], all.slice(1), { input: 'whoami\n', encoding: 'utf8', timeout: 60_000,
                    env: { ...process.env, NEMAWASHI_SHARE: home } });
                assert.equal(r.status, 1, r.stderr);
                assert.match(r.stderr, /writable/);
            }
            assert.ok(before.equals(readFileSync(db)));
            chmodSync(home, 0o755);
        } finally {
            chmodSync(home, 0o755);
            rmSync(home, { recursive: true, force: true });
        }
    },
    async 'a store of a newer program'() {
        const db = await freshStore('newer');
        execFileSync('sqlite3', [db, 'pragma user_version = 999']);
        const before = readFileSync(db);
        refusesToStart(db, /newer Nemawashi.*install the newer program or restore an older backup/);
        assert.ok(before.equals(readFileSync(db)), 'the file was touched');
    },
    async 'a damaged store'() {
        const cut = await freshStore('cut');
        truncateSync(cut, Math.floor(statSync(cut).size / 8192) * 4096);
        refusesToStart(cut, /restore the latest backup/);
        const holes = await freshStore('holes');
        const f = openSync(holes, 'r+');
        for (let at = 4096 * 3; at < statSync(holes).size; at += 4096 * 2) writeSync(f, Buffer.alloc(4096, 0x5a), 0, 4096, at);
        closeSync(f);
        refusesToStart(holes, /restore the latest backup/);
        const { status, said } = run(['doctor', '--db', holes]);
        assert.notEqual(status, 0, said);
        assert.match(said, /restore the latest backup/);
    },
    async 'language files missing or broken'() {
        const db = await freshStore('words-missing');
        const share = join(dir, 'share');
        cpSync('locales', join(share, 'locales'), { recursive: true });
        rmSync(join(share, 'locales', 'en.json'));
        refusesToStart(db, /en\.json/, { share });
        writeFileSync(join(share, 'locales', 'en.json'), '{"strings": ');
        refusesToStart(db, /en\.json/, { share });
        refusesToStart(db, /set NEMAWASHI_SHARE to the folder/, { share: join(dir, 'nowhere') });
        whole(db);
    },
};

let failed = 0, passed = 0;
for (const [name, step] of Object.entries(steps)) {
    if (!name.includes(o.only)) continue;
    try {
        const note = await step();
        passed++;
        console.log(`ok      ${name}${note ? ` (${note})` : ''}`);
    } catch (e) {
        failed++;
        console.log(`FAILED  ${name}\n${String(e.message ?? e).slice(0, 2000).replace(/^/gm, '        ')}`);
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
