/** The few functions of jstat that are used here; the library ships no types. */
declare module "jstat" {
  interface Continuous {
    cdf(x: number, ...parameters: readonly number[]): number;
    inv(p: number, ...parameters: readonly number[]): number;
  }
  const library: {
    readonly jStat: {
      readonly normal: Continuous;
      readonly studentt: Continuous;
      readonly beta: Continuous;
      readonly chisquare: Continuous;
    };
  };
  export = library;
}
