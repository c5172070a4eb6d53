// The faults of faults.mjs, by name. Each is { run(trial), … }: `slack` options of the fake,
// `before` what is planned before the program connects, `long` what takes half a minute,
// `answers` false where none can come, `clock` true where the program's clock is held so that
// its minutes of waiting pass at once, `quietMs` how long nothing more may follow.
import WebSocket from 'ws';

const line = (t) => t.slack.socket.ready[0];
/** How many messages lie between two breaks: each break in a row doubles the pause of a
 *  client, up to a minute, so there are few of them however many messages there are. */
const spell = (t) => Math.max(10, Math.ceil(t.size / 6));
/** Says everything, and calls `between` after each `every`th acknowledgement. */
async function underLoad(t, every, between) {
    for (let said = 0; said < t.size;) {
        const some = Math.min(every, t.size - said);
        t.sayAll(some);
        said += some;
        await t.slack.until(() => t.sent.filter((s) => s.deed.delivery.acked || s.deed.delivery.next || t.slack.socket.waiting.has(s.deed.delivery)).length >= said - some + Math.ceil(some / 2),
            'half of them');
        await between(t, said);
        await t.slack.connected();
    }
}

/** Five of the answers in a channel arrive, and the program is not told; the first five. */
async function lostInChannel(t) {
    const channel = t.slack.channel({ name: 'sales', members: t.people });
    t.slack.web.fail('chat.postMessage', { lose: 'reset', when: (a) => a.channel === channel.id }, 5);
    for (let i = 0; i < 10; i++) t.mention(channel);
    await t.finish(t.fault);
    const calls = t.slack.web.of('chat.postMessage').filter((c) => c.lost);
    return t.sent.filter(({ marker }) => calls.some((c) => new RegExp(`${marker}(?!\\d)`).test(c.args.text)));
}

export const FAULTS = {
    'no fault': {
        run: (t) => { t.sayAll(); },
    },
    'each event twice, the same event id': {
        async run(t) {
            const deeds = t.sayAll();
            await t.acknowledged(t.size);
            for (const [i, d] of deeds.entries()) t.slack.socket.again(d.delivery, { sameEnvelope: i % 2 === 0 });
        },
    },
    'each event twice at once': {
        run(t) {
            for (const d of t.sayAll()) t.slack.socket.again(d.delivery, { attempt: 1 });
        },
    },
    'each message under a second event id': {
        async run(t) {
            const deeds = t.sayAll();
            await t.acknowledged(t.size);
            for (const d of deeds) t.slack.event(t.slack.messageEvent(d.channel, d.message));
        },
    },
    'sent again after an hour and a restart': {
        async run(t) {
            const deeds = t.sayAll();
            await t.finish();
            await t.client.stop();
            t.slack.clock.advance(3_600_000);
            await t.client.start();
            await t.slack.connected();
            for (const d of deeds) t.slack.socket.again(d.delivery);
        },
    },
    'acknowledgements lost with their socket': {
        run: (t) => underLoad(t, spell(t), async () => {
            t.slack.socket.acksLost = 5;
            t.sayAll(5);
            await t.slack.until(() => t.slack.socket.acksLost === 0, 'five acknowledgements to lose');
            const old = t.slack.socket.reset();
            await t.slack.until(() => !old.open, 'its end');
        }),
    },
    'killed with -9 under load': {
        ms: 120_000,
        async run(t) {
            for (let round = 0; round < 4; round++) {
                const from = t.sent.length;
                t.sayAll(Math.ceil(t.size / 4));
                await t.acknowledged(Math.min(t.sent.length, from + 1 + t.random(t.size / 4)));
                for (let i = t.random(12); i > 0; i--) await new Promise((done) => setImmediate(done));
                await t.client.kill();
                await t.slack.until(() => t.slack.socket.live.length === 0, 'the end of its connections');
                // What it had asked for in that moment, Slack may have done and it can't know.
                for (const s of t.sent.slice(from)) if (t.slack.web.calls.some((c) => c.method === 'chat.postMessage' && c.status === undefined && JSON.stringify(c.args).includes(s.marker))) t.doubted.add(s.marker);
                await t.client.start();
                await t.slack.connected();
            }
        },
    },
    'refreshed under load': {
        run: (t) => underLoad(t, 10, async () => {
            const old = t.slack.socket.refresh(line(t), { graceMs: 60_000 });
            t.sayAll(5);
            await t.slack.until(() => t.slack.socket.ready.some((c) => c !== old && !c.refreshed), 'the next connection');
        }),
    },
    'reset under load': {
        run: (t) => underLoad(t, spell(t), async () => {
            const old = t.slack.socket.reset();
            await t.slack.until(() => !old.open, 'its end');
            t.sayAll(5);
        }),
    },
    'two connections share the traffic': {
        async run(t) {
            const old = t.slack.socket.refresh(line(t), { graceMs: 60_000 });
            await t.slack.until(() => t.slack.socket.ready.some((c) => c !== old), 'the next connection');
            t.sayAll();
            await t.acknowledged(t.size);
            const share = (of) => t.sent.filter((s) => of(s.deed.delivery.attempts[0].c)).length;
            return `${share((c) => c === old)} and ${share((c) => c !== old)}`;
        },
    },
    'ten connections of somebody else: too_many_websockets': {
        long: true, ms: 120_000,
        async before(t) {
            t.ghosts = Array.from({ length: 10 }, () => new WebSocket(t.slack.socket.issue(t.slack.base)));
            for (const g of t.ghosts) g.on('error', () => {});
            await t.slack.until(() => t.slack.socket.ready.length === 10, 'ten ghosts');
        },
        async run(t) {
            await t.slack.until(() => t.slack.socket.connections.length >= 12, 'two attempts');
            for (const g of t.ghosts) g.terminate();
            await t.slack.until(() => t.slack.socket.ready.some((c) => c.n > 10), 'room for it');
            t.sayAll(5);
            return `${t.slack.socket.connections.length - 10} attempts`;
        },
    },
    'link_disabled, and enabled again': {
        async run(t) {
            const old = line(t);
            t.sayAll(5);
            await t.acknowledged(5);
            const asked = () => t.slack.web.of('apps.connections.open').length;
            const before = asked();
            t.slack.socket.disconnect(old, 'link_disabled');
            t.sayAll(5);
            await t.slack.until(() => !old.open, 'its end');
            // A person has to act, here by a restart; the program's own pause is 5 minutes long.
            const n = asked() - before;
            await t.client.stop();
            await t.client.start();
            await t.slack.connected();
            return `asked ${n} times meanwhile`;
        },
    },
    'a zombie: open, silent, and given its share': {
        long: true,
        async run(t) {
            t.patient = true; // or Slack gives up before 15 s of silence prove it dead
            const old = t.slack.socket.zombie();
            t.sayAll(5);
            const n = t.slack.socket.connections.length;
            await t.slack.until(() => t.slack.socket.connections.length > n && t.slack.socket.ready.some((c) => c !== old), 'a new connection', 60_000);
            t.patient = false;
            t.slack.clock.advance(3_100);
            t.sayAll(5);
        },
    },
    'a close that is never answered': {
        async run(t) {
            const old = line(t);
            t.slack.socket.ignoreClose(old);
            t.slack.socket.refresh(old, { graceMs: 3_600_000 });
            await t.slack.until(() => old.closedByClient, 'its close');
            await t.slack.until(() => t.slack.socket.ready.some((c) => c !== old), 'a new connection', 60_000);
            await t.slack.until(() => !old.open, 'the end of the old one', 60_000);
            t.sayAll(5);
        },
    },
    'disconnect before hello': {
        before: (t) => t.slack.socket.plan({ disconnect: 'too_many_websockets' }),
        run: (t) => { t.sayAll(5); },
    },
    'no hello, HTML, 408, a reset instead of a connection': {
        long: true,
        before: (t) => t.slack.socket.plan({ status: 408 }, { html: true }, { reset: true }),
        run: (t) => { t.sayAll(5); },
    },
    'apps.connections.open: internal_error, fatal_error, 503, 429, no JSON': {
        long: true,
        before(t) {
            const open = 'apps.connections.open';
            for (const how of [{ error: 'internal_error' }, { error: 'fatal_error' }, { status: 503 }, { status: 429, retryAfter: 2 }, { garbage: true }]) t.slack.web.fail(open, how);
        },
        run: (t) => { t.sayAll(5); },
    },
    'frames that are no JSON, unknown, empty': {
        async run(t) {
            const { peer } = line(t);
            for (const bad of ['{"type":"events_api"', 'null', '[]', '""', '{}', '', '{"type":5}', '{"type":"events_api","envelope_id":"e-1"}', '{"type":"events_api","envelope_id":7,"payload":[]}',
                `{"type":"events_api","envelope_id":"e-2","payload":{"type":"event_callback","event":${'['.repeat(5000)}${']'.repeat(5000)}}}`, '{"a":1,"a":2}', '{"type":"hello\\u0000"}'])
                peer.send(bad);
            const unknown = t.slack.socket.deliver('holograms', { type: 'wave' });
            t.sayAll(5);
            await t.acknowledged(5);
            await unknown.done;
            if (unknown.failed) throw new Error('an envelope of an unknown type was not acknowledged');
            t.slack.breaches = t.slack.breaches.filter((b) => !/not sent: (e-1|e-2|7)/.test(b.detail));
        },
    },
    'frames in fragments, with pings between': {
        async run(t) {
            const { peer } = line(t);
            const send = peer.send.bind(peer);
            let n = 0;
            peer.send = (text) => peer.sendFragments(text, 2 + (n++ % 9), () => peer.ping('between'));
            t.sayAll();
            await t.acknowledged(t.size);
            peer.send = send;
        },
    },
    'text that is not UTF-8': {
        async run(t) {
            t.sayAll(5);
            await t.acknowledged(5);
            line(t).peer.sendBytes(Buffer.from('{"type":"events_api","envelope_id":"u","payload":{"type":"event_callback","event":{"text":"\xff\xfe"}}}', 'latin1'));
            line(t).peer.sendBinary(Buffer.from([1, 2, 3]));
            t.sayAll(5);
        },
    },
    'a frame of 16 MB': {
        async run(t) {
            t.sayAll(5);
            await t.acknowledged(5);
            line(t).peer.sendBytes(Buffer.alloc(16 << 20, 0x78));
            t.sayAll(5);
        },
    },
    'an event of 16 MB': {
        async run(t) {
            const big = t.slack.event({ type: 'message', channel: t.people[0].im.id, channel_type: 'im', user: t.people[0].id, text: 'y'.repeat(16 << 20), ts: t.slack.ws.ts() });
            t.sayAll(5);
            await t.acknowledged(5);
            big.failed ??= 'not expected of anybody';
        },
    },
    'a storm of 429': {
        clock: true, ms: 120_000,
        async run(t) {
            t.slack.web.fail('chat.postMessage', { status: 429, retryAfter: 2 }, t.size / 2);
            t.sayAll();
            await t.finish(t.fault);
            const early = t.slack.web.of('chat.postMessage').filter((c) => c.failure?.status === 429);
            return `${early.length} calls were told to wait`;
        },
    },
    'a storm of 503': {
        clock: true, ms: 180_000,
        async run(t) {
            t.slack.web.fail('*', { status: 503 }, t.size);
            t.sayAll();
        },
    },
    'internal_error, then all is well': {
        run(t) {
            t.slack.web.fail('chat.postMessage', { error: 'internal_error' }, 5);
            t.sayAll(20);
        },
    },
    'a Web API that answers after 20 s': {
        long: true, ms: 120_000,
        async run(t) {
            t.slack.web.fail('chat.postMessage', { delayMs: 20_000 }, 5);
            t.sayAll(20);
            await t.acknowledged(20); // nobody waits for the Web API to be acknowledged
        },
    },
    'a Web API that never answers': {
        long: true, ms: 180_000,
        async run(t) {
            t.slack.web.fail('chat.postMessage', { hang: true }, 3);
            t.sayAll(20);
            await t.acknowledged(20);
        },
    },
    'posted, but the answer lost: reset': {
        quietMs: 3_000, ms: 120_000,
        async run(t) {
            t.slack.web.fail('chat.postMessage', { lose: 'reset' }, 5);
            t.sayAll(20);
        },
    },
    'posted, but the answer lost: 503': {
        quietMs: 3_000, ms: 120_000,
        async run(t) {
            t.slack.web.fail('chat.postMessage', { lose: 'status' }, 5);
            t.sayAll(20);
        },
    },
    'posted in a channel, but the answer lost': {
        quietMs: 3_000, ms: 120_000, of: ['nemawashi'],
        async run(t) {
            t.slack.scopes.add('channels:history');
            await lostInChannel(t);
        },
    },
    'the same, and the app may not look': {
        quietMs: 3_000, ms: 120_000, of: ['nemawashi'],
        async run(t) {
            const lost = await lostInChannel(t);
            for (const { marker } of lost) {
                t.doubted.add(marker);
                if (t.replies(marker) !== 2) throw new Error(`${marker} was posted ${t.replies(marker)} times instead of once more`);
            }
            if (!/add the bot scope channels:history/.test(t.client.said)) throw new Error('the log does not say what to add');
        },
    },
    'the bot\'s own posts, and their links unfolded': {
        async run(t) {
            t.sayAll(20);
            await t.finish();
            for (const { m } of t.slack.log.slice(0, 20)) t.slack.unfurl(m);
            await t.slack.settled();
        },
    },
    'the clock of Slack 7 hours behind': { slack: { skewMs: -7 * 3_600_000 }, run: (t) => { t.sayAll(20); } },
    'the clock of Slack 7 hours ahead': { slack: { skewMs: 7 * 3_600_000 }, run: (t) => { t.sayAll(20); } },
    'messages typed while the program was down': {
        async run(t) {
            t.sayAll(10);
            await t.finish();
            await t.client.stop();
            t.sayAll(20);
            await t.client.start();
            await t.slack.connected();
        },
    },
    'the bot\'s token revoked and restored': {
        async run(t) {
            t.slack.revoke('bot');
            t.sayAll(5);
            await t.acknowledged(5);
            t.slack.restore('bot');
            await t.client.stop();
            await t.client.start();
            await t.slack.connected();
        },
    },
    'the app\'s token revoked and restored': {
        async run(t) {
            t.sayAll(5);
            await t.acknowledged(5);
            t.slack.revoke('app');
            t.slack.socket.reset();
            t.sayAll(5);
            const refused = () => t.slack.web.of('apps.connections.open').filter((c) => c.answer?.error === 'token_revoked').length;
            await t.slack.until(refused, 'a refusal');
            t.slack.restore('app');
            await t.client.stop(); // it has given up and said so
            const n = refused();
            await t.client.start();
            await t.slack.connected();
            return `asked ${n} times`;
        },
    },
};
