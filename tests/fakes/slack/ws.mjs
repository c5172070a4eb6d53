// One WebSocket of the server's side (RFC 6455), frame by frame: it can do what a library
// would not let a test do (fragments, invalid UTF-8, huge frames, resets, deafness), and
// it holds the client to what Slack demands: masked, unfragmented text frames of less than
// 20,480 bytes.
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { isUtf8 } from 'node:buffer';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const CONT = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
export const MAX_FRAME = 20_480; // this many bytes are too many

/** Answers the upgrade. Returns null where the request is no WebSocket handshake. */
export function accept(req, socket) {
    const key = req.headers['sec-websocket-key'];
    if (!/^websocket$/i.test(req.headers.upgrade ?? '') || req.headers['sec-websocket-version'] !== '13' ||
        Buffer.from(key ?? '', 'base64').length !== 16) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return null;
    }
    const proof = createHash('sha1').update(key + GUID).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`);
    return new Peer(socket);
}

/** Events: `text` (string), `pong` (Buffer), `problem` (what the client did wrong),
 *  `close` (code) at the client's close frame, `gone` once when the socket has ended. */
export class Peer extends EventEmitter {
    constructor(socket) {
        super();
        this.socket = socket;
        this.open = true;
        this.deaf = false; // reads and answers nothing: a zombie, or half open
        this.answersClose = true;
        this.oversize = 'close'; // or 'ignore': a frame that is too long is dropped silently
        this.buffered = [];
        this.size = 0;
        this.frames = 0;
        socket.setNoDelay(true);
        socket.on('data', (d) => this.#take(d));
        socket.on('error', () => {});
        socket.on('close', () => this.#gone());
        socket.on('end', () => { if (!this.deaf) socket.end(); });
    }
    #gone() {
        if (!this.open) return;
        this.open = false;
        this.emit('gone');
    }

    // ---- what the server sends ----
    frame(opcode, data, fin = true) {
        const head = frameHead(opcode, data.length, fin);
        if (this.socket.destroyed) return;
        if (data.length < 65_536) this.socket.write(Buffer.concat([head, data]));
        else { this.socket.write(head); this.socket.write(data); }
    }
    send(text) {
        this.frame(TEXT, Buffer.from(text));
    }
    /** The text cut into `parts` frames at any byte, also inside a character; `between` is
     *  called after each, so that a ping can come in the middle. */
    sendFragments(text, parts, between = () => {}) {
        const data = Buffer.from(text);
        for (let i = 0; i < parts; i++) {
            const from = Math.floor((data.length * i) / parts), to = Math.floor((data.length * (i + 1)) / parts);
            this.frame(i === 0 ? TEXT : CONT, data.subarray(from, to), i === parts - 1);
            if (i < parts - 1) between(i);
        }
    }
    sendBytes(bytes) {
        this.frame(TEXT, bytes);
    }
    sendBinary(bytes) {
        this.frame(BINARY, bytes);
    }
    /** Bytes as they are, without a frame. */
    sendRaw(bytes) {
        if (!this.socket.destroyed) this.socket.write(bytes);
    }
    ping(payload) {
        this.frame(PING, Buffer.from(payload));
    }
    close(code = 1000, reason = '') {
        const data = Buffer.alloc(2 + Buffer.byteLength(reason));
        data.writeUInt16BE(code, 0);
        data.write(reason, 2);
        this.frame(CLOSE, data);
        this.closing = true;
    }
    /** An abrupt end: the client sees ECONNRESET. */
    reset() {
        if (this.socket.resetAndDestroy) this.socket.resetAndDestroy();
        else this.socket.destroy();
    }
    /** From here on nothing is read, answered or closed, and the connection stays. */
    deafen() {
        this.deaf = true;
        this.socket.pause();
    }

    // ---- what the client sends ----
    #take(data) {
        if (this.deaf) return;
        this.buffered.push(data);
        this.size += data.length;
        let all = this.buffered.length === 1 ? this.buffered[0] : Buffer.concat(this.buffered);
        for (;;) {
            const f = parseFrame(all);
            if (!f) break;
            all = all.subarray(f.end);
            this.#frame(f);
            if (!this.open) return;
        }
        this.buffered = all.length ? [all] : [];
        this.size = all.length;
        if (this.size > 4 * MAX_FRAME) this.#wrong(1009, `a frame of more than ${this.size} bytes`);
    }
    #wrong(code, what) {
        this.emit('problem', what);
        this.close(code, what.slice(0, 100));
        this.socket.end();
    }
    #frame({ fin, rsv, opcode, masked, payload }) {
        this.frames++;
        if (!masked) return this.#wrong(1002, 'a frame without a mask');
        if (rsv) return this.#wrong(1002, 'a frame with reserved bits');
        if (opcode === PING) return this.frame(PONG, payload);
        if (opcode === PONG) return this.emit('pong', payload);
        if (opcode === CLOSE) {
            const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
            this.emit('close', code);
            if (!this.answersClose) return undefined;
            if (!this.closing) this.close(code === 1005 ? 1000 : code);
            this.socket.end();
            return undefined;
        }
        if (opcode === CONT || !fin) return this.#wrong(1002, 'a fragmented message');
        if (opcode !== TEXT) return this.#wrong(1003, 'a binary frame');
        if (payload.length >= MAX_FRAME) {
            if (this.oversize === 'ignore') { this.emit('problem', `a frame of ${payload.length} bytes`); return undefined; }
            this.emit('problem', `a frame of ${payload.length} bytes`);
            this.close(1009, `Max frame length of ${MAX_FRAME} has been exceeded`);
            this.socket.end();
            return undefined;
        }
        if (!isUtf8(payload)) return this.#wrong(1007, 'text that is not UTF-8');
        return this.emit('text', payload.toString());
    }
}

function frameHead(opcode, n, fin) {
    const head = n < 126 ? Buffer.alloc(2) : n < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
    head[0] = (fin ? 0x80 : 0) | opcode;
    if (n < 126) head[1] = n;
    else if (n < 65_536) { head[1] = 126; head.writeUInt16BE(n, 2); }
    else { head[1] = 127; head.writeBigUInt64BE(BigInt(n), 2); }
    return head;
}

/** A text as the bytes that `sendRaw` sends. */
export function textFrame(text) {
    const data = Buffer.from(text);
    return Buffer.concat([frameHead(TEXT, data.length, true), data]);
}

function parseFrame(b) {
    if (b.length < 2) return null;
    const masked = (b[1] & 0x80) !== 0;
    let n = b[1] & 0x7f, at = 2;
    if (n === 126) {
        if (b.length < 4) return null;
        n = b.readUInt16BE(2);
        at = 4;
    } else if (n === 127) {
        if (b.length < 10) return null;
        n = Number(b.readBigUInt64BE(2));
        at = 10;
    }
    const mask = masked ? b.subarray(at, at + 4) : null;
    if (masked) at += 4;
    if (b.length < at + n) return null;
    const payload = Buffer.from(b.subarray(at, at + n));
    if (mask) for (let i = 0; i < n; i++) payload[i] ^= mask[i & 3];
    return { fin: (b[0] & 0x80) !== 0, rsv: b[0] & 0x70, opcode: b[0] & 0x0f, masked, payload, end: at + n };
}
