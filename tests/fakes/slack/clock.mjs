// The time of the fake Slack. It runs with the machine's, may be wrong by an offset (a
// program must live with a skewed clock), and jumps ahead when a test says so: what was
// to happen in between happens then, in order, so that no test waits for five minutes.
export class Clock {
    constructor(skewMs = 0) {
        this.offset = skewMs;
        this.timers = new Set();
    }
    now() {
        return Date.now() + this.offset;
    }
    /** Runs `what` in `ms` of this clock. The handle is for `cancel`. */
    after(ms, what) {
        const timer = { due: this.now() + ms, what };
        this.#arm(timer);
        this.timers.add(timer);
        return timer;
    }
    cancel(timer) {
        if (!timer) return;
        clearTimeout(timer.native);
        this.timers.delete(timer);
    }
    #arm(timer) {
        clearTimeout(timer.native);
        timer.native = setTimeout(() => this.#fire(timer), Math.max(0, timer.due - this.now()));
        timer.native.unref();
    }
    #fire(timer) {
        if (!this.timers.delete(timer)) return;
        clearTimeout(timer.native);
        timer.what();
    }
    /** Jumps ahead by `ms`. */
    advance(ms) {
        const until = this.now() + ms;
        for (;;) {
            let next;
            for (const t of this.timers)
                if (t.due <= until && (!next || t.due < next.due)) next = t;
            if (!next) break;
            this.offset += Math.max(0, next.due - this.now());
            this.#fire(next);
        }
        this.offset += Math.max(0, until - this.now());
        for (const t of this.timers) this.#arm(t);
    }
    stop() {
        for (const t of this.timers) clearTimeout(t.native);
        this.timers.clear();
    }
}
