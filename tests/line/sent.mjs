// Every message that a transcript made for LINE, held against LINE's published limits.
//
//   node tests/line/sent.mjs FOLDER      of *.jsonl: {"at": "file:line", "sent": [message…]}
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkMessages } from '../fakes/line/rules.mjs';

const folder = process.argv[2];
let messages = 0, wrong = 0;
for (const name of readdirSync(folder).filter((f) => f.endsWith('.jsonl')))
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)) {
        const { at, sent } = JSON.parse(line);
        messages++;
        for (const d of checkMessages(sent)) {
            wrong++;
            console.log(`${at}: ${d.property}: ${d.message}`);
        }
    }
console.log(`${messages} messages, ${wrong} that LINE would refuse`);
process.exit(wrong || !messages ? 1 : 0);
