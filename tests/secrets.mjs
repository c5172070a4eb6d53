// Secrets stay inside: given by the environment, a file or the .ini file, refused where others
// could read them, and then in nothing that anybody sees: not in what is printed, logged or
// stored, nor in the process's title, environment or limits. At the end everything that the
// programs of all tests printed is searched for the secrets that they were given.
//
//   node tests/secrets.mjs --program .build/dev/nemawashi [--work DIR] [--said DIR] [--log DIR]
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FakeSlack } from './fakes/slack/slack.mjs';
import { Server, options, workDir } from './server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.', said: '', log: '' });
const program = resolve(o.program), dir = workDir(o.work, 'secrets');
const mark = (name) => `${name}-zanzibarquux-${'0123456789abcdef'.repeat(2)}`;
const secrets = {
    SLACK_APP_TOKEN: mark('xapp-1'), SLACK_BOT_TOKEN: mark('xoxb-1'), LINE_CHANNEL_SECRET: mark('linesecret'),
    LINE_CHANNEL_SECRET_PREVIOUS: mark('linebefore'), LINE_CHANNEL_ACCESS_TOKEN: mark('linetoken'), NEMAWASHI_RELAY_TOKEN: mark('relay'),
};
const clean = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(slack|line|nemawashi)_/i.test(k)));
/** The program to its end, with all that it printed. */
function run(args, env = {}) {
    const r = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, env: { ...clean, ...env }, cwd: dir });
    const said = `${r.stdout}${r.stderr}`;
    for (const value of Object.values(secrets)) assert.ok(!said.includes(value), `${args[0]} printed a secret:\n${said}`);
    return { status: r.status, said };
}
function file(name, text, mode = 0o600) {
    const path = join(dir, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
}
const serve = ['serve', '--db', 'refused.db', '--listen', '127.0.0.1:0'];
function refuses(env, why, args = serve) {
    const { status, said } = run(args, env);
    assert.equal(status, 1, said);
    assert.match(said, why);
}

const steps = {
    'a file of a secret is its owner’s alone, and one line'() {
        const slack = (path) => ({ SLACK_APP_TOKEN: secrets.SLACK_APP_TOKEN, SLACK_BOT_TOKEN_FILE: path });
        for (const mode of [0o640, 0o604, 0o660, 0o666])
            refuses(slack(file('open', secrets.SLACK_BOT_TOKEN, mode)), /SLACK_BOT_TOKEN_FILE: others may read the file; run: chmod 600 '.*open'/);
        refuses(slack(join(dir, 'none')), /SLACK_BOT_TOKEN_FILE '.*none': No such file/);
        refuses(slack(dir), /is no file/);
        for (const text of ['', '\n\n', `${secrets.SLACK_BOT_TOKEN}\nmore\n`, 'x'.repeat(5000), 'x\0y'])
            refuses(slack(file('odd', text)), /must hold the secret on one line/);
        refuses({ ...slack(file('good', secrets.SLACK_BOT_TOKEN)), SLACK_BOT_TOKEN: secrets.SLACK_BOT_TOKEN }, /are both set; leave one of them out/);
        // Good ones are taken: what is refused now is what they are combined with.
        for (const mode of [0o600, 0o400])
            refuses({ SLACK_BOT_TOKEN_FILE: file('alone', `${secrets.SLACK_BOT_TOKEN}\n`, mode) }, /Slack needs two tokens; set SLACK_APP_TOKEN/);
        symlinkSync(file('open-behind', secrets.SLACK_BOT_TOKEN, 0o644), join(dir, 'link'));
        refuses(slack(join(dir, 'link')), /others may read the file/);
    },
    'in a folder of systemd a group’s right to read is nobody else’s'() {
        const folder = join(dir, 'credentials');
        mkdirSync(folder, { mode: 0o700 });
        const path = join(folder, 'token'), env = { SLACK_BOT_TOKEN_FILE: path };
        writeFileSync(path, secrets.SLACK_BOT_TOKEN);
        chmodSync(path, 0o440);
        refuses(env, /others may read the file/);
        refuses({ ...env, CREDENTIALS_DIRECTORY: folder }, /Slack needs two tokens/);
        refuses({ ...env, CREDENTIALS_DIRECTORY: dir.slice(0, -1) }, /others may read the file/);
        chmodSync(path, 0o444);
        refuses({ ...env, CREDENTIALS_DIRECTORY: folder }, /others may read the file/);
    },
    'the .ini file with a secret likewise, and no flag takes one'() {
        const text = `slack_bot_token = ${secrets.SLACK_BOT_TOKEN}\n`;
        refuses({ NEMAWASHI_CONFIG: file('open.ini', text, 0o644) }, /config with slack_bot_token: others may read the file; run: chmod 600/);
        refuses({ NEMAWASHI_CONFIG: file('good.ini', text) }, /Slack needs two tokens; set SLACK_APP_TOKEN/);
        const { status } = run([...serve, '--slack-bot-token', secrets.SLACK_BOT_TOKEN.slice(0, 6)]);
        assert.equal(status, 2, 'a secret on the command line is seen by everybody');
    },
    async 'while it runs, nothing around it shows one'() {
        const slack = await new FakeSlack().start();
        try {
            const db = join(dir, 'running.db');
            const server = await new Server({ program, db, args: [], env: { ...secrets, ...slack.env, LINE_API_URL: 'http://127.0.0.1:9' } }).start();
            const all = [...Object.values(secrets), slack.appToken, slack.botToken].filter((v, i) => i > 1); // Slack's own in place of ours
            const proc = (name) => readFileSync(`/proc/${server.child.pid}/${name}`, 'latin1');
            for (const where of ['cmdline', 'comm', 'environ', 'status'])
                for (const value of all) assert.ok(!proc(where).includes(value), `/proc/PID/${where} shows a secret`);
            assert.match(proc('environ'), /NEMAWASHI_DB=/, 'what is no secret stays, so the search sees it');
            assert.match(proc('limits'), /Max core file size +0 +0 /);
            assert.match(proc('status'), /NoNewPrivs:\t1/);
            for (const path of ['', 'healthz', 'nothing']) {
                const text = await (await fetch(server.url + path)).text();
                for (const value of all) assert.ok(!text.includes(value), `/${path} shows a secret`);
            }
            await server.kill('SIGTERM');
            for (const name of readdirSync(dir).filter((n) => n.startsWith('running.db')))
                for (const value of all) assert.ok(!readFileSync(join(dir, name), 'latin1').includes(value), `${name} holds a secret`);
            for (const value of all) assert.ok(!server.said.includes(value), 'the log holds a secret');
        } finally {
            await slack.stop();
        }
    },
    async 'nor does another process of the same user see one'() {
        // Nobody keeps root from looking: so it runs as nobody, and nobody looks.
        if (process.getuid() !== 0) return 'skipped: takes root, to become somebody else';
        if (readFileSync(program).includes('__asan_init')) return 'skipped: LeakSanitizer has to look';
        const home = mkdtempSync(join(tmpdir(), 'nemawashi-'));
        try {
            chownSync(home, 65534, 65534);
            copyFileSync(program, join(home, 'nemawashi'));
            chmodSync(join(home, 'nemawashi'), 0o755);
            cpSync('locales', join(home, 'locales'), { recursive: true });
            execFileSync('chmod', ['-R', 'a+rX', home]);
            const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
            const server = new Server({ program: join(home, 'nemawashi'), db: join(home, 'x.db'), args: [], env: { ...secrets, NEMAWASHI_SHARE: home,
                SLACK_APP_TOKEN: '', SLACK_BOT_TOKEN: '', LINE_API_URL: 'http://127.0.0.1:9' } });
            server.wrap = nobody;
            await server.start();
            const look = (what) => spawnSync(nobody[0], [...nobody.slice(1), 'head', '-c', '1', `/proc/${server.child.pid}/${what}`], { encoding: 'latin1' });
            assert.equal(look('status').status, 0, 'what everybody may see');
            for (const what of ['environ', 'mem', 'maps']) assert.match(look(what).stderr, /Permission denied/, `/proc/PID/${what} is open to its user`);
            await server.kill('SIGTERM');
        } finally {
            rmSync(home, { recursive: true, force: true });
        }
        return '';
    },
    'errors and the doctor only say that there is one'() {
        const { said } = run(['doctor', '--db', 'doctor.db'], { ...secrets, SLACK_API_URL: 'http://127.0.0.1:9/api/', LINE_API_URL: 'http://127.0.0.1:9' });
        assert.match(said, /slack_bot_token +\(set\) \(environment\)/);
        run(serve, { ...secrets, SLACK_BOT_TOKEN: `xoxp${secrets.SLACK_BOT_TOKEN.slice(4)}` });
        run(['serve', '--demo', '--db', 'demo.db'], secrets);
        run(['relay', '--db', 'relay.db', '--listen', '0.0.0.0:0'], secrets);
        run(['line', 'menu'], { ...secrets, LINE_API_URL: 'http://127.0.0.1:9' });
    },
    'nothing that all tests printed holds a secret that they used'() {
        if (!o.said) return 'skipped: no --said';
        const inside = readdirSync(o.said), known = new Set(['xoxb-secret', '8c570fa6dd201bb328f1c1eac23a96d8', ...Object.values(secrets)]);
        for (const name of inside.filter((n) => n.endsWith('.secrets')))
            for (const value of readFileSync(join(o.said, name), 'utf8').split('\n')) if (value.length >= 10) known.add(value);
        const logs = inside.filter((n) => n.endsWith('.log')).map((n) => join(o.said, n));
        for (const name of ['LastTest.log', 'LastTest.log.tmp']) if (existsSync(join(o.log, name))) logs.push(join(o.log, name));
        let bytes = 0;
        for (const path of logs) {
            const text = readFileSync(path, 'latin1');
            bytes += text.length;
            for (const value of known) assert.ok(!text.includes(value), `${path} holds the secret ${value.slice(0, 6)}…`);
        }
        assert.ok(bytes > 1000 && known.size > 8, 'there was something to search, and something to search for');
        return `${known.size} secrets in none of ${logs.length} logs, ${Math.round(bytes / 1024)} KB`;
    },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
    try {
        const note = await step();
        console.log(`ok      ${name}${note ? ` (${note})` : ''}`);
    } catch (e) {
        failed++;
        console.log(`FAILED  ${name}\n${String(e.message ?? e).slice(0, 2000).replace(/^/gm, '        ')}`);
    }
}
process.exit(failed ? 1 : 0);
