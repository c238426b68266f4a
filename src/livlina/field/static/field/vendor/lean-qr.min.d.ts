/** The part of lean-qr that the app uses. */
export function generate(data: string, options?: Record<string, number>): { size: number; get(x: number, y: number): boolean };
export const correction: { L: number; M: number; Q: number; H: number };
