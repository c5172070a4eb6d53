// Proves the fake LINE with the official SDK: @line/bot-sdk verifies its webhooks, reads
// its events and sends through it. Then each documented limit, and each limit plus one.
//
//   node tests/fakes/line/test.mjs
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { once } from 'node:events';
import { messagingApi, middleware, validateSignature, HTTPFetchError } from '@line/bot-sdk';
import { FakeLine } from './line.mjs';
import { checkMessages, checkRichMenu } from './rules.mjs';

let now = Date.parse('2026-03-02T17:20:00+09:00');
const line = await new FakeLine({ now: () => now }).start();
const client = new messagingApi.MessagingApiClient({ channelAccessToken: line.token, baseURL: line.url });
const blobs = new messagingApi.MessagingApiBlobClient({ channelAccessToken: line.token, baseURL: line.url });
const refused = async (promise, status, words) => {
    const e = await promise.then(() => assert.fail('was accepted'), (x) => x);
    assert.ok(e instanceof HTTPFetchError, String(e));
    assert.equal(e.status, status);
    if (words) assert.match(e.body, words);
    return e;
};

/** The SDK's own middleware, as a bot has it behind Express. */
const taken = [];
const verify = middleware({ channelSecret: line.secret });
const bot = http.createServer((req, res) => verify(req, res, (e) => {
    if (e) {
        res.statusCode = 401;
        return res.end();
    }
    taken.push(...req.body.events);
    return res.end('{}');
}));
bot.listen(0, '127.0.0.1');
await once(bot, 'listening');
line.webhook = `http://127.0.0.1:${bot.address().port}/line/webhook`;

