// The official SDK, @slack/bolt in Socket Mode, takes the fake for a Slack: it connects and
// answers a slash command, a mention, a button, a menu, a form, a shortcut and the home tab.
//
//   node tests/slack/bolt.mjs
import assert from 'node:assert/strict';
import { plainText } from '../fakes/slack/people.mjs';
import { FakeSlack } from '../fakes/slack/slack.mjs';
import { boltApp } from './bolt_app.mjs';
import { run } from './steps.mjs';

const slack = await new FakeSlack().start();
const kenji = slack.person({ name: 'kenji', real_name: 'Kenji Sato' });
const sales = slack.channel({ name: 'sales', members: [kenji] });
const { app } = boltApp({ apiUrl: slack.env.SLACK_API_URL, appToken: slack.appToken, botToken: slack.botToken });
const called = (method) => slack.web.of(method).at(-1);

await run({
    async 'connects and hears hello'() {
        await Promise.all([app.start(), slack.connected()]);
        assert.equal(called('apps.connections.open').answer.ok, true);
        assert.equal(called('auth.test').answer.user_id, slack.ws.botUser);
    },
    async 'answers a direct message'() {
        const deed = kenji.dm('zoom Tanaka & Denko <45m>: see https://acme.example/a?b=1&c=2');
        await deed.acked();
        const m = await deed.reply();
        assert.equal(m.text, 'You said: zoom Tanaka &amp; Denko &lt;45m&gt;: see <https://acme.example/a?b=1&amp;c=2>');
        assert.equal(m.channel, kenji.im.id);
        await slack.settled(); // the bot's own message came back to it and was not answered
        assert.equal(kenji.sees().length, 2);
    },
    async 'answers a slash command through its response_url'() {
        const deed = kenji.slash('note for @kenji');
        assert.deepEqual(await deed.acked(), {});
        assert.equal((await deed.reply()).text, `You typed: note for <@${kenji.id}|kenji>`);
        assert.equal(called('response_url').answer, 'ok');
        assert.equal(deed.response.uses, 1);
    },
    async 'answers a slash command in the acknowledgement'() {
        const deed = kenji.slash('in the ack', { channel: sales });
        const m = await deed.reply();
        assert.equal(m.text, 'Answered in the acknowledgement');
        assert.equal(m.only, undefined, 'in the channel, for all to see');
    },
    async 'answers a mention in its thread'() {
        const deed = kenji.mention(sales, 'hello');
        const m = await deed.reply();
        assert.equal(m.thread_ts, deed.message.ts);
        assert.equal(plainText(m), `Hello <@${kenji.id}>\n[Open the form] (Later)`);
    },
    async 'a menu answers for one person alone'() {
        const m = await kenji.choose('Later').reply();
        assert.equal(m.text, 'You chose later');
        assert.equal(m.only, kenji.id);
    },
    async 'a button opens a form, which refuses and then takes what is filled in'() {
        const deed = kenji.press('Open the form');
        await deed.acked();
        await slack.until(() => kenji.modal, 'the form');
        assert.equal(plainText(kenji.modal), 'A note\nCustomer: {plain_text_input}\n[Save]');
        assert.deepEqual((await kenji.submit({ Customer: 'nobody' })).errors, { account: 'Nobody is no customer.' });
        assert.ok(kenji.modal, 'the form stays');
        const from = slack.log.length;
        assert.equal((await kenji.submit({ Customer: 'Acme' })).view, null);
        await slack.until(() => slack.log.length > from, 'the note');
        assert.equal(kenji.sees().at(-1).text, 'Noted for Acme');
    },
    async 'a shortcut opens a form'() {
        kenji.shortcut('log_meeting');
        await slack.until(() => kenji.modal, 'the form');
    },
    async 'fills the home tab'() {
        kenji.openHome();
        await slack.until(() => kenji.home, 'the home tab');
        assert.equal(plainText(kenji.home), 'Today');
    },
    async 'asks for a new connection when Slack refreshes it'() {
        const first = slack.socket.ready[0];
        slack.socket.refresh(first);
        await slack.until(() => first.closedByClient, 'its close');
        await slack.until(() => slack.socket.ready.length && slack.socket.ready[0] !== first, 'the next connection');
        assert.equal((await kenji.dm('still there?').reply()).text, 'You said: still there?');
    },
    async 'broke no rule of Slack'() {
        await slack.settled(); // the echo of the last answer too
        await app.stop();
        // What Slack lets pass, although its reference names neither; the SDK sends both.
        const lenient = /^auth\.test: a token outside the header$|there is no argument team_id$/;
        assert.deepEqual(slack.breaches.filter((b) => !lenient.test(b.detail)), []);
        assert.ok(slack.socket.deliveries.every((d) => d.acked && d.attempts.length === 1), 'everything was acknowledged at once');
    },
});
await slack.stop();
