/** Keeps the process alive for work that somebody waits for: nothing else here does. */

export async function holdProcess<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 2 ** 30);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
