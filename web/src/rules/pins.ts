/** Which PINs anybody would try first. */

/** All digits alike, a run up or down, or three digits twice. */
export function isWeak(pin: string): boolean {
  const steps = [...pin].slice(1).map((digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10)
  const even = steps.every((step) => step === steps[0]) && [0, 1, 9].includes(steps[0] ?? 0)
  return even || pin.slice(0, 3) === pin.slice(3)
}
