// Backups as an operator lives with them: each night, thrown away when old, told about when
// they fail; a damaged store; and a store that is destroyed under load and restored.
//
//   node tests/backup.mjs --program .build/dev/nemawashi [--work DIR] [--only WORDS]
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, openSync, closeSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, Server, mind, options, within, workDir } from './server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', only: '', logs: 150 });
const program = resolve(o.program);
const dir = workDir(o.work, 'backup');
const clock = join(dir, 'clock');
const DAY = 86_400_000;
let now = Date.parse('2026-03-02T10:00:00+09:00');
function clockAt(ms) {
    writeFileSync(`${clock}.new`, `${(now = ms)}\n`);
    renameSync(`${clock}.new`, clock);
}
clockAt(now);

const sql = (db, query) => execFileSync('sqlite3', ['-readonly', db, query], { encoding: 'utf8' }).trim();
const own = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(slack|line|nemawashi)_/i.test(k)));
function run(...args) {
    const r = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, env: own });
    return { status: r.status, said: `${r.stdout}${r.stderr}` };
}
const mode = (path) => (statSync(path).mode & 0o777).toString(8);

let seed;
async function freshStore(name) {
    if (!seed) {
        seed = join(dir, 'seed.db');
        const server = await new Server({ program, db: seed, clock }).start();
        await server.kill('SIGTERM');
        assert.equal(run('member', 'add', 'aiko', 'Aiko', 'admin', '--db', seed).status, 0);
    }
    const db = join(dir, `${name}.db`);
    copyFileSync(seed, db);
    return db;
}

/** What a member hears, as far as it is said in the language of the test. */
async function listen(server, as) {
    const heard = [];
    const client = await Client.open(server, { as, on: (f) => {
        if (f.t === 'message') heard.push(f.reply.text);
        if (f.t === 'history') heard.push(...f.messages.filter((m) => m.reply).map((m) => m.reply.text));
    } });
    return { client, heard, says: (words) => heard.filter((text) => words.test(text)).length };
}

const steps = {
    async 'each night one more, the oldest thrown away, nothing of others touched'() {
        const db = await freshStore('nights'), folder = join(dir, 'elsewhere');
        mkdirSync(folder, { mode: 0o700 });
        writeFileSync(join(folder, 'nights.db-20200101-0300.txt'), 'not ours');
        writeFileSync(join(folder, 'other.db-20200101-0300'), 'not ours');
        writeFileSync(join(folder, 'nights.db-20260301-0300.part'), 'cut short by a crash');
        const server = await new Server({ program, db, clock, args: [],
            env: { NEMAWASHI_BACKUP_FOLDER: folder, NEMAWASHI_BACKUP_KEEP: '2' } }).start();
        const made = () => readdirSync(folder).filter((n) => /^nights\.db-\d{8}-\d{4}$/.test(n)).sort();
        clockAt(now + 3_700_000); // a store without one gets its first after an hour
        await server.until(() => made().length === 1);
        for (const [days, wanted] of [[1, '20260303-0310'], [2, '20260304-0310'], [3, '20260305-0310']]) {
            clockAt(Date.parse('2026-03-02T03:10:00+09:00') + days * DAY);
            await server.until(() => made().includes(`nights.db-${wanted}`) && made().length <= 2);
        }
        assert.deepEqual(made(), ['nights.db-20260304-0310', 'nights.db-20260305-0310']);
        assert.deepEqual(readdirSync(folder).sort(), ['nights.db-20200101-0300.txt', ...made(), 'other.db-20200101-0300']);
        assert.equal(mode(join(folder, made()[0])), '600');
        assert.notEqual(sql(db, "select value from meta where key = 'checked_ms'"), '');
        for (const file of [db, `${db}-wal`, `${db}-shm`]) assert.equal(mode(file), '600');
        await server.kill('SIGTERM');
        assert.match(run('doctor', '--db', db, '--backup-folder', folder).said, /backup +ok +\S+nights\.db-20260305-0310/);
        assert.match(run('restore', join(folder, made()[0]), '--db', db).said, /restored/);
    },
    async 'a minute that has a backup already, by a clock that was put back: one more beside it'() {
        const db = await freshStore('twice'), folder = `${db}-backups`;
        mkdirSync(folder, { mode: 0o700 });
        assert.equal(run('backup', join(folder, 'twice.db-20260319-0300'), '--db', db).status, 0);
        clockAt(Date.parse('2026-03-19T12:00:00+09:00'));
        const server = await new Server({ program, db, clock, args: [] }).start();
        copyFileSync(join(folder, 'twice.db-20260319-0300'), join(folder, 'twice.db-20260320-0310'));
        clockAt(Date.parse('2026-03-20T03:10:00+09:00'));
        await server.until(() => readdirSync(folder).includes('twice.db-20260320-0311'));
        await server.kill('SIGTERM');
        assert.doesNotMatch(server.said, /keeper: backup: |CONFLICT/);
        assert.deepEqual(readdirSync(folder).sort(), ['twice.db-20260319-0300', 'twice.db-20260320-0310', 'twice.db-20260320-0311']);
    },
    async 'a folder that can not be written: administrators hear it once, and it is tried again'() {
        const db = await freshStore('stuck'), folder = join(dir, 'a-file');
        writeFileSync(folder, '');
        const server = await new Server({ program, db, clock, args: [], env: { NEMAWASHI_BACKUP_FOLDER: folder } }).start();
        const { client, says } = await listen(server, 'aiko');
        const words = /backup could not be made|バックアップを作成できません/;
        for (let hours = 1; hours < 4; hours++) {
            clockAt(now + 3_700_000);
            await server.until(() => (server.said.match(/keeper: backup/g) ?? []).length >= hours);
        }
        await server.until(() => says(words) === 1);
        rmSync(folder);
        clockAt(now + 3_700_000);
        await server.until(() => server.said.includes('made and checked'));
        assert.equal(says(words), 1);
        await client.close();
        await server.kill('SIGTERM');
    },
    async 'a damaged store: told at the start, and no backup is made of it'() {
        const db = await freshStore('damaged'), folder = `${db}-backups`;
        assert.equal(run('backup', join(dir, 'good'), '--db', db).status, 0);
        mkdirSync(folder, { mode: 0o700 });
        copyFileSync(join(dir, 'good'), join(folder, 'damaged.db-20260301-0300'));
        const damaged = () => { try { return sql(db, 'pragma quick_check(1)') !== 'ok'; } catch { return true; } };
        for (let page = statSync(db).size / 4096 - 1; !damaged(); page--) {
            const f = openSync(db, 'r+');
            writeSync(f, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
            closeSync(f);
        }
        const server = await new Server({ program, db, clock, args: [] }).start();
        const { client, says } = await listen(server, 'aiko');
        const words = /nemawashi restore \S+damaged\.db-20260301-0300/;
        clockAt(now + 3_700_000); // whoever was not there at the start hears it within the hour
        await server.until(() => says(words) >= 1);
        clockAt(now + DAY);
        await server.until(() => (server.said.match(/is damaged/g) ?? []).length >= 2);
        await client.close();
        await server.kill('SIGTERM');
        assert.deepEqual(readdirSync(folder), ['damaged.db-20260301-0300']);
        assert.match(run('restore', join(folder, 'damaged.db-20260301-0300'), '--db', db).said, /kept as/);
        assert.equal(sql(db, 'pragma integrity_check'), 'ok');
    },
    async 'backup under load, destroy, restore: the day goes on'() {
        const db = await freshStore('load'), copy = join(dir, 'copy.db');
        const logs = Array.from({ length: o.logs }, (_, i) => ({ id: `load-${i}`, text: `zoom Tanaka Denko 30m: marker-${i}` }));
        const byId = new Map(logs.map((log) => [log.id, log]));
        let acks = 0, changed = () => {};
        const until = (n) => within(new Promise((done) => { (changed = () => { if (acks >= n) done(); })(); }), `${n} acknowledgements`);
        const take = (f) => {
            assert.notEqual(f.t, 'refused', f.text);
            const log = f.t === 'ack' && byId.get(f.id);
            if (log && !log.acked) { log.acked = true; acks++; }
            changed();
        };
        const say = (client, log) => { clockAt(now + 1000); client.send({ t: 'say', ...log }); };
        const server = await new Server({ program, db, clock, args: [], env: { NEMAWASHI_BACKUP_KEEP: '0' } }).start();
        let client = await Client.open(server, { as: 'kenji', after: 1e12, on: take });
        for (const log of logs.slice(0, o.logs / 3)) say(client, log);
        await until(o.logs / 3);
        const before = logs.filter((log) => log.acked).map((log) => log.id);
        const child = spawn(program, ['backup', copy, '--db', db], { env: own, stdio: 'ignore' });
        const done = mind(child);
        for (const log of logs.slice(o.logs / 3)) {
            say(client, log);
            await new Promise((next) => setImmediate(next));
        }
        assert.equal((await within(done, 'the backup')).code, 0);
        await until(o.logs * 2 / 3); // more than the copy can hold
        await server.kill();
        for (const end of ['', '-wal', '-shm']) rmSync(db + end, { force: true });
        const { status, said } = run('restore', copy, '--db', db);
        assert.equal(status, 0, said);
        const stored = new Set(sql(db, "select remote_id from inbox where remote_id like 'load-%'").split('\n'));
        for (const id of before) assert.ok(stored.has(id), `${id} was acknowledged before the backup began`);
        await server.start();
        client = await Client.open(server, { as: 'kenji', after: 1e12, on: take });
        acks = 0;
        for (const log of logs) {
            log.acked = false;
            say(client, log);
        }
        await until(o.logs);
        await server.until(() => { // what is above the limit waits for its minute
            clockAt(now + 30_000);
            return sql(db, 'select count(*) from inbox where done_ms is null') === '0';
        });
        await client.close();
        await server.kill('SIGTERM');
        assert.equal(sql(db, `select count(*), count(distinct n.text) from touch_point t join note_text n
            on n.id = t.note_id and n.rev = t.note_rev where n.text like 'marker-%' and t.void_ms is null`), `${o.logs}|${o.logs}`);
        assert.equal(sql(db, 'pragma integrity_check; pragma foreign_key_check'), 'ok');
        return `${before.length} before the backup, ${stored.size} in it, ${o.logs} in the end`;
    },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
    if (!name.includes(o.only)) continue;
    try {
        const note = await step();
        console.log(`ok      ${name}${note ? ` (${note})` : ''}`);
    } catch (e) {
        failed++;
        console.log(`FAILED  ${name}\n${String(e.stack ?? e).slice(0, 2000).replace(/^/gm, '        ')}`);
    }
}
process.exit(failed ? 1 : 0);
