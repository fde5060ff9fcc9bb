/** The provider calls of one `record`: one execution, or one for each call that can be seen. */
import type { ExecutionId, ExecutionStatus, WriteReceipt } from "@colophon/kernel";
import type { Answer } from "./answer.ts";
import { abortWhenDropped } from "./dropped.ts";
import type { Run } from "./run.ts";

/** What can be told how a call went; only the first end counts. */
export interface Ending {
  sawHost(host: string | null): void;
  sawFirstToken(): void;
  end(status: ExecutionStatus, answer: Answer): WriteReceipt;
  fail(error: unknown, answer?: Answer): WriteReceipt;
  abort(answer?: Answer): WriteReceipt;
}

/** Where a provider call stands among those of its record. */
export interface StepPlace {
  /** 1, 2, 3, … */
  readonly step: number;
  /** 1 for the first try of this step. */
  readonly attempt: number;
  /** The execution of the first step; null for itself. */
  readonly parent: ExecutionId | null;
}

/** Begins an execution at a place of its record. */
export type BeginStep = (place: StepPlace) => Run;

/**
 * A record as a whole. How its result went is how its execution went, unless provider calls were
 * seen: then those have the rows, and the result has none of its own.
 */
export class Recording implements Ending {
  readonly #first: Run;
  readonly #begin: BeginStep;
  #last: Run | undefined;
  #step = 0;
  #attempt = 1;
  #expected = false;
  /** Sources of provider calls that the application still holds. */
  #sources = 0;
  #endsWithSources = false;
  #runsOnce = false;

  constructor(first: Run, begin: BeginStep) {
    this.#first = first;
    this.#begin = begin;
  }

  /** The record's own execution, which its first provider call takes over. */
  get run(): Run {
    return this.#first;
  }

  /** True once a provider call was seen. */
  get stepped(): boolean {
    return this.#last !== undefined;
  }

  /** True where it was seen to run tools, or may run them unseen: whoever repeated it would run them twice. */
  get runsOnce(): boolean {
    return this.#runsOnce;
  }

  mustRunOnce(): void {
    this.#runsOnce = true;
  }

  /** True where provider calls will be seen, though none may have begun yet. */
  get expected(): boolean {
    return this.#expected;
  }

  /** Says that provider calls of this record come into sight by themselves, as long as their source is there. */
  expectSteps(source: object): void {
    this.#expected = true;
    this.#sources += 1;
    const abort = (): void => {
      this.#sources -= 1;
      if (this.#endsWithSources) this.#endWithoutSource();
    };
    abortWhenDropped(source, { abort });
  }

  /** For a result that says nothing of the calls, and that nobody can be seen to drop. */
  endWithSteps(): void {
    this.#endsWithSources = true;
    this.#endWithoutSource();
  }

  #endWithoutSource(): void {
    if (this.#sources === 0) this.abort();
  }

  /** Begins the execution of the next provider call; after a failed one it is that step's next attempt. */
  step(): Run {
    if (this.#last?.failed) this.#attempt += 1;
    else {
      this.#step += 1;
      this.#attempt = 1;
    }
    // One that has ended without a call, as when its time was over, has its row already.
    if (this.#last === undefined && !this.#first.ended) {
      this.#last = this.#first;
      this.#first.isStep(1);
    } else {
      this.#last = this.#begin({
        step: this.#step,
        attempt: this.#attempt,
        parent: this.#first.id,
      });
    }
    return this.#last;
  }

  /** Ends what is running with an error, as when its time is over. */
  cut(error: unknown): void {
    (this.#last ?? this.#first).fail(error);
  }

  sawHost(host: string | null): void {
    if (!this.stepped) this.#first.sawHost(host);
  }

  sawFirstToken(): void {
    if (!this.stepped) this.#first.sawFirstToken();
  }

  end(status: ExecutionStatus, answer: Answer): WriteReceipt {
    return this.stepped ? "stored" : this.#first.end(status, answer);
  }

  fail(error: unknown, answer?: Answer): WriteReceipt {
    return this.stepped ? "stored" : this.#first.fail(error, answer);
  }

  abort(answer?: Answer): WriteReceipt {
    return this.stepped ? "stored" : this.#first.abort(answer);
  }
}
