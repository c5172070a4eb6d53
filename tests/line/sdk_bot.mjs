// A bot on the official SDK as its documentation shows it, on Express: the other column of
// the fault table (faults.mjs) and of the benchmark (tests/bench). An event is stored durably
// before the webhook is answered, once for each id, as Nemawashi does: a row of SQLite with
// synchronous=FULL where Node brings SQLite along, else a line and an fdatasync of its own.
//
//   LINE_… node tests/line/sdk_bot.mjs FILE [quiet]      prints "…, on port: N"; quiet: no replies
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { HTTPFetchError, JSONParseError, SignatureValidationFailed, messagingApi, middleware } from '@line/bot-sdk';
import express from 'express';

const [file, quiet] = process.argv.slice(2);
const { LINE_CHANNEL_SECRET: channelSecret, LINE_CHANNEL_ACCESS_TOKEN: channelAccessToken, LINE_API_URL: baseURL } = process.env;

/** Keeps an event; false: it was there already. */
async function store() {
    try {
        const { DatabaseSync } = await import('node:sqlite');
        const db = new DatabaseSync(`${file}.db`);
        db.exec('pragma journal_mode=wal; pragma synchronous=full; create table if not exists event (id text primary key, body text)');
        const insert = db.prepare('insert or ignore into event values (?, ?)');
        return { how: 'SQLite', keep: (e) => insert.run(e.webhookEventId, JSON.stringify(e)).changes > 0 };
    } catch (e) {
        if (e.code !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw e;
    }
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((l) => l.endsWith('}')) : [];
    const seen = new Set(lines.map((l) => JSON.parse(l).webhookEventId)), fd = openSync(file, 'a');
    process.on('exit', () => closeSync(fd));
    return { how: 'a line and fdatasync', keep(e) {
        if (seen.has(e.webhookEventId)) return false;
        writeSync(fd, `${JSON.stringify(e)}\n`);
        fdatasyncSync(fd);
        seen.add(e.webhookEventId);
        return true;
    } };
}

const { how, keep } = await store();
const client = new messagingApi.MessagingApiClient({ channelAccessToken, baseURL });
const app = express();
app.post('/line/webhook', middleware({ channelSecret }), (req, res) => {
    const fresh = req.body.events.filter(keep);
    res.json({});
    if (quiet) return;
    for (const event of fresh) {
        if (event.type !== 'message' || event.message.type !== 'text') continue;
        client.replyMessage({ replyToken: event.replyToken, messages: [{ type: 'text', text: `You said: ${event.message.text}` }] })
            .catch((e) => console.error(e instanceof HTTPFetchError ? `reply: ${e.status}` : e.message));
    }
});
app.use((e, req, res, next) => {
    if (e instanceof SignatureValidationFailed) return void res.status(401).send('wrong signature');
    if (e instanceof JSONParseError) return void res.status(400).send('no JSON');
    return next(e);
});
const server = app.listen(0, '127.0.0.1', () => console.log(`${how}, on port: ${server.address().port}`));
server.keepAliveTimeout = 60_000;
