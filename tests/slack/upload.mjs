// A fixed picture goes up to a Slack in three steps, byte for byte, into the thread where
// it belongs, and its words arrive behind it; where uploads fail, the words alone.
//
//   node tests/slack/upload.mjs --sender .build/dev/tests/slack_upload
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { options } from '../server.mjs';
import { run } from './steps.mjs';

const o = options({ sender: '.build/dev/tests/slack_upload' });
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const slack = await new FakeSlack().start();
const kenji = slack.person({ name: 'kenji' });
const sales = slack.channel({ name: 'sales', members: [kenji] });
const send = async (conversation) => (await promisify(execFile)(o.sender, [conversation, PICTURE], { env: { ...process.env, ...slack.env } })).stdout.trim();
const files = () => [...slack.ws.files.values()];

await run({
    async 'into a thread of a channel'() {
        const { message } = kenji.mention(sales, 'kpi');
        assert.match(await send(`slack:${sales.id}/${message.ts}`), /^done /);
        const [f] = files();
        assert.equal(f.name, 'touch.png');
        assert.equal(f.uploaded.toString('base64'), PICTURE);
        const [shared, words] = kenji.sees(sales).filter((m) => m.bot_id || m.files);
        assert.deepEqual([shared.files[0].name, shared.thread_ts], ['touch.png', message.ts]);
        assert.match(words.text, /rising/);
        assert.equal(words.thread_ts, message.ts);
    },
    async 'into a direct message'() {
        assert.match(await send(`slack:${kenji.im.id}`), /^done /);
        assert.deepEqual(kenji.sees().map((m) => m.files?.[0].name ?? m.text), ['touch.png', 'Touch points: rising']);
        assert.equal(files().length, 2);
    },
    async 'where the app may not upload, the words arrive'() {
        slack.scopes.delete('files:write');
        assert.match(await send(`slack:${kenji.im.id}`), /^done /);
        assert.equal(files().length, 2);
        assert.equal(kenji.sees().length, 3);
    },
    async 'and no rule was broken'() {
        assert.deepEqual(slack.breaches, []);
    },
});
await slack.stop();
