/** Lines to be copied in whose first column is a number that is known at the last moment, under the lock. */

/** As many digits as a number can have that JavaScript can count with; leading zeros say nothing. */
const DIGITS = 16;
const ROOM = `${"0".repeat(DIGITS)}\t`;
const ZERO = 0x30;
const LINE_END = 0x0a;

export interface NumberedLines {
  readonly count: number;
  /** The lines with the numbers that follow this one; writes them where the last ones stood. */
  after(number: number): Uint8Array;
}

/** @param lines without their number, the tab behind it, and their end. */
export function numberedLines(lines: readonly string[]): NumberedLines {
  const count = lines.length;
  const bytes = count === 0 ? Buffer.alloc(0) : Buffer.from(`${ROOM}${lines.join(`\n${ROOM}`)}\n`);
  return {
    count,
    after(number) {
      for (let line = 1, at = 0; line <= count; line += 1) {
        writeDigits(bytes, number + line, at);
        at = bytes.indexOf(LINE_END, at + DIGITS) + 1;
      }
      return bytes;
    },
  };
}

function writeDigits(bytes: Uint8Array, number: number, at: number): void {
  let rest = number;
  for (let place = at + DIGITS - 1; place >= at; place -= 1) {
    bytes[place] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
