/** Adds up what goes out in answer to one call, and writes it to the log when the call ends. */

import type { CallEnd, CallLog, Carried, ServedCall, WireName } from "../serve/served-call.ts";
import type { Piece, WrittenAnswer } from "./wire-format.ts";

export interface CallRecord {
  asked(model: string, stream: boolean): void;
  faulted(fault: string): void;
  answered(answer: WrittenAnswer): void;
  sent(piece: Piece, bytes: number): void;
  close(end: CallEnd, status: number): void;
}

export interface RecordStart {
  readonly wire: WireName;
  readonly requestId: string;
  readonly now: () => number;
  readonly log: CallLog;
}

type Sent = Pick<
  ServedCall,
  | "text"
  | "refusal"
  | "toolCalls"
  | "finishReason"
  | "finishWord"
  | "usage"
  | "bytesSent"
  | "timeToFirstTokenMs"
>;

const NOTHING_SENT: Sent = {
  text: "",
  refusal: undefined,
  toolCalls: [],
  finishReason: undefined,
  finishWord: undefined,
  usage: undefined,
  bytesSent: 0,
  timeToFirstTokenMs: undefined,
};

function isToken({ text, refusal, reasoning, toolCalls, toolStart }: Carried): boolean {
  const told = [text, refusal, reasoning].some((each) => each !== undefined && each !== "");
  return told || toolStart === true || (toolCalls ?? []).length > 0;
}

function addUp(sent: Sent, carried: Carried): Sent {
  const { refusal, toolCalls = [], finishReason, finishWord, usage } = carried;
  return {
    ...sent,
    refusal: refusal === undefined ? sent.refusal : (sent.refusal ?? "") + refusal,
    toolCalls: toolCalls.length === 0 ? sent.toolCalls : [...sent.toolCalls, ...toolCalls],
    finishReason: finishReason ?? sent.finishReason,
    finishWord: finishWord ?? sent.finishWord,
    usage: usage === undefined ? sent.usage : { ...sent.usage, ...usage },
  };
}

/** Starts the record of a call that came in now. */
export function startRecord({ wire, requestId, now, log }: RecordStart): CallRecord {
  const at = now();
  const texts: string[] = [];
  let sent = NOTHING_SENT;
  let head: Pick<ServedCall, "model" | "stream" | "fault"> = { model: "", stream: false, fault: "none" };
  let answer: WrittenAnswer | undefined;
  return {
    asked(model, stream) {
      head = { ...head, model, stream };
    },
    faulted(fault) {
      head = { ...head, fault };
    },
    answered(written) {
      answer = written;
    },
    sent({ carried }, bytes) {
      const first = sent.timeToFirstTokenMs ?? (isToken(carried) ? now() - at : undefined);
      // A long stream has thousands of pieces: its text is joined once, at the end.
      if (carried.text !== undefined) texts.push(carried.text);
      sent = { ...addUp(sent, carried), bytesSent: sent.bytesSent + bytes, timeToFirstTokenMs: first };
    },
    close(end, status) {
      log.add({
        wire,
        requestId,
        at,
        end,
        status,
        ...head,
        id: answer?.id,
        systemFingerprint: answer?.fingerprint ?? null,
        label: answer?.label,
        latencyMs: answer?.latencyMs,
        ...sent,
        text: texts.join(""),
        totalMs: now() - at,
      });
    },
  };
}
