// The server over TLS, and why it refuses to do without: certificates that won't do, and
// addresses that other machines reach.
//
//   node tests/tls.mjs --program .build/dev/nemawashi [--work DIR]
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import WebSocket from 'ws';
import { Client, Server, options, within, workDir } from './server.mjs';

const o = options({ program: '.build/dev/nemawashi', work: '.' });
const program = resolve(o.program), dir = workDir(o.work, 'tls');
const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });

function certificate(name, ...more) {
    const cert = join(dir, `${name}.pem`), key = join(dir, `${name}.key`);
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key,
        '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', ...more);
    chmodSync(key, 0o600);
    return { cert, key, ca: readFileSync(cert) };
}
const ours = certificate('ours'), other = certificate('other');

/** serve with this environment ends at once; what it says fits `why`. */
function refuses(env, why, args = []) {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(slack|line|nemawashi)_/i.test(k)));
    const r = spawnSync(program, ['serve', '--demo', '--db', join(dir, 'refused.db'), ...args], { encoding: 'utf8', timeout: 60_000,
        env: { ...clean, NEMAWASHI_LISTEN: '127.0.0.1:0', ...env } });
    assert.equal(r.status, 1, r.stdout + r.stderr);
    assert.match(r.stderr, why);
    assert.doesNotMatch(r.stderr, /PRIVATE KEY/);
}
const pair = ({ cert, key }) => ({ NEMAWASHI_TLS_CERT: cert, NEMAWASHI_TLS_KEY: key });

const server = await new Server({ program, db: join(dir, 'tls.db'), env: pair(ours) }).start();
const get = (path, how = {}) => new Promise((done, failed) => {
    https.get(new URL(path, server.url), { ca: ours.ca, agent: false, ...how }, (res) => {
        let body = '';
        res.on('data', (d) => { body += d; });
        res.on('end', () => done({ status: res.statusCode, headers: res.headers, body }));
    }).on('error', failed);
});

const tests = {
    async 'the page and the health check are served over https'() {
        assert.match(server.url, /^https:/);
        assert.equal((await get('/healthz')).status, 200);
        assert.match((await get('/')).body, /<!doctype html>/i);
    },
    async 'a WebSocket of the https page is welcome, one of a plain page is not'() {
        const c = await Client.open(server, { as: 'kenji', ca: ours.ca });
        assert.ok(c.welcome);
        await c.close();
        const foreign = new WebSocket(`${server.url.replace('https', 'wss')}ws`, { ca: ours.ca, origin: `http://${server.host}` });
        foreign.on('error', () => {}); // what matters is the answer
        const [, answer] = await within(once(foreign, 'unexpected-response'), 'the refusal of a plain origin');
        assert.equal(answer.statusCode, 403);
    },
    async 'a client of HTTP/2 gets HTTP/1.1, so that no header is lost'() {
        const socket = tls.connect({ port: server.port, host: '127.0.0.1', ca: ours.ca, ALPNProtocols: ['h2', 'http/1.1'] });
        await once(socket, 'secureConnect');
        assert.equal(socket.alpnProtocol, 'http/1.1');
        socket.destroy();
        const only = http2.connect(server.url, { ca: ours.ca });
        await within(once(only, 'error'), 'the refusal of HTTP/2 alone');
        only.destroy();
    },
    async 'TLS before 1.2 and plain HTTP are turned away'() {
        const old = tls.connect({ port: server.port, host: '127.0.0.1', ca: ours.ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
        await within(once(old, 'error'), 'the refusal of TLS 1.1');
        for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) assert.equal((await get('/healthz', { maxVersion })).status, 200);
        const plain = net.connect(server.port, '127.0.0.1');
        let said = '';
        plain.on('error', () => {}); // a reset is an end too
        plain.on('data', (d) => { said += d.toString('latin1'); });
        plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await within(new Promise((done) => plain.once('close', done)), 'the end of a plain connection');
        assert.doesNotMatch(said, /200 OK|<!doctype/i);
    },
    async 'files that will not do are named, with the mend'() {
        refuses({ NEMAWASHI_TLS_CERT: ours.cert }, /tls_cert.*is alone; certificate and key go together/);
        refuses({ ...pair(ours), NEMAWASHI_TLS_CERT: join(dir, 'none.pem') }, /cannot read '.*none\.pem'/);
        refuses({ ...pair(ours), NEMAWASHI_TLS_KEY: other.key }, /is not that of the certificate/);
        refuses({ ...pair(ours), NEMAWASHI_TLS_CERT: ours.key }, /holds no certificate in PEM form/);
        const open = join(dir, 'open.key'), locked = join(dir, 'locked.key');
        writeFileSync(open, readFileSync(ours.key), { mode: 0o644 });
        refuses({ ...pair(ours), NEMAWASHI_TLS_KEY: open }, /can be read by others.*chmod 600/);
        openssl('ec', '-in', ours.key, '-aes128', '-passout', 'pass:secret', '-out', locked);
        chmodSync(locked, 0o600);
        refuses({ ...pair(ours), NEMAWASHI_TLS_KEY: locked }, /without a passphrase/);
        const past = join(dir, 'past.pem'), request = join(dir, 'past.csr');
        openssl('req', '-new', '-key', ours.key, '-subj', '/CN=localhost', '-out', request);
        openssl('x509', '-req', '-in', request, '-signkey', ours.key, '-days', '-1', '-out', past);
        refuses({ ...pair(ours), NEMAWASHI_TLS_CERT: past }, /has expired; renew it/);
    },
    async 'beyond this machine nothing is served without TLS, unless that is said'() {
        refuses({}, /reached from other machines.*NEMAWASHI_TLS_CERT.*NEMAWASHI_ALLOW_PLAIN_PUBLIC=1/, ['--listen', '0.0.0.0:0']);
        refuses({}, /reached from other machines/, ['--listen', '[::]:0']);
        refuses({ NEMAWASHI_ALLOW_PLAIN_PUBLIC: 'yes' }, /is neither 0 nor 1/);
        for (const env of [pair(ours), { NEMAWASHI_ALLOW_PLAIN_PUBLIC: '1' }]) {
            const any = await new Server({ program, db: join(dir, 'any.db'), env, args: ['--demo', '--listen', '0.0.0.0:0'] }).start();
            assert.match(any.url, env.NEMAWASHI_TLS_CERT ? /^https:/ : /^http:/);
            await any.kill('SIGTERM');
        }
    },
};

let failed = 0;
for (const [name, run] of Object.entries(tests)) {
    try {
        await run();
        console.log(`ok   ${name}`);
    } catch (e) {
        failed++;
        console.log(`FAIL ${name}\n${e.stack}`);
    }
}
await server.kill('SIGTERM');
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
