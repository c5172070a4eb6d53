// The fake Slack as a program of its own, steered over HTTP: for hands and for tests that
// are not written in JavaScript.
//
//   node tests/fakes/slack/control.mjs [--port 0] [--control 0]
//
// prints the environment for the program under test and the address of the control port.
//   POST /person    {"name":"kenji","locale":"ja-JP"}           a new person
//   POST /channel   {"name":"sales","members":["kenji"]}
//   POST /do        {"who":"kenji","verb":"dm","text":"help"}   says or does something and
//                   answers with what the bot shows; verbs: dm mention slash press choose
//                   submit shortcut home; "wait": how many answers (default 1)
//   GET  /sees?who=kenji[&channel=sales]                        what a person sees, as text
//   GET  /calls  /breaches  /state
//   POST /fail      {"method":"chat.postMessage","status":429,"retryAfter":1,"times":3}
//   POST /fault     {"kind":"refresh|reset|zombie|ignoreClose"}  on the current connection
//   POST /advance   {"ms":60000}
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { plainText } from './people.mjs';
import { FakeSlack } from './slack.mjs';

export async function control(slack, port = 0) {
    const channelOf = (name) => [...slack.ws.channels.values()].find((c) => c.name === name || c.id === name);
    const personOf = (name) => slack.people.get(name) ?? (() => { throw new Error(`there is no person ${name}`); })();
    const routes = {
        'POST /person': (b) => ({ id: slack.person(b).id }),
        'POST /channel': (b) => ({ id: slack.channel({ ...b, members: (b.members ?? []).map(personOf) }).id }),
        'POST /do': async (b) => {
            const p = personOf(b.who);
            const channel = b.channel ? channelOf(b.channel) : undefined;
            const verbs = {
                dm: () => p.dm(b.text), slash: () => p.slash(b.text, { channel }), mention: () => p.mention(channel, b.text),
                press: () => p.press(b.label, { channel }), choose: () => p.choose(b.label, { channel }), shortcut: () => p.shortcut(b.callback_id),
                home: () => p.openHome(),
            };
            if (b.verb === 'submit') { const { errors, failed } = await p.submit(b.values); return { errors, failed }; }
            const deed = verbs[b.verb]();
            const ack = await deed.acked();
            const n = b.wait ?? (b.verb === 'home' || b.verb === 'shortcut' ? 0 : 1);
            const replies = n ? await deed.replies(n, undefined, { anywhere: true }) : [];
            return { ack, replies: replies.map(plainText), modal: p.modal && plainText(p.modal) };
        },
        'GET /sees': (b, q) => personOf(q.get('who')).sees(q.has('channel') ? channelOf(q.get('channel')) : undefined).map(plainText),
        'GET /calls': () => slack.web.calls.map(({ token, ...c }) => c),
        'GET /breaches': () => slack.breaches,
        'GET /state': () => ({ state: slack.state() }),
        'POST /fail': ({ method, times, ...what }) => { slack.web.fail(method, what, times); return {}; },
        'POST /fault': ({ kind }) => {
            if (!['refresh', 'reset', 'zombie', 'ignoreClose'].includes(kind)) throw new Error(`there is no fault ${kind}`);
            slack.socket[kind]();
            return {};
        },
        'POST /advance': ({ ms }) => { slack.clock.advance(ms); return {}; },
    };
    const server = createServer(async (req, res) => {
        const url = new URL(req.url, 'http://control');
        const chunks = [];
        for await (const c of req) chunks.push(c);
        const answer = (status, body) => res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(`${JSON.stringify(body)}\n`);
        const route = routes[`${req.method} ${url.pathname}`];
        if (!route) return answer(404, { error: 'no such route', routes: Object.keys(routes) });
        try {
            return answer(200, await route(chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {}, url.searchParams));
        } catch (e) {
            return answer(400, { error: e.message });
        }
    });
    await new Promise((done) => server.listen(port, '127.0.0.1', done));
    return { server, url: `http://127.0.0.1:${server.address().port}` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    const option = (name) => { const i = process.argv.indexOf(`--${name}`); return i < 0 ? 0 : Number(process.argv[i + 1]); };
    const slack = await new FakeSlack().start(option('port'));
    const { url } = await control(slack, option('control'));
    for (const [k, v] of Object.entries(slack.env)) console.log(`${k}=${v}`);
    console.log(`control: ${url}`);
}
