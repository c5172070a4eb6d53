// Webhook to 200, after the durable insert: the real program next to the official SDK, in one
// run, over the same connections. A stranger's event is one row, like the SDK's; a member's is
// the line itself, its event and its place in the conversation, and is answered besides. The SDK's bot is `@line/bot-sdk`'s middleware on node:http
// (Express in front would only add to it) and keeps each event by an append and an fdatasync
// that all requests which wait for it share: less than a row in a database costs.
//
//   node tests/line/bench.mjs --program .build/release/nemawashi [--work DIR] [--requests N]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeLine } from '../fakes/line/line.mjs';
import { Server, options, within, workDir } from '../server.mjs';

/** A bot on the SDK, in a process of its own: node tests/line/bench.mjs --sdk FILE SECRET */
async function sdk(file, channelSecret) {
    const { middleware } = await import('@line/bot-sdk');
    const http = await import('node:http');
    const { openSync, writeSync, fdatasync } = await import('node:fs');
    const fd = openSync(file, 'a'), verify = middleware({ channelSecret });
    let waiting = [], busy = false;
    const sync = () => {
        if (busy || !waiting.length) return;
        const now = waiting;
        waiting = [];
        busy = true;
        fdatasync(fd, () => {
            busy = false;
            for (const res of now) res.end('{}');
            sync();
        });
    };
    const server = http.createServer((req, res) => verify(req, res, (e) => {
        if (e) {
            res.statusCode = 401;
            return res.end();
        }
        for (const event of req.body.events) writeSync(fd, `${JSON.stringify(event)}\n`);
        waiting.push(res);
        return sync();
    }));
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
}

/** `n` requests over `connections` of them, each with its own event; times in ms. */
async function load(line, user, port, n, connections) {
    const requests = Array.from({ length: n }, (_, i) => {
        const body = Buffer.from(JSON.stringify({ destination: line.botId, events: [line.text(user, `電話 田中様 電光 20分：${i}`)] }));
        return Buffer.concat([Buffer.from(`POST /line/webhook HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nx-line-signature: ${line.sign(body)}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
    });
    const times = [];
    let next = 0, bad = 0;
    const started = process.hrtime.bigint();
    await Promise.all(Array.from({ length: connections }, () => new Promise((done, failed) => {
        const socket = net.connect(port, '127.0.0.1');
        let at;
        const send = () => {
            if (next >= n) return void socket.destroy(undefined, done());
            at = process.hrtime.bigint();
            return socket.write(requests[next++]);
        };
        let got = '';
        socket.setNoDelay(true);
        socket.on('connect', send);
        socket.on('error', failed);
        socket.on('data', (d) => {
            got += d.toString('latin1');
            const head = got.indexOf('\r\n\r\n'), length = /content-length: *(\d+)/i.exec(got);
            const chunked = /transfer-encoding: *chunked/i.test(got);
            if (head < 0 || (chunked ? !got.endsWith('0\r\n\r\n') : got.length < head + 4 + Number(length?.[1] ?? 0))) return;
            if (!got.startsWith('HTTP/1.1 200')) bad++;
            got = '';
            times.push(Number(process.hrtime.bigint() - at) / 1e6);
            send();
        });
    })));
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    times.sort((a, b) => a - b);
    return { rate: n / seconds, p50: times[Math.floor(n / 2)], p99: times[Math.floor(n * 0.99)], bad };
}

/** CPU time of a process so far, in µs. */
function spent(pid) {
    const f = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
    return (Number(f[11]) + Number(f[12])) * 10_000;
}

async function main() {
    const o = options({ program: '.build/release/nemawashi', work: '.', requests: 4000 });
    process.setMaxListeners(0);
    const dir = workDir(o.work, 'line-bench'), db = join(dir, 'x.db'), program = resolve(o.program);
    await (await new Server({ program, db }).start()).kill('SIGTERM');
    const line = await new FakeLine().start(), member = line.person(), stranger = line.person();
    const bot = await new Server({ program, db, args: [], env: { LINE_CHANNEL_SECRET: line.secret, LINE_CHANNEL_ACCESS_TOKEN: line.token, LINE_API_URL: line.url } }).start();
    line.webhook = `${bot.url}line/webhook`;
    const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(spawnSync(program, ['chat', '--db', db, '--as', 'haruka'], { input: 'link\n', encoding: 'utf8' }).stdout)[0];
    await within(line.say(member, code), 'the code');
    const other = spawn(process.execPath, [fileURLToPath(import.meta.url), '--sdk', join(dir, 'sdk.log'), line.secret], { stdio: ['ignore', 'pipe', 'inherit'] });
    const sdkPort = await within(new Promise((done) => other.stdout.on('data', (d) => done(Number(/port (\d+)/.exec(d)[1])))), 'the SDK');
    console.log(`${cpus().length} × ${cpus()[0].model}, load average ${execFileSync('cut', ['-d', ' ', '-f1', '/proc/loadavg'], { encoding: 'utf8' }).trim()}; ${o.requests} webhooks of one event each`);
    console.log('The load comes from one thread on the same machine and bounds what is seen per second; CPU is the server\'s own.');
    console.log('connections  who          per second   p50 ms   p99 ms   CPU µs each');
    for (const connections of [1, 32, 256])
        for (const [who, port, user, pid] of [['a member', bot.port, member, bot.child.pid], ['a stranger', bot.port, stranger, bot.child.pid], ['bot-sdk', sdkPort, stranger, other.pid]]) {
            const n = connections === 1 ? Math.floor(o.requests / 4) : o.requests;
            await load(line, user, port, Math.min(n, 500), connections); // warm
            const before = spent(pid), r = await load(line, user, port, n, connections), cpu = (spent(pid) - before) / n;
            console.log(`${String(connections).padStart(11)}  ${who.padEnd(10)} ${r.rate.toFixed(0).padStart(12)} ${r.p50.toFixed(2).padStart(8)} ${r.p99.toFixed(2).padStart(8)} ${cpu.toFixed(0).padStart(13)}${r.bad ? `  ${r.bad} not 200` : ''}`);
        }
    other.kill();
    await bot.kill('SIGTERM');
    await line.stop();
    process.exit(0);
}

if (process.argv[2] === '--sdk') await sdk(process.argv[3], process.argv[4]);
else await main();
