export function encode(value: unknown, options?: object): Uint8Array<ArrayBuffer>;
export function decode(bytes: Uint8Array<ArrayBuffer>, options?: object): unknown;