const tests = {
    async 'the vectors of the documentation are signed as LINE signs them'() {
        const secret = '8c570fa6dd201bb328f1c1eac23a96d8';
        const empty = '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}';
        assert.equal(line.sign(empty, secret), 'GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=');
        assert.ok(validateSignature(empty, secret, line.sign(empty, secret)));
    },
    async 'the SDK takes a webhook, whatever the case of the header and the size of the chunks'() {
        const aya = line.person();
        for (const how of [{}, { header: 'X-Line-Signature' }, { chunk: 1 }]) {
            const e = line.text(aya, '電話 田中様 🍎');
            assert.equal((await line.deliver([e], how)).status, 200);
            assert.deepEqual(taken.at(-1), e);
        }
    },
    async 'the SDK refuses a wrong signature and a missing one'() {
        const e = line.text(line.person(), 'x'), before = taken.length;
        assert.equal((await line.deliver([e], { signature: line.sign('other') })).status, 401);
        assert.equal((await line.deliver([e], { signature: null })).status, 401);
        assert.equal(taken.length, before);
    },
    async 'a reply token serves once, within its minute, and without a retry key'() {
        const aya = line.person(), first = line.text(aya, 'a'), late = line.text(aya, 'b');
        const messages = [{ type: 'text', text: 'T1' }];
        const sent = await client.replyMessage({ replyToken: first.replyToken, messages });
        assert.match(sent.sentMessages[0].id, /^\d+$/);
        assert.equal(line.shown.at(-1).how, 'reply');
        await refused(client.replyMessage({ replyToken: first.replyToken, messages }), 400, /Invalid reply token/);
        now += 60_001;
        await refused(client.replyMessage({ replyToken: late.replyToken, messages }), 400, /Invalid reply token/);
        const again = await fetch(`${line.url}/v2/bot/message/reply`, { method: 'POST', body: '{}', headers: {
            authorization: `Bearer ${line.token}`, 'content-type': 'application/json', 'x-line-retry-key': randomUUID() } });
        assert.equal(again.status, 400);
        assert.equal(line.api.used, 0, 'replies are free');
    },
    async 'a redelivered event has the same id and a token that lives again'() {
        const e = line.text(line.person(), 'a');
        now += 61_000;
        const [again] = line.again([e]);
        assert.deepEqual({ ...again, deliveryContext: { isRedelivery: false } }, e);
        await client.replyMessage({ replyToken: again.replyToken, messages: [{ type: 'text', text: 'T1' }] });
        const old = line.text(line.person(), 'b');
        now += 20 * 60_000 + 1;
        line.again([old]);
        await refused(client.replyMessage({ replyToken: old.replyToken, messages: [{ type: 'text', text: 'T1' }] }), 400);
    },
    async 'a retry key is accepted once a day, and 409 names the first'() {
        const aya = line.person(), key = randomUUID(), push = { to: aya, messages: [{ type: 'text', text: 'reminder' }] };
        const before = line.shown.length, first = await client.pushMessage(push, key);
        const e = await refused(client.pushMessage(push, key), 409, /already accepted/);
        assert.deepEqual(JSON.parse(e.body).sentMessages, first.sentMessages);
        assert.ok(e.headers.get('x-line-accepted-request-id'));
        assert.equal(line.shown.length, before + 1);
        now += 24 * 3600_000;
        await client.pushMessage(push, key);
        assert.equal(line.shown.length, before + 2);
        await refused(client.pushMessage(push, 'no-uuid'), 400);
    },
    async 'pushes count by people, replies do not, and the month ends with 429'() {
        const people = [line.person(), line.person(), line.person()], group = line.group(...people);
        const messages = [1, 2, 3, 4, 5].map((n) => ({ type: 'text', text: String(n) }));
        line.api.used = 0;
        line.api.quota = 5;
        await client.pushMessage({ to: people[0], messages });
        await client.pushMessage({ to: group, messages });
        assert.equal((await client.getMessageQuotaConsumption()).totalUsage, 4);
        assert.deepEqual({ ...(await client.getMessageQuota()) }, { type: 'limited', value: 5 });
        await refused(client.pushMessage({ to: group, messages }), 429, /monthly limit/);
        const e = line.text(people[0], 'still answered');
        await client.replyMessage({ replyToken: e.replyToken, messages });
        line.api.quota = null;
    },
    async 'the other 429, a failure and a silent server'() {
        const aya = line.person(), messages = [{ type: 'text', text: 'x' }];
        line.api.fault('/push', { status: 429, message: 'The API rate limit has been exceeded. Try again later.' });
        await refused(client.pushMessage({ to: aya, messages }), 429, /rate limit/);
        line.api.fault('/push', { status: 500, afterwards: true });
        const before = line.shown.length, key = randomUUID();
        await refused(client.pushMessage({ to: aya, messages }, key), 500);
        await refused(client.pushMessage({ to: aya, messages }, key), 409);
        assert.equal(line.shown.length, before + 1);
        line.api.fault('/push', { drop: true });
        await assert.rejects(client.pushMessage({ to: aya, messages }));
    },
    async 'somebody who blocked the account gets nothing, and nothing is said about it'() {
        const aya = line.person();
        line.unfollow(aya);
        const before = line.shown.length, used = line.api.used;
        await client.pushMessage({ to: aya, messages: [{ type: 'text', text: 'x' }] });
        assert.equal(line.shown.length, before);
        assert.equal(line.api.used, used);
        await refused(client.getProfile(aya), 404);
        await refused(client.pushMessage({ to: `U${'0'.repeat(32)}`, messages: [{ type: 'text', text: 'x' }] }), 400, /Failed to send/);
    },
    async 'a wrong token is refused, a stateless one lives for 15 minutes'() {
        const wrong = new messagingApi.MessagingApiClient({ channelAccessToken: 'wrong', baseURL: line.url });
        await refused(wrong.getBotInfo(), 401);
        const form = { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: line.channelId, client_secret: line.secret }) };
        const { access_token: token } = await (await fetch(`${line.url}/oauth2/v3/token`, form)).json();
        const mine = new messagingApi.MessagingApiClient({ channelAccessToken: token, baseURL: line.url });
        assert.equal((await mine.getBotInfo()).userId, line.botId);
        now += 15 * 60_000 + 1;
        await refused(mine.getBotInfo(), 401);
    },
    async 'a rich menu: create, picture, link, alias'() {
        const aya = line.person();
        const menu = { size: { width: 2500, height: 1686 }, selected: false, name: 'ja', chatBarText: 'メニュー',
            areas: [{ bounds: { x: 0, y: 0, width: 833, height: 843 }, action: { type: 'message', text: '今日' } }] };
        const { richMenuId } = await client.createRichMenu(menu);
        await refused(client.linkRichMenuIdToUser(aya, richMenuId), 400, /must upload/);
        await blobs.setRichMenuImage(richMenuId, new Blob(['png'], { type: 'image/png' }));
        await refused(blobs.setRichMenuImage(richMenuId, new Blob(['png'], { type: 'image/png' })), 400, /already/);
        await client.linkRichMenuIdToUser(aya, richMenuId);
        assert.equal((await client.getRichMenuIdOfUser(aya)).richMenuId, richMenuId);
        await client.createRichMenuAlias({ richMenuAliasId: 'ja', richMenuId });
        await refused(client.createRichMenuAlias({ richMenuAliasId: 'ja', richMenuId }), 400, /conflict/);
        assert.deepEqual(checkRichMenu({ ...menu, chatBarText: 'x'.repeat(15) }).map((d) => d.property), ['chatBarText']);
    },
    async 'what is shown while a person waits'() {
        const aya = line.person();
        await client.showLoadingAnimation({ chatId: aya, loadingSeconds: 5 });
        await refused(client.showLoadingAnimation({ chatId: aya, loadingSeconds: 61 }), 400, /Must be between 5 and 60.*multiple of five/);
        await refused(client.showLoadingAnimation({ chatId: line.group(aya), loadingSeconds: 5 }), 400);
    },
    async 'each limit is accepted, and one more is refused'() {
        const x = (n) => 'x'.repeat(n), apple = (n) => '🍎'.repeat(n);
        const text = (t) => ({ type: 'text', text: t });
        const quick = (action, n = 1) => [{ ...text('?'), quickReply: { items: Array(n).fill({ type: 'action', action }) } }];
        const postback = (more) => ({ type: 'postback', label: 'a', data: 'b', ...more });
        const flexText = (t) => ({ type: 'flex', altText: 'a', contents: { type: 'bubble', body: { type: 'box', layout: 'vertical', contents: [t] } } });
        const button = (label) => flexText({ type: 'button', action: { type: 'message', label, text: 'a' } });
        const bubbles = (n) => ({ type: 'flex', altText: 'a', contents: { type: 'carousel', contents: Array(n).fill({ type: 'bubble' }) } });
        const buttons = (t, n) => ({ type: 'template', altText: 'a', template: { type: 'buttons', text: t, actions: Array(n).fill({ type: 'message', label: 'a', text: 'b' }) } });
        const limits = [
            ['messages', Array(5).fill(text('a')), Array(6).fill(text('a'))],
            ['text', [text(x(5000))], [text(x(5001))]],
            ['text in UTF-16', [text(apple(2500))], [text(apple(2501))]],
            ['quick replies', quick(postback(), 13), quick(postback(), 14)],
            ['quick reply label', quick(postback({ label: apple(20) })), quick(postback({ label: x(21) }))],
            ['postback data', quick(postback({ data: x(300) })), quick(postback({ data: x(301) }))],
            ['display text', quick(postback({ displayText: x(300) })), quick(postback({ displayText: x(301) }))],
            ['fill-in text', quick(postback({ inputOption: 'openKeyboard', fillInText: x(300) })), quick(postback({ inputOption: 'openKeyboard', fillInText: x(301) }))],
            ['uri', quick({ type: 'uri', label: 'a', uri: `https://a/${x(990)}` }), quick({ type: 'uri', label: 'a', uri: `https://a/${x(991)}` })],
            ['alt text', [{ ...flexText({ type: 'text', text: 'a' }), altText: x(1500) }], [{ ...flexText({ type: 'text', text: 'a' }), altText: x(1501) }]],
            ['flex label', [button(x(40))], [button(x(41))]],
            ['bubbles', [bubbles(12)], [bubbles(13)]],
            ['buttons text', [buttons(x(160), 1)], [buttons(x(161), 1)]],
            ['buttons', [buttons('a', 4)], [buttons('a', 5)]],
        ];
        for (const [name, fits, over] of limits) {
            assert.deepEqual(checkMessages(fits), [], name);
            const to = line.person();
            await client.pushMessage({ to, messages: fits });
            await refused(client.pushMessage({ to, messages: over }), 400, /error\(s\)/);
        }
        const big = (n) => flexText({ type: 'box', layout: 'vertical', contents: Array(n).fill({ type: 'text', text: x(1000) }) });
        assert.deepEqual(checkMessages([big(29)]), []);
        assert.notDeepEqual(checkMessages([big(30)]), [], '30 KB');
        assert.notDeepEqual(checkMessages([flexText({ type: 'text', text: '' })]), [], 'an empty text');
        assert.notDeepEqual(checkMessages([flexText({ type: 'heading', text: 'a' })]), [], 'an unknown part');
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
bot.closeAllConnections();
bot.close();
await line.stop();
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
