// @xterm/headless as a peer: the same lines in and out as engine.py. Arguments: module folder, columns, lines, chunk.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";

const [folder, columns, lines, chunk] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { Terminal } = require("@xterm/headless");
const kept = [];

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = table[(value ^ byte) & 255] ^ (value >>> 8);
  return ((value ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

function make() {
  return new Terminal({ cols: +columns, rows: +lines, scrollback: 10000, allowProposedApi: true });
}

function checksum(terminal) {
  const { active } = terminal.buffer;
  const text = [];
  for (let y = 0; y < terminal.rows; y++) text.push(active.getLine(active.baseY + y).translateToString(true).trimEnd());
  return crc32(Buffer.from(text.join("\n").replace(/\n+$/, "")));
}

function feed(terminal, data) {
  // All at once, as its own buffer wants it: it cuts its work itself and calls back when the last piece is parsed.
  return new Promise((done) => {
    for (let at = 0; at < data.length; at += +chunk) {
      const last = at + +chunk >= data.length;
      terminal.write(data.subarray(at, at + +chunk), last ? done : undefined);
    }
  });
}

async function answer(command, path) {
  const data = readFileSync(path);
  globalThis.gc?.();
  if (command === "keep") {
    const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = used();
    const terminal = make();
    await feed(terminal, data);
    kept.push(terminal);
    globalThis.gc?.();
    return String(used() - before);
  }
  const terminal = make();
  const start = performance.now();
  await feed(terminal, data);
  const seconds = (performance.now() - start) / 1000;
  const result = `${seconds.toFixed(6)} 0 ${checksum(terminal)}`;
  terminal.dispose();
  return result;
}

console.log(`${require("@xterm/headless/package.json").version}`);
for await (const line of createInterface({ input: process.stdin })) {
  const at = line.indexOf(" ");
  console.log(await answer(line.slice(0, at), line.slice(at + 1)));
}
