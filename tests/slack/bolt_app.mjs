// The official SDK as a client of the fake: an app as its documentation shows it. Used as
// the proof that the fake is a Slack (bolt.mjs), as the other column of the fault table
// (faults.mjs) and of the benchmark (bench.mjs). What comes is stored durably before it is
// answered. Commands, taps and forms are acknowledged after that; events the SDK has
// acknowledged by itself before the app hears of them, so that they can be lost. The store
// is a file that is appended to and synced, the cheapest durable insert that every Node
// has; or, named *.db, SQLite with synchronous=FULL where the Node has node:sqlite.
import bolt from '@slack/bolt';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

const { App, LogLevel } = bolt;
const quiet = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => LogLevel.ERROR, setName() {} };

/** `file`: where messages are kept; `say` false: no replies. `clientOptions` reach the SDK. */
export function boltApp({ apiUrl, appToken, botToken, file, say = true, logger = quiet, clientOptions = {} }) {
    const { keep, close } = keeper(file);
    const app = new App({ token: botToken, appToken, socketMode: true, logger, ...(clientOptions.app ?? {}), clientOptions: { slackApiUrl: apiUrl, ...clientOptions.web } });
    app.message(async ({ message, body, say: speak }) => {
        if (message.subtype) return;
        keep({ event_id: body.event_id, channel: message.channel, ts: message.ts, text: message.text });
        if (say) await speak({ text: `You said: ${message.text}` });
    });
    app.event('app_mention', async ({ event, body, client }) => {
        keep({ event_id: body.event_id, channel: event.channel, ts: event.ts, text: event.text });
        await client.chat.postMessage({ channel: event.channel, thread_ts: event.thread_ts ?? event.ts, text: `Hello <@${event.user}>`, blocks: [
            { type: 'section', text: { type: 'mrkdwn', text: `Hello <@${event.user}>` } },
            { type: 'actions', elements: [{ type: 'button', action_id: 'form', text: { type: 'plain_text', text: 'Open the form' }, value: 'note' },
                { type: 'overflow', action_id: 'more', options: [{ text: { type: 'plain_text', text: 'Later' }, value: 'later' }] }] },
        ] });
    });
    app.command('/nema', async ({ command, ack, respond }) => {
        keep({ trigger_id: command.trigger_id, text: command.text });
        if (command.text === 'in the ack') { await ack({ response_type: 'in_channel', text: 'Answered in the acknowledgement' }); return; }
        await ack();
        if (say) await respond({ text: `You typed: ${command.text}` });
    });
    app.action('form', async ({ ack, body, client }) => {
        keep({ trigger_id: body.trigger_id });
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: form });
    });
    app.action('more', async ({ ack, respond, action }) => {
        await ack();
        await respond({ text: `You chose ${action.selected_option.value}`, replace_original: false });
    });
    app.view('note', async ({ ack, body, view, client }) => {
        const account = view.state.values.account.name.value;
        if (account === 'nobody') { await ack({ response_action: 'errors', errors: { account: 'Nobody is no customer.' } }); return; }
        keep({ trigger_id: body.trigger_id, account });
        await ack();
        await client.chat.postMessage({ channel: body.user.id, text: `Noted for ${account}` });
    });
    app.shortcut('log_meeting', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: form });
    });
    app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Today' } }] } });
    });
    app.error(async () => {});
    return { app, close };
}

function keeper(file) {
    if (!file) return { keep() {}, close() {} };
    if (file.endsWith('.db')) {
        const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
        const db = new DatabaseSync(file);
        db.exec('pragma journal_mode=wal; pragma synchronous=full; create table if not exists inbox (id integer primary key, body text not null)');
        const insert = db.prepare('insert into inbox (body) values (?)');
        return { keep: (what) => insert.run(JSON.stringify(what)), close: () => db.close() };
    }
    const out = openSync(file, 'a');
    return {
        keep(what) {
            writeSync(out, `${JSON.stringify(what)}\n`);
            fdatasyncSync(out);
        },
        close: () => closeSync(out),
    };
}

const form = {
    type: 'modal', callback_id: 'note', title: { type: 'plain_text', text: 'A note' }, submit: { type: 'plain_text', text: 'Save' },
    blocks: [{ type: 'input', block_id: 'account', label: { type: 'plain_text', text: 'Customer' }, element: { type: 'plain_text_input', action_id: 'name' } }],
};

// As a process of its own: node bolt_app.mjs FILE, with the environment of the fake.
if (process.argv[1]?.endsWith('bolt_app.mjs')) {
    const { app } = boltApp({ apiUrl: process.env.SLACK_API_URL, appToken: process.env.SLACK_APP_TOKEN, botToken: process.env.SLACK_BOT_TOKEN, file: process.argv[2],
        say: process.env.BOLT_SAY !== '0' });
    await app.start();
    console.log('started');
}
