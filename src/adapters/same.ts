// Holds what is stored and sent to the types of the use cases, at compile time.

/** `true` only when the two are one type, optional fields included. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
