// How a port says that the world refused something: a value, never an exception.

/** `code` is an errno name (`ENETDOWN`, `EPERM`) where there is one; `message` is one clear line without a full stop. */
export type PortResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

export const done: PortResult = { ok: true };
