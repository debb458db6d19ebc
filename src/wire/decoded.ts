// What every decoder returns: a value, or the reason why the bytes are not one. Decoders never throw.

/** Result of decoding bytes. `reason` is a short fixed word of the decoder's own closed set. */
export type Decoded<Value, Reason extends string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason };
