/** Those who wait until something has become so, within a time. */

export class Waiting {
  readonly #looks = new Set<() => void>();

  /** Something happened: everybody looks again. */
  tell(): void {
    for (const look of [...this.#looks]) look();
  }

  /** Resolves when it is so, which is looked at now and whenever somebody tells, or when the time is over. */
  async until(isSo: () => boolean, timeoutMs: number): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
        resolve();
      };
      const look = (): void => {
        if (isSo()) finish();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#looks.add(look);
    });
  }
}
