// Runs named steps one after the other and ends the process with what became of them.
/** `only`: steps whose name contains it. A step may return a note that is printed beside it. */
export async function run(steps, { only = '', stopAtFailure = true } = {}) {
    let failed = 0, passed = 0;
    for (const [name, step] of Object.entries(steps)) {
        if (!name.includes(only)) continue;
        try {
            const note = await step();
            passed++;
            console.log(`ok      ${name}${note ? ` (${note})` : ''}`);
        } catch (e) {
            failed++;
            console.log(`FAILED  ${name}\n${String(e.stack ?? e).slice(0, 3000).replace(/^/gm, '        ')}`);
            if (stopAtFailure) break;
        }
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
    if (failed) process.exit(1);
}
